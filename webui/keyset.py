"""Where a page of a list begins, as one word in its address: the sort values of the last row shown."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

Reader = Callable[[str], Any]

_SEPARATOR = "~"
#: How each kind of value is read back.
DAY: Reader = date.fromisoformat
MOMENT: Reader = datetime.fromisoformat
NUMBER: Reader = int
AMOUNT: Reader = Decimal
ID: Reader = UUID


def pack(position: tuple[Any, ...]) -> str:
    return _SEPARATOR.join(
        value.isoformat() if isinstance(value, date) else str(value) for value in position
    )


def unpack(text: str, *readers: Reader) -> tuple[Any, ...] | None:
    """The position, None for the first page; an address that was tampered with begins there too."""
    parts = text.split(_SEPARATOR)
    if len(parts) != len(readers):
        return None
    try:
        return tuple(reader(part) for reader, part in zip(readers, parts, strict=True))
    except (ValueError, InvalidOperation):
        return None
