"""Coercive measures on persons (强制措施): detention, restricted consumption, the dishonest list.

live --> ended          its last day is over, released early, or lifted
not_taken               decided against, with the reason; nothing is open for this person then
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
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

COERCIVE_MEASURE = Table(
    "coercive_measure",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("party_id", Uuid, ForeignKey("party.id"), nullable=False),
    Column("matter_id", Uuid, ForeignKey("matter.id"), nullable=False),
    #: detention, consumption, dishonest_list
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    #: Null: until it is lifted.
    Column("ends_on", Date),
    #: Ground of the measure, or why it was not taken.
    Column("reason", Text, nullable=False),
    Column("entered_at", db.UtcDateTime, nullable=False),
    CheckConstraint("state IN ('live', 'ended', 'not_taken')", name="state"),
    Index(None, "court_id", "case_id", "id"),
    Index(None, "court_id", "ends_on"),
)

KINDS = ("detention", "consumption", "dishonest_list")


@dataclass(frozen=True)
class CoerciveMeasure:
    id: UUID
    case_id: UUID
    party_id: UUID
    matter_id: UUID
    kind: str
    state: str
    starts_on: date
    ends_on: date | None
    reason: str
    entered_at: datetime


_READ = tuple(COERCIVE_MEASURE.c[f.name] for f in fields(CoerciveMeasure))


def enter(
    session: db.Session,
    court_id: UUID,
    case_id: UUID,
    *,
    party_id: UUID,
    matter_id: UUID,
    kind: str,
    reason: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    taken: bool = True,
) -> UUID:
    """From today unless ``starts_on`` says otherwise; ``taken`` False: the decision not to take it."""
    id_ = new_id()
    session.execute(
        insert(COERCIVE_MEASURE).values(
            id=id_,
            court_id=court_id,
            case_id=case_id,
            party_id=party_id,
            matter_id=matter_id,
            kind=kind,
            state="live" if taken else "not_taken",
            starts_on=starts_on or clock.today(),
            ends_on=ends_on,
            reason=reason,
            entered_at=clock.now(),
        )
    )
    return id_


def end(session: db.Session, measure_id: UUID, on: date) -> None:
    """Released early or lifted; the day it ends is kept."""
    session.execute(
        update(COERCIVE_MEASURE)
        .where(COERCIVE_MEASURE.c.id == measure_id, COERCIVE_MEASURE.c.state == "live")
        .values(state="ended", ends_on=on)
    )


def of_case(session: db.Session, case_id: UUID, kind: str | None = None) -> list[CoerciveMeasure]:
    """In the order they were entered; also those decided against."""
    query = select(*_READ).where(COERCIVE_MEASURE.c.case_id == case_id)
    if kind is not None:
        query = query.where(COERCIVE_MEASURE.c.kind == kind)
    rows = session.execute(query.order_by(COERCIVE_MEASURE.c.id)).mappings()
    return [CoerciveMeasure(**row) for row in rows]
