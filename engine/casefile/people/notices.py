"""消息: one line told to a person about what happened to his work; never a decision, never content of the file.

Whoever changes something tells it in the same transaction, so that nothing is told that did not happen.
Who was recused or may not open the case is left out, and finds nothing of it afterwards either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Table, Text, and_, func, insert, or_, select, text, update
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile import columns
from engine.casefile.case.cases import CASE
from engine.casefile.people import access, readers, users
from engine.casefile.people.users import User
from engine.errors import NotFound
from engine.ids import new_id

NOTICE = Table(
    "notice",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.user_id("user_id", nullable=False),
    columns.case_id(nullable=True),
    #: A key of KINDS.
    Column("kind", Text, nullable=False),
    #: 案号 · 文书名 · what happened, and nothing more.
    Column("text", Text, nullable=False),
    #: A path of ours; empty where there is nothing to open.
    Column("link", Text, nullable=False),
    Column("made_at", db.UtcDateTime, nullable=False),
    Column("read_at", db.UtcDateTime),
    Index(None, "court_id", "user_id", "id"),
    Index(
        "ix_notice_unread", "court_id", "user_id", "id", postgresql_where=text("read_at IS NULL")
    ),
)

#: Kind -> its word in the list.
KINDS = {
    "approval": "审批",
    "result": "审批结果",
    "reminder": "催办",
    "opinion": "征求意见",
    "circulation": "传阅",
    "due": "办理时限",
    "reassigned": "改派",
    "field_task": "外勤",
    "delivery": "送达",
    "handover": "流转",
    "incident": "异常",
}
#: Between the parts of a line.
_DOT = " · "


@dataclass(frozen=True)
class Notice:
    id: UUID
    case_id: UUID | None
    kind: str
    text: str
    link: str
    made_at: datetime
    read_at: datetime | None

    @property
    def word(self) -> str:
        return KINDS[self.kind]


_READ = (
    NOTICE.c.id,
    NOTICE.c.case_id,
    NOTICE.c.kind,
    NOTICE.c.text,
    NOTICE.c.link,
    NOTICE.c.made_at,
    NOTICE.c.read_at,
)


def line(*parts: str) -> str:
    """The text of a notice from its parts; empty parts are left out."""
    return _DOT.join(part for part in parts if part)


def tell(
    session: db.Session,
    court_id: UUID,
    user_ids: Iterable[UUID | None],
    kind: str,
    text: str,
    *,
    case_id: UUID | None = None,
    link: str = "",
) -> None:
    """One notice to each of these persons, in the caller's transaction.

    Left out: nobody (None), who is no longer active, who was recused from the case or may not open it.
    ``kind``: of ``KINDS``; ``text``: see ``line``; ``link``: a path of ours.
    """
    if kind not in KINDS or (link and not _is_path(link)):
        raise ValueError(f"{kind} {link}")
    wanted = {id_ for id_ in user_ids if id_ is not None}
    told = [id_ for id_ in sorted(wanted) if _may_be_told(session, court_id, id_, case_id)]
    if not told:
        return
    session.execute(
        insert(NOTICE),
        [
            {
                "id": new_id(),
                "court_id": court_id,
                "user_id": id_,
                "case_id": case_id,
                "kind": kind,
                "text": text,
                "link": link,
                "made_at": clock.now(),
            }
            for id_ in told
        ],
    )


def _is_path(link: str) -> bool:
    """Below our root: a notice never leads to another site."""
    return link.startswith("/") and not link.startswith("//") and "\\" not in link


def _may_be_told(session: db.Session, court_id: UUID, user_id: UUID, case_id: UUID | None) -> bool:
    try:
        user = users.get(session, user_id)
    except NotFound:  # has left
        return False
    return user.court_id == court_id and (
        case_id is None or readers.can_open(session, user, case_id)
    )


# ---------------------------------------------------------------- reading


def of_user(
    session: db.Session,
    viewer: User,
    *,
    unread_only: bool = False,
    after: tuple[UUID] | None = None,
    limit: int = 50,
) -> list[Notice]:
    """Newest first; at most ``limit`` + 1, so that the page knows whether there are more."""
    query = (
        select(*_READ)
        .outerjoin(CASE, CASE.c.id == NOTICE.c.case_id)
        .where(_mine(viewer))
        .order_by(NOTICE.c.id.desc())
        .limit(limit + 1)
    )
    if unread_only:
        query = query.where(NOTICE.c.read_at.is_(None))
    if after is not None:
        query = query.where(NOTICE.c.id < after[0])
    return [Notice(**row) for row in session.execute(query).mappings()]


def unread(session: db.Session, viewer: User) -> int:
    """For the number at the bell of every page."""
    found = session.scalar(
        select(func.count())
        .select_from(NOTICE)
        .outerjoin(CASE, CASE.c.id == NOTICE.c.case_id)
        .where(_mine(viewer), NOTICE.c.read_at.is_(None))
    )
    return int(found or 0)


def _mine(viewer: User) -> ColumnElement[bool]:
    return and_(
        NOTICE.c.court_id == viewer.court_id,
        NOTICE.c.user_id == viewer.id,
        or_(NOTICE.c.case_id.is_(None), access.not_recused(viewer)),
    )


def open_(session: db.Session, viewer: User, notice_id: UUID) -> str:
    """Marks it read; where it leads, empty if nowhere."""
    row = session.execute(
        select(NOTICE.c.link)
        .outerjoin(CASE, CASE.c.id == NOTICE.c.case_id)
        .where(NOTICE.c.id == notice_id, _mine(viewer))
    ).one_or_none()
    if row is None:
        raise NotFound(str(notice_id))
    _mark_read(session, NOTICE.c.id == notice_id)
    return str(row.link)


def mark_all_read(session: db.Session, viewer: User, *, until: UUID) -> None:
    """全部标为已读: what the viewer had before him, not what came since; ``until``: the newest he saw."""
    _mark_read(
        session,
        (NOTICE.c.court_id == viewer.court_id)
        & (NOTICE.c.user_id == viewer.id)
        & (NOTICE.c.id <= until),
    )


def _mark_read(session: db.Session, which: ColumnElement[bool]) -> None:
    session.execute(
        update(NOTICE).where(which, NOTICE.c.read_at.is_(None)).values(read_at=clock.now())
    )
