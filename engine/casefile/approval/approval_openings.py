"""已阅: when the person whose decision is due first opened the document; from then on nothing is taken back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table, Uuid, select
from sqlalchemy.dialects.postgresql import insert

from engine import clock, db
from engine.casefile import columns
from engine.casefile.approval.approvals import Approval
from engine.casefile.people.users import USER, User

OPENING = Table(
    "approval_opening",
    db.metadata,
    Column("task_id", Uuid, ForeignKey("user_task.id"), primary_key=True),
    Column("user_id", Uuid, ForeignKey("user_account.id"), primary_key=True),
    columns.court_id(),
    Column("approval_id", Uuid, ForeignKey("approval.id"), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("opened_at", db.UtcDateTime, nullable=False),
    Index(None, "court_id", "approval_id"),
)


@dataclass(frozen=True)
class Opening:
    task_id: UUID
    level: int
    round: int
    user_id: UUID
    name: str
    opened_at: datetime


def note(session: db.Session, viewer: User, task_id: UUID, found: Approval) -> None:
    """The first time counts. The caller holds the case's lock, which taking back also waits for."""
    session.execute(
        insert(OPENING)
        .values(
            task_id=task_id,
            user_id=viewer.id,
            court_id=found.court_id,
            approval_id=found.id,
            level=found.level,
            round=found.round,
            opened_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def is_noted(session: db.Session, viewer: User, task_id: UUID) -> bool:
    found = session.scalar(
        select(OPENING.c.task_id).where(
            OPENING.c.task_id == task_id, OPENING.c.user_id == viewer.id
        )
    )
    return found is not None


def of_approval(session: db.Session, approval_id: UUID) -> list[Opening]:
    """In the order in which they opened it."""
    rows = session.execute(
        select(
            OPENING.c.task_id,
            OPENING.c.level,
            OPENING.c.round,
            OPENING.c.user_id,
            USER.c.name,
            OPENING.c.opened_at,
        )
        .join(USER, USER.c.id == OPENING.c.user_id)
        .where(OPENING.c.approval_id == approval_id)
        .order_by(OPENING.c.opened_at)
    ).mappings()
    return [Opening(**row) for row in rows]
