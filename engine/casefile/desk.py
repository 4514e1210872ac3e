"""我的待办: open user tasks that are mine by handling, by team or by office, soonest due first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select, tuple_
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile import access, labels
from engine.casefile.cases import CASE
from engine.casefile.documents import DOCUMENT
from engine.casefile.matters import MATTER
from engine.casefile.users import User
from engine.process.tasks import TASK

_FAR = datetime(9999, 1, 1, tzinfo=clock.COURT_ZONE)
_OF_STAGE = "transfer_"


@dataclass(frozen=True)
class Todo:
    task_id: UUID
    case_id: UUID
    case_no: str
    cause: str
    element: str
    name: str
    #: What it is about: the document's name, else empty.
    subject: str
    screen: str
    matter_id: UUID | None
    document_id: UUID | None
    opened_at: datetime
    #: The task's own due moment or, for 流转, the stage's last day.
    due_on: date | None
    position: tuple[Any, ...]


def todos(
    session: db.Session, viewer: User, *, after: tuple[Any, ...] | None = None, limit: int = 50
) -> list[Todo]:
    """At most ``limit`` + 1 rows, so that the page knows whether there are more."""
    due = func.coalesce(
        TASK.c.due_at,
        case(
            (
                TASK.c.element.startswith(_OF_STAGE),
                func.cast(CASE.c.stage_due_on, TASK.c.due_at.type),
            ),
            else_=None,
        ),
        _FAR,
    )
    query = (
        select(
            TASK.c.id,
            TASK.c.case_id,
            CASE.c.case_no,
            CASE.c.cause,
            TASK.c.element,
            TASK.c.name,
            TASK.c.screen,
            TASK.c.opened_at,
            TASK.c.due_at,
            CASE.c.stage_due_on,
            DOCUMENT.c.id.label("document_id"),
            DOCUMENT.c.name.label("document_name"),
            func.coalesce(MATTER.c.id, DOCUMENT.c.matter_id).label("matter_id"),
            due.label("due"),
        )
        .join(CASE, CASE.c.id == TASK.c.case_id)
        .outerjoin(DOCUMENT, DOCUMENT.c.instance_id == TASK.c.instance_id)
        .outerjoin(MATTER, MATTER.c.instance_id == TASK.c.instance_id)
        .where(_mine(viewer))
        .order_by(due, TASK.c.id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(tuple_(due, TASK.c.id) > after)
    return [_todo(row) for row in session.execute(query)]


def count(session: db.Session, viewer: User) -> int:
    found = session.scalar(
        select(func.count())
        .select_from(TASK)
        .join(CASE, CASE.c.id == TASK.c.case_id)
        .where(_mine(viewer))
    )
    return int(found or 0)


def _mine(viewer: User) -> ColumnElement[bool]:
    """By handling: the handler's; by team: whoever of the stage's team has the lane's role; else by office."""
    lanes = [lane for lane, role in labels.LANES.items() if role in viewer.roles]
    handled = and_(TASK.c.scope == "handler", CASE.c.handler_id == viewer.id)
    of_team = and_(
        TASK.c.scope == "team",
        TASK.c.role.in_(lanes),
        or_(CASE.c.stage == viewer.team, CASE.c.handler_id == viewer.id),
    )
    of_court = and_(TASK.c.scope == "court", TASK.c.role.in_(lanes))
    return and_(
        TASK.c.court_id == viewer.court_id,
        TASK.c.state == "open",
        or_(
            and_(TASK.c.assignee.is_(None), or_(handled, of_team, of_court)),
            TASK.c.assignee == viewer.id,
        ),
        access.not_recused(viewer),
    )


def _todo(row: Any) -> Todo:
    of_stage = row.element.startswith(_OF_STAGE)
    own = clock.court_day(row.due_at) if row.due_at else None
    return Todo(
        task_id=row.id,
        case_id=row.case_id,
        case_no=row.case_no,
        cause=row.cause,
        element=row.element,
        name=row.name,
        subject=row.document_name or "",
        screen=row.screen or "",
        matter_id=row.matter_id,
        document_id=row.document_id,
        opened_at=row.opened_at,
        due_on=row.stage_due_on if of_stage and own is None else own,
        position=(row.due, row.id),
    )
