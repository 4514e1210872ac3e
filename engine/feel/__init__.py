"""FEEL, the expression language of our diagrams and tables: text in, values out. First version."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from engine.errors import EngineError
from engine.feel import interim

__all__ = ["Evaluation", "Expression", "FeelError", "Tests", "compile", "evaluate", "to_text", "unary_tests"]


class FeelError(EngineError):
    """表达式有误"""

    code = "feel_error"

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"第{line}行第{column}列，{reason}")
        self.reason, self.line, self.column = reason, line, column


class Evaluation(NamedTuple):
    """What an expression gave, and what was odd on the way (unknown variables and the like)."""

    value: Any
    warnings: tuple[str, ...]


class Expression:
    """A compiled expression; safe to share between threads."""

    def __init__(self, inner: interim.Expression) -> None:
        self._inner = inner
        self.names: frozenset[str] = frozenset(inner.names)

    def run(self, context: Mapping[str, Any]) -> Evaluation:
        return _run(self._inner, context)

    def evaluate(self, context: Mapping[str, Any]) -> Any:
        return self.run(context).value


class Tests:
    """Compiled unary tests: the text of a decision table's cell."""

    def __init__(self, inner: interim.Expression) -> None:
        self._inner = inner
        self.names: frozenset[str] = frozenset(inner.names)

    def matches(self, value: Any, context: Mapping[str, Any]) -> bool | None:
        return _run(self._inner, context, value).value


def _run(inner: interim.Expression, context: Mapping[str, Any], value: Any = None) -> Evaluation:
    try:
        result, warnings = inner.run(context, value)
    except interim.FeelLimitError as error:
        raise FeelError(f"计算超出限制（{error}）") from None
    return Evaluation(result, tuple(message for message, _ in warnings))


@lru_cache(8192)
def _compiled(text: str, names: frozenset[str] | None, unary: bool) -> interim.Expression:
    try:
        return interim.Expression(text, tuple(sorted(names or ())), unary, names)
    except interim.FeelSyntaxError as error:
        raise FeelError(str(error), error.line, error.col) from None


def compile(text: str, *, names: Collection[str] | None = None) -> Expression:  # noqa: A001
    return Expression(_compiled(text, None if names is None else frozenset(names), False))


def unary_tests(text: str, *, names: Collection[str] | None = None) -> Tests:
    return Tests(_compiled(text, None if names is None else frozenset(names), True))


def evaluate(text: str, context: Mapping[str, Any], *, names: Collection[str] | None = None) -> Any:
    return compile(text, names=names).evaluate(context)


to_text = interim.to_string
YearsMonths = interim.YM
