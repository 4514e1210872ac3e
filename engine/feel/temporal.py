"""Dates, times and durations: reading ISO 8601 texts and calculating with them (DMN 1.3 §10.3.2.3)."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.feel.values import FarDate, YearsMonths

_DATE = re.compile(r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w/+-]*)?", re.ASCII
)
_DURATION = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?",
    re.ASCII,
)
#: Not ``datetime.UTC``, so that a moment written with Z is not taken for the engine's own clock.
ZULU = timezone(timedelta(0), "Z")
_MICROSECOND = timedelta(microseconds=1)
_MAX_OFFSET_HOURS = 14
Day = TypeVar("Day", date, datetime)


@lru_cache(256)
def zone(text: str) -> timezone | ZoneInfo | None:
    """The zone of ``Z``, ``+08:00`` or ``@Asia/Shanghai``; raises ValueError when there is none."""
    if not text:
        return None
    if text == "Z":
        return ZULU
    if text[0] == "@":
        try:
            return ZoneInfo(text[1:])
        except (ZoneInfoNotFoundError, OSError) as error:
            raise ValueError(text) from error
    hours, minutes, seconds = (*(int(part) for part in text[1:].split(":")), 0)[:3]
    if hours > _MAX_OFFSET_HOURS or minutes > 59 or seconds > 59:  # noqa: PLR2004
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return fixed_zone(-offset if text[0] == "-" else offset)


def fixed_zone(offset: timedelta) -> timezone:
    return timezone(offset) if offset else ZULU


def offset_of(moment: Any) -> timedelta | None:
    """Offset from UTC of a time or a date and time; a zone's winter offset for a bare time."""
    if moment.tzinfo is None:
        return None
    if type(moment) is datetime:
        return moment.utcoffset()
    offset: timedelta | None = moment.tzinfo.utcoffset(datetime(2000, 1, 1))  # noqa: DTZ001
    return offset


# The four readers return None for a text of another shape and raise ValueError or OverflowError
# for one of the right shape that is no date, time or duration.


def read_date(text: str) -> date | FarDate | None:
    found = _DATE.fullmatch(text)
    return make_date(*(int(part) for part in found.groups())) if found else None


def make_date(year: int, month: int, day: int) -> date | FarDate:
    near = MINYEAR <= year <= MAXYEAR
    return date(year, month, day) if near else FarDate(year, month, day)


def read_time(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second = (int(part) for part in found.group(1, 2, 3))
    return time(hour, minute, second, _microseconds(found[4]), zone(found[5] or ""))


def read_datetime(text: str) -> datetime | None:
    day_text, separator, time_text = text.partition("T")
    day = read_date(day_text)
    if not isinstance(day, date):
        return None
    if not separator:
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001  FEEL knows moments without a zone
    end_of_day = time_text.startswith("24:00:00")
    clock = read_time("00" + time_text[2:] if end_of_day else time_text)
    if clock is None:
        return None
    return datetime.combine(day + timedelta(days=1) if end_of_day else day, clock)


def read_duration(text: str) -> timedelta | YearsMonths | None:
    found = _DURATION.fullmatch(text)
    if not found or not any(found.groups()[1:]) or found[5] == "T":
        return None
    sign, years, months, days, clock = found.group(1, 2, 3, 4, 5)
    if (years or months) and (days or clock):
        return None
    factor = -1 if sign else 1
    if years or months:
        return YearsMonths(factor * (int(years or 0) * 12 + int(months or 0)))
    seconds, _, fraction = (found[8] or "0").partition(".")
    return factor * timedelta(
        days=int(days or 0),
        hours=int(found[6] or 0),
        minutes=int(found[7] or 0),
        seconds=int(seconds),
        microseconds=_microseconds(fraction),
    )


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "").lstrip(".")[:6].ljust(6, "0"))


READERS: tuple[Callable[[str], Any], ...] = (read_date, read_datetime, read_time, read_duration)


def read(text: str) -> Any:
    """The date, moment, time or duration a text means; None when it means none."""
    for reader in READERS:
        try:
            value = reader(text)
        except (ValueError, OverflowError):
            value = None
        if value is not None:
            return value
    return None


def microseconds(duration: timedelta) -> int:
    return duration // _MICROSECOND


def add_months(day: Day, months: YearsMonths) -> Day:
    """The same day of another month, or its last day where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months.months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def add_to_date(day: date, duration: timedelta) -> date:
    """Hours count: a day less one hour is the day before."""
    return (datetime(day.year, day.month, day.day) + duration).date()  # noqa: DTZ001


def add_to_time(clock: time, duration: timedelta) -> time:
    """Round the clock: 23:00 plus two hours is 01:00."""
    today = datetime(2000, 1, 2, clock.hour, clock.minute, clock.second, clock.microsecond)  # noqa: DTZ001
    return (today + duration % timedelta(days=1)).time().replace(tzinfo=clock.tzinfo)


def between(later: date | datetime, earlier: date | datetime) -> timedelta | None:
    """The duration from one to the other; a bare date counts as its midnight in UTC.

    None when only one of the two has a zone.
    """
    first, second = _at_utc_midnight(later), _at_utc_midnight(earlier)
    if (first.tzinfo is None) != (second.tzinfo is None):
        return None
    if first.tzinfo is None:
        return first - second
    return first.astimezone(UTC) - second.astimezone(UTC)


def _at_utc_midnight(day: date | datetime) -> datetime:
    if isinstance(day, datetime):
        return day
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def between_times(later: time, earlier: time) -> timedelta | None:
    if (later.tzinfo is None) != (earlier.tzinfo is None):
        return None
    return _since_midnight(later) - _since_midnight(earlier)


def _since_midnight(clock: time) -> timedelta:
    elapsed = timedelta(
        hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
    )
    return elapsed - (offset_of(clock) or timedelta())
