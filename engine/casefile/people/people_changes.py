"""人员管理, the acts: adding, changing, disabling and enabling a person, a new password, an account opened.

Each act locks the court's people, so that two system administrators cannot take the right from each
other, and leaves its entry in the person's own audit chain: who, when, old and new, never a password.
A changed role counts at the next request; what stands open for a role is then in other people's lists.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from engine import audit, clock, db
from engine.audit import ENTRY, Actor, Note
from engine.casefile import labels
from engine.casefile.people import duties, passwords, people, users
from engine.casefile.people.courts import COURT
from engine.casefile.people.people import Person
from engine.casefile.people.users import LEADERS, USER, User
from engine.errors import EngineError
from engine.process.tasks import TASK

#: Of a login: it is typed every morning, and stands in addresses and logs.
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]", re.ASCII)
#: Characters that would break a line or a list; a name may have a middle dot.
_NAME = re.compile(r"[^\W\d_][\w·. ()（）-]{0,29}")
LONGEST_TITLE = 30
_FORM = ("name", "title", "login", "phone", "team", "roles")
_FIELDS = ("name", "title", "phone", "team", "roles")


class PersonIncomplete(EngineError):
    """人员资料还不完整"""

    code = "person_incomplete"

    def __init__(self, problems: dict[str, str]) -> None:
        #: Field -> what must be done about it, in the order of the form.
        self.problems = {name: problems[name] for name in _FORM if name in problems}
        super().__init__("；".join(self.problems.values()))


class ChangedMeanwhile(EngineError):
    """这个人的资料刚刚被别人改动，您的修改没有保存，请核对后再改"""

    code = "changed_meanwhile"


class HoldsWork(EngineError):
    """名下还有没有办完的工作，改派后才能停用"""

    code = "holds_work"


class OwnAccount(EngineError):
    """不能停用自己的账号，也不能改变自己的岗位、权限和团队，请由其他系统管理人员办理"""

    code = "own_account"


class AlreadySo(EngineError):
    """账号已经是这个状态，没有改动"""

    code = "account_already_so"


class OwnPassword(EngineError):
    """自己的密码在“我的账户”中修改"""

    code = "own_password"


class Disabled(EngineError):
    """账号已停用，启用后才能重置密码"""

    code = "account_disabled"


@dataclass(frozen=True)
class Given:
    """What the form says of a person."""

    name: str = ""
    title: str = ""
    phone: str = ""
    team: str | None = None
    #: Rights included.
    roles: frozenset[str] = frozenset()
    #: Only of a new person; never changed afterwards.
    login: str = ""


# ---------------------------------------------------------------- a new person, a changed one


def add(session: db.Session, viewer: User, given: Given) -> tuple[UUID, str]:
    """The new account and its one-time password, which nobody can read again."""
    _begin(session, viewer)
    problems = _faults(given)
    if not _LOGIN.fullmatch(given.login):
        problems["login"] = "用 2 至 32 个小写字母、数字、点和横线，以字母或者数字开头"
    elif _exists(session, viewer.court_id, given.login):
        problems["login"] = "这个用户名已经有人使用，停用的账号也算"
    if problems:
        raise PersonIncomplete(problems)
    password = passwords.one_time()
    id_ = users.add(
        session,
        viewer.court_id,
        login=given.login,
        name=given.name,
        title=given.title,
        phone=given.phone,
        team=given.team,
        roles=given.roles,
        password=password,
        must_change_password=True,
    )
    note_added(session, viewer.actor, viewer.court_id, id_, given)
    return id_, password


def note_added(
    session: db.Session, actor: Actor, court_id: UUID, user_id: UUID, given: Given
) -> None:
    """The first entry of a person's chain."""
    detail = {name: [None, _stored(given, name)] for name in ("login", *_FIELDS)}
    audit.append(session, user_id, court_id, Note(actor, "account_added", detail))


def change(session: db.Session, viewer: User, person_id: UUID, given: Given, seen: int) -> None:
    """``seen``: number of the newest entry of the history that the viewer had before him."""
    _begin(session, viewer)
    old = _locked(session, viewer, person_id)
    _must_have_seen(session, person_id, seen)
    moved = (given.team, given.roles) != (old.team, old.roles)
    if moved and person_id == viewer.id:
        raise OwnAccount
    problems = _faults(given)
    if moved and not problems:
        problems = _stranded(session, old, given)
    if problems:
        raise PersonIncomplete(problems)
    before = Given(old.name, old.title, old.phone, old.team, old.roles)
    detail = {
        name: [_stored(before, name), _stored(given, name)]
        for name in _FIELDS
        if getattr(before, name) != getattr(given, name)
    }
    if not detail:
        return
    session.execute(
        update(USER)
        .where(USER.c.id == person_id)
        .values(name=given.name, title=given.title, phone=given.phone, team=given.team)
    )
    users.set_roles(session, viewer.court_id, person_id, given.roles)
    _note(session, viewer, person_id, "account_changed", detail)


def tidied(given: Given) -> Given:
    """Without blanks around, and with roles and rights only that there are."""
    texts = {name: getattr(given, name).strip() for name in ("name", "title", "phone", "login")}
    return replace(given, **texts, roles=duties.known(given.roles))


def _faults(given: Given) -> dict[str, str]:
    found = duties.faults(given.roles, given.team)
    if not _NAME.fullmatch(given.name):
        found["name"] = "请填写姓名，以文字开头，不超过 30 个字" if given.name else "请填写姓名"
    if not given.title or len(given.title) > LONGEST_TITLE or not given.title.isprintable():
        found["title"] = "请填写职务，如法官、法官助理、书记员，印在文书落款处"
    phone = phone_fault(given.phone)
    if phone:
        found["phone"] = phone
    return found


def phone_fault(phone: str) -> str:
    """A sentence; empty for a number that can be one and for none."""
    fits = not phone or _PHONE.fullmatch(phone)
    return "" if fits else "电话只写数字和横线，例如 0519-80001234"


def _exists(session: db.Session, court_id: UUID, login: str) -> bool:
    known = select(USER.c.id).where(USER.c.court_id == court_id, USER.c.login == login)
    return session.scalar(known) is not None


def _stored(given: Given, name: str) -> Any:
    value = getattr(given, name)
    return sorted(value) if name == "roles" else value


# ---------------------------------------------------------------- what would be nobody's


def _stranded(session: db.Session, old: Person, given: Given) -> dict[str, str]:
    """Field -> which work nobody could go on with."""
    held, lost = people.held(session, old), old.roles - given.roles
    found = {}
    if held.cases and given.team != old.team:
        found["team"] = f"还承办 {held.cases} 件案件，改派后才能换团队"
    if held.cases and "handling_judge" in lost:
        found["roles"] = f"还承办 {held.cases} 件案件，改派后才能取消承办法官岗位"
    elif held.errands and "field_officer" in lost:
        found["roles"] = f"还有 {held.errands} 项外勤事项，办结或者撤回后才能取消外勤岗位"
    elif tasks := _tasks_of(session, old, lost):
        found["roles"] = f"还有 {tasks} 项待办任务需要原来的岗位，改派后才能取消"
    return found


def _tasks_of(session: db.Session, old: Person, lost: Iterable[str]) -> int:
    """Open tasks given to him by name that ask for a role which he loses."""
    rows = session.execute(
        select(TASK.c.role, func.count())
        .where(TASK.c.court_id == old.court_id, TASK.c.assignee == old.id, TASK.c.state == "open")
        .group_by(TASK.c.role)
    )
    gone = set(lost)
    # A lane that is no office, as 审批人员, stands for whoever decides.
    decides = bool(gone & (LEADERS | {"panel_member"}))
    return sum(
        count
        for lane, count in rows
        if (labels.LANES[lane] in gone if lane in labels.LANES else decides)
    )


# ---------------------------------------------------------------- the account


def disable(session: db.Session, viewer: User, person_id: UUID) -> None:
    """Signed out at once; nothing is deleted. ``HoldsWork`` while cases or tasks are his."""
    _begin(session, viewer)
    if person_id == viewer.id:
        raise OwnAccount
    found = _locked(session, viewer, person_id)
    if not found.active:
        raise AlreadySo(found.name)
    held = people.held(session, found)
    if held.anything:
        raise HoldsWork(f"{found.name}{held.sentence}")
    session.execute(update(USER).where(USER.c.id == person_id).values(active=False))
    users.revoke_sessions(session, person_id)
    _note(session, viewer, person_id, "account_disabled", {"state": ["active", "disabled"]})


def enable(session: db.Session, viewer: User, person_id: UUID) -> None:
    """With the roles he had."""
    _begin(session, viewer)
    found = _locked(session, viewer, person_id)
    if found.active:
        raise AlreadySo(found.name)
    session.execute(update(USER).where(USER.c.id == person_id).values(active=True))
    _note(session, viewer, person_id, "account_enabled", {"state": ["disabled", "active"]})


def reset_password(session: db.Session, viewer: User, person_id: UUID) -> str:
    """A one-time password, to be changed when first used; all his sessions end."""
    _begin(session, viewer)
    found = _locked(session, viewer, person_id)
    if person_id == viewer.id:
        raise OwnPassword
    if not found.active:
        raise Disabled(found.name)
    password = passwords.one_time()
    users.set_password(session, person_id, password, must_change=True)
    _note(session, viewer, person_id, "password_reset", {})
    return password


def unlock(session: db.Session, viewer: User, person_id: UUID) -> None:
    """Lifts the closing after too many wrong passwords."""
    _begin(session, viewer)
    found = _locked(session, viewer, person_id)
    if found.state != "closed":
        raise AlreadySo(found.name)
    opened = {"failed_attempts": 0, "closed_until": None}
    session.execute(update(USER).where(USER.c.id == person_id).values(**opened))
    _note(session, viewer, person_id, "account_unlocked", {"state": ["closed", "active"]})


# ---------------------------------------------------------------- around every act


def _begin(session: db.Session, viewer: User) -> None:
    """One act at a time in a court; the viewer's right is read again behind the lock.

    As nobody acts on his own rights, a system administrator is always left: he who acts.
    """
    court = select(COURT.c.id).where(COURT.c.id == viewer.court_id)
    # Weak enough that rows which refer to the court may be written meanwhile.
    session.execute(court.with_for_update(key_share=True))
    people.must_administer(users.get(session, viewer.id))


def _locked(session: db.Session, viewer: User, person_id: UUID) -> Person:
    """Strong: who is just giving him a case is waited for."""
    session.execute(select(USER.c.id).where(USER.c.id == person_id).with_for_update())
    return people.person(session, viewer, person_id)


def _must_have_seen(session: db.Session, person_id: UUID, seen: int) -> None:
    last = session.execute(
        select(ENTRY.c.number, ENTRY.c.actor, ENTRY.c.at)
        .where(ENTRY.c.chain_id == person_id)
        .order_by(ENTRY.c.number.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last.number != seen:
        at = last.at.astimezone(clock.COURT_ZONE)
        raise ChangedMeanwhile(f"{last.actor}，{at:%m-%d %H:%M}")


def _note(
    session: db.Session, viewer: User, person_id: UUID, action: str, detail: dict[str, Any]
) -> None:
    audit.append(session, person_id, viewer.court_id, Note(viewer.actor, action, detail))
