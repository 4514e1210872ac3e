"""Where instances stand and what became of them: read-only, from rows alone, for those who watch over many.

Lists and counts use one set of conditions, so that a count and the list behind it are always the same
instances. Who may see what is the caller's condition
(``scope``), and so is what counts as overdue: both are conditions on ``process_instance`` and
``user_task``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)

from engine import db
from engine.process.definitions import DEFINITION
from engine.process.incidents import INCIDENT
from engine.process.instances import INSTANCE
from engine.process.jobs import JOB
from engine.process.messages import SUBSCRIPTION
from engine.process.outlines import Wait
from engine.process.steps import OPEN
from engine.process.tasks import TASK
from engine.process.timers import TIMER

#: What a list can be asked for. ``waiting``: running, and nobody has a task in it.
STATES = ("open", "incident", "waiting", "suspended", "ended", "cancelled")

_IS_OPEN = INSTANCE.c.state.in_(OPEN)
_TASK_OPEN = TASK.c.state == "open"
_INCIDENT_OPEN = INCIDENT.c.closed_at.is_(None)


@dataclass(frozen=True)
class Conditions:
    #: Rows the viewer may see; on ``process_instance``.
    scope: ColumnElement[bool]
    #: What makes an open user task overdue; on ``user_task`` and ``process_instance``.
    is_overdue: ColumnElement[bool] = field(default_factory=lambda: TASK.c.due_at < func.now())
    state: str = "open"
    key: str = ""
    definition_id: UUID | None = None
    element: str = ""
    #: Where a token of the asked definitions can wait for a message, signal or timer.
    waits: tuple[Wait, ...] = ()
    #: Some open user task must fulfil this; with ``element`` the one there.
    task: ColumnElement[bool] | None = None
    overdue: bool = False
    #: Further conditions on ``process_instance``.
    more: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True)
class Row:
    """One instance of a list."""

    id: UUID
    definition_id: UUID
    key: str
    version: int
    case_id: UUID | None
    stage: str | None
    state: str
    started_at: datetime
    ended_at: datetime | None
    has_incident: bool
    overdue: bool
    #: Since when it stands where it has stood longest; of a finished one, when it ended.
    since: datetime
    #: Keyset position.
    position: tuple[int, UUID]


# ---------------------------------------------------------------- conditions


def of_instance(table: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = table.c.instance_id == INSTANCE.c.id
    return found


def has_incident(element: str = "") -> ColumnElement[bool]:
    """The instance has an open incident (at this element)."""
    here = INCIDENT.c.element == element if element else true()
    return exists().where(of_instance(INCIDENT), _INCIDENT_OPEN, here)


def has_task(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(of_instance(TASK), _TASK_OPEN, *conditions)


def _stands_at(element: str, waits: Iterable[Wait]) -> ColumnElement[bool]:
    here = [w for w in waits if w.element == element]
    heard = [(w.definition_id, w.kind, w.name) for w in here if w.kind in ("message", "signal")]
    timed = [w.definition_id for w in here if w.kind == "timer"]
    listening = exists().where(
        of_instance(SUBSCRIPTION),
        tuple_(INSTANCE.c.definition_id, SUBSCRIPTION.c.kind, SUBSCRIPTION.c.name).in_(heard),
    )
    ticking = exists().where(
        of_instance(TIMER), TIMER.c.element == element, INSTANCE.c.definition_id.in_(timed)
    )
    return or_(
        has_task(TASK.c.element == element),
        exists().where(of_instance(JOB), JOB.c.element == element),
        has_incident(element),
        listening if heard else false(),
        ticking if timed else false(),
    )


def _in_state(state: str, element: str = "") -> ColumnElement[bool]:
    running = INSTANCE.c.state == "running"
    return {
        "open": _IS_OPEN,
        "incident": and_(_IS_OPEN, has_incident(element)),
        "waiting": and_(running, ~has_task(), ~has_incident()),
        "suspended": INSTANCE.c.state == "suspended",
        "ended": INSTANCE.c.state == "ended",
        "cancelled": INSTANCE.c.state == "cancelled",
    }[state]


def where(asked: Conditions, *, state: str | None = None) -> ColumnElement[bool]:
    """The condition on ``process_instance``; with ``state`` instead of the asked one."""
    wanted = [asked.scope, *asked.more, _in_state(state or asked.state, asked.element)]
    if asked.key:
        wanted.append(INSTANCE.c.key == asked.key)
    if asked.definition_id is not None:
        wanted.append(INSTANCE.c.definition_id == asked.definition_id)
    if asked.element:
        wanted.append(_stands_at(asked.element, asked.waits))
    of_task = [] if asked.task is None else [asked.task]
    if asked.overdue:
        of_task.append(asked.is_overdue)
    if of_task:
        here = [TASK.c.element == asked.element] if asked.element else []
        wanted.append(has_task(*of_task, *here))
    return and_(*wanted)


# ---------------------------------------------------------------- lists and counts

#: Worked out for the rows of one page only. COALESCE stops at the first that is there.
_SINCE = func.coalesce(
    INSTANCE.c.ended_at,
    select(func.min(TASK.c.opened_at)).where(of_instance(TASK), _TASK_OPEN).scalar_subquery(),
    select(func.min(JOB.c.created_at)).where(of_instance(JOB)).scalar_subquery(),
    select(func.min(SUBSCRIPTION.c.since)).where(of_instance(SUBSCRIPTION)).scalar_subquery(),
    INSTANCE.c.started_at,
)
_INSTANCE_COLUMNS = (
    "id",
    "definition_id",
    "key",
    "case_id",
    "stage",
    "state",
    "started_at",
    "ended_at",
)


def page(
    session: db.Session,
    asked: Conditions,
    *,
    after: tuple[int, UUID] | None = None,
    limit: int = 50,
) -> list[Row]:
    """Open ones with incidents first, then those started first; finished ones started last first.

    At most ``limit`` + 1 rows, so that the caller knows whether there are more. Ids are in the order
    of starts, and the partial index of open instances has them.
    """
    rank = case((has_incident(), 0), else_=1)
    order = (rank, INSTANCE.c.id)
    query = (
        select(
            *(INSTANCE.c[name] for name in _INSTANCE_COLUMNS),
            DEFINITION.c.version,
            rank.label("rank"),
            _SINCE.label("since"),
            has_task(asked.is_overdue).label("overdue"),
        )
        .join(DEFINITION, DEFINITION.c.id == INSTANCE.c.definition_id)
        .where(where(asked))
        .limit(limit + 1)
    )
    if asked.state in ("ended", "cancelled"):
        query = query.order_by(INSTANCE.c.id.desc())
        query = query if after is None else query.where(INSTANCE.c.id < after[1])
    else:
        query = query.order_by(*order)
        query = query if after is None else query.where(tuple_(*order) > after)
    return [_row(row) for row in session.execute(query).mappings()]


def _row(row: RowMapping) -> Row:
    given = {name: row[name] for name in (*_INSTANCE_COLUMNS, "version", "overdue", "since")}
    return Row(**given, has_incident=row["rank"] == 0, position=(row["rank"], row["id"]))


def state_counts(session: db.Session, asked: Conditions) -> dict[str, int]:
    """How many instances each open state of ``STATES`` would list, under the same other conditions."""
    together = ("open", "incident", "suspended")
    counted = [func.count().filter(_in_state(state, asked.element)) for state in together]
    row = session.execute(
        select(*counted).select_from(INSTANCE).where(where(asked, state="open"))
    ).one()
    # By itself it is a join, as a filter of each row it would take twice as long.
    waiting = _count(session, where(asked, state="waiting"))
    return dict(zip(together, row, strict=True)) | {"waiting": waiting}


def count(session: db.Session, asked: Conditions) -> int:
    return _count(session, where(asked))


def _count(session: db.Session, condition: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.count()).select_from(INSTANCE).where(condition)) or 0)


def version_counts(session: db.Session, scope: ColumnElement[bool]) -> dict[UUID, int]:
    """Definition version -> open instances."""
    rows = session.execute(
        select(INSTANCE.c.definition_id, func.count())
        .where(scope, _IS_OPEN)
        .group_by(INSTANCE.c.definition_id)
    )
    return {row[0]: row[1] for row in rows}
