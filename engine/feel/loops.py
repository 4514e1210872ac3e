"""What runs its body many times: ``for``, ``some``, ``every`` and filters."""

from collections.abc import Callable, Generator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.comparison import less
from engine.feel.environment import Environment
from engine.feel.limits import check_items
from engine.feel.values import Range, is_whole, settled

Code = Callable[[Environment], Any]
#: Name, source, and the end of ``source..end`` where there is one.
Iterator = tuple[str, Code, Code | None]


class _NothingToIterate(Exception):
    """The source is null or a range that cannot be counted through; the loop is null."""


def for_loop(iterators: list[Iterator], body: Code) -> Code:
    def code(env: Environment) -> Any:
        results: list[Any] = []
        around = Environment(env, env.run)
        around["partial"] = results
        try:
            for scope in _scopes(iterators, around):
                results.append(body(scope))
                check_items(len(results))
        except _NothingToIterate:
            return None
        return results

    return code


def quantified(some: bool, iterators: list[Iterator], body: Code) -> Code:  # noqa: FBT001
    def code(env: Environment) -> bool | None:
        unknown = False
        try:
            for scope in _scopes(iterators, env):
                truth = body(scope)
                if truth is some:
                    return truth is True
                unknown |= type(truth) is not bool
        except _NothingToIterate:
            return None
        return None if unknown else not some

    return code


def _scopes(
    iterators: list[Iterator], env: Environment, first: int = 0
) -> Generator[Environment, None, None]:
    """A scope for each combination, the last iterator turning fastest."""
    if first == len(iterators):
        yield env
        return
    name, source, end = iterators[first]
    for value in _values(source(env), end, env):
        env.run.step()
        scope = Environment(env, env.run)
        scope[name] = value
        yield from _scopes(iterators, scope, first + 1)


def _values(source: Any, end: Code | None, env: Environment) -> list[Any]:
    if end is not None:
        return _counted(Range(source, end(env), True, True))  # noqa: FBT003
    if type(source) is Range:
        if less(source.high, source.low):
            raise _NothingToIterate  # 2..1 counts down, [2..1] means nothing
        return _counted(source)
    if source is None:
        raise _NothingToIterate
    return source if type(source) is list else [source]


def _counted(interval: Range) -> list[Any]:
    """The whole numbers or days of a range."""
    low, high = interval.low, interval.high
    values: list[Any]
    if type(low) is type(high) is Decimal and is_whole(low) and is_whole(high):
        step = 1 if low <= high else -1
        check_items(abs(int(high) - int(low)))
        values = [Decimal(n) for n in range(int(low), int(high) + step, step)]
    elif type(low) is type(high) is date:
        days = (high - low).days
        step = 1 if days >= 0 else -1
        check_items(abs(days))
        values = [low + timedelta(days=n) for n in range(0, days + step, step)]
    else:
        raise _NothingToIterate
    return values[0 if interval.low_closed else 1 : len(values) if interval.high_closed else -1]


def filtering(source: Code, condition: Code) -> Code:
    """``source[condition]``: the items for which it holds, or the item at a place."""

    def code(env: Environment) -> Any:
        value = source(env)
        items = items_of(value)
        if not items:
            return [] if value is None else _nothing_found(condition, env)
        found: list[Any] = []
        for place, item in enumerate(items):
            env.run.step()
            answer = condition(item_scope(env, item))
            if answer is True:
                found.append(item)
            elif place == 0 and type(answer) is Decimal:
                return _at(items, answer)
        return found

    return code


def items_of(value: Any) -> list[Any]:
    """The value as a list; null is the empty one."""
    if value is None:
        return []
    return value if type(value) is list else [value]


def item_scope(env: Environment, item: Any) -> Environment:
    scope = Environment(env, env.run)
    item = settled(item)
    scope["item"] = item
    if type(item) is dict:
        env.run.charge(item)
        scope.update(item)
    return scope


def _at(items: list[Any], place: Decimal) -> Any:
    """Places count from 1, from the end when negative."""
    if not is_whole(place) or not place or abs(place) > len(items):
        return None
    return items[int(place) - 1 if place > 0 else int(place)]


def _nothing_found(condition: Code, env: Environment) -> Any:
    """A place in an empty list is null, a search in it finds the empty list."""
    warned = len(env.run.warnings)
    answer = condition(item_scope(env, None))
    del env.run.warnings[warned:]
    return None if type(answer) is Decimal else []
