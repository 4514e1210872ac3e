"""Working time: minutes of the court's office hours on its working days, for limits shorter than the law's."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from engine.clock import COURT_ZONE

from .faults import DayOutOfReach
from .spans import DAY
from .working_days import Calendar

_YEAR = 366


class Hours(NamedTuple):
    """A piece of the working day, e.g. 08:30 to 12:00."""

    start: time
    end: time

    @property
    def length(self) -> timedelta:
        return _on(date.min, self.end) - _on(date.min, self.start)


def day_length(hours: Sequence[Hours]) -> timedelta:
    return sum((piece.length for piece in hours), timedelta())


def after(
    calendar: Calendar, hours: Sequence[Hours], start: datetime, length: timedelta
) -> datetime:
    """The moment at which that much working time has passed since ``start``; aware, in the court's zone."""
    at = start.astimezone(COURT_ZONE)
    left = length
    for first, last in _pieces(calendar, hours, at.date()):
        begin = max(first, at)
        if begin >= last:
            continue
        if last - begin >= left:
            return begin + left
        left -= last - begin
    raise DayOutOfReach


def _pieces(
    calendar: Calendar, hours: Sequence[Hours], first: date
) -> Iterator[tuple[datetime, datetime]]:
    """Each piece of each working day from that day on; a year holds every limit."""
    for number in range(_YEAR):
        day = first + DAY * number
        if calendar.works(day):
            for piece in hours:
                yield _on(day, piece.start), _on(day, piece.end)


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, COURT_ZONE)
