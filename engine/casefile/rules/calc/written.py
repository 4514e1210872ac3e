"""How results are written in an answer line: days, moments, yuan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.casefile.rules import money

Case = Mapping[str, Any]
Result = dict[str, Any]


def day(value: date | None) -> str | None:
    """A day, or a moment to the minute."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return None if value is None else value.isoformat()


def yuan(amount: Decimal) -> str:
    """Exactly two decimals."""
    return str(money.total([amount]))
