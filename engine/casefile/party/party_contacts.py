"""Phone, address and 送达地址确认书 of a party: what handler, assistants and clerks enter and correct.

What was sent keeps the address it was sent to; what still waits to be sent goes to the new one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from engine import audit, clock, db
from engine.casefile.delivery import delivery_addresses
from engine.casefile.document import dossier_view
from engine.casefile.document.scans import Upload
from engine.casefile.intake.values import MAIL_ADDRESS
from engine.casefile.party import parties
from engine.casefile.party.parties import FOREIGN, Party
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound

LONGEST = 200  #: characters of an address
#: 送达地址确认书、送达回证 of the main volume.
PLACE = "main-30"
#: Mobile, fixed line with extension, 400, and numbers abroad.
_PHONE = re.compile(
    r"1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4}|\+\d{1,3}[ -]?\d[\d -]{4,18}", re.ASCII
)
_BETWEEN = re.compile(r"[、，,；;/]")


class PartyIncomplete(EngineError):
    """当事人信息还不能保存"""

    code = "party_incomplete"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        #: Field -> what must be done about it.
        self.problems = dict(problems)


@dataclass(frozen=True)
class Contact:
    phone: str
    address: str
    #: 无国内住所; ``address`` is then abroad, or empty.
    is_abroad: bool
    e_address: str
    e_consent: bool
    confirmed_on: date | None

    @classmethod
    def of(cls, party: Party) -> "Contact":
        return cls(**{f.name: getattr(party, f.name) for f in fields(cls)})


def of_case(session: db.Session, viewer: User, case_id: UUID, party_id: UUID) -> Party:
    """The party that the viewer may edit, in full."""
    access.must_work(viewer, access.case(session, viewer, case_id))
    return found(session, case_id, party_id)


def found(session: db.Session, case_id: UUID, party_id: UUID) -> Party:
    """``NotFound`` for a party of another case."""
    party = parties.get(session, party_id)
    if party.case_id != case_id:
        raise NotFound(str(party_id))
    return party


def problems(party: Party, contact: Contact) -> dict[str, str]:
    """Field -> a sentence that says what to do."""
    wrong = {}
    numbers = [part.strip() for part in _BETWEEN.split(contact.phone) if part.strip()]
    if bad := next((n for n in numbers if not _PHONE.fullmatch(n)), None):
        wrong["phone"] = f"电话“{bad}”写法有误，手机为11位，固定电话写作 0512-65001234"
    if len(contact.address) > LONGEST:
        wrong["address"] = f"地址不能超过{LONGEST}字"
    elif party.kind == FOREIGN and not contact.is_abroad and not contact.address:
        wrong["address"] = "请填写在中国境内的住所，没有的选“在中国境内没有住所”"
    if contact.e_address and not MAIL_ADDRESS.fullmatch(contact.e_address):
        wrong["e_address"] = "电子邮箱写法有误，例如 name@example.com"
    elif contact.e_consent and not contact.e_address:
        wrong["e_address"] = "同意电子送达的，请填写电子邮箱"
    return wrong | _day_problem(party, contact)


def _day_problem(party: Party, contact: Contact) -> dict[str, str]:
    if contact.confirmed_on is None:
        # An address given in a filed document is consent too (在线诉讼规则第二十九条), without a day.
        is_new = (contact.e_consent, contact.e_address) != (party.e_consent, party.e_address)
        wanted = {"confirmed_on": "请填写送达地址确认书的日期，例如 2026-11-24"}
        return wanted if contact.e_consent and is_new else {}
    if contact.confirmed_on > clock.today():
        return {"confirmed_on": f"日期不能晚于今天（{clock.today()}）"}
    return {}


@dataclass(frozen=True)
class Saved:
    #: Columns that are different now.
    changed: tuple[str, ...]
    #: Deliveries that waited and go to the new address.
    readdressed: int


def save(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    party_id: UUID,
    contact: Contact,
    *,
    seen_version: int,
    scan: tuple[str, Upload] | None = None,
) -> Saved:
    """``scan``: stored file and what it is, of the signed confirmation; it goes into the dossier."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    party = found(session, case_id, party_id)
    if party.kind != FOREIGN:
        contact = replace(contact, is_abroad=party.is_abroad)
    if wrong := problems(party, contact):
        raise PartyIncomplete(wrong)
    before = vars(Contact.of(party))
    changes = {
        name: {"old": before[name], "new": value}
        for name, value in vars(contact).items()
        if value != before[name]
    }
    moved = 0
    if changes:
        now = parties.change(session, party, seen_version=seen_version, **vars(contact))
        note_change(session, viewer, now, "party_contact_changed", changes)
        moved = delivery_addresses.readdress(session, now)
    if scan is not None:
        typed = {"title": f"送达地址确认书（{party.name}）", "place": PLACE}
        dossier_view.add(session, viewer, case_id, typed, *scan)
    return Saved(tuple(changes), moved)


_ACTIONS = ("party_contact_changed", "party_corrected", "party_joined", "party_left")


def changed_by(session: db.Session, party: Party) -> str:
    """Who changed the party last, and when: 许佳宁 11-24 19:50; empty if nobody did."""
    rows = session.execute(
        select(audit.ENTRY.c.actor, audit.ENTRY.c.at, audit.ENTRY.c.detail)
        .where(audit.ENTRY.c.chain_id == party.case_id, audit.ENTRY.c.action.in_(_ACTIONS))
        .order_by(audit.ENTRY.c.number.desc())
    )
    row = next((r for r in rows if orjson.loads(r.detail)["party"] == str(party.id)), None)
    return f"{row.actor} {row.at.astimezone(clock.COURT_ZONE):%m-%d %H:%M}" if row else ""


def note_change(
    session: db.Session,
    viewer: User,
    party: Party,
    action: str,
    changes: Mapping[str, Mapping[str, Any]],
    **more: Any,
) -> None:
    """Old and new of each column, into the audit of the case."""
    detail = {"party": str(party.id), "name": party.name, "role": party.role, "changes": changes}
    note = audit.Note(viewer.actor, action, detail | more)
    audit.append(session, party.case_id, party.court_id, note)
