"""Compiled texts: an expression, and the unary tests of a cell. Immutable, shared between threads."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from engine.feel import cell_syntax, nodes
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import code_of, test_of
from engine.feel.environment import Environment, Outermost
from engine.feel.errors import FeelError, FeelLimit, located, place
from engine.feel.lexer import Phrases, phrases_of
from engine.feel.limits import MAX_ITEMS, MAX_NESTING, Run
from engine.feel.parser import Parser
from engine.feel.properties import PHRASES
from engine.feel.scope import Names, Scope
from engine.feel.types import NAMED, Type
from engine.feel.values import from_python

_PHRASES = (*(name for name in (*BUILTINS, *NAMED) if " " in name), *PHRASES)
_NO_TYPES: Mapping[str, Type] = {}


class Evaluation(NamedTuple):
    value: Any
    warnings: tuple[str, ...]
    """A sentence with its place for everything that was taken as null."""


class Compiled:
    """What both kinds of text have: which names they read from outside."""

    __slots__ = ("names", "paths", "text")

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        #: The free variables it reads.
        self.names = frozenset(names.free)
        #: What it reads of them, as written: ``案件.执行标的``.
        self.paths = frozenset(names.paths)

    def evaluation(self, value: Any, run: Run) -> Evaluation:
        warnings = tuple(
            reason if at is None else located(reason, *place(self.text, at))
            for reason, at in run.warnings
        )
        return Evaluation(value, warnings)


class Expression(Compiled):
    """A compiled expression."""

    __slots__ = ("code", "node")

    def __init__(self, text: str, names: Names, node: nodes.Node) -> None:
        self.node = node
        self.code = code_of(node, Scope(names, frozenset()))
        super().__init__(text, names)

    def evaluate(self, context: Mapping[str, Any]) -> Any:
        """The value in this context, of which only the names it reads are looked at."""
        return self.value(Outermost(context, Run()))

    def run(self, context: Mapping[str, Any]) -> Evaluation:
        """The value with its warnings."""
        run = Run()
        return self.evaluation(self.value(Outermost(context, run)), run)

    def value(self, environment: Environment) -> Any:
        """The value in an environment that several evaluations share, and with it their limits."""
        try:
            return _outgoing(self.code(environment))
        except RecursionError:
            raise FeelLimit("嵌套太深") from None


class Tests(Compiled):
    """The compiled unary tests of a cell."""

    __slots__ = ("node", "test")

    def __init__(self, text: str, names: Names, node: nodes.Tests) -> None:
        self.node = node
        self.test = test_of(node, Scope(names, frozenset({"?"})))
        super().__init__(text, names)

    def matches(self, value: Any, context: Mapping[str, Any]) -> bool | None:
        """Whether the value passes; None when that cannot be said."""
        return self.holds(tested(value, Outermost(context, Run())))

    def holds(self, environment: Environment) -> bool | None:
        """The same in an environment made by ``tested``."""
        try:
            return self.test(environment["?"], environment)
        except RecursionError:
            raise FeelLimit("嵌套太深") from None


def tested(value: Any, environment: Environment) -> Environment:
    """The environment with ``?`` for the value."""
    scope = Environment(environment, environment.run)
    scope["?"] = from_python(value)
    return scope


def _outgoing(value: Any) -> Any:
    """The value, if it is no larger than a list may be: it might hold one list a million times."""
    if type(value) is list or type(value) is dict:
        _count(value, MAX_ITEMS, MAX_NESTING)
    return value


def _count(value: Any, left: int, depth: int) -> int:
    left -= len(value)
    if left < 0 or depth < 0:
        raise FeelLimit("结果太大")
    for item in value.values() if type(value) is dict else value:
        if type(item) is list or type(item) is dict:
            left = _count(item, left, depth - 1)
    return left


def compile(  # noqa: A001  the word for it
    text: str,
    *,
    names: Collection[str] | None = None,
    phrases: Iterable[str] = (),
    types: Mapping[str, Type] | None = None,
) -> Expression:
    """The compiled text; raises ``FeelError`` with line and column.

    ``names`` are the variables there are: any other name is then an error, except in a filter,
    whose items have names of their own. ``phrases`` are names with spaces or signs that may follow
    a dot. ``types`` are item definitions for ``instance of`` and parameters.
    """
    if types is None:
        return _expression(text, _frozen(names), tuple(phrases))
    return _read(text, _frozen(names), tuple(phrases), types)


def unary_tests(
    text: str,
    *,
    names: Collection[str] | None = None,
    phrases: Iterable[str] = (),
    types: Mapping[str, Type] | None = None,
) -> Tests:
    """The compiled cell; see ``compile``."""
    if types is None:
        return _tests(text, _frozen(names), tuple(phrases))
    return _read_tests(text, _frozen(names), tuple(phrases), types)


def _frozen(names: Collection[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _read(
    text: str, names: frozenset[str] | None, phrases: tuple[str, ...], types: Mapping[str, Type]
) -> Expression:
    parser = _parser(text, names, phrases, types)
    try:
        return Expression(text, Names(text, names), parser.finish(parser.expression()))
    except RecursionError:
        raise FeelError("表达式嵌套太深") from None


def _read_tests(
    text: str, names: frozenset[str] | None, phrases: tuple[str, ...], types: Mapping[str, Type]
) -> Tests:
    parser = _parser(text, names, phrases, types)
    try:
        return Tests(text, Names(text, names), cell_syntax.cell(parser))
    except RecursionError:
        raise FeelError("表达式嵌套太深") from None


def _parser(
    text: str, names: frozenset[str] | None, phrases: tuple[str, ...], types: Mapping[str, Type]
) -> Parser:
    return Parser(text, _all_phrases(names or frozenset(), phrases), types)


@lru_cache(1024)
def _all_phrases(names: frozenset[str], phrases: tuple[str, ...]) -> Phrases:
    return phrases_of((*_PHRASES, *names, *phrases))


@lru_cache(8192)
def _expression(text: str, names: frozenset[str] | None, phrases: tuple[str, ...]) -> Expression:
    return _read(text, names, phrases, _NO_TYPES)


@lru_cache(8192)
def _tests(text: str, names: frozenset[str] | None, phrases: tuple[str, ...]) -> Tests:
    return _read_tests(text, names, phrases, _NO_TYPES)


def evaluate(text: str, context: Mapping[str, Any]) -> Any:
    """The value of a text; names with spaces are taken from the context where it is a ``dict``."""
    return compile(text, phrases=sorted(_phrases(context, set()))).evaluate(context)


_LOOKED_AT = 50
_LOOKED_INTO = 10


def _phrases(value: Any, found: set[str], depth: int = 0) -> set[str]:
    """The keys of plain dicts, some levels down, that are more than one word."""
    if type(value) is dict:
        found.update(key for key in value if type(key) is str and not key.isidentifier())
        value = list(value.values())
    if type(value) is list and depth < _LOOKED_INTO:
        for item in value[:_LOOKED_AT]:
            _phrases(item, found, depth + 1)
    return found
