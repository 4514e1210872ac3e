"""What a diagram shows: its nodes and flows by id, with names, lanes and where a token can wait.

Read from the text the designer left, once per version; nothing of the running state is in it.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import db, xml
from engine.errors import NotFound
from engine.process.definitions import DEFINITION, DIAGRAM
from engine.process.spiff import diagram

_CACHED = 500
#: Nodes at which a token stands until something comes.
_STANDING = frozenset({"intermediateCatchEvent", "receiveTask"})
_CATCHING = _STANDING | {"boundaryEvent"}

_cache: OrderedDict[UUID, "Outline"] = OrderedDict()


@dataclass(frozen=True)
class Node:
    id: str
    #: BPMN's own word, e.g. ``userTask``.
    kind: str
    name: str
    #: Name of its lane; empty without lanes.
    lane: str
    #: Operation that a service task names.
    operation: str
    #: (kind, name) of what it catches; of a timer the name is empty.
    waits: tuple[tuple[str, str], ...]
    #: Of a boundary event its activity.
    attached_to: str
    outgoing: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    id: str
    name: str
    source: str
    target: str


@dataclass(frozen=True)
class Wait:
    """An element of one version where a token stands until this comes."""

    definition_id: UUID
    #: message, signal, timer, condition
    kind: str
    name: str
    element: str


@dataclass(frozen=True)
class Outline:
    definition_id: UUID
    key: str
    #: Of the process, as the designer wrote it; else its key.
    name: str
    #: In the order of the file.
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]

    def name_of(self, element: str) -> str:
        """What the designer called it; empty for what he left without a name."""
        node = self.nodes.get(element)
        return node.name if node else ""

    def waits(self) -> Iterator[Wait]:
        """Places of their own: a boundary event is none, its activity is."""
        for node in self.nodes.values():
            for kind, name in node.waits if node.kind in _STANDING else ():
                yield Wait(self.definition_id, kind, name, node.id)


def of(session: db.Session, definition_id: UUID) -> Outline:
    """The outline of one version; ``NotFound`` if there is none."""
    found = _cache.get(definition_id)
    if found is None:
        row = session.execute(
            select(DEFINITION.c.key, DEFINITION.c.files[DIAGRAM].astext.label("text")).where(
                DEFINITION.c.id == definition_id
            )
        ).one_or_none()
        if row is None:
            raise NotFound(str(definition_id))
        found = read(definition_id, row.key, row.text)
        _cache[definition_id] = found
        while len(_cache) > _CACHED:
            _cache.popitem(last=False)
    return found


def read(definition_id: UUID, key: str, text: str) -> Outline:
    root = xml.read(text)
    by_id, lanes = diagram.index(root), _lanes(root)
    scopes = list(diagram.scopes(root))
    nodes = [_node(e, by_id, lanes) for scope in scopes for e in diagram.nodes(scope)]
    flows = [
        Flow(
            diagram.id_of(e),
            _words(e.get("name", "")),
            e.get("sourceRef", ""),
            e.get("targetRef", ""),
        )
        for scope in scopes
        for e in diagram.flows(scope)
    ]
    process = by_id.get(key)
    name = _words(process.get("name", "")) if process is not None else ""
    return Outline(
        definition_id,
        key,
        name or key,
        MappingProxyType({node.id: node for node in nodes}),
        MappingProxyType({flow.id: flow for flow in flows}),
    )


def _node(element: Any, by_id: Mapping[str, Any], lanes: Mapping[str, str]) -> Node:
    kind, id_ = diagram.local(element), diagram.id_of(element)
    triggers = diagram.triggers(element, dict(by_id)) if kind in _CATCHING else ()
    # A subprocess has the operations of its service tasks inside, none of its own.
    own = () if kind in diagram.SCOPES else element.iter(f"{{{diagram.OURS}}}operation")
    called = next(iter(own), None)
    return Node(
        id=id_,
        kind=kind,
        name=_words(element.get("name", "")),
        lane=lanes.get(id_, ""),
        operation=called.get("name", "") if called is not None else "",
        waits=tuple((t.kind, t.name or "") for t in triggers),
        attached_to=element.get("attachedToRef", ""),
        outgoing=tuple(
            diagram.id_of(flow)
            for flow in diagram.flows(element.getparent())
            if flow.get("sourceRef") == id_
        ),
    )


def _lanes(root: Any) -> dict[str, str]:
    """Node -> name of its innermost lane."""
    found = {}
    for lane in root.iter(diagram.tag("lane")):
        for reference in diagram.children(lane, "flowNodeRef"):
            found[diagram.text_of(reference)] = _words(lane.get("name", ""))
    return found


def _words(name: str) -> str:
    """A designer breaks lines to fit the box; a table does not."""
    return " ".join(name.split())
