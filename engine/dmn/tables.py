"""Decision tables: which rows apply, and what the hit policy makes of them (DMN 1.3 §8.2.8, §10.3.2.13)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine import feel
from engine.dmn import definitions as dmn
from engine.dmn.errors import DmnError, Place, placed
from engine.dmn.types import fitted
from engine.feel import Environment
from engine.feel.builtins import BUILTINS
from engine.feel.cells import Test
from engine.feel.comparison import same
from engine.feel.types import Type

#: Ranks behind everything that the output values name.
_LAST = 1_000_000
_AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")


@dataclass(frozen=True, slots=True)
class Column:
    """An input: how its value is found and what may come in."""

    label: str
    place: Place
    expression: feel.Expression
    type: Type | None
    allowed: feel.Tests | None


@dataclass(frozen=True, slots=True)
class Result:
    """An output: its name, and the order of its values where they are listed."""

    name: str
    label: str
    type: Type | None
    order: feel.Expression | None
    default: feel.Expression | None


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    #: The number of the column and its test, for the cells that ask anything.
    tests: tuple[tuple[int, Test], ...]
    values: tuple[feel.Expression | None, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``rows`` are the numbers of the rows that apply, those that decide first."""

    value: Any
    rows: tuple[int, ...] = ()
    inputs: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled decision table."""

    place: Place
    hit_policy: str
    aggregation: str
    columns: tuple[Column, ...]
    results: tuple[Result, ...]
    rows: tuple[Row, ...]

    def decide(self, env: Environment) -> Outcome:
        inputs = [self._input(column, env) for column in self.columns]
        hits = self._hits(inputs, env)
        shown = tuple(zip((column.label for column in self.columns), inputs, strict=True))
        if not hits:
            return Outcome(self._without_hit(env), (), shown)
        found = [
            (row.number, self._together(row.values, env, self.place.at_row(row.number)))
            for row in hits
        ]
        value, rows = _POLICIES[self.hit_policy](self, found, env)
        return Outcome(value, rows, shown)

    def _input(self, column: Column, env: Environment) -> Any:
        with placed(column.place):
            value = column.expression.value(env)
            value = fitted(column.type, env.run, value, f"{column.place}")
            if column.allowed is None or value is None:
                return value
            if column.allowed.holds(feel.tested(value, env)) is not True:
                raise DmnError(f"值 {feel.to_text(value)} 不在允许的取值里", column.place)
            return value

    def _hits(self, inputs: list[Any], env: Environment) -> list[Row]:
        """The rows whose every cell holds, in order; only the first where that decides."""
        scopes = [feel.tested(value, env) for value in inputs]
        hits: list[Row] = []
        row, column = None, 0
        try:
            for row in self.rows:
                for column, test in row.tests:
                    if test(inputs[column], scopes[column]) is not True:
                        break
                else:
                    hits.append(row)
                    if self.hit_policy == "FIRST":
                        break
        except feel.FeelError as error:
            place = self.columns[column].place
            raise DmnError(error.reason, place.at_row(row.number) if row else place) from error
        return hits

    def _without_hit(self, env: Environment) -> Any:
        defaults = [result.default for result in self.results]
        if any(default is not None for default in defaults):
            return self._together(defaults, env, self.place)
        if self.hit_policy == "COLLECT":
            return {"": [], "COUNT": Decimal(0)}.get(self.aggregation)
        return None

    def _together(
        self, cells: Sequence[feel.Expression | None], env: Environment, place: Place
    ) -> Any:
        """The value of a single output, or a context of several."""
        values = {}
        for result, cell in zip(self.results, cells, strict=True):
            here = place.at_column(result.label)
            with placed(here):
                value = None if cell is None else cell.value(env)
            values[result.name] = fitted(result.type, env.run, value, f"{here}")
        return values if len(self.results) > 1 else next(iter(values.values()), None)

    def ranked(self, found: "Hits", env: Environment) -> "Hits":
        """By the order of the listed output values, the first output first."""
        with placed(self.place):
            orders = [result.order.value(env) if result.order else [] for result in self.results]
        if not any(orders) and len(found) > 1:
            reason = "命中策略要求列出输出值的先后次序，请在输出列里填写可能的取值"
            raise DmnError(reason, self.place)

        def rank(hit: tuple[int, Any]) -> list[int]:
            values = [hit[1]] if len(self.results) == 1 else list(hit[1].values())
            return [_rank(env.run, order, v) for order, v in zip(orders, values, strict=True)]

        return sorted(found, key=rank)


#: Numbers of rows with what they give.
Hits = list[tuple[int, Any]]
_Policy = Callable[[Table, Hits, Environment], tuple[Any, tuple[int, ...]]]


def _rank(run: feel.Run, order: list[Any], value: Any) -> int:
    if not order:
        return 0
    return next((n for n, listed in enumerate(order) if same(run, listed, value)), _LAST)


def _numbers(found: Hits) -> tuple[int, ...]:
    return tuple(number for number, _ in found)


def _unique(table: Table, found: Hits, env: Environment) -> tuple[Any, tuple[int, ...]]:
    if len(found) > 1:
        rows = "、".join(str(number) for number, _ in found)
        raise DmnError(f"第{rows}行同时符合，而命中策略只许一行符合", table.place)
    return found[0][1], _numbers(found)


def _any(table: Table, found: Hits, env: Environment) -> tuple[Any, tuple[int, ...]]:
    first = found[0][1]
    for number, value in found[1:]:
        if not same(env.run, first, value) and not (first is None and value is None):
            reason = f"第{found[0][0]}行与第{number}行同时符合，输出却不一样"
            raise DmnError(reason, table.place)
    return first, _numbers(found)


def _first(table: Table, found: Hits, env: Environment) -> tuple[Any, tuple[int, ...]]:
    return found[0][1], _numbers(found)


def _priority(table: Table, found: Hits, env: Environment) -> tuple[Any, tuple[int, ...]]:
    return _first(table, table.ranked(found, env), env)


def _all(table: Table, found: Hits, env: Environment) -> tuple[Any, tuple[int, ...]]:
    return [value for _, value in found], _numbers(found)


def _output_order(table: Table, found: Hits, env: Environment) -> tuple[Any, tuple[int, ...]]:
    return _all(table, table.ranked(found, env), env)


def _collect(table: Table, found: Hits, env: Environment) -> tuple[Any, tuple[int, ...]]:
    values, rows = _all(table, found, env)
    if not table.aggregation:
        return values, rows
    if table.aggregation == "COUNT":
        return Decimal(len(values)), rows
    if len(table.results) > 1:
        raise DmnError("有多个输出列的表不能汇总", table.place)
    aggregate = BUILTINS[table.aggregation.lower()].call
    return aggregate(env.run, values), rows


_POLICIES: dict[str, _Policy] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "COLLECT": _collect,
    "RULE ORDER": _all,
    "OUTPUT ORDER": _output_order,
}


def check_policy(table: dmn.Table, place: Place) -> None:
    """Raises for a hit policy or aggregation that DMN does not know."""
    if table.hit_policy not in _POLICIES:
        raise DmnError(f"不认识命中策略 {table.hit_policy}", place)
    if table.aggregation and table.aggregation not in _AGGREGATIONS:
        raise DmnError(f"不认识汇总方式 {table.aggregation}", place)
