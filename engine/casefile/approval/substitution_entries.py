"""Entering and revoking 代行职权: what a row must say, what may not stand beside it, and who keeps the register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select, update

from engine import audit, clock, db
from engine.audit import Note
from engine.casefile import rulebook
from engine.casefile.approval import substitutions
from engine.casefile.approval.substitutions import OFFICES, SUBSTITUTION, Substitution
from engine.casefile.people import access, users
from engine.casefile.people.courts import COURT
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound
from engine.ids import new_id

#: Who keeps the register; who reads it: every approver.
KEEPERS = ("president", "command_centre")
READERS = (*OFFICES, "command_centre", "panel_member")
#: Characters of a 文号 or a reason.
LONGEST = 100


class EntryRefused(EngineError):
    """代行职权还不能登记，请按提示更正"""

    code = "substitution_refused"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__()
        #: Field -> what to do.
        self.problems = problems


class RevocationReasonMissing(EngineError):
    """请写明撤销的原因，不超过100字"""

    code = "revocation_reason_missing"


class AlreadyOver(EngineError):
    """这项代行职权已经撤销或者期满"""

    code = "substitution_over"


@dataclass(frozen=True)
class Entry:
    """As it was typed; None where nothing or nothing readable was."""

    office: str
    replaced_id: UUID | None
    substitute_id: UUID | None
    starts_on: date | None
    ends_on: date | None
    #: Codes; empty: all documents.
    documents: Sequence[str]
    authority: str


@dataclass(frozen=True)
class Choices:
    """What the form offers: for each office its holders and who may act for them, and the kinds of documents."""

    holders: Mapping[str, list[User]]
    substitutes: Mapping[str, list[User]]
    documents: Mapping[str, str]


def choices(session: db.Session, viewer: User) -> Choices:
    people = users.of_court(session, viewer.court_id)
    rules = rulebook.of_court(session, viewer.court_id)
    return Choices(
        {office: [p for p in people if p.has(office)] for office in OFFICES},
        {
            office: [p for p in people if p.has(*rules.substitutes[office].roles)]
            for office in OFFICES
        },
        {code: document.name for code, document in rules.documents.items()},
    )


def enter(session: db.Session, viewer: User, entry: Entry) -> UUID:
    """登记; ``EntryRefused`` with a sentence for each field that is wrong."""
    _must_keep(viewer)
    _one_at_a_time(session, viewer.court_id)
    problems = _unfit(session, viewer, entry)
    if not problems:
        problems = _conflicts(session, viewer.court_id, entry)
    if problems:
        raise EntryRefused(problems)
    id_ = new_id()
    session.execute(
        insert(SUBSTITUTION).values(
            id=id_,
            court_id=viewer.court_id,
            office=entry.office,
            replaced_id=entry.replaced_id,
            substitute_id=entry.substitute_id,
            starts_on=entry.starts_on,
            ends_on=entry.ends_on,
            documents=sorted(set(entry.documents)),
            authority=entry.authority.strip(),
            entered_at=clock.now(),
            entered_by=viewer.id,
        )
    )
    _note(session, viewer, id_, "substitution_entered")
    return id_


def revoke(session: db.Session, viewer: User, id_: UUID, reason: str) -> Substitution:
    """撤销: from now on the substitute may not act; what he has decided stands. The row as it was."""
    _must_keep(viewer)
    _one_at_a_time(session, viewer.court_id)
    found = one(session, viewer, id_)
    if found.state in ("revoked", "over"):
        raise AlreadyOver
    if not reason.strip() or len(reason) > LONGEST:
        raise RevocationReasonMissing
    session.execute(
        update(SUBSTITUTION)
        .where(SUBSTITUTION.c.id == id_)
        .values(revoked_at=clock.now(), revoked_by=viewer.id, revoked_reason=reason.strip())
    )
    _note(session, viewer, id_, "substitution_revoked")
    return found


def one(session: db.Session, viewer: User, id_: UUID) -> Substitution:
    found = substitutions.many(session, [id_]).get(id_)
    if found is None or found.court_id != viewer.court_id:
        raise NotFound(str(id_))
    return found


def may_keep(viewer: User) -> bool:
    return viewer.has(*KEEPERS)


def _must_keep(viewer: User) -> None:
    if not may_keep(viewer):
        raise access.Forbidden("代行职权由院长或者指挥中心登记、撤销")


def _one_at_a_time(session: db.Session, court_id: UUID) -> None:
    """Two rows entered at once must see each other; the court's row is locked by nobody else for long."""
    session.execute(
        select(COURT.c.id).where(COURT.c.id == court_id).with_for_update(key_share=True)
    )


def _note(session: db.Session, viewer: User, id_: UUID, action: str) -> None:
    row = substitutions.many(session, [id_])[id_]
    detail = {
        "id": str(id_),
        "office": row.office,
        "replaced": row.replaced,
        "substitute": row.substitute,
        "from": row.starts_on.isoformat(),
        "to": row.ends_on.isoformat(),
        "documents": list(row.documents),
        "authority": row.authority,
        "reason": row.revoked_reason,
    }
    audit.append(session, viewer.court_id, viewer.court_id, Note(viewer.actor, action, detail))


# ---------------------------------------------------------------- what may not be entered


def _unfit(session: db.Session, viewer: User, entry: Entry) -> dict[str, str]:
    """Field -> what is wrong with this row by itself."""
    found = {} if entry.office in OFFICES else {"office": "请选择职务"}
    people = {user.id: user for user in users.of_court(session, viewer.court_id)}
    replaced = people.get(entry.replaced_id) if entry.replaced_id else None
    person = people.get(entry.substitute_id) if entry.substitute_id else None
    office = OFFICES.get(entry.office, "")
    if replaced is None:
        found["replaced"] = "请选择被代行人"
    elif office and not replaced.has(entry.office):
        found["replaced"] = f"{replaced.name}不是{office}"
    if person is None:
        found["substitute"] = "请选择代行人"
    elif person == replaced:
        found["substitute"] = "代行人和被代行人不能是同一人"
    elif office and not substitutions.is_eligible(session, person, entry.office):
        found["substitute"] = f"{person.name}的职务不能代行{office}职权，请另选人员"
    if not entry.authority.strip():
        found["authority"] = "请填写书面授权的文号"
    elif len(entry.authority) > LONGEST:
        found["authority"] = f"文号不能超过{LONGEST}字"
    rules = rulebook.of_court(session, viewer.court_id)
    if unknown := [code for code in entry.documents if code not in rules.documents]:
        found["documents"] = f"没有代码为{'、'.join(unknown)}的文书"
    return found | _wrong_days(entry.starts_on, entry.ends_on)


def _wrong_days(starts_on: date | None, ends_on: date | None) -> dict[str, str]:
    found = {}
    if starts_on is None:
        found["starts_on"] = "请填写起始日期"
    if ends_on is None:
        found["ends_on"] = "请填写终止日期"
    elif ends_on < clock.today():
        found["ends_on"] = "终止日期已经过去，已经作出的决定不能补登授权"
    elif starts_on and ends_on < starts_on:
        found["ends_on"] = "终止日期早于起始日期"
    return found


def _conflicts(session: db.Session, court_id: UUID, entry: Entry) -> dict[str, str]:
    """Field -> what stands in the register that this row cannot stand beside."""
    if entry.starts_on is None or entry.ends_on is None:
        return {}
    for row in substitutions.overlapping(session, court_id, entry.starts_on, entry.ends_on):
        days = f"{row.starts_on:%Y-%m-%d}至{row.ends_on:%Y-%m-%d}"
        if row.replaced_id == entry.substitute_id and row.substitute_id == entry.replaced_id:
            return {"substitute": f"{days}{row.substitute}代行{row.replaced}的职权，不能互相代行"}
        if not _meet(row.documents, entry.documents):
            continue
        if row.replaced_id == entry.replaced_id and row.office == entry.office:
            said = (
                f"{days}已登记由{row.substitute}代行{row.replaced}的职权，同类文书不能有两名代行人"
            )
            return {"replaced": said}
        if row.replaced_id == entry.substitute_id:
            return {
                "substitute": f"{days}{row.replaced}的职权由{row.substitute}代行，不能再代行他人职权"
            }
        if row.substitute_id == entry.replaced_id:
            return {"replaced": f"{days}{row.substitute}代行{row.replaced}的职权，请先撤销该项登记"}
    return {}


def _meet(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether some document falls under both; empty means all."""
    return not some or not others or bool(set(some) & set(others))
