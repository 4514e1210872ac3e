"""How points and ranges lie to each other (DMN 1.3 §10.3.4.8), and ``range`` from a text."""

import re
from collections.abc import Callable
from typing import Any

from engine.feel import temporal
from engine.feel.builtins.registry import builtin
from engine.feel.comparison import at_most, less, same
from engine.feel.lexer import unescaped
from engine.feel.limits import Run
from engine.feel.values import NUMBERS, Range

Relation = Callable[[Any, Any], bool]


def _interval(value: Any) -> Range:
    """A point is the range from itself to itself."""
    return value if type(value) is Range else Range(value, value, True, True)  # noqa: FBT003


def _less(left: Any, right: Any) -> bool:
    return less(left, right) is True


def _same(left: Any, right: Any) -> bool:
    return same(Run(), left, right)


def _before(first: Any, second: Any) -> bool:
    a, b = _interval(first), _interval(second)
    touching = _same(a.high, b.low) and not (a.high_closed and b.low_closed)
    return _less(a.high, b.low) or touching


def _starts_within(inner: Range, outer: Range) -> bool:
    same_start = _same(outer.low, inner.low) and (outer.low_closed or not inner.low_closed)
    return _less(outer.low, inner.low) or same_start


def _ends_within(inner: Range, outer: Range) -> bool:
    same_end = _same(inner.high, outer.high) and (outer.high_closed or not inner.high_closed)
    return _less(inner.high, outer.high) or same_end


def _includes(outer: Any, inner: Any) -> bool:
    a, b = _interval(outer), _interval(inner)
    return _starts_within(b, a) and _ends_within(b, a)


def _finishes(inner: Any, outer: Range) -> bool:
    if type(inner) is not Range:
        return outer.high_closed and _same(inner, outer.high)
    same_end = _same(inner.high, outer.high) and inner.high_closed == outer.high_closed
    return same_end and _starts_within(inner, outer)


def _starts(inner: Any, outer: Range) -> bool:
    if type(inner) is not Range:
        return outer.low_closed and _same(inner, outer.low)
    same_start = _same(inner.low, outer.low) and inner.low_closed == outer.low_closed
    return same_start and _ends_within(inner, outer)


def _meets(first: Range, second: Range) -> bool:
    return first.high_closed and second.low_closed and _same(first.high, second.low)


def _overlaps(first: Range, second: Range) -> bool:
    return not _before(first, second) and not _before(second, first)


def _overlaps_before(first: Range, second: Range) -> bool:
    starts = _less(first.low, second.low) or (
        _same(first.low, second.low) and first.low_closed and not second.low_closed
    )
    ends = _less(first.high, second.high) or (
        _same(first.high, second.high) and (not first.high_closed or second.high_closed)
    )
    return starts and ends and not _before(first, second)


def _turned(relation: Relation) -> Relation:
    return lambda first, second: relation(second, first)


def _known(relation: Relation) -> Callable[[Any, Any], bool | None]:
    """Null when one side is, or is nothing that lies anywhere."""

    def answer(first: Any, second: Any) -> bool | None:
        if type(first) in _NOWHERE or type(second) in _NOWHERE:
            return None
        return relation(first, second)

    return answer


_NOWHERE = (type(None), list, dict)
_POINTS = ("point1:any, point2:any",)
_RANGES = ("range1:range, range2:range",)
_POINT_IN_RANGE = ("point:any, range:range", *_RANGES)
_RANGE_ROUND_POINT = ("range:range, point:any", *_RANGES)

for _name, _relation, _signatures in (
    ("before", _before, _POINTS),
    ("after", _turned(_before), _POINTS),
    ("meets", _meets, _RANGES),
    ("met by", _turned(_meets), _RANGES),
    ("overlaps", _overlaps, _RANGES),
    ("overlaps before", _overlaps_before, _RANGES),
    ("overlaps after", _turned(_overlaps_before), _RANGES),
    ("finishes", _finishes, _POINT_IN_RANGE),
    ("finished by", _turned(_finishes), _RANGE_ROUND_POINT),
    ("starts", _starts, _POINT_IN_RANGE),
    ("started by", _turned(_starts), _RANGE_ROUND_POINT),
    ("includes", _includes, _RANGE_ROUND_POINT),
    ("during", _turned(_includes), _POINT_IN_RANGE),
    ("coincides", _same, (*_POINTS, *_RANGES)),
):
    builtin(_name, *_signatures)(_known(_relation))

_RANGE = re.compile(r"([\[(\]])(.*)\.\.(.*)([\])\[])", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_TEXT = re.compile(r'(@?)"((?:[^"\\]|\\.)*)"', re.DOTALL)
_CALL = re.compile(r'(date and time|date|time|duration)\s*\(\s*"([^"]*)"\s*\)')
_READERS: dict[str, Callable[[str], Any]] = {
    "date": temporal.read_date,
    "time": temporal.read_time,
    "date and time": temporal.read_datetime,
    "duration": temporal.read_duration,
}


@builtin("range", "from:text")
def make_range(text: str) -> Range | None:
    """From a text such as ``[1..5]``, whose ends are literals or missing."""
    found = _RANGE.fullmatch(text)
    if not found:
        return None
    low, high = _end(found[2].strip()), _end(found[3].strip())
    low_closed, high_closed = found[1] == "[", found[4] == "]"
    if (low is None and (high is None or low_closed)) or (high is None and high_closed):
        return None
    if low is None or high is None:
        return Range(low, high, low_closed, high_closed, "..")
    return Range(low, high, low_closed, high_closed) if at_most(low, high) else None


def _end(text: str) -> Any:
    """The value of one end; raises ValueError when it is no literal."""
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        return NUMBERS.create_decimal(text)
    literal, call = _TEXT.fullmatch(text), _CALL.fullmatch(text)
    if literal:
        value = temporal.read(literal[2]) if literal[1] else unescaped(literal[2])
    else:
        value = _READERS[call[1]](call[2]) if call else None
    if value is None:
        raise ValueError(text)
    return value
