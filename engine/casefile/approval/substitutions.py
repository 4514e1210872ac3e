"""代行职权登记: who may decide in an office while its holder is away, for which documents, by which written authority.

The approval power is the office's (CHINESE_WORKFLOW R9). A row is valid from its first to its last court
day, both included, until it is revoked; rows are never changed otherwise and never deleted. There are no
chains: who is away himself acts for nobody, and his own office is not reached through another's row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Date, Index, Table, Text, and_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile import columns, rulebook
from engine.casefile.people import users
from engine.casefile.people.users import USER, User

SUBSTITUTION = Table(
    "substitution",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    #: A key of OFFICES.
    Column("office", Text, nullable=False),
    columns.user_id("replaced_id", nullable=False),
    columns.user_id("substitute_id", nullable=False),
    #: Court days, both included.
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    #: Codes of documents; empty: all that the office decides on.
    Column("documents", ARRAY(Text), nullable=False),
    #: 文号 of the written authority.
    Column("authority", Text, nullable=False),
    Column("entered_at", db.UtcDateTime, nullable=False),
    columns.user_id("entered_by", nullable=False),
    Column("revoked_at", db.UtcDateTime),
    columns.user_id("revoked_by"),
    Column("revoked_reason", Text),
    CheckConstraint("starts_on <= ends_on", name="days"),
    CheckConstraint("replaced_id <> substitute_id", name="persons"),
    Index(None, "court_id", "ends_on", "id"),
)

#: Role -> name of the office, in the order of rank.
OFFICES = {"bureau_director": "执行局局长", "vice_president": "分管副院长", "president": "院长"}


@dataclass(frozen=True)
class Substitution:
    id: UUID
    court_id: UUID
    office: str
    replaced_id: UUID
    replaced: str
    substitute_id: UUID
    substitute: str
    starts_on: date
    ends_on: date
    documents: tuple[str, ...]
    authority: str
    entered_at: datetime
    entered_by: str
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_reason: str | None

    @property
    def office_name(self) -> str:
        return OFFICES[self.office]

    @property
    def state(self) -> str:
        """revoked, over, coming or valid; as of today."""
        if self.revoked_at is not None:
            return "revoked"
        today = clock.today()
        if self.ends_on < today:
            return "over"
        return "coming" if today < self.starts_on else "valid"

    def covers(self, code: str) -> bool:
        return not self.documents or code in self.documents


_REPLACED, _SUBSTITUTE, _ENTERED, _REVOKED = (
    USER.alias(name) for name in ("replaced", "substitute", "entered", "revoked")
)
_NAMES = {
    "replaced": _REPLACED.c.name,
    "substitute": _SUBSTITUTE.c.name,
    "entered_by": _ENTERED.c.name,
    "revoked_by": _REVOKED.c.name,
}
_SELECT = (
    select(
        *(
            _NAMES[f.name].label(f.name) if f.name in _NAMES else SUBSTITUTION.c[f.name]
            for f in fields(Substitution)
        )
    )
    .select_from(SUBSTITUTION)
    .join(_REPLACED, _REPLACED.c.id == SUBSTITUTION.c.replaced_id)
    .join(_SUBSTITUTE, _SUBSTITUTE.c.id == SUBSTITUTION.c.substitute_id)
    .join(_ENTERED, _ENTERED.c.id == SUBSTITUTION.c.entered_by)
    .outerjoin(_REVOKED, _REVOKED.c.id == SUBSTITUTION.c.revoked_by)
)


# ---------------------------------------------------------------- reading


def of_court(session: db.Session, court_id: UUID) -> list[Substitution]:
    """The whole register: what is valid or to come first, then what is over, the latest first."""
    is_over = or_(SUBSTITUTION.c.revoked_at.is_not(None), SUBSTITUTION.c.ends_on < clock.today())
    return _many(
        session,
        SUBSTITUTION.c.court_id == court_id,
        (is_over, SUBSTITUTION.c.starts_on.desc(), SUBSTITUTION.c.id.desc()),
    )


def many(session: db.Session, ids: Iterable[UUID]) -> dict[UUID, Substitution]:
    found = _many(session, SUBSTITUTION.c.id.in_(list(ids)))
    return {one.id: one for one in found}


def valid(session: db.Session, court_id: UUID, day: date | None = None) -> list[Substitution]:
    """Every row that is valid on that day (default today), the earliest entered first."""
    day = day or clock.today()
    return overlapping(session, court_id, day, day)


def overlapping(
    session: db.Session, court_id: UUID, starts_on: date, ends_on: date
) -> list[Substitution]:
    """Every row that is valid on some day between these, both included."""
    return _many(
        session,
        and_(
            SUBSTITUTION.c.court_id == court_id,
            SUBSTITUTION.c.revoked_at.is_(None),
            SUBSTITUTION.c.starts_on <= ends_on,
            SUBSTITUTION.c.ends_on >= starts_on,
        ),
    )


def _many(
    session: db.Session, condition: ColumnElement[bool], order: Iterable[object] = ()
) -> list[Substitution]:
    rows = session.execute(
        _SELECT.where(condition).order_by(*(order or (SUBSTITUTION.c.id,)))  # type: ignore[arg-type]
    ).mappings()
    return [Substitution(**{**row, "documents": tuple(row["documents"])}) for row in rows]


# ---------------------------------------------------------------- who acts


@dataclass(frozen=True)
class Acting:
    """Who may act in an office; ``by``: the row that allows it, None for the holder himself."""

    user: User
    by: Substitution | None = None


def acting(session: db.Session, court_id: UUID, office: str, code: str) -> list[Acting]:
    """Who may decide today in this office on a document of this kind, in the order in which they are asked.

    The holders by name; in the place of one who is away his substitute, if he is still eligible and here.
    """
    rows = [one for one in valid(session, court_id) if one.covers(code)]
    away = {one.replaced_id for one in rows}
    of_office = {one.replaced_id: one for one in rows if one.office == office}
    people = {user.id: user for user in users.of_court(session, court_id)} if rows else {}
    found = []
    for holder in users.with_role(session, court_id, office):
        row = of_office.get(holder.id)
        if row is None:
            found.append(Acting(holder))
            continue
        person = people.get(row.substitute_id)
        if person and person.id not in away and is_eligible(session, person, office):
            found.append(Acting(person, row))
    return found


def is_eligible(session: db.Session, person: User, office: str) -> bool:
    """Whether the court's rules let this person act in the office (``rules/substitutes.toml``)."""
    return person.has(*rulebook.of_court(session, person.court_id).substitutes[office].roles)
