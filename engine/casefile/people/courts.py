"""Courts: whose cases these are. One platform may serve several; nothing is shared between them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Column, Table, Text, insert, select

from engine import db
from engine.casefile import columns
from engine.errors import NotFound
from engine.ids import new_id

COURT = Table(
    "court",
    db.metadata,
    columns.id_(),
    #: 法院代字, e.g. 苏0199 (案号若干规定).
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("phone", Text, nullable=False),
    #: The court's account for case funds; each case has a sub-number of it (一案一账号).
    Column("account_name", Text, nullable=False, server_default=""),
    Column("account_bank", Text, nullable=False, server_default=""),
    Column("account_no", Text, nullable=False, server_default=""),
    #: Where the demo says that all of it is invented.
    Column("remark", Text, nullable=False, server_default=""),
)


@dataclass(frozen=True)
class Court:
    id: UUID
    code: str
    name: str
    short_name: str
    address: str
    phone: str
    account_name: str = ""
    account_bank: str = ""
    account_no: str = ""
    remark: str = ""


def add(
    session: db.Session,
    *,
    code: str,
    name: str,
    short_name: str,
    address: str,
    phone: str,
    account_name: str = "",
    account_bank: str = "",
    account_no: str = "",
    remark: str = "",
) -> UUID:
    court = Court(
        new_id(),
        code,
        name,
        short_name,
        address,
        phone,
        account_name,
        account_bank,
        account_no,
        remark,
    )
    session.execute(insert(COURT).values(**vars(court)))
    return court.id


def get(session: db.Session, court_id: UUID) -> Court:
    row = session.execute(select(COURT).where(COURT.c.id == court_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(str(court_id))
    return Court(**row)


def by_code(session: db.Session, code: str) -> Court | None:
    row = session.execute(select(COURT).where(COURT.c.code == code)).mappings().one_or_none()
    return Court(**row) if row else None


def all_(session: db.Session) -> list[Court]:
    rows = session.execute(select(COURT).order_by(COURT.c.code)).mappings()
    return [Court(**row) for row in rows]
