"""回避: who may not work on a case, why and by whose decision (民事诉讼法第四十七至五十条; DOMAIN M20, §10.2).

It takes effect at once: the person finds no row, no count and no hit of the case (``access.recuse``). What
he had in hand goes to successors in the same transaction. A recusal is never deleted, but can be revoked.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Index, Table, Text, insert, select, text, update

from engine import audit, clock, db
from engine.casefile import columns
from engine.casefile.case.cases import Case
from engine.casefile.design import shared_files
from engine.casefile.people import access
from engine.casefile.people.access import INVOLVEMENT
from engine.casefile.people.users import USER, User
from engine.errors import EngineError, NotFound
from engine.ids import new_id

RECUSAL = Table(
    "recusal",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    columns.user_id("user_id", nullable=False),
    #: Code and words of the ground, as the court's list had them then.
    Column("ground", Text, nullable=False),
    Column("ground_text", Text, nullable=False),
    Column("note", Text, nullable=False),
    #: Who decided: 院长, 审判委员会 …
    Column("decided_by", Text, nullable=False),
    #: 文号 of the decision.
    Column("decision_no", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    columns.user_id("entered_by", nullable=False),
    Column("entered_at", db.UtcDateTime, nullable=False),
    #: Why the person could read the case before; null: he could not by having worked on it.
    Column("involved_as", Text),
    Column("ended_at", db.UtcDateTime),
    columns.user_id("ended_by"),
    Column("ended_reason", Text, nullable=False, server_default=""),
    Index(None, "court_id", "case_id", "id"),
    Index(
        "uq_recusal_live",
        "case_id",
        "user_id",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
    ),
)

FILE = "rules/recusal.toml"
#: Bureau and court leaders enter a recusal in every case, a team's leader in those of his stage.
LEADERS = ("bureau_director", "vice_president", "president")
LONGEST = 200  #: characters


class RecusalIncomplete(EngineError):
    """回避还不能登记"""

    code = "recusal_incomplete"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        #: Field -> what must be done about it.
        self.problems = dict(problems)


class AlreadyRecused(EngineError):
    """这名人员的回避刚刚由他人登记，您的操作没有执行"""

    code = "already_recused"


class AlreadyEnded(EngineError):
    """这项回避已经撤销，您的操作没有执行"""

    code = "recusal_ended"


@dataclass(frozen=True)
class Ground:
    code: str
    text: str
    source: str


@dataclass(frozen=True)
class Rules:
    grounds: Mapping[str, Ground]
    #: (roles or none for everybody else, who decides), the first that fits counts.
    deciders: Sequence[tuple[frozenset[str], str]]

    def decider(self, person: User) -> str:
        """Who decides on this person's recusal (民事诉讼法第四十九条)."""
        fits = (by for roles, by in self.deciders if not roles or roles & person.roles)
        return next(fits, "")

    @property
    def bodies(self) -> list[str]:
        return list(dict.fromkeys(by for _, by in self.deciders))


@dataclass(frozen=True)
class Recusal:
    id: UUID
    case_id: UUID
    user_id: UUID
    ground: str
    ground_text: str
    note: str
    decided_by: str
    decision_no: str
    decided_on: date
    entered_at: datetime
    involved_as: str | None
    ended_at: datetime | None
    ended_reason: str
    person: str
    title: str
    entered_by: str


@dataclass(frozen=True)
class Decision:
    """What is entered of it."""

    ground: str
    note: str
    decided_by: str
    decision_no: str
    decided_on: date | None


def rules(session: db.Session, court_id: UUID) -> Rules:
    """The court's list in force today."""
    found = tomllib.loads(shared_files.get(session, court_id, FILE).text)
    grounds = {
        code: Ground(code, row["text"], row["source"]) for code, row in found["事由"].items()
    }
    deciders = [(frozenset(row.get("roles", ())), row["by"]) for row in found["决定"]]
    return Rules(grounds, deciders)


def may_enter(viewer: User, case: Case) -> bool:
    """The leader of the stage's team, the bureau director, the court's leaders."""
    of_team = viewer.has("team_leader") and viewer.team is not None and viewer.team == case.stage
    return of_team or viewer.has(*LEADERS)


def opened(session: db.Session, viewer: User, case_id: UUID, *, lock: bool = False) -> Case:
    """The case in which the viewer may enter recusals."""
    case = access.case(session, viewer, case_id, lock=lock)
    if not may_enter(viewer, case):
        raise access.Forbidden("回避由团队负责人、执行局局长或者院领导登记")
    return case


def problems(known: Rules, person: User, decision: Decision) -> dict[str, str]:
    wrong = {}
    if decision.ground not in known.grounds:
        wrong["ground"] = "请选择回避事由"
    if len(decision.note) > LONGEST:
        wrong["note"] = f"具体情况不能超过{LONGEST}字"
    by = known.decider(person)
    if decision.decided_by != by:
        wrong["decided_by"] = f"{person.name}的回避由{by}决定，请核对"
    if not decision.decision_no.strip():
        wrong["decision_no"] = "请填写决定书文号"
    elif len(decision.decision_no) > LONGEST:
        wrong["decision_no"] = f"文号不能超过{LONGEST}字"
    if decision.decided_on is None:
        wrong["decided_on"] = "请填写决定日期，例如 2026-11-24"
    elif decision.decided_on > clock.today():
        wrong["decided_on"] = f"决定日期不能晚于今天（{clock.today()}）"
    return wrong


def add(
    session: db.Session, viewer: User, case: Case, person: User, known: Rules, decision: Decision
) -> UUID:
    """Stores the checked decision and cuts the person off; the case must be locked."""
    if access.is_recused(session, case.id, person.id):
        raise AlreadyRecused(person.name)
    ground, id_ = known.grounds[decision.ground], new_id()
    session.execute(
        insert(RECUSAL).values(
            id=id_,
            court_id=case.court_id,
            case_id=case.id,
            user_id=person.id,
            ground=ground.code,
            ground_text=ground.text,
            note=decision.note.strip(),
            decided_by=decision.decided_by,
            decision_no=decision.decision_no.strip(),
            decided_on=decision.decided_on,
            entered_by=viewer.id,
            entered_at=clock.now(),
            involved_as=access.involved_as(session, case.id, person.id),
        )
    )
    access.recuse(session, case, person.id, f"回避：{ground.text}")
    return id_


def end(session: db.Session, viewer: User, case_id: UUID, recusal_id: UUID, reason: str) -> str:
    """撤销: the person may read again what he could read before; what was handed over stays where it is."""
    case = opened(session, viewer, case_id, lock=True)
    found = next((r for r in of_case(session, case_id) if r.id == recusal_id), None)
    if found is None:
        raise NotFound(str(recusal_id))
    if not reason.strip() or len(reason) > LONGEST:
        raise RecusalIncomplete({"reason": f"请填写撤销理由，不超过{LONGEST}字"})
    if found.ended_at is not None:
        raise AlreadyEnded(found.person)
    values: dict[str, Any] = {"ended_by": viewer.id, "ended_reason": reason.strip()}
    session.execute(
        update(RECUSAL).where(RECUSAL.c.id == recusal_id).values(ended_at=clock.now(), **values)
    )
    access.readmit(session, case, found.user_id, found.involved_as)
    detail = {"recusal": str(recusal_id), "name": found.person, "reason": reason.strip()}
    note = audit.Note(viewer.actor, "recusal_ended", detail)
    audit.append(session, case_id, case.court_id, note)
    return found.person


def of_case(session: db.Session, case_id: UUID) -> list[Recusal]:
    """Every recusal, the newest first."""
    clerk = USER.alias()
    own = [
        RECUSAL.c[f.name] for f in fields(Recusal) if f.name in RECUSAL.c and f.name != "entered_by"
    ]
    rows = session.execute(
        select(
            *own,
            USER.c.name.label("person"),
            USER.c.title.label("title"),
            clerk.c.name.label("entered_by"),
        )
        .join(USER, USER.c.id == RECUSAL.c.user_id)
        .join(clerk, clerk.c.id == RECUSAL.c.entered_by)
        .where(RECUSAL.c.case_id == case_id)
        .order_by(RECUSAL.c.id.desc())
    ).mappings()
    return [Recusal(**row) for row in rows]


def involved(session: db.Session, case_id: UUID) -> dict[UUID, str]:
    """Everybody who worked on the case and is not recused, with what as."""
    rows = session.execute(
        select(INVOLVEMENT.c.user_id, INVOLVEMENT.c.reason).where(
            INVOLVEMENT.c.case_id == case_id, INVOLVEMENT.c.recused_at.is_(None)
        )
    )
    return {row.user_id: row.reason for row in rows}
