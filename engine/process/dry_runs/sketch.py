"""A folder as a dry run reads it: places with names, which names its expressions read, who writes them.

Read once per text. What is asked of the designer at a place is what the diagram reads from there to
the next place where it waits, and nothing on the way writes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from engine import feel, xml
from engine.feel import nodes as feel_nodes
from engine.process import facts, folder, forms, operations, outlines
from engine.process.check import variables
from engine.process.forms import Choice
from engine.process.outlines import Outline
from engine.process.spiff import diagram
from engine.process.spiff.diagram import OURS

#: A token stands here until something comes, so what is read later is asked later.
_STANDING = frozenset({"userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"})
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Asked:
    """A name that has to get a value; ``choices`` are the texts that conditions compare it with."""

    name: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Sketch:
    outline: Outline
    #: Node or flow -> its kind, name and so on stand in the outline; here what is beside them.
    conditions: Mapping[str, str]
    #: Node -> names that it and the conditions of its flows read.
    reads: Mapping[str, tuple[str, ...]]
    #: Node -> names that it writes; None: nobody knows.
    writes: Mapping[str, tuple[str, ...] | None]
    #: Service tasks that have a declared simulation.
    simulated: frozenset[str]
    #: User task -> file of its form, or the platform's screen.
    forms: Mapping[str, str]
    screens: Mapping[str, str]
    #: Activity -> codes of errors that its boundary catches.
    codes: Mapping[str, tuple[str, ...]]
    #: Scope -> where it begins; node -> the scope around it.
    begins: Mapping[str, tuple[str, ...]]
    within: Mapping[str, str]
    #: What the process says it starts with.
    declared: tuple[str, ...]
    #: Message -> what it says it brings.
    brings: Mapping[str, tuple[str, ...]]
    choices: Mapping[str, tuple[Choice, ...]]
    #: Items of multi-instance activities: never asked.
    items: frozenset[str]

    def name_of(self, element: str) -> str:
        """As the designer wrote it; a flow without a name is called after what it leads to."""
        outline = self.outline
        if element in outline.flows:
            flow = outline.flows[element]
            return flow.name or self._ahead(flow.target)
        return outline.name_of(element) or element

    def _ahead(self, element: str) -> str:
        """A gateway without a name that only joins is called after what comes behind it."""
        for _ in self.outline.nodes:
            node = self.outline.nodes.get(element)
            if node is None or node.name or len(node.outgoing) != 1:
                break
            element = self.outline.flows[node.outgoing[0]].target
        return self.name_of(element)

    def kind_of(self, element: str) -> str:
        node = self.outline.nodes.get(element)
        return node.kind if node else ""

    # ------------------------------------------------------------ what is asked

    def at_start(self) -> list[Asked]:
        """What the process says, what it reads first, and what is read later and nobody writes."""
        later = {name for element in self._asking() for name in self._from([element])}
        written = {name for names in self.writes.values() for name in names or ()}
        written |= {name for names in self.brings.values() for name in names}
        read = dict.fromkeys(name for names in self.reads.values() for name in names)
        first = self._from(self.begins.get(self.outline.key, ()))
        rest = [n for n in read if n not in written and n not in later]
        return self._asked((*self.declared, *first, *rest))

    def _asking(self) -> Iterator[str]:
        """Places that are asked for themselves: screens, and services of which nobody knows."""
        yield from self.screens
        yield from (element for element, names in self.writes.items() if names is None)

    def after(self, element: str) -> list[Asked]:
        """What is read after a user task or an event before the process waits again."""
        return self._asked(self._from([element], skip=True))

    def results(self, service: str) -> list[Asked]:
        names = self.writes.get(service)
        if names is None:
            return self.after(service)
        return [Asked(name, self.choices.get(name, ())) for name in names]

    def asks(self, service: str) -> bool:
        """Whether a service task has anything to say that somebody must decide."""
        if service in self.simulated:
            return False
        return bool(self.codes.get(service) or self.results(service))

    def _asked(self, names: Iterable[str]) -> list[Asked]:
        wanted = dict.fromkeys(n for n in names if n and n not in self.items)
        return [Asked(name, self.choices.get(name, ())) for name in wanted]

    def _from(self, begins: Sequence[str], *, skip: bool = False) -> list[str]:
        """Names read on the way from here to where it waits, without those written on the way.

        ``skip``: not what the first places themselves read, they have been there already.
        """
        read: dict[str, None] = {}
        written: set[str] = set()
        seen, stack = set(begins), list(begins)
        while stack:
            element = stack.pop(0)
            first = skip and element in begins
            own = self._of_flows(element) if first else self.reads.get(element, ())
            read |= dict.fromkeys(own)
            if not first:
                written |= set(self.writes.get(element) or ())
                if self._stands(element):
                    continue
            for other in self._next(element):
                if other not in seen:
                    seen.add(other)
                    stack.append(other)
        return [name for name in read if name not in written]

    def _of_flows(self, element: str) -> list[str]:
        node = self.outline.nodes.get(element)
        flows = node.outgoing if node else ()
        return [n for flow in flows for n in _names(self.conditions.get(flow, ""))]

    def _stands(self, element: str) -> bool:
        return self.kind_of(element) in _STANDING or self.writes.get(element, ()) is None

    def _next(self, element: str) -> list[str]:
        if element in self.begins:
            return list(self.begins[element])
        node = self.outline.nodes.get(element)
        while node is not None and not node.outgoing and node.id in self.within:
            node = self.outline.nodes.get(self.within[node.id])
        return [self.outline.flows[flow].target for flow in node.outgoing] if node else []


def read(files: Mapping[str, str]) -> Sketch:
    """Of a folder that has passed the check."""
    beside = {n: t for n, t in files.items() if n.endswith((".form", ".dmn"))}
    return _read(files[folder.DIAGRAM], tuple(sorted(beside.items())))


@lru_cache(32)
def _read(text: str, beside: tuple[tuple[str, str], ...]) -> Sketch:
    files = dict(beside)
    root = xml.read(text)
    process = next(iter(diagram.children(root, "process")))
    outline = outlines.read(_NOBODY, diagram.id_of(process), text)
    conditions = {
        diagram.id_of(flow): diagram.text_of(found)
        for flow in root.iter(diagram.tag("sequenceFlow"))
        if (found := diagram.first(flow, "conditionExpression")) is not None
    }
    tasks = list(root.iter(diagram.tag("userTask")))
    messages = list(diagram.children(root, "message"))
    return Sketch(
        outline=outline,
        conditions=conditions,
        reads=_reads(root, files),
        writes=dict(_writes(root, files)),
        simulated=frozenset(_simulated(root)),
        forms={diagram.id_of(t): name for t in tasks if (name := _form(t, files))},
        screens={diagram.id_of(t): s for t in tasks if (s := t.get(f"{{{OURS}}}screen"))},
        codes=_codes(root),
        begins={diagram.id_of(s): tuple(_starts(s)) for s in diagram.scopes(root)},
        within={
            diagram.id_of(node): diagram.id_of(scope)
            for scope in diagram.scopes(root)
            for node in diagram.nodes(scope)
        },
        declared=tuple(_declared(process)),
        brings={diagram.named(m) or "": tuple(_declared(m)) for m in messages},
        choices=_choices(outline, conditions),
        items=frozenset({*_items(root), "loopCounter", *facts.names()}),
    )


# ---------------------------------------------------------------- who reads


def _reads(root: Any, files: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element, text in variables.expressions(root):
        found.setdefault(_holder(element), []).extend(_names(text))
    models = folder.decisions(files)
    for task in root.iter(diagram.tag("businessRuleTask")):
        model = models.get(task.get(f"{{{OURS}}}decision", ""))
        for decision in model.decisions if model else ():
            for column in getattr(decision.logic, "inputs", ()):
                found.setdefault(diagram.id_of(task), []).extend(_names(column.expression.text))
    return {element: tuple(dict.fromkeys(names)) for element, names in found.items()}


def _holder(element: Any) -> str:
    """The node an expression belongs to: a condition's is where its flow begins."""
    while element is not None and diagram.local(element) not in diagram.NODES:
        if diagram.local(element) == "sequenceFlow":
            return str(element.get("sourceRef", ""))
        element = element.getparent()
    return "" if element is None else diagram.id_of(element)


def _names(text: str) -> list[str]:
    try:
        return sorted(feel.compile(text).names) if text else []
    except feel.FeelError:
        return []


def facts_used(files: Mapping[str, str]) -> dict[str, list[str]]:
    """Fact -> its entries that any expression of the folder names, in the order of the alphabet."""
    found: dict[str, set[str]] = {name: set() for name in facts.names()}
    for text in _every_expression(files):
        try:
            paths = feel.compile(text).paths
        except feel.FeelError:
            continue
        for path in paths:
            name, _, rest = path.partition(".")
            if name in found and rest:
                found[name].add(rest.split(".")[0].strip())
    return {name: sorted(entries) for name, entries in found.items()}


def _every_expression(files: Mapping[str, str]) -> Iterator[str]:
    for name, text in files.items():
        if name == folder.DIAGRAM:
            yield from (found for _, found in variables.expressions(xml.read(text)))
        elif name.endswith(".form"):
            for field in forms.read(text).fields:
                yield from (found for found in (field.hide, field.choices_expression) if found)
    for model in folder.decisions(files).values():
        for decision in model.decisions:
            for column in getattr(decision.logic, "inputs", ()):
                yield column.expression.text


# ---------------------------------------------------------------- who writes


def _writes(root: Any, files: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    for task in root.iter(diagram.tag("userTask")):
        form = _form(task, files)
        if form in files:
            keys = tuple(field.key for field in forms.read(files[form]).fields)
            yield diagram.id_of(task), keys
    for task in root.iter(diagram.tag("serviceTask")):
        called = next(task.iter(f"{{{OURS}}}operation"), None)
        operation = (
            operations.registry().get(called.get("name", "")) if called is not None else None
        )
        yield diagram.id_of(task), operation.results if operation else None
    models = folder.decisions(files)
    for task in root.iter(diagram.tag("businessRuleTask")):
        model = models.get(task.get(f"{{{OURS}}}decision", ""))
        names = tuple(d.name for d in model.decisions) if model else ()
        yield diagram.id_of(task), (*names, task.get(f"{{{OURS}}}result") or "")


def _form(task: Any, files: Mapping[str, str]) -> str:
    own = f"{diagram.id_of(task)}.form"
    return str(task.get(f"{{{OURS}}}form") or (own if own in files else ""))


def _simulated(root: Any) -> Iterator[str]:
    for element in root.iter(f"{{{OURS}}}simulation"):
        yield _holder(element)


def _declared(holder: Any) -> Iterator[str]:
    for extension in diagram.children(holder, "extensionElements"):
        for variable in extension.iter(f"{{{OURS}}}variable"):
            yield variable.get("name", "")


def _items(root: Any) -> Iterator[str]:
    for each in root.iter(diagram.tag("inputDataItem"), diagram.tag("outputDataItem")):
        yield each.get("name") or diagram.id_of(each)


def _codes(root: Any) -> dict[str, tuple[str, ...]]:
    by_id = diagram.index(root)
    found: dict[str, list[str]] = {}
    for event in root.iter(diagram.tag("boundaryEvent")):
        for trigger in diagram.triggers(event, by_id):
            if trigger.kind == "error":
                found.setdefault(event.get("attachedToRef", ""), []).append(trigger.name or "")
    return {element: tuple(codes) for element, codes in found.items()}


def _starts(scope: Any) -> Iterator[str]:
    for node in diagram.nodes(scope):
        if diagram.local(node) == "startEvent":
            yield diagram.id_of(node)


# ---------------------------------------------------------------- what may be chosen


def _choices(outline: Outline, conditions: Mapping[str, str]) -> dict[str, tuple[Choice, ...]]:
    """Name -> the texts that conditions compare it with, called as the flow or what it leads to."""
    found: dict[str, dict[str, str]] = {}
    for flow_id, text in conditions.items():
        try:
            compared = list(_compared(feel.compile(text).node))
        except feel.FeelError:
            continue
        flow = outline.flows.get(flow_id)
        called = (flow.name or outline.name_of(flow.target)) if flow and len(compared) == 1 else ""
        for name, value in compared:
            known = found.setdefault(name, {})
            known[value] = known.get(value) or called
    return {
        name: tuple(Choice(value, label or value) for value, label in texts.items())
        for name, texts in found.items()
    }


def _compared(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, feel_nodes.Comparison) and node.sign in ("=", "!="):
        for name, value in ((node.left, node.right), (node.right, node.left)):
            if isinstance(name, feel_nodes.Name) and isinstance(value, feel_nodes.Literal):
                yield from ((name.name, text) for text in [value.value] if isinstance(text, str))
        return
    if isinstance(node, tuple):
        for part in node:
            yield from _compared(part)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _compared(getattr(node, field.name))
