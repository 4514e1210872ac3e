"""What was said when a document was returned, and the drafter's answer to each remark (CHINESE_WORKFLOW R6).

Before 再次报批 every remark of the returned submissions is ticked as answered, with words or without; the
levels of the new submission read them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Table, Text, Uuid, insert, select

from engine import clock, db
from engine.casefile import columns
from engine.casefile.approval import approval_chains, approval_records, approvals
from engine.casefile.document.documents import Document
from engine.casefile.people import users
from engine.casefile.people.users import USER, User
from engine.errors import EngineError

ANSWER = Table(
    "approval_answer",
    db.metadata,
    #: The decision that it answers; once.
    Column("decision_id", Uuid, ForeignKey("approval_decision.id"), primary_key=True),
    columns.court_id(),
    #: The submission that it was given with.
    Column("approval_id", Uuid, ForeignKey("approval.id"), nullable=False),
    #: May be empty: done as asked.
    Column("text", Text, nullable=False),
    columns.user_id("answered_by", nullable=False),
    Column("answered_at", db.UtcDateTime, nullable=False),
    Index(None, "court_id", "approval_id"),
)

#: Outcomes whose words ask something of the drafter.
_ASKING = frozenset({"return", "disagree", "reconsider"})
#: Characters of an answer.
LONGEST = 500


class RemarksUnanswered(EngineError):
    """退回意见尚未逐条勾选，请全部处理后再次报批"""

    code = "remarks_unanswered"


class AnswerTooLong(EngineError):
    """答复不能超过500字"""

    code = "answer_too_long"


@dataclass(frozen=True)
class Answer:
    text: str
    by: str
    at: datetime
    approval_id: UUID


@dataclass(frozen=True)
class Remark:
    """One person's words in a submission that came back."""

    decision_id: UUID
    #: Of the submission, from 1.
    number: int
    level: str
    name: str
    outcome: str
    text: str
    at: datetime
    answer: Answer | None


def of_document(session: db.Session, viewer: User, document: Document) -> list[Remark]:
    """Of every returned submission, the oldest first; what the viewer may not read yet is not among them."""
    found = [
        (number, one)
        for number, one in enumerate(reversed(approvals.of_document(session, document.id)), 1)
        if one.state == "returned"
    ]
    made = [
        (number, one, decision)
        for number, one in found
        for decision in approval_records.shown(session, viewer, one)
        if decision.outcome in _ASKING
    ]
    answers = _answers(session, [decision.id for _, _, decision in made])
    return [
        Remark(
            decision_id=decision.id,
            number=number,
            level=approval_chains.NAMES[one.chain[decision.level]["code"]],
            name=users.name_of(session, decision.user_id),
            outcome=decision.outcome,
            text=decision.opinion or f"{decision.fact_reason}\n{decision.law_reason}",
            at=decision.decided_at,
            answer=answers.get(decision.id),
        )
        for number, one, decision in made
    ]


def _answers(session: db.Session, ids: Sequence[UUID]) -> Mapping[UUID, Answer]:
    rows = session.execute(
        select(
            ANSWER.c.decision_id,
            ANSWER.c.text,
            USER.c.name,
            ANSWER.c.answered_at,
            ANSWER.c.approval_id,
        )
        .join(USER, USER.c.id == ANSWER.c.answered_by)
        .where(ANSWER.c.decision_id.in_(ids))
    )
    return {row[0]: Answer(*row[1:]) for row in rows}


def open_of(session: db.Session, viewer: User, document: Document) -> list[Remark]:
    """What is still to be answered before the document is submitted again."""
    return [one for one in of_document(session, viewer, document) if one.answer is None]


def must_be_complete(remarks: Sequence[Remark], answers: Mapping[UUID, str]) -> None:
    """``answers``: what was ticked, with the words beside it."""
    if any(one.decision_id not in answers for one in remarks):
        raise RemarksUnanswered
    if any(len(text) > LONGEST for text in answers.values()):
        raise AnswerTooLong


def keep(
    session: db.Session,
    viewer: User,
    approval_id: UUID,
    remarks: Sequence[Remark],
    answers: Mapping[UUID, str],
) -> None:
    for one in remarks:
        session.execute(
            insert(ANSWER).values(
                decision_id=one.decision_id,
                court_id=viewer.court_id,
                approval_id=approval_id,
                text=answers[one.decision_id].strip(),
                answered_by=viewer.id,
                answered_at=clock.now(),
            )
        )
