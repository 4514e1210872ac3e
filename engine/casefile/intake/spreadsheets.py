"""The one sheet of an XLSX file as rows of cells, read as a stream by openpyxl.

Its XML is read by openpyxl's own parser, so documents with a DOCTYPE and archives that unpack to
more than a table can hold are refused before it sees them.
"""

import io
import warnings
import zipfile
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

from engine.casefile.intake.cells import COLUMNS, Cell, FileRefused

_MAX_UNPACKED = 100 * 1024 * 1024  #: bytes
_MAX_PARTS = 1000
_MAX_COLUMNS = 100
_LAST_ROW = (
    1_048_576  #: of any sheet; a file that numbers its rows beyond it would be counted to for ever
)
#: Excel keeps 15 digits; what a float shows beyond them nobody has typed.
_DIGITS = 15
_BLANK = Cell()


def rows(
    data: bytes, *, most: int, columns: Collection[str] = COLUMNS
) -> list[tuple[int, list[Cell]]]:
    """Row numbers and cells of the first ``most`` rows that are not blank, of the sheet with such columns.

    ``FileRefused`` if the file cannot be read or holds two tables.
    """
    try:
        _inspect(data)
        with warnings.catch_warnings():
            # About styles and validations that we do not read.
            warnings.simplefilter("ignore")
            # Formulas stay what they are: a value that Excel once computed may be another one today.
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            return list(islice(_filled_rows(_sheet(book, columns)), most))
    except FileRefused:
        raise
    except Exception as error:  # openpyxl names no exceptions for damaged files; any may come
        raise FileRefused(
            "这个 Excel 文件已损坏或者不是 .xlsx 表格，请用 Excel 打开后另存为 .xlsx"
        ) from error


def _inspect(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
            raise FileRefused("Excel 文件展开后过大，请只保留要导入的表格")
        for part in parts:
            # Without its NUL bytes, UTF-16 reads like ASCII.
            if b"<!DOCTYPE" in archive.read(part).replace(b"\0", b""):
                raise FileRefused("Excel 文件含有不允许的内容，请用 Excel 打开后另存为 .xlsx")


def _sheet(book: openpyxl.Workbook, columns: Collection[str]) -> Any:
    """The visible sheet with such a header; without one the first, whose header is then refused."""
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise FileRefused("Excel 文件里没有可见的工作表")
    for sheet in visible:
        # What a file says of its own size may be wrong.
        sheet.reset_dimensions()
    tables = [sheet for sheet in visible if _has_header(sheet, columns)]
    if len(tables) > 1:
        titles = "".join(f"「{sheet.title}」" for sheet in tables)
        raise FileRefused(f"有 {len(tables)} 张工作表{titles}，请每个文件只保留一张")
    return tables[0] if tables else visible[0]


def _has_header(sheet: Any, columns: Collection[str]) -> bool:
    first = next(sheet.iter_rows(max_row=1, values_only=True), ())
    return any(isinstance(value, str) and value.strip() in columns for value in first)


def _filled_rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    numbered = enumerate(islice(sheet.iter_rows(max_col=_MAX_COLUMNS), _LAST_ROW), start=1)
    for number, row in numbered:
        cells = [_cell(cell) for cell in row]
        while cells and cells[-1] is _BLANK:
            cells.pop()
        if cells:
            yield number, cells


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return _BLANK
    if cell.data_type == "f":
        return Cell(str(getattr(value, "text", value) or "="), "formula")
    if cell.data_type == "e":
        return Cell(str(value), "error")
    if isinstance(value, datetime | date):
        return _date_cell(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number_cell(value)
    return Cell(unescape(str(value)))


def _date_cell(value: date) -> Cell:
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return Cell(value.isoformat(), "date")


def _number_cell(value: float) -> Cell:
    if isinstance(value, int):
        return Cell(str(value), "number")
    number = Decimal(f"{value:.{_DIGITS}g}")
    if not number.is_finite():
        return Cell(str(value), "error")
    text = f"{number:f}"
    return Cell(text.rstrip("0").rstrip(".") if "." in text else text, "number")
