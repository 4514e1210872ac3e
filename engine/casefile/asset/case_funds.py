"""Case funds (案款): a ledger of what came in and went out of the case's own account, in yuan.

Entries are never changed; a mistake is corrected by a counter-entry.
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Date, Index, Table, Text, func, insert, select
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile import columns
from engine.errors import EngineError
from engine.ids import new_id

ENTRY = Table(
    "fund_entry",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    #: deduction, voluntary, auction_balance, income_instalment, fee, pay_out, refund … (DOMAIN §8.1)
    Column("kind", Text, nullable=False),
    #: Positive: received; negative: paid.
    Column("amount", db.Fen, nullable=False),
    Column("on", Date, nullable=False),
    #: Bank's reference or voucher.
    Column("reference", Text, nullable=False),
    Column("entered_at", db.UtcDateTime, nullable=False),
    CheckConstraint("amount <> 0", name="amount"),
    Index(None, "court_id", "case_id", "on"),
)


class AmountIsZero(EngineError):
    """金额不能为零，请填写实际到账或者发放的金额"""

    code = "amount_is_zero"


def enter(
    session: db.Session,
    court_id: UUID,
    case_id: UUID,
    *,
    kind: str,
    amount: Decimal,
    on: date,
    reference: str,
) -> UUID:
    if amount == 0:
        raise AmountIsZero
    id_ = new_id()
    session.execute(
        insert(ENTRY).values(
            id=id_,
            court_id=court_id,
            case_id=case_id,
            kind=kind,
            amount=amount,
            on=on,
            reference=reference,
            entered_at=clock.now(),
        )
    )
    return id_


def balance(session: db.Session, case_id: UUID) -> Decimal:
    """Yuan on the case's account."""
    found = session.scalar(select(func.sum(ENTRY.c.amount)).where(ENTRY.c.case_id == case_id))
    return found if isinstance(found, Decimal) else Decimal(0)


def received(session: db.Session, case_id: UUID) -> Decimal:
    """Yuan that ever came in."""
    return _sum(session, case_id, ENTRY.c.amount > Decimal(0))


def paid_out(session: db.Session, case_id: UUID) -> Decimal:
    """Yuan paid to applicants and creditors, as a positive sum."""
    return -_sum(session, case_id, ENTRY.c.kind == "pay_out")


def _sum(session: db.Session, case_id: UUID, condition: ColumnElement[bool]) -> Decimal:
    found = session.scalar(
        select(func.sum(ENTRY.c.amount)).where(ENTRY.c.case_id == case_id, condition)
    )
    return found if isinstance(found, Decimal) else Decimal(0)


def of_case(session: db.Session, case_id: UUID) -> list[tuple[date, str, Decimal, str]]:
    """(day, kind, amount, reference), in the order they were entered."""
    rows = session.execute(
        select(ENTRY.c.on, ENTRY.c.kind, ENTRY.c.amount, ENTRY.c.reference)
        .where(ENTRY.c.case_id == case_id)
        .order_by(ENTRY.c.on, ENTRY.c.id)
    )
    return [(row.on, row.kind, row.amount, row.reference) for row in rows]
