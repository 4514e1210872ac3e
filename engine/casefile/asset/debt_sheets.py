"""执行款核算表: what the debtors owe on a day, computed by the rules; final when its document is signed.

draft --D142 signed--> final      a later sheet takes the place of an earlier one
"""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any
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
from sqlalchemy.dialects.postgresql import JSONB

from engine import clock, db
from engine.casefile import columns
from engine.ids import new_id

DEBT_SHEET = Table(
    "debt_sheet",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("matter_id", Uuid, ForeignKey("matter.id"), nullable=False),
    #: Day of calculation.
    Column("until", Date, nullable=False),
    #: Still owed on that day to the applicants, and the enforcement fee on what was executed.
    Column("due", db.Fen, nullable=False),
    Column("fee", db.Fen, nullable=False),
    #: What it was computed from and every segment, as the document shows them.
    Column("detail", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", db.UtcDateTime, nullable=False),
    CheckConstraint("state IN ('draft', 'final')", name="state"),
    Index(None, "court_id", "case_id", "id"),
)


@dataclass(frozen=True)
class DebtSheet:
    id: UUID
    case_id: UUID
    matter_id: UUID
    until: date
    due: Decimal
    fee: Decimal
    detail: dict[str, Any]
    state: str


_READ = tuple(DEBT_SHEET.c[f.name] for f in fields(DebtSheet))


def add(
    session: db.Session,
    court_id: UUID,
    case_id: UUID,
    *,
    matter_id: UUID,
    until: date,
    due: Decimal,
    fee: Decimal,
    detail: dict[str, Any],
) -> UUID:
    id_ = new_id()
    session.execute(
        insert(DEBT_SHEET).values(
            id=id_,
            court_id=court_id,
            case_id=case_id,
            matter_id=matter_id,
            until=until,
            due=due,
            fee=fee,
            detail=detail,
            state="draft",
            made_at=clock.now(),
        )
    )
    return id_


def finish(session: db.Session, sheet_id: UUID) -> None:
    session.execute(update(DEBT_SHEET).where(DEBT_SHEET.c.id == sheet_id).values(state="final"))


def newest_final(session: db.Session, case_id: UUID) -> DebtSheet | None:
    row = session.execute(
        select(*_READ)
        .where(DEBT_SHEET.c.case_id == case_id, DEBT_SHEET.c.state == "final")
        .order_by(DEBT_SHEET.c.id.desc())
        .limit(1)
    ).mappings()
    found = row.one_or_none()
    return DebtSheet(**found) if found else None
