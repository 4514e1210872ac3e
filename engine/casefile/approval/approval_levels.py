"""From level to level: what follows a level's decisions, as the diagram ``document_flow`` asks after each."""

from dataclasses import dataclass
from uuid import UUID

from engine import db
from engine.casefile.approval import approval_chains, approval_records, approval_seats, approvals
from engine.casefile.approval.approval_records import Decision
from engine.casefile.approval.approvals import Approval


@dataclass(frozen=True)
class Next:
    """What the diagram does next: vote, review, approve, granted, returned, rejected."""

    step: str
    persons: tuple[UUID, ...] = ()
    #: What the drafter reads after a return or refusal.
    problem: str = ""


def advance(session: db.Session, approval_id: UUID) -> Next:
    """Evaluates the present level after its decisions and moves to the next; called by the diagram."""
    found = approvals.lock(session, approval_id)
    made = approval_records.made(session, approval_id)
    here = [d for d in made if d.counts and (d.round, d.level) == (found.round, found.level)]
    if found.reopening or not here:
        return _open(session, found, found.level)
    level = found.chain[found.level]
    if level["kind"] == "VOTE":
        if 2 * sum(d.outcome == "agree" for d in here) <= len(level["persons"]):
            approvals.end(session, found, "returned")
            return Next("returned", problem="合议庭多数意见不同意，请按多数意见修改")
    elif here[-1].outcome != "approve":
        return _not_approved(session, found, here[-1])
    following = found.level + 1
    if following == len(found.chain):
        approvals.end(session, found, "approved")
        return Next("granted")
    return _open(session, found, following)


def _not_approved(session: db.Session, found: Approval, decision: Decision) -> Next:
    level = found.chain[found.level]
    words = f"{approval_chains.NAMES[level['code']]}：{decision.opinion}"
    if decision.outcome == "reconsider":
        panel = next(i for i, one in enumerate(found.chain) if one["kind"] == "VOTE")
        return _open(session, found, panel, round=found.round + 1)
    if decision.outcome == "reject":
        approvals.end(session, found, "rejected")
        return Next("rejected", problem=f"不予批准。{words}")
    approvals.end(session, found, "returned")
    return Next("returned", problem=f"退回修改。{words}")


def _open(session: db.Session, found: Approval, index: int, **more: int) -> Next:
    """For whoever may act in it today; ``OfficeVacant`` becomes an incident that names the office."""
    level = approval_seats.seated(session, found, index)
    approvals.set_(session, found.id, level=index, reopening=None, **more)
    step = {"VOTE": "vote", "REVIEW": "review", "APPROVE": "approve"}[level["kind"]]
    return Next(step, tuple(UUID(p["id"]) for p in level["persons"]))
