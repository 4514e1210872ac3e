"""Uploaded material: what kind of file it is, how many pages it has, and its pages as PDF for the viewer."""

import io
import warnings
from dataclasses import dataclass
from functools import lru_cache

import pikepdf
from PIL import Image, ImageOps

from engine.errors import EngineError

LARGEST = 64 << 20  #: bytes
MOST_PAGES = 2000
_DPI = 150
_KEPT = 16  #: pictures kept as PDF in this process

_PDF, _JPEG, _PNG = "application/pdf", "image/jpeg", "image/png"


class UploadRefused(EngineError):
    """文件不能上传"""

    code = "upload_refused"


@dataclass(frozen=True)
class Upload:
    media_type: str
    pages: int


def examine(content: bytes) -> Upload:
    """PDF, JPG or PNG by what is in it, never by its name; else ``UploadRefused`` with what to do."""
    if not content:
        raise UploadRefused("请选择文件")
    if len(content) > LARGEST:
        raise UploadRefused("单个文件不能超过64 MB，请压缩或者分开上传")
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return Upload(_PDF, _pages_of_pdf(content))
    if content.startswith(b"\xff\xd8\xff"):
        return Upload(_JPEG, _must_be_picture(content))
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Upload(_PNG, _must_be_picture(content))
    raise UploadRefused("只能上传PDF、JPG和PNG，请转换格式后再上传")


def _pages_of_pdf(content: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise UploadRefused("PDF设有密码，请解除后再上传") from None
    except pikepdf.PdfError:
        raise UploadRefused("PDF打不开，可能已损坏，请重新扫描或者导出") from None
    if not 1 <= pages <= MOST_PAGES:
        raise UploadRefused(f"PDF须有1至{MOST_PAGES}页，请分开上传")
    return pages


def _must_be_picture(content: bytes) -> int:
    with _opened(content):
        return 1


def as_pdf(content: bytes, media_type: str) -> bytes:
    """The pages to look at; a PDF is what it was, a picture stands on a page of its own size."""
    return content if media_type == _PDF else _picture_on_page(content)


@lru_cache(maxsize=_KEPT)
def _picture_on_page(content: bytes) -> bytes:
    with _opened(content) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        out = io.BytesIO()
        upright.save(out, "PDF", resolution=_DPI, quality=85)
        return out.getvalue()


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # A picture of more pixels than Pillow finds safe is refused, not only warned of.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
            picture.load()
            return picture
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError):
        raise UploadRefused("图片打不开或者过大，请重新扫描后上传") from None
