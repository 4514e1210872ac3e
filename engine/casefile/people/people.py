"""人员管理: everybody of the court with his account, and what a person has on his desk. Never a case.

Reading and changing need the right ``sysadmin``; what changes is in ``people_changes``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, exists, func, select, tuple_

from engine import clock, db
from engine.audit import ENTRY
from engine.casefile.case.cases import CASE
from engine.casefile.errand.field_tasks import FIELD_TASK
from engine.casefile.matter.matters import MATTER
from engine.casefile.people import access, users
from engine.casefile.people.users import ROLE, USER, User
from engine.errors import NotFound
from engine.process.tasks import TASK

#: State of an account -> its word.
STATES: Mapping[str, str] = {"active": "在用", "closed": "暂停登录", "disabled": "已停用"}
#: Filter: belongs to no team.
NO_TEAM = "none"


@dataclass(frozen=True)
class Person:
    id: UUID
    court_id: UUID
    login: str
    name: str
    title: str
    phone: str
    team: str | None
    roles: frozenset[str]
    active: bool
    closed_until: datetime | None
    must_change_password: bool
    last_sign_in_at: datetime | None

    @property
    def state(self) -> str:
        """A key of STATES."""
        if not self.active:
            return "disabled"
        is_closed = self.closed_until is not None and self.closed_until > clock.real_now()
        return "closed" if is_closed else "active"


@dataclass(frozen=True)
class Filters:
    #: Part of the name or of the login.
    text: str = ""
    #: A stage, or NO_TEAM.
    team: str = ""
    #: A role or a right.
    role: str = ""
    #: A key of STATES.
    state: str = ""
    #: Name and id of the last one shown.
    after: tuple[str, UUID] | None = None


@dataclass(frozen=True)
class Listing:
    people: list[Person]
    more: bool
    #: With these filters.
    total: int


@dataclass(frozen=True)
class Held:
    """What somebody else must take over before a person can leave."""

    cases: int
    tasks: int
    errands: int

    @property
    def anything(self) -> bool:
        return bool(self.cases or self.tasks or self.errands)

    @property
    def sentence(self) -> str:
        """承办 3 件案件，有 2 项待办任务."""
        parts = [
            f"承办 {self.cases} 件案件" if self.cases else "",
            f"有 {self.tasks} 项待办任务" if self.tasks else "",
            f"有 {self.errands} 项外勤事项" if self.errands else "",
        ]
        return "，".join(part for part in parts if part)


@dataclass(frozen=True)
class Act:
    """One entry of a person's history."""

    number: int
    at: datetime
    actor: str
    action: str
    #: Field -> (old, new).
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class File:
    person: Person
    held: Held
    #: Newest first.
    history: list[Act]
    is_self: bool

    @property
    def number(self) -> int:
        """Of the newest entry: what a change must have seen."""
        return self.history[0].number if self.history else 0


def must_administer(viewer: User) -> None:
    if not viewer.has(users.SYSADMIN):
        raise access.Forbidden("人员由系统管理人员管理")


# ---------------------------------------------------------------- reading


def listing(session: db.Session, viewer: User, filters: Filters, size: int = 50) -> Listing:
    """One page, by name."""
    must_administer(viewer)
    chosen = _chosen(viewer.court_id, filters)
    total = session.scalar(select(func.count()).select_from(USER).where(chosen))
    query = _people(chosen).order_by(USER.c.name, USER.c.id).limit(size + 1)
    if filters.after is not None:
        query = query.where(tuple_(USER.c.name, USER.c.id) > filters.after)
    found = _read(session, query)
    return Listing(found[:size], len(found) > size, int(total or 0))


def _chosen(court_id: UUID, filters: Filters) -> ColumnElement[bool]:
    conditions = [USER.c.court_id == court_id]
    if filters.text:
        text = filters.text
        conditions.append(
            USER.c.name.contains(text, autoescape=True)
            | USER.c.login.contains(text.lower(), autoescape=True)
        )
    if filters.team:
        wanted = None if filters.team == NO_TEAM else filters.team
        conditions.append(USER.c.team.is_not_distinct_from(wanted))
    if filters.role:
        conditions.append(exists().where(ROLE.c.user_id == USER.c.id, ROLE.c.role == filters.role))
    is_closed = func.coalesce(USER.c.closed_until > clock.real_now(), False)
    if filters.state == "disabled":
        conditions.append(~USER.c.active)
    elif filters.state in STATES:
        conditions += [USER.c.active, is_closed if filters.state == "closed" else ~is_closed]
    return and_(*conditions)


def _people(condition: ColumnElement[bool]) -> Any:
    held = select(func.array_agg(ROLE.c.role)).where(ROLE.c.user_id == USER.c.id).scalar_subquery()
    columns = [USER.c[name] for name in Person.__dataclass_fields__ if name != "roles"]
    return select(*columns, held.label("roles")).where(condition)


def _read(session: db.Session, query: Any) -> list[Person]:
    rows = session.execute(query).mappings()
    return [Person(**{**row, "roles": frozenset(row["roles"] or ())}) for row in rows]


def person(session: db.Session, viewer: User, person_id: UUID) -> Person:
    """``NotFound`` for somebody of another court."""
    must_administer(viewer)
    found = _read(session, _people((USER.c.id == person_id) & (USER.c.court_id == viewer.court_id)))
    if not found:
        raise NotFound(str(person_id))
    return found[0]


def file(session: db.Session, viewer: User, person_id: UUID) -> File:
    found = person(session, viewer, person_id)
    return File(
        person=found,
        held=held(session, found),
        history=history(session, person_id),
        is_self=person_id == viewer.id,
    )


def held(session: db.Session, found: Person) -> Held:
    """Cases in a stage, open tasks that are given to him by name, errands that are not done."""
    cases = select(func.count()).where(
        CASE.c.court_id == found.court_id, CASE.c.handler_id == found.id, CASE.c.stage.is_not(None)
    )
    tasks = select(func.count()).where(
        TASK.c.court_id == found.court_id, TASK.c.assignee == found.id, TASK.c.state == "open"
    )
    errands = (
        select(func.count())
        .select_from(FIELD_TASK)
        .join(MATTER, MATTER.c.id == FIELD_TASK.c.matter_id)
        .where(
            FIELD_TASK.c.court_id == found.court_id,
            FIELD_TASK.c.assignee_id == found.id,
            FIELD_TASK.c.done_at.is_(None),
            FIELD_TASK.c.withdrawn_at.is_(None),
            MATTER.c.state != "cancelled",
        )
    )
    return Held(*(int(session.scalar(query) or 0) for query in (cases, tasks, errands)))


def history(session: db.Session, person_id: UUID) -> list[Act]:
    """What was done to the account and by whom, newest first."""
    rows = session.execute(
        select(ENTRY.c.number, ENTRY.c.at, ENTRY.c.actor, ENTRY.c.action, ENTRY.c.detail)
        .where(ENTRY.c.chain_id == person_id)
        .order_by(ENTRY.c.number.desc())
    )
    return [
        Act(row.number, row.at, row.actor, row.action, _changes(orjson.loads(row.detail)))
        for row in rows
    ]


def _changes(detail: Mapping[str, Iterable[Any]]) -> Mapping[str, tuple[Any, Any]]:
    return {name: (old, new) for name, (old, new) in detail.items()}
