"""How a built-in is declared: ``@builtin("substring", "string:text, start position:number, length:number?")``.

A parameter is ``name:kind``; ``?`` after the kind lets it be left out, ``~`` lets it be null.
An argument that is a list of one stands for its item and the other way round (DMN 1.3 §10.3.2.9.4).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.limits import Run
from engine.feel.values import Function, LazyContext, Range, YearsMonths, settled

BUILTINS: dict[str, Function] = {}

_KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (Decimal,),
    "boolean": (bool,),
    "list": (list,),
    "context": (dict,),
    "function": (Function,),
    "range": (Range,),
    "day": (date, datetime),
    "clock": (time, datetime),
    "duration": (timedelta, YearsMonths),
    "any": (),
}
_SIZED = {str, list, dict}
_NO = object()


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    kind: str
    kinds: tuple[type, ...]
    optional: bool
    nullable: bool

    def fitted(self, value: Any) -> Any:
        """The argument as this parameter wants it, or ``_NO``."""
        if value is None:
            return None if self.nullable else _NO
        if not self.kinds or type(value) in self.kinds:
            return value
        if self.kind == "list":
            return [value]
        if type(value) is list and len(value) == 1 and type(value[0]) in self.kinds:
            return value[0]
        return _NO


def _parameters(signature: str) -> tuple[_Parameter, ...]:
    parameters = []
    for part in filter(None, (text.strip() for text in signature.split(","))):
        name, _, marked = part.partition(":")
        kind = marked.rstrip("?~")
        nullable = "~" in marked or kind == "any"
        parameters.append(_Parameter(name, kind, _KINDS[kind], "?" in marked, nullable))
    return tuple(parameters)


def _fitted(parameters: tuple[_Parameter, ...], arguments: Sequence[Any]) -> list[Any] | None:
    required = sum(not parameter.optional for parameter in parameters)
    if not required <= len(arguments) <= len(parameters):
        return None
    fitted = [p.fitted(a) for p, a in zip(parameters, arguments, strict=False)]
    return None if any(value is _NO for value in fitted) else fitted


def builtin(
    name: str, *signatures: str, with_run: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function under a FEEL name; ``with_run`` passes the ``Run`` as first argument."""
    alternatives = [_parameters(signature) for signature in signatures]

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(run: Run, *arguments: Any) -> Any:
            given = [_counted(run, argument) for argument in arguments]
            for parameters in alternatives:
                fitted = _fitted(parameters, given)
                if fitted is not None:
                    return function(run, *fitted) if with_run else function(*fitted)
            run.warn(f"函数 {name} 不接受这样的参数，按空值处理")
            return None

        names = tuple(tuple(p.name for p in parameters) for parameters in alternatives)
        BUILTINS[name] = Function(names, call, builtin=True)
        return function

    return register


def variadic(name: str, *parameters: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of any number of arguments; it gets the ``Run`` and the arguments."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(run: Run, *arguments: Any) -> Any:
            return function(run, *(_counted(run, argument) for argument in arguments))

        BUILTINS[name] = Function((parameters,), call, variadic=True, builtin=True)
        return function

    return register


def of_list(name: str) -> Callable[[Callable[[Run, list[Any]], Any]], Callable[..., Any]]:
    """Register a function of one list, which may also be written as its items: ``max(1, 2)``."""

    def register(function: Callable[[Run, list[Any]], Any]) -> Callable[..., Any]:
        @variadic(name, "list")
        def call(run: Run, *arguments: Any) -> Any:
            if not arguments:
                return None
            alone = len(arguments) == 1 and type(arguments[0]) is list
            return function(run, arguments[0] if alone else list(arguments))

        return call

    return register


def _counted(run: Run, argument: Any) -> Any:
    """The argument, its size charged; a lazy context is read to the end, as the built-in will."""
    if type(argument) is LazyContext:
        argument = settled(argument)
    if type(argument) in _SIZED:
        run.read(argument)
    return argument
