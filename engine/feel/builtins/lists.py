"""Lists (DMN 1.3 §10.3.4.4). Places count from 1, from the end when negative."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.builtins.registry import builtin, variadic
from engine.feel.calls import invoke
from engine.feel.comparison import less, same
from engine.feel.limits import Run, check_items
from engine.feel.values import Function, whole

_PARAMETERS_OF_ORDER = 2

builtin("count", "list:list")(lambda items: Decimal(len(items)))
builtin("reverse", "list:list")(lambda items: items[::-1])


def _index(place: Decimal, length: int) -> int | None:
    """The Python index of a place in a list; None when it lies outside."""
    count = whole(place)
    index = count - 1 if count > 0 else length + count
    return index if count != 0 and 0 <= index < length else None


@builtin("list contains", "list:list, element:any", with_run=True)
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    return any(same(run, item, element) for item in items)


@builtin("index of", "list:list, match:any", with_run=True)
def index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(n) for n, item in enumerate(items, 1) if same(run, item, match)]


@builtin("sublist", "list:list, start position:number, length:number?")
def sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    first = _index(start, len(items))
    if first is None:
        return None
    if length is None:
        return items[first:]
    if length < 1 or first + length > len(items):
        return None
    return items[first : first + whole(length)]


@variadic("append", "list", "item")
def append(run: Run, items: Any = None, *more: Any) -> list[Any] | None:
    if items is None:
        return None
    return _checked([*_listed(items), *more])


@variadic("concatenate", "list")
def concatenate(run: Run, *lists: Any) -> list[Any] | None:
    if any(items is None for items in lists):
        return None
    return _checked([item for items in lists for item in _listed(items)])


@variadic("union", "list")
def union(run: Run, *lists: Any) -> list[Any] | None:
    together = concatenate(run, *lists)
    return None if together is None else distinct(run, together)


@builtin("distinct values", "list:list", with_run=True)
def distinct(run: Run, items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        run.step(1 + len(found) // 10)
        if not any(same(run, other, item) for other in found):
            found.append(item)
    return found


@builtin("flatten", "list:list", with_run=True)
def flatten(run: Run, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for item in _leaves(run, items):
        flat.append(item)
        check_items(len(flat))
    return flat


def _leaves(run: Run, items: list[Any]) -> Iterable[Any]:
    """The items of lists in lists, without recursion: a list may be very deep."""
    open_lists = [iter(items)]
    while open_lists:
        run.step()
        for item in open_lists[-1]:
            if type(item) is list:
                open_lists.append(iter(item))
                break
            yield item
        else:
            open_lists.pop()


@builtin("insert before", "list:list, position:number, newItem:any")
def insert_before(items: list[Any], place: Decimal, item: Any) -> list[Any] | None:
    index = _index(place, max(1, len(items)))
    return None if index is None else [*items[:index], item, *items[index:]]


@builtin("remove", "list:list, position:number")
def remove(items: list[Any], place: Decimal) -> list[Any] | None:
    index = _index(place, len(items))
    return None if index is None else items[:index] + items[index + 1 :]


@builtin(
    "list replace",
    "list:list, position:number, newItem:any",
    "list:list, match:function, newItem:any",
    with_run=True,
)
def list_replace(run: Run, items: list[Any], where: Any, item: Any) -> list[Any] | None:
    if type(where) is Function:
        return _replace_matching(run, items, where, item)
    index = _index(where, len(items))
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


def _replace_matching(run: Run, items: list[Any], match: Function, new: Any) -> list[Any] | None:
    if len(match.signatures[0]) != _PARAMETERS_OF_ORDER:
        return None
    answers = [invoke(match, run, [item, new]) for item in items]
    if not all(type(answer) is bool for answer in answers):
        return None
    return [new if hit else item for item, hit in zip(items, answers, strict=True)]


@builtin("sort", "list:list, precedes:function?", with_run=True)
def sort(run: Run, items: list[Any], precedes: Function | None = None) -> list[Any] | None:
    """Stable; without a function in the order of ``<``."""
    if precedes is not None and len(precedes.signatures[0]) != _PARAMETERS_OF_ORDER:
        return None

    def before(first: Any, second: Any) -> bool:
        run.step()
        if precedes is None:
            return less(first, second) is True
        return invoke(precedes, run, [first, second]) is True

    def order(first: Any, second: Any) -> int:
        return -1 if before(first, second) else int(before(second, first))

    return sorted(items, key=cmp_to_key(order))


def _listed(value: Any) -> list[Any]:
    return value if type(value) is list else [value]


def _checked(items: list[Any]) -> list[Any]:
    check_items(len(items))
    return items
