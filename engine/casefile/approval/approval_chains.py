"""The approval chain of a document with the names of who decides, whole before it is submitted.

Levels come from the decision table (``rules/approval_chain.dmn``), persons from the offices. Approval
power belongs to the office: the drafter never decides, a recused person neither, and in the place of one
who is away his substitute by the register does; then it is the turn of whoever else holds the office,
and where nobody does, submission is refused (CHINESE_WORKFLOW R3, R8, R9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile import rulebook
from engine.casefile.approval import panels, substitutions
from engine.casefile.approval.substitutions import Substitution
from engine.casefile.case.cases import Case
from engine.casefile.document.documents import Document
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError

#: Level -> role of the office.
OFFICES = {"B": "bureau_director", "V": "vice_president", "PR": "president"}
NAMES = {
    "J": "承办法官",
    "P": "合议庭",
    **{level: substitutions.OFFICES[role] for level, role in OFFICES.items()},
    "AC": "审判委员会",
}


class OfficeVacant(EngineError):
    """没有可以办理审批的人员，请先由院长确定或者授权"""

    code = "office_vacant"


class NotLawful(EngineError):
    """您现在不能在本级作出决定"""

    code = "not_lawful"


@dataclass(frozen=True)
class Person:
    """Who decides in a level; ``by``: the row of the register by which he acts for another."""

    user: User
    by: Substitution | None = None

    @property
    def id(self) -> UUID:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def title(self) -> str:
        return self.user.title

    @property
    def acting_for(self) -> Mapping[str, str] | None:
        """Of a substitute: whose office, its name as in 「代 院长」, and the written authority."""
        if self.by is None:
            return None
        return {
            "id": str(self.by.replaced_id),
            "name": self.by.replaced,
            "office": self.by.office_name,
            "authority": self.by.authority,
        }

    def stored(self) -> dict[str, Any]:
        found: dict[str, Any] = {"id": str(self.id), "name": self.name, "title": self.title}
        return found | ({"acting_for": self.acting_for} if self.by else {})


@dataclass(frozen=True)
class Level:
    #: P, B, V, PR, AC
    code: str
    #: VOTE, REVIEW, APPROVE (CHINESE_WORKFLOW R2)
    kind: str
    persons: tuple[Person, ...]
    #: Of the panel: later levels that are contained in a member's vote, as (office, name) (R3).
    merged: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return NAMES[self.code]

    def stored(self) -> dict[str, Any]:
        people = [person.stored() for person in self.persons]
        found: dict[str, Any] = {"code": self.code, "kind": self.kind, "persons": people}
        return found | ({"merged": self.merged} if self.merged else {})


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
    rules = rulebook.of_court(session, case.court_id)
    panel = _panel(session, case) if "P" in found.chain else ()
    members = frozenset(member.id for member in panel)
    levels, merged = [], []
    for code, kind in zip(found.chain, found.kinds, strict=True):
        if code in ("J", "P"):
            continue
        # One of several acts; the first in the order of the office.
        first = lawful(session, case, document, code, kind, drafter.id, members)[0]
        if first.id in members and rules.same_person.is_merged(kind):
            merged.append((NAMES[code], first.name))
        else:
            levels.append(Level(code, kind, (first,)))
    if panel:
        place = [code for code in found.chain if code != "J"].index("P")
        levels.insert(place, Level("P", "VOTE", panel, tuple(merged)))
    return Chain(tuple(levels), found.mark, found.rows, rules.digest)


def _panel(session: db.Session, case: Case) -> tuple[Person, ...]:
    panel = panels.of_case(session, case) or panels.proposed(session, case)
    return tuple(Person(member) for member in panel.members)


def members_of(chain: Sequence[Mapping[str, Any]]) -> frozenset[UUID]:
    """The panel of a stored chain; nobody where none deliberates."""
    votes = [level["persons"] for level in chain if level["kind"] == "VOTE"]
    return frozenset(UUID(person["id"]) for persons in votes for person in persons)


def lawful(
    session: db.Session,
    case: Case,
    document: Document,
    code: str,
    kind: str,
    drafter_id: UUID,
    members: frozenset[UUID],
) -> tuple[Person, ...]:
    """Everybody who may decide in this office today, in the order in which they are asked; else ``OfficeVacant``.

    ``members`` of the panel may not approve as well, but where a statute wants it (R3).
    """
    office = OFFICES.get(code)
    same = rulebook.of_court(session, case.court_id).same_person
    apart = members if office and same.is_kept_out(kind, office) else frozenset()
    found = substitutions.acting(session, case.court_id, office, document.code) if office else []
    able = tuple(
        Person(one.user, one.by)
        for one in found
        if one.user.id not in {drafter_id, *apart}
        and not access.is_recused(session, case.id, one.user.id)
    )
    if not able:
        raise OfficeVacant(NAMES[code])
    return able


def must_be_lawful(
    session: db.Session,
    case: Case,
    level: Mapping[str, Any],
    document: Document,
    drafter_id: UUID,
    members: frozenset[UUID],
    viewer: User,
) -> Substitution | None:
    """At the moment of the act: the row by which the viewer acts, None in his own right; else ``NotLawful``."""
    if level["kind"] == "VOTE":
        return None
    code, kind = level["code"], level["kind"]
    able = lawful(session, case, document, code, kind, drafter_id, members)
    for person in able:
        if person.id == viewer.id:
            return person.by
    raise NotLawful(f"{NAMES[code]}职权现由{able[0].name}行使")
