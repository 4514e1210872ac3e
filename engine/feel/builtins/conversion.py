"""From one kind of value to another (DMN 1.3 §10.3.4.1), ``not`` and ``is``."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import temporal
from engine.feel.builtins.registry import builtin
from engine.feel.comparison import negation, same
from engine.feel.limits import Run
from engine.feel.text import written, zone_text
from engine.feel.values import NUMBERS, FarDate, YearsMonths, finite, is_whole

_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MAX_OFFSET = timedelta(hours=18)


@builtin("number", "from:any", "from:text, grouping separator:text~, decimal separator:text~")
def number(text: Any, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    if type(text) is Decimal:
        return text
    if (
        type(text) is not str
        or grouping not in (None, " ", ",", ".")
        or point not in (None, ",", ".")
    ):
        return None
    if grouping is not None and grouping == point:
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point:
        text = text.replace(point, ".")
    return finite(NUMBERS.create_decimal(text)) if _NUMBER.fullmatch(text) else None


@builtin("string", "from:any")
def string(value: Any) -> str | None:
    return None if value is None else written(value)


@builtin("date", "from:any", "year:number, month:number, day:number")
def make_date(
    value: Any, month: Decimal | None = None, day: Decimal | None = None
) -> date | FarDate | None:
    if month is not None and day is not None:
        parts = (value, month, day)
        if not all(is_whole(part) for part in parts):
            return None
        return temporal.make_date(*(int(part) for part in parts))
    if type(value) is str:
        return temporal.read_date(value)
    if type(value) is datetime:
        return value.date()
    return value if type(value) in (date, FarDate) else None


@builtin("time", "from:any", "hour:number, minute:number, second:number, offset:duration?~")
def make_time(
    value: Any, minute: Decimal | None = None, second: Decimal | None = None, offset: Any = None
) -> time | None:
    if minute is not None and second is not None:
        return _time_of_parts(value, minute, second, offset)
    if type(value) is str:
        return temporal.read_time(value)
    if type(value) is datetime:
        return value.timetz()
    if type(value) is date:
        return time(tzinfo=temporal.ZULU)
    return value if type(value) is time else None


def _time_of_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: Any) -> time | None:
    if type(offset) is YearsMonths or (offset is not None and abs(offset) > _MAX_OFFSET):
        return None
    micro = int(NUMBERS.multiply(second, Decimal(1_000_000)).to_integral_value(ROUND_DOWN))
    zone = None if offset is None else temporal.fixed_zone(offset)
    return time(int(hour), int(minute), *divmod(micro, 1_000_000), tzinfo=zone)


@builtin("date and time", "from:any", "date:day, time:clock", "date:day, timezone:text")
def make_datetime(value: Any, clock: Any = None) -> datetime | None:
    if clock is None:
        return _datetime_of(value)
    if type(clock) is str:
        return value.astimezone(ZoneInfo(clock)) if type(value) is datetime else None
    day = value.date() if type(value) is datetime else value
    return datetime.combine(day, clock.timetz() if type(clock) is datetime else clock)


def _datetime_of(value: Any) -> datetime | None:
    if type(value) is str:
        return temporal.read_datetime(value)
    if type(value) is date:
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return value if type(value) is datetime else None


@builtin("duration", "from:any")
def make_duration(value: Any) -> timedelta | YearsMonths | None:
    if type(value) is str:
        return temporal.read_duration(value)
    return value if type(value) in (timedelta, YearsMonths) else None


builtin("not", "negand:boolean")(negation)


@builtin("is", "value1:any, value2:any", with_run=True)
def identical(run: Run, first: Any, second: Any) -> bool:
    """Like ``=``, but moments must also be written in the same zone, and kinds never mix."""
    if type(first) is not type(second):
        return False
    if type(first) in (time, datetime):
        plain = first.replace(tzinfo=None) == second.replace(tzinfo=None)
        return plain and zone_text(first) == zone_text(second)
    return same(run, first, second)
