"""文书报批 as its pages need it: before submission, one submission, and what is printed of it.

Opinions belong to the internal volume (副卷): who may not read that of a case finds nothing here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine import db
from engine.casefile import rulebook
from engine.casefile.approval import (
    approval_answers,
    approval_chains,
    approval_take_backs,
    approval_trails,
    approvals,
)
from engine.casefile.approval.approval_answers import Remark
from engine.casefile.approval.approval_chains import Chain, Level
from engine.casefile.approval.approval_trails import Pass, Trail
from engine.casefile.approval.approvals import Approval
from engine.casefile.case import case_heads
from engine.casefile.case.case_heads import Head
from engine.casefile.case.cases import Case
from engine.casefile.document import documents, dossier_access
from engine.casefile.document.documents import VERSION, Document
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.casefile.rules import tables
from engine.dmn import definitions as dmn
from engine.documents import layout
from engine.documents.document import Document as Content
from engine.errors import EngineError, NotFound, TaskClosed
from engine.process import tasks

#: Characters of an opinion or a reason.
LONGEST = 4000


class OpinionMissing(EngineError):
    """请填写承办意见"""

    code = "opinion_missing"


class TooLong(EngineError):
    """意见不能超过4000字"""

    code = "opinion_too_long"


class WithdrawalUnderWay(EngineError):
    """上一次撤回报批正在处理，请稍后再报批"""

    code = "withdrawal_under_way"


class NotOneCase(EngineError):
    """一次只能报批同一案件的文书"""

    code = "not_one_case"


# ---------------------------------------------------------------- before submission


@dataclass(frozen=True)
class Candidate:
    """One document that is to be submitted."""

    document: Document
    #: None when it cannot be submitted.
    chain: Chain | None
    #: Why it cannot be submitted now; a sentence.
    problem: str
    #: What the rows of the table say that gave the chain.
    grounds: tuple[str, ...]
    #: Its latest submission.
    latest: Approval | None
    #: What is to be answered first, of submissions that came back.
    remarks: Sequence[Remark] = ()
    #: Where it begins; above it the decisions of the submission before stand.
    first_level: int = 0


@dataclass(frozen=True)
class Plan:
    head: Head
    candidates: Sequence[Candidate]
    #: What the drafter wrote the last time, to start from.
    opinion: str

    @property
    def ready(self) -> list[Candidate]:
        return [one for one in self.candidates if one.chain]

    @property
    def chains(self) -> list[tuple[Chain, list[Candidate]]]:
        """Each chain once, with the documents that go along it."""
        found: dict[tuple[Level, ...], list[Candidate]] = {}
        for one in self.ready:
            if one.chain:
                found.setdefault(one.chain.levels, []).append(one)
        return [(group[0].chain, group) for group in found.values() if group[0].chain]


def plan(session: db.Session, viewer: User, document_ids: Sequence[UUID]) -> Plan:
    """Who would decide on each of these documents of one case, before anything is submitted."""
    found = [documents.get(session, id_) for id_ in document_ids]
    if not found:
        raise NotFound("文书")
    head = case_heads.head(session, viewer, found[0].case_id)
    for one in found:
        access.case(session, viewer, one.case_id)
    if len({one.case_id for one in found}) > 1:
        raise NotOneCase
    access.must_work(viewer, head.case)
    candidates = [_candidate(session, viewer, head.case, one) for one in found]
    past = [one.latest.opinion for one in candidates if one.chain and one.latest]
    return Plan(head, candidates, past[0] if past else "")


def _candidate(session: db.Session, viewer: User, case: Case, found: Document) -> Candidate:
    latest = next(iter(approvals.of_document(session, found.id)), None)
    try:
        approvals.must_be_submittable(found)
        chain = approval_chains.resolve(session, case, found, viewer)
    except EngineError as error:
        return Candidate(found, None, str(error), (), latest)
    return Candidate(
        found,
        chain,
        "",
        grounds(session, case.court_id, chain.rows),
        latest,
        approval_answers.open_of(session, viewer, found),
        approvals.first_level(session, found, chain),
    )


def grounds(session: db.Session, court_id: UUID, rows: Sequence[int]) -> tuple[str, ...]:
    """The notes of these rows of the approval table now in force, where articles of law stand."""
    model = rulebook.of_court(session, court_id).tables[tables.APPROVAL]
    logic = model.decisions[0].logic
    if not isinstance(logic, dmn.Table):
        return ()
    return tuple(logic.rules[row - 1].note for row in rows if logic.rules[row - 1].note)


def grounds_of(session: db.Session, document: Document, found: Approval) -> tuple[str, ...]:
    """The same of a submission; nothing when the rules have changed since, for its rows are not stored."""
    if rulebook.of_court(session, found.court_id).digest != found.rules:
        return ()
    decided = rulebook.approval(session, found.court_id, document.code, document.facts)
    return grounds(session, found.court_id, decided.rows)


def submit(
    session: db.Session,
    viewer: User,
    document_id: UUID,
    opinion: str,
    answers: Mapping[UUID, str] | None = None,
) -> UUID:
    """文书报批; the opinion is what the first line of the 审批表 says.

    ``answers``: decision -> answer, of every remark that the drafter has ticked (R6).
    """
    if not opinion.strip():
        raise OpinionMissing
    if len(opinion) > LONGEST:
        raise TooLong
    remarks = approval_answers.open_of(session, viewer, documents.get(session, document_id))
    approval_answers.must_be_complete(remarks, answers or {})
    try:
        id_ = approvals.submit(session, viewer, document_id, opinion=opinion)
    except TaskClosed:
        raise WithdrawalUnderWay from None
    approval_answers.keep(session, viewer, id_, remarks, answers or {})
    return id_


# ---------------------------------------------------------------- a submission


@dataclass(frozen=True)
class Submission:
    """One submission as whoever works, approves or leads in the case sees it."""

    head: Head
    document: Document
    #: Of the version that was submitted.
    html: str
    grounds: tuple[str, ...]
    trail: Trail
    shown: Pass
    #: The viewer's own open task in it.
    task_id: UUID | None
    #: Whether 撤回报批 is offered, and why it cannot be pressed; a sentence.
    can_work: bool
    why_not_withdraw: str
    #: 拿回: None where the viewer has nothing to take back, empty where he may, else why not any more.
    why_not_take_back: str | None
    #: Of the submissions that came back, with their answers.
    remarks: Sequence[Remark]

    @property
    def approval(self) -> Approval:
        return self.shown.approval

    @property
    def has_minutes(self) -> bool:
        """Whether a panel has voted, and the viewer may read it."""
        return any(
            step.kind == "VOTE" and step.is_complete
            for one in self.trail.passes
            for round_ in one.rounds
            for step in round_.steps
        )


def submission(session: db.Session, viewer: User, approval_id: UUID) -> Submission:
    found = approvals.get(session, approval_id)
    case, document = readable(session, viewer, found)
    trail = approval_trails.of_document(session, viewer, document)
    shown = trail.of(approval_id)
    can_work = access.can_work(viewer, case)
    return Submission(
        head=case_heads.of(session, viewer, case),
        document=document,
        html=layout.to_html(content(session, document.id, found.version)),
        grounds=grounds_of(session, document, found),
        trail=trail,
        shown=shown,
        task_id=_own_task(session, viewer, document) if found.state == "running" else None,
        can_work=can_work,
        why_not_withdraw=_why_not_withdraw(shown),
        why_not_take_back=approval_take_backs.offered(session, viewer, found),
        remarks=approval_answers.of_document(session, viewer, document),
    )


def minutes(session: db.Session, viewer: User, approval_id: UUID) -> Submission:
    """评议笔录; ``NotFound`` before all of a panel have voted."""
    found = submission(session, viewer, approval_id)
    if not found.has_minutes:
        raise NotFound("评议笔录")
    return found


def readable(session: db.Session, viewer: User, found: Approval) -> tuple[Case, Document]:
    """The case and document of a submission that the viewer may read, else ``NotFound``."""
    case = access.case(session, viewer, found.case_id)
    dossier_access.must_read(session, viewer, case, "internal")
    return case, documents.get(session, found.document_id)


def content(session: db.Session, document_id: UUID, version: int) -> Content:
    """Of one version, as it was submitted."""
    found: Content | None = session.scalar(
        select(VERSION.c.content).where(
            VERSION.c.document_id == document_id, VERSION.c.number == version
        )
    )
    if found is None:
        raise NotFound(f"第{version}稿")
    return found


def _own_task(session: db.Session, viewer: User, document: Document) -> UUID | None:
    open_ = tasks.open_of(session, instance_id=document.instance_id)
    mine = (task.id for task in open_ if task.screen == "approval" and task.assignee == viewer.id)
    return next(mine, None)


def _why_not_withdraw(shown: Pass) -> str:
    step = next((one for one in shown.current.steps if one.state == "doing"), None)
    if step is None:
        return "报批已经结束"
    decided = [seat.name for seat in step.seats if seat.state == "decided"]
    return f"{'、'.join(decided)}已经作出决定" if decided else ""
