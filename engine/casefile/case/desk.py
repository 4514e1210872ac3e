"""我的待办: open user tasks that are mine by handling, by team or by office, soonest due first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, case, func, or_, select, tuple_
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile import labels
from engine.casefile.case.cases import CASE
from engine.casefile.delivery.deliveries import DELIVERY
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.matter.matters import MATTER
from engine.casefile.people import access
from engine.casefile.people.users import User
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
    #: What it is about: documents, of a delivery with the addressee; may be empty.
    subjects: tuple[str, ...]
    #: transfer, document, approval, field_task; empty: a form.
    screen: str
    #: Type of the matter it belongs to.
    matter_key: str
    document_id: UUID | None
    opened_at: datetime
    #: The task's own due moment or, for 流转, the stage's last day.
    due_on: date | None
    #: The due moment is over, also when the day is not.
    is_late: bool
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

    The documents of one matter are one row: they are checked and signed together.
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
        .where(_listed(viewer))
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
        .where(_listed(viewer))
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
        .where(_listed(viewer))
    )
    return int(found or 0)


def _listed(viewer: User) -> ColumnElement[bool]:
    return and_(_mine(viewer), ~_same_document_work())


def _same_document_work() -> ColumnElement[bool]:
    """The task of a document whose matter has a row already.

    That is the matter's own task, or the oldest task of a sibling; what came back has its own row.
    """
    own, sibling = DOCUMENT.alias("own"), DOCUMENT.alias("sibling")
    other = TASK.alias("other")
    of_case = and_(
        own.c.court_id == TASK.c.court_id,
        own.c.case_id == TASK.c.case_id,
        own.c.instance_id == TASK.c.instance_id,
        own.c.state == "draft",
    )
    older = (
        select(other.c.id)
        .select_from(own)
        .join(
            sibling,
            (sibling.c.court_id == own.c.court_id)
            & (sibling.c.case_id == own.c.case_id)
            & (sibling.c.matter_id == own.c.matter_id)
            & (sibling.c.state == own.c.state),
        )
        .join(other, (other.c.instance_id == sibling.c.instance_id) & (other.c.state == "open"))
        .where(of_case, other.c.element == TASK.c.element, other.c.id < TASK.c.id)
        .correlate(TASK)
        .exists()
    )
    matter_task = (
        select(other.c.id)
        .select_from(own)
        .join(MATTER, MATTER.c.id == own.c.matter_id)
        .join(other, (other.c.instance_id == MATTER.c.instance_id) & (other.c.state == "open"))
        .where(of_case, other.c.screen == "document")
        .correlate(TASK)
        .exists()
    )
    return and_(TASK.c.screen.is_not_distinct_from("document"), or_(older, matter_task))


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
    texts: tuple[str, ...] = ()
    document_id: UUID | None = None
    matter_key: str = ""


_NOTHING = _Subject()


def _subjects(session: db.Session, court_id: UUID, rows: Sequence[Any]) -> dict[UUID, _Subject]:
    """Process instance -> the matter, documents or delivery that it is; found through the cases, which are indexed."""
    case_ids = {row.case_id for row in rows}

    def of(table: Table) -> Sequence[Any]:
        return session.execute(
            select(table)
            .where(table.c.court_id == court_id, table.c.case_id.in_(case_ids))
            .order_by(table.c.id)
        ).all()

    matters = of(MATTER)
    keys = {matter.id: matter.type_key for matter in matters}
    documents = {row.id: row for row in of(DOCUMENT)}
    found = {}
    for matter in matters:
        drafts = [d for d in documents.values() if (d.matter_id, d.state) == (matter.id, "draft")]
        texts = tuple(f"《{d.name}》" for d in drafts)
        found[matter.instance_id] = _Subject(texts, None, matter.type_key)
        for draft in drafts:
            found[draft.instance_id] = _Subject(texts, draft.id, matter.type_key)
    for row in documents.values():
        if row.state != "draft":
            subject = _Subject((f"《{row.name}》",), row.id, keys.get(row.matter_id, ""))
            found[row.instance_id] = subject
    for row in of(DELIVERY):
        document = documents[row.document_id]
        text = f"《{document.name}》（{row.addressee}）"
        key = keys.get(document.matter_id, "")
        found[row.instance_id] = _Subject((text,), document.id, key)
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
        subjects=subject.texts,
        screen=row.screen or "",
        matter_key=subject.matter_key,
        document_id=subject.document_id,
        opened_at=row.opened_at,
        due_on=row.stage_due_on if of_stage and own is None else own,
        is_late=row.due_at is not None and row.due_at < clock.now(),
        position=(row.due, row.id),
    )
