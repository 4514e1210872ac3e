"""Sending a stored or laid-out file: inline, in pieces if the viewer asks so, never guessed at."""

import io
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate

from flask import send_file
from werkzeug.wrappers import Response

from engine.casefile.document import previews
from engine.errors import EngineError

PREVIEW_SECONDS = 10
#: Laying out is native code that cannot be interrupted; a slow one keeps a thread, not the request.
_laying_out = ThreadPoolExecutor(max_workers=2, thread_name_prefix="preview")


class PreviewTooSlow(EngineError):
    """文书排版超过10秒，没有生成预览，请稍后再试或者联系管理员"""

    code = "preview_too_slow"


def draft_pdf(content: bytes) -> bytes:
    """The pages of a draft, marked 草稿; ``PreviewTooSlow`` after ten seconds."""
    try:
        return _laying_out.submit(previews.draft_pdf, content).result(PREVIEW_SECONDS)
    except TooLate:
        raise PreviewTooSlow from None


def send(
    content: bytes,
    name: str,
    *,
    media_type: str = "application/pdf",
    etag: str | None = None,
    download: bool = False,
) -> Response:
    """With Range and, where the content has a name of its own, ETag."""
    response = send_file(
        io.BytesIO(content),
        mimetype=media_type,
        as_attachment=download,
        download_name=name,
        conditional=True,
        etag=etag or False,
    )
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, no-cache"
    return response
