"""What people type into a field, as a day or an amount; ``Untidy`` is the sentence beside the field."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from engine.casefile.intake import values
from engine.casefile.intake.cells import Cell

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－／", "0123456789.-/")
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})", re.ASCII
)


class Untidy(Exception):
    """A sentence that says how to write it."""


def day(typed: str) -> date | None:
    """2026-11-26, 2026/11/26, 2026年11月26日 and 20261126 are understood; None for nothing."""
    plain = typed.translate(_FULL_WIDTH).strip()
    if not plain:
        return None
    found = _DAY.fullmatch(plain)
    if found is None:
        raise Untidy("日期请写成 2026-11-26 的样式")
    year, month, number = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, number)
    except ValueError:
        raise Untidy("没有这一天，请核对月和日") from None


def yuan(typed: str) -> Decimal | None:
    """More than nothing, at most two decimals, thousands separators understood; None for nothing."""
    if not typed.strip():
        return None
    try:
        return values.amount(Cell(typed))
    except values.Unfit as error:
        raise Untidy(error.reason) from None


def field(typed: Mapping[str, str], name: str) -> str:
    """What stands in a field, without blanks around it; empty where the form has none."""
    return typed.get(name, "").strip()
