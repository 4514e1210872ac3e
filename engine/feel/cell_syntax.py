"""Reads unary tests: the cell of a decision table and what stands after ``in`` (DMN 1.3 §10.3.1.2, 7-17)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.feel import nodes
from engine.feel.errors import FeelError
from engine.feel.nodes import Node

if TYPE_CHECKING:
    from engine.feel.parser import Parser

Test = nodes.SignTest | nodes.ValueTest
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
#: Binds like a comparison's right side.
_OPERAND = 31
_AFTER_PARENTHESIS = ("+", "-", "*", "/", "**", "[", ".")


def cell(parser: "Parser") -> nodes.Tests:
    """The whole text as a cell; ``-`` holds always."""
    at = parser.here.start
    after = parser.lexer.token(parser.here.end)
    if parser.at("-") and after.kind == "end":
        parser.next()
        return nodes.Tests(at, ())
    if parser.here.text == "not" and after.text == "(":
        return _not_or_call(parser, at)
    return parser.finish(nodes.Tests(at, _alternatives(parser)))


def _not_or_call(parser: "Parser", at: int) -> nodes.Tests:
    """``not(…)`` around all tests, or else an expression that begins with a call of ``not``."""
    start = parser.place
    try:
        parser.next()
        parser.next()
        parts = _alternatives(parser)
        parser.expect(")")
        return parser.finish(nodes.Tests(at, parts, negated=True))
    except FeelError as as_tests:
        parser.place = start
        try:
            return parser.finish(nodes.Tests(at, _alternatives(parser)))
        except FeelError as as_call:
            raise max(as_tests, as_call, key=lambda e: (e.line, e.column)) from None


def _alternatives(parser: "Parser") -> tuple[Test, ...]:
    parts = [_test(parser)]
    while parser.accept(","):
        parts.append(_test(parser))
    return tuple(parts)


def _test(parser: "Parser", power: int = 0) -> Test:
    at = parser.here.start
    sign = parser.accept(*_COMPARISONS)
    if sign:
        return nodes.SignTest(at, sign.text, parser.expression(_OPERAND))
    value, asks = _asking(parser, lambda: parser.expression(power))
    return nodes.ValueTest(at, value, asks)


def _asking(parser: "Parser", construct: Callable[[], Node]) -> tuple[Node, bool]:
    """The construct, and whether ``?`` stands in it."""
    outside, parser.asks = parser.asks, False
    node = construct()
    asks = parser.asks
    parser.asks = outside or asks
    return node, asks


def after_in(parser: "Parser") -> nodes.Tests:
    """One test, or several in brackets."""
    at = parser.here.start
    if not parser.accept("("):
        return nodes.Tests(at, (_test(parser, _OPERAND),))
    first = parser.enclosed(lambda: _test(parser))
    if isinstance(first, nodes.ValueTest):
        whole = _beyond_parenthesis(parser, at, first.value)
        if whole is not None:
            return nodes.Tests(at, (nodes.ValueTest(at, whole, first.asks),))
    parts = [first]
    while parser.accept(","):
        parts.append(parser.enclosed(lambda: _test(parser)))
    parser.expect(")")
    return nodes.Tests(at, tuple(parts))


def _beyond_parenthesis(parser: "Parser", at: int, inner: Node) -> Node | None:
    """The value that only begins with ``(inner``, or None when the bracket holds tests."""
    if parser.accept(".."):
        interval = parser.interval(at, inner, low_closed=False)
        return parser.operators(parser.postfix(interval), _OPERAND)
    if parser.at(")") and parser.lexer.token(parser.here.end).text in _AFTER_PARENTHESIS:
        parser.next()
        return parser.operators(parser.postfix(inner), _OPERAND)
    return None
