"""Parties of a case: applicants, debtors and others, with the addresses documents are delivered to."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from uuid import UUID

from sqlalchemy import Boolean, Column, Index, SmallInteger, Table, Text, insert, select, update

from engine import db
from engine.casefile import columns
from engine.errors import NotFound
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
    Index(None, "court_id", "case_id"),
    Index(None, "court_id", "id_number"),
)


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
) -> UUID:
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
        )
    )
    return id_


def of_case(session: db.Session, case_id: UUID, role: str | None = None) -> list[Party]:
    """Applicants first, then debtors, then the others; each in their order."""
    return of_cases(session, [case_id], role).get(case_id, [])


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
        if role is None or party.role == role:
            found.setdefault(party.case_id, []).append(party)
    for members in found.values():
        members.sort(key=lambda p: (_ORDER.get(p.role, 2), p.role, p.position))
    return found


def get(session: db.Session, party_id: UUID) -> Party:
    row = session.execute(select(PARTY).where(PARTY.c.id == party_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(str(party_id))
    return Party(**row)


def set_addresses(
    session: db.Session,
    party_id: UUID,
    *,
    phone: str,
    address: str,
    e_address: str,
    e_consent: bool,
) -> None:
    """What a confirmation of delivery addresses (D007) says."""
    session.execute(
        update(PARTY)
        .where(PARTY.c.id == party_id)
        .values(phone=phone, address=address, e_address=e_address, e_consent=e_consent)
    )
