"""Sending a photo: small, as large as a screen, or the file as it came, always of the type that was verified."""

from collections.abc import Callable, Mapping

from flask import abort
from werkzeug.wrappers import Response

from engine import blobs
from engine.casefile.errand import pictures
from engine.casefile.errand.field_photos import Photo
from webui import stored_files

_SMALLER: Mapping[str, Callable[[bytes], bytes]] = {
    "small": pictures.small,
    "screen": pictures.enlarged,
}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def send(photo: Photo, size: str, *, original: bool = False) -> Response:
    """``size``: small, screen, or where ``original`` allows it original, which is only to be saved; else 404."""
    content = blobs.get(photo.court_id, photo.blob)
    if size in _SMALLER:
        name, etag = f"{photo.blob[:16]}.jpg", f"{photo.blob}-{size}"
        return stored_files.send(_SMALLER[size](content), name, media_type="image/jpeg", etag=etag)
    if size != "original" or not original:
        abort(404)
    name = f"{photo.blob[:16]}.{_ENDINGS[photo.media_type]}"
    return stored_files.send(
        content, name, media_type=photo.media_type, etag=photo.blob, download=True
    )
