"""征求意见: whoever holds a level of approval asks others what they think; he alone decides, and nothing waits.

open --回复--> answered          final, shown for ever beside the approval
  '---撤回征求--> withdrawn       by who asked, while it is unanswered

A request of a level that has decided since is over by itself; it stays in the record as it was. The
asked person reads the document and the question, never the votes and never a button 同意.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)

from engine import audit, clock, db
from engine.casefile import columns
from engine.casefile.approval import approval_news, approvals
from engine.casefile.approval.approvals import Approval
from engine.casefile.case import desk
from engine.casefile.document import documents
from engine.casefile.people import access, notices, readers
from engine.casefile.people.users import USER, User
from engine.errors import EngineError, NotFound, TaskClosed
from engine.ids import new_id
from engine.process import tasks
from engine.process.tasks import TASK, Task

OPINION = Table(
    "opinion_request",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("approval_id", Uuid, ForeignKey("approval.id"), nullable=False),
    #: The task of the level that asks.
    Column("task_id", Uuid, ForeignKey("user_task.id"), nullable=False),
    columns.user_id("asked_by", nullable=False),
    columns.user_id("asked_id", nullable=False),
    Column("question", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("asked_at", db.UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("ended_at", db.UtcDateTime),
    CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name="state"),
    Index(
        "uq_opinion_request_open",
        "task_id",
        "asked_id",
        unique=True,
        postgresql_where=text("state = 'open'"),
    ),
    Index(None, "court_id", "approval_id", "id"),
    Index(
        "ix_opinion_request_asked",
        "court_id",
        "asked_id",
        "due_on",
        postgresql_where=text("state = 'open'"),
    ),
)

LONGEST = 2000  #: characters of a question or an answer


class OpinionIncomplete(EngineError):
    """还不能征求意见，请按提示补充"""

    code = "opinion_incomplete"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__()
        #: Field -> what to do.
        self.problems = problems


class AnswerMissing(EngineError):
    """请填写意见"""

    code = "answer_missing"


class AnswerTooLong(EngineError):
    """意见不能超过2000字，请精简后再回复"""

    code = "answer_too_long"


class OpinionOver(EngineError):
    """不再需要回复"""

    code = "opinion_over"


class OpinionStays(EngineError):
    """已经回复的意见不能撤回"""

    code = "opinion_stays"


@dataclass(frozen=True)
class Opinion:
    id: UUID
    court_id: UUID
    case_id: UUID
    approval_id: UUID
    task_id: UUID
    asked_by: UUID
    asker: str
    asked_id: UUID
    asked: str
    question: str
    due_on: date
    asked_at: datetime
    #: open, answered, withdrawn; over: the level decided before the answer came.
    state: str
    answer: str
    ended_at: datetime | None

    @property
    def is_overdue(self) -> bool:
        return self.state == "open" and self.due_on < clock.today()


# ---------------------------------------------------------------- asking


def candidates(session: db.Session, viewer: User, task: Task) -> list[User]:
    """Who may be asked: may read the document and does not decide at this level himself."""
    found = approvals.of_instance(session, task.instance_id)
    deciding = {UUID(p["id"]) for p in found.chain[found.level]["persons"]} | {viewer.id}
    people = readers.of_document(session, documents.get(session, found.document_id))
    return [user for user in people if user.id not in deciding]


def held(session: db.Session, viewer: User, task_id: UUID) -> Task:
    """The open approval task if it is the viewer's to decide, else ``TaskClosed`` or ``NotFound``."""
    task = tasks.get(session, task_id)
    if task.screen != "approval":
        raise NotFound(str(task_id))
    if not desk.is_mine(session, viewer, task_id):
        raise TaskClosed
    return task


def ask(
    session: db.Session,
    viewer: User,
    task_id: UUID,
    asked_ids: Sequence[UUID],
    question: str,
    due_on: date | None,
) -> None:
    """One request to each of these persons; who was asked already and has not answered is not asked twice."""
    task = held(session, viewer, task_id)
    found = approvals.of_instance(session, task.instance_id)
    access.case(session, viewer, found.case_id, lock=True)
    may = {user.id: user for user in candidates(session, viewer, task)}
    waiting = {o.asked_id for o in of_task(session, task_id) if o.state == "open"}
    problems = _problems(asked_ids, set(may), waiting, question, due_on)
    if problems or due_on is None:
        raise OpinionIncomplete(problems)
    said = f"{viewer.name}征求您的意见，请于{due_on:%m月%d日}前回复"
    for asked_id in dict.fromkeys(asked_ids):
        id_ = new_id()
        session.execute(
            insert(OPINION).values(
                id=id_,
                court_id=found.court_id,
                case_id=found.case_id,
                approval_id=found.id,
                task_id=task_id,
                asked_by=viewer.id,
                asked_id=asked_id,
                question=question.strip(),
                due_on=due_on,
                asked_at=clock.now(),
                state="open",
            )
        )
        _note(session, viewer, found, "opinion_asked", asked=may[asked_id].name)
        _tell(session, found, [asked_id], said, f"/opinions/{id_}")


def _problems(
    asked_ids: Sequence[UUID],
    may: set[UUID],
    waiting: set[UUID],
    question: str,
    due_on: date | None,
) -> dict[str, str]:
    problems = {}
    if not asked_ids:
        problems["person"] = "请选择征求意见的人员"
    elif not set(asked_ids) <= may:
        problems["person"] = "所选人员不能查看本案或者参加本级审批，请重新选择"
    elif set(asked_ids) & waiting:
        problems["person"] = "所选人员中有人尚未回复上一次征求，请重新选择"
    if not question.strip():
        problems["question"] = "请写明需要征求意见的问题"
    elif len(question) > LONGEST:
        problems["question"] = f"不能超过{LONGEST}字，请精简"
    if due_on is None:
        problems["due_on"] = "请填写答复期限，例如 2026-11-26"
    elif due_on < clock.today():
        problems["due_on"] = "答复期限不能早于今天"
    return problems


def withdraw(session: db.Session, viewer: User, opinion_id: UUID) -> Opinion:
    """撤回征求: by who asked, while it is unanswered; ``OpinionStays`` after that."""
    found = _locked(session, viewer, opinion_id)
    if found.asked_by != viewer.id:
        raise access.Forbidden("撤回征求由征求意见的人进行")
    if found.state == "answered":
        raise OpinionStays(found.asked)
    if found.state == "withdrawn":
        return found
    _end(session, opinion_id, state="withdrawn")
    approval = approvals.get(session, found.approval_id)
    _note(session, viewer, approval, "opinion_withdrawn", asked=found.asked)
    _tell(session, approval, [found.asked_id], f"{viewer.name}撤回了征求，不再需要回复", "")
    return found


# ---------------------------------------------------------------- answering


def asked(session: db.Session, viewer: User, opinion_id: UUID) -> Opinion:
    """The request as the asked person sees it; for anybody else ``NotFound``."""
    found = get(session, opinion_id)
    if found.asked_id != viewer.id:
        raise NotFound(str(opinion_id))
    access.case(session, viewer, found.case_id)
    return found


def answer(session: db.Session, viewer: User, opinion_id: UUID, words: str) -> Opinion:
    """回复, once and for good; ``OpinionOver`` when it was withdrawn, answered, or the level has decided."""
    asked(session, viewer, opinion_id)
    found = _locked(session, viewer, opinion_id)
    if found.state != "open":
        raise OpinionOver(_OVER[found.state])
    if not words.strip():
        raise AnswerMissing
    if len(words) > LONGEST:
        raise AnswerTooLong
    _end(session, opinion_id, state="answered", answer=words.strip())
    approval = approvals.get(session, found.approval_id)
    _note(session, viewer, approval, "opinion_given", asked_by=found.asker)
    link = f"/tasks/{found.task_id}/decision"
    _tell(session, approval, [found.asked_by], f"{viewer.name}回复了征求的意见", link)
    return get(session, opinion_id)


_OVER = {
    "answered": "您已经回复，回复后不能修改",
    "withdrawn": "征求已经撤回",
    "over": "本级已经作出决定或者报批已经撤回",
}


def _end(session: db.Session, opinion_id: UUID, **values: Any) -> None:
    session.execute(
        update(OPINION).where(OPINION.c.id == opinion_id).values(ended_at=clock.now(), **values)
    )


def _locked(session: db.Session, viewer: User, opinion_id: UUID) -> Opinion:
    """Under the case's lock, so that of an answer and a withdrawal at once exactly one counts."""
    access.case(session, viewer, get(session, opinion_id).case_id, lock=True)
    return get(session, opinion_id)


def _note(session: db.Session, viewer: User, found: Approval, action: str, **detail: str) -> None:
    note = audit.Note(viewer.actor, action, {"approval": str(found.id), **detail})
    audit.append(session, found.case_id, found.court_id, note)


def _tell(
    session: db.Session, found: Approval, people: Iterable[UUID], happened: str, link: str
) -> None:
    words = approval_news.subject(session, found, happened)
    notices.tell(
        session, found.court_id, people, "opinion", words, case_id=found.case_id, link=link
    )


# ---------------------------------------------------------------- reading

_ASKER, _ASKED = USER.alias("asker"), USER.alias("asked")


def get(session: db.Session, opinion_id: UUID) -> Opinion:
    found = _read(session, OPINION.c.id == opinion_id)
    if not found:
        raise NotFound(str(opinion_id))
    return found[0]


def of_task(session: db.Session, task_id: UUID) -> list[Opinion]:
    """The oldest first."""
    return _read(session, OPINION.c.task_id == task_id)


def of_approval(session: db.Session, approval_id: UUID) -> list[Opinion]:
    """Of every level and round of one submission, the oldest first."""
    return _read(session, OPINION.c.approval_id == approval_id)


def awaited(session: db.Session, court_id: UUID, task_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these tasks that stand with the label 等待意见."""
    rows = session.execute(
        select(OPINION.c.task_id).where(
            OPINION.c.court_id == court_id,
            OPINION.c.task_id.in_(list(task_ids)),
            OPINION.c.state == "open",
        )
    )
    return {row.task_id for row in rows}


def _read(session: db.Session, condition: Any) -> list[Opinion]:
    rows = session.execute(
        select(
            OPINION,
            _ASKER.c.name.label("asker"),
            _ASKED.c.name.label("asked"),
            TASK.c.state.label("task_state"),
        )
        .join(_ASKER, _ASKER.c.id == OPINION.c.asked_by)
        .join(_ASKED, _ASKED.c.id == OPINION.c.asked_id)
        .join(TASK, TASK.c.id == OPINION.c.task_id)
        .where(condition)
        .order_by(OPINION.c.id)
    ).mappings()
    return [_opinion(dict(row)) for row in rows]


def _opinion(row: dict[str, Any]) -> Opinion:
    level_ended = row.pop("task_state") != "open"
    if row["state"] == "open" and level_ended:
        row["state"] = "over"
    return Opinion(**row)
