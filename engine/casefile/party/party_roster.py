"""Who is a party of the case: 更正 of a wrong name or number, 追加 of a party, 退出 of one. Nobody is deleted.

Signed documents keep what they say. The handler alone does this; each act names its reason or document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, select

from engine import audit, clock, db
from engine.casefile import labels
from engine.casefile.case import bigrams, cases, identity_numbers
from engine.casefile.case.cases import Case
from engine.casefile.document import documents, dossier_access
from engine.casefile.document.documents import Document
from engine.casefile.party import parties, party_contacts
from engine.casefile.party.parties import PARTY, Party
from engine.casefile.party.party_contacts import PartyIncomplete
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError

_ACT = "更正、追加当事人"
LONGEST = 200  #: characters of a name, reason or document
#: Of an identity; what a correction may change.
CORRECTED = "party_corrected"
_CONTACT = "party_contact_changed"
#: Columns that documents print.
_PRINTED = ("name", "id_number", "address", "legal_representative")


class LastOfBothSides(EngineError):
    """这是本案唯一的申请执行人或者被执行人，不能登记退出；由他人接替的，请先追加接替的当事人"""

    code = "last_of_both_sides"


@dataclass(frozen=True)
class Identity:
    role: str
    name: str
    kind: str
    id_number: str
    legal_representative: str

    @classmethod
    def of(cls, party: Party) -> "Identity":
        return cls(**{f.name: getattr(party, f.name) for f in fields(cls)})


def handled(session: db.Session, viewer: User, case_id: UUID, *, lock: bool = False) -> Case:
    """The case of which the viewer may correct the parties."""
    case = access.case(session, viewer, case_id, lock=lock)
    access.must_handle(viewer, case, _ACT)
    return case


def problems(identity: Identity, others: list[Party]) -> dict[str, str]:
    """The checks of intake; ``others``: parties of the case that this one must not be."""
    wrong = {}
    if identity.role not in labels.PARTY_ROLES:
        wrong["role"] = "请选择诉讼地位"
    if identity.kind not in labels.PARTY_KINDS:
        wrong["kind"] = "请选择类型"
    if not identity.name:
        wrong["name"] = "请填写姓名或者名称"
    elif len(identity.name) > LONGEST:
        wrong["name"] = f"名称不能超过{LONGEST}字"
    if identity.id_number:
        fault = identity_numbers.fault_of(identity.id_number, identity.kind)
        if fault:
            wrong["id_number"] = fault
        elif any(_is_same(identity, other) for other in others):
            wrong["id_number"] = "本案同一诉讼地位已有这个证件号码的当事人，请核对"
    return wrong


def _is_same(identity: Identity, other: Party) -> bool:
    return other.is_present and (other.role, other.id_number) == (identity.role, identity.id_number)


def tidy(identity: Identity) -> Identity:
    return Identity(
        role=identity.role,
        name=" ".join(identity.name.split()),
        kind=identity.kind,
        id_number=identity_numbers.normalise(identity.id_number),
        legal_representative=identity.legal_representative.strip(),
    )


def _said(text: str, field: str, what: str) -> dict[str, str]:
    if not text.strip():
        return {field: f"请填写{what}"}
    return {field: f"{what}不能超过{LONGEST}字"} if len(text) > LONGEST else {}


def _day(day: date | None, field: str, what: str) -> dict[str, str]:
    if day is None:
        return {field: f"请填写{what}，例如 2026-11-24"}
    return {field: f"{what}不能晚于今天（{clock.today()}）"} if day > clock.today() else {}


# ---------------------------------------------------------------- 更正


def correct(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    party_id: UUID,
    identity: Identity,
    reason: str,
    *,
    seen_version: int,
) -> tuple[str, ...]:
    """The columns that were corrected. Whose role changes stands last among those of the new one."""
    case = handled(session, viewer, case_id, lock=True)
    party, identity = party_contacts.found(session, case_id, party_id), tidy(identity)
    others = [p for p in parties.of_case(session, case_id) if p.id != party_id]
    wrong = problems(identity, others) | _said(reason, "reason", "更正理由")
    before = vars(Identity.of(party))
    changes = {
        name: {"old": before[name], "new": value}
        for name, value in vars(identity).items()
        if value != before[name]
    }
    if not changes and not wrong:
        wrong["name"] = "没有需要更正的内容，请修改后再保存"
    if wrong:
        raise PartyIncomplete(wrong)
    values: dict[str, Any] = vars(identity)
    if "role" in changes:
        values = values | {"position": _next(session, case_id, identity.role)}
    now = parties.change(session, party, seen_version=seen_version, **values)
    _index_names(session, case)
    party_contacts.note_change(session, viewer, now, CORRECTED, changes, reason=reason.strip())
    return tuple(changes)


def _next(session: db.Session, case_id: UUID, role: str) -> int:
    last = session.scalar(
        select(func.max(PARTY.c.position)).where(PARTY.c.case_id == case_id, PARTY.c.role == role)
    )
    return int(last or 0) + 1


def _index_names(session: db.Session, case: Case) -> None:
    """Also those who left are found by their names."""
    names = [p.name for p in parties.of_case(session, case.id)]
    cases.change(session, case.id, name_bigrams=bigrams.of_all(names))


# ---------------------------------------------------------------- 追加, 退出


def join(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    identity: Identity,
    *,
    basis: str,
    joined_on: date | None,
) -> UUID:
    """追加: ``basis`` is the document, with its number, that made him a party."""
    case, identity = handled(session, viewer, case_id, lock=True), tidy(identity)
    wrong = (
        problems(identity, parties.of_case(session, case_id))
        | _said(basis, "basis", "依据的文书和文号")
        | _day(joined_on, "joined_on", "追加日期")
    )
    if wrong:
        raise PartyIncomplete(wrong)
    party_id = parties.add(
        session,
        case.court_id,
        case_id,
        position=_next(session, case_id, identity.role),
        basis=basis.strip(),
        joined_on=joined_on,
        **vars(identity),
    )
    _index_names(session, case)
    detail = {"party": str(party_id), "basis": basis.strip(), "on": joined_on} | vars(identity)
    note = audit.Note(viewer.actor, "party_joined", detail)
    audit.append(session, case_id, case.court_id, note)
    return party_id


def leave(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    party_id: UUID,
    *,
    reason: str,
    left_on: date | None,
    seen_version: int,
) -> str:
    """退出: the party stays on record, is suggested as addressee no more and in no new document."""
    case = handled(session, viewer, case_id, lock=True)
    party = party_contacts.found(session, case_id, party_id)
    wrong = _said(reason, "reason", "退出理由和依据") | _day(left_on, "left_on", "退出日期")
    if wrong:
        raise PartyIncomplete(wrong)
    same = parties.of_case(session, case_id, party.role)
    if party.role in ("applicant", "debtor") and [p.id for p in same] == [party_id]:
        raise LastOfBothSides
    if party.left_on is not None:
        raise parties.PartyChanged
    parties.change(
        session, party, seen_version=seen_version, left_on=left_on, left_reason=reason.strip()
    )
    who = {"party": str(party_id), "name": party.name, "role": party.role}
    detail = who | {"reason": reason.strip(), "on": left_on}
    audit.append(session, case_id, case.court_id, audit.Note(viewer.actor, "party_left", detail))
    return party.name


# ---------------------------------------------------------------- drafts that say what was


@dataclass(frozen=True)
class Outdated:
    """An unsigned document that still prints what was corrected since."""

    document: Document
    #: What it still says, in words: 姓名或名称 …
    columns: tuple[str, ...]


def outdated(session: db.Session, viewer: User, case: Case) -> list[Outdated]:
    """A draft is filled when it is made, so a later correction does not reach it."""
    old = _old_values(session, case)
    if not old:
        return []
    volumes = dossier_access.volumes(session, viewer, case)
    found = []
    for document in documents.of_case(session, case.id):
        if document.state in ("signed", "rejected") or document.volume not in volumes:
            continue
        text = orjson.dumps(documents.content(session, document)).decode()
        columns = [name for name, values in old.items() if _says(text, values)]
        if columns:
            words = tuple(labels.PARTY_COLUMNS[name] for name in columns)
            found.append(Outdated(document, words))
    return found


def _says(text: str, values: Mapping[str, str]) -> bool:
    """Whether an old value stands there that is not only a part of the new one."""
    return any(old in (text.replace(new, "") if new else text) for old, new in values.items())


def _old_values(session: db.Session, case: Case) -> dict[str, dict[str, str]]:
    """Column -> what parties were once said to be, with what took its place."""
    rows = session.scalars(
        select(audit.ENTRY.c.detail)
        .where(audit.ENTRY.c.chain_id == case.id, audit.ENTRY.c.action.in_((CORRECTED, _CONTACT)))
        .order_by(audit.ENTRY.c.number)
    )
    people = parties.of_case(session, case.id)
    found: dict[str, dict[str, str]] = {}
    for detail in rows:
        for column, change in orjson.loads(detail)["changes"].items():
            if column in _PRINTED and change["old"]:
                found.setdefault(column, {})[change["old"]] = change["new"]
    for column, values in found.items():
        for person in people:
            values.pop(getattr(person, column), None)
    return {column: values for column, values in found.items() if values}
