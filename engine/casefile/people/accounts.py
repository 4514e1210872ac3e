"""我的账户: one's own password, telephone and sessions; and the password that the command line sets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from engine import audit, clock, db
from engine.audit import Actor, Note
from engine.casefile.people import passwords, people_changes, users
from engine.casefile.people.users import SESSION_LENGTH, USER, WEB_SESSION, User
from engine.errors import EngineError, NotFound

#: How exactly 最近活动 is known: a row is written so often, not at every request.
SEEN_EVERY = timedelta(minutes=5)
#: Who acts when nobody is signed in.
COMMAND_LINE = Actor(None, "命令行")


class UnfitPassword(EngineError):
    """密码不合要求"""

    code = "unfit_password"


@dataclass(frozen=True)
class WebSession:
    since: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class Change:
    """A new password as it was typed."""

    current: str
    new: str
    again: str


def sessions(session: db.Session, viewer: User, token: str) -> list[WebSession]:
    """Where the viewer is signed in, this one first, then the latest; ``token``: of the one that asks."""
    rows = session.execute(
        select(WEB_SESSION.c.token_hash, WEB_SESSION.c.created_at, WEB_SESSION.c.seen_at)
        .where(
            WEB_SESSION.c.court_id == viewer.court_id,
            WEB_SESSION.c.user_id == viewer.id,
            WEB_SESSION.c.created_at > clock.real_now() - SESSION_LENGTH,
        )
        .order_by(WEB_SESSION.c.created_at.desc())
    )
    mine = users.hashed(token)
    found = [WebSession(row.created_at, row.seen_at, row.token_hash == mine) for row in rows]
    return sorted(found, key=lambda one: not one.is_this)


def is_worth_noting(viewer: User) -> bool:
    """Whether so much time has passed since this session was seen that it should be noted again."""
    return viewer.seen_at is not None and viewer.seen_at + SEEN_EVERY < clock.real_now()


def note_seen(session: db.Session, token: str) -> None:
    now = clock.real_now()
    session.execute(
        update(WEB_SESSION)
        .where(WEB_SESSION.c.token_hash == users.hashed(token), WEB_SESSION.c.seen_at < now)
        .values(seen_at=now)
    )


def leave_elsewhere(session: db.Session, viewer: User, token: str) -> int:
    """Ends every other session; how many."""
    return users.revoke_sessions(session, viewer.id, but=token)


def change_password(
    session: db.Session, viewer: User, token: str, change: Change
) -> dict[str, str]:
    """Field (``current``, ``new``, ``again``) -> what is wrong; empty when done, and other sessions ended.

    Returned, not raised: a wrong current password must be counted in a transaction that commits.
    """
    refused = users.check_password(session, viewer.id, change.current)
    if isinstance(refused, users.SignInClosed):
        return {"current": str(refused)}
    if refused is not None:
        return {"current": "现在的密码不正确，请重新输入"}
    fault = passwords.fault(change.new, login=viewer.login, name=viewer.name)
    if fault:
        return {"new": fault}
    if change.new == change.current:
        return {"new": "新密码不能与现在的密码相同"}
    if change.new != change.again:
        return {"again": "两次输入的新密码不一致"}
    users.set_password(session, viewer.id, change.new, but=token)
    audit.append(session, viewer.id, viewer.court_id, Note(viewer.actor, "password_changed", {}))
    return {}


def change_phone(session: db.Session, viewer: User, phone: str) -> str:
    """What is wrong with the number; empty when it was changed. An empty number is none."""
    fault = people_changes.phone_fault(phone)
    if fault:
        return fault
    old = session.scalar(select(USER.c.phone).where(USER.c.id == viewer.id).with_for_update())
    if old == phone:
        return ""
    session.execute(update(USER).where(USER.c.id == viewer.id).values(phone=phone))
    detail = {"phone": [old, phone]}
    audit.append(session, viewer.id, viewer.court_id, Note(viewer.actor, "account_changed", detail))
    return ""


def set_from_outside(session: db.Session, court_id: UUID, login: str, password: str) -> None:
    """For a court that locked itself out: to be changed at the next sign-in. Disabled accounts stay so."""
    row = session.execute(
        select(USER.c.id, USER.c.name, USER.c.active)
        .where(USER.c.court_id == court_id, USER.c.login == login)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(f"用户名 {login}")
    if not row.active:
        raise people_changes.Disabled(row.name)
    must_be_fit(password, login=login, name=row.name)
    users.set_password(session, row.id, password, must_change=True)
    audit.append(session, row.id, court_id, Note(COMMAND_LINE, "password_reset", {}))


def must_be_fit(password: str, *, login: str, name: str) -> None:
    fault = passwords.fault(password, login=login, name=name)
    if fault:
        raise UnfitPassword(fault)
