"""Decision tables as a whole: gaps, overlaps, rows that never decide, values of the wrong type."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from engine import feel
from engine.dmn import compiling
from engine.dmn import definitions as dmn
from engine.dmn.check.atoms import Atom, atoms_of, constants_of
from engine.dmn.check.coverage import Region, Uncovered, is_hidden, overlap
from engine.dmn.check.finding import Finding, finding
from engine.dmn.compiling import Compiler
from engine.dmn.errors import DmnError, Place
from engine.dmn.model import Model
from engine.feel.types import MISFIT, Type, coerced

_ONE_RESULT = ("UNIQUE", "ANY", "FIRST", "PRIORITY")
_MOST_GAPS = 3
_MOST_OVERLAPS = 10


@dataclass(frozen=True, slots=True)
class Column:
    """An input column: its atoms, and for each cell the mask of what it accepts and if that is exact."""

    label: str
    place: Place
    atoms: list[Atom]
    cells: list[tuple[int, bool]]

    @property
    def everything(self) -> int:
        return (1 << max(1, len(self.atoms))) - 1


def findings(model: Model) -> Iterator[Finding]:
    for element in model.definitions.elements:
        if isinstance(element, dmn.Decision | dmn.Knowledge):
            compiler = model.compiler_of(element)
            for part in dmn.parts_of(element.logic):
                if isinstance(part, dmn.Table) and _readable(compiler, part):
                    yield from _of_table(compiler, part, _types(model, element, part))


def _readable(compiler: Compiler, table: dmn.Table) -> bool:
    """Whether every cell can be read; what cannot is told elsewhere."""
    try:
        compiling.table_of(compiler, table)
    except DmnError:
        return False
    sizes = {(len(rule.inputs), len(rule.outputs)) for rule in table.rules}
    return sizes == {(len(table.inputs), len(table.outputs))}


def _types(model: Model, element: dmn.Element, table: dmn.Table) -> list[Type | None]:
    """The type of each input: as written in its column, else of the input or parameter it names."""
    types = {each.name: each.type for each in model.definitions.elements if each.type}
    if isinstance(element, dmn.Knowledge) and element.logic:
        types |= {each.name: each.type for each in element.logic.parameters}
    names = [
        each.expression.type or types.get(each.expression.text.strip(), "") for each in table.inputs
    ]
    return [model.compiler.type(name) for name in names]


def _of_table(compiler: Compiler, table: dmn.Table, types: list[Type | None]) -> Iterator[Finding]:
    place = Place(compiler.place.decision, element=table.element)
    columns = []
    for n, (column, kind) in enumerate(zip(table.inputs, types, strict=True)):
        here = place.at_column(column.label)
        cells = [compiler.cell(rule.inputs[n]) for rule in table.rules]
        yield from _wrong_inputs(table, n, cells, kind, here)
        columns.append(_column(compiler, column, cells, kind, here))
    yield from _wrong_outputs(compiler, table, place)
    regions = [_region(number, columns) for number in range(1, len(table.rules) + 1)]
    yield from _never(table, columns, regions, place)
    yield from _overlaps(table, columns, regions, place)
    yield from _gaps(table, columns, regions, place)


# Columns and their cells


def _column(
    compiler: Compiler, column: dmn.Input, cells: list[feel.Tests], kind: Type | None, place: Place
) -> Column:
    constants = [constants_of(cell) for cell in cells]
    allowed = compiler.tests(column.values.text) if column.values.text.strip() else None
    listed = constants_of(allowed) if allowed else []
    named = [value for each in (*constants, listed) for value in each or ()]
    atoms = [
        atom
        for atom in atoms_of(named)
        if (allowed is None or listed is None or _accepts(allowed, atom) is True)
        and (kind is None or kind.accepts(feel.Run(), atom.value))
    ]
    return Column(
        column.label,
        place,
        atoms,
        [_mask(*pair, atoms) for pair in zip(cells, constants, strict=True)],
    )


def _mask(cell: feel.Tests, constants: list[Any] | None, atoms: list[Atom]) -> tuple[int, bool]:
    """The atoms a cell accepts; all of them, inexactly, when it asks for more than the value."""
    everything = (1 << max(1, len(atoms))) - 1
    if constants is None:
        return everything, False
    if not cell.node.parts:
        return everything, True
    return sum(1 << n for n, atom in enumerate(atoms) if _accepts(cell, atom) is True), True


def _accepts(tests: feel.Tests, atom: Atom) -> bool | None:
    try:
        return tests.matches(atom.value, {})
    except feel.FeelError:
        return None


def _region(number: int, columns: list[Column]) -> Region:
    cells = [column.cells[number - 1] for column in columns]
    return Region(number, tuple(mask for mask, _ in cells), all(exact for _, exact in cells))


def _situation(columns: list[Column], atoms: tuple[int | None, ...]) -> str:
    """In words, leaving out the columns where any value will do."""
    parts = [
        f"「{column.label}」{column.atoms[atom].words}"
        for column, atom in zip(columns, atoms, strict=True)
        if atom is not None and column.atoms and not _alike(column)
    ]
    return "、".join(parts) or "任何输入"


def _alike(column: Column) -> bool:
    return all(mask == column.everything for mask, _ in column.cells)


# Values of the wrong type


def _wrong_inputs(
    table: dmn.Table, n: int, cells: list[feel.Tests], kind: Type | None, place: Place
) -> Iterator[Finding]:
    for number, (rule, cell) in enumerate(zip(table.rules, cells, strict=True), 1):
        for value in constants_of(cell) or ():
            if kind is not None and coerced(kind, feel.Run(), value) is MISFIT:
                text = rule.inputs[n]
                here = place.at_row(number).at_column(table.inputs[n].label, text.element)
                sentence = f"{_shown(value)} 与这一列的类型不符，永远不会符合，请改写"
                yield finding(here, text.line, "dmn-type", sentence)


def _wrong_outputs(compiler: Compiler, table: dmn.Table, place: Place) -> Iterator[Finding]:
    for n, output in enumerate(table.outputs):
        kind = compiler.type(output.type)
        listed = compiler.tests(output.values.text) if output.values.text.strip() else None
        for number, rule in enumerate(table.rules, 1):
            text = rule.outputs[n]
            here = place.at_row(number).at_column(output.label, text.element)
            known, value = _constant_output(compiler, text)
            if not known or value is None:
                continue
            if kind is not None and coerced(kind, feel.Run(), value) is MISFIT:
                sentence = f"{_shown(value)} 与这一列的类型不符，结果会是空值，请改写"
                yield finding(here, text.line, "dmn-type", sentence)
            elif listed is not None and not listed.names and not listed.matches(value, {}):
                sentence = f"{_shown(value)} 不在这一列列出的取值里，请改写或补进去"
                yield finding(here, text.line, "dmn-output-values", sentence)


def _constant_output(compiler: Compiler, text: dmn.Text) -> tuple[bool, Any]:
    """Whether a cell always gives the same value, and which."""
    expression = compiler.optional(text)
    if expression is None or expression.names or "(" in text.text:
        return False, None
    try:
        found = expression.run({})
    except feel.FeelError:
        return False, None
    return not found.warnings, found.value


def _shown(value: Any) -> str:
    return f"「{value}」" if type(value) is str else feel.to_text(value)


# Rows against each other


def _never(
    table: dmn.Table, columns: list[Column], regions: list[Region], place: Place
) -> Iterator[Finding]:
    """Rows that nothing reaches: a cell that nothing fits, or earlier rows that take it all."""
    for region, rule in zip(regions, table.rules, strict=True):
        here = Place(place.decision, region.number, element=rule.element)
        line = rule.inputs[0].line if rule.inputs else table.line
        empty = [c.label for c, mask in zip(columns, region.masks, strict=True) if not mask]
        if empty:
            sentence = f"「{empty[0]}」没有任何值能符合，这一行永远不会用到，请改写"
            yield finding(here, line, "dmn-unreachable", sentence)
        elif table.hit_policy == "FIRST" and is_hidden(region, regions[: region.number - 1]):
            sentence = "上面的行已经包括了这一行的全部情形，它永远不会用到，请上移或删去"
            yield finding(here, line, "dmn-unreachable", sentence)


def _overlaps(
    table: dmn.Table, columns: list[Column], regions: list[Region], place: Place
) -> Iterator[Finding]:
    if table.hit_policy not in ("UNIQUE", "ANY"):
        return
    found = 0
    for first, second in combinations(regions, 2):
        common = overlap(first, second)
        if common is None or (table.hit_policy == "ANY" and _same_outputs(table, first, second)):
            continue
        rule = table.rules[second.number - 1]
        here = Place(place.decision, second.number, element=rule.element)
        line = rule.inputs[0].line if rule.inputs else table.line
        sentence = (
            f"与第{first.number}行重叠（{_situation(columns, common)}），而命中策略 "
            f"{table.hit_policy} 不允许，请改写条件或改用 FIRST"
        )
        yield finding(here, line, "dmn-overlap", sentence)
        found += 1
        if found >= _MOST_OVERLAPS:
            return


def _same_outputs(table: dmn.Table, first: Region, second: Region) -> bool:
    a, b = (table.rules[region.number - 1].outputs for region in (first, second))
    return [cell.text.strip() for cell in a] == [cell.text.strip() for cell in b]


def _gaps(
    table: dmn.Table, columns: list[Column], regions: list[Region], place: Place
) -> Iterator[Finding]:
    has_default = any(output.default.text.strip() for output in table.outputs)
    if table.hit_policy not in _ONE_RESULT or has_default:
        return
    space = tuple(column.everything for column in columns)
    for atoms in Uncovered(space, regions, _MOST_GAPS).search():
        sentence = f"没有一行适用于这种情形：{_situation(columns, atoms)}，结果会是空值，请补一行或填写默认输出"
        yield finding(place, table.line, "dmn-gap", sentence, warning=True)
