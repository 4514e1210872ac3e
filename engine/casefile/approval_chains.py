"""The approval chain of a document with the names of who decides, whole before it is submitted.

Levels come from the decision table (``rules/approval_chain.dmn``), persons from the offices. Approval
power belongs to the office: the drafter never decides, a recused person neither; then it is the turn
of whoever else holds the office, and where nobody does, submission is refused (CHINESE_WORKFLOW R3, R8).
"""

from dataclasses import dataclass
from typing import Any

from engine import db
from engine.casefile import access, panels, rulebook, users
from engine.casefile.cases import Case
from engine.casefile.documents import Document
from engine.casefile.users import User
from engine.errors import EngineError

#: Level -> role of the office.
OFFICES = {"B": "bureau_director", "V": "vice_president", "PR": "president"}
NAMES = {
    "J": "承办法官",
    "P": "合议庭",
    "B": "执行局局长",
    "V": "分管副院长",
    "PR": "院长",
    "AC": "审判委员会",
}


class OfficeVacant(EngineError):
    """没有可以办理审批的人员，请先由院长确定或者授权"""

    code = "office_vacant"


@dataclass(frozen=True)
class Level:
    #: P, B, V, PR, AC
    code: str
    #: VOTE, REVIEW, APPROVE (CHINESE_WORKFLOW R2)
    kind: str
    persons: tuple[User, ...]

    @property
    def name(self) -> str:
        return NAMES[self.code]

    def stored(self) -> dict[str, Any]:
        people = [{"id": str(p.id), "name": p.name, "title": p.title} for p in self.persons]
        return {"code": self.code, "kind": self.kind, "persons": people}


@dataclass(frozen=True)
class Chain:
    levels: tuple[Level, ...]
    mark: str
    #: Rows of the table that decided.
    rows: tuple[int, ...]
    #: Digest of the rules it was decided by.
    rules: str


def resolve(session: db.Session, case: Case, document: Document, drafter: User) -> Chain:
    """Levels and persons for this document now; ``OfficeVacant`` names the office that nobody may act for."""
    found = rulebook.approval(session, case.court_id, document.code, document.facts)
    levels = [
        Level(code, kind, _persons(session, case, code, drafter))
        for code, kind in zip(found.chain, found.kinds, strict=True)
        if code != "J"
    ]
    rules = rulebook.of_court(session, case.court_id)
    return Chain(tuple(levels), found.mark, found.rows, rules.digest)


def _persons(session: db.Session, case: Case, code: str, drafter: User) -> tuple[User, ...]:
    if code == "P":
        panel = panels.of_case(session, case) or panels.proposed(session, case)
        return tuple(panel.members)
    role = OFFICES.get(code)
    holders = users.with_role(session, case.court_id, role) if role else []
    able = [
        u for u in holders if u.id != drafter.id and not access.is_recused(session, case.id, u.id)
    ]
    if not able:
        raise OfficeVacant(NAMES[code])
    # One of several holders acts; the first by name, until the office's own order is entered.
    return (able[0],)
