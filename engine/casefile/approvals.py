"""Approval of documents (文书报批): submissions and decisions; the diagram ``document_flow`` moves them.

running --all levels--> approved
   |----退回修改------> returned      the drafter mends it and submits anew (a new submission)
   |----不予批准------> rejected      final, with its reason
   '----撤回报批------> withdrawn     by the drafter, before the present level has decided

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
    UniqueConstraint,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from engine import clock, db
from engine.casefile import access, approval_chains, approval_news, columns, documents, panels
from engine.casefile.cases import Case
from engine.casefile.documents import Document
from engine.casefile.users import User
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
    #: [{code, kind, persons: [{id, name, title}]}], as resolved at submission.
    Column("chain", JSONB, nullable=False),
    Column("mark", Text, nullable=False),
    #: 承办意见, what the drafter proposes and why.
    Column("opinion", Text, nullable=False, server_default=""),
    #: Digest of the rules that gave the chain.
    Column("rules", Text, nullable=False),
    #: Level that decides now, from 0; the round of the panel, from 1.
    Column("level", SmallInteger, nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("submitted_at", db.UtcDateTime, nullable=False),
    columns.user_id("submitted_by", nullable=False),
    Column("ended_at", db.UtcDateTime),
    CheckConstraint(
        "state IN ('running', 'approved', 'returned', 'rejected', 'withdrawn')", name="state"
    ),
    Index(
        "uq_approval_running",
        "document_id",
        unique=True,
        postgresql_where=text("state = 'running'"),
    ),
    Index(None, "court_id", "case_id", "id"),
)

DECISION = Table(
    "approval_decision",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    Column("approval_id", Uuid, ForeignKey("approval.id"), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("round", SmallInteger, nullable=False),
    columns.user_id("user_id", nullable=False),
    #: agree, disagree (panel); approve, return, reject, reconsider (levels)
    Column("outcome", Text, nullable=False),
    #: Of a panel member: fact and law, both required; else one opinion.
    Column("fact_reason", Text, nullable=False),
    Column("law_reason", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("decided_at", db.UtcDateTime, nullable=False),
    UniqueConstraint("approval_id", "level", "round", "user_id"),
)

OUTCOMES: Mapping[str, frozenset[str]] = {
    "VOTE": frozenset({"agree", "disagree"}),
    "REVIEW": frozenset({"approve", "return", "reconsider"}),
    "APPROVE": frozenset({"approve", "return", "reject"}),
}


class NothingToApprove(EngineError):
    """文书由承办法官签发，无需报批"""

    code = "nothing_to_approve"


class NotSubmittable(EngineError):
    """文书现在不能报批"""

    code = "not_submittable"


class ReasonMissing(EngineError):
    """请写明理由"""

    code = "reason_missing"


class PanelReasonsMissing(EngineError):
    """评议意见须分别写明事实认定和法律适用的理由"""

    code = "panel_reasons_missing"


class OutcomeNotOffered(EngineError):
    """本级不能作出这种决定"""

    code = "outcome_not_offered"


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
    state: str
    submitted_at: datetime
    submitted_by: UUID
    ended_at: datetime | None


@dataclass(frozen=True)
class Decision:
    level: int
    round: int
    user_id: UUID
    outcome: str
    fact_reason: str
    law_reason: str
    opinion: str
    decided_at: datetime


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
            level=0,
            round=1,
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
        d.level == found.level and d.round == found.round for d in decisions(session, approval_id)
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
    access.case(session, viewer, found.case_id, lock=True)
    found = lock(session, found.id)
    if found.state != "running":
        raise TaskClosed("报批已经撤回或者已有结果")
    level = found.chain[found.level]
    if viewer.id not in {UUID(p["id"]) for p in level["persons"]}:
        raise access.Forbidden("本级由" + "、".join(p["name"] for p in level["persons"]) + "决定")
    if outcome not in offered(found, found.level):
        raise OutcomeNotOffered
    _must_give_reasons(level["kind"], outcome, opinion, fact_reason, law_reason)
    document = documents.lock(session, found.document_id)
    if document.content_hash != found.content_hash:
        raise ContentChanged
    session.execute(
        insert(DECISION).values(
            id=new_id(),
            court_id=found.court_id,
            approval_id=found.id,
            level=found.level,
            round=found.round,
            user_id=viewer.id,
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


def offered(found: Approval, level: int) -> frozenset[str]:
    """What this level may decide; 建议复议 only where a panel has voted before it."""
    kinds = [one["kind"] for one in found.chain]
    outcomes = OUTCOMES[kinds[level]]
    return outcomes if "VOTE" in kinds[:level] else outcomes - {"reconsider"}


def _must_give_reasons(kind: str, outcome: str, opinion: str, fact: str, law: str) -> None:
    if kind == "VOTE" and not (fact.strip() and law.strip()):
        raise PanelReasonsMissing
    if kind != "VOTE" and outcome != "approve" and not opinion.strip():
        raise ReasonMissing


def end(session: db.Session, found: Approval, state: str) -> None:
    set_(session, found.id, state=state, ended_at=clock.now())


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


def decisions(session: db.Session, approval_id: UUID) -> list[Decision]:
    """In the order they were made; pages show a panel's only when it is complete (``shown``)."""
    rows = session.execute(
        select(*[DECISION.c[f.name] for f in fields(Decision)])
        .where(DECISION.c.approval_id == approval_id)
        .order_by(DECISION.c.id)
    ).mappings()
    return [Decision(**row) for row in rows]


def shown(session: db.Session, viewer: User, found: Approval) -> list[Decision]:
    """Decisions this viewer may read: his own, and those of levels that are complete."""
    made = decisions(session, found.id)
    voted: dict[tuple[int, int], int] = {}
    for decision in made:
        key = (decision.round, decision.level)
        voted[key] = voted.get(key, 0) + 1
    return [
        d
        for d in made
        if d.user_id == viewer.id
        or voted[(d.round, d.level)] == len(found.chain[d.level]["persons"])
    ]


def lock(session: db.Session, approval_id: UUID) -> Approval:
    return _one(session, APPROVAL.c.id == approval_id, lock=True)


def _one(session: db.Session, condition: Any, *, lock: bool = False) -> Approval:
    query = select(*_READ).where(condition)
    row = session.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFound("报批")
    return Approval(**row)


def chain_of(session: db.Session, viewer: User, document: Document) -> approval_chains.Chain:
    """Who will decide if the document is submitted now, shown before it is (CHINESE_WORKFLOW row 37)."""
    case = access.case(session, viewer, document.case_id)
    return approval_chains.resolve(session, case, document, viewer)
