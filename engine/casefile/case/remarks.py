"""备注: append-only notes on an asset, a matter or the case, with author and time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Table, Text, Uuid, insert, select

from engine import clock, db
from engine.casefile import columns
from engine.casefile.people.users import USER, User
from engine.errors import EngineError
from engine.ids import new_id

REMARK = Table(
    "remark",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    #: asset, matter, case
    Column("subject", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("text", Text, nullable=False),
    columns.user_id("author_id", nullable=False),
    Column("at", db.UtcDateTime, nullable=False),
    Index(None, "court_id", "case_id", "subject_id"),
)

LONGEST = 1000


class RemarkEmpty(EngineError):
    """请填写备注内容"""

    code = "remark_empty"


class RemarkTooLong(EngineError):
    """备注不能超过1000字，请精简后保存"""

    code = "remark_too_long"


@dataclass(frozen=True)
class Remark:
    id: UUID
    subject_id: UUID
    text: str
    author: str
    at: datetime


def add(
    session: db.Session, viewer: User, case_id: UUID, subject: str, subject_id: UUID, words: str
) -> UUID:
    words = words.strip()
    if not words:
        raise RemarkEmpty
    if len(words) > LONGEST:
        raise RemarkTooLong
    id_ = new_id()
    session.execute(
        insert(REMARK).values(
            id=id_,
            court_id=viewer.court_id,
            case_id=case_id,
            subject=subject,
            subject_id=subject_id,
            text=words,
            author_id=viewer.id,
            at=clock.now(),
        )
    )
    return id_


def of_subjects(
    session: db.Session, case_id: UUID, subject_ids: Iterable[UUID]
) -> dict[UUID, list[Remark]]:
    """Newest first, of each subject that has any."""
    rows = session.execute(
        select(REMARK.c.id, REMARK.c.subject_id, REMARK.c.text, USER.c.name, REMARK.c.at)
        .join(USER, USER.c.id == REMARK.c.author_id)
        .where(REMARK.c.case_id == case_id, REMARK.c.subject_id.in_(list(subject_ids)))
        .order_by(REMARK.c.id.desc())
    )
    found: dict[UUID, list[Remark]] = {}
    for row in rows:
        found.setdefault(row.subject_id, []).append(
            Remark(row.id, row.subject_id, row.text, row.name, row.at)
        )
    return found
