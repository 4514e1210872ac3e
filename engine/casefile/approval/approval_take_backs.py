"""拿回: the last decider takes his decision back until the next level has opened the document (CHINESE_WORKFLOW R7).

His opinion stays on record, struck through, with the reason; the process takes the next level's task away
along its drawn flow and opens his own level anew. A vote is final: it is changed by 复议 alone (R4).
"""

from uuid import UUID

from sqlalchemy import update

from engine import audit, clock, db
from engine.audit import Note
from engine.casefile.approval import (
    approval_chains,
    approval_news,
    approval_openings,
    approval_records,
    approval_seats,
    approvals,
)
from engine.casefile.approval.approval_records import DECISION, Decision
from engine.casefile.approval.approvals import Approval
from engine.casefile.people import access, users
from engine.casefile.people.users import User
from engine.errors import EngineError

#: Characters of a reason.
LONGEST = 200


class NothingToTakeBack(EngineError):
    """没有可以拿回的意见"""

    code = "nothing_to_take_back"


class CannotTakeBack(EngineError):
    """现在不能拿回意见"""

    code = "cannot_take_back"


class TakeBackReasonMissing(EngineError):
    """请写明拿回的原因，不超过200字"""

    code = "take_back_reason_missing"


def offered(session: db.Session, viewer: User, found: Approval) -> str | None:
    """None: not the viewer's to take back; empty: he may; else the sentence that says why not any more."""
    last = _last(session, found)
    is_his = last is not None and last.user_id == viewer.id and found.kinds[last.level] != "VOTE"
    if last is None or not is_his or found.state != "running":
        return None
    if found.reopening:
        return approvals.REOPENED[found.reopening]
    if (last.level, last.round) == (found.level, found.round):
        return "下一级人员尚未确定，请先由运维处理异常"
    for opening in approval_openings.of_approval(session, found.id):
        if (opening.level, opening.round) == (found.level, found.round):
            at = opening.opened_at.astimezone(clock.COURT_ZONE)
            if opening.opened_at > last.decided_at:
                return f"{opening.name}已于{at:%m月%d日 %H:%M}打开本件，不能拿回"
    if not approval_seats.can_reopen(session, found):
        return "本件按较早版本的流程办理，不能拿回"
    return ""


def _last(session: db.Session, found: Approval) -> Decision | None:
    counted = [d for d in approval_records.made(session, found.id) if d.counts]
    return counted[-1] if counted else None


def take_back(session: db.Session, viewer: User, approval_id: UUID, reason: str) -> None:
    """``CannotTakeBack`` names who was first; of a decision and a taking back at once exactly one wins."""
    found = approvals.get(session, approval_id)
    case = access.case(session, viewer, found.case_id, lock=True)
    found = approvals.lock(session, approval_id)
    _must_be_offered(session, viewer, found)
    if not reason.strip() or len(reason) > LONGEST:
        raise TakeBackReasonMissing
    last = _last(session, found)
    if last is None:
        raise NothingToTakeBack
    session.execute(
        update(DECISION)
        .where(DECISION.c.id == last.id)
        .values(taken_back_at=clock.now(), taken_back_reason=reason.strip())
    )
    approval_news.taken_back(session, found, viewer.name)
    approvals.set_(session, found.id, level=last.level, round=last.round)
    approval_seats.reopen(session, found, "taken_back")
    detail = {
        "approval": str(found.id),
        "level": found.chain[last.level]["code"],
        "outcome": last.outcome,
        "reason": reason.strip(),
    }
    audit.append(session, case.id, case.court_id, Note(viewer.actor, "approval_taken_back", detail))


def _must_be_offered(session: db.Session, viewer: User, found: Approval) -> None:
    why_not = offered(session, viewer, found)
    if why_not:
        raise CannotTakeBack(why_not)
    if why_not == "":
        return
    last = _last(session, found)
    if last is not None and any(
        d.user_id == viewer.id for d in approval_records.made(session, found.id)
    ):
        name = users.get(session, last.user_id).name
        at = last.decided_at.astimezone(clock.COURT_ZONE)
        office = approval_chains.NAMES[found.chain[last.level]["code"]]
        raise CannotTakeBack(f"{office}{name}已于{at:%m月%d日 %H:%M}作出决定，不能拿回")
    raise NothingToTakeBack


def sentence(session: db.Session, found: Approval) -> str:
    """For the next level, whose task falls away: who took his opinion back, and when."""
    taken = [d for d in approval_records.made(session, found.id) if d.taken_back_at]
    if not taken or taken[-1].taken_back_at is None:
        return approvals.REOPENED["taken_back"]
    at = taken[-1].taken_back_at.astimezone(clock.COURT_ZONE)
    return (
        f"{users.name_of(session, taken[-1].user_id)}已于{at:%m月%d日 %H:%M}拿回意见，本级不再办理"
    )
