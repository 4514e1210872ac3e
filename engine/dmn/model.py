"""A DMN file ready to decide: its decisions, what they require, and one round of deciding."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine import feel
from engine.dmn import compiling, reading
from engine.dmn import definitions as dmn
from engine.dmn.compiling import Compiler
from engine.dmn.errors import DmnError, NoDecision, Place
from engine.dmn.tables import Outcome
from engine.dmn.types import fitted, types_of
from engine.feel import Environment, Function
from engine.feel.loops import Code

if TYPE_CHECKING:
    from engine.dmn.check import Finding


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to, and why.

    ``rows`` are the numbers, from 1, of the table's rows that applied, the deciding one first;
    empty when none did or the decision is no table. ``inputs`` are the values of its columns,
    ``required`` the decisions it was built on, by name.
    """

    result: Any
    rows: list[int]
    inputs: dict[str, Any]
    required: dict[str, "Decided"]
    warnings: tuple[str, ...]


class Model:
    """A file's decisions. Compiled when first asked for; safe to share between threads."""

    def __init__(
        self, definitions: dmn.Definitions, imported: Mapping[str, "Model"] | None = None
    ) -> None:
        self.definitions = definitions
        #: Models by the namespace under which this file imports them.
        self.imported = {
            each.namespace: (imported or {})[each.namespace]
            for each in definitions.imports
            if each.namespace in (imported or {})
        }
        self.types = types_of(definitions.types)
        # By identity: in a broken file ids repeat or are missing.
        self._compiled: dict[int, Callable[[Environment], Outcome]] = {}
        self._functions: dict[int, Code] = {}

    @property
    def decisions(self) -> tuple[dmn.Decision, ...]:
        elements = self.definitions.elements
        return tuple(element for element in elements if isinstance(element, dmn.Decision))

    @cached_property
    def compiler(self) -> Compiler:
        return Compiler(self.types, tuple(sorted(_names_of(self.definitions))), Place())

    def compiler_of(self, element: dmn.Decision | dmn.Knowledge) -> Compiler:
        """The compiler for an element's logic, which knows the names that it introduces."""
        introduced = {name for part in dmn.parts_of(element.logic) for name in _introduced(part)}
        place = Place(element.name or element.id, element=element.nearest)
        return self.compiler.within(place).knowing(introduced)

    def decide(self, name_or_id: str, context: Mapping[str, Any]) -> Any:
        """The result of a decision, or of a decision service, in this context."""
        return self.explain(name_or_id, context).result

    def explain(self, name_or_id: str, context: Mapping[str, Any]) -> Decided:
        """The result with the rows and values that led to it.

        The context may be lazy: only what a table or expression asks for is read.
        Raises ``NoDecision`` and ``DmnError``.
        """
        element = self.element(name_or_id)
        deciding = Deciding(self, context)
        if isinstance(element, dmn.Service):
            result = deciding.service(element, deciding.given)
            return Decided(result, [], {}, {}, deciding.warnings())
        return deciding.decided(element)

    def findings(self, names: Collection[str] | None = None) -> "list[Finding]":
        """Everything wrong with the file, in its order. ``names`` are the host's variables."""
        from engine.dmn import check

        return check.findings(self, names)

    def element(self, name_or_id: str) -> dmn.Decision | dmn.Service:
        """The decision or service of this id, else of this name, decisions first."""
        for kind in (dmn.Decision, dmn.Service):
            for key in ("id", "name"):
                for element in self.definitions.elements:
                    if isinstance(element, kind) and getattr(element, key) == name_or_id:
                        return element
        raise NoDecision(name_or_id)

    def resolved(self, href: str) -> tuple[str, "Model", dmn.Element]:
        """What a reference points at: the name of its import if any, its model, the element."""
        namespace, _, key = href.rpartition("#")
        for each in self.definitions.imports:
            if namespace == each.namespace and namespace in self.imported:
                model = self.imported[namespace]
                return each.name, model, model.target(key, href)
        return "", self, self.target(key, href)

    def target(self, key: str, href: str) -> dmn.Element:
        element = self.definitions.by_id.get(key)
        if element is None:
            raise DmnError(f"依据的「{href}」在文件里不存在")
        return element

    def function(self, knowledge: dmn.Knowledge) -> Code:
        """The compiled function of a business knowledge model."""
        if id(knowledge) not in self._functions:
            compiler = self.compiler_of(knowledge)
            logic = knowledge.logic
            self._functions[id(knowledge)] = (
                compiling.function_of(compiler, logic, knowledge.type)
                if logic
                else compiler.code(None)
            )
        return self._functions[id(knowledge)]

    def outcome(self, decision: dmn.Decision) -> Callable[[Environment], Outcome]:
        """The compiled logic of a decision."""
        if id(decision) not in self._compiled:
            self._compiled[id(decision)] = _outcome(self.compiler_of(decision), decision)
        return self._compiled[id(decision)]


def _outcome(compiler: Compiler, decision: dmn.Decision) -> Callable[[Environment], Outcome]:
    if isinstance(decision.logic, dmn.Table):
        return compiling.table_of(compiler, decision.logic).decide
    code: Code = compiler.code(decision.logic)
    return lambda env: Outcome(code(env))


def _names_of(definitions: dmn.Definitions) -> set[str]:
    """The names of the file's elements, types and their components."""
    names = {element.name for element in definitions.elements}
    items = list(definitions.types)
    while items:
        item = items.pop()
        names.add(item.name)
        items.extend(item.components)
    return names


def _introduced(part: dmn.Logic) -> list[str]:
    match part:
        case dmn.Context():
            return [entry.name for entry, _ in part.entries]
        case dmn.FunctionDefinition():
            return [parameter.name for parameter in part.parameters]
        case dmn.Relation():
            return list(part.columns)
        case dmn.Table():
            return [output.name for output in part.outputs]
        case dmn.BoxedLoop():
            return [part.variable]
    return []


class Requirements(Environment):
    """The scope of a decision's logic: what it requires is worked out when it is first read."""

    __slots__ = ("required",)

    def __init__(self, outer: Environment, required: Mapping[str, Callable[[], Any]]) -> None:
        super().__init__(outer, outer.run)
        self.required = required

    def __missing__(self, name: str) -> Any:
        work_out = self.required.get(name)
        if work_out is None:
            return self.outer[name]
        value = self[name] = work_out()
        return value


class Deciding:
    """One round: the host's context, the limits of the whole, and what has been decided already."""

    def __init__(self, model: Model, context: Mapping[str, Any]) -> None:
        self.model = model
        self.run = feel.Run()
        self.context: Environment = feel.Outermost(context, self.run)
        self.done: dict[int, Decided] = {}
        self.open: set[int] = set()

    def given(self, name: str) -> Any:
        """What the host's context has under a name; null when nothing."""
        try:
            return self.context[name]
        except KeyError:
            return None

    def warnings(self) -> tuple[str, ...]:
        return tuple(reason for reason, _ in self.run.warnings)

    def decided(self, decision: dmn.Decision, model: Model | None = None) -> Decided:
        model = model or self.model
        if id(decision) not in self.done:
            if id(decision) in self.open:
                raise DmnError("几个决策互相依据，无法得出结果", Place(decision.name))
            self.open.add(id(decision))
            try:
                self.done[id(decision)] = self._decide(decision, model)
            finally:
                self.open.remove(id(decision))
        return self.done[id(decision)]

    def _decide(self, decision: dmn.Decision, model: Model) -> Decided:
        before = len(self.run.warnings)
        required: dict[str, Decided] = {}
        scope = Requirements(self.context, self._requirements(decision.requires, model, required))
        try:
            outcome = model.outcome(decision)(scope)
        except RecursionError:
            raise DmnError("嵌套太深", Place(decision.name)) from None
        kind = model.compiler.type(decision.type)
        value = fitted(kind, self.run, outcome.value, f"「{decision.name}」")
        warnings = tuple(reason for reason, _ in self.run.warnings[before:])
        return Decided(value, list(outcome.rows), dict(outcome.inputs), required, warnings)

    def _requirements(
        self, hrefs: tuple[str, ...], model: Model, used: dict[str, Decided]
    ) -> dict[str, Callable[[], Any]]:
        """How to work out each required element, by name; imported ones inside their import."""
        found: dict[str, Callable[[], Any]] = {}
        imports: dict[str, dict[str, Callable[[], Any]]] = {}
        for href in hrefs:
            prefix, home, element = model.resolved(href)
            scope = imports.setdefault(prefix, {}) if prefix else found
            scope[element.name] = self._worker(element, home, prefix, used)
        for prefix, inner in imports.items():
            found[prefix] = lambda inner=inner: {name: work() for name, work in inner.items()}  # type: ignore[misc]
        return found

    def _worker(
        self, element: dmn.Element, home: Model, prefix: str, used: dict[str, Decided]
    ) -> Callable[[], Any]:
        match element:
            case dmn.Decision():

                def decide() -> Any:
                    used[element.name] = self.decided(element, home)
                    return used[element.name].result

                return decide
            case dmn.Knowledge():
                return lambda: self._function(element, home)
            case dmn.Service():
                return lambda: self._service_function(element, home)
        return lambda: self._input(element, home, prefix)

    def _input(self, element: dmn.Element, home: Model, prefix: str) -> Any:
        value = self.given(element.name)
        if prefix and isinstance(around := self.given(prefix), Mapping):
            value = around.get(element.name, value)
        return fitted(home.compiler.type(element.type), self.run, value, f"「{element.name}」")

    def _function(self, element: dmn.Knowledge, home: Model) -> Any:
        scope = Requirements(self.context, self._requirements(element.requires, home, {}))
        return home.function(element)(scope)

    def _service_function(self, service: dmn.Service, home: Model) -> Function:
        elements = [home.resolved(href) for href in (*service.inputs, *service.input_decisions)]
        names = tuple(element.name for _, _, element in elements)
        types = tuple(model.compiler.type(element.type) for _, model, element in elements)

        def call(run: feel.Run, *arguments: Any) -> Any:
            inner = Deciding(home, {})
            inner.run, inner.context = run, Environment(self.context, run)
            return inner.service(service, dict(zip(names, arguments, strict=True)).get)

        return Function((names,), call, types=types)

    def service(self, service: dmn.Service, given: Callable[[str], Any]) -> Any:
        """The output decisions of a service, with its inputs given by name."""
        scope = Environment(self.context, self.run)
        for href in (*service.inputs, *service.input_decisions):
            _, home, element = self.model.resolved(href)
            kind = home.compiler.type(element.type)
            value = fitted(kind, self.run, given(element.name), f"「{element.name}」")
            scope[element.name] = value
            self.done[id(element)] = Decided(value, [], {}, {}, ())
        self.context = scope
        results = {}
        for href in service.outputs:
            _, home, element = self.model.resolved(href)
            if isinstance(element, dmn.Decision):
                results[element.name] = self.decided(element, home).result
        result = results if len(results) != 1 else next(iter(results.values()))
        kind = self.model.compiler.type(service.type)
        return fitted(kind, self.run, result, f"「{service.name}」")


def read(text: str | bytes, imported: Mapping[str, Model] | None = None) -> Model:
    """The model of a DMN file; ``imported`` are those it imports, by namespace.

    Raises ``XmlRefused`` for what is no XML; wrong expressions are errors of their decision only.
    """
    return Model(reading.definitions(text), imported)
