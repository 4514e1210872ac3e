"""What all processes share and the law changes: rule tables, document templates. Versions with a first day.

A version is used from ``valid_from`` on; whoever decides by one stores its digest with the decision.
``path`` is the path below ``workflows/``, e.g. ``rules/deadlines.toml``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, Integer, Table, Text, UniqueConstraint, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from engine import clock, db
from engine.casefile import columns
from engine.errors import NotFound
from engine.ids import new_id

SHARED_FILE = Table(
    "shared_file",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    Column("path", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("deployed_at", db.UtcDateTime, nullable=False),
    UniqueConstraint("court_id", "path", "version"),
)


@dataclass(frozen=True)
class SharedFile:
    path: str
    version: int
    text: str
    digest: str
    valid_from: date


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def deploy(
    session: db.Session,
    court_id: UUID,
    path: str,
    text: str,
    *,
    author: str,
    reason: str,
    valid_from: date | None = None,
) -> bool:
    """Whether a new version was stored; the same text as the newest one is no new version."""
    newest = session.execute(
        select(SHARED_FILE.c.version, SHARED_FILE.c.digest)
        .where(SHARED_FILE.c.court_id == court_id, SHARED_FILE.c.path == path)
        .order_by(SHARED_FILE.c.version.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None and newest.digest == digest(text):
        return False
    session.execute(
        insert(SHARED_FILE).values(
            id=new_id(),
            court_id=court_id,
            path=path,
            version=newest.version + 1 if newest else 1,
            text=text,
            digest=digest(text),
            valid_from=valid_from or date.min.replace(year=2000),
            author=author,
            reason=reason,
            deployed_at=clock.now(),
        )
    )
    return True


def in_force(
    session: db.Session, court_id: UUID, prefix: str, day: date | None = None
) -> Mapping[str, SharedFile]:
    """Path -> the version in force on that day, of every path that begins with ``prefix``."""
    day = day or clock.today()
    newest = (
        select(
            SHARED_FILE,
            func.row_number()
            .over(
                partition_by=SHARED_FILE.c.path,
                order_by=(SHARED_FILE.c.valid_from.desc(), SHARED_FILE.c.version.desc()),
            )
            .label("rank"),
        )
        .where(
            SHARED_FILE.c.court_id == court_id,
            SHARED_FILE.c.path.startswith(prefix, autoescape=True),
            SHARED_FILE.c.valid_from <= day,
        )
        .subquery()
    )
    rows = session.execute(select(newest).where(newest.c.rank == 1)).mappings()
    return {
        row["path"]: SharedFile(
            row["path"], row["version"], row["text"], row["digest"], row["valid_from"]
        )
        for row in rows
    }


def get(session: db.Session, court_id: UUID, path: str, day: date | None = None) -> SharedFile:
    found = in_force(session, court_id, path, day).get(path)
    if found is None:
        raise NotFound(path)
    return found


# ---------------------------------------------------------------- history, for designers


@dataclass(frozen=True)
class Version:
    """One version as lists show it."""

    path: str
    version: int
    valid_from: date
    author: str
    reason: str
    deployed_at: datetime


_DESCRIBED = tuple(SHARED_FILE.c[f.name] for f in fields(Version))


def versions(session: db.Session, court_id: UUID, path: str) -> list[Version]:
    """Newest first; [] if the court has no such file."""
    rows = session.execute(
        select(*_DESCRIBED)
        .where(SHARED_FILE.c.court_id == court_id, SHARED_FILE.c.path == path)
        .order_by(SHARED_FILE.c.version.desc())
    )
    return [Version(**row) for row in rows.mappings()]


def newest(session: db.Session, court_id: UUID) -> list[Version]:
    """The newest version of every path, by path; it may not be in force yet."""
    rows = session.execute(
        select(*_DESCRIBED)
        .where(SHARED_FILE.c.court_id == court_id)
        .ext(distinct_on(SHARED_FILE.c.path))
        .order_by(SHARED_FILE.c.path, SHARED_FILE.c.version.desc())
    )
    return [Version(**row) for row in rows.mappings()]


def text_of(session: db.Session, court_id: UUID, path: str, version: int) -> str:
    found: str | None = session.scalar(
        select(SHARED_FILE.c.text).where(
            SHARED_FILE.c.court_id == court_id,
            SHARED_FILE.c.path == path,
            SHARED_FILE.c.version == version,
        )
    )
    if found is None:
        raise NotFound(path)
    return found
