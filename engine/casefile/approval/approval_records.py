"""Decisions on submissions as they stand on record; what was taken back counts no more but stays."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table, Text, Uuid, select, text

from engine import db
from engine.casefile import columns
from engine.casefile.people.users import User

if TYPE_CHECKING:
    from engine.casefile.approval.approvals import Approval

DECISION = Table(
    "approval_decision",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    Column("approval_id", Uuid, ForeignKey("approval.id"), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("round", SmallInteger, nullable=False),
    columns.user_id("user_id", nullable=False),
    #: Whose office he acted in as the substitute, and the row of the register that allowed it.
    columns.user_id("acting_for"),
    Column("substitution_id", Uuid, ForeignKey("substitution.id")),
    #: agree, disagree (panel); approve, return, reject, reconsider (levels)
    Column("outcome", Text, nullable=False),
    #: Of a panel member: fact and law, both required; else one opinion.
    Column("fact_reason", Text, nullable=False),
    Column("law_reason", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("decided_at", db.UtcDateTime, nullable=False),
    #: 拿回: it counts no more, but stays on record with the reason.
    Column("taken_back_at", db.UtcDateTime),
    Column("taken_back_reason", Text),
    Index(
        "uq_approval_decision_counted",
        "approval_id",
        "level",
        "round",
        "user_id",
        unique=True,
        postgresql_where=text("taken_back_at IS NULL"),
    ),
)


@dataclass(frozen=True)
class Decision:
    id: UUID
    level: int
    round: int
    user_id: UUID
    acting_for: UUID | None
    substitution_id: UUID | None
    outcome: str
    fact_reason: str
    law_reason: str
    opinion: str
    decided_at: datetime
    taken_back_at: datetime | None
    taken_back_reason: str | None

    @property
    def counts(self) -> bool:
        return self.taken_back_at is None


def made(session: db.Session, approval_id: UUID) -> list[Decision]:
    """In the order they were made; pages show a panel's only when it is complete (``shown``)."""
    rows = session.execute(
        select(*[DECISION.c[f.name] for f in fields(Decision)])
        .where(DECISION.c.approval_id == approval_id)
        .order_by(DECISION.c.id)
    ).mappings()
    return [Decision(**row) for row in rows]


def shown(session: db.Session, viewer: User, found: "Approval") -> list[Decision]:
    """Decisions this viewer may read: his own, and those of levels that are complete."""
    counted = [d for d in made(session, found.id) if d.counts]
    voted: dict[tuple[int, int], int] = {}
    for decision in counted:
        key = (decision.round, decision.level)
        voted[key] = voted.get(key, 0) + 1
    return [
        d
        for d in counted
        if d.user_id == viewer.id
        or voted[(d.round, d.level)] == len(found.chain[d.level]["persons"])
    ]
