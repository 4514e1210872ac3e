"""延期申请: whoever holds a level asks the next office for more time; periods of the law never move.

open --同意--> granted     the due time of his task moves, and the reminders with it
  '---不同意--> refused     it stays

When the level decides before an answer comes, the request is over by itself.
"""

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
from engine.casefile import columns, rulebook
from engine.casefile.approval import approval_news, approvals, level_times, opinions
from engine.casefile.approval.approvals import Approval
from engine.casefile.people import access, notices
from engine.casefile.people.users import USER, User
from engine.errors import EngineError, NotFound
from engine.ids import new_id
from engine.process import tasks
from engine.process.tasks import TASK

EXTENSION = Table(
    "level_extension",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("approval_id", Uuid, ForeignKey("approval.id"), nullable=False),
    Column("task_id", Uuid, ForeignKey("user_task.id"), nullable=False),
    columns.user_id("asked_by", nullable=False),
    #: Of the next office.
    columns.user_id("decider_id", nullable=False),
    Column("reason", Text, nullable=False),
    #: The last day that is asked for; due at the end of its office hours.
    Column("until", Date, nullable=False),
    Column("asked_at", db.UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    #: Why it was refused.
    Column("words", Text, nullable=False, server_default=""),
    Column("decided_at", db.UtcDateTime),
    CheckConstraint("state IN ('open', 'granted', 'refused')", name="state"),
    Index(
        "uq_level_extension_open", "task_id", unique=True, postgresql_where=text("state = 'open'")
    ),
    Index(None, "court_id", "approval_id", "id"),
    Index(
        "ix_level_extension_decider",
        "court_id",
        "decider_id",
        postgresql_where=text("state = 'open'"),
    ),
)

LONGEST = 500  #: characters


class ExtensionIncomplete(EngineError):
    """还不能申请延期，请按提示补充"""

    code = "extension_incomplete"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__()
        #: Field -> what to do.
        self.problems = problems


class NoNextOffice(EngineError):
    """本级是最后一级，没有下一审批环节可以批准延期"""

    code = "no_next_office"


class ExtensionAsked(EngineError):
    """延期申请已经提交，请等待答复"""

    code = "extension_asked"


class ExtensionOver(EngineError):
    """延期申请已经有结果或者本级已经作出决定"""

    code = "extension_over"


class RefusalUnexplained(EngineError):
    """请写明不同意延期的理由"""

    code = "refusal_unexplained"


@dataclass(frozen=True)
class Extension:
    id: UUID
    court_id: UUID
    case_id: UUID
    approval_id: UUID
    task_id: UUID
    asked_by: UUID
    asker: str
    decider_id: UUID
    decider: str
    reason: str
    until: date
    asked_at: datetime
    #: open, granted, refused; over: the level decided first.
    state: str
    words: str
    decided_at: datetime | None
    #: When the task is due now.
    due_at: datetime | None


def ask(session: db.Session, viewer: User, task_id: UUID, until: date | None, reason: str) -> UUID:
    """From the holder of the task; to one person of the next office, who is told."""
    task = opinions.held(session, viewer, task_id)
    found = approvals.of_instance(session, task.instance_id)
    access.case(session, viewer, found.case_id, lock=True)
    if any(one.state == "open" for one in of_task(session, task_id)):
        raise ExtensionAsked
    deciders = [id_ for id_ in level_times.next_office(found) if id_ != viewer.id]
    if not deciders:
        raise NoNextOffice
    problems = _problems(task.due_at, until, reason)
    if problems or until is None:
        raise ExtensionIncomplete(problems)
    id_ = new_id()
    session.execute(
        insert(EXTENSION).values(
            id=id_,
            court_id=found.court_id,
            case_id=found.case_id,
            approval_id=found.id,
            task_id=task_id,
            asked_by=viewer.id,
            decider_id=deciders[0],
            reason=reason.strip(),
            until=until,
            asked_at=clock.now(),
            state="open",
        )
    )
    _note(session, viewer, found, "extension_asked", until=until.isoformat(), reason=reason.strip())
    said = f"{viewer.name}申请延期至{until:%m月%d日}，待您答复"
    _tell(session, found, {deciders[0]}, said, f"/extensions/{id_}")
    return id_


def _problems(due_at: datetime | None, until: date | None, reason: str) -> dict[str, str]:
    problems = {}
    if until is None:
        problems["until"] = "请填写延至哪一天，例如 2026-11-30"
    elif due_at is not None and until <= max(clock.court_day(due_at), clock.today()):
        problems["until"] = "延至的日期须晚于现在的办理时限和今天"
    if not reason.strip():
        problems["reason"] = "请写明申请延期的理由"
    elif len(reason) > LONGEST:
        problems["reason"] = f"不能超过{LONGEST}字，请精简"
    return problems


def decide(
    session: db.Session, viewer: User, extension_id: UUID, *, granted: bool, words: str = ""
) -> Extension:
    """By the person of the next office; asker and drafter are told. A refusal needs its reason."""
    access.case(session, viewer, to_decide(session, viewer, extension_id).case_id, lock=True)
    found = to_decide(session, viewer, extension_id)
    if found.state != "open":
        raise ExtensionOver
    if not granted and not words.strip():
        raise RefusalUnexplained
    approval = approvals.get(session, found.approval_id)
    session.execute(
        update(EXTENSION)
        .where(EXTENSION.c.id == extension_id)
        .values(
            state="granted" if granted else "refused",
            words=words.strip()[:LONGEST],
            decided_at=clock.now(),
        )
    )
    if granted:
        times = rulebook.extended(session, found.court_id, found.until)
        tasks.redate(session, found.task_id, times.at)
        level_times.watch_anew(session, found.court_id, found.task_id, times.remind_at)
    _note(session, viewer, approval, "extension_granted" if granted else "extension_refused")
    said = (
        f"{viewer.name}{'同意' if granted else '不同意'}{found.asker}延期至{found.until:%m月%d日}"
    )
    told = {found.asked_by, approval.submitted_by}
    _tell(session, approval, told, said, f"/approvals/{approval.id}")
    return get(session, extension_id)


def to_decide(session: db.Session, viewer: User, extension_id: UUID) -> Extension:
    """The request as its decider sees it; for anybody else ``NotFound``."""
    found = get(session, extension_id)
    if found.decider_id != viewer.id:
        raise NotFound(str(extension_id))
    access.case(session, viewer, found.case_id)
    return found


def _note(session: db.Session, viewer: User, found: Approval, action: str, **detail: str) -> None:
    note = audit.Note(viewer.actor, action, {"approval": str(found.id), **detail})
    audit.append(session, found.case_id, found.court_id, note)


def _tell(
    session: db.Session, found: Approval, people: set[UUID], happened: str, link: str
) -> None:
    words = approval_news.subject(session, found, happened)
    notices.tell(session, found.court_id, people, "due", words, case_id=found.case_id, link=link)


# ---------------------------------------------------------------- reading

_ASKER, _DECIDER = USER.alias("asker"), USER.alias("decider")


def get(session: db.Session, extension_id: UUID) -> Extension:
    found = _read(session, EXTENSION.c.id == extension_id)
    if not found:
        raise NotFound(str(extension_id))
    return found[0]


def of_task(session: db.Session, task_id: UUID) -> list[Extension]:
    """The oldest first."""
    return _read(session, EXTENSION.c.task_id == task_id)


def of_approval(session: db.Session, approval_id: UUID) -> list[Extension]:
    """Of every level of one submission, the oldest first."""
    return _read(session, EXTENSION.c.approval_id == approval_id)


def _read(session: db.Session, condition: Any) -> list[Extension]:
    rows = session.execute(
        select(
            EXTENSION,
            _ASKER.c.name.label("asker"),
            _DECIDER.c.name.label("decider"),
            TASK.c.state.label("task_state"),
            TASK.c.due_at,
        )
        .join(_ASKER, _ASKER.c.id == EXTENSION.c.asked_by)
        .join(_DECIDER, _DECIDER.c.id == EXTENSION.c.decider_id)
        .join(TASK, TASK.c.id == EXTENSION.c.task_id)
        .where(condition)
        .order_by(EXTENSION.c.id)
    ).mappings()
    return [_extension(dict(row)) for row in rows]


def _extension(row: dict[str, Any]) -> Extension:
    level_ended = row.pop("task_state") != "open"
    if row["state"] == "open" and level_ended:
        row["state"] = "over"
    return Extension(**row)
