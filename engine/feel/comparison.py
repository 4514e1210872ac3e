"""``=`` and ``<`` in three-valued logic (DMN 1.3 §10.3.2.13): true, false, or null when kinds differ."""

import operator
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.limits import Run
from engine.feel.temporal import offset_of
from engine.feel.values import FarDate, Function, LazyContext, Range, YearsMonths, settled

#: True, false, or null for what cannot be said.
Truth = bool | None

_UNORDERED = {bool, list, dict, LazyContext, Range, Function, type(None)}
_PLAIN = {str, Decimal, bool, timedelta, YearsMonths, FarDate}


def equal(run: Run, left: Any, right: Any) -> Truth:
    """True, False, or None when the two are of different kinds; null equals null only."""
    kind = type(left)
    if kind is type(right) and kind in _PLAIN:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    left, right = settled(left), settled(right)
    if type(left) is not type(right):
        return None
    special = _EQUAL.get(type(left))
    return special(run, left, right) if special else bool(left == right)


def _equal_lists(run: Run, left: list[Any], right: list[Any]) -> Truth:
    if len(left) != len(right):
        return False
    run.step(1 + len(left) // 10)
    return every(equal(run, a, b) for a, b in zip(left, right, strict=True))


def _equal_contexts(run: Run, left: dict[str, Any], right: dict[str, Any]) -> Truth:
    if left.keys() != right.keys():
        return False
    run.step(1 + len(left) // 10)
    return every(equal(run, value, right[key]) for key, value in left.items())


def _equal_ranges(run: Run, left: Range, right: Range) -> Truth:
    ends = (left.operator, left.low_closed, left.high_closed)
    if ends != (right.operator, right.low_closed, right.high_closed):
        return False
    return equal(run, left.low, right.low) is True and equal(run, left.high, right.high) is True


def _equal_moments(run: Run, left: Any, right: Any) -> bool:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return bool(instant(left) == instant(right))


_EQUAL: dict[type, Callable[[Run, Any, Any], Truth]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    Function: lambda _run, left, right: left is right,
    time: _equal_moments,
    datetime: _equal_moments,
}


def unequal(run: Run, left: Any, right: Any) -> Truth:
    return negation(equal(run, left, right))


def same(run: Run, left: Any, right: Any) -> bool:
    """Surely equal; null is the same as null."""
    return equal(run, left, right) is True


def less(left: Any, right: Any) -> Truth:
    """Whether left comes before right; None when that is no question."""
    kind = type(left)
    if kind is not type(right) or kind in _UNORDERED:
        return None
    if kind is time or kind is datetime:
        if (left.tzinfo is None) != (right.tzinfo is None):
            return None
        return bool(instant(left) < instant(right))
    return bool(left < right)


def at_most(left: Any, right: Any) -> Truth:
    """Whether left comes before right or is equal to it."""
    after = less(right, left)
    return None if after is None else not after


def contains(run: Run, interval: Range, value: Any) -> Truth:
    """Whether a value lies in a range; None when it cannot be compared with its ends."""
    if value is None:
        return None
    if interval.operator is None and (interval.low is None or interval.high is None):
        return None
    if interval.operator == "!=":
        return negation(equal(run, value, interval.low))
    if interval.operator == "=":
        return equal(run, value, interval.low)
    low, high = interval.low, interval.high
    above = True if low is None else (at_most if interval.low_closed else less)(low, value)
    below = True if high is None else (at_most if interval.high_closed else less)(value, high)
    return both(above, below)


def negation(truth: Truth) -> Truth:
    return None if truth is None else not truth


def both(first: Truth, second: Truth) -> Truth:
    if first is False or second is False:
        return False
    return None if first is None or second is None else True


def every(truths: Iterable[Truth]) -> Truth:
    """False if one is false, else None if one is unknown, else True."""
    answer: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            answer = None
    return answer


def instant(moment: Any) -> Any:
    """What orders moments: whole milliseconds, since finer clocks than a person's do not agree.

    A time with an offset counts from midnight UTC.
    """
    if type(moment) is datetime:
        shifted = (
            moment if moment.tzinfo is None else (moment - (moment.utcoffset() or timedelta()))
        )
        return shifted.replace(tzinfo=None, microsecond=shifted.microsecond // 1000 * 1000)
    offset = offset_of(moment) or timedelta()
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return (seconds - int(offset.total_seconds())) * 1000 + moment.microsecond // 1000


#: The six signs, with the order of operands as written.
COMPARE: dict[str, Callable[[Run, Any, Any], Truth]] = {
    "=": equal,
    "!=": unequal,
    "<": lambda _run, left, right: less(left, right),
    ">": lambda _run, left, right: less(right, left),
    "<=": lambda _run, left, right: at_most(left, right),
    ">=": lambda _run, left, right: at_most(right, left),
}


_QUICK: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def against(sign: str, constant: Any) -> Callable[[Run, Any], Truth]:
    """The comparison with a constant on its right; most conditions and cells are one."""
    compare, quick, kind = COMPARE[sign], _QUICK[sign], type(constant)
    if kind is not Decimal and kind is not str:
        return lambda run, value: compare(run, value, constant)

    def compared(run: Run, value: Any) -> Truth:
        return quick(value, constant) if type(value) is kind else compare(run, value, constant)

    return compared
