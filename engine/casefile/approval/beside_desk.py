"""What others ask of the viewer beside his own tasks: opinions, more time, documents to read; for 我的待办."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from engine import db
from engine.casefile.approval.approvals import APPROVAL
from engine.casefile.approval.circulations import CIRCULATION
from engine.casefile.approval.level_extensions import EXTENSION
from engine.casefile.approval.opinions import OPINION
from engine.casefile.case.cases import CASE
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.people import access
from engine.casefile.people.users import USER, User
from engine.process.tasks import TASK

KINDS = ("opinion", "extension", "circulation")


@dataclass(frozen=True)
class Request:
    """One row; it is no task of a process and carries no decision."""

    id: UUID
    kind: str
    case_id: UUID
    case_no: str
    document: str
    #: Who asks.
    sender: str
    at: datetime
    due_on: date | None


def requests(session: db.Session, viewer: User) -> list[Request]:
    """Opinions by their due day, then who asks for more time and what is to be read, the oldest first."""
    asked = session.execute(
        _asked(
            viewer,
            OPINION.c.id,
            OPINION.c.case_id,
            CASE.c.case_no,
            DOCUMENT.c.name.label("document"),
            USER.c.name.label("sender"),
            OPINION.c.asked_at.label("at"),
            OPINION.c.due_on,
        ).order_by(OPINION.c.due_on, OPINION.c.id)
    ).mappings()
    late = session.execute(
        _late(
            viewer,
            EXTENSION.c.id,
            EXTENSION.c.case_id,
            CASE.c.case_no,
            DOCUMENT.c.name.label("document"),
            USER.c.name.label("sender"),
            EXTENSION.c.asked_at.label("at"),
        ).order_by(EXTENSION.c.id)
    ).mappings()
    unread = session.execute(
        _unread(
            viewer,
            CIRCULATION.c.id,
            CIRCULATION.c.case_id,
            CASE.c.case_no,
            DOCUMENT.c.name.label("document"),
            USER.c.name.label("sender"),
            CIRCULATION.c.sent_at.label("at"),
        ).order_by(CIRCULATION.c.id)
    ).mappings()
    return [
        *[Request(kind="opinion", **row) for row in asked],
        *[Request(kind="extension", due_on=None, **row) for row in late],
        *[Request(kind="circulation", due_on=None, **row) for row in unread],
    ]


def counts(session: db.Session, viewer: User) -> dict[str, int]:
    """Kind -> how many; kinds without any are left out."""
    found = {
        "opinion": session.scalar(_asked(viewer, func.count())) or 0,
        "extension": session.scalar(_late(viewer, func.count())) or 0,
        "circulation": session.scalar(_unread(viewer, func.count())) or 0,
    }
    return {kind: number for kind, number in found.items() if number}


def count(session: db.Session, viewer: User) -> int:
    return sum(counts(session, viewer).values())


def _asked(viewer: User, *wanted: Any) -> Select[Any]:
    """Open requests of levels that have not decided yet."""
    return (
        select(*wanted)
        .select_from(OPINION)
        .join(TASK, (TASK.c.id == OPINION.c.task_id) & (TASK.c.state == "open"))
        .join(APPROVAL, APPROVAL.c.id == OPINION.c.approval_id)
        .join(DOCUMENT, DOCUMENT.c.id == APPROVAL.c.document_id)
        .join(CASE, CASE.c.id == OPINION.c.case_id)
        .join(USER, USER.c.id == OPINION.c.asked_by)
        .where(
            OPINION.c.court_id == viewer.court_id,
            OPINION.c.asked_id == viewer.id,
            OPINION.c.state == "open",
            access.may_open(viewer),
        )
    )


def _late(viewer: User, *wanted: Any) -> Select[Any]:
    """Open requests for more time of levels that have not decided yet."""
    return (
        select(*wanted)
        .select_from(EXTENSION)
        .join(TASK, (TASK.c.id == EXTENSION.c.task_id) & (TASK.c.state == "open"))
        .join(APPROVAL, APPROVAL.c.id == EXTENSION.c.approval_id)
        .join(DOCUMENT, DOCUMENT.c.id == APPROVAL.c.document_id)
        .join(CASE, CASE.c.id == EXTENSION.c.case_id)
        .join(USER, USER.c.id == EXTENSION.c.asked_by)
        .where(
            EXTENSION.c.court_id == viewer.court_id,
            EXTENSION.c.decider_id == viewer.id,
            EXTENSION.c.state == "open",
            access.may_open(viewer),
        )
    )


def _unread(viewer: User, *wanted: Any) -> Select[Any]:
    return (
        select(*wanted)
        .select_from(CIRCULATION)
        .join(DOCUMENT, DOCUMENT.c.id == CIRCULATION.c.document_id)
        .join(CASE, CASE.c.id == CIRCULATION.c.case_id)
        .join(USER, USER.c.id == CIRCULATION.c.sent_by)
        .where(
            CIRCULATION.c.court_id == viewer.court_id,
            CIRCULATION.c.reader_id == viewer.id,
            CIRCULATION.c.read_at.is_(None),
            access.may_open(viewer),
        )
    )
