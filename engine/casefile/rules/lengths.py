"""The length of a limit: a count and a unit, and the day it leads to."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from .faults import BadLength, DayOutOfReach

Unit = Literal["d", "wd", "months", "y", "h"]

_WRITTEN = re.compile(r"(-?)([1-9][0-9]{0,5}) (d|wd|months?|y|h)")


@dataclass(frozen=True, slots=True)
class Length:
    count: int
    unit: Unit

    def times(self, factor: int) -> "Length":
        return Length(self.count * factor, self.unit)


def parse(written: object, *, signed: bool = False) -> Length:
    """Of ``10 d``, ``5 wd``, ``6 months``, ``1 y`` or ``24 h``; a count below 1 only where ``signed``."""
    match = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if match is None or (match[1] and not signed):
        raise BadLength
    unit = "months" if match[3] == "month" else match[3]
    return Length(int(match[1] + match[2]), cast("Unit", unit))


def after(start: date, length: Length) -> date:
    """The last day of ``length``; the starting day does not count (民事诉讼法§85, 民法典§201–202).

    Months and years end on the corresponding day, else on the last day of that month.
    """
    try:
        if length.unit == "d":
            return start + timedelta(days=length.count)
        months = length.count * (12 if length.unit == "y" else 1)
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError) as error:
        raise DayOutOfReach from error
