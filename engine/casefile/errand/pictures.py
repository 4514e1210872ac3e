"""Photos: whether a file is one that can be shown, what it says of itself, and a small picture of it.

The file itself is never changed; its name is never looked at. A picture is decoded with limits,
because a file of some kilobytes can unfold to gigabytes.
"""

import io
import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from PIL import ExifTags, Image, ImageOps

from engine.errors import EngineError

LARGEST = 20 << 20  #: bytes; a phone's picture of 50 million points takes 12 to 18 MB
#: Points. A JPEG is read at an eighth of its size, a PNG only whole, which takes four bytes a point.
_MOST_POINTS = {"image/jpeg": 64_000_000, "image/png": 24_000_000}
_SMALL = 640  #: points of the longer side; three of them stand side by side on a phone
_SCREEN = 1920  #: the same when it is shown enlarged
_KEPT = 64  #: small pictures kept in this process

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
#: Brands of the container that phones write HEIC and HEIF in (ISO/IEC 23008-12).
_HEIC = re.compile(rb"....ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL)
_TAKEN = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_BROKEN = (OSError, SyntaxError, ValueError, struct.error)
_TOO_MANY_POINTS = "照片的像素过多，请降低拍照分辨率后重拍"


class PhotoRefused(EngineError):
    """照片不能上传"""

    code = "photo_refused"


@dataclass(frozen=True)
class Picture:
    media_type: str
    width: int
    height: int
    #: When the camera says it was taken, in its own time: 2026-11-24 10:21:07; empty if it says nothing.
    taken_at: str


def examine(content: bytes) -> Picture:
    """JPG or PNG by what is in it; else ``PhotoRefused`` with what to do."""
    if not content:
        raise PhotoRefused("请选择照片")
    if len(content) > LARGEST:
        raise PhotoRefused(f"单张照片不能超过{LARGEST >> 20} MB，请降低拍照分辨率后重拍")
    if _HEIC.match(content):
        raise PhotoRefused(
            "HEIC格式无法显示，请在手机“设置—相机—格式”中选择“兼容性最佳”后重拍，或者转为JPG"
        )
    if content.startswith(_JPEG):
        return _examined(content, "image/jpeg")
    if content.startswith(_PNG):
        return _examined(content, "image/png")
    raise PhotoRefused("只能上传JPG和PNG照片")


def _examined(content: bytes, media_type: str) -> Picture:
    with _opened(content) as picture:
        width, height = picture.size
        if width * height > _MOST_POINTS[media_type]:
            raise PhotoRefused(_TOO_MANY_POINTS)
        taken = _taken_at(picture)
        picture.draft("RGB", (1, 1))
        picture.load()
    return Picture(media_type, width, height, taken)


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """Only the head is read; whatever fails then or later means that the picture is broken."""
    try:
        with warnings.catch_warnings():
            # Its limit is lower than ours and would only warn; we look at the size ourselves.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
                yield picture
    except Image.DecompressionBombError:
        raise PhotoRefused(_TOO_MANY_POINTS) from None
    except _BROKEN:
        raise PhotoRefused("照片打不开，可能没有拍完整，请重拍") from None


def _taken_at(picture: Image.Image) -> str:
    """A remark, never more: a camera's clock may be wrong, and anybody can write it."""
    try:
        found = picture.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    except (*_BROKEN, KeyError, TypeError, AttributeError):
        return ""
    matched = _TAKEN.fullmatch(str(found or "").strip("\0 "))
    return "{}-{}-{} {}".format(*matched.groups()) if matched else ""


@lru_cache(maxsize=_KEPT)
def small(content: bytes) -> bytes:
    """Upright, as JPEG, without what the camera wrote into it."""
    return _scaled(content, _SMALL)


def enlarged(content: bytes) -> bytes:
    """The same, as large as a screen."""
    return _scaled(content, _SCREEN)


def _scaled(content: bytes, side: int) -> bytes:
    with _opened(content) as picture:
        picture.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((side, side))
        out = io.BytesIO()
        upright.convert("RGB").save(out, "JPEG", quality=82)
        return out.getvalue()
