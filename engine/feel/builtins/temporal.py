"""Dates (DMN 1.3 §10.3.4.7). Now is the engine's clock, in court time."""

from datetime import date, datetime
from decimal import Decimal

from engine import clock
from engine.feel.builtins.registry import builtin
from engine.feel.values import YearsMonths

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

builtin("day of year", "date:day")(lambda day: Decimal(day.timetuple().tm_yday))
builtin("day of week", "date:day")(lambda day: _DAYS[day.weekday()])
builtin("month of year", "date:day")(lambda day: _MONTHS[day.month - 1])
builtin("week of year", "date:day")(lambda day: Decimal(day.isocalendar()[1]))


@builtin("now", "")
def now() -> datetime:
    return clock.now().astimezone(clock.COURT_ZONE)


@builtin("today", "")
def today() -> date:
    return clock.today()


@builtin("years and months duration", "from:day, to:day")
def years_and_months(first: date, second: date) -> YearsMonths:
    """Whole months only."""
    months = (second.year - first.year) * 12 + second.month - first.month
    if months > 0 and second.day < first.day:
        months -= 1
    elif months < 0 and second.day > first.day:
        months += 1
    return YearsMonths(months)
