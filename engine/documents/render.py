"""Pages as pictures, for old browsers and for the list of what is signed: the seal is drawn too."""

import io

import pypdfium2

from engine.errors import EngineError

_LARGEST = 4000  #: pixels on a side


class PageMissing(EngineError):
    """没有这一页，或文件无法打开"""

    code = "page_missing"


def page_count(pdf: bytes) -> int:
    try:
        with pypdfium2.PdfDocument(pdf) as opened:
            return len(opened)
    except pypdfium2.PdfiumError as error:
        raise PageMissing from error


def png(pdf: bytes, page: int, *, dpi: int = 110) -> bytes:
    """Page ``page`` (from 1) as PNG. Raises PageMissing, also for a damaged file."""
    try:
        with pypdfium2.PdfDocument(pdf) as opened:
            if not 1 <= page <= len(opened):
                raise PageMissing
            # Without the form environment the signature fields, and so the seal, are not drawn.
            opened.init_forms()
            shown = opened[page - 1]
            scale = min(dpi / 72, _LARGEST / max(shown.get_size()))
            picture = shown.render(scale=scale, may_draw_forms=True).to_pil()
            out = io.BytesIO()
            picture.save(out, "PNG")
            return out.getvalue()
    except pypdfium2.PdfiumError as error:
        raise PageMissing from error
