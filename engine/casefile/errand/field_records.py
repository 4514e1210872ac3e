"""外勤记录: when the officer came, who was there, what was done and with what result; 暂存 and 办结.

暂存 keeps everything that was typed. 办结 lays the record out as a document of the court and puts it
with the photos into the case's dossier, in the transaction that ends the errand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text, Uuid, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine import clock, db
from engine.casefile import columns
from engine.casefile.case.cases import Case
from engine.casefile.errand import field_photos, field_tasks, whereabouts
from engine.casefile.errand.field_photos import Photo
from engine.casefile.errand.field_tasks import FieldTask
from engine.casefile.errand.whereabouts import Position
from engine.casefile.people import access
from engine.casefile.people.users import USER, User
from engine.errors import EngineError

RECORD = Table(
    "field_record",
    db.metadata,
    Column("field_task_id", Uuid, ForeignKey("field_task.id"), primary_key=True),
    columns.court_id(),
    columns.case_id(),
    #: Raised by every change of what was typed.
    Column("version", Integer, nullable=False),
    #: The browser that saved last; it may save again without asking.
    Column("device_id", Uuid),
    Column("arrived_at", db.UtcDateTime),
    #: Typed in, not pressed on the spot.
    Column("arrival_typed", Boolean, nullable=False, server_default="false"),
    *whereabouts.columns(),
    Column("people", Text, nullable=False, server_default=""),
    Column("course", Text, nullable=False, server_default=""),
    Column("result", Text, nullable=False, server_default=""),
    Column("saved_at", db.UtcDateTime, nullable=False),
    columns.user_id("saved_by", nullable=False),
    #: Made by the browser for 办结, so that one sent twice is one.
    Column("submission_id", Uuid),
    #: SHA-256 of the laid-out record, when it is done.
    Column("blob", Text),
)

#: Records of these name who was there and what happened (查封、搜查笔录, 民诉法 §252, §255; 拘传).
_WITH_PEOPLE = frozenset({"investigate", "seize", "compel", "search"})
#: A posting and a seal are proved by a photo (DOMAIN D030; §3.3 M10).
_FEWEST_PHOTOS: Mapping[str, int] = {"post_notice": 1, "seize": 1}
#: A phone's minute may be ahead of ours.
_AHEAD = timedelta(minutes=5)


class RecordChanged(EngineError):
    """外勤记录已在另一台设备上修改，您填写的内容没有丢失，请核对后再保存"""

    code = "record_changed"


class RecordIncomplete(EngineError):
    """外勤记录还不完整"""

    code = "record_incomplete"

    def __init__(self, problems: "dict[str, str]") -> None:
        super().__init__("；".join(problems.values()))
        #: Field -> what must be done about it.
        self.problems = problems


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    arrived_at: datetime | None
    people: str
    course: str
    result: str


@dataclass(frozen=True)
class Record:
    version: int
    device_id: UUID | None
    arrived_at: datetime | None
    arrival_typed: bool
    people: str
    course: str
    result: str
    saved_at: datetime | None
    submission_id: UUID | None
    blob: str | None
    saved_by: str
    position: Position | None


EMPTY = Record(
    version=0,
    device_id=None,
    arrived_at=None,
    arrival_typed=False,
    people="",
    course="",
    result="",
    saved_at=None,
    submission_id=None,
    blob=None,
    saved_by="",
    position=None,
)


@dataclass(frozen=True)
class Shown:
    """An errand with everything that was recorded of it."""

    task: FieldTask
    record: Record
    photos: Sequence[Photo]
    #: Whose case it is; None on the officer's page, who never sees the case.
    case: Case | None = None
    can_withdraw: bool = False

    @property
    def fewest_photos(self) -> int:
        return _FEWEST_PHOTOS.get(self.task.kind, 0)

    @property
    def needs_people(self) -> bool:
        return self.task.kind in _WITH_PEOPLE

    @property
    def problems(self) -> dict[str, str]:
        """Field -> what is still missing for 办结."""
        return _problems(self)


def _problems(shown: Shown) -> dict[str, str]:
    record, found = shown.record, {}
    if record.arrived_at is None:
        found["arrived_at"] = "请记录到场时间"
    elif record.arrived_at > clock.now() + _AHEAD:
        found["arrived_at"] = "到场时间不能晚于现在"
    if shown.needs_people and not record.people:
        found["people"] = "请填写在场人员；无人在场的，写明无人"
    if shown.needs_people and not record.course:
        found["course"] = "请填写经过"
    if not record.result:
        found["result"] = "请填写办理结果"
    for name in ("people", "course", "result"):
        if len(getattr(record, name)) > field_tasks.LONGEST:
            found[name] = f"不能超过{field_tasks.LONGEST}字，请精简"
    missing = shown.fewest_photos - len(shown.photos)
    if missing > 0:
        found["photos"] = f"还差{missing}张照片"
    return found


# ---------------------------------------------------------------- reading


def of_officer(session: db.Session, viewer: User, task_id: UUID) -> Shown:
    """The officer's own errand, or one that nobody has; else ``NotFound`` or ``ErrandTaken``."""
    task = field_tasks.of_officer(session, viewer, task_id)
    return Shown(task, of_task(session, task_id), field_photos.of_task(session, task_id))


def of_case(session: db.Session, viewer: User, case_id: UUID, task_id: UUID) -> Shown:
    """For who may open the case, else ``NotFound``."""
    case = access.case(session, viewer, case_id)
    task = field_tasks.get(session, case_id, task_id)
    return Shown(
        task,
        of_task(session, task_id),
        field_photos.of_task(session, task_id),
        case,
        can_withdraw=task.is_open and not task.awaited and access.can_work(viewer, case),
    )


def of_task(session: db.Session, task_id: UUID) -> Record:
    """What was recorded so far; ``EMPTY`` if nothing."""
    stored = [f.name for f in fields(Record) if f.name not in ("saved_by", "position")]
    row = (
        session.execute(
            select(
                *[RECORD.c[name] for name in stored],
                *[RECORD.c[column.name] for column in whereabouts.columns()],
                USER.c.name.label("saved_by"),
            )
            .join(USER, USER.c.id == RECORD.c.saved_by)
            .where(RECORD.c.field_task_id == task_id)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return EMPTY
    values = {name: row[name] for name in stored}
    return Record(**values, saved_by=row["saved_by"], position=whereabouts.of_row(row))


# ---------------------------------------------------------------- recording


def arrive(
    session: db.Session, viewer: User, task_id: UUID, at: datetime, position: Position | None
) -> Record:
    """到达: the moment and, if the phone gave it, the place. Sent twice it is one arrival; pressed again it counts anew."""
    task = _begun(session, viewer, task_id)
    before = of_task(session, task_id)
    at = at.replace(microsecond=0)
    if before.arrived_at == at and not before.arrival_typed:
        return before
    values = {"arrived_at": at, "arrival_typed": False, **whereabouts.values(position)}
    _store(session, viewer, task, before, values, before.device_id)
    where = str(position) if position else ""
    field_tasks.note(session, viewer, task, "field_officer_arrived", at=at.isoformat(), place=where)
    return of_task(session, task_id)


def save(
    session: db.Session,
    viewer: User,
    task_id: UUID,
    typed: Typed,
    *,
    device_id: UUID | None,
    seen_version: int,
) -> Record:
    """暂存: everything that was typed, complete or not. Of two devices the later is told (``RecordChanged``)."""
    task = _begun(session, viewer, task_id)
    before = of_task(session, task_id)
    values = _changes(before, typed)
    if not values:
        return before
    same_device = device_id is not None and before.device_id == device_id
    if before.version != seen_version and not same_device:
        raise RecordChanged
    _store(session, viewer, task, before, values, device_id)
    return of_task(session, task_id)


def _changes(before: Record, typed: Typed) -> dict[str, Any]:
    """What the form says differently. The field of the time shows minutes only."""
    changed: dict[str, Any] = {
        name: getattr(typed, name).strip()
        for name in ("people", "course", "result")
        if getattr(typed, name).strip() != getattr(before, name)
    }
    shown = before.arrived_at.replace(second=0) if before.arrived_at else None
    if typed.arrived_at is not None and typed.arrived_at != shown:
        changed |= {"arrived_at": typed.arrived_at, "arrival_typed": True}
    return changed


def _begun(session: db.Session, viewer: User, task_id: UUID) -> FieldTask:
    task = field_tasks.lock(session, viewer, task_id)
    if task.state == "assigned":
        raise field_tasks.ErrandNotBegun
    return task


def _store(
    session: db.Session,
    viewer: User,
    task: FieldTask,
    before: Record,
    values: Mapping[str, Any],
    device_id: UUID | None,
) -> None:
    row = {
        **values,
        "version": before.version + 1,
        "device_id": device_id,
        "saved_at": clock.now(),
        "saved_by": viewer.id,
    }
    key = {"field_task_id": task.id, "court_id": viewer.court_id, "case_id": task.case_id}
    statement = upsert(RECORD).values(**key, **row)
    session.execute(statement.on_conflict_do_update(index_elements=["field_task_id"], set_=row))


def end(session: db.Session, task_id: UUID, blob: str, submission_id: UUID | None) -> None:
    """Notes what was laid out, and by which pressing of the button."""
    session.execute(
        update(RECORD)
        .where(RECORD.c.field_task_id == task_id)
        .values(blob=blob, submission_id=submission_id)
    )
