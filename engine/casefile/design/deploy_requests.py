"""部署 by two people: one asks with a reason, another confirms, and only then is there a new version.

open --confirm--> deployed | --send back--> returned | --withdraw--> withdrawn    (``deploy_decisions``)

What was asked for is kept as it was then, so that the second person confirms what was checked, also
when somebody goes on editing the draft. Going back to an old version is a request like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    all_,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from engine import clock, db
from engine.casefile import columns
from engine.casefile.design import design_checks, design_drafts, designs, shared_files
from engine.casefile.design.design_checks import Trial
from engine.casefile.people import users
from engine.casefile.people.users import USER, User
from engine.errors import EngineError, NotFound
from engine.ids import new_id

REQUEST = Table(
    "deploy_request",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    Column("subject", Text, nullable=False),
    #: Name -> text, as it was when it was asked for.
    Column("files", JSONB, nullable=False),
    #: The newest version then; another deployed since makes the request void.
    Column("base_version", Integer, nullable=False),
    #: The old version that is to come back; null: the draft.
    Column("old_version", Integer),
    #: First day of a shared file; null for a definition.
    Column("valid_from", Date),
    Column("reason", Text, nullable=False),
    #: Whoever changed something in it; none of them may confirm.
    Column("authors", ARRAY(Uuid), nullable=False),
    columns.user_id("requested_by", nullable=False),
    Column("requested_at", db.UtcDateTime, nullable=False),
    #: Who was asked; anybody else with the right may confirm too.
    columns.user_id("asked", nullable=False),
    #: open, deployed, returned, withdrawn
    Column("state", Text, nullable=False),
    columns.user_id("decided_by"),
    Column("decided_at", db.UtcDateTime),
    #: Why it was sent back.
    Column("note", Text, nullable=False, server_default=""),
    #: What it became.
    Column("version", Integer),
    CheckConstraint("state IN ('open', 'deployed', 'returned', 'withdrawn')", name="state"),
    CheckConstraint("decided_by IS NULL OR state = 'withdrawn' OR decided_by <> requested_by", name="two_people"),
    Index(None, "court_id", "subject", "requested_at"),
    Index(
        "ix_deploy_request_open",
        "court_id",
        "subject",
        unique=True,
        postgresql_where=text("state = 'open'"),
    ),
)  # fmt: skip

LONGEST = 500  #: characters of a reason


class ReasonMissing(EngineError):
    """请填写理由"""

    code = "reason_missing"


class ReasonTooLong(EngineError):
    """理由太长，请不要超过 500 字"""

    code = "reason_too_long"


class ConfirmerMissing(EngineError):
    """请选择第二人，须有部署权限，并且没有参与本次修改"""

    code = "confirmer_missing"


class NotGreen(EngineError):
    """检查有错误或者场景没有通过，改正后才能部署"""

    code = "not_green"


class AlreadyRequested(EngineError):
    """已有一项部署申请等待确认，请先由第二人处理，或者撤回后重新申请"""

    code = "already_requested"


class NothingChanged(EngineError):
    """与现行版本完全相同，不需要部署"""

    code = "nothing_changed"


class BadFirstDay(EngineError):
    """生效日期不能早于今天，也不能早于现行版本的生效日期"""

    code = "bad_first_day"


@dataclass(frozen=True)
class Request:
    id: UUID
    subject: str
    base_version: int
    old_version: int | None
    valid_from: date | None
    reason: str
    authors: list[UUID]
    requested_by: UUID
    requested_at: datetime
    asked: UUID
    state: str
    decided_by: UUID | None
    decided_at: datetime | None
    note: str
    version: int | None


_READ = tuple(REQUEST.c[f.name] for f in fields(Request))


# ---------------------------------------------------------------- reading


def get(session: db.Session, viewer: User, request_id: UUID) -> Request:
    designs.must_look(viewer)
    return load(session, viewer, request_id)


def load(session: db.Session, viewer: User, request_id: UUID, *, lock: bool = False) -> Request:
    """Of the viewer's court, without asking for his rights; ``lock``: for deciding it."""
    query = select(*_READ).where(REQUEST.c.id == request_id, REQUEST.c.court_id == viewer.court_id)
    row = session.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFound(str(request_id))
    return Request(**row)


def files(session: db.Session, request_id: UUID) -> Mapping[str, str]:
    found: Mapping[str, str] | None = session.scalar(
        select(REQUEST.c.files).where(REQUEST.c.id == request_id)
    )
    if found is None:
        raise NotFound(str(request_id))
    return found


def of_subject(session: db.Session, court_id: UUID, subject: str) -> list[Request]:
    """Newest first."""
    rows = session.execute(
        select(*_READ)
        .where(REQUEST.c.court_id == court_id, REQUEST.c.subject == subject)
        .order_by(REQUEST.c.requested_at.desc())
    )
    return [Request(**row) for row in rows.mappings()]


def open_of_court(session: db.Session, court_id: UUID) -> dict[str, Request]:
    """Subject -> the request that waits for its second person."""
    rows = session.execute(
        select(*_READ).where(REQUEST.c.court_id == court_id, REQUEST.c.state == "open")
    )
    return {row["subject"]: Request(**row) for row in rows.mappings()}


def may_confirm(viewer: User, request: Request) -> bool:
    return viewer.has("deployer") and viewer.id not in {request.requested_by, *request.authors}


def count_for(session: db.Session, viewer: User) -> int:
    """Requests that wait for this viewer."""
    if not viewer.has("deployer"):
        return 0
    found = session.scalar(
        select(func.count()).where(
            REQUEST.c.court_id == viewer.court_id,
            REQUEST.c.state == "open",
            REQUEST.c.requested_by != viewer.id,
            literal(viewer.id, Uuid) != all_(REQUEST.c.authors),
        )
    )
    return int(found or 0)


def confirmers(session: db.Session, viewer: User, subject: str) -> list[User]:
    """Who may be asked for this viewer's draft, by name."""
    draft = design_drafts.find(session, viewer.court_id, subject)
    involved = {viewer.id, *(design_drafts.authors(session, draft.id) if draft else ())}
    return [
        u for u in users.with_role(session, viewer.court_id, "deployer") if u.id not in involved
    ]


def people(session: db.Session, court_id: UUID) -> dict[UUID, str]:
    """Account -> name, of everybody who was ever of the court."""
    rows = session.execute(select(USER.c.id, USER.c.name).where(USER.c.court_id == court_id))
    return {row.id: row.name for row in rows}


# ---------------------------------------------------------------- asking


def submit(
    session: db.Session,
    viewer: User,
    subject: str,
    *,
    reason: str,
    asked: UUID | None,
    seen: int,
    valid_from: date | None = None,
) -> UUID:
    """Asks for the draft, as it is at revision ``seen``, to be deployed."""
    designs.must_design(viewer)
    draft = design_drafts.find(session, viewer.court_id, subject)
    if draft is None:
        raise design_drafts.NoDraft
    if draft.revision != seen:
        raise design_drafts.DraftChanged(f"{draft.changed_by_name} 改过，请重新查看")
    texts = design_drafts.texts(session, viewer.court_id, subject)
    authors = design_drafts.authors(session, draft.id)
    asking = _Asking(subject, texts, reason, asked, valid_from, authors)
    return _ask(session, viewer, asking)


def submit_old(
    session: db.Session,
    viewer: User,
    subject: str,
    number: int,
    *,
    reason: str,
    asked: UUID | None,
    valid_from: date | None = None,
) -> UUID:
    """Asks for an old version to come back."""
    designs.must_design(viewer)
    texts = dict(designs.files(session, viewer.court_id, subject, number))
    asking = _Asking(subject, texts, reason, asked, valid_from, [], number)
    return _ask(session, viewer, asking)


@dataclass(frozen=True)
class _Asking:
    subject: str
    texts: Mapping[str, str]
    reason: str
    asked: UUID | None
    valid_from: date | None
    authors: list[UUID]
    old_version: int | None = None


def _ask(session: db.Session, viewer: User, asking: _Asking) -> UUID:
    reason = written(asking.reason)
    involved = {viewer.id, *asking.authors}
    if asking.asked is None or asking.asked in involved:
        raise ConfirmerMissing
    if not users.get(session, asking.asked).has("deployer"):
        raise ConfirmerMissing
    subject, court_id = asking.subject, viewer.court_id
    if subject in open_of_court(session, court_id):
        raise AlreadyRequested
    base = designs.newest_number(session, court_id, subject)
    if base and dict(designs.files(session, court_id, subject)) == dict(asking.texts):
        raise NothingChanged
    valid_from = _first_day(session, court_id, subject, asking.valid_from)
    must_be_green(design_checks.trial(session, court_id, subject, asking.texts))
    id_ = new_id()
    session.execute(
        insert(REQUEST).values(
            id=id_,
            court_id=court_id,
            subject=subject,
            files=dict(asking.texts),
            base_version=base,
            old_version=asking.old_version,
            valid_from=valid_from,
            reason=reason,
            authors=asking.authors,
            requested_by=viewer.id,
            requested_at=clock.now(),
            asked=asking.asked,
            state="open",
        )
    )
    return id_


def written(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    if len(reason) > LONGEST:
        raise ReasonTooLong
    return reason


def _first_day(
    session: db.Session, court_id: UUID, subject: str, wanted: date | None
) -> date | None:
    if not designs.is_shared(subject):
        return None
    newest = shared_files.versions(session, court_id, subject)
    # An earlier day than the version before would never come into force.
    earliest = max([clock.today(), *(v.valid_from for v in newest[:1])])
    if wanted is not None and wanted < earliest:
        raise BadFirstDay
    return wanted or earliest


def must_be_green(trial: Trial) -> None:
    if trial.is_green:
        return
    first = [f.message for f in trial.errors] + [
        f"场景“{r.title or r.name}”：{r.failures[0].sentence}" for r in trial.failed
    ]
    raise NotGreen(first[0].rstrip("。"))
