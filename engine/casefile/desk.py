"""我的待办: open user tasks that are mine by handling, by team or by office, soonest due first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, case, func, or_, select, tuple_
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile import access, labels
from engine.casefile.cases import CASE
from engine.casefile.deliveries import DELIVERY
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
    #: What it is about: a document, of a delivery with its addressee; may be empty.
    subject: str
    #: transfer, document, approval, field_task; empty: a form.
    screen: str
    #: Type of the matter it belongs to.
    matter_key: str
    document_id: UUID | None
    opened_at: datetime
    #: The task's own due moment or, for 流转, the stage's last day.
    due_on: date | None
    position: tuple[Any, ...]


def todos(
    session: db.Session,
    viewer: User,
    *,
    screen: str | None = None,
    after: tuple[Any, ...] | None = None,
    limit: int = 50,
) -> list[Todo]:
    """At most ``limit`` + 1 rows, so that the page knows whether there are more.

    ``screen``: only tasks with this screen; "" for those with a form.
    """
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
            TASK.c.instance_id,
            TASK.c.case_id,
            CASE.c.case_no,
            CASE.c.cause,
            TASK.c.element,
            TASK.c.name,
            TASK.c.screen,
            TASK.c.opened_at,
            TASK.c.due_at,
            CASE.c.stage_due_on,
            due.label("due"),
        )
        .join(CASE, CASE.c.id == TASK.c.case_id)
        .where(_mine(viewer))
        .order_by(due, TASK.c.id)
        .limit(limit + 1)
    )
    if screen is not None:
        query = query.where(func.coalesce(TASK.c.screen, "") == screen)
    if after is not None:
        query = query.where(tuple_(due, TASK.c.id) > after)
    rows = session.execute(query).all()
    about = _subjects(session, viewer.court_id, rows)
    return [_todo(row, about.get(row.instance_id, _NOTHING)) for row in rows]


def counts(session: db.Session, viewer: User) -> dict[str, int]:
    """Screen ("" for forms) -> how many tasks of the viewer have it."""
    screen = func.coalesce(TASK.c.screen, "")
    rows = session.execute(
        select(screen, func.count())
        .select_from(TASK)
        .join(CASE, CASE.c.id == TASK.c.case_id)
        .where(_mine(viewer))
        .group_by(screen)
    )
    return {row[0]: row[1] for row in rows}


def is_mine(session: db.Session, viewer: User, task_id: UUID) -> bool:
    """Whether the task is open and stands in the viewer's list."""
    found = session.scalar(
        select(TASK.c.id)
        .join(CASE, CASE.c.id == TASK.c.case_id)
        .where(TASK.c.id == task_id, _mine(viewer))
    )
    return found is not None


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


@dataclass(frozen=True)
class _Subject:
    text: str = ""
    document_id: UUID | None = None
    matter_key: str = ""


_NOTHING = _Subject()


def _subjects(
    session: db.Session, court_id: UUID, rows: Sequence[Any]
) -> dict[UUID, _Subject]:
    """Process instance -> the matter, document or delivery that it is; found through the cases, which are indexed."""
    case_ids = {row.case_id for row in rows}

    def of(table: Table, *columns: ColumnElement[Any]) -> Sequence[Any]:
        return session.execute(
            select(*columns).where(table.c.court_id == court_id, table.c.case_id.in_(case_ids))
        ).all()

    matters = of(MATTER, MATTER.c.id, MATTER.c.instance_id, MATTER.c.type_key)
    keys = {matter.id: matter.type_key for matter in matters}
    found = {matter.instance_id: _Subject(matter_key=matter.type_key) for matter in matters}
    documents = {
        row.id: row
        for row in of(
            DOCUMENT, DOCUMENT.c.id, DOCUMENT.c.instance_id, DOCUMENT.c.name, DOCUMENT.c.matter_id
        )
    }
    for row in documents.values():
        found[row.instance_id] = _Subject(f"《{row.name}》", row.id, keys.get(row.matter_id, ""))
    for row in of(DELIVERY, DELIVERY.c.instance_id, DELIVERY.c.document_id, DELIVERY.c.addressee):
        document = documents[row.document_id]
        text = f"《{document.name}》（{row.addressee}）"
        found[row.instance_id] = _Subject(text, document.id, keys.get(document.matter_id, ""))
    return found


def _todo(row: Any, subject: _Subject) -> Todo:
    of_stage = row.element.startswith(_OF_STAGE)
    own = clock.court_day(row.due_at) if row.due_at else None
    return Todo(
        task_id=row.id,
        case_id=row.case_id,
        case_no=row.case_no,
        cause=row.cause,
        element=row.element,
        name=row.name,
        subject=subject.text,
        screen=row.screen or "",
        matter_key=subject.matter_key,
        document_id=subject.document_id,
        opened_at=row.opened_at,
        due_on=row.stage_due_on if of_stage and own is None else own,
        position=(row.due, row.id),
    )
