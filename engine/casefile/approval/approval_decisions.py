"""One person's decision on a submitted document: what he reads, what he may choose, what he must write.

Whose decision it is not (any more) gets a sentence that says who decided and when; what was typed is the page's to keep.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from engine import clock, db
from engine.casefile.approval import (
    approval_answers,
    approval_chains,
    approval_desk,
    approval_openings,
    approval_outcomes,
    approval_take_backs,
    approval_trails,
    approvals,
)
from engine.casefile.approval.approval_answers import Remark
from engine.casefile.approval.approval_trails import Pass, Step, Trail
from engine.casefile.approval.approvals import APPROVAL, Approval
from engine.casefile.case import case_heads, cases
from engine.casefile.case.case_heads import Head
from engine.casefile.case.cases import Case
from engine.casefile.document import document_changes
from engine.casefile.document.document_changes import Change
from engine.casefile.document.documents import DOCUMENT, Document
from engine.casefile.people import access, users
from engine.casefile.people.users import User
from engine.documents import layout
from engine.errors import EngineError, NotFound, TaskClosed, TaskTaken
from engine.process import tasks
from engine.process.tasks import Task

#: What is typed for a decision.
FIELDS = ("outcome", "opinion", "fact_reason", "law_reason")
#: In the order of the page.
_ORDER = ("agree", "disagree", "approve", "return", "reconsider", "reject")
#: Say nothing as the reason of a vote (合议庭工作规定第十条).
_BARE = frozenset({"同意", "不同意", "同意承办意见", "不同意承办意见", "无", "无意见", "没有意见"})
_MARKS = "。．.，,；;、 　"


class DecisionIncomplete(EngineError):
    """意见还不能提交，请按提示补充"""

    code = "decision_incomplete"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__()
        #: Field -> what to do.
        self.problems = problems


@dataclass(frozen=True)
class Deciding:
    """What the person sees whose decision is due."""

    task_id: UUID
    head: Head
    document: Document
    #: Of the submitted version; what is new since ``seen_version`` is marked.
    html: str
    changes: Sequence[Change]
    #: The version that the viewer decided on before, else the one submitted before; None the first time.
    seen_version: int | None
    grounds: tuple[str, ...]
    trail: Trail
    shown: Pass
    step: Step
    #: What may be chosen, in the order of the page.
    outcomes: tuple[str, ...]
    #: Who decides next if the viewer agrees; None: nobody, the document is then approved.
    following: Step | None
    due_at: datetime | None
    #: What the viewer typed before.
    draft: Mapping[str, str]
    #: Of the submissions that came back, with the drafter's answers.
    remarks: Sequence[Remark]

    @property
    def approval(self) -> Approval:
        return self.shown.approval

    @property
    def is_vote(self) -> bool:
        return self.step.kind == "VOTE"

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at < clock.now()


def deciding(session: db.Session, viewer: User, task_id: UUID) -> Deciding:
    """``TaskClosed``, ``TaskTaken`` or ``Forbidden`` with a sentence when it is not the viewer's to decide."""
    task, found, case, document = _due(session, viewer, task_id)
    trail = approval_trails.of_document(session, viewer, document)
    shown = trail.of(found.id)
    step = next(one for one in shown.current.steps if one.level == found.level)
    after = [one for one in shown.current.steps if one.level > found.level]
    offered = approval_outcomes.offered(found.kinds, found.level)
    new = approval_desk.content(session, document.id, found.version)
    seen = _seen_before(trail, shown)
    old = approval_desk.content(session, document.id, seen) if seen else new
    return Deciding(
        task_id=task_id,
        head=case_heads.of(session, viewer, case),
        document=document,
        html=document_changes.marked_html(old, new) if seen else layout.to_html(new),
        changes=document_changes.between(old, new),
        seen_version=seen,
        grounds=approval_desk.grounds_of(session, document, found),
        trail=trail,
        shown=shown,
        step=step,
        outcomes=tuple(one for one in _ORDER if one in offered),
        following=after[0] if after else None,
        due_at=task.due_at,
        draft={name: str((task.draft or {}).get(name, "")) for name in FIELDS},
        remarks=approval_answers.of_document(session, viewer, document),
    )


def open_(session: db.Session, viewer: User, task_id: UUID) -> None:
    """已阅: the first opening is noted, under the lock that taking back waits for; refuses like ``deciding``."""
    if approval_openings.is_noted(session, viewer, task_id):
        return
    cases.lock(session, _readable(session, viewer, task_id)[2].id)
    found = _due(session, viewer, task_id)[1]
    approval_openings.note(session, viewer, task_id, found)


def _due(session: db.Session, viewer: User, task_id: UUID) -> tuple[Task, Approval, Case, Document]:
    """``_readable``, and the viewer may decide on it now."""
    task, found, case, document = _readable(session, viewer, task_id)
    _must_be_due(session, viewer, task, found)
    level, drafter = found.chain[found.level], found.submitted_by
    members = approval_chains.members_of(found.chain)
    approval_chains.must_be_lawful(session, case, level, document, drafter, members, viewer)
    return task, found, case, document


def submission_of(session: db.Session, viewer: User, task_id: UUID) -> UUID:
    """Id of the submission, for who may read it but has nothing (more) to decide."""
    return _readable(session, viewer, task_id)[1].id


def _readable(
    session: db.Session, viewer: User, task_id: UUID
) -> tuple[Task, Approval, Case, Document]:
    """The task and its submission, of a case whose internal volume the viewer may read, else ``NotFound``."""
    task = tasks.get(session, task_id)
    if task.screen != "approval":
        raise NotFound(str(task_id))
    found = approvals.get(session, _approval_id(session, task))
    return task, found, *approval_desk.readable(session, viewer, found)


def _approval_id(session: db.Session, task: Task) -> UUID:
    """Of the submission that opened the task: the last before it."""
    found: UUID | None = session.scalar(
        select(APPROVAL.c.id)
        .join(DOCUMENT, DOCUMENT.c.id == APPROVAL.c.document_id)
        .where(
            DOCUMENT.c.instance_id == task.instance_id, APPROVAL.c.submitted_at <= task.opened_at
        )
        .order_by(APPROVAL.c.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(str(task.id))
    return found


def _must_be_due(session: db.Session, viewer: User, task: Task, found: Approval) -> None:
    # The withdrawal reaches the process a moment later; until then the task is still open.
    if found.state == "withdrawn" and found.ended_at:
        name = users.get(session, found.submitted_by).name
        raise TaskClosed(f"{name}已于{_moment(found.ended_at)}撤回报批")
    if found.reopening == "taken_back" and task.state == "open":
        raise TaskClosed(approval_take_backs.sentence(session, found))
    if found.reopening and task.state == "open":
        raise TaskClosed(approvals.REOPENED[found.reopening])
    if task.state != "open":
        raise TaskClosed(_how_it_closed(task))
    if task.assignee not in (None, viewer.id):
        raise TaskTaken(task.assignee_name or "")
    persons = found.chain[found.level]["persons"]
    if str(viewer.id) not in {one["id"] for one in persons}:
        raise access.Forbidden("本级由" + "、".join(one["name"] for one in persons) + "决定")


def _how_it_closed(task: Task) -> str:
    if task.closed_at and task.state == "completed":
        return f"{task.closed_by}已于{_moment(task.closed_at)}作出决定"
    return approvals.REOPENED.get(task.reason or "", "流程已转入其他路径")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(clock.COURT_ZONE):%m月%d日 %H:%M}"


def _seen_before(trail: Trail, shown: Pass) -> int | None:
    """The version that the viewer decided on last, else the one submitted last; None if it is this one."""
    earlier = [one for one in trail.passes if one.number < shown.number]
    decided = [one for one in earlier if _has_decided(one)]
    latest = next(iter(decided or earlier), None)
    if latest is None or latest.approval.version == shown.approval.version:
        return None
    return latest.approval.version


def _has_decided(one: Pass) -> bool:
    seats = (seat for each in one.rounds for step in each.steps for seat in step.seats)
    return any(seat.is_viewer and seat.state == "decided" for seat in seats)


# ---------------------------------------------------------------- typing and deciding


def keep(session: db.Session, viewer: User, task_id: UUID, typed: Mapping[str, str]) -> None:
    """暂存: what was typed stays with the task; nobody else reads it."""
    task, found, _, _ = _readable(session, viewer, task_id)
    _must_be_due(session, viewer, task, found)
    _must_be_short(typed)
    kept = {name: typed.get(name, "") for name in FIELDS}
    tasks.save_draft(session, task_id, kept, actor=viewer.actor)


def checked(session: db.Session, viewer: User, task_id: UUID, typed: Mapping[str, str]) -> Deciding:
    """The page, if this could be submitted; else ``DecisionIncomplete`` with a sentence for each field."""
    page = deciding(session, viewer, task_id)
    found = _problems(page, typed)
    if found:
        raise DecisionIncomplete(found)
    return page


def decide(session: db.Session, viewer: User, task_id: UUID, typed: Mapping[str, str]) -> Approval:
    """Records the decision and moves the document on; the submission as it stands afterwards."""
    # The case first: of a withdrawal and a decision at once, the later must see the earlier.
    cases.lock(session, _readable(session, viewer, task_id)[2].id)
    page = checked(session, viewer, task_id, typed)
    is_vote = page.is_vote
    return approvals.decide(
        session,
        viewer,
        task_id,
        typed["outcome"],
        opinion="" if is_vote else typed.get("opinion", ""),
        fact_reason=typed.get("fact_reason", "") if is_vote else "",
        law_reason=typed.get("law_reason", "") if is_vote else "",
    )


def _problems(page: Deciding, typed: Mapping[str, str]) -> dict[str, str]:
    _must_be_short(typed)
    found = {}
    outcome = typed.get("outcome", "")
    if outcome not in page.outcomes:
        found["outcome"] = "请选择一种意见"
    if page.is_vote:
        for field, name in (("fact_reason", "事实依据"), ("law_reason", "法律依据")):
            said = typed.get(field, "").strip()
            if not said:
                found[field] = f"请写明{name}"
            elif said.strip(_MARKS) in _BARE:
                found[field] = f"评议意见须写明{name}，不能只作同意与否的表态"
    elif outcome in page.outcomes and outcome != "approve" and not typed.get("opinion", "").strip():
        found["opinion"] = "请写明理由"
    return found


def _must_be_short(typed: Mapping[str, str]) -> None:
    if any(len(typed.get(name, "")) > approval_desk.LONGEST for name in FIELDS):
        raise approval_desk.TooLong
