"""The logic of a decision to a closure, as FEEL's own are: boxed expressions and tables (DMN 1.3 §10.2.1)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine import feel
from engine.dmn import definitions as dmn
from engine.dmn import tables
from engine.dmn.definitions import Logic
from engine.dmn.errors import Place, placed
from engine.dmn.types import fitted, named
from engine.feel import Environment, Function, loops
from engine.feel.calls import invoke
from engine.feel.loops import Code
from engine.feel.types import Type


@dataclass(frozen=True, slots=True)
class Compiler:
    """What the texts of one file have in common, and the place that an error will name."""

    types: Mapping[str, Type]
    #: Names of more than one word.
    phrases: tuple[str, ...]
    place: Place

    def within(self, place: Place) -> "Compiler":
        return replace(self, place=place)

    def knowing(self, names: Iterable[str]) -> "Compiler":
        return replace(self, phrases=tuple(sorted({*self.phrases, *names})))

    def type(self, name: str) -> Type | None:
        return named(name, self.types) if name else None

    def expression(self, text: str) -> feel.Expression:
        with placed(self.place):
            return feel.compile(text, phrases=self.phrases, types=self.types)

    def tests(self, text: str) -> feel.Tests:
        with placed(self.place):
            return feel.unary_tests(text, phrases=self.phrases, types=self.types)

    def cell(self, text: dmn.Text) -> feel.Tests:
        """The tests of a cell; an empty one asks nothing, like ``-``."""
        return self.tests(text.text if text.text.strip() else "-")

    def optional(self, text: dmn.Text) -> feel.Expression | None:
        return self.expression(text.text) if text.text.strip() else None

    def code(self, logic: Logic | None) -> Code:
        """The closure that gives the logic's value; null where there is none."""
        if logic is None:
            return lambda _env: None
        code = _CODE[type(logic)](self, logic)
        kind = self.type(logic.type)
        if kind is None or isinstance(logic, dmn.Table):
            return code
        what = f"{self.place}"
        return lambda env: fitted(kind, env.run, code(env), what)

    def codes(self, parts: Iterable[Logic | None]) -> list[Code]:
        return [self.code(part) for part in parts]


def _text(compiler: Compiler, logic: dmn.Text) -> Code:
    if not logic.text.strip():
        return lambda _env: None
    expression, place = compiler.expression(logic.text), compiler.place

    def code(env: Environment) -> Any:
        with placed(place):
            return expression.value(env)

    return code


def _context(compiler: Compiler, logic: dmn.Context) -> Code:
    entries = [
        (entry.name, compiler.type(entry.type), compiler.place.at_column(entry.name), value)
        for entry, value in logic.entries
    ]
    compiled = [
        (name, kind, f"{place}", compiler.within(place).code(value))
        for name, kind, place, value in entries
    ]
    result = None if logic.result is None else compiler.code(logic.result)

    def code(env: Environment) -> Any:
        inner = Environment(env, env.run)
        for name, kind, place, value in compiled:
            inner[name] = fitted(kind, env.run, value(inner), place)
        return dict(inner) if result is None else result(inner)

    return code


def _invocation(compiler: Compiler, logic: dmn.Invocation) -> Code:
    function = _text(compiler, logic.function)
    names = tuple(name for name, _ in logic.bindings)
    arguments = compiler.codes(value for _, value in logic.bindings)

    def code(env: Environment) -> Any:
        given = [argument(env) for argument in arguments]
        return invoke(function(env), env.run, given, names or None)

    return code


def _list(compiler: Compiler, logic: dmn.BoxedList) -> Code:
    items = compiler.codes(logic.items)
    return lambda env: [item(env) for item in items]


def _relation(compiler: Compiler, logic: dmn.Relation) -> Code:
    rows = [
        compiler.within(compiler.place.at_row(n)).codes(row) for n, row in enumerate(logic.rows, 1)
    ]
    columns = logic.columns

    def code(env: Environment) -> list[dict[str, Any]]:
        return [dict(zip(columns, (cell(env) for cell in row), strict=False)) for row in rows]

    return code


def _conditional(compiler: Compiler, logic: dmn.Conditional) -> Code:
    condition, then, otherwise = compiler.codes((logic.condition, logic.then, logic.otherwise))
    return lambda env: then(env) if condition(env) is True else otherwise(env)


def _filter(compiler: Compiler, logic: dmn.BoxedFilter) -> Code:
    """Unlike ``list[condition]`` this is null where the condition is no condition."""
    source, match = compiler.codes((logic.source, logic.match))

    def code(env: Environment) -> list[Any] | None:
        found = []
        for item in loops.items_of(source(env)):
            env.run.step()
            answer = match(loops.item_scope(env, item))
            if answer is True:
                found.append(item)
            elif answer is not False and answer is not None:
                return None
        return found

    return code


def _loop(compiler: Compiler, logic: dmn.BoxedLoop) -> Code:
    source, body = compiler.codes((logic.source, logic.body))
    iterators: list[loops.Iterator] = [(logic.variable, source, None)]
    if logic.word == "for":
        return loops.for_loop(iterators, body)
    return loops.quantified(logic.word == "some", iterators, body)


def _function(compiler: Compiler, logic: dmn.FunctionDefinition) -> Code:
    return function_of(compiler, logic, "")


def function_of(compiler: Compiler, logic: dmn.FunctionDefinition, result: str) -> Code:
    """A function value whose free names are those of where it was made; null for Java and PMML."""
    if logic.kind != "FEEL" or logic.body is None:
        return lambda _env: None
    body = compiler.code(logic.body)
    names = tuple(parameter.name for parameter in logic.parameters)
    types = tuple(compiler.type(parameter.type) for parameter in logic.parameters)
    kind, what = compiler.type(result), f"{compiler.place}"

    def code(env: Environment) -> Function:
        def call(run: feel.Run, *arguments: Any) -> Any:
            inner = Environment(env, run)
            inner.update(zip(names, arguments, strict=True))
            return fitted(kind, run, body(inner), what)

        return Function((names,), call, types=types)

    return code


def table_of(compiler: Compiler, logic: dmn.Table) -> tables.Table:
    place = replace(compiler.place, element=logic.element)
    tables.check_policy(logic, place)
    columns = tuple(_column(compiler, place, column) for column in logic.inputs)
    return tables.Table(
        place=place,
        hit_policy=logic.hit_policy,
        aggregation=logic.aggregation if logic.hit_policy == "COLLECT" else "",
        columns=columns,
        results=tuple(_result(compiler, place, output) for output in logic.outputs),
        rows=tuple(
            _row(compiler.within(place.at_row(number)), logic, number, rule)
            for number, rule in enumerate(logic.rules, 1)
        ),
    )


def _column(compiler: Compiler, table: Place, column: dmn.Input) -> tables.Column:
    place = table.at_column(column.label, column.expression.element)
    here = compiler.within(place)
    allowed = here.tests(column.values.text) if column.values.text.strip() else None
    expression = here.expression(column.expression.text)
    return tables.Column(
        column.label, place, expression, compiler.type(column.expression.type), allowed
    )


def _result(compiler: Compiler, table: Place, output: dmn.Output) -> tables.Result:
    here = compiler.within(table.at_column(output.label, output.element))
    listed = output.values.text.strip()
    return tables.Result(
        name=output.name,
        label=output.label,
        type=compiler.type(output.type),
        order=here.expression(f"[{listed}]") if listed else None,
        default=here.optional(output.default),
    )


def _row(compiler: Compiler, table: dmn.Table, number: int, rule: dmn.Rule) -> tables.Row:
    tests = []
    for n, (column, cell) in enumerate(zip(table.inputs, rule.inputs, strict=False)):
        asked = compiler.within(compiler.place.at_column(column.label, cell.element)).cell(cell)
        if asked.node.parts:
            tests.append((n, asked.test))
    values: list[feel.Expression | None] = [None] * len(table.outputs)
    for n, (output, cell) in enumerate(zip(table.outputs, rule.outputs, strict=False)):
        place = compiler.place.at_column(output.label, cell.element)
        values[n] = compiler.within(place).optional(cell)
    return tables.Row(number, tuple(tests), tuple(values))


def _table(compiler: Compiler, logic: dmn.Table) -> Code:
    table = table_of(compiler, logic)
    return lambda env: table.decide(env).value


_CODE: dict[type, Callable[[Compiler, Any], Code]] = {
    dmn.Text: _text,
    dmn.Table: _table,
    dmn.Context: _context,
    dmn.Invocation: _invocation,
    dmn.BoxedList: _list,
    dmn.Relation: _relation,
    dmn.FunctionDefinition: _function,
    dmn.Conditional: _conditional,
    dmn.BoxedFilter: _filter,
    dmn.BoxedLoop: _loop,
}
