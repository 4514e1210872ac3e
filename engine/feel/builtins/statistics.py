"""What a list of values gives together: sum, mean, largest … (DMN 1.3 §10.3.4.4)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.feel.arithmetic import ADD
from engine.feel.builtins.registry import of_list
from engine.feel.comparison import every, less
from engine.feel.limits import Run
from engine.feel.values import NUMBERS, YearsMonths, finite

_SUMMABLE = {Decimal, timedelta, YearsMonths}
Numbers = list[Decimal]


def _extreme(comes_first: Callable[[Any, Any], bool | None]) -> Callable[[Run, list[Any]], Any]:
    def chosen(run: Run, items: list[Any]) -> Any:
        """Null for an empty list and for one whose items cannot all be compared."""
        if not items or less(items[0], items[0]) is None:
            return None
        best = items[0]
        for item in items[1:]:
            first = comes_first(item, best)
            if first is None:
                return None
            if first:
                best = item
        return best

    return chosen


of_list("min")(_extreme(less))
of_list("max")(_extreme(lambda item, best: less(best, item)))


@of_list("sum")
def total(run: Run, items: list[Any]) -> Any:
    """Of numbers or of durations of one kind; null for an empty list."""
    if not items or type(items[0]) not in _SUMMABLE:
        return None
    kind = type(items[0])
    add = ADD[kind, kind]
    result = items[0]
    for item in items[1:]:
        if type(item) is not kind or result is None:
            return None
        result = add(result, item)
    return result


def _of_numbers(name: str) -> Callable[[Callable[[Numbers], Any]], Callable[[Numbers], Any]]:
    """Register a function of numbers; null for an empty list or any other item."""

    def register(function: Callable[[Numbers], Any]) -> Callable[[Numbers], Any]:
        @of_list(name)
        def call(run: Run, items: list[Any]) -> Any:
            if not items or not all(type(item) is Decimal for item in items):
                return None
            run.step(1 + len(items) // 10)
            return function(items)

        return function

    return register


def _sum(numbers: Numbers) -> Decimal:
    result = Decimal(0)
    for number in numbers:
        result = NUMBERS.add(result, number)
    return result


@_of_numbers("mean")
def mean(numbers: Numbers) -> Decimal | None:
    return finite(NUMBERS.divide(_sum(numbers), Decimal(len(numbers))))


@_of_numbers("product")
def product(numbers: Numbers) -> Decimal | None:
    result = Decimal(1)
    for number in numbers:
        result = NUMBERS.multiply(result, number)
    return finite(result)


@_of_numbers("median")
def median(numbers: Numbers) -> Decimal | None:
    """The middle one, or the mean of the two in the middle."""
    ordered, half = sorted(numbers), len(numbers) // 2
    return ordered[half] if len(ordered) % 2 else mean(ordered[half - 1 : half + 1])


@_of_numbers("stddev")
def standard_deviation(numbers: Numbers) -> Decimal | None:
    """Of a sample; null for fewer than two numbers."""
    middle = mean(numbers)
    if len(numbers) < 2 or middle is None:  # noqa: PLR2004
        return None
    squares = [NUMBERS.power(NUMBERS.subtract(number, middle), 2) for number in numbers]
    return finite(NUMBERS.sqrt(NUMBERS.divide(_sum(squares), Decimal(len(numbers) - 1))))


@of_list("mode")
def mode(run: Run, items: list[Any]) -> list[Decimal] | None:
    """The most frequent numbers, ascending; an empty list has none."""
    if not all(type(item) is Decimal for item in items):
        return None
    counts = Counter(items)
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _truth(item: Any) -> bool | None:
    return item if type(item) is bool else None


@of_list("all")
def all_true(run: Run, items: list[Any]) -> bool | None:
    return every(_truth(item) for item in items)


@of_list("any")
def any_true(run: Run, items: list[Any]) -> bool | None:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None
