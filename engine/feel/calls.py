"""Calling a function value: arguments by place or by name, types of parameters, depth."""

from typing import Any

from engine.feel.comparison import contains
from engine.feel.limits import Run
from engine.feel.types import MISFIT, coerced
from engine.feel.values import Function, Range


def invoke(
    function: Any,
    run: Run,
    arguments: list[Any],
    names: tuple[str, ...] | None = None,
    at: int | None = None,
) -> Any:
    """What the function answers; null with a warning when it cannot be called so."""
    if type(function) is Range and len(arguments) == 1:
        return contains(run, function, arguments[0])
    if type(function) is not Function:
        run.warn("这里调用的不是函数", at)
        return None
    if names is not None:
        by_place = _by_place(function, names, arguments)
        if by_place is None:
            run.warn(f"函数没有这样的参数：{'、'.join(names)}", at)
            return None
        arguments = by_place
    if not _right_count(function, len(arguments)):
        run.warn("函数的参数个数不对", at)
        return None
    if function.types:
        arguments = _fitted(function.types, run, arguments)
        if any(argument is MISFIT for argument in arguments):
            run.warn("函数的参数类型不对", at)
            return None
    return _call(function, run, arguments, at)


def _by_place(function: Function, names: tuple[str, ...], arguments: list[Any]) -> list[Any] | None:
    """Named arguments in the order of the signature that has these names, cut after the last."""
    if len(set(names)) != len(names):
        return None
    given = dict(zip(names, arguments, strict=True))
    for signature in function.signatures:
        if given.keys() <= set(signature):
            last = max((place for place, name in enumerate(signature) if name in given), default=-1)
            return [given.get(name) for name in signature[: last + 1]]
    return None


def _right_count(function: Function, count: int) -> bool:
    if function.types is not None:
        return count == len(function.signatures[0])
    return function.variadic or any(count <= len(names) for names in function.signatures)


def _fitted(types: tuple[Any, ...], run: Run, arguments: list[Any]) -> list[Any]:
    pairs = zip(types, arguments, strict=True)
    return [value if kind is None else coerced(kind, run, value) for kind, value in pairs]


def _call(function: Function, run: Run, arguments: list[Any], at: int | None) -> Any:
    run.call()
    try:
        return run.charge(function.call(run, *arguments))
    except (ValueError, OverflowError, ArithmeticError, TypeError, KeyError, IndexError):
        if not function.builtin:
            raise
        run.warn("函数对这些参数没有结果", at)
        return None
    finally:
        run.calls -= 1
