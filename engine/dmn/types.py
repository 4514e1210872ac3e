"""The types of a DMN file: item definitions as FEEL types (DMN 1.3 §7.3.3)."""

from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.dmn.definitions import ItemDefinition
from engine.feel import types
from engine.feel.types import Type


def types_of(items: tuple[ItemDefinition, ...]) -> dict[str, Type]:
    """The file's types by name. They may name each other, in any order."""
    known: dict[str, Type] = {}
    for item in items:
        known[item.name] = _type(item, known)
    return known


def _type(item: ItemDefinition, known: Mapping[str, Type]) -> Type:
    kind = _base(item, known)
    if item.allowed.text.strip():
        kind = _restricted(kind, item.allowed.text)
    return types.ListType(kind) if item.collection else kind


def _base(item: ItemDefinition, known: Mapping[str, Type]) -> Type:
    if item.function:
        return types.NAMED["function"]
    if item.components:
        return types.ContextType({part.name: _type(part, known) for part in item.components})
    return named(item.type, known)


def _restricted(kind: Type, text: str) -> Type:
    try:
        tests = feel.unary_tests(text)
    except feel.FeelError:
        return kind  # the findings tell it; a type that nothing fits would only hide the place

    def allowed(run: feel.Run, value: Any) -> bool:
        return tests.holds(feel.tested(value, feel.Outermost({}, run))) is True

    return types.Restricted(kind, allowed)


def named(name: str, known: Mapping[str, Type]) -> Type:
    """The type of this name; any value where the name is empty or nobody's."""
    return types.NAMED.get(name) or types.Later(name, known)


def fitted(kind: Type | None, run: feel.Run, value: Any, what: str) -> Any:
    """The value as this type; null with a warning when it cannot be."""
    if kind is None or value is None:
        return value
    fitting = types.coerced(kind, run, value)
    if fitting is types.MISFIT:
        run.warn(f"{what}的值与规定的类型不符，按空值处理")
        return None
    return fitting
