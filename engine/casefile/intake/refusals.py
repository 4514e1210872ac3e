"""Refused lines as a file that a clerk mends and imports again."""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal

from engine.casefile.case.exports import harmless
from engine.casefile.intake.cells import COLUMNS, Cell, Cells, Line, Refusal

#: Stand before the file's own columns and are passed over when it is imported again.
ADDED_COLUMNS = ("拒收原因", "原行号")

_NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")
#: Excel writes these in powers of ten, or without the zero, unless they are text.
_CODE = re.compile(r"0[0-9]+|[0-9]{12,}")
_KEPT_DIGITS = 15  #: by Excel, of a number


def as_csv(refusals: Iterable[Refusal], cells: Cells) -> bytes:
    """The refused lines with all their cells and, in front, what to mend. UTF-8 with BOM, formula-safe."""
    reasons: dict[int, list[str]] = {}
    for refusal in refusals:
        reasons.setdefault(refusal.line, []).append(str(refusal))
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(ADDED_COLUMNS + COLUMNS)
    for line in cells.lines:
        if line.number in reasons:
            writer.writerow([_safe("\n".join(reasons[line.number])), line.number, *_written(line)])
    return made.getvalue().encode("utf-8-sig")


def _written(line: Line) -> list[str]:
    cells = [_lost(line.cells[name]) for name in COLUMNS]
    return [_safe(text) for text in (*cells, *line.extra)]


def _lost(cell: Cell) -> str:
    """The cell's text; a number that has lost digits shows it, or it would pass for whole next time."""
    if cell.kind == "number" and cell.text.isdecimal() and len(cell.text) > _KEPT_DIGITS:
        return f"{Decimal(cell.text):.{_KEPT_DIGITS - 1}E}"
    return cell.text


def _safe(text: str) -> str:
    """Text that no spreadsheet runs or shortens; intake files are read so that it is the same as before."""
    if _NUMBER.fullmatch(text):
        # A blank at the end makes it text without showing, and is dropped when it is read again.
        return f"{text}\t" if _CODE.fullmatch(text) else text
    return harmless(text)
