"""Approval of documents (文书报批): submissions and decisions; the diagram ``document_flow`` moves them.

running --all levels--> approved
   |----退回修改------> returned      the drafter mends it and submits anew (a new submission)
   |----不予批准------> rejected      final, with its reason
   |----撤回报批------> withdrawn     by the drafter, before the present level has decided
   '----撤销流程------> cancelled     the document's process was ended by an operator

A submission freezes version, content hash and chain; a decision is valid for that hash alone (R1).
Members of the panel all vote, and nobody reads another's opinion before all have (R4). A REVIEW level
may ask the panel to deliberate again but not refuse, an APPROVE level decides (R2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from engine import clock, db
from engine.casefile import columns
from engine.casefile.approval import (
    approval_chains,
    approval_news,
    approval_outcomes,
    approval_records,
    panels,
)
from engine.casefile.case.cases import Case
from engine.casefile.document import documents
from engine.casefile.document.documents import Document
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound, TaskClosed
from engine.ids import new_id
from engine.process import tasks

APPROVAL = Table(
    "approval",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("document_id", Uuid, ForeignKey("document.id"), nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("content_hash", Text, nullable=False),
    #: [{code, kind, persons: [{id, name, title, acting_for?}]}], as resolved at submission, and again when
    #: a level opens (``approval_chains.Level.stored``).
    Column("chain", JSONB, nullable=False),
    Column("mark", Text, nullable=False),
    #: 承办意见, what the drafter proposes and why.
    Column("opinion", Text, nullable=False, server_default=""),
    #: Digest of the rules that gave the chain.
    Column("rules", Text, nullable=False),
    #: Level that decides now, from 0; the round of the panel, from 1.
    Column("level", SmallInteger, nullable=False),
    Column("round", SmallInteger, nullable=False),
    #: Where it began: above it, unchanged text keeps what was decided in the submission before (R1).
    Column("first_level", SmallInteger, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),
    #: Code; why the open level is about to open anew: nobody may decide until the process has.
    Column("reopening", Text),
    Column("submitted_at", db.UtcDateTime, nullable=False),
    columns.user_id("submitted_by", nullable=False),
    Column("ended_at", db.UtcDateTime),
    CheckConstraint(
        "state IN ('running', 'approved', 'returned', 'rejected', 'withdrawn', 'cancelled')",
        name="state",
    ),
    Index(
        "uq_approval_running",
        "document_id",
        unique=True,
        postgresql_where=text("state = 'running'"),
    ),
    Index(None, "court_id", "case_id", "id"),
)

#: Why an open level opens anew, for whoever comes too late.
REOPENED: Mapping[str, str] = {
    "taken_back": "前一级已经拿回意见，本级不再办理",
    "reassigned": "本级已改由依法代行职权的人员办理",
    "recused": "本级人员已经回避，改由他人办理",
}


class NothingToApprove(EngineError):
    """文书由承办法官签发，无需报批"""

    code = "nothing_to_approve"


class NotSubmittable(EngineError):
    """文书现在不能报批"""

    code = "not_submittable"


class ContentChanged(EngineError):
    """文书内容与报批时不一致，不能作出决定，请退回修改后重新报批"""

    code = "content_changed"


class AlreadyDecided(EngineError):
    """本级已经作出决定，不能撤回报批"""

    code = "already_decided"


@dataclass(frozen=True)
class Approval:
    id: UUID
    court_id: UUID
    case_id: UUID
    document_id: UUID
    version: int
    content_hash: str
    chain: list[dict[str, Any]]
    mark: str
    opinion: str
    rules: str
    level: int
    round: int
    first_level: int
    state: str
    reopening: str | None
    submitted_at: datetime
    submitted_by: UUID
    ended_at: datetime | None

    @property
    def kinds(self) -> list[str]:
        return [level["kind"] for level in self.chain]


_READ = tuple(APPROVAL.c[f.name] for f in fields(Approval))


# ---------------------------------------------------------------- submitting


def submit(session: db.Session, viewer: User, document_id: UUID, *, opinion: str = "") -> UUID:
    """文书报批: resolves the whole chain, freezes the content, and opens the first level."""
    document = documents.get(session, document_id)
    case = access.case(session, viewer, document.case_id, lock=True)
    access.must_work(viewer, case)
    document = documents.lock(session, document_id)
    must_be_submittable(document)
    chain = approval_chains.resolve(session, case, document, viewer)
    _compose_panel(session, case, chain, viewer)
    first = first_level(session, document, chain)
    id_ = new_id()
    session.execute(
        insert(APPROVAL).values(
            id=id_,
            court_id=case.court_id,
            case_id=case.id,
            document_id=document_id,
            version=document.version,
            content_hash=document.content_hash,
            chain=[level.stored() for level in chain.levels],
            mark=chain.mark,
            opinion=opinion.strip(),
            rules=chain.rules,
            level=first,
            round=1,
            first_level=first,
            state="running",
            submitted_at=clock.now(),
            submitted_by=viewer.id,
        )
    )
    for level in chain.levels:
        for person in level.persons:
            access.involve(session, case, person.id, "approval")
    task = tasks.find_open(session, case.id, "issue_document", instance_id=document.instance_id)
    tasks.complete(session, task.id, {"处理": "报批", "报批": str(id_)}, actor=viewer.actor)
    return id_


def first_level(session: db.Session, document: Document, chain: approval_chains.Chain) -> int:
    """Where the next submission begins (R1): unchanged text goes straight to who returned it, else to the first."""
    latest = next(iter(of_document(session, document.id)), None)
    if latest is None or latest.state != "returned":
        return 0
    same = latest.content_hash == document.content_hash and latest.rules == chain.rules
    codes = [level["code"] for level in latest.chain]
    return latest.level if same and codes == [one.code for one in chain.levels] else 0


def must_be_submittable(document: Document) -> None:
    if not document.needs_approval:
        raise NothingToApprove
    if document.state not in documents.EDITABLE:
        raise NotSubmittable(document.name)


def _compose_panel(
    session: db.Session, case: Case, chain: approval_chains.Chain, viewer: User
) -> None:
    if any(level.code == "P" for level in chain.levels) and panels.of_case(session, case) is None:
        panel = panels.proposed(session, case)
        panels.compose(session, case, panel, by=viewer.id, reason="报批时按团队组成")


def withdraw(session: db.Session, viewer: User, approval_id: UUID) -> None:
    """撤回报批: the open tasks of the level fall away; refused once somebody of the level has decided."""
    found = get(session, approval_id)
    case = access.case(session, viewer, found.case_id, lock=True)
    access.must_work(viewer, case)
    found = lock(session, approval_id)
    if found.state != "running" or any(
        d.level == found.level and d.round == found.round and d.counts
        for d in approval_records.made(session, approval_id)
    ):
        raise AlreadyDecided
    end(session, found, "withdrawn")
    approval_news.withdrawn(session, found)
    documents.change(session, found.document_id, state="draft", problem="")
    document = documents.get(session, found.document_id)
    from engine.process import messages

    messages.send(
        session,
        found.court_id,
        "approval_withdrawn",
        case_id=found.case_id,
        instance_id=document.instance_id,
        actor=viewer.actor,
        cause="withdrawn_by_drafter",
    )


# ---------------------------------------------------------------- deciding


def decide(
    session: db.Session,
    viewer: User,
    task_id: UUID,
    outcome: str,
    *,
    opinion: str = "",
    fact_reason: str = "",
    law_reason: str = "",
) -> Approval:
    """Records the viewer's decision and moves the process along its drawn flow, in one transaction."""
    task = tasks.get(session, task_id)
    found = of_instance(session, task.instance_id)
    # Who was recused after the submission still holds the task, but no longer the case.
    case = access.case(session, viewer, found.case_id, lock=True)
    found = lock(session, found.id)
    must_be_open(found)
    level = found.chain[found.level]
    if viewer.id not in {UUID(p["id"]) for p in level["persons"]}:
        raise access.Forbidden("本级由" + "、".join(p["name"] for p in level["persons"]) + "决定")
    if outcome not in approval_outcomes.offered(found.kinds, found.level):
        raise approval_outcomes.OutcomeNotOffered
    approval_outcomes.must_give_reasons(level["kind"], outcome, opinion, fact_reason, law_reason)
    document = documents.lock(session, found.document_id)
    if document.content_hash != found.content_hash:
        raise ContentChanged
    row = approval_chains.must_be_lawful(
        session,
        case,
        level,
        document,
        found.submitted_by,
        approval_chains.members_of(found.chain),
        viewer,
    )
    session.execute(
        insert(approval_records.DECISION).values(
            id=new_id(),
            court_id=found.court_id,
            approval_id=found.id,
            level=found.level,
            round=found.round,
            user_id=viewer.id,
            acting_for=row.replaced_id if row else None,
            substitution_id=row.id if row else None,
            outcome=outcome,
            fact_reason=fact_reason.strip(),
            law_reason=law_reason.strip(),
            opinion=opinion.strip(),
            content_hash=found.content_hash,
            decided_at=clock.now(),
        )
    )
    tasks.complete(session, task_id, {}, actor=viewer.actor)
    return get(session, found.id)


def must_be_open(found: Approval) -> None:
    """``TaskClosed`` with the sentence for whoever is about to decide."""
    if found.state != "running":
        raise TaskClosed("报批已经撤回或者已有结果")
    if found.reopening:
        raise TaskClosed(REOPENED[found.reopening])


def end(session: db.Session, found: Approval, state: str) -> None:
    set_(session, found.id, state=state, ended_at=clock.now())


def end_with_instance(session: db.Session, instance_id: UUID) -> None:
    """The process of a document was ended where it stood; what was decided stays on record."""
    of_instance_ = select(documents.DOCUMENT.c.id).where(
        documents.DOCUMENT.c.instance_id == instance_id
    )
    session.execute(
        update(APPROVAL)
        .where(APPROVAL.c.document_id.in_(of_instance_), APPROVAL.c.state == "running")
        .values(state="cancelled", ended_at=clock.now())
    )


def set_(session: db.Session, approval_id: UUID, **values: Any) -> None:
    session.execute(update(APPROVAL).where(APPROVAL.c.id == approval_id).values(**values))


# ---------------------------------------------------------------- reading


def get(session: db.Session, approval_id: UUID) -> Approval:
    return _one(session, APPROVAL.c.id == approval_id)


def of_instance(session: db.Session, instance_id: UUID) -> Approval:
    """The running submission of the document whose process this is."""
    of_document = select(documents.DOCUMENT.c.id).where(
        documents.DOCUMENT.c.instance_id == instance_id
    )
    return _one(session, APPROVAL.c.document_id.in_(of_document) & (APPROVAL.c.state == "running"))


def of_document(session: db.Session, document_id: UUID) -> list[Approval]:
    """Every submission, the newest first."""
    rows = session.execute(
        select(*_READ).where(APPROVAL.c.document_id == document_id).order_by(APPROVAL.c.id.desc())
    ).mappings()
    return [Approval(**row) for row in rows]


def lock(session: db.Session, approval_id: UUID) -> Approval:
    return _one(session, APPROVAL.c.id == approval_id, lock=True)


def _one(session: db.Session, condition: Any, *, lock: bool = False) -> Approval:
    query = select(*_READ).where(condition)
    row = session.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFound("报批")
    return Approval(**row)
