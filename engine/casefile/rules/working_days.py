"""Which days the court works: ``chinesecalendar`` by year, overridden by the deployed ``calendar/*.toml``.

Days outside the loaded years count as Monday to Friday, and every answer that needed one is tentative.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from chinese_calendar import constants

from . import reading
from .faults import CalendarMissing, DayOutOfReach, RulesInvalid
from .labels import day as day_text
from .spans import DAY, Span

SATURDAY = 5


class Found(NamedTuple):
    """A day, and whether finding it needed a day that is not loaded."""

    day: date
    tentative: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    years: frozenset[int]
    #: Mondays to Fridays without work.
    off: frozenset[date]
    #: Saturdays and Sundays with work.
    on: frozenset[date]

    @property
    def first(self) -> date:
        return date(min(self.years), 1, 1)

    @property
    def last(self) -> date:
        return date(max(self.years), 12, 31)

    def works(self, day: date) -> bool:
        return day in self.on if day.weekday() >= SATURDAY else day not in self.off

    def knows(self, day: date) -> bool:
        return day.year in self.years


def rolled(calendar: Calendar, day: date) -> Found:
    """The day itself when it is a working day, else the next one (民事诉讼法§85)."""
    return _walk(calendar, day, 1, 0)


def before(calendar: Calendar, day: date) -> Found:
    """The last working day strictly before ``day``."""
    return _walk(calendar, day, -1, 1)


def counted(calendar: Calendar, start: date, days: int) -> Found:
    """The ``days``-th working day after ``start``, before it when negative; 0 is ``start`` itself."""
    if days == 0:
        return Found(start, not calendar.knows(start))
    return _walk(calendar, start, 1 if days > 0 else -1, abs(days))


def _walk(calendar: Calendar, start: date, step: int, days: int) -> Found:
    """Over ``days`` working days; with none, ``start`` or the next working day in that direction."""
    stride = timedelta(days=step)
    tentative = False
    day = start if days == 0 else start + stride
    left = max(days, 1)
    try:
        while True:
            tentative = tentative or not calendar.knows(day)
            left -= calendar.works(day)
            if left == 0:
                return Found(day, tentative)
            day += stride
    except OverflowError as error:
        raise DayOutOfReach from error


def must_be_final(calendar: Calendar, *, tentative: bool) -> None:
    if tentative:
        raise missing(calendar)


def missing(calendar: Calendar) -> CalendarMissing:
    return CalendarMissing(first=day_text(calendar.first), last=day_text(calendar.last))


def year(calendar: Calendar, number: int) -> tuple[list[date], list[date]]:
    """The Mondays to Fridays off and the Saturdays and Sundays on of a loaded year."""
    if number not in calendar.years:
        raise missing(calendar)
    return (
        sorted(day for day in calendar.off if day.year == number),
        sorted(day for day in calendar.on if day.year == number),
    )


def read(files: Mapping[str, str]) -> Calendar:
    """From the court's files by name; each replaces a whole year or mends single days of one."""
    years = {day.year for day in constants.holidays}
    off = {day for day in constants.holidays if day.weekday() < SATURDAY}
    on = {day for day in constants.workdays if day.weekday() >= SATURDAY}
    for name in sorted(files):
        number, whole, rest, work = _read_year(name, files[name])
        if whole:
            years.add(number)
            off = {day for day in off if day.year != number}
            on = {day for day in on if day.year != number}
        elif number not in years:
            raise RulesInvalid(f"“{name}”只调整个别日期，但{number}年的放假安排尚未导入")
        off = (off - work) | {day for day in rest if day.weekday() < SATURDAY}
        on = (on - rest) | {day for day in work if day.weekday() >= SATURDAY}
    return Calendar(frozenset(years), frozenset(off), frozenset(on))


def _read_year(name: str, text: str) -> tuple[int, bool, set[date], set[date]]:
    node = reading.toml(name, text)
    reading.only(name, node, ("year", "whole", "off", "work", "source"))
    number = reading.value(name, node, "year", int)
    whole = reading.value(name, node, "whole", bool)
    rest = _days(name, number, reading.texts(name, node, "off"))
    work = _days(name, number, reading.texts(name, node, "work"))
    if both := rest & work:
        raise RulesInvalid(f"“{name}”中{day_text(min(both))}既放假又上班")
    return number, whole, rest, work


def _days(name: str, number: int, written: Iterable[str]) -> set[date]:
    """Of ``2027-01-01`` and ``2027-02-05..2027-02-11``."""
    spans = (reading.understood(name, _span, text) for text in written)
    days = set(chain.from_iterable(_each(span) for span in spans))
    if strange := {day for day in days if day.year != number}:
        raise RulesInvalid(f"“{name}”中{day_text(min(strange))}不属于{number}年")
    return days


def _span(written: str) -> Span:
    first, _, last = written.partition("..")
    span = Span(date.fromisoformat(first), date.fromisoformat(last or first))
    if span.last < span.first:
        raise ValueError(written)
    return span


def _each(span: Span) -> Iterable[date]:
    return (span.first + DAY * number for number in range(span.days))
