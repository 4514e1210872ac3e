"""Reading one deployed TOML file: the keys it must have, and a sentence with the place when one is wrong."""

import tomllib
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from .faults import Refused, RulesInvalid

Node = Mapping[str, Any]
T = TypeVar("T")


def toml(name: str, text: str) -> Node:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesInvalid(f"“{name}”不是有效的 TOML 文件（{error}）") from error


def only(place: str, node: Node, known: Collection[str]) -> None:
    """A misspelt key must not be ignored."""
    if unknown := set(node) - set(known):
        raise RulesInvalid(f"“{place}”中有无法识别的项目“{min(unknown)}”")


def value(place: str, node: Node, key: str, kind: type[T], default: T | None = None) -> T:
    found = node.get(key, default)
    if found is None:
        raise RulesInvalid(f"“{place}”缺少“{key}”")
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        raise RulesInvalid(f"“{place}”的“{key}”类型不对")
    return found


def texts(place: str, node: Node, key: str) -> tuple[str, ...]:
    """A list of texts; absent means none."""
    found = value(place, node, key, list, [])
    if not all(isinstance(item, str) for item in found):
        raise RulesInvalid(f"“{place}”的“{key}”须全部是文字")
    return tuple(found)


def tables(place: str, node: Node, key: str) -> list[Node]:
    found = value(place, node, key, list)
    if not all(isinstance(item, dict) for item in found):
        raise RulesInvalid(f"“{place}”的“{key}”须逐项填写")
    return found


def understood(place: str, read: Callable[[Any], T], written: Any) -> T:
    """``read(written)``; what it refuses is a fault of the file, not of a case."""
    try:
        return read(written)
    except (Refused, ValueError, ArithmeticError) as error:
        raise RulesInvalid(f"“{place}”的“{written}”无法识别") from error
