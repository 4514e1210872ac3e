"""事项交办: an errand for the field officers: where to go, whom or what it concerns, by when.

assigned --an officer takes it--> accepted --he reports--> done
assigned, accepted --撤回, or the matter is cancelled--> withdrawn

Without an assignee it is for whichever officer takes it first. The officer sees the errand and the
number of its case, never the case (DOMAIN §10). Every act is in the case's audit.
"""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.sql import ColumnElement

from engine import audit, clock, db
from engine.casefile import columns
from engine.casefile.case import cases
from engine.casefile.case.cases import CASE, Case
from engine.casefile.matter import matters
from engine.casefile.matter.matters import MATTER
from engine.casefile.people import access, notices, users
from engine.casefile.people.users import USER, User
from engine.errors import EngineError, NotFound
from engine.ids import new_id
from engine.process import messages

FIELD_TASK = Table(
    "field_task",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("matter_id", Uuid, ForeignKey("matter.id"), nullable=False),
    #: investigate, post_notice, deliver, seize, compel, search, escort
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    #: The person or thing it concerns.
    Column("target", Text, nullable=False),
    #: What is to be done there, as the judge wrote it.
    Column("request", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    columns.user_id("assignee_id"),
    #: assigned, accepted, done, withdrawn
    Column("state", Text, nullable=False),
    Column("assigned_at", db.UtcDateTime, nullable=False),
    columns.user_id("assigned_by", nullable=False),
    Column("accepted_at", db.UtcDateTime),
    Column("result", Text, nullable=False, server_default=""),
    Column("done_at", db.UtcDateTime),
    Column("withdrawn_at", db.UtcDateTime),
    columns.user_id("withdrawn_by"),
    Column("withdrawal_reason", Text, nullable=False, server_default=""),
    #: Given out by the matter's process, which waits for it.
    Column("awaited", Boolean, nullable=False, server_default="false"),
    CheckConstraint("state IN ('assigned', 'accepted', 'done', 'withdrawn')", name="state"),
    Index(None, "court_id", "case_id", "id"),
    Index(
        "ix_field_task_open",
        "court_id",
        "due_on",
        "id",
        postgresql_where=text("state IN ('assigned', 'accepted')"),
    ),
    Index("ix_field_task_assignee", "court_id", "assignee_id", "id"),
)

#: Kind -> its word.
KINDS = {
    "investigate": "现场调查",
    "post_notice": "张贴公告",
    "deliver": "直接送达",
    "seize": "查封、扣押",
    "compel": "拘传",
    "search": "搜查",
    "escort": "押送",
}
#: What the matter's process hears when an errand that it gave out is done.
FIELD_TASK_DONE = "field_task_done"
OFFICER = "field_officer"
LONGEST = 2000
_OPEN = ("assigned", "accepted")
#: Finished errands that the officer's list still shows.
_RECENT = 20


class ErrandTaken(EngineError):
    """该外勤事项已由他人领取"""

    code = "errand_taken"


class ErrandDone(EngineError):
    """该外勤事项已经办结，不能再修改"""

    code = "errand_done"


class ErrandWithdrawn(EngineError):
    """该外勤事项已由承办人撤回，不用再办理"""

    code = "errand_withdrawn"


class ErrandNotBegun(EngineError):
    """请先领取该外勤事项"""

    code = "errand_not_begun"


class ResultMissing(EngineError):
    """请填写办理结果"""

    code = "result_missing"


@dataclass(frozen=True)
class Errand:
    """What the judge fills in."""

    matter_key: str
    kind: str
    place: str
    target: str
    request: str
    due_on: date | None
    assignee_id: UUID | None = None


@dataclass(frozen=True)
class FieldTask:
    id: UUID
    case_id: UUID
    matter_id: UUID
    kind: str
    place: str
    target: str
    request: str
    due_on: date
    assignee_id: UUID | None
    state: str
    assigned_at: datetime
    assigned_by: UUID
    accepted_at: datetime | None
    result: str
    done_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_reason: str
    #: Empty while nobody has it.
    assignee: str
    case_no: str
    matter_key: str
    awaited: bool = False

    @property
    def word(self) -> str:
        return KINDS[self.kind]

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN

    @property
    def days_left(self) -> int:
        """Court days until the last day; negative when it is past."""
        return (self.due_on - clock.today()).days


_STORED = [f.name for f in fields(FieldTask) if f.name not in ("assignee", "case_no", "matter_key")]


def give_out(
    session: db.Session,
    case: Case,
    matter_id: UUID,
    errand: Errand,
    due_on: date,
    *,
    by: UUID,
    awaited: bool = False,
) -> UUID:
    """``awaited``: the matter's diagram gives it out in the handler's name, and waits for the result."""
    id_ = new_id()
    session.execute(
        insert(FIELD_TASK).values(
            id=id_,
            court_id=case.court_id,
            case_id=case.id,
            matter_id=matter_id,
            kind=errand.kind,
            place=errand.place.strip(),
            target=errand.target.strip(),
            request=errand.request.strip(),
            due_on=due_on,
            assignee_id=errand.assignee_id,
            state="assigned",
            assigned_at=clock.now(),
            assigned_by=by,
            awaited=awaited,
        )
    )
    return id_


def officers(session: db.Session, court_id: UUID) -> list[User]:
    return users.with_role(session, court_id, OFFICER)


def accept(session: db.Session, viewer: User, task_id: UUID) -> None:
    """领取: mine from now on; doing it twice is harmless, of two officers the second is told."""
    task = lock(session, viewer, task_id)
    if task.state == "accepted":
        return
    session.execute(
        update(FIELD_TASK)
        .where(FIELD_TASK.c.id == task_id)
        .values(state="accepted", assignee_id=viewer.id, accepted_at=clock.now())
    )
    note(session, viewer, task, "field_task_accepted")


def report(session: db.Session, viewer: User, task_id: UUID, result: str) -> FieldTask:
    """The result goes to the matter page and to the process that waits; it is not changed afterwards."""
    task = lock(session, viewer, task_id)
    if not result.strip():
        raise ResultMissing
    if len(result) > LONGEST:
        raise ResultMissing(f"不能超过{LONGEST}字")
    now = clock.now()
    session.execute(
        update(FIELD_TASK)
        .where(FIELD_TASK.c.id == task_id)
        .values(
            state="done",
            assignee_id=viewer.id,
            accepted_at=task.accepted_at or now,
            result=result.strip(),
            done_at=now,
        )
    )
    note(session, viewer, task, "field_task_done")
    _tell_the_bench(session, viewer, task)
    if task.awaited:
        _tell_process(session, viewer, task, result.strip())
    return of_officer(session, viewer, task_id)


def _tell_the_bench(session: db.Session, viewer: User, task: FieldTask) -> None:
    """Who gave it out, and whose case it is now."""
    case = cases.get(session, task.case_id)
    notices.tell(
        session,
        viewer.court_id,
        [task.assigned_by, case.handler_id],
        "field_task",
        notices.line(task.case_no, task.place, f"{task.word}已由{viewer.name}办结"),
        case_id=task.case_id,
        link=f"/cases/{task.case_id}/field-tasks/{task.id}",
    )


def _tell_process(session: db.Session, viewer: User, task: FieldTask, result: str) -> None:
    matter = matters.get(session, task.matter_id)
    messages.send(
        session,
        viewer.court_id,
        FIELD_TASK_DONE,
        {"外勤结果": result, "外勤人员": viewer.name, "外勤日期": clock.today()},
        case_id=task.case_id,
        instance_id=matter.instance_id,
        actor=viewer.actor,
    )


def lock(session: db.Session, viewer: User, task_id: UUID) -> FieldTask:
    """An open errand of the officer's, under the case's lock, which comes before everything else of the case."""
    before = of_officer(session, viewer, task_id)
    cases.lock(session, before.case_id)
    task = of_officer(session, viewer, task_id)
    must_be_open(task)
    return task


def must_be_open(task: FieldTask) -> None:
    if task.state == "done":
        raise ErrandDone
    if task.state == "withdrawn":
        raise ErrandWithdrawn(task.withdrawal_reason)


# ---------------------------------------------------------------- reading


def of_case(session: db.Session, case_id: UUID, matter_key: str | None = None) -> list[FieldTask]:
    """Newest first; with ``matter_key`` those of matters of that type."""
    condition: ColumnElement[bool] = FIELD_TASK.c.case_id == case_id
    if matter_key is not None:
        condition &= MATTER.c.type_key == matter_key
    return _read(session, condition, FIELD_TASK.c.id.desc())


def get(session: db.Session, case_id: UUID, task_id: UUID) -> FieldTask:
    """One errand of a case that the viewer may open, which the caller has made sure of."""
    found = _read(session, (FIELD_TASK.c.case_id == case_id) & (FIELD_TASK.c.id == task_id))
    if not found:
        raise NotFound(str(task_id))
    return found[0]


def mine(session: db.Session, viewer: User) -> tuple[list[FieldTask], list[FieldTask]]:
    """(open by last day, ended lately): the viewer's own errands and those that nobody has taken."""
    own = FIELD_TASK.c.assignee_id == viewer.id
    visible, is_open = _visible(viewer), FIELD_TASK.c.state.in_(_OPEN) & _MATTER_STANDS
    ended_at = func.coalesce(FIELD_TASK.c.done_at, FIELD_TASK.c.withdrawn_at, MATTER.c.closed_at)
    open_ = _read(session, visible & is_open, FIELD_TASK.c.due_on, FIELD_TASK.c.id)
    ended = _read(session, visible & own & ~is_open, ended_at.desc(), limit=_RECENT)
    return open_, ended


def count(session: db.Session, viewer: User) -> int:
    """Open errands of the viewer, for the menu."""
    return len(mine(session, viewer)[0])


def of_officer(session: db.Session, viewer: User, task_id: UUID) -> FieldTask:
    """One errand that the officer may see: his own, or one that nobody has; else ``NotFound``."""
    found = _read(session, _visible(viewer) & (FIELD_TASK.c.id == task_id))
    if not found:
        taken = _read(session, (FIELD_TASK.c.id == task_id) & (CASE.c.court_id == viewer.court_id))
        if taken and taken[0].assignee and viewer.has(OFFICER):
            raise ErrandTaken(taken[0].assignee)
        raise NotFound(str(task_id))
    return found[0]


#: What was to be done for a matter that ended without success is not done any more.
_MATTER_STANDS = MATTER.c.state != "cancelled"


def _visible(viewer: User) -> ColumnElement[bool]:
    if not viewer.has(OFFICER):
        return FIELD_TASK.c.id.is_(None)
    return (
        (FIELD_TASK.c.court_id == viewer.court_id)
        & or_(FIELD_TASK.c.assignee_id == viewer.id, FIELD_TASK.c.assignee_id.is_(None))
        & access.not_recused(viewer)
    )


def _read(
    session: db.Session, condition: ColumnElement[bool], *order: Any, limit: int | None = None
) -> list[FieldTask]:
    rows = session.execute(
        select(
            *[FIELD_TASK.c[name] for name in _STORED],
            USER.c.name.label("assignee"),
            CASE.c.case_no,
            MATTER.c.type_key.label("matter_key"),
            _MATTER_STANDS.label("stands"),
        )
        .join(CASE, CASE.c.id == FIELD_TASK.c.case_id)
        .join(MATTER, MATTER.c.id == FIELD_TASK.c.matter_id)
        .outerjoin(USER, USER.c.id == FIELD_TASK.c.assignee_id)
        .where(condition)
        .order_by(*order)
        .limit(limit)
    ).mappings()
    return [_task(dict(row)) for row in rows]


def _task(row: dict[str, Any]) -> FieldTask:
    stands = row.pop("stands")
    task = FieldTask(**{**row, "assignee": row["assignee"] or ""})
    if stands or not task.is_open:
        return task
    return replace(task, state="withdrawn", withdrawal_reason="所属事项已经终止")


def note(session: db.Session, viewer: User, task: FieldTask, action: str, **detail: Any) -> None:
    """An entry in the audit of the errand's case."""
    entry = audit.Note(viewer.actor, action, {"field_task": str(task.id), **detail})
    audit.append(session, task.case_id, viewer.court_id, entry)
