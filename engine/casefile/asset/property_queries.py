"""Network queries of a person's property (网络查控): one row for each request and what came back.

asked --> answered       the property found stands in the records
  '-----> overridden     not answered; the judge says why it is not waited for
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)

from engine import clock, db
from engine.casefile import columns
from engine.ids import new_id

PROPERTY_QUERY = Table(
    "property_query",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("party_id", Uuid, ForeignKey("party.id"), nullable=False),
    Column("matter_id", Uuid, ForeignKey("matter.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", db.UtcDateTime, nullable=False),
    Column("answered_at", db.UtcDateTime),
    #: Property records that it found or confirmed.
    Column("found", Integer, nullable=False),
    #: The gateway's number.
    Column("reference", Text, nullable=False, server_default=""),
    #: Why it is not waited for.
    Column("reason", Text, nullable=False, server_default=""),
    CheckConstraint("state IN ('asked', 'answered', 'overridden')", name="state"),
    Index(None, "court_id", "case_id", "id"),
)


@dataclass(frozen=True)
class PropertyQuery:
    id: UUID
    case_id: UUID
    party_id: UUID
    matter_id: UUID
    state: str
    asked_at: datetime
    answered_at: datetime | None
    found: int
    reference: str
    reason: str


_READ = tuple(PROPERTY_QUERY.c[f.name] for f in fields(PropertyQuery))


def ask(
    session: db.Session, court_id: UUID, case_id: UUID, *, party_id: UUID, matter_id: UUID
) -> UUID:
    id_ = new_id()
    session.execute(
        insert(PROPERTY_QUERY).values(
            id=id_,
            court_id=court_id,
            case_id=case_id,
            party_id=party_id,
            matter_id=matter_id,
            state="asked",
            asked_at=clock.now(),
            found=0,
        )
    )
    return id_


def answer(session: db.Session, query_id: UUID, *, found: int, reference: str) -> None:
    _end(session, query_id, state="answered", found=found, reference=reference)


def override(session: db.Session, query_id: UUID, reason: str) -> None:
    _end(session, query_id, state="overridden", reason=reason)


def _end(session: db.Session, query_id: UUID, **values: Any) -> None:
    session.execute(
        update(PROPERTY_QUERY)
        .where(PROPERTY_QUERY.c.id == query_id)
        .values(answered_at=clock.now(), **values)
    )


def of_case(session: db.Session, case_id: UUID) -> list[PropertyQuery]:
    """The oldest first."""
    rows = session.execute(
        select(*_READ).where(PROPERTY_QUERY.c.case_id == case_id).order_by(PROPERTY_QUERY.c.id)
    ).mappings()
    return [PropertyQuery(**row) for row in rows]
