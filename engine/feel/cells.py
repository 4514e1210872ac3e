"""Unary tests to closures: what a cell of a decision table asks of a value (DMN 1.3 §10.3.2.8)."""

from collections.abc import Callable
from typing import Any

from engine.feel.comparison import contains, equal, negation, same
from engine.feel.environment import Environment
from engine.feel.limits import Run
from engine.feel.loops import Code
from engine.feel.values import Function, Range

#: The tested value and the scope, to true, false or null.
Test = Callable[[Any, Environment], bool | None]


def any_of(parts: list[Test]) -> Test:
    """Alternatives; no part at all is the cell ``-``."""
    if not parts:
        return lambda _value, _env: True
    if len(parts) == 1:
        return parts[0]

    def test(value: Any, env: Environment) -> bool | None:
        unknown = False
        for part in parts:
            truth = part(value, env)
            if truth is True:
                return True
            unknown |= truth is None
        return None if unknown and value is not None else False

    return test


def negated(test: Test) -> Test:
    return lambda value, env: negation(test(value, env))


def compared(compare: Callable[[Run, Any], bool | None]) -> Test:
    return lambda value, env: compare(env.run, value)


def compared_with(compare: Callable[[Run, Any, Any], bool | None], bound: Code) -> Test:
    return lambda value, env: compare(env.run, value, bound(env))


def expected(wanted: Code, *, asks: bool) -> Test:
    """The value itself, or with ``?`` in it a question about the tested value."""
    if asks:
        return lambda value, env: _answered(env.run, value, wanted(env))
    return lambda value, env: fits(env.run, value, wanted(env))


def _answered(run: Run, value: Any, answer: Any) -> bool | None:
    """A test with ``?`` in it gives the answer itself, unless it gives a value to compare with."""
    return answer if answer is None or type(answer) is bool else fits(run, value, answer)


def fits(run: Run, value: Any, expected: Any) -> bool | None:
    """Whether the value is the expected one, lies in the expected range or list."""
    kind = type(expected)
    if kind is Range:
        if type(value) is Range:
            return equal(run, value, expected)
        return contains(run, expected, value)
    if kind is list:
        return _in_list(run, value, expected)
    if kind is Function:
        return None
    if kind is bool and type(value) is not bool and value is not None:
        return bool(expected)
    return equal(run, value, expected)


def _in_list(run: Run, value: Any, expected: list[Any]) -> bool:
    run.step(1 + len(expected) // 10)
    if type(value) is list and same(run, value, expected):
        return True
    for item in expected:
        nested = type(item) in (Range, list)
        if (fits(run, value, item) if nested else equal(run, value, item)) is True:
            return True
    return False
