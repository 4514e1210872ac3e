"""催办: who waits for another's task may ask him once in a while to go on; fixed words, counted, in the audit.

It changes nothing at the task and carries no content, so that it cannot become a way to talk a decision
over (防止干预司法“三个规定”). By the drafter, his assistant, or the leader of the case's team.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Table, Uuid, func, insert, select

from engine import audit, clock, db
from engine.casefile import columns, labels, rulebook
from engine.casefile.approval import approvals
from engine.casefile.approval.approvals import Approval
from engine.casefile.case.cases import Case
from engine.casefile.document import documents
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.people import access, notices, users
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound, TaskClosed
from engine.ids import new_id
from engine.process import tasks
from engine.process.tasks import Task

REMINDER = Table(
    "reminder",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("task_id", Uuid, ForeignKey("user_task.id"), nullable=False),
    columns.user_id("reminded_by", nullable=False),
    Column("at", db.UtcDateTime, nullable=False),
    Index(None, "court_id", "task_id", "at"),
)

_ROLES = ("assistant", "team_leader")


class RemindedAlready(EngineError):
    """已经催办过"""

    code = "reminded_already"


class NobodyToRemind(EngineError):
    """现在没有需要催办的人员"""

    code = "nobody_to_remind"


@dataclass(frozen=True)
class Reminded:
    """How often the holder of a task was asked to go on."""

    count: int
    last_at: datetime
    #: Before that moment he is not asked again.
    next_at: datetime

    @property
    def must_wait(self) -> bool:
        return clock.now() < self.next_at


def may_remind(viewer: User, case: Case, drafter_id: UUID | None = None) -> bool:
    """The drafter or handler, his team's assistants, the leader of the team."""
    if viewer.id in (case.handler_id, drafter_id):
        return True
    return viewer.team is not None and viewer.team == case.stage and viewer.has(*_ROLES)


def remindable(
    session: db.Session, viewer: User, case: Case, waiting: Iterable[Task]
) -> frozenset[UUID]:
    """Those of these open tasks that others hold, if the viewer may urge them."""
    if not may_remind(viewer, case):
        return frozenset()
    return frozenset(task.id for task in waiting if _holders(session, viewer, case, task))


def remind(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    task_ids: Sequence[UUID],
    *,
    drafter_id: UUID | None = None,
) -> list[str]:
    """Tells the holders of these open tasks of one case; their names. The viewer's own are left out.

    ``RemindedAlready`` with the next possible time when all of them were reminded lately.
    """
    case = access.case(session, viewer, case_id, lock=True)
    if not may_remind(viewer, case, drafter_id):
        raise access.Forbidden("催办由承办人、其助理或者团队负责人进行")
    waiting = [tasks.get(session, id_) for id_ in task_ids]
    waiting = [task for task in waiting if task.case_id == case.id and task.state == "open"]
    if not waiting:
        raise TaskClosed
    holding = [(task, _holders(session, viewer, case, task)) for task in waiting]
    holding = [(task, people) for task, people in holding if people]
    if not holding:
        raise NobodyToRemind
    before = of_tasks(session, case.court_id, [task.id for task, _ in holding])
    free = [one for one in holding if one[0].id not in before or not before[one[0].id].must_wait]
    if not free:
        raise RemindedAlready(wait_words(before.values()))
    for task, people in free:
        _remind(session, viewer, case, task, people)
    return [name for _, people in free for name in (p.name for p in people)]


def wait_words(reminded: Iterable[Reminded]) -> str:
    """可于11月24日 14:05后再次催办."""
    at = min(one.next_at for one in reminded).astimezone(clock.COURT_ZONE)
    return f"可于{at:%m月%d日 %H:%M}后再次催办"


def _holders(session: db.Session, viewer: User, case: Case, task: Task) -> list[User]:
    """Whose task it is: its person's, the handler's, or everybody's of the role who may take it."""
    if task.assignee is not None or task.scope == "handler":
        found = _person(session, task.assignee or case.handler_id)
    else:
        role = labels.LANES.get(task.role or "", "")
        found = users.with_role(session, case.court_id, role)
        if task.scope == "team":
            found = [u for u in found if u.team == case.stage]
    return [u for u in found if u.id != viewer.id]


def _person(session: db.Session, user_id: UUID | None) -> list[User]:
    """Nobody where he has left."""
    try:
        return [users.get(session, user_id)] if user_id else []
    except NotFound:
        return []


def _remind(
    session: db.Session, viewer: User, case: Case, task: Task, people: Iterable[User]
) -> None:
    session.execute(
        insert(REMINDER).values(
            id=new_id(),
            court_id=case.court_id,
            case_id=case.id,
            task_id=task.id,
            reminded_by=viewer.id,
            at=clock.now(),
        )
    )
    names = [p.name for p in people]
    detail = {"task": str(task.id), "element": task.element, "holders": names}
    audit.append(session, case.id, case.court_id, audit.Note(viewer.actor, "task_reminded", detail))
    said = notices.line(case.case_no, _subject(session, task), f"{viewer.name}催办，请及时办理")
    notices.tell(
        session,
        case.court_id,
        [p.id for p in people],
        "reminder",
        said,
        case_id=case.id,
        link=f"/tasks/{task.id}",
    )


def _subject(session: db.Session, task: Task) -> str:
    """《文书》 of a task in a document's process, else the task's name."""
    of = DOCUMENT.c.instance_id == task.instance_id
    document_id = session.scalar(select(DOCUMENT.c.id).where(of).limit(1))
    return f"《{documents.get(session, document_id).name}》" if document_id else task.name


def of_tasks(session: db.Session, court_id: UUID, task_ids: Iterable[UUID]) -> dict[UUID, Reminded]:
    """Task -> how often and when last, of those that were reminded at all."""
    rows = session.execute(
        select(REMINDER.c.task_id, func.count().label("times"), func.max(REMINDER.c.at).label("at"))
        .where(REMINDER.c.court_id == court_id, REMINDER.c.task_id.in_(list(task_ids)))
        .group_by(REMINDER.c.task_id)
    ).all()
    if not rows:
        return {}
    interval = rulebook.urging_interval(session, court_id)
    return {row.task_id: Reminded(row.times, row.at, row.at + interval) for row in rows}


# ---------------------------------------------------------------- a level of approval


def remind_level(session: db.Session, viewer: User, approval_id: UUID) -> list[str]:
    """Everybody whose decision on this submission is due now; their names."""
    found = approvals.get(session, approval_id)
    if found.state != "running":
        raise TaskClosed
    waiting = [task.id for task in level_tasks(session, found)]
    return remind(session, viewer, found.case_id, waiting, drafter_id=found.submitted_by)


def level_tasks(session: db.Session, found: Approval) -> list[Task]:
    """Open tasks of the level that decides now."""
    document = documents.get(session, found.document_id)
    open_ = tasks.open_of(session, instance_id=document.instance_id)
    return [task for task in open_ if task.screen == "approval"]
