"""The values of a column that its cells can tell apart, each with one value to stand for it.

Between two neighbouring numbers that cells name, all values are alike to every cell; so is every
text that no cell names. A cell is then known by the atoms it accepts, found by asking the cell
itself: the check can never mean something else than the engine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine import feel
from engine.feel import nodes
from engine.feel.compiler import code_of
from engine.feel.scope import Names, Scope
from engine.feel.values import NUMBERS, Range, YearsMonths

_OTHER_TEXT = "（其他）"
_DAY = timedelta(days=1)
_CLOCK_READERS = ("now", "today")


@dataclass(frozen=True, slots=True)
class Atom:
    """Values that all cells treat alike; ``words`` complete a sentence after the column's name."""

    value: Any
    words: str


def constants_of(tests: feel.Tests) -> list[Any] | None:
    """The values that a cell compares with; None when it depends on more than the tested value."""
    if tests.names or any(f"{name}(" in tests.text for name in _CLOCK_READERS):
        return None
    found: list[Any] = []
    for part in tests.node.parts:
        if isinstance(part, nodes.ValueTest) and part.asks:
            return None
        node = part.value if isinstance(part, nodes.ValueTest) else part.bound
        value = _constant(node, tests.text)
        if isinstance(part, nodes.SignTest) and type(value) is str and part.sign not in ("=", "!="):
            return None  # texts in alphabetical order are not told apart here
        found.extend(_scalars(value))
    return found


def _constant(node: nodes.Node, text: str) -> Any:
    code = code_of(node, Scope(Names(text, None), frozenset()))
    try:
        return code(feel.Outermost({}, feel.Run()))
    except feel.FeelError:
        return None


def _scalars(value: Any) -> list[Any]:
    if type(value) is list:
        return [scalar for item in value for scalar in _scalars(item)]
    if type(value) is Range:
        return [end for end in (value.low, value.high) if end is not None]
    return [value]


def atoms_of(constants: list[Any]) -> list[Atom]:
    """The atoms of a column whose cells name these values."""
    atoms: list[Atom] = []
    for kind in dict.fromkeys(type(value) for value in constants if value is not None):
        values = [value for value in constants if type(value) is kind]
        atoms.extend(_ATOMS.get(kind, _named)(values))
    return atoms


def _named(values: list[Any]) -> list[Atom]:
    return [Atom(value, f"等于 {feel.to_text(value)}") for value in _unique(values)]


def _texts(values: list[Any]) -> list[Atom]:
    named = [Atom(value, f"为「{value}」") for value in _unique(values)]
    return [*named, Atom(_OTHER_TEXT, "为表中没有写到的值")]


def _truths(values: list[Any]) -> list[Atom]:
    return [Atom(value, f"为 {feel.to_text(value)}") for value in (True, False)]


def _unique(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


@dataclass(frozen=True, slots=True)
class _Order:
    """How to step beyond and between values of one kind; None where nothing lies there."""

    before: Callable[[Any], Any]
    between: Callable[[Any, Any], Any]
    after: Callable[[Any], Any]

    def atoms(self, values: list[Any]) -> list[Atom]:
        try:
            ordered = sorted(_unique(values))
        except TypeError:  # moments with and without a zone
            return _named(values)
        shown = [feel.to_text(value) for value in ordered]
        atoms = [Atom(self.before(ordered[0]), f"小于 {shown[0]}")]
        for n, value in enumerate(ordered):
            atoms.append(Atom(value, f"等于 {shown[n]}"))
            if n + 1 < len(ordered):
                inner = self.between(value, ordered[n + 1])
                atoms.append(Atom(inner, f"在 {shown[n]} 与 {shown[n + 1]} 之间"))
        atoms.append(Atom(self.after(ordered[-1]), f"大于 {shown[-1]}"))
        return [atom for atom in atoms if atom.value is not None]


def _middle_day(first: date, second: date) -> date | None:
    days = (second - first).days
    return first + _DAY * (days // 2) if days > 1 else None


def _middle_months(first: YearsMonths, second: YearsMonths) -> YearsMonths | None:
    apart = second.months - first.months
    return YearsMonths(first.months + apart // 2) if apart > 1 else None


def _or_none(step: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """None at the ends of the calendar."""

    def stepped(value: Any) -> Any:
        try:
            return step(value)
        except OverflowError:
            return None

    return stepped


_ATOMS: dict[type, Callable[[list[Any]], list[Atom]]] = {
    str: _texts,
    bool: _truths,
    Decimal: _Order(
        lambda n: NUMBERS.subtract(n, Decimal(1)),
        lambda a, b: NUMBERS.divide(NUMBERS.add(a, b), Decimal(2)),
        lambda n: NUMBERS.add(n, Decimal(1)),
    ).atoms,
    date: _Order(_or_none(lambda d: d - _DAY), _middle_day, _or_none(lambda d: d + _DAY)).atoms,
    datetime: _Order(
        _or_none(lambda d: d - _DAY), lambda a, b: a + (b - a) / 2, _or_none(lambda d: d + _DAY)
    ).atoms,
    timedelta: _Order(lambda d: d - _DAY, lambda a, b: a + (b - a) / 2, lambda d: d + _DAY).atoms,
    YearsMonths: _Order(
        lambda d: YearsMonths(d.months - 1), _middle_months, lambda d: YearsMonths(d.months + 1)
    ).atoms,
    time: _named,
}
