"""A BPMN file as the model of the standard reads it: levels (process, subprocess), nodes and flows, nothing rewritten."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from tests.process.proof.races import mark_races

_SCOPES = ("process", "subProcess", "transaction")
_KINDS = {
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "timerEventDefinition": "timer",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "condition",
    "cancelEventDefinition": "cancel",
    "terminateEventDefinition": "terminate",
    "linkEventDefinition": "link",
}


@dataclass(frozen=True)
class Trigger:
    kind: str
    #: Message, signal or link name; error or escalation code, None for any; text of a timer or condition.
    says: str | None = None


@dataclass(frozen=True)
class Flow:
    id: str
    source: str
    target: str
    condition: str | None


@dataclass(frozen=True)
class Repeat:
    """Standard loop (no ``number`` and no ``items``) or multi-instance."""

    sequential: bool
    condition: str | None = None
    before: bool = False
    most: int | None = None
    number: str | None = None
    items: str | None = None
    item: str | None = None
    results: str | None = None
    result: str | None = None


@dataclass
class Node:
    id: str
    kind: str
    triggers: tuple[Trigger, ...] = ()
    needs_all: bool = False
    interrupting: bool = True
    attached: str | None = None
    default: str | None = None
    calls: str | None = None
    repeat: Repeat | None = None
    params: dict[str, str] = field(default_factory=dict)
    into: list[Flow] = field(default_factory=list)
    out: list[Flow] = field(default_factory=list)
    #: What runs inside a subprocess.
    level: "Level | None" = None
    #: Whether a token that comes (leaves) may reach, without a wait, something whose moment matters to others.
    races_in: bool = False
    races_out: bool = False


@dataclass
class Level:
    id: str
    nodes: dict[str, Node] = field(default_factory=dict)
    start: Node | None = None
    #: Event subprocesses; their triggers are those of their start event.
    handlers: list[Node] = field(default_factory=list)
    #: Activity -> its boundary events.
    edges: dict[str, list[Node]] = field(default_factory=dict)
    #: Inclusive join -> node -> flows into the join that a token at the node may still reach without passing it.
    reach: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)


def read(text: str) -> dict[str, Level]:
    """Process id -> process."""
    root = etree.fromstring(text.encode())
    by_id = {e.get("id"): e for e in root.iter() if isinstance(e.tag, str) and e.get("id")}
    found = {p.get("id"): _level(p, by_id) for p in root if _name(p) == "process"}
    for node in [n for level in found.values() for n in all_nodes(level)]:
        if node.calls is not None:
            node.level = found[node.calls]
    mark_races(list(found.values()))
    return found


def all_nodes(level: Level) -> Iterator[Node]:
    for node in level.nodes.values():
        yield node
        if node.level is not None:
            yield from all_nodes(node.level)


def _name(element):
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _child(element, name):
    return next((c for c in element if _name(c) == name), None)


def _text(element):
    return None if element is None else (element.text or "").strip()


def _level(element, by_id) -> Level:
    level = Level(element.get("id"))
    for child in element:
        kind = _name(child)
        if kind.endswith(("Event", "Task", "Gateway", "Activity")) or kind in (*_SCOPES, "task"):
            level.nodes[child.get("id")] = _node(child, kind, by_id)
    for child in element:
        if _name(child) == "sequenceFlow":
            flow = Flow(child.get("id"), child.get("sourceRef"), child.get("targetRef"), _text(_child(child, "conditionExpression")))  # fmt: skip
            level.nodes[flow.source].out.append(flow)
            level.nodes[flow.target].into.append(flow)
    for node in level.nodes.values():
        if node.kind == "startEvent" and (level.start is None or level.start.triggers):
            level.start = node
        if node.attached is not None:
            level.edges.setdefault(node.attached, []).append(node)
        if node.kind == "eventSubprocess":
            level.handlers.append(node)
    for node in level.nodes.values():
        if node.kind == "inclusiveGateway" and len(node.into) > 1:
            level.reach[node.id] = {n: _reach(level, n, node.id) for n in level.nodes}
    return level


def _node(element, kind, by_id) -> Node:
    node = Node(element.get("id"), kind, default=element.get("default"))
    node.triggers = _triggers(element, by_id)
    node.needs_all = element.get("parallelMultiple") == "true"
    node.attached = element.get("attachedToRef")
    node.interrupting = element.get("cancelActivity", "true") == "true"
    node.calls = element.get("calledElement")
    node.repeat = _repeat(element)
    node.params = {e.get("name"): e.get("value") for e in element.iter("{urn:fenduan:bpmn:1}parameter")}  # fmt: skip
    if kind in _SCOPES:
        node.level = _level(element, by_id)
    if element.get("triggeredByEvent") == "true":
        begin = _child(element, "startEvent")
        node.kind, node.triggers = "eventSubprocess", _triggers(begin, by_id)
        node.interrupting = begin.get("isInterrupting", "true") == "true"
        node.needs_all = begin.get("parallelMultiple") == "true"
    return node


def _triggers(element, by_id):
    if element.get("messageRef"):
        return (Trigger("message", by_id[element.get("messageRef")].get("name")),)
    return tuple(_trigger(c, by_id) for c in element if _name(c) in _KINDS)


def _trigger(definition, by_id) -> Trigger:
    kind = _KINDS[_name(definition)]
    if kind in ("message", "signal"):
        return Trigger(kind, by_id[definition.get(f"{kind}Ref")].get("name"))
    if kind in ("error", "escalation"):
        ref = definition.get(f"{kind}Ref")
        return Trigger(kind, by_id[ref].get(f"{kind}Code") or ref if ref else None)
    if kind == "link":
        return Trigger(kind, definition.get("name"))
    return Trigger(kind, _text(next(iter(definition), None)))


def _repeat(element) -> Repeat | None:
    loop = _child(element, "standardLoopCharacteristics")
    if loop is not None:
        most = loop.get("loopMaximum")
        return Repeat(True, _text(_child(loop, "loopCondition")), loop.get("testBefore") == "true", int(most) if most else None)  # fmt: skip
    each = _child(element, "multiInstanceLoopCharacteristics")
    if each is None:
        return None
    item, result = _child(each, "inputDataItem"), _child(each, "outputDataItem")
    return Repeat(
        each.get("isSequential") == "true",
        _text(_child(each, "completionCondition")),
        number=_text(_child(each, "loopCardinality")),
        items=_text(_child(each, "loopDataInputRef")),
        item=None if item is None else item.get("name"),
        results=_text(_child(each, "loopDataOutputRef")),
        result=None if result is None else result.get("name"),
    )


def _reach(level: Level, origin: str, join: str) -> frozenset[str]:
    """BPMN 2.0, 13.4.3: paths that do not visit the gateway; a boundary event may still fire, so its way counts."""
    found, seen, stack = set(), {origin}, [origin]
    while stack:
        node = level.nodes[stack.pop()]
        after = [*node.out, *(f for edge in level.edges.get(node.id, ()) for f in edge.out)]
        if node.id == origin:
            after = list(node.out)
        found |= {f.id for f in after if f.target == join}
        for target in [*(f.target for f in after), *_links(level, node)]:
            if target != join and target not in seen:
                seen.add(target)
                stack.append(target)
    return frozenset(found)


def _links(level: Level, node: Node) -> list[str]:
    names = {t.says for t in node.triggers if t.kind == "link"}
    if node.kind != "intermediateThrowEvent" or not names:
        return []
    return [n.id for n in level.nodes.values() if n.kind == "intermediateCatchEvent" and names & {t.says for t in n.triggers if t.kind == "link"}]  # fmt: skip
