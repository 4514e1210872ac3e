"""接收: the judge takes a filed case over, and if it is eligible it is in its stage in the same commit.

Eligibility is the decision table ``segment_eligibility`` (DOMAIN §2.2); a case that is not eligible
is received too and shows 未分段 with the row that decided.
"""

from dataclasses import dataclass
from uuid import UUID

from engine import audit, clock, db
from engine.casefile import rulebook
from engine.casefile.case import cases
from engine.casefile.case.cases import Case
from engine.casefile.matter import facts
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError
from engine.process import instances

PIPELINE = "case_enforcement"


class AlreadyAccepted(EngineError):
    """该案已经接收"""

    code = "already_accepted"


@dataclass(frozen=True)
class Accepted:
    case: Case
    #: Why it entered this stage or none, as a sentence.
    reason: str


def accept(session: db.Session, viewer: User, case_id: UUID) -> Accepted:
    """The case after 接收: in its stage with clock and handler, or received and 未分段."""
    case = access.case(session, viewer, case_id, lock=True)
    if not viewer.has("handling_judge"):
        raise access.Forbidden("案件由法官接收")
    if case.status != "pending_acceptance":
        raise AlreadyAccepted(case.case_no)
    route = rulebook.entry(session, case, facts.Facts(session, case))
    cases.change(
        session,
        case_id,
        accepted_at=clock.now(),
        accepted_by=viewer.id,
        owner_id=case.owner_id or viewer.id,
        entry_reason=route.sentence,
    )
    access.involve(session, case, viewer.id, "accepted")
    audit.append(
        session,
        case_id,
        case.court_id,
        audit.Note(viewer.actor, "case_accepted", {"decision": route.detail}),
    )
    if route.to is None:
        cases.change(session, case_id, status="unsegmented", handler_id=case.owner_id or viewer.id)
    else:
        instance_id = instances.start(
            session,
            case.court_id,
            PIPELINE,
            {"去向": route.to, "接收人": str(viewer.id)},
            actor=viewer.actor,
            case_id=case_id,
        )
        cases.change(session, case_id, instance_id=instance_id)
    return Accepted(cases.get(session, case_id), route.sentence)
