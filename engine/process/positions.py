"""Where instances stand: an open user task, a job, a service task that an incident holds, a catching event.

Read from rows, for any number of instances at once; nothing is opened. A boundary event's timer or
message is no position: the activity it is attached to is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from engine import db
from engine.process.incidents import INCIDENT
from engine.process.instances import INSTANCE
from engine.process.jobs import HISTORY, JOB
from engine.process.messages import SUBSCRIPTION
from engine.process.monitoring import Conditions, of_instance, where
from engine.process.outlines import Wait
from engine.process.tasks import TASK
from engine.process.timers import TIMER


@dataclass(frozen=True)
class Position:
    instance_id: UUID
    element: str
    #: task, job, incident, message, signal, timer, condition
    kind: str
    #: The row behind it: a task, a job or an incident.
    row_id: UUID | None
    assignee: UUID | None
    assignee_name: str | None
    role: str | None
    team: str | None
    scope: str | None
    #: Of a task its screen, of a job its state.
    detail: str | None
    since: datetime | None
    due_at: datetime | None
    overdue: bool


def _positions(waits: Iterable[Wait], is_overdue: ColumnElement[bool]) -> Subquery:
    """Every position of open instances, as far as rows know it; join ``process_instance`` to choose."""
    parts = [
        select(
            *_shared(TASK, "task", TASK.c.id),
            TASK.c.assignee,
            TASK.c.assignee_name,
            TASK.c.role,
            TASK.c.team,
            TASK.c.scope,
            TASK.c.screen.label("detail"),
            TASK.c.opened_at.label("since"),
            TASK.c.due_at,
            func.coalesce(is_overdue, false()).label("overdue"),
        )
        .join(INSTANCE, of_instance(TASK))
        .where(TASK.c.state == "open"),
        _plain(JOB, "job", JOB.c.id, detail=JOB.c.state, since=JOB.c.created_at),
        # What a job failed at is shown by the job.
        _plain(INCIDENT, "incident", INCIDENT.c.id, since=INCIDENT.c.opened_at).where(
            INCIDENT.c.closed_at.is_(None), INCIDENT.c.job_id.is_(None)
        ),
        *_waiting(list(waits)),
    ]
    return union_all(*parts).subquery("position")


def _shared(table: Any, kind: str, row_id: Any) -> list[Any]:
    return [
        table.c.instance_id,
        table.c.element,
        literal(kind, Text).label("kind"),
        row_id.label("row_id"),
    ]


def _plain(
    table: Any, kind: str, row_id: Any, *, detail: Any = None, since: Any = None, due_at: Any = None
) -> Select[Any]:
    return select(*_shared(table, kind, row_id), *_nobody(detail, since, due_at))


def _nobody(detail: Any = None, since: Any = None, due_at: Any = None) -> list[Any]:
    """The columns of a position that is no user task."""
    return [
        cast(null(), Uuid).label("assignee"),
        cast(null(), Text).label("assignee_name"),
        cast(null(), Text).label("role"),
        cast(null(), Text).label("team"),
        cast(null(), Text).label("scope"),
        (cast(null(), Text) if detail is None else detail).label("detail"),
        (cast(null(), db.UtcDateTime) if since is None else since).label("since"),
        (cast(null(), db.UtcDateTime) if due_at is None else due_at).label("due_at"),
        false().label("overdue"),
    ]


def _waiting(waits: list[Wait]) -> list[Select[Any]]:
    """Catching events: a boundary event's timer or message is no position, its activity is."""
    found = []
    for wait in waits:
        of_version = INSTANCE.c.definition_id == wait.definition_id
        if wait.kind == "timer":
            found.append(
                _plain(TIMER, "timer", cast(null(), Uuid), due_at=TIMER.c.due_at)
                .join(INSTANCE, of_instance(TIMER))
                .where(of_version, TIMER.c.element == wait.element)
            )
        elif wait.kind in ("message", "signal"):
            found.append(
                select(
                    SUBSCRIPTION.c.instance_id,
                    literal(wait.element, Text).label("element"),
                    literal(wait.kind, Text).label("kind"),
                    cast(null(), Uuid).label("row_id"),
                    *_nobody(literal(wait.name, Text), SUBSCRIPTION.c.since),
                )
                .join(INSTANCE, of_instance(SUBSCRIPTION))
                .where(
                    of_version, SUBSCRIPTION.c.kind == wait.kind, SUBSCRIPTION.c.name == wait.name
                )
            )
    return found


def positions(
    session: db.Session,
    instance_ids: Iterable[UUID],
    waits: Iterable[Wait],
    is_overdue: ColumnElement[bool],
) -> dict[UUID, list[Position]]:
    """Instance -> where it stands, the longest first."""
    at = _positions(waits, is_overdue)
    rows = session.execute(
        select(at)
        .where(at.c.instance_id.in_(list(instance_ids)))
        .order_by(at.c.since.nulls_last(), at.c.element)
    ).mappings()
    found: dict[UUID, list[Position]] = {}
    for row in rows:
        found.setdefault(row["instance_id"], []).append(Position(**row))
    return found


@dataclass(frozen=True)
class ElementCount:
    """Instances, not tokens: three votes of one panel count once."""

    element: str
    active: int
    overdue: int
    incidents: int


def element_counts(session: db.Session, asked: Conditions) -> dict[str, ElementCount]:
    """Element -> open instances of ``asked.key`` that stand there; elements with none are left out."""
    at = _positions(asked.waits, asked.is_overdue)
    instances = func.count(at.c.instance_id.distinct())
    broken = or_(at.c.kind == "incident", and_(at.c.kind == "job", at.c.detail == "failed"))
    rows = session.execute(
        select(at.c.element, instances, instances.filter(at.c.overdue), instances.filter(broken))
        .join(INSTANCE, INSTANCE.c.id == at.c.instance_id)
        .where(where(asked))
        .group_by(at.c.element)
    )
    return {row[0]: ElementCount(*row) for row in rows}


@dataclass(frozen=True)
class Duration:
    """How long an element took those who went through it."""

    seconds: float
    done: int


def durations(
    session: db.Session, key: str, scope: ColumnElement[bool], since: datetime
) -> dict[str, Duration]:
    """Element -> average of the user tasks completed and the jobs done after ``since``."""
    found = {}
    for table, opened, closed, done in (
        (TASK, TASK.c.opened_at, TASK.c.closed_at, TASK.c.state == "completed"),
        (HISTORY, HISTORY.c.created_at, HISTORY.c.ended_at, HISTORY.c.state == "done"),
    ):
        took = func.extract("epoch", closed - opened)
        rows = session.execute(
            select(table.c.element, func.avg(took), func.count())
            .join(INSTANCE, of_instance(table))
            .where(scope, INSTANCE.c.key == key, done, closed >= since)
            .group_by(table.c.element)
        )
        found.update({row[0]: Duration(float(row[1]), int(row[2])) for row in rows})
    return found
