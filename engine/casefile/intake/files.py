"""Reads an intake file into cells: CSV in UTF-8 or GB18030, with or without BOM, or XLSX.

Line numbers are the file's own, also where a quoted cell holds line breaks: what a person sees in
an editor or a spreadsheet is what a refusal names.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from engine.casefile.intake import spreadsheets
from engine.casefile.intake.cells import COLUMNS, Cell, Cells, FileRefused, Line
from engine.casefile.intake.refusals import ADDED_COLUMNS

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
#: A row longer than this has a quotation mark that nobody closed; it must not swallow the file.
_MAX_LINES_OF_A_ROW = 100

_HEADER_BYTES = 4096

_XLSX = b"PK\x03\x04"
_XLS = b"\xd0\xcf\x11\xe0"
_UTF_8_BOM = b"\xef\xbb\xbf"
_GB18030_BOM = b"\x84\x31\x95\x33"
_UTF_16_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class _Row:
    number: int
    cells: list[Cell]
    fault: str = ""


def read(data: bytes, columns: tuple[str, ...] = COLUMNS) -> Cells:
    """The lines of the file without its header and blank lines; ``FileRefused`` if it has other columns."""
    if len(data) > MAX_BYTES:
        raise FileRefused(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请分成几个文件导入")
    if not data.strip():
        raise FileRefused("文件是空的")
    if data.startswith(_XLS):
        raise FileRefused("这是旧版（.xls）或者加了密码的 Excel 文件，请另存为不加密码的 .xlsx")
    if data.startswith(_UTF_16_BOMS):
        raise FileRefused("文件编码是 UTF-16，请另存为「CSV UTF-8（逗号分隔）」后再导入")
    if data.startswith(_XLSX):
        return _table(_xlsx_rows(data, columns), columns)
    return _table(_csv_rows(_decoded(data, columns)), columns)


# ---------------------------------------------------------------- formats


def _decoded(data: bytes, columns: tuple[str, ...]) -> str:
    """Undecodable bytes become U+FFFD, so that only their own cells are refused."""
    encoding = "gb18030"
    if data.startswith(_UTF_8_BOM) or (
        _is_utf_8(data, columns) and not data.startswith(_GB18030_BOM)
    ):
        encoding = "utf-8"
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")


def _is_utf_8(data: bytes, columns: tuple[str, ...]) -> bool:
    """Also of a file with a damaged byte, if its header can be read so."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return columns[0].encode() in data[:_HEADER_BYTES]
    return True


def _csv_rows(text: str) -> Iterator[_Row]:
    lines = list(io.StringIO(text, newline=""))
    start = 0
    while start < len(lines):
        following = range(start, min(start + _MAX_LINES_OF_A_ROW, len(lines)))
        reader = csv.reader((lines[i] for i in following), strict=True)
        try:
            cells = [Cell(value) for value in next(reader)]
        except csv.Error:
            fault = "无法分成各列，请检查这一行的双引号是否成对"
            yield _Row(start + 1, [Cell(lines[start].rstrip("\r\n"))], fault)
            start += 1
        else:
            yield _Row(start + 1, cells)
            start += reader.line_num


def _xlsx_rows(data: bytes, columns: tuple[str, ...]) -> Iterator[_Row]:
    for number, cells in spreadsheets.rows(data, most=MAX_ROWS + 2, columns=columns):
        yield _Row(number, cells)


# ---------------------------------------------------------------- columns


def _table(rows: Iterator[_Row], wanted: tuple[str, ...]) -> Cells:
    header = next(rows, None)
    columns = _columns(header, wanted) if header else []
    lines: list[Line] = []
    for row in rows:
        if not any(cell.text.strip() for cell in row.cells):
            continue
        if len(lines) == MAX_ROWS:
            raise FileRefused(f"文件超过 {MAX_ROWS} 行，请分成几个文件导入")
        lines.append(_line(row, columns, wanted))
    return Cells(tuple(lines))


def _columns(header: _Row, wanted: tuple[str, ...]) -> list[str]:
    """The names in the header, in its order; empty where a cell is blank."""
    names = ["".join(cell.text.split()) for cell in header.cells]
    if header.number != 1 or header.fault or not set(wanted) & set(names):
        raise FileRefused(
            f"第1行须为列名（{'、'.join(wanted[:3])}……），列与列之间用半角逗号分隔，"
            "文字编码为 UTF-8 或 GB18030"
        )
    counts = Counter(names)
    faults = [
        _named("缺少列", [name for name in wanted if not counts[name]]),
        _named("多出列", [n for n in counts if n and n not in wanted + ADDED_COLUMNS]),
        _named("重复了列", [name for name, times in counts.items() if name and times > 1]),
    ]
    if any(faults):
        raise FileRefused(f"{'；'.join(filter(None, faults))}。请按导入样表修改第1行的列名")
    return names


def _named(what: str, names: list[str]) -> str:
    return what + "".join(f"「{name[:20]}」" for name in names) if names else ""


def _line(row: _Row, columns: list[str], wanted: tuple[str, ...]) -> Line:
    if row.fault:
        return Line(row.number, _named_cells({}, wanted), (row.cells[0].text,), row.fault)
    named = dict(zip(columns, row.cells, strict=False))
    # Beyond the header even a blank cell counts: an amount with commas moves all that follows.
    beyond = [cell.text for cell in row.cells[len(columns) :]]
    unnamed = [cell.text for name, cell in zip(columns, row.cells, strict=False) if not name]
    extra = (*filter(str.strip, unnamed), *beyond)
    fault = ""
    if extra:
        fault = f"比列名多出 {len(extra)} 格，含逗号的内容（例如金额）须用双引号括起来"
    return Line(row.number, _named_cells(named, wanted), extra, fault)


def _named_cells(found: dict[str, Cell], wanted: tuple[str, ...]) -> dict[str, Cell]:
    """A line may end early; what it leaves out is blank."""
    return {name: found.get(name, Cell()) for name in wanted}
