"""The head of every page of a case: its parties, what is left of its stage, and whether the viewer may move it."""

from dataclasses import dataclass
from uuid import UUID

from engine import db
from engine.casefile import rulebook
from engine.casefile.case.cases import Case
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.casefile.rules.stages import Remaining


@dataclass(frozen=True)
class Head:
    case: Case
    applicants: list[Party]
    debtors: list[Party]
    #: None while the case is in no stage.
    remaining: Remaining | None
    #: Whether 流转 is offered to the viewer; the page itself says what still stands in the way.
    can_transfer: bool


def head(session: db.Session, viewer: User, case_id: UUID) -> Head:
    """Of a case that the viewer may open, else ``NotFound``."""
    return of(session, viewer, access.case(session, viewer, case_id))


def of(session: db.Session, viewer: User, case: Case) -> Head:
    """Of a case that was loaded for this viewer already."""
    people = [p for p in parties.of_case(session, case.id) if p.is_present]
    return Head(
        case=case,
        applicants=[p for p in people if p.role == "applicant"],
        debtors=[p for p in people if p.role == "debtor"],
        remaining=rulebook.remaining(session, case),
        can_transfer=case.stage is not None and access.can_work(viewer, case),
    )
