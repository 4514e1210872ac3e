"""A document on pages: PDF/A-2a through the one layout ``court.typ``, and an HTML preview.

Same document, same time of issue, same fonts: same bytes. What was set is read back from the PDF and
compared with the document, because a PDF can be well-formed and blank.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Literal, TypedDict

import pypdfium2
import typst

from engine.documents import fonts, outlines
from engine.documents.document import Block, Document, Run, table_heads, texts
from engine.errors import EngineError

_FOLDER = Path(__file__).parent
_COURT = _FOLDER / "court.typ"

_PITCH, _TIGHT_PITCH = (
    28.99,
    28.0,
)  #: points from line to line: 22 lines in 225 mm, or a little more
_MOST_LINES = 8  #: that may be moved to the page of the signatures
_LEAST_LINES = 3  #: of the text above the signatures on their page
_GLYPH = re.compile(r'the text `?"(.+?)"`? could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
#: pdfium reports a hyphen at the end of a line as one of these.
_HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-", "\u00ad": "-"})


class GlyphMissing(EngineError):
    """字体中没有这个字，请联系管理员加装字库"""

    code = "glyph_missing"


class LayoutFailed(EngineError):
    """文书排版失败，请联系管理员"""

    code = "layout_failed"


class TextLost(EngineError):
    """生成的文书与内容不一致，已停止生成，请联系管理员"""

    code = "text_lost"


class Anchor(TypedDict):
    """A place that signing needs, in points from the top left corner of the page."""

    kind: Literal["date", "signature", "clerk"]
    text: str  #: the date as printed, or the name
    page: int  #: from 1
    x: float  #: where the text begins
    y: float  #: top of the line
    width: float  #: of the date; for a name, of the free room before it


@dataclass(frozen=True)
class Laid:
    pdf: bytes
    pages: int
    anchors: list[Anchor]  #: JSON-able, so that it can be stored with the draft


@dataclass(frozen=True)
class _Look:
    watermark: str  #: SVG of a whole page, or empty
    handwritten: bool
    pitch: float = _PITCH
    top: int = 2  #: blank lines above the title
    gap: int = 1  #: blank lines above the signatures
    push: dict[str, int] | None = None


def to_pdf(
    document: Document,
    *,
    issued_at: datetime | None,
    watermark: str | None = None,
    handwritten: bool = False,
    faces: fonts.Fonts | None = None,
) -> Laid:
    """The pages of a document. ``issued_at`` is None for a draft, which has no time of issue yet.

    ``handwritten`` leaves room before each name for the image of a signature. Raises GlyphMissing,
    LayoutFailed, TextLost, FontsMissing.
    """
    if issued_at is not None and issued_at.tzinfo is None:
        raise ValueError(f"naive datetime {issued_at!r}")
    faces = faces or fonts.check()
    look = _Look(outlines.watermark(watermark, faces.bold) if watermark else "", handwritten)
    setting = _Setting(document, issued_at or datetime(1970, 1, 1, tzinfo=UTC), faces)
    pages = _well_broken(setting, look)
    laid = pages.laid()
    _compare(document, pages, laid)
    return laid


@dataclass(frozen=True)
class _Setting:
    document: Document
    issued_at: datetime
    faces: fonts.Fonts

    def compiled(self, look: _Look) -> "_Pages":
        compiler = typst.Compiler(
            str(_COURT),
            root=str(_FOLDER),
            font_paths=self.faces.loaded,
            sys_inputs={
                "document": json.dumps(self.document, ensure_ascii=False),
                "look": json.dumps(self._look(look), ensure_ascii=False),
            },
        )
        try:
            pdf, warnings = compiler.compile_with_warnings(
                format="pdf", pdf_standards=["a-2a"], timestamp=int(self.issued_at.timestamp())
            )
        except typst.TypstError as error:
            raise _readable(error, self.document) from error
        if warnings:
            # "unknown font family" is only a warning, and the page is blank.
            raise LayoutFailed("；".join(str(warning.message) for warning in warnings))
        return _Pages(pdf, compiler)

    def _look(self, look: _Look) -> dict[str, Any]:
        return {
            "faces": self.faces.faces,
            "safe": fonts.safe_characters() if self.faces.uses_fandol else "x",
            "light": self.faces.has_fangsong,
            "watermark": look.watermark,
            "handwritten": look.handwritten,
            "pitch": look.pitch,
            "top": look.top,
            "gap": look.gap,
            "push": look.push,
        }


class _Pages:
    def __init__(self, pdf: Any, compiler: Any) -> None:
        self.pdf: bytes = pdf
        self._compiler = compiler

    def marks(self, label: str) -> list[Any]:
        return [one["value"] for one in json.loads(self._compiler.query(f"<{label}>"))]

    def signed_page(self) -> int:
        return next(int(one["page"]) for one in self.marks("anchor") if one["kind"] == "date")

    def lines_above_signatures(self) -> int:
        page = self.signed_page()
        return len({round(one["y"]) for one in self.marks("line") if one["page"] == page})

    def laid(self) -> Laid:
        anchors: list[Any] = self.marks("anchor")
        with pypdfium2.PdfDocument(self.pdf) as pdf:
            return Laid(self.pdf, len(pdf), anchors)


def _well_broken(setting: _Setting, look: _Look) -> _Pages:
    """落款与正文同处一面: at least three lines of text, or table rows, above the signatures.

    First by closer lines that bring all to one page less, then by moving the last lines over.
    """
    pages = setting.compiled(look)
    if _well(pages):
        return pages
    page = pages.signed_page()
    for top in (look.top, look.top - 1):
        tight = setting.compiled(replace(look, pitch=_TIGHT_PITCH, gap=0, top=top))
        if tight.signed_page() < page and _well(tight):
            return tight
    first = next((one["index"] for one in pages.marks("block") if one["page"] == page - 1), None)
    tried = [pages]
    for lines in range(_LEAST_LINES - pages.lines_above_signatures(), _MOST_LINES):
        if first is None:
            break
        tried.append(setting.compiled(replace(look, push={"before": first, "lines": lines})))
        if _well(tried[-1]):
            break
    return max(tried, key=_Pages.lines_above_signatures)


def _well(pages: _Pages) -> bool:
    return pages.signed_page() == 1 or pages.lines_above_signatures() >= _LEAST_LINES


def _readable(error: Exception, document: Document) -> EngineError:
    found = _GLYPH.search(str(error))
    if not found:
        return LayoutFailed(str(getattr(error, "message", error)))
    missing = _ESCAPED.sub(lambda one: chr(int(one[1], 16)), found[1])
    for text in texts(document):
        at = text.find(missing)
        if at >= 0:
            around = text[max(0, at - 8) : at + len(missing) + 8]
            return GlyphMissing(f"「{around}」中的U+{ord(missing[0]):04X}")
    return GlyphMissing(f"U+{ord(missing[0]):04X}")


# ---------------------------------------------------------------- what is really on the pages


def _compare(document: Document, pages: _Pages, laid: Laid) -> None:
    """Every character of the document is on the pages as often as it should be, and nothing else is."""
    with pypdfium2.PdfDocument(laid.pdf) as pdf:
        printed = "".join(_page_text(pdf, index) for index in range(laid.pages))
    if document["number"] and document["number"] not in printed:
        raise TextLost("案号")
    wanted = list(texts(document))
    if laid.pages > 1:
        wanted += [f"—{number + 1}—" for number in range(laid.pages)]
    # A table that goes over to the next page has its head on both.
    wanted += pages.marks("head")
    difference = _characters(wanted)
    difference.subtract(_characters(table_heads(document)))
    difference.subtract(_characters([printed]))
    wrong = sorted(sign for sign, count in difference.items() if count)
    if wrong:
        raise TextLost("、".join(f"「{sign}」U+{ord(sign):04X}" for sign in wrong[:5]))


def _characters(pieces: Iterable[str]) -> Counter[str]:
    return Counter("".join("".join(pieces).translate(_HYPHENS).split()))


def _page_text(pdf: Any, index: int) -> str:
    page = pdf[index]
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range())
    finally:
        text_page.close()
        page.close()


# ---------------------------------------------------------------- preview


def to_html(document: Document) -> str:
    """The document as an HTML fragment, every text escaped; classes begin with ``court-document``."""
    return "".join(_html(document))


def _html(document: Document) -> Iterator[str]:
    yield '<article class="court-document" lang="zh-CN">'
    yield f"<h1>{escape(document['court'])}<br>{escape(document['title'])}</h1>"
    if document["number"]:
        yield f'<p class="court-document-number">{escape(document["number"])}</p>'
    yield from map(_html_block, document["body"])
    for person in document["signatures"]:
        yield _html_person(person["role"], person["name"])
    yield f'<p class="court-document-date">{escape(document["date"])}</p>'
    for person in document["clerks"]:
        yield _html_person(person["role"], person["name"])
    for annex in document["annexes"]:
        yield f'<section class="court-document-annex"><h2>{escape(annex["title"])}</h2>'
        yield from map(_html_block, annex["body"])
        yield "</section>"
    yield "</article>"


def _html_person(role: str, name: str) -> str:
    return (
        f'<p class="court-document-person"><span>{escape(role)}</span>'
        f" <span>{escape(name)}</span></p>"
    )


def _html_block(block: Block) -> str:
    if block["type"] == "heading":
        return f"<h2>{escape(block['text'])}</h2>"
    if block["type"] == "paragraph":
        kind = "" if block["indent"] else ' class="court-document-addressee"'
        return f"<p{kind}>{''.join(map(_html_run, block['runs']))}</p>"
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block["head"])
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in block["rows"]
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _html_run(run: Run) -> str:
    text = escape(run["text"])
    tag = {"bold": "strong", "kai": "em"}.get(run.get("style", ""))
    return f"<{tag}>{text}</{tag}>" if tag else text
