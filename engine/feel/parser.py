"""A Pratt parser: text to nodes, without ever going back (DMN 1.3 §10.3.1.2)."""

import re
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeVar

from engine.feel import cell_syntax, nodes, temporal, type_syntax
from engine.feel.errors import FeelError
from engine.feel.lexer import Lexer, Phrases, Token, unescaped
from engine.feel.limits import MAX_CHAIN, MAX_NESTING
from engine.feel.nodes import Node
from engine.feel.types import Type
from engine.feel.values import NUMBERS

_OR, _AND, COMPARE, _ADD, _MULTIPLY, _POWER, _INSTANCE, _NEGATE = 10, 20, 30, 40, 50, 60, 65, 70
_ARITHMETIC = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}
Construct = TypeVar("Construct")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_CONSTANTS = {"true": True, "false": False, "null": None}
#: What can only begin a value, so that ``[`` before it opens a filter and does not end a range.
_VALUE_STARTS = ("(", "[", "{", "@", "-")
_OPENING_KEYWORDS = ("if", "for", "some", "every", "function", "true", "false", "null")
_ARGUMENT_NAME = re.compile(r'\s*([^"()\[\]{},:<>=]+):')


class Parser:
    """Holds the place in the text; each method reads one construct and leaves the place behind it."""

    def __init__(self, text: str, phrases: Phrases, types: Mapping[str, Type]) -> None:
        self.lexer = Lexer(text, phrases)
        self.types = types
        self.place = 0
        self._nesting = 0
        #: Whether ``?`` was read.
        self.asks = False
        self._in_range_end = False

    # The tokens

    @property
    def here(self) -> Token:
        return self.lexer.token(self.place)

    def next(self) -> Token:
        token = self.here
        self.place = token.end
        return token

    def at(self, *texts: str) -> bool:
        token = self.here
        return token.text in texts and token.kind in ("sign", "keyword")

    def accept(self, *texts: str) -> Token | None:
        return self.next() if self.at(*texts) else None

    def expect(self, text: str) -> Token:
        return self.next() if self.at(text) else self.fail(f"这里应当是「{text}」")

    def fail(self, reason: str, token: Token | None = None) -> NoReturn:
        token = token or self.here
        found = "却已到结尾" if token.kind == "end" else f"却是「{token.text}」"
        raise FeelError.at(f"{reason}，{found}", self.lexer.text, token.start)

    def finish(self, result: Construct) -> Construct:
        """The result, if nothing is left of the text."""
        if self.here.kind != "end":
            self.fail("表达式到此应当结束")
        return result

    def deeper(self, construct: Callable[[], Construct]) -> Construct:
        """Read a construct, one level further down."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise FeelError.at("表达式嵌套太深", self.lexer.text, self.here.start)
        try:
            return construct()
        finally:
            self._nesting -= 1

    def enclosed(self, construct: Callable[[], Construct]) -> Construct:
        """Read a construct inside brackets, where no range of the outside can end."""
        outside, self._in_range_end = self._in_range_end, False
        try:
            return construct()
        finally:
            self._in_range_end = outside

    def new_name(self, *stops: str) -> str:
        """A name being introduced: everything up to a stop; it may have spaces and signs."""
        start = self.here
        end = start.start
        while self.here.kind != "end" and not (self.at(*stops) and end > start.start):
            if self.here.kind == "sign" and self.here.text in "()[]{},:":
                self.fail("这里应当是一个名称")
            end = self.next().end
        name = " ".join(self.lexer.text[start.start : end].split())
        if not name:
            self.fail("这里应当是一个名称")
        self.lexer.declare(name)
        return name

    # Operators

    def expression(self, power: int = 0) -> Node:
        return self.deeper(lambda: self.operators(self._operand(), power))

    def _operand(self) -> Node:
        if self.at("-"):
            token = self.next()
            return nodes.Negation(token.start, self.expression(_NEGATE))
        return self.postfix(self._primary())

    def operators(self, left: Node, power: int) -> Node:
        """Everything after an operand that binds at least as strongly as ``power``."""
        for _ in range(MAX_CHAIN):
            token = self.here
            binding = self._binding(token)
            if binding is None or binding < power:
                return left
            self.next()
            left = self._operator(token, binding, left)
        raise FeelError.at("连写的运算太多，请分开写", self.lexer.text, self.here.start)

    @staticmethod
    def _binding(token: Token) -> int | None:
        if token.kind == "sign":
            return COMPARE if token.text in COMPARISONS else _ARITHMETIC.get(token.text)
        if token.kind == "keyword":
            words = {"or": _OR, "and": _AND, "between": COMPARE, "in": COMPARE}
            return _INSTANCE if token.text == "instance" else words.get(token.text)
        return None

    def _operator(self, token: Token, binding: int, left: Node) -> Node:  # noqa: PLR0911
        match token.text:
            case "or":
                return nodes.Disjunction(token.start, self._parts("or", left, _OR))
            case "and":
                return nodes.Conjunction(token.start, self._parts("and", left, _AND))
            case "between":
                low = self.expression(COMPARE + 1)
                self.expect("and")
                return nodes.Between(token.start, left, low, self.expression(COMPARE + 1))
            case "in":
                return nodes.In(token.start, left, cell_syntax.after_in(self))
            case "instance":
                self.expect("of")
                return nodes.InstanceOf(token.start, left, type_syntax.read(self))
        right = self.expression(binding + 1)
        if token.text in _ARITHMETIC:
            return nodes.Arithmetic(token.start, token.text, left, right)
        return nodes.Comparison(token.start, token.text, left, right)

    def _parts(self, word: str, first: Node, binding: int) -> tuple[Node, ...]:
        parts = [first, self.expression(binding + 1)]
        while self.accept(word):
            parts.append(self.expression(binding + 1))
        return tuple(parts)

    def postfix(self, node: Node) -> Node:
        for _ in range(MAX_CHAIN):
            if self.at("."):
                self.next()
                token = self.next()
                if token.kind not in ("name", "keyword"):
                    self.fail("点号后面应当是一个名称", token)
                node = nodes.Path(token.start, node, token.text)
            elif self.at("("):
                node = self._call(node)
            elif self.at("[") and not (self._in_range_end and self._closes_range()):
                token = self.next()
                condition = self.enclosed(self.expression)
                self.expect("]")
                node = nodes.Filter(token.start, node, condition)
            else:
                return node
        raise FeelError.at("连写的层级太多，请分开写", self.lexer.text, self.here.start)

    def _closes_range(self) -> bool:
        """Whether ``[`` ends a range, as in ``]1..5[``, since no value follows it."""
        after = self.lexer.token(self.here.end)
        if after.kind == "keyword":
            return after.text not in _OPENING_KEYWORDS
        return after.kind == "end" or (after.kind == "sign" and after.text not in _VALUE_STARTS)

    def _call(self, function: Node) -> Node:
        opening = self.next()
        names: list[str] = []
        arguments: list[Node] = []
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            named = _ARGUMENT_NAME.match(self.lexer.text, self.place)
            if named:
                names.append(" ".join(named[1].split()))
                self.place = named.end()
            arguments.append(self.enclosed(self.expression))
        if names and len(names) != len(arguments):
            reason = "参数要么全部写名称，要么全部不写"
            raise FeelError.at(reason, self.lexer.text, opening.start)
        return nodes.Call(function.at, function, tuple(arguments), tuple(names) if names else None)

    # Operands

    def _primary(self) -> Node:
        token = self.next()
        match token.kind:
            case "number":
                return nodes.Literal(token.start, NUMBERS.create_decimal(token.text))
            case "string":
                return nodes.Literal(token.start, unescaped(token.text[1:-1]))
            case "name":
                self.asks = self.asks or token.text == "?"
                return nodes.Name(token.start, token.text)
        if token.text in _CONSTANTS and token.kind == "keyword":
            return nodes.Literal(token.start, _CONSTANTS[token.text])
        reader = _CONSTRUCTS.get(token.text) if token.kind in ("sign", "keyword") else None
        if reader is None:
            self.fail("这里应当是一个值", token)
        if token.text in _BRACKETS:
            return self.enclosed(lambda: reader(self, token.start))
        return reader(self, token.start)

    def _parenthesis(self, at: int) -> Node:
        if self.at(*COMPARISONS):
            sign = self.next().text
            bound = self.expression(COMPARE + 1)
            self.expect(")")
            return nodes.UnaryInterval(at, sign, bound)
        inner = self.expression()
        if self.accept(".."):
            return self.interval(at, inner, low_closed=False)
        self.expect(")")
        return inner

    def _bracket(self, at: int) -> Node:
        items: list[Node] = []
        while not self.accept("]"):
            if items:
                self.expect(",")
            items.append(self._item())
            if len(items) == 1 and self.accept(".."):
                return self.interval(at, items[0], low_closed=True)
        return nodes.ListOf(at, tuple(items))

    def _item(self) -> Node:
        sign = self.accept("<", "<=", ">", ">=")
        item = self.expression()
        return nodes.UnaryInterval(sign.start, sign.text, item) if sign else item

    def _open_interval(self, at: int) -> Node:
        low = self.expression(COMPARE + 1)
        self.expect("..")
        return self.interval(at, low, low_closed=False)

    def interval(self, at: int, low: Node, *, low_closed: bool) -> Node:
        outside, self._in_range_end = self._in_range_end, True
        try:
            high = self.expression(COMPARE + 1)
        finally:
            self._in_range_end = outside
        end = self.accept(")", "[", "]")
        if end is None:
            self.fail("区间没有结束，这里应当是「]」或「)」")
        return nodes.Interval(at, low, high, low_closed, end.text == "]")

    def _context(self, at: int) -> Node:
        entries: list[tuple[str, Node]] = []
        while not self.accept("}"):
            if entries:
                self.expect(",")
            if self.here.kind == "string":
                key = unescaped(self.next().text[1:-1])
                self.lexer.declare(key)
            else:
                key = self.new_name(":")
            self.expect(":")
            entries.append((key, self.expression()))
        return nodes.ContextOf(at, tuple(entries))

    def _temporal_literal(self, at: int) -> Node:
        token = self.next()
        if token.kind != "string":
            self.fail("@ 后面应当是放在英文双引号里的日期、时刻或时长", token)
        return nodes.Literal(at, temporal.read(unescaped(token.text[1:-1])))

    def _if(self, at: int) -> Node:
        condition = self.enclosed(self.expression)
        self.expect("then")
        then = self.enclosed(self.expression)
        self.expect("else")
        return nodes.If(at, condition, then, self.expression())

    def _for(self, at: int) -> Node:
        self.lexer.declare("partial")
        return nodes.For(at, self._iterators("return"), self.expression())

    def _quantified(self, at: int) -> Node:
        some = self.lexer.text.startswith("some", at)
        return nodes.Quantified(at, some, self._iterators("satisfies"), self.expression())

    def _iterators(self, last: str) -> tuple[nodes.Iterator, ...]:
        iterators: list[nodes.Iterator] = []
        while True:
            at = self.here.start
            name = self.new_name("in")
            self.expect("in")
            source = self.enclosed(self.expression)
            end = self.enclosed(self.expression) if self.accept("..") else None
            iterators.append(nodes.Iterator(at, name, source, end))
            if self.accept(last):
                return tuple(iterators)
            if not self.accept(","):
                self.fail(f"这里应当是「{last}」")

    def _function(self, at: int) -> Node:
        self.expect("(")
        parameters: list[str] = []
        types: list[Type | None] = []
        while not self.accept(")"):
            if parameters:
                self.expect(",")
            parameters.append(self.new_name(":", ",", ")"))
            types.append(type_syntax.read(self) if self.accept(":") else None)
        if self.accept("external"):
            self.expression()
            return nodes.FunctionOf(at, tuple(parameters), tuple(types), None)
        return nodes.FunctionOf(at, tuple(parameters), tuple(types), self.expression())


_CONSTRUCTS: dict[str, Callable[[Parser, int], Node]] = {
    "(": Parser._parenthesis,
    "[": Parser._bracket,
    "]": Parser._open_interval,
    "{": Parser._context,
    "@": Parser._temporal_literal,
    "if": Parser._if,
    "for": Parser._for,
    "some": Parser._quantified,
    "every": Parser._quantified,
    "function": Parser._function,
}
_BRACKETS = frozenset("([]{")
