"""Spans of whole days, both ends included."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order of time; spans that overlap or touch become one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.first.toordinal() <= result[-1].last.toordinal() + 1:
            result[-1] = Span(result[-1].first, max(result[-1].last, span.last))
        else:
            result.append(span)
    return result


def overlap(spans: Iterable[Span]) -> bool:
    """Whether two of them share a day."""
    ordered = sorted(spans)
    return any(later.first <= earlier.last for earlier, later in pairwise(ordered))


def days_after(span: Span, day: date) -> int:
    """How many days of the span lie after ``day``."""
    return max(0, span.last.toordinal() - max(span.first.toordinal() - 1, day.toordinal()))


def without(first: date, last: date, excluded: Sequence[Span]) -> list[Span]:
    """What is left of the days ``first`` to ``last``; ``excluded`` is merged and in order."""
    left: list[Span] = []
    begins = first
    for gap in excluded:
        if gap.first > last:
            break
        if gap.first > begins:
            left.append(Span(begins, gap.first - DAY))
        if gap.last >= begins:
            if gap.last >= last:
                return left
            begins = gap.last + DAY
    if begins <= last:
        left.append(Span(begins, last))
    return left
