"""Photos of an errand: the bytes as they came (content addressed), when and where, and who removed one.

An upload has an id made by the browser, so that one sent twice is one photo. A photo that is removed
before 办结 is marked, never deleted; afterwards it lies in the dossier and nothing changes any more.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile import columns
from engine.casefile.errand import field_tasks, whereabouts
from engine.casefile.errand.pictures import PhotoRefused, Picture
from engine.casefile.errand.whereabouts import Position
from engine.casefile.people import access
from engine.casefile.people.users import USER, User
from engine.errors import NotFound
from engine.ids import new_id

PHOTO = Table(
    "field_photo",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("field_task_id", Uuid, ForeignKey("field_task.id"), nullable=False),
    #: Made by the browser when the photo was chosen.
    Column("upload_id", Uuid, nullable=False),
    #: SHA-256 of the bytes as they came, their name in the blob store.
    Column("blob", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    #: When it was chosen on the phone; earlier than received where there was no network.
    Column("chosen_at", db.UtcDateTime, nullable=False),
    Column("received_at", db.UtcDateTime, nullable=False),
    #: What the camera wrote into it, in its own time; a remark.
    Column("taken_at", Text, nullable=False),
    *whereabouts.columns(),
    columns.user_id("added_by", nullable=False),
    Column("removed_at", db.UtcDateTime),
    columns.user_id("removed_by"),
    UniqueConstraint("court_id", "field_task_id", "upload_id"),
    Index(None, "court_id", "field_task_id", "id"),
)

#: One errand; more than anybody looks through, and 30 × 20 MB is what a phone can still send.
MOST = 30


@dataclass(frozen=True)
class Upload:
    """What came with the bytes."""

    id: UUID
    chosen_at: datetime
    position: Position | None


@dataclass(frozen=True)
class Photo:
    id: UUID
    court_id: UUID
    field_task_id: UUID
    upload_id: UUID
    blob: str
    media_type: str
    size: int
    width: int
    height: int
    chosen_at: datetime
    received_at: datetime
    taken_at: str
    removed_at: datetime | None
    #: Who took it.
    officer: str
    position: Position | None

    @property
    def was_late(self) -> bool:
        return whereabouts.was_late(self.chosen_at, self.received_at)


_STORED = [f.name for f in fields(Photo) if f.name not in ("officer", "position")]


def add(
    session: db.Session,
    viewer: User,
    task_id: UUID,
    upload: Upload,
    picture: Picture,
    blob: str,
    size: int,
) -> Photo:
    """The stored photo; the one there is when this upload, or the same file, came before."""
    known = _known(session, viewer, task_id, upload.id, blob)
    if known is not None:
        return known
    task = field_tasks.lock(session, viewer, task_id)
    if task.state == "assigned":
        raise field_tasks.ErrandNotBegun
    known = _known(session, viewer, task_id, upload.id, blob)
    if known is not None:
        return known
    if count(session, task_id) >= MOST:
        raise PhotoRefused(f"每项外勤最多{MOST}张，请先移除不需要的照片")
    id_, now = new_id(), clock.now()
    session.execute(
        insert(PHOTO).values(
            id=id_,
            court_id=viewer.court_id,
            case_id=task.case_id,
            field_task_id=task_id,
            upload_id=upload.id,
            blob=blob,
            media_type=picture.media_type,
            size=size,
            width=picture.width,
            height=picture.height,
            chosen_at=min(upload.chosen_at, now),
            received_at=now,
            taken_at=picture.taken_at,
            added_by=viewer.id,
            **whereabouts.values(upload.position),
        )
    )
    where = str(upload.position) if upload.position else ""
    field_tasks.note(
        session, viewer, task, "field_photo_added", photo=str(id_), blob=blob, place=where
    )
    return get(session, task_id, id_)


def _known(
    session: db.Session, viewer: User, task_id: UUID, upload_id: UUID, blob: str
) -> Photo | None:
    field_tasks.of_officer(session, viewer, task_id)
    same_upload = PHOTO.c.upload_id == upload_id
    found = _read(
        session,
        (PHOTO.c.field_task_id == task_id)
        & (same_upload | ((PHOTO.c.blob == blob) & PHOTO.c.removed_at.is_(None))),
    )
    # The upload itself before another one of the same file.
    return next(iter(sorted(found, key=lambda one: one.upload_id != upload_id)), None)


def remove(session: db.Session, viewer: User, task_id: UUID, photo_id: UUID) -> None:
    """Takes a photo out of the record, before 办结 only; the file and the audit keep that it was there."""
    task = field_tasks.lock(session, viewer, task_id)
    photo = get(session, task_id, photo_id)
    if photo.removed_at is not None:
        return
    session.execute(
        update(PHOTO)
        .where(PHOTO.c.id == photo_id)
        .values(removed_at=clock.now(), removed_by=viewer.id)
    )
    field_tasks.note(
        session, viewer, task, "field_photo_removed", photo=str(photo_id), blob=photo.blob
    )


# ---------------------------------------------------------------- reading


def of_task(session: db.Session, task_id: UUID) -> list[Photo]:
    """In the order they were chosen, without those removed."""
    return _read(session, (PHOTO.c.field_task_id == task_id) & PHOTO.c.removed_at.is_(None))


def count(session: db.Session, task_id: UUID) -> int:
    stands = (PHOTO.c.field_task_id == task_id) & PHOTO.c.removed_at.is_(None)
    return session.scalar(select(func.count()).select_from(PHOTO).where(stands)) or 0


def get(session: db.Session, task_id: UUID, photo_id: UUID) -> Photo:
    """A photo of an errand that the viewer may see, which the caller has made sure of."""
    found = _read(session, (PHOTO.c.field_task_id == task_id) & (PHOTO.c.id == photo_id))
    if not found:
        raise NotFound(str(photo_id))
    return found[0]


def of_officer(session: db.Session, viewer: User, task_id: UUID, photo_id: UUID) -> Photo:
    """A photo of the officer's own errand, else ``NotFound`` or ``ErrandTaken``."""
    field_tasks.of_officer(session, viewer, task_id)
    return get(session, task_id, photo_id)


def of_case(
    session: db.Session, viewer: User, case_id: UUID, task_id: UUID, photo_id: UUID
) -> Photo:
    """For who may open the case, else ``NotFound``; of one that was removed only the audit tells."""
    access.case(session, viewer, case_id)
    field_tasks.get(session, case_id, task_id)
    found = get(session, task_id, photo_id)
    if found.removed_at is not None:
        raise NotFound(str(photo_id))
    return found


def _read(session: db.Session, condition: ColumnElement[bool]) -> list[Photo]:
    rows = session.execute(
        select(
            *[PHOTO.c[name] for name in _STORED],
            *[PHOTO.c[column.name] for column in whereabouts.columns()],
            USER.c.name.label("officer"),
        )
        .join(USER, USER.c.id == PHOTO.c.added_by)
        .where(condition)
        .order_by(PHOTO.c.chosen_at, PHOTO.c.id)
    ).mappings()
    return [
        Photo(
            **{name: row[name] for name in _STORED},
            officer=row["officer"],
            position=whereabouts.of_row(row),
        )
        for row in rows
    ]
