"""Every FEEL text of a file: whether it can be read, and whether the names in it exist."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from engine import feel
from engine.dmn import definitions as dmn
from engine.dmn.check.finding import Finding
from engine.dmn.errors import Place
from engine.dmn.model import Model


@dataclass(frozen=True, slots=True)
class Written:
    """A text with its place; ``local`` are the names introduced around it."""

    text: dmn.Text
    place: Place
    local: frozenset[str]
    #: Unary tests rather than an expression.
    tests: bool = False
    #: In a filter, whose items have names of their own.
    loose: bool = False


def findings(model: Model, names: Collection[str] | None) -> Iterator[Finding]:
    elements = model.definitions.elements
    inputs = any(isinstance(element, dmn.InputData) for element in elements)
    provided = frozenset(names or ()) | {element.name for element in elements}
    provided |= {each.name for each in model.definitions.imports}
    known = provided if names is not None or inputs else None
    for element in elements:
        if isinstance(element, dmn.Decision | dmn.Knowledge):
            compiler = model.compiler_of(element)
            for written in texts_of(element.logic, compiler.place, frozenset()):
                fault = _fault(model, compiler.phrases, written, known)
                if fault:
                    # Without the host's names a missing one may still be there when it runs.
                    yield fault if names is not None else _softened(fault)
    for item in model.definitions.types:
        yield from _allowed(model, item, model.compiler.phrases)


def _fault(
    model: Model, phrases: tuple[str, ...], written: Written, known: frozenset[str] | None
) -> Finding | None:
    if not written.text.text.strip():
        return None
    compile = feel.unary_tests if written.tests else feel.compile  # noqa: A001
    names = None if known is None or written.loose else known | written.local
    try:
        compile(written.text.text, phrases=phrases, types=model.types)
    except feel.FeelError as error:
        return _finding(written, "dmn-feel", error)
    try:
        compile(written.text.text, names=names, phrases=phrases, types=model.types)
    except feel.FeelError as error:
        return _finding(written, "dmn-unknown-name", error)
    return None


def _finding(written: Written, rule: str, error: feel.FeelError) -> Finding:
    inside = f"（{error.line}:{error.column}）" if error.line > 1 else f"（第{error.column}个字符）"
    place = replace(written.place, element=written.text.element or written.place.element)
    message = f"{place}：{error.reason}{inside}，请改正。"
    return Finding(
        place.element, rule, "error", message, written.text.line, error.line, error.column
    )


def _softened(fault: Finding) -> Finding:
    return replace(fault, severity="warning") if fault.rule == "dmn-unknown-name" else fault


def _allowed(model: Model, item: dmn.ItemDefinition, phrases: tuple[str, ...]) -> Iterator[Finding]:
    place = Place(item.name, element=item.allowed.element)
    fault = _fault(model, phrases, Written(item.allowed, place, frozenset(), tests=True), None)
    if fault:
        yield fault
    for component in item.components:
        yield from _allowed(model, component, phrases)


def texts_of(logic: dmn.Logic | None, place: Place, local: frozenset[str]) -> Iterator[Written]:
    """The texts of a logic and of everything in it, with the names known to each."""
    if logic is None:
        return
    reader = _TEXTS.get(type(logic))
    if reader is not None:
        yield from reader(logic, place, local)
        return
    for part in dmn.inside(logic):
        yield from texts_of(part, place, local)


def _of_text(text: dmn.Text, place: Place, local: frozenset[str]) -> Iterator[Written]:
    yield Written(text, place, local)


def _of_context(context: dmn.Context, place: Place, local: frozenset[str]) -> Iterator[Written]:
    for entry, value in context.entries:
        local |= {entry.name}
        yield from texts_of(value, place.at_column(entry.name), local)
    yield from texts_of(context.result, place, local)


def _of_function(
    function: dmn.FunctionDefinition, place: Place, local: frozenset[str]
) -> Iterator[Written]:
    parameters = {parameter.name for parameter in function.parameters}
    yield from texts_of(function.body, place, local | parameters)


def _of_filter(part: dmn.BoxedFilter, place: Place, local: frozenset[str]) -> Iterator[Written]:
    yield from texts_of(part.source, place, local)
    for written in texts_of(part.match, place, local):
        yield replace(written, loose=True)


def _of_loop(loop: dmn.BoxedLoop, place: Place, local: frozenset[str]) -> Iterator[Written]:
    yield from texts_of(loop.source, place, local)
    yield from texts_of(loop.body, place, local | {loop.variable, "partial"})


def _of_relation(relation: dmn.Relation, place: Place, local: frozenset[str]) -> Iterator[Written]:
    for number, row in enumerate(relation.rows, 1):
        for cell in row:
            yield from texts_of(cell, place.at_row(number), local)


def _of_table(table: dmn.Table, place: Place, local: frozenset[str]) -> Iterator[Written]:
    place = replace(place, element=table.element)
    for column in table.inputs:
        here = place.at_column(column.label)
        yield Written(column.expression, here, local)
        yield Written(column.values, here, local, tests=True)
    for output in table.outputs:
        here = place.at_column(output.label)
        yield Written(output.values, here, local, tests=True)
        yield Written(output.default, here, local)
    for number, rule in enumerate(table.rules, 1):
        for column, cell in zip(table.inputs, rule.inputs, strict=False):
            here = place.at_row(number).at_column(column.label)
            yield Written(cell, here, local, tests=True)
        for output, cell in zip(table.outputs, rule.outputs, strict=False):
            yield Written(cell, place.at_row(number).at_column(output.label), local)


_TEXTS: dict[type, Callable[[Any, Place, frozenset[str]], Iterator[Written]]] = {
    dmn.Text: _of_text,
    dmn.Table: _of_table,
    dmn.Context: _of_context,
    dmn.FunctionDefinition: _of_function,
    dmn.BoxedFilter: _of_filter,
    dmn.BoxedLoop: _of_loop,
    dmn.Relation: _of_relation,
}
