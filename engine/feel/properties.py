"""``value.name``: entries of a context, parts of a date, ends of a range (DMN 1.3 §10.3.2.6)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.limits import Run
from engine.feel.temporal import microseconds, offset_of
from engine.feel.values import NUMBERS, FarDate, LazyContext, Range, YearsMonths

Property = Callable[[Any], Any]


def _seconds(clock: time | datetime) -> Decimal:
    if not clock.microsecond:
        return Decimal(clock.second)
    return (
        Decimal(clock.second * 1_000_000 + clock.microsecond).scaleb(-6, NUMBERS).normalize(NUMBERS)
    )


def _zone_name(clock: time | datetime) -> str | None:
    return clock.tzinfo.key if isinstance(clock.tzinfo, ZoneInfo) else None


def _part_of_duration(size: int, of: int | None) -> Property:
    """Whole units of ``size`` seconds, less the next larger ones; with the duration's sign."""

    def part(duration: timedelta) -> Decimal:
        total = microseconds(duration)
        count = abs(total) // 1_000_000 // size
        if of is not None:
            count %= of
        return Decimal(count if total >= 0 else -count)

    return part


def _signed(duration: YearsMonths, count: int) -> Decimal:
    return Decimal(count if duration.months >= 0 else -count)


_DATE: dict[str, Property] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.isoweekday()),
}
_TIME: dict[str, Property] = {
    "hour": lambda clock: Decimal(clock.hour),
    "minute": lambda clock: Decimal(clock.minute),
    "second": _seconds,
    "time offset": offset_of,
    "timezone": _zone_name,
}
PROPERTIES: dict[type, dict[str, Property]] = {
    date: _DATE,
    FarDate: {name: _DATE[name] for name in ("year", "month", "day")},
    time: _TIME,
    datetime: _DATE | _TIME,
    YearsMonths: {
        "years": lambda duration: _signed(duration, abs(duration.months) // 12),
        "months": lambda duration: _signed(duration, abs(duration.months) % 12),
    },
    timedelta: {
        "days": _part_of_duration(86400, None),
        "hours": _part_of_duration(3600, 24),
        "minutes": _part_of_duration(60, 60),
        "seconds": _part_of_duration(1, 60),
    },
    Range: {
        "start": lambda interval: interval.low,
        "end": lambda interval: interval.high,
        "start included": lambda interval: interval.low_closed,
        "end included": lambda interval: interval.high_closed,
    },
}
#: Property names that are two words, so that the lexer can know them.
PHRASES = ("time offset", "start included", "end included")


def entry(run: Run, value: Any, name: str, at: int | None) -> Any:
    """The named part of a value; of a list, the parts of its items; null where there is none."""
    kind = type(value)
    if kind is dict or kind is LazyContext:
        return _context_entry(run, value, name, at)
    if kind is list:
        run.step(1 + len(value) // 10)
        return [entry(run, item, name, at) for item in value]
    part = PROPERTIES.get(kind, {}).get(name)
    return part(value) if part else None


def _context_entry(run: Run, context: Mapping[str, Any], name: str, at: int | None) -> Any:
    try:
        return context[name]
    except KeyError:
        run.warn(f"其中没有「{name}」这一项，按空值处理", at)
        return None
