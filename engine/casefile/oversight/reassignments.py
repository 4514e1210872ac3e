"""改派: a task, a case with its 流转, or all that one person has on his desk, to another of the same team.

The task 流转 has no person of its own: it is the case's handler's, so giving it to another moves the
case in its stage. Each move changes one case and at most one existing process instance in one
transaction; a desk is moved by as many moves as it holds, and what one of them refuses stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine import audit, clock, db
from engine.audit import ENTRY, Note
from engine.casefile import labels
from engine.casefile.approval import approval_seats
from engine.casefile.case import cases
from engine.casefile.case.cases import CASE, Case
from engine.casefile.oversight import interventions, supervision
from engine.casefile.people import access, notices, users
from engine.casefile.people.access import INVOLVEMENT
from engine.casefile.people.users import ROLE, USER, User
from engine.casefile.stage import stages
from engine.errors import EngineError, NotFound, TaskClosed
from engine.process import tasks
from engine.process.instances import INSTANCE
from engine.process.tasks import TASK, Task

_HANDLER = "handling_judge"
_TRANSFER = "transfer"


class NoTarget(EngineError):
    """请选择接手的人员"""

    code = "no_target"


class NotOfTheTeam(EngineError):
    """接手的人员不在同一团队，或者没有办理这项任务的职务"""

    code = "not_of_the_team"


class WasRecused(EngineError):
    """接手的人员已回避本案，请另选人员"""

    code = "was_recused"


class AlreadyReassigned(EngineError):
    """这项任务刚刚改派给别人，您的操作没有执行"""

    code = "already_reassigned"


@dataclass(frozen=True)
class Load:
    """How much one person has on his desk, within the viewer's scope."""

    user: User
    cases: int
    overdue: int
    tasks: int


@dataclass(frozen=True)
class Desk:
    user: User
    cases: list[Case]
    tasks: list[Task]
    #: Case -> its number, of the tasks.
    case_nos: dict[UUID, str]
    #: Who may take it over.
    colleagues: list[User]


# ---------------------------------------------------------------- one task or case


def is_transfer(task: Task) -> bool:
    """The task that goes with the case."""
    return task.screen == _TRANSFER and task.case_id is not None


def candidates(session: db.Session, viewer: User, task: Task) -> list[User]:
    """Who may take the task over, by name: of the same team with the task's role.

    An approver's task: who lawfully holds or substitutes the office, and nobody else (CHINESE_WORKFLOW row 9).
    """
    if task.screen == approval_seats.SCREEN:
        lawful = approval_seats.for_task(session, task)
        return [one.user for one in lawful if one.id != task.assignee]
    team, role = _wanted(session, task)
    found = (
        users.of_team(session, viewer.court_id, team)
        if team
        else users.of_court(session, viewer.court_id)
    )
    now = holder(session, task)
    return [u for u in found if (role is None or u.has(role)) and u.id != now]


def _wanted(session: db.Session, task: Task) -> tuple[str | None, str | None]:
    """Team and role that the new person must have."""
    case = cases.get(session, task.case_id) if task.case_id else None
    if task.scope == "handler":
        return (case.stage if case else task.team), _HANDLER
    team = None
    if task.scope == "team":
        team = task.team or (case.stage if case else None)
    return team, _role(task)


def _role(task: Task) -> str | None:
    """Of its lane; a lane that is no office of ours asks for none."""
    return labels.LANES.get(task.role or "")


def holder(session: db.Session, task: Task) -> UUID | None:
    """Whose it is now."""
    if task.assignee is not None or task.scope != "handler" or task.case_id is None:
        return task.assignee
    return cases.get(session, task.case_id).handler_id


def reassign(
    session: db.Session,
    viewer: User,
    task_id: UUID,
    to_id: UUID,
    note: str,
    *,
    seen_holder: UUID | None,
) -> str:
    """The name of who has it now. ``seen_holder``: whose it was when the viewer decided."""
    interventions.must_act(viewer)
    words, task = interventions.checked(note), tasks.get(session, task_id)
    supervision.must_see(session, viewer, task.instance_id)
    case = cases.lock(session, task.case_id) if task.case_id else None
    if holder(session, task) != seen_holder:
        raise _moved_by(session, task)
    to = _target(session, viewer, task, to_id, case)
    if is_transfer(task) and case is not None:
        if tasks.get(session, task_id).state != "open":
            raise TaskClosed
        give_case(session, viewer, case, to, words)
    else:
        give_task(session, viewer, task, seen_holder, to, words)
    return to.name


def _target(session: db.Session, viewer: User, task: Task, to_id: UUID, case: Case | None) -> User:
    to = next((u for u in candidates(session, viewer, task) if u.id == to_id), None)
    if to is None:
        raise NotOfTheTeam
    if case is not None:
        _must_not_be_recused(session, case, to)
    return to


def _must_not_be_recused(session: db.Session, case: Case, to: User) -> None:
    recused = session.scalar(
        select(INVOLVEMENT.c.user_id).where(
            INVOLVEMENT.c.case_id == case.id,
            INVOLVEMENT.c.user_id == to.id,
            INVOLVEMENT.c.recused_at.is_not(None),
        )
    )
    if recused is not None:
        raise WasRecused(f"{to.name}，{case.case_no}")


def give_case(session: db.Session, viewer: User, case: Case, to: User, words: str) -> None:
    """The locked case and its 流转 to this person, whom the caller has checked."""
    old = session.scalar(select(USER.c.name).where(USER.c.id == case.handler_id))
    stages.reassign(session, case, to.id, "reassigned")
    detail = {"old": old, "new": to.name, "stage": case.stage, "note": words}
    audit.append(session, case.id, case.court_id, Note(viewer.actor, "case_reassigned", detail))
    _tell_both(session, case, case.handler_id, to)


def give_task(
    session: db.Session, viewer: User, task: Task, from_id: UUID | None, to: User, words: str
) -> None:
    """The task to this person, whom the caller has checked."""
    is_approval = task.screen == approval_seats.SCREEN
    if is_approval and not approval_seats.give(session, task, to, actor=viewer.actor):
        raise NotOfTheTeam(f"{to.name}，{task.name}")
    tasks.reassign(session, task.id, to.actor, actor=viewer.actor, reason=words)
    case = cases.get(session, task.case_id) if task.case_id else None
    _tell_both(session, case, from_id, to, task)


def _tell_both(
    session: db.Session, case: Case | None, from_id: UUID | None, to: User, task: Task | None = None
) -> None:
    """改派: who had it, and who has it now."""
    what = task.name if task else "案件"
    place = f"/cases/{case.id}" if case else ""
    for whom, said, link in (
        (from_id, f"已改派给{to.name}", place),
        (to.id, "已改派给您办理", f"/tasks/{task.id}" if task else place),
    ):
        words = notices.line(case.case_no if case else "", f"{what}{said}")
        about = case.id if case else None
        notices.tell(session, to.court_id, [whom], "reassigned", words, case_id=about, link=link)


def _moved_by(session: db.Session, task: Task) -> AlreadyReassigned:
    """Who was first, from the audit of the task or of its case."""
    chains = [id_ for id_ in (task.instance_id, task.case_id) if id_]
    row = session.execute(
        select(ENTRY.c.actor, ENTRY.c.at)
        .where(
            ENTRY.c.chain_id.in_(chains), ENTRY.c.action.in_(("task_reassigned", "case_reassigned"))
        )
        .order_by(ENTRY.c.at.desc())
        .limit(1)
    ).one_or_none()
    return AlreadyReassigned(
        f"{row.actor}，{row.at.astimezone(clock.COURT_ZONE):%m-%d %H:%M}" if row else ""
    )


# ---------------------------------------------------------------- a whole desk


def loads(session: db.Session, viewer: User) -> list[Load]:
    """Everybody who has cases or tasks within the viewer's scope, by name."""
    over = (CASE.c.stage_due_on < clock.today()) & CASE.c.stage_paused_on.is_(None)
    of_cases = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(CASE.c.handler_id, func.count(), func.count().filter(over))
            .where(_handled(viewer))
            .group_by(CASE.c.handler_id)
        )
    }
    of_tasks = {
        row[0]: row[1]
        for row in session.execute(
            select(TASK.c.assignee, func.count())
            .join(INSTANCE, INSTANCE.c.id == TASK.c.instance_id)
            .where(_assigned(viewer))
            .group_by(TASK.c.assignee)
        )
    }
    busy = _people(session, viewer.court_id, {*of_cases, *of_tasks})
    return [Load(u, *of_cases.get(u.id, (0, 0)), of_tasks.get(u.id, 0)) for u in busy]


def _handled(viewer: User) -> Any:
    """Cases that some handler of the viewer's scope works on now."""
    mine = (
        (CASE.c.court_id == viewer.court_id)
        & CASE.c.stage.is_not(None)
        & CASE.c.handler_id.is_not(None)
        & access.not_recused(viewer)
    )
    return mine if supervision.sees_court(viewer) else mine & (CASE.c.stage == viewer.team)


def _assigned(viewer: User) -> Any:
    return (TASK.c.state == "open") & TASK.c.assignee.is_not(None) & supervision.scope(viewer)


def desk(session: db.Session, viewer: User, user_id: UUID) -> Desk:
    """``NotFound`` for a person outside the viewer's court or team."""
    user = _person(session, viewer, user_id)
    of_cases = session.execute(
        select(*cases.READ)
        .where(_handled(viewer), CASE.c.handler_id == user_id)
        .order_by(CASE.c.stage_due_on, CASE.c.id)
    ).mappings()
    ids = session.execute(
        select(TASK.c.id)
        .join(INSTANCE, INSTANCE.c.id == TASK.c.instance_id)
        .where(_assigned(viewer), TASK.c.assignee == user_id)
        .order_by(TASK.c.due_at.nulls_last(), TASK.c.id)
    )
    found = [tasks.get(session, row.id) for row in ids]
    numbered = cases.many(session, {t.case_id for t in found if t.case_id})
    return Desk(
        user=user,
        cases=[Case(**row) for row in of_cases],
        tasks=found,
        case_nos={id_: case.case_no for id_, case in numbered.items()},
        colleagues=colleagues(session, user),
    )


def colleagues(session: db.Session, user: User) -> list[User]:
    """Of the same team with one of his roles; of those without a team, who has the same office."""
    court = users.of_court(session, user.court_id)
    duties = user.roles - users.RIGHTS
    return [u for u in court if u.id != user.id and u.team == user.team and u.roles & duties]


def _person(session: db.Session, viewer: User, user_id: UUID) -> User:
    found = _people(session, viewer.court_id, [user_id])
    own_team = viewer.team is not None and bool(found) and found[0].team == viewer.team
    if not found or not (supervision.sees_court(viewer) or own_team):
        raise NotFound(str(user_id))
    return found[0]


def _people(session: db.Session, court_id: UUID, ids: Iterable[UUID]) -> list[User]:
    """By name, also who has left: it is their desks above all that must be moved."""
    roles = func.array_agg(ROLE.c.role).filter(ROLE.c.role.is_not(None))
    rows = session.execute(
        select(USER, roles.label("roles"))
        .outerjoin(ROLE, ROLE.c.user_id == USER.c.id)
        .where(USER.c.court_id == court_id, USER.c.id.in_(list(ids)))
        .group_by(USER.c.id)
        .order_by(USER.c.name, USER.c.id)
    ).mappings()
    shared = ("id", "court_id", "login", "name", "title", "team", "phone")
    return [
        User(**{name: row[name] for name in shared}, roles=frozenset(row["roles"] or ()))
        for row in rows
    ]


def move_case(
    session: db.Session, viewer: User, case_id: UUID, from_id: UUID, to_id: UUID, note: str
) -> None:
    """One case of a desk."""
    interventions.must_act(viewer)
    words = interventions.checked(note)
    case = cases.lock(session, case_id)
    if session.scalar(select(CASE.c.id).where(CASE.c.id == case_id, _handled(viewer))) is None:
        raise NotFound(case.case_no)
    if case.handler_id != from_id:
        raise AlreadyReassigned(case.case_no)
    to = _colleague(session, from_id, to_id)
    if not to.has(_HANDLER):
        raise NotOfTheTeam(f"{to.name}，{case.case_no}")
    _must_not_be_recused(session, case, to)
    give_case(session, viewer, case, to, words)


def move_task(
    session: db.Session, viewer: User, task_id: UUID, from_id: UUID, to_id: UUID, note: str
) -> None:
    """One task of a desk."""
    interventions.must_act(viewer)
    words, task = interventions.checked(note), tasks.get(session, task_id)
    supervision.must_see(session, viewer, task.instance_id)
    case = cases.lock(session, task.case_id) if task.case_id else None
    if tasks.get(session, task_id).assignee != from_id:
        raise AlreadyReassigned(task.name)
    to = _colleague(session, from_id, to_id)
    role = _role(task)
    if role is not None and not to.has(role):
        raise NotOfTheTeam(f"{to.name}，{task.name}")
    if case is not None:
        _must_not_be_recused(session, case, to)
    give_task(session, viewer, task, from_id, to, words)


def _colleague(session: db.Session, from_id: UUID, to_id: UUID) -> User:
    court_id = session.scalar(select(USER.c.court_id).where(USER.c.id == to_id))
    for user in _people(session, court_id, [from_id]) if court_id else []:
        for colleague in colleagues(session, user):
            if colleague.id == to_id:
                return colleague
    raise NotOfTheTeam
