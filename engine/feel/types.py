"""FEEL types (DMN 1.3 §10.3.2.9): of ``instance of``, of parameters, of DMN's item definitions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from engine.feel.limits import Run
from engine.feel.temporal import ZULU
from engine.feel.values import KIND_NAMES, Function, LazyContext, Range, YearsMonths


class Type:
    """A set of values; null belongs to every type but is no instance of one."""

    def accepts(self, run: Run, value: Any) -> bool:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Simple(Type):
    """One of the built-in types, by its FEEL name."""

    name: str

    def accepts(self, run: Run, value: Any) -> bool:
        return KIND_NAMES.get(type(value)) == self.name


@dataclass(frozen=True, slots=True)
class Anything(Type):
    def accepts(self, run: Run, value: Any) -> bool:
        return value is not None


@dataclass(frozen=True, slots=True)
class OnlyNull(Type):
    def accepts(self, run: Run, value: Any) -> bool:
        return value is None


@dataclass(frozen=True, slots=True)
class AnyDuration(Type):
    def accepts(self, run: Run, value: Any) -> bool:
        return type(value) in (timedelta, YearsMonths)


@dataclass(frozen=True, slots=True)
class ListType(Type):
    item: Type

    def accepts(self, run: Run, value: Any) -> bool:
        if type(value) is not list:
            return False
        run.step(1 + len(value) // 10)
        return all(belongs(self.item, run, item) for item in value)


@dataclass(frozen=True, slots=True)
class RangeType(Type):
    item: Type

    def accepts(self, run: Run, value: Any) -> bool:
        if type(value) is not Range or (value.low is None and value.high is None):
            return False
        return belongs(self.item, run, value.low) and belongs(self.item, run, value.high)


@dataclass(frozen=True, slots=True)
class ContextType(Type):
    fields: Mapping[str, Type]

    def accepts(self, run: Run, value: Any) -> bool:
        if type(value) is not dict and type(value) is not LazyContext:
            return False
        run.step(1 + len(self.fields) // 10)
        return all(
            name in value and belongs(kind, run, value[name]) for name, kind in self.fields.items()
        )


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    parameters: tuple[Type, ...]

    def accepts(self, run: Run, value: Any) -> bool:
        if type(value) is not Function:
            return False
        return any(len(names) == len(self.parameters) for names in value.signatures)


@dataclass(frozen=True, slots=True)
class Restricted(Type):
    """A type of which only some values are allowed."""

    base: Type
    allowed: Callable[[Run, Any], bool] = field(compare=False)

    def accepts(self, run: Run, value: Any) -> bool:
        return self.base.accepts(run, value) and self.allowed(run, value)


@dataclass(frozen=True, slots=True)
class Later(Type):
    """A type that is looked up when first asked, since item definitions may name each other."""

    name: str
    known: Mapping[str, Type] = field(compare=False)

    def accepts(self, run: Run, value: Any) -> bool:
        found = self.known.get(self.name)
        return found is None or found.accepts(run, value)


def belongs(kind: Type, run: Run, value: Any) -> bool:
    """Whether a value may stand where this type is wanted; null always may."""
    return value is None or kind.accepts(run, value)


NAMED: dict[str, Type] = {name: Simple(name) for name in KIND_NAMES.values() if name != "null"} | {
    "Any": Anything(),
    "Null": OnlyNull(),
    "duration": AnyDuration(),
    "dateTime": Simple("date and time"),
    "dayTimeDuration": Simple("days and time duration"),
    "yearMonthDuration": Simple("years and months duration"),
}
_MOMENT = Simple("date and time")


class Misfit:
    """What ``coerced`` answers when nothing makes the value fit."""


MISFIT = Misfit()


def coerced(kind: Type, run: Run, value: Any) -> Any:
    """The value as this type (DMN 1.3 §10.3.2.9.4), or ``MISFIT``.

    A list of one and its item stand for each other; a date becomes its midnight in UTC.
    """
    if belongs(kind, run, value):
        return value
    if type(value) is list:
        if len(value) == 1 and belongs(kind, run, value[0]):
            return value[0]
    elif kind.accepts(run, [value]):
        return [value]
    if type(value) is date and kind.accepts(run, moment := midnight(value)):
        return moment
    return MISFIT


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZULU)
