"""What happened in one instance: its audit entries, jobs, incidents, and the way it took through the diagram.

Nothing is opened or locked. The way is worked out from the entries, because the state of an instance
forgets its finished branches.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from engine import clock, db
from engine.audit import ENTRY
from engine.process import values
from engine.process.incidents import INCIDENT
from engine.process.jobs import HISTORY, JOB
from engine.process.outlines import Node, Outline
from engine.process.timers import TIMER

#: Entries that the way of one instance is worked out from, at most.
_LONGEST = 20_000
#: Gateways that choose; their entries name the flows.
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})
_ACTIVITIES = frozenset({"userTask", "serviceTask", "manualTask", "task", "sendTask"})


@dataclass(frozen=True)
class Entry:
    number: int
    at: datetime
    actor_id: UUID | None
    actor: str
    action: str
    #: Names and values as they were then; values of process data and facts read back.
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    id: UUID
    element: str
    operation: str
    #: ready, running, waiting, held, failed; of settled ones done, bpmn_error, redone, withdrawn
    state: str
    attempt: int
    error: str | None
    channel: str | None
    reference: str | None
    created_at: datetime
    sent_at: datetime | None
    #: When a worker may take it next; while it runs, the end of its lease.
    available_at: datetime | None
    ended_at: datetime | None
    redo_of: UUID | None

    @property
    def is_settled(self) -> bool:
        return self.ended_at is not None


@dataclass(frozen=True)
class Incident:
    id: UUID
    instance_id: UUID
    case_id: UUID | None
    #: engine, operation, crash
    kind: str
    element: str
    job_id: UUID | None
    error: str
    message: str
    traceback: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    resolution: str | None


@dataclass(frozen=True)
class Timer:
    element: str
    #: None while it is held.
    due_at: datetime | None


@dataclass(frozen=True)
class Way:
    """Elements and flows that the instance has gone through or stands at."""

    elements: frozenset[str]
    flows: frozenset[str]


INCIDENT_COLUMNS = tuple(INCIDENT.c[f.name] for f in fields(Incident))


def entries(
    session: db.Session, chain_id: UUID, *, actions: Iterable[str] | None = None
) -> list[Entry]:
    """Newest first; with ``actions`` only these."""
    query = select(ENTRY).where(ENTRY.c.chain_id == chain_id).order_by(ENTRY.c.number.desc())
    if actions is not None:
        query = query.where(ENTRY.c.action.in_(list(actions)))
    rows = session.execute(query.limit(_LONGEST))
    return [
        Entry(
            row.number,
            row.at,
            row.actor_id,
            row.actor,
            row.action,
            values.from_json(orjson.loads(row.detail)),
        )
        for row in rows
    ]


def jobs(session: db.Session, instance_id: UUID, *, settled: int = 50) -> list[Job]:
    """Open ones first, then the last ``settled`` that ended; each newest first."""
    shared = [f.name for f in fields(Job) if f.name not in ("available_at", "ended_at")]
    live = session.execute(
        select(*(JOB.c[n] for n in shared), JOB.c.available_at)
        .where(JOB.c.instance_id == instance_id)
        .order_by(JOB.c.id.desc())
    ).mappings()
    over = session.execute(
        select(*(HISTORY.c[n] for n in shared), HISTORY.c.ended_at)
        .where(HISTORY.c.instance_id == instance_id)
        .order_by(HISTORY.c.ended_at.desc(), HISTORY.c.id.desc())
        .limit(settled)
    ).mappings()
    return [Job(**row, ended_at=None) for row in live] + [
        Job(**row, available_at=None) for row in over
    ]


def incidents(session: db.Session, instance_id: UUID) -> list[Incident]:
    """Open ones first, each newest first."""
    rows = session.execute(
        select(*INCIDENT_COLUMNS)
        .where(INCIDENT.c.instance_id == instance_id)
        .order_by(INCIDENT.c.closed_at.desc().nulls_first(), INCIDENT.c.id.desc())
    ).mappings()
    return [Incident(**row) for row in rows]


def timers(session: db.Session, instance_id: UUID) -> list[Timer]:
    """The next first; held ones last."""
    rows = session.execute(
        select(TIMER.c.element, TIMER.c.due_at)
        .where(TIMER.c.instance_id == instance_id)
        .order_by(TIMER.c.due_at.nulls_last())
    )
    return [Timer(row.element, row.due_at) for row in rows]


def attempts(session: db.Session, job_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Job -> how often it was tried, of open jobs."""
    rows = session.execute(select(JOB.c.id, JOB.c.attempt).where(JOB.c.id.in_(list(job_ids))))
    return {row[0]: row[1] for row in rows}


def age(since: datetime) -> float:
    """Seconds from then until now."""
    return (clock.now() - since).total_seconds()


# ---------------------------------------------------------------- the way


@dataclass
class _Told:
    """What the entries say."""

    #: Elements that were reached.
    reached: set[str] = field(default_factory=set)
    #: Activities that were left the usual way.
    left: set[str] = field(default_factory=set)
    #: Flows that gateways chose.
    chosen: set[str] = field(default_factory=set)
    #: (kind, name) of messages and signals that came.
    heard: set[tuple[str, str]] = field(default_factory=set)
    #: Activities that ended with an error of the diagram.
    failed: set[str] = field(default_factory=set)


def way(outline: Outline, found: Iterable[Entry], standing: Iterable[str]) -> Way:
    """From the entries, in any order, and the elements where it stands now.

    Entries name activities and choosing gateways; what lies between is followed along the drawing.
    """
    told, here = _told(found), set(standing)
    seen = (told.reached | here | _fired(outline, told)) & set(outline.nodes)
    starts = [n.id for n in outline.nodes.values() if n.kind == "startEvent"]
    # An instance that was started at another element says so in its first entry.
    if not seen.intersection(starts):
        seen.update(starts[:1])
    flows: set[str] = set()
    waiting = list(seen)
    while waiting:
        node = outline.nodes[waiting.pop()]
        is_left = node.id in told.left if node.kind in _ACTIVITIES else node.id not in here
        for flow in (outline.flows[f] for f in node.outgoing if is_left):
            target = outline.nodes.get(flow.target)
            if target is None or not _went(node, flow.id, target, seen, told):
                continue
            flows.add(flow.id)
            if target.id not in seen:
                seen.add(target.id)
                waiting.append(target.id)
    return Way(frozenset(seen), frozenset(flows))


def _went(node: Node, flow: str, target: Node, seen: set[str], told: _Told) -> bool:
    if flow in told.chosen:
        return True
    if node.kind in _CHOOSING:
        return node.kind == "eventBasedGateway" and target.id in seen
    # Into an activity it went only if an entry says so; through events and gateways it just goes.
    return target.id in seen or target.kind not in _ACTIVITIES


def _fired(outline: Outline, told: _Told) -> set[str]:
    """Boundary events that took the token; of timers the entries speak themselves."""
    return {
        node.id
        for node in outline.nodes.values()
        if node.kind == "boundaryEvent"
        and (
            told.heard.intersection(node.waits)
            or (node.attached_to in told.failed and "error" in {kind for kind, _ in node.waits})
        )
        and any(outline.flows[f].target in told.reached for f in node.outgoing)
    }


def _told(found: Iterable[Entry]) -> _Told:
    told = _Told()
    for entry in found:
        detail = entry.detail
        elements = {detail["element"]} if detail.get("element") else set()
        elements |= set(detail.get("elements") or ())
        told.reached |= elements
        state = detail.get("state") if entry.action == "job_ended" else None
        if entry.action in ("task_completed", "operation_done", "job_done") or state == "done":
            told.left |= elements
        elif entry.action == "operation_error" or state == "bpmn_error":
            told.failed |= elements
        elif entry.action == "decision":
            told.chosen |= set(detail.get("flows") or ())
        elif entry.action == "message_delivered":
            told.heard.add((detail["kind"], detail["name"]))
    return told
