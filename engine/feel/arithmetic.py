"""``+ - * / **`` by the kinds of their operands (DMN 1.3 §10.3.2.12); any other pair is null."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import temporal
from engine.feel.limits import check_string
from engine.feel.values import NUMBERS, YearsMonths, finite, whole

Operation = Callable[[Any, Any], Any]
Table = dict[tuple[type, type], Operation]


def _join(left: str, right: str) -> str:
    check_string(len(left) + len(right))
    return left + right


def _scale_duration(duration: timedelta, factor: Decimal) -> timedelta:
    return _duration(NUMBERS.multiply(Decimal(temporal.microseconds(duration)), factor))


def _scale_months(duration: YearsMonths, factor: Decimal) -> YearsMonths:
    return YearsMonths(whole(NUMBERS.multiply(Decimal(duration.months), factor)))


def _duration(count: Decimal) -> timedelta:
    return timedelta(microseconds=whole(count))


def _quotient(left: Decimal, right: Decimal) -> Decimal | None:
    return finite(NUMBERS.divide(left, right)) if right else None


def _duration_part(duration: timedelta, divisor: Decimal) -> timedelta | None:
    if not divisor:
        return None
    return _duration(NUMBERS.divide(Decimal(temporal.microseconds(duration)), divisor))


def _months_part(duration: YearsMonths, divisor: Decimal) -> YearsMonths | None:
    if not divisor:
        return None
    return YearsMonths(whole(NUMBERS.divide(Decimal(duration.months), divisor)))


def _duration_ratio(left: timedelta, right: timedelta) -> Decimal | None:
    count = temporal.microseconds
    return _quotient(Decimal(count(left)), Decimal(count(right)))


def _months_ratio(left: YearsMonths, right: YearsMonths) -> Decimal | None:
    return _quotient(Decimal(left.months), Decimal(right.months))


def _minus_months(months: YearsMonths) -> YearsMonths:
    return YearsMonths(-months.months)


def _both_ways(table: Table) -> Table:
    """The table with every pair of different kinds the other way round too."""

    def turned(operation: Operation) -> Operation:
        return lambda left, right: operation(right, left)

    return table | {(b, a): turned(op) for (a, b), op in table.items() if a is not b}


ADD: Table = _both_ways(
    {
        (Decimal, Decimal): lambda a, b: finite(NUMBERS.add(a, b)),
        (str, str): _join,
        (YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.months + b.months),
        (date, YearsMonths): temporal.add_months,
        (datetime, YearsMonths): temporal.add_months,
        (timedelta, timedelta): lambda a, b: a + b,
        (date, timedelta): temporal.add_to_date,
        (datetime, timedelta): lambda a, b: a + b,
        (time, timedelta): temporal.add_to_time,
    }
)

SUBTRACT: Table = {
    (Decimal, Decimal): lambda a, b: finite(NUMBERS.subtract(a, b)),
    (YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.months - b.months),
    (date, YearsMonths): lambda a, b: temporal.add_months(a, _minus_months(b)),
    (datetime, YearsMonths): lambda a, b: temporal.add_months(a, _minus_months(b)),
    (timedelta, timedelta): lambda a, b: a - b,
    (date, timedelta): lambda a, b: temporal.add_to_date(a, -b),
    (datetime, timedelta): lambda a, b: a - b,
    (time, timedelta): lambda a, b: temporal.add_to_time(a, -b),
    (time, time): temporal.between_times,
} | {(a, b): temporal.between for a in (date, datetime) for b in (date, datetime)}

MULTIPLY: Table = _both_ways(
    {
        (Decimal, Decimal): lambda a, b: finite(NUMBERS.multiply(a, b)),
        (timedelta, Decimal): _scale_duration,
        (YearsMonths, Decimal): _scale_months,
    }
)

DIVIDE: Table = {
    (Decimal, Decimal): _quotient,
    (timedelta, Decimal): _duration_part,
    (YearsMonths, Decimal): _months_part,
    (timedelta, timedelta): _duration_ratio,
    (YearsMonths, YearsMonths): _months_ratio,
}

POWER: Table = {(Decimal, Decimal): lambda a, b: finite(NUMBERS.power(a, b))}

OPERATIONS: dict[str, Table] = {"+": ADD, "-": SUBTRACT, "*": MULTIPLY, "/": DIVIDE, "**": POWER}

NEGATE: dict[type, Callable[[Any], Any]] = {
    Decimal: NUMBERS.minus,
    timedelta: lambda duration: -duration,
    YearsMonths: _minus_months,
}
