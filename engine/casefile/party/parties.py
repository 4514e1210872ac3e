"""Parties of a case: applicants, debtors and others, with the addresses documents are delivered to.

A party is never deleted: who left the case stays with reason and day, and is no addressee any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    insert,
    select,
    update,
)

from engine import db
from engine.casefile import columns
from engine.errors import EngineError, NotFound
from engine.ids import new_id

PARTY = Table(
    "party",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    #: applicant, debtor, outsider, garnishee … (DOMAIN §1)
    Column("role", Text, nullable=False),
    #: Order within the role, from 1.
    Column("position", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    #: natural, legal, organisation, foreign
    Column("kind", Text, nullable=False),
    Column("id_number", Text, nullable=False),
    Column("phone", Text, nullable=False),
    #: Electronic address; whether its use was agreed to is ``e_consent`` (民事诉讼法第九十条).
    Column("e_address", Text, nullable=False),
    Column("e_consent", Boolean, nullable=False),
    Column("address", Text, nullable=False),
    Column("legal_representative", Text, nullable=False, server_default=""),
    #: Without domicile in China (无国内住所, 民事诉讼法第二百八十三条); an address is then one abroad.
    Column("is_abroad", Boolean, nullable=False, server_default="false"),
    #: Day of the 送达地址确认书; null: never confirmed.
    Column("confirmed_on", Date),
    #: Since when and by which document, of who was added or has taken another's place.
    Column("joined_on", Date),
    Column("basis", Text, nullable=False, server_default=""),
    Column("left_on", Date),
    Column("left_reason", Text, nullable=False, server_default=""),
    #: Of the row, from 1: who saves a form he opened before another's change is told.
    Column("version", Integer, nullable=False, server_default="1"),
    Index(None, "court_id", "case_id"),
    Index(None, "court_id", "id_number"),
)


class PartyChanged(EngineError):
    """当事人信息刚刚被他人修改，您填写的内容没有丢失，请核对后再保存"""

    code = "party_changed"


@dataclass(frozen=True)
class Party:
    id: UUID
    court_id: UUID
    case_id: UUID
    role: str
    position: int
    name: str
    kind: str
    id_number: str
    phone: str
    e_address: str
    e_consent: bool
    address: str
    legal_representative: str
    is_abroad: bool
    confirmed_on: date | None
    joined_on: date | None
    basis: str
    left_on: date | None
    left_reason: str
    version: int

    @property
    def is_present(self) -> bool:
        return self.left_on is None

    @property
    def takes_mail(self) -> bool:
        """Whether he agreed to electronic delivery and gave an address for it."""
        return self.e_consent and bool(self.e_address)


def add(
    session: db.Session,
    court_id: UUID,
    case_id: UUID,
    *,
    role: str,
    position: int,
    name: str,
    kind: str,
    id_number: str = "",
    phone: str = "",
    e_address: str = "",
    e_consent: bool = False,
    address: str = "",
    legal_representative: str = "",
    is_abroad: bool | None = None,
    confirmed_on: date | None = None,
    joined_on: date | None = None,
    basis: str = "",
) -> UUID:
    """``is_abroad``: of 境外人员, unless it is said otherwise."""
    id_ = new_id()
    session.execute(
        insert(PARTY).values(
            id=id_,
            court_id=court_id,
            case_id=case_id,
            role=role,
            position=position,
            name=name,
            kind=kind,
            id_number=id_number,
            phone=phone,
            e_address=e_address,
            e_consent=e_consent,
            address=address,
            legal_representative=legal_representative,
            is_abroad=kind == FOREIGN if is_abroad is None else is_abroad,
            confirmed_on=confirmed_on,
            joined_on=joined_on,
            basis=basis,
        )
    )
    return id_


def of_case(session: db.Session, case_id: UUID, role: str | None = None) -> list[Party]:
    """Applicants first, then debtors, then the others; each in their order.

    With ``role`` those who have it now: not who left the case.
    """
    return of_cases(session, [case_id], role).get(case_id, [])


FOREIGN = "foreign"
_ORDER = {"applicant": 0, "debtor": 1}


def of_cases(
    session: db.Session, case_ids: Iterable[UUID], role: str | None = None
) -> dict[UUID, list[Party]]:
    rows = session.execute(
        select(*[PARTY.c[f.name] for f in fields(Party)]).where(PARTY.c.case_id.in_(list(case_ids)))
    ).mappings()
    found: dict[UUID, list[Party]] = {}
    for row in rows:
        party = Party(**row)
        if role is None or (party.role == role and party.is_present):
            found.setdefault(party.case_id, []).append(party)
    for members in found.values():
        members.sort(key=lambda p: (_ORDER.get(p.role, 2), p.role, p.position))
    return found


def get(session: db.Session, party_id: UUID) -> Party:
    row = session.execute(select(PARTY).where(PARTY.c.id == party_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(str(party_id))
    return Party(**row)


def change(session: db.Session, party: Party, *, seen_version: int, **values: Any) -> Party:
    """Sets columns and returns the new row; ``PartyChanged`` if another was faster."""
    done = session.execute(
        update(PARTY)
        .where(PARTY.c.id == party.id, PARTY.c.version == seen_version)
        .values(version=seen_version + 1, **values)
    )
    if done.rowcount == 0:
        raise PartyChanged
    return get(session, party.id)


def set_addresses(
    session: db.Session,
    party_id: UUID,
    *,
    phone: str,
    address: str,
    e_address: str,
    e_consent: bool,
) -> None:
    """What a confirmation of delivery addresses (D007) says; for cases that are made by a program."""
    session.execute(
        update(PARTY)
        .where(PARTY.c.id == party_id)
        .values(
            phone=phone,
            address=address,
            e_address=e_address,
            e_consent=e_consent,
            version=PARTY.c.version + 1,
        )
    )
