"""Where and when something happened, as a phone tells it: a remark of the device, never a proof by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Column, Integer, Numeric, RowMapping

from engine import clock

#: What waits on a phone longer than this came from somewhere else.
_LONGEST_WAIT = timedelta(days=30)
#: Degrees with six decimals are a tenth of a metre.
_STEP = Decimal("0.000001")
#: Metres; a phone that knows no better than this says nothing of the place.
_COARSEST = 100_000
#: From here on the delay is worth a word.
_AT_ONCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Position:
    """Degrees of WGS 84, which maps in China shift (GCJ-02); metres within which it is likely to be."""

    latitude: Decimal
    longitude: Decimal
    accuracy: int | None

    def __str__(self) -> str:
        north = f"{'北' if self.latitude >= 0 else '南'}纬{abs(self.latitude)}°"
        east = f"{'东' if self.longitude >= 0 else '西'}经{abs(self.longitude)}°"
        near = f"，误差约{self.accuracy}米" if self.accuracy is not None else ""
        return f"{north}，{east}{near}"


def columns() -> list[Column[Any]]:
    """For the table of what happened there; all empty when the phone said nothing."""
    return [
        Column("latitude", Numeric(8, 6)),
        Column("longitude", Numeric(9, 6)),
        Column("accuracy", Integer),
    ]


def values(position: Position | None) -> dict[str, Any]:
    """The position as values of these columns."""
    names = ("latitude", "longitude", "accuracy")
    return {name: getattr(position, name) if position else None for name in names}


def of_row(row: RowMapping) -> Position | None:
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return Position(row["latitude"], row["longitude"], row["accuracy"])


def position(sent: Mapping[str, str]) -> Position | None:
    """What the browser sent as latitude, longitude, accuracy; None if it is none, since it is only a remark."""
    latitude, longitude = _degrees(sent, "latitude", 90), _degrees(sent, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    near = _number(sent.get("accuracy", ""))
    known = near is not None and 0 <= near <= _COARSEST
    return Position(latitude, longitude, round(near) if near is not None and known else None)


def _degrees(sent: Mapping[str, str], name: str, most: int) -> Decimal | None:
    found = _number(sent.get(name, ""))
    return found.quantize(_STEP) if found is not None and abs(found) <= most else None


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def happened_at(sent: Mapping[str, str]) -> datetime:
    """Now, less the ``seconds_ago`` that the act waited on the phone: so a phone's wrong clock does no harm."""
    ago = _number(sent.get("seconds_ago", "")) or Decimal(0)
    longest = Decimal(_LONGEST_WAIT.total_seconds())
    return clock.now() - timedelta(seconds=float(min(max(ago, Decimal(0)), longest)))


def was_late(happened: datetime, received: datetime) -> bool:
    """Whether it waited on the phone, for want of a network."""
    return received - happened > _AT_ONCE
