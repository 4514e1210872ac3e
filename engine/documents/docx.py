"""A document as DOCX, for courts that must hand in an editable copy. What is signed is the PDF."""

import io
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from engine.documents.document import Block, Document, Person, Run, Table

_BODY, _TITLE, _HEADING, _KAI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
_SIZE, _TITLE_SIZE, _TABLE_SIZE = 16, 22, 12
_PITCH = 28.99  #: points from line to line
_CENTRE, _RIGHT, _BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


def to_docx(document: Document) -> bytes:
    """The file, in the fonts that a court's PC has. Date and author of the file are left empty."""
    file = docx.Document()
    _page(file)
    for text in (document["court"], document["title"]):
        _line(file, text, _CENTRE, font=_TITLE, size=_TITLE_SIZE, bold=True)
    if document["number"]:
        _line(file, document["number"], _RIGHT, right=2)
    _blocks(file, document["body"])
    _line(file, "", _BOTH)
    for person in document["signatures"]:
        _person(file, person)
    _line(file, document["date"], _RIGHT, right=2)
    for person in document["clerks"]:
        _person(file, person)
    for annex in document["annexes"]:
        file.add_page_break()
        _line(file, annex["title"], _CENTRE, font=_TITLE, size=18, bold=True)
        _blocks(file, annex["body"])
    file.core_properties.author = document["court"]
    file.core_properties.title = document["title"]
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _page(file: Any) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    # A grid of characters too would be spread over the line by some programs.
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(_PITCH * 20)))


def _blocks(file: Any, blocks: list[Block]) -> None:
    for block in blocks:
        if block["type"] == "table":
            _table(file, block)
        elif block["type"] == "heading":
            _runs(_paragraph(file, _BOTH, indent=2), [{"text": block["text"]}], _HEADING)
        else:
            _runs(_paragraph(file, _BOTH, indent=2 if block["indent"] else 0), block["runs"], _BODY)


def _table(file: Any, block: Table) -> None:
    table = file.add_table(rows=0, cols=len(block["head"]))
    table.style = "Table Grid"
    for index, row in enumerate((block["head"], *block["rows"])):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            run = cell.paragraphs[0].add_run(text)
            _font(run, _BODY if index else _HEADING, _TABLE_SIZE, bold=not index)


def _person(file: Any, person: Person) -> None:
    _line(file, f"{'　'.join(person['role'])}　　　{person['name']}", _RIGHT, right=2)


def _line(
    file: Any,
    text: str,
    align: Any,
    *,
    font: str = _BODY,
    size: int = _SIZE,
    bold: bool = False,
    right: int = 0,
) -> None:
    paragraph = _paragraph(file, align, right=right, size=size)
    _font(paragraph.add_run(text), font, size, bold=bold)


def _paragraph(file: Any, align: Any, *, indent: int = 0, right: int = 0, size: int = _SIZE) -> Any:
    paragraph = file.add_paragraph()
    layout = paragraph.paragraph_format
    layout.alignment = align
    layout.line_spacing = Pt(_PITCH if size == _SIZE else size * 1.6)
    layout.space_before = layout.space_after = Pt(0)
    layout.first_line_indent = _characters(indent)
    layout.right_indent = _characters(right)
    return paragraph


def _characters(count: int) -> Length | None:
    return Pt(_SIZE * count) if count else None


def _runs(paragraph: Any, runs: list[Run], font: str) -> None:
    for run in runs:
        style = run.get("style")
        face = _KAI if style == "kai" else font
        _font(paragraph.add_run(run["text"]), face, _SIZE, bold=style == "bold" or font == _HEADING)


def _font(run: Any, east: str, size: int, *, bold: bool) -> None:
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east)
