"""Until when a level of approval should decide (CHINESE_WORKFLOW R10): working time, and nothing passes by itself.

waiting --before the end--> reminded --at the end--> over
                                                      the holder is told, and the next office

Each level that opens, also after a return, has its whole time. What happens when it is over is told,
never done: the power to decide stays where it is. The worker looks at it every now and then.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    RowMapping,
    Table,
    Text,
    Uuid,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from engine import audit, clock, db
from engine.casefile import columns, rulebook
from engine.casefile.approval import approval_chains, approval_news, approvals
from engine.casefile.approval.approvals import APPROVAL, Approval
from engine.casefile.case import cases
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.people import notices
from engine.casefile.rules.approval_times import Due
from engine.process import worker
from engine.process.assignments import Opening
from engine.process.tasks import TASK

WATCH = Table(
    "level_watch",
    db.metadata,
    Column("task_id", Uuid, ForeignKey("user_task.id"), primary_key=True),
    columns.court_id(),
    #: waiting, reminded, over
    Column("step", Text, nullable=False),
    #: When something is told next; null: nothing any more.
    Column("next_at", db.UtcDateTime),
    Index("ix_level_watch_next", "next_at", postgresql_where=text("next_at IS NOT NULL")),
)

SCREEN = "approval"
#: Between two looks of one worker; of the court's clock, so that the demo's jumps are seen at once.
_PAUSE = timedelta(seconds=20)
_looked_at: list[datetime] = []


def due(session: db.Session, opening: Opening) -> datetime | None:
    """Of a level that opens now; None for tasks that are no level of a submission."""
    if opening.screen != SCREEN or opening.case_id is None:
        return None
    found = _running(session, opening.instance_id)
    return _times(session, found, clock.now()).at if found else None


def _times(session: db.Session, found: Approval, opened_at: datetime) -> Due:
    case, kind = cases.get(session, found.case_id), found.chain[found.level]["kind"]
    return rulebook.approval_due(session, case, kind.lower(), opened_at)


def _running(session: db.Session, instance_id: UUID) -> Approval | None:
    """The submission that runs in this document's process."""
    id_ = session.scalar(
        select(APPROVAL.c.id)
        .join(DOCUMENT, DOCUMENT.c.id == APPROVAL.c.document_id)
        .where(DOCUMENT.c.instance_id == instance_id, APPROVAL.c.state == "running")
    )
    return approvals.get(session, id_) if id_ else None


# ---------------------------------------------------------------- reminding


@worker.also
def look(session: db.Session) -> bool:
    """One notice that is due, or the levels that opened since; False when there is nothing, or too soon to ask."""
    now = clock.now()
    if _looked_at and abs(now - _looked_at[0]) < _PAUSE:
        return False
    worked = watch(session)
    # As long as there is work the next round looks again.
    _looked_at[:] = [] if worked else [now]
    return worked


def watch(session: db.Session) -> bool:
    return _begin(session) or _tell_next(session)


def _begin(session: db.Session) -> bool:
    """Levels that are not watched yet."""
    rows = session.execute(
        select(TASK.c.id, TASK.c.court_id, TASK.c.instance_id, TASK.c.opened_at)
        .outerjoin(WATCH, WATCH.c.task_id == TASK.c.id)
        .where(
            TASK.c.state == "open",
            TASK.c.screen == SCREEN,
            TASK.c.due_at.is_not(None),
            WATCH.c.task_id.is_(None),
        )
        .limit(100)
    ).all()
    for row in rows:
        found = _running(session, row.instance_id)
        at = _times(session, found, row.opened_at).remind_at if found else None
        watched = {"task_id": row.id, "court_id": row.court_id, "step": "waiting", "next_at": at}
        # Another worker may have been first.
        session.execute(upsert(WATCH).values(watched).on_conflict_do_nothing())
    return bool(rows)


def watch_anew(session: db.Session, court_id: UUID, task_id: UUID, remind_at: datetime) -> None:
    """Watches a task anew whose due time was moved."""
    values = {"step": "waiting", "next_at": remind_at}
    session.execute(
        upsert(WATCH)
        .values(task_id=task_id, court_id=court_id, **values)
        .on_conflict_do_update(index_elements=["task_id"], set_=values)
    )


def _tell_next(session: db.Session) -> bool:
    row = (
        session.execute(
            select(
                WATCH.c.task_id,
                WATCH.c.step,
                TASK.c.state,
                TASK.c.instance_id,
                TASK.c.assignee,
                TASK.c.due_at,
            )
            .join(TASK, TASK.c.id == WATCH.c.task_id)
            .where(WATCH.c.next_at <= clock.now())
            .order_by(WATCH.c.next_at)
            .limit(1)
            .with_for_update(of=WATCH, skip_locked=True)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return False
    found = _running(session, row["instance_id"]) if row["state"] == "open" else None
    if found is None:  # decided, withdrawn
        _set(session, row["task_id"], step="over", next_at=None)
    elif row["step"] == "waiting" and clock.now() < row["due_at"]:
        _set(session, row["task_id"], step="reminded", next_at=row["due_at"])
        until = row["due_at"].astimezone(clock.COURT_ZONE)
        _tell_holder(session, found, row, f"请于{until:%m月%d日 %H:%M}前办理")
    else:
        _set(session, row["task_id"], step="over", next_at=None)
        _tell_holder(session, found, row, "已超过办理时限，请尽快办理")
        _tell_next_office(session, found, row)
    return True


def _set(session: db.Session, task_id: UUID, **values: Any) -> None:
    session.execute(update(WATCH).where(WATCH.c.task_id == task_id).values(**values))


def _tell_holder(session: db.Session, found: Approval, row: RowMapping, happened: str) -> None:
    words = approval_news.subject(session, found, happened)
    told, link = [row["assignee"]], f"/tasks/{row['task_id']}"
    notices.tell(session, found.court_id, told, "due", words, case_id=found.case_id, link=link)


def _tell_next_office(session: db.Session, found: Approval, row: RowMapping) -> None:
    """Once for a level, also for a panel; after the last level there is nobody to tell."""
    people = next_office(found)
    if not people or _is_told(session, row):
        return
    name = approval_chains.NAMES[found.chain[found.level]["code"]]
    words = approval_news.subject(session, found, f"{name}已超过办理时限")
    link = f"/approvals/{found.id}"
    notices.tell(session, found.court_id, people, "due", words, case_id=found.case_id, link=link)
    cases.lock(session, found.case_id)
    detail = {"approval": str(found.id), "task": str(row["task_id"]), "level": name}
    note = audit.Note(audit.SYSTEM, "level_overdue", detail)
    audit.append(session, found.case_id, found.court_id, note)


def _is_told(session: db.Session, row: RowMapping) -> bool:
    """Whether another member of the same level was late before."""
    other = session.execute(
        select(WATCH.c.task_id)
        .join(TASK, TASK.c.id == WATCH.c.task_id)
        .where(
            TASK.c.instance_id == row["instance_id"],
            TASK.c.state == "open",
            WATCH.c.step == "over",
            WATCH.c.task_id != row["task_id"],
        )
    )
    return other.first() is not None


def next_office(found: Approval) -> list[UUID]:
    """Who decides after the present level; nobody after the last."""
    following = found.chain[found.level + 1 : found.level + 2]
    return [UUID(person["id"]) for level in following for person in level["persons"]]
