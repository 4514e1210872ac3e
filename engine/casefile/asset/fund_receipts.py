"""Money that arrived on a case's account (到账款): each entry of the bank's statement once, claimed by hand.

unclaimed --认领--> claimed      from then on it is in the ledger (``case_funds``)
    '-----退回认领-> disowned    not this case's money; it is looked into outside of the case
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Table,
    Text,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from engine import clock, db
from engine.casefile import columns
from engine.errors import NotFound
from engine.ids import new_id

FUND_RECEIPT = Table(
    "fund_receipt",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    #: The bank's number of the entry.
    Column("reference", Text, nullable=False),
    Column("amount", db.Fen, nullable=False),
    Column("arrived_on", Date, nullable=False),
    Column("payer", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("noticed_at", db.UtcDateTime, nullable=False),
    Column("claimed_at", db.UtcDateTime),
    CheckConstraint("state IN ('unclaimed', 'claimed', 'disowned')", name="state"),
    CheckConstraint("amount > 0", name="amount"),
    UniqueConstraint("court_id", "reference"),
    Index(None, "court_id", "case_id", "arrived_on"),
)


@dataclass(frozen=True)
class FundReceipt:
    id: UUID
    court_id: UUID
    case_id: UUID
    reference: str
    amount: Decimal
    arrived_on: date
    payer: str
    purpose: str
    state: str
    noticed_at: datetime


_READ = tuple(FUND_RECEIPT.c[f.name] for f in fields(FundReceipt))


def note(
    session: db.Session,
    court_id: UUID,
    case_id: UUID,
    *,
    reference: str,
    amount: Decimal,
    arrived_on: date,
    payer: str,
    purpose: str,
) -> None:
    """Keeps an entry of the statement; one that is known already stays as it is."""
    session.execute(
        upsert(FUND_RECEIPT)
        .values(
            id=new_id(),
            court_id=court_id,
            case_id=case_id,
            reference=reference,
            amount=amount,
            arrived_on=arrived_on,
            payer=payer,
            purpose=purpose,
            state="unclaimed",
            noticed_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["court_id", "reference"])
    )


def decide(session: db.Session, receipt_id: UUID, *, claimed: bool) -> FundReceipt | None:
    """Claimed, or not this case's; None if somebody decided before."""
    done = session.execute(
        update(FUND_RECEIPT)
        .where(FUND_RECEIPT.c.id == receipt_id, FUND_RECEIPT.c.state == "unclaimed")
        .values(state="claimed" if claimed else "disowned", claimed_at=clock.now())
    )
    return get(session, receipt_id) if done.rowcount else None


def get(session: db.Session, receipt_id: UUID) -> FundReceipt:
    row = session.execute(select(*_READ).where(FUND_RECEIPT.c.id == receipt_id)).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound(str(receipt_id))
    return FundReceipt(**found)


def of_case(session: db.Session, case_id: UUID, state: str | None = None) -> list[FundReceipt]:
    """By the day of arrival."""
    query = select(*_READ).where(FUND_RECEIPT.c.case_id == case_id)
    if state is not None:
        query = query.where(FUND_RECEIPT.c.state == state)
    rows = session.execute(query.order_by(FUND_RECEIPT.c.arrived_on, FUND_RECEIPT.c.id)).mappings()
    return [FundReceipt(**row) for row in rows]
