"""Reads the name of a type, as after ``instance of``: ``number``, ``list<string>``, ``context<a: date>``."""

from typing import TYPE_CHECKING

from engine.feel import types
from engine.feel.types import Type

if TYPE_CHECKING:
    from engine.feel.parser import Parser

_ARROW_END = ">"


def read(parser: "Parser") -> Type:
    return parser.deeper(lambda: _type(parser))


def _type(parser: "Parser") -> Type:
    token = parser.next()
    if token.kind not in ("name", "keyword"):
        parser.fail("这里应当是一个类型", token)
    name = token.text
    while parser.accept("."):
        name += "." + parser.next().text
    if parser.at("<"):
        parameterised = _PARAMETERISED.get(name)
        if parameterised is not None:
            parser.next()
            return parameterised(parser)
    known = parser.types.get(name) or types.NAMED.get(name)
    return known or types.Simple(name)


def _list(parser: "Parser") -> Type:
    item = read(parser)
    parser.expect(_ARROW_END)
    return types.ListType(item)


def _range(parser: "Parser") -> Type:
    item = read(parser)
    parser.expect(_ARROW_END)
    return types.RangeType(item)


def _context(parser: "Parser") -> Type:
    fields: dict[str, Type] = {}
    while not parser.accept(_ARROW_END):
        if fields:
            parser.expect(",")
        name = parser.new_name(":")
        parser.expect(":")
        fields[name] = read(parser)
    return types.ContextType(fields)


def _function(parser: "Parser") -> Type:
    parameters: list[Type] = []
    while not parser.accept(_ARROW_END):
        if parameters:
            parser.expect(",")
        parameters.append(read(parser))
    parser.expect("->")
    read(parser)
    return types.FunctionType(tuple(parameters))


_PARAMETERISED = {"list": _list, "range": _range, "context": _context, "function": _function}
