"""Stores the good lines of an intake file as cases that wait to be accepted.

A case that is stored already is left alone: it counts as 已存在 when the file says the same of it,
and is refused with the differing columns when it does not. What a file says never changes a case.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from engine import audit, db
from engine.audit import Actor
from engine.casefile.case import cases
from engine.casefile.case.cases import Case
from engine.casefile.intake import files, refusals, rows
from engine.casefile.intake.cells import COLUMNS, Refusal
from engine.casefile.intake.rows import PARTY_COLUMNS, CaseRecord
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import courts, users
from engine.casefile.people.courts import COURT
from engine.casefile.people.users import User
from engine.errors import NotFound

#: Who may be 承办法官.
_JUDGES = ("handling_judge", "team_leader")


@dataclass(frozen=True)
class Imported:
    new: tuple[str, ...]  #: case numbers that are stored now
    existing: tuple[str, ...]  #: case numbers that were stored before, with the same content
    refusals: tuple[Refusal, ...]
    refused: bytes  #: the refused lines as CSV to mend and import again; empty when there are none


def import_file(
    session: db.Session,
    court_id: UUID,
    data: bytes,
    actor: Actor,
    *,
    today: date,
    strict: bool = False,
) -> Imported:
    """Reads, checks and stores a whole file; ``FileRefused`` if it is no intake file.

    ``strict``: one refused line, and nothing is stored.
    """
    cells = files.read(data)
    court_code = courts.get(session, court_id).code
    checked = rows.check(cells, court_code=court_code, today=today)
    done = _compared(session, court_id, checked.good)
    refused = sorted([*checked.refusals, *done.refusals], key=lambda refusal: refusal.line)
    new = [] if strict and refused else done.new
    _store(session, court_id, new, actor)
    return Imported(
        new=tuple(record.case_no for record, _ in new),
        existing=tuple(done.existing),
        refusals=tuple(refused),
        refused=refusals.as_csv(refused, cells) if refused else b"",
    )


@dataclass(frozen=True)
class _Compared:
    new: list[tuple[CaseRecord, UUID | None]]  #: with the owner
    existing: list[str]
    refusals: list[Refusal]


def _compared(session: db.Session, court_id: UUID, records: Sequence[CaseRecord]) -> _Compared:
    # Two imports of one court go one after the other, so that both cannot find a case missing.
    session.execute(
        select(COURT.c.id).where(COURT.c.id == court_id).with_for_update(key_share=True)
    )
    owners = _Owners(session, court_id)
    done = _Compared([], [], [])
    for record in records:
        owner_id, refusal = owners.find(record)
        stored = cases.by_number(session, court_id, record.case_no)
        if not refusal and stored:
            refusal = _difference(session, stored, record, owner_id)
        if refusal:
            done.refusals.append(refusal)
        elif stored:
            done.existing.append(record.case_no)
        else:
            done.new.append((record, owner_id))
    return done


def _store(
    session: db.Session, court_id: UUID, new: Sequence[tuple[CaseRecord, UUID | None]], actor: Actor
) -> None:
    for record, owner_id in new:
        _store_one(session, court_id, record, owner_id, actor)


def _store_one(
    session: db.Session, court_id: UUID, record: CaseRecord, owner_id: UUID | None, actor: Actor
) -> None:
    case_id = cases.add(
        session,
        court_id,
        case_no=record.case_no,
        year=record.number.year,
        case_type=record.number.type,
        number=record.number.seq,
        filed_on=record.filed_on,
        cause=record.cause,
        title_no=record.title_no,
        title_name=record.title_name,
        amount=record.amount,
        remark=record.remark,
        owner_id=owner_id,
        party_names=[party.name for party in record.parties],
    )
    for persons in (record.applicants, record.debtors):
        for position, party in enumerate(persons, start=1):
            # An address given in a filed document is consent to its use (在线诉讼规则第二十九条).
            consent = bool(party.e_address)
            parties.add(
                session, court_id, case_id, position=position, e_consent=consent, **vars(party)
            )
    detail = {"case_no": record.case_no, "line": record.line}
    audit.append(session, case_id, court_id, audit.Note(actor, "case_imported", detail))


class _Owners:
    """承办法官 by name, each looked up once."""

    def __init__(self, session: db.Session, court_id: UUID) -> None:
        self._session = session
        self._court_id = court_id
        self._found: dict[str, tuple[UUID | None, str]] = {"": (None, "")}

    def find(self, record: CaseRecord) -> tuple[UUID | None, Refusal | None]:
        if record.owner not in self._found:
            self._found[record.owner] = self._look_up(record.owner)
        owner_id, reason = self._found[record.owner]
        refusal = Refusal(record.line, "承办法官", record.owner, reason) if reason else None
        return owner_id, refusal

    def _look_up(self, written: str) -> tuple[UUID | None, str]:
        """The user, or why there is none; a login is taken where two share a name."""
        named = users.by_name(self._session, self._court_id, written) or self._by_login(written)
        if not named:
            return None, "本院没有这个姓名的用户，请核对姓名，或者先为其建立用户"
        judges = [user for user in named if user.has(*_JUDGES)]
        if not judges:
            return None, "这位用户不是法官，请核对姓名"
        if len(judges) > 1:
            logins = "、".join(user.login for user in judges)
            return None, f"本院有 {len(judges)} 位同名法官，请改填用户名（{logins}）"
        return judges[0].id, ""

    def _by_login(self, written: str) -> list[User]:
        try:
            return [users.by_login(self._session, self._court_id, written)]
        except NotFound:
            return []


# ---------------------------------------------------------------- stored before


def _difference(
    session: db.Session, stored: Case, record: CaseRecord, owner_id: UUID | None
) -> Refusal | None:
    """The refusal that names the columns in which file and case differ; None if they say the same."""
    columns = [
        *_case_columns(stored, record, owner_id),
        *_party_columns(parties.of_case(session, stored.id), record),
    ]
    if not columns:
        return None
    columns.sort(key=COLUMNS.index)
    reason = (
        f"本院已有此案，登记的{'、'.join(columns)}与文件不同，请核对；登记有误的，在案件信息中更正"
    )
    return Refusal(record.line, "案号", record.case_no, reason)


def _case_columns(stored: Case, record: CaseRecord, owner_id: UUID | None) -> Iterator[str]:
    compared = {
        "收案日期": (stored.filed_on, record.filed_on),
        "案由": (stored.cause, record.cause),
        "执行依据文号": (stored.title_no, record.title_no),
        "执行依据名称": (stored.title_name, record.title_name),
        "申请执行标的": (stored.amount, record.amount),
        "承办法官": (stored.owner_id, owner_id),
        "备注": (stored.remark, record.remark),
    }
    return (column for column, (there, here) in compared.items() if there != here)


def _party_columns(members: Sequence[Party], record: CaseRecord) -> Iterator[str]:
    for role, columns in PARTY_COLUMNS.items():
        there = [member for member in members if member.role == role]
        here = [party for party in record.parties if party.role == role]
        if len(there) != len(here):
            # Then every list is longer or shorter; the names say it all.
            yield columns["name"]
            continue
        for field, column in columns.items():
            if [getattr(party, field) for party in there] != [getattr(p, field) for p in here]:
                yield column
