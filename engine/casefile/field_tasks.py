"""事项交办: an errand for the field officers: where to go, whom or what it concerns, by when.

assigned --an officer takes it--> accepted --he reports--> done

Without an assignee it is for whichever officer takes it first. The officer sees the errand and the
number of its case, never the case (DOMAIN §10). Every act is in the case's audit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
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
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.sql import ColumnElement

from engine import audit, clock, db
from engine.casefile import access, assets, cases, columns, matters, parties, users
from engine.casefile.cases import CASE, Case
from engine.casefile.matters import MATTER
from engine.casefile.users import USER, User
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
    #: assigned, accepted, done
    Column("state", Text, nullable=False),
    Column("assigned_at", db.UtcDateTime, nullable=False),
    columns.user_id("assigned_by", nullable=False),
    Column("accepted_at", db.UtcDateTime),
    Column("result", Text, nullable=False, server_default=""),
    Column("done_at", db.UtcDateTime),
    #: Given out by the matter's process, which waits for it.
    Column("awaited", Boolean, nullable=False, server_default="false"),
    CheckConstraint("state IN ('assigned', 'accepted', 'done')", name="state"),
    Index(None, "court_id", "case_id", "id"),
    Index(
        "ix_field_task_open", "court_id", "due_on", "id", postgresql_where=text("state <> 'done'")
    ),
    Index("ix_field_task_assignee", "court_id", "assignee_id", "id"),
)

KINDS = ("investigate", "post_notice", "deliver", "seize", "compel", "search", "escort")
#: What the matter's process hears when an errand that it gave out is done.
FIELD_TASK_DONE = "field_task_done"
OFFICER = "field_officer"
LONGEST = 2000
#: Finished errands that the officer's list still shows.
_RECENT = 20


class ErrandIncomplete(EngineError):
    """交办内容还不完整"""

    code = "errand_incomplete"

    def __init__(self, problems: "dict[str, str]") -> None:
        super().__init__("；".join(problems.values()))
        #: Field -> what must be done about it.
        self.problems = problems


class ErrandTaken(EngineError):
    """该外勤事项已由他人领取"""

    code = "errand_taken"


class ErrandDone(EngineError):
    """该外勤事项已经办结，结果不能再修改"""

    code = "errand_done"


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
    accepted_at: datetime | None
    result: str
    done_at: datetime | None
    #: Empty while nobody has it.
    assignee: str
    case_no: str
    matter_key: str
    awaited: bool = False

    @property
    def days_left(self) -> int:
        """Court days until the last day; negative when it is past."""
        return (self.due_on - clock.today()).days


_STORED = [f.name for f in fields(FieldTask) if f.name not in ("assignee", "case_no", "matter_key")]


def assign(session: db.Session, viewer: User, case_id: UUID, errand: Errand) -> UUID:
    """Gives the errand out; ``ErrandIncomplete`` names every field that must be mended."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    matter = matters.open_of_type(session, case_id, errand.matter_key)
    problems = _problems(session, viewer, errand)
    if matter is None:
        problems["matter"] = "该事项还没有发起或者已经办结，请先发起事项"
    if problems or matter is None or errand.due_on is None:
        raise ErrandIncomplete(problems)
    id_ = give_out(session, case, matter.id, errand, errand.due_on, by=viewer.id)
    _note(session, viewer, case_id, "field_task_assigned", id_, place=errand.place.strip())
    return id_


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


def _problems(session: db.Session, viewer: User, errand: Errand) -> dict[str, str]:
    problems = {}
    if errand.kind not in KINDS:
        problems["kind"] = "请选择交办事项"
    if not errand.place.strip():
        problems["place"] = "请填写地点"
    if not errand.target.strip():
        problems["target"] = "请填写对象"
    if errand.due_on is None:
        problems["due_on"] = "请填写办结期限，例如 2026-11-26"
    elif errand.due_on < clock.today():
        problems["due_on"] = "办结期限不能早于今天"
    for name in ("place", "target", "request"):
        if len(getattr(errand, name)) > LONGEST:
            problems[name] = f"不能超过{LONGEST}字，请精简后再交办"
    known = {user.id for user in officers(session, viewer.court_id)}
    if errand.assignee_id is not None and errand.assignee_id not in known:
        problems["assignee"] = "所选人员不是外勤人员，请重新选择"
    return problems


def officers(session: db.Session, court_id: UUID) -> list[User]:
    return users.with_role(session, court_id, OFFICER)


def accept(session: db.Session, viewer: User, task_id: UUID) -> None:
    """领取: mine from now on; doing it twice is harmless, of two officers the second is told."""
    task = _locked(session, viewer, task_id)
    if task.state == "done":
        raise ErrandDone
    if task.state == "accepted":
        return
    session.execute(
        update(FIELD_TASK)
        .where(FIELD_TASK.c.id == task_id)
        .values(state="accepted", assignee_id=viewer.id, accepted_at=clock.now())
    )
    _note(session, viewer, task.case_id, "field_task_accepted", task_id)


def report(session: db.Session, viewer: User, task_id: UUID, result: str) -> FieldTask:
    """办结: the result goes to the matter page; it is not changed afterwards."""
    task = _locked(session, viewer, task_id)
    if task.state == "done":
        raise ErrandDone
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
    _note(session, viewer, task.case_id, "field_task_done", task_id)
    if task.awaited:
        _tell_process(session, viewer, task, result.strip())
    return of_officer(session, viewer, task_id)


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


def _locked(session: db.Session, viewer: User, task_id: UUID) -> FieldTask:
    """Under the case's lock, which comes before everything else of the case."""
    before = of_officer(session, viewer, task_id)
    cases.lock(session, before.case_id)
    return of_officer(session, viewer, task_id)


# ---------------------------------------------------------------- reading


def of_case(session: db.Session, case_id: UUID, matter_key: str | None = None) -> list[FieldTask]:
    """Newest first; with ``matter_key`` those of matters of that type."""
    condition: ColumnElement[bool] = FIELD_TASK.c.case_id == case_id
    if matter_key is not None:
        condition &= MATTER.c.type_key == matter_key
    return _read(session, condition, FIELD_TASK.c.id.desc())


def mine(session: db.Session, viewer: User) -> tuple[list[FieldTask], list[FieldTask]]:
    """(open by last day, done lately): the viewer's own errands and those that nobody has taken."""
    own = FIELD_TASK.c.assignee_id == viewer.id
    visible = _visible(viewer)
    open_ = _read(
        session, visible & (FIELD_TASK.c.state != "done"), FIELD_TASK.c.due_on, FIELD_TASK.c.id
    )
    done = _read(
        session,
        visible & own & (FIELD_TASK.c.state == "done"),
        FIELD_TASK.c.done_at.desc(),
        limit=_RECENT,
    )
    return open_, done


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
        )
        .join(CASE, CASE.c.id == FIELD_TASK.c.case_id)
        .join(MATTER, MATTER.c.id == FIELD_TASK.c.matter_id)
        .outerjoin(USER, USER.c.id == FIELD_TASK.c.assignee_id)
        .where(condition)
        .order_by(*order)
        .limit(limit)
    ).mappings()
    return [FieldTask(**{**row, "assignee": row["assignee"] or ""}) for row in rows]


def _note(
    session: db.Session, viewer: User, case_id: UUID, action: str, task_id: UUID, **detail: str
) -> None:
    note = audit.Note(viewer.actor, action, {"field_task": str(task_id), **detail})
    audit.append(session, case_id, viewer.court_id, note)


@dataclass(frozen=True)
class Choices:
    """What the page 事项交办 offers."""

    #: (key, name) of the matters that run.
    matters: Sequence[tuple[str, str]]
    officers: Sequence[User]
    #: Names of parties and of property records, for the field 对象.
    targets: Sequence[str]
    errands: Sequence[FieldTask]


def choices(session: db.Session, viewer: User, case_id: UUID) -> Choices:
    case = access.case(session, viewer, case_id)
    access.must_work(viewer, case)
    running = {m.type_key for m in matters.of_case(session, case_id) if m.state == "open"}
    people = [p.name for p in parties.of_case(session, case_id)]
    return Choices(
        matters=[
            (t.key, t.name) for t in matters.types(session, case.court_id) if t.key in running
        ],
        officers=officers(session, case.court_id),
        targets=people + [asset.name for asset in assets.of_case(session, case_id)],
        errands=of_case(session, case_id),
    )
