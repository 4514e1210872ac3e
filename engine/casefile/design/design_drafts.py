"""Drafts: the one unfinished version of a subject that designers share, file by file.

Every save says which state of the file it changes, so two people never overwrite each other
unseen; what was there and by whom is told to the second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile import columns
from engine.casefile.design import designs
from engine.casefile.people.users import USER, User
from engine.errors import EngineError, NotFound
from engine.ids import new_id

DRAFT = Table(
    "design_draft",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    Column("subject", Text, nullable=False),
    #: Version that it was begun from; 0 for something new.
    Column("base_version", Integer, nullable=False),
    #: Raised by every save; a file's version is the revision of its last one.
    Column("revision", BigInteger, nullable=False),
    #: Errors of the last check; null: not checked since the last save.
    Column("errors", Integer),
    columns.user_id("begun_by", nullable=False),
    columns.user_id("changed_by", nullable=False),
    Column("changed_at", db.UtcDateTime, nullable=False),
    UniqueConstraint("court_id", "subject"),
)

FILE = Table(
    "design_draft_file",
    db.metadata,
    columns.court_id(),
    Column("draft_id", Uuid, ForeignKey("design_draft.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("text", Text, nullable=False),
    #: 0: as deployed.
    Column("version", BigInteger, nullable=False),
    columns.user_id("changed_by", nullable=False),
    Column("changed_at", db.UtcDateTime, nullable=False),
)


class DraftChanged(EngineError):
    """这份草稿刚刚由别人保存，您的改动还没有保存"""

    code = "draft_changed"


class NoDraft(EngineError):
    """没有草稿，现行版本没有改动"""

    code = "no_draft"


class BadKey(EngineError):
    """流程标识只能用小写英文字母、数字和下划线，以字母开头，最多 40 个字符"""

    code = "bad_key"


class AlreadyThere(EngineError):
    """已有同名的流程或者文件，请换一个名称"""

    code = "design_exists"


class DiagramNeeded(EngineError):
    """流程图不能删除"""

    code = "diagram_needed"


class TooManyFiles(EngineError):
    """文件太多，一个流程最多 60 个文件"""

    code = "too_many_files"


@dataclass(frozen=True)
class Draft:
    id: UUID
    subject: str
    base_version: int
    revision: int
    errors: int | None
    changed_by: UUID
    changed_by_name: str
    changed_at: datetime


@dataclass(frozen=True)
class File:
    """One file as an editor opens it."""

    name: str
    text: str
    #: What a save must say that it has seen; 0: as deployed, or new.
    version: int


# ---------------------------------------------------------------- reading


def of_court(session: db.Session, court_id: UUID) -> dict[str, Draft]:
    """Subject -> its draft."""
    return {draft.subject: draft for draft in _read(session, DRAFT.c.court_id == court_id)}


def find(session: db.Session, court_id: UUID, subject: str) -> Draft | None:
    found = _read(session, (DRAFT.c.court_id == court_id) & (DRAFT.c.subject == subject))
    return found[0] if found else None


def _read(session: db.Session, condition: ColumnElement[bool]) -> list[Draft]:
    rows = session.execute(
        select(
            DRAFT.c.id,
            DRAFT.c.subject,
            DRAFT.c.base_version,
            DRAFT.c.revision,
            DRAFT.c.errors,
            DRAFT.c.changed_by,
            USER.c.name.label("changed_by_name"),
            DRAFT.c.changed_at,
        )
        .join(USER, USER.c.id == DRAFT.c.changed_by)
        .where(condition)
        .order_by(DRAFT.c.subject)
    )
    return [Draft(**row) for row in rows.mappings()]


def files(session: db.Session, court_id: UUID, subject: str) -> dict[str, File]:
    """Name -> file, of the draft, or of the newest version as long as there is none."""
    draft = find(session, court_id, subject)
    if draft is None:
        deployed = designs.files(session, court_id, subject)
        return {name: File(name, text, 0) for name, text in sorted(deployed.items())}
    rows = session.execute(
        select(FILE.c.name, FILE.c.text, FILE.c.version)
        .where(FILE.c.draft_id == draft.id)
        .order_by(FILE.c.name)
    )
    return {row.name: File(row.name, row.text, row.version) for row in rows}


def texts(session: db.Session, court_id: UUID, subject: str) -> dict[str, str]:
    return {name: file.text for name, file in files(session, court_id, subject).items()}


def authors(session: db.Session, draft_id: UUID) -> list[UUID]:
    """Everybody who saved something that is in the draft now."""
    changed = select(FILE.c.changed_by).where(FILE.c.draft_id == draft_id, FILE.c.version > 0)
    begun = select(DRAFT.c.begun_by).where(DRAFT.c.id == draft_id)
    last = select(DRAFT.c.changed_by).where(DRAFT.c.id == draft_id)
    return sorted(set(session.scalars(changed.union(begun, last))))


# ---------------------------------------------------------------- writing


def begin_new(session: db.Session, viewer: User, key: str, texts_: Mapping[str, str]) -> None:
    """A draft of a process that the court does not have yet."""
    designs.must_design(viewer)
    if not designs.KEY.fullmatch(key):
        raise BadKey
    if designs.versions(session, viewer.court_id, key) or find(session, viewer.court_id, key):
        raise AlreadyThere(key)
    for name, text in texts_.items():
        designs.must_be_file(key, name, text)
    _make(session, viewer, key, 0, texts_, version=1)


def save(
    session: db.Session, viewer: User, subject: str, name: str, text: str, *, seen: int
) -> File:
    """The file as stored; ``DraftChanged`` if it is no longer what ``seen`` says. The first save begins the draft."""
    designs.must_design(viewer)
    designs.must_be_file(subject, name, text)
    stored = files(session, viewer.court_id, subject).get(name)
    if stored is not None and stored.text == text:
        return stored
    draft = _lock(session, viewer, subject)
    # Read again: another may have saved between the look and the lock.
    held = _file(session, draft.id, name)
    if (held.version if held else 0) != seen:
        raise DraftChanged(_told(session, draft))
    return _put(session, viewer, draft, name, text)


def delete_file(session: db.Session, viewer: User, subject: str, name: str, *, seen: int) -> None:
    designs.must_design(viewer)
    if name == designs.file_of(subject):
        raise DiagramNeeded
    draft = _lock(session, viewer, subject)
    held = _file(session, draft.id, name)
    if held is None:
        raise NotFound(name)
    if held.version != seen:
        raise DraftChanged(_told(session, draft))
    session.execute(delete(FILE).where(FILE.c.draft_id == draft.id, FILE.c.name == name))
    _touch(session, viewer, draft)


def replace(
    session: db.Session, viewer: User, subject: str, texts_: Mapping[str, str], *, seen: int
) -> None:
    """The whole folder, as uploaded; ``seen`` is the draft's revision (0: there was none)."""
    designs.must_design(viewer)
    for name, text in texts_.items():
        designs.must_be_file(subject, name, text)
    draft = find(session, viewer.court_id, subject)
    if (draft.revision if draft else 0) != seen:
        raise DraftChanged(_told(session, draft) if draft else "")
    draft = _lock(session, viewer, subject)
    held = files(session, viewer.court_id, subject)
    gone = set(held) - set(texts_)
    session.execute(delete(FILE).where(FILE.c.draft_id == draft.id, FILE.c.name.in_(gone)))
    for name, text in texts_.items():
        if name not in held or held[name].text != text:
            _put(session, viewer, draft, name, text)
    if gone:
        _touch(session, viewer, draft)


def discard(session: db.Session, viewer: User, subject: str) -> None:
    designs.must_design(viewer)
    draft = find(session, viewer.court_id, subject)
    if draft is None:
        raise NoDraft
    drop(session, draft.id)


def drop(session: db.Session, draft_id: UUID) -> None:
    session.execute(delete(FILE).where(FILE.c.draft_id == draft_id))
    session.execute(delete(DRAFT).where(DRAFT.c.id == draft_id))


def rebase(session: db.Session, draft_id: UUID, number: int) -> None:
    """What the draft was begun from has been deployed as this version."""
    session.execute(update(DRAFT).where(DRAFT.c.id == draft_id).values(base_version=number))


def note_errors(session: db.Session, draft_id: UUID, revision: int, errors: int) -> None:
    """What the check of this revision found, for the list."""
    session.execute(
        update(DRAFT)
        .where(DRAFT.c.id == draft_id, DRAFT.c.revision == revision)
        .values(errors=errors)
    )


# ---------------------------------------------------------------- inside


def _lock(session: db.Session, viewer: User, subject: str) -> Draft:
    """The draft, begun from the newest version if there is none, held until the transaction ends."""
    if find(session, viewer.court_id, subject) is None:
        base = designs.newest_number(session, viewer.court_id, subject)
        _make(session, viewer, subject, base, designs.files(session, viewer.court_id, subject))
    session.execute(
        select(DRAFT.c.id)
        .where(DRAFT.c.court_id == viewer.court_id, DRAFT.c.subject == subject)
        .with_for_update()
    )
    found = find(session, viewer.court_id, subject)
    if found is None:
        raise NoDraft  # discarded while we waited
    return found


def _make(
    session: db.Session,
    viewer: User,
    subject: str,
    base: int,
    texts_: Mapping[str, str],
    *,
    version: int = 0,
) -> None:
    now, id_ = clock.now(), new_id()
    made = session.execute(
        upsert(DRAFT)
        .values(
            id=id_,
            court_id=viewer.court_id,
            subject=subject,
            base_version=base,
            revision=1,
            begun_by=viewer.id,
            changed_by=viewer.id,
            changed_at=now,
        )
        .on_conflict_do_nothing(index_elements=["court_id", "subject"])
        .returning(DRAFT.c.id)
    ).first()
    if made is None:
        return  # another was first; his is as good
    shared = {
        "court_id": viewer.court_id,
        "draft_id": id_,
        "version": version,
        "changed_by": viewer.id,
        "changed_at": now,
    }
    rows = [{**shared, "name": name, "text": text} for name, text in texts_.items()]
    session.execute(insert(FILE), rows)


def _file(session: db.Session, draft_id: UUID, name: str) -> File | None:
    row = session.execute(
        select(FILE.c.name, FILE.c.text, FILE.c.version).where(
            FILE.c.draft_id == draft_id, FILE.c.name == name
        )
    ).one_or_none()
    return File(row.name, row.text, row.version) if row else None


def _put(session: db.Session, viewer: User, draft: Draft, name: str, text: str) -> File:
    version = _touch(session, viewer, draft)
    values = {"text": text, "version": version, "changed_by": viewer.id, "changed_at": clock.now()}
    session.execute(
        upsert(FILE)
        .values(court_id=viewer.court_id, draft_id=draft.id, name=name, **values)
        .on_conflict_do_update(index_elements=["draft_id", "name"], set_=values)
    )
    count = session.scalar(select(func.count()).where(FILE.c.draft_id == draft.id))
    if (count or 0) > designs.MOST:
        raise TooManyFiles
    return File(name, text, version)


def _touch(session: db.Session, viewer: User, draft: Draft) -> int:
    """The draft's new revision."""
    revision: int = session.execute(
        update(DRAFT)
        .where(DRAFT.c.id == draft.id)
        .values(
            revision=DRAFT.c.revision + 1, errors=None, changed_by=viewer.id, changed_at=clock.now()
        )
        .returning(DRAFT.c.revision)
    ).scalar_one()
    return revision


def _told(session: db.Session, draft: Draft) -> str:
    """Who was first, and when, in the court's time."""
    at = draft.changed_at.astimezone(clock.COURT_ZONE)
    return f"{draft.changed_by_name} {at:%H:%M} 保存过"
