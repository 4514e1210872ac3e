"""People of the court: accounts, roles, sign-in. Sessions are rows, so that they can be revoked.

A role is a lane of the diagrams or an office (DOMAIN §10.1); ``operator``, ``designer``, ``deployer``
and ``sysadmin`` are rights; which roles and rights may go together is ``duties``. The team is the
stage it works.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    delete,
    insert,
    select,
    update,
)

from engine import clock, db
from engine.audit import Actor
from engine.casefile import columns
from engine.errors import EngineError, NotFound
from engine.ids import new_id

USER = Table(
    "user_account",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    #: 法官、法官助理、书记员 …, as printed under documents.
    Column("title", Text, nullable=False),
    Column("phone", Text, nullable=False, server_default=""),
    #: Stage key of the team, null for offices and central desks.
    Column("team", Text),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default="true"),
    #: Wrong passwords since the last right one; too many close the account for a while.
    Column("failed_attempts", Integer, nullable=False, server_default="0"),
    Column("closed_until", db.UtcDateTime),
    #: Somebody else has set it; nothing else can be done before its owner has chosen his own.
    Column("must_change_password", Boolean, nullable=False, server_default="false"),
    Column("last_sign_in_at", db.UtcDateTime),
    UniqueConstraint("court_id", "login"),
    Index(None, "court_id", "team"),
)

ROLE = Table(
    "user_role",
    db.metadata,
    columns.court_id(),
    Column("user_id", Uuid, ForeignKey("user_account.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Index(None, "court_id", "role"),
)

WEB_SESSION = Table(
    "web_session",
    db.metadata,
    #: SHA-256 of the token; the token itself is only in the cookie.
    Column("token_hash", LargeBinary, primary_key=True),
    columns.court_id(),
    columns.user_id("user_id", nullable=False),
    Column("created_at", db.UtcDateTime, nullable=False),
    Column("seen_at", db.UtcDateTime, nullable=False),
    Index(None, "court_id", "user_id"),
)

#: Wrong passwords in a row, and how long the account is then closed.
ATTEMPTS = 5
CLOSED_FOR = timedelta(minutes=10)
#: A working day, and some hours beyond it.
SESSION_LENGTH = timedelta(hours=12)
SYSADMIN = "sysadmin"
RIGHTS = frozenset({"operator", "designer", "deployer", SYSADMIN})
#: Read all cases of the bureau; everybody else sees what he handles, and masked columns of the rest.
LEADERS = frozenset({"bureau_director", "vice_president", "president", "command_centre"})

_hasher = PasswordHasher()


class SignInRefused(EngineError):
    """用户名或者密码不正确，请重新输入"""

    code = "sign_in_refused"


class SignInClosed(SignInRefused):
    """连续输错次数过多，账号暂停登录，请十分钟后再试，或者联系信息部门"""

    code = "sign_in_closed"


@dataclass(frozen=True)
class User:
    """Who looks or acts; what he may see follows from it."""

    id: UUID
    court_id: UUID
    login: str
    name: str
    title: str
    team: str | None
    roles: frozenset[str]
    phone: str = ""
    must_change_password: bool = False
    #: When the session that asks was last seen; only of who is signed in.
    seen_at: datetime | None = field(default=None, compare=False)

    @property
    def actor(self) -> Actor:
        """Who acted, as process runtime and audit write it down."""
        return Actor(self.id, self.name)

    @property
    def rights(self) -> frozenset[str]:
        return self.roles & RIGHTS

    @property
    def is_leader(self) -> bool:
        return bool(self.roles & LEADERS)

    def has(self, *wanted: str) -> bool:
        return bool(self.roles.intersection(wanted))


def add(
    session: db.Session,
    court_id: UUID,
    *,
    login: str,
    name: str,
    title: str,
    password: str,
    roles: Iterable[str],
    team: str | None = None,
    phone: str = "",
    must_change_password: bool = False,
) -> UUID:
    id_ = new_id()
    session.execute(
        insert(USER).values(
            id=id_,
            court_id=court_id,
            login=login,
            name=name,
            title=title,
            phone=phone,
            team=team,
            password_hash=_hasher.hash(password),
            must_change_password=must_change_password,
        )
    )
    set_roles(session, court_id, id_, roles)
    return id_


def set_roles(session: db.Session, court_id: UUID, user_id: UUID, roles: Iterable[str]) -> None:
    """These and no others, from now on."""
    session.execute(delete(ROLE).where(ROLE.c.user_id == user_id))
    for role in sorted(set(roles)):
        session.execute(insert(ROLE).values(court_id=court_id, user_id=user_id, role=role))


def get(session: db.Session, user_id: UUID) -> User:
    return _one(session, USER.c.id == user_id, str(user_id))


def name_of(session: db.Session, user_id: UUID | None) -> str:
    """Empty where there is nobody."""
    found = session.scalar(select(USER.c.name).where(USER.c.id == user_id)) if user_id else None
    return found or ""


def by_login(session: db.Session, court_id: UUID, login: str) -> User:
    return _one(session, (USER.c.court_id == court_id) & (USER.c.login == login), login)


def by_name(session: db.Session, court_id: UUID, name: str) -> list[User]:
    """Everybody of this name; two persons of a court may share one."""
    return _many(session, (USER.c.court_id == court_id) & (USER.c.name == name))


def of_court(session: db.Session, court_id: UUID) -> list[User]:
    return _many(session, USER.c.court_id == court_id)


def of_team(session: db.Session, court_id: UUID, team: str, role: str | None = None) -> list[User]:
    """Active members of a team, by name; with ``role`` only who has it."""
    found = _many(session, (USER.c.court_id == court_id) & (USER.c.team == team))
    return [user for user in found if role is None or role in user.roles]


def with_role(session: db.Session, court_id: UUID, role: str) -> list[User]:
    held = select(ROLE.c.user_id).where(ROLE.c.court_id == court_id, ROLE.c.role == role)
    return _many(session, (USER.c.court_id == court_id) & USER.c.id.in_(held))


def _one(session: db.Session, condition: object, what: str) -> User:
    found = _many(session, condition)
    if not found:
        raise NotFound(what)
    return found[0]


def _many(session: db.Session, condition: object) -> list[User]:
    rows = session.execute(
        select(USER, ROLE.c.role)
        .outerjoin(ROLE, ROLE.c.user_id == USER.c.id)
        .where(condition, USER.c.active)  # type: ignore[arg-type]
        .order_by(USER.c.name, USER.c.id)
    ).mappings()
    roles: dict[UUID, set[str]] = {}
    found = {}
    for row in rows:
        found[row["id"]] = row
        roles.setdefault(row["id"], set()).update({row["role"]} - {None})
    return [
        User(
            id=row["id"],
            court_id=row["court_id"],
            login=row["login"],
            name=row["name"],
            title=row["title"],
            team=row["team"],
            phone=row["phone"],
            roles=frozenset(roles[id_]),
            must_change_password=row["must_change_password"],
        )
        for id_, row in found.items()
    ]


# ---------------------------------------------------------------- sign-in


def sign_in(session: db.Session, login: str, password: str) -> tuple[User, str] | SignInRefused:
    """The user and the token of a new session, or the refusal, without saying which part was wrong.

    A refusal is returned, not raised: its attempt must be counted in a transaction that commits.
    """
    rows = session.execute(
        select(
            USER.c.id,
            USER.c.court_id,
            USER.c.password_hash,
            USER.c.failed_attempts,
            USER.c.closed_until,
        )
        .where(USER.c.login == login, USER.c.active)
        .with_for_update()
    ).all()
    now = clock.real_now()
    # The same login may exist in several courts; the password tells whose it is.
    if not rows:
        _is_right(_NOBODY, password)
    for row in rows:
        if _is_right(row.password_hash, password):
            if row.closed_until is not None and row.closed_until > now:
                return SignInClosed()
            return _signed_in(session, row.id, row.court_id)
    return _refused(session, rows)


def _is_right(hash_: str, password: str) -> bool:
    try:
        return _hasher.verify(hash_, password)
    except (VerificationError, InvalidHashError):
        return False


def _signed_in(session: db.Session, user_id: UUID, court_id: UUID) -> tuple[User, str]:
    token, now = secrets.token_urlsafe(32), clock.real_now()
    session.execute(
        insert(WEB_SESSION).values(
            token_hash=hashed(token),
            court_id=court_id,
            user_id=user_id,
            created_at=now,
            seen_at=now,
        )
    )
    session.execute(
        update(USER)
        .where(USER.c.id == user_id)
        .values(failed_attempts=0, closed_until=None, last_sign_in_at=now)
    )
    return get(session, user_id), token


def _refused(session: db.Session, rows: Iterable[Any]) -> SignInRefused:
    refusal = SignInRefused()
    for row in rows:
        attempts = row.failed_attempts + 1
        closed = clock.real_now() + CLOSED_FOR if attempts >= ATTEMPTS else None
        session.execute(
            update(USER)
            .where(USER.c.id == row.id)
            .values(
                failed_attempts=0 if closed else attempts, closed_until=closed or row.closed_until
            )
        )
        if closed or (row.closed_until is not None and row.closed_until > clock.real_now()):
            refusal = SignInClosed()
    return refusal


#: So that an unknown login costs as much time as a wrong password.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def of_token(session: db.Session, token: str) -> User | None:
    """Who is signed in with this token; None when it has run out or was revoked."""
    row = session.execute(
        select(WEB_SESSION.c.user_id, WEB_SESSION.c.created_at, WEB_SESSION.c.seen_at).where(
            WEB_SESSION.c.token_hash == hashed(token)
        )
    ).one_or_none()
    if row is None or row.created_at + SESSION_LENGTH < clock.real_now():
        return None
    found = _many(session, USER.c.id == row.user_id)
    return replace(found[0], seen_at=row.seen_at) if found else None


def sign_out(session: db.Session, token: str) -> None:
    session.execute(delete(WEB_SESSION).where(WEB_SESSION.c.token_hash == hashed(token)))


def revoke_sessions(session: db.Session, user_id: UUID, *, but: str = "") -> int:
    """Signs a person out at once, everywhere or everywhere else; from how many sessions.

    ``but``: the token of the session that stays.
    """
    mine = (WEB_SESSION.c.user_id == user_id) & (WEB_SESSION.c.token_hash != hashed(but))
    return session.execute(delete(WEB_SESSION).where(mine)).rowcount


def set_password(
    session: db.Session, user_id: UUID, password: str, *, must_change: bool = False, but: str = ""
) -> None:
    """Also ends the person's sessions, except that with the token ``but``, and opens a closed account.

    ``must_change``: it was set by somebody else.
    """
    session.execute(
        update(USER)
        .where(USER.c.id == user_id)
        .values(
            password_hash=_hasher.hash(password),
            must_change_password=must_change,
            failed_attempts=0,
            closed_until=None,
        )
    )
    revoke_sessions(session, user_id, but=but)


def check_password(session: db.Session, user_id: UUID, password: str) -> SignInRefused | None:
    """None if it is this person's; a wrong one counts as when signing in, in a transaction that commits."""
    row = session.execute(
        select(USER.c.id, USER.c.password_hash, USER.c.failed_attempts, USER.c.closed_until)
        .where(USER.c.id == user_id)
        .with_for_update()
    ).one()
    closed = row.closed_until is not None and row.closed_until > clock.real_now()
    if _is_right(row.password_hash, password):
        return SignInClosed() if closed else None
    return _refused(session, [row])


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
