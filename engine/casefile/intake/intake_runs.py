"""Imports of intake files: who imported which file when, and what was refused, to be mended and imported again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from engine import clock, db
from engine.casefile import columns
from engine.casefile.intake import importing
from engine.casefile.intake.cells import Refusal
from engine.casefile.people.users import USER, User
from engine.errors import NotFound
from engine.ids import new_id

RUN = Table(
    "intake_run",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.user_id("imported_by", nullable=False),
    Column("at", db.UtcDateTime, nullable=False),
    Column("file_name", Text, nullable=False),
    #: All or nothing was asked for.
    Column("strict", Boolean, nullable=False),
    #: Cases stored, cases found with the same content, lines refused.
    Column("stored", Integer, nullable=False),
    Column("existing", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    #: [{line, column, value, reason}]
    Column("refusals", JSONB, nullable=False),
    #: The refused lines as CSV; empty when there are none.
    Column("refused_lines", LargeBinary, nullable=False),
    Index(None, "court_id", "imported_by", "id"),
)

#: A page with more would help nobody; the file has them all.
SHOWN = 500


@dataclass(frozen=True)
class Run:
    id: UUID
    file_name: str
    importer: str
    at: datetime
    strict: bool
    stored: int
    existing: int
    #: Lines.
    refused: int


_READ = (
    RUN.c.id,
    RUN.c.file_name,
    USER.c.name.label("importer"),
    RUN.c.at,
    RUN.c.strict,
    RUN.c.stored,
    RUN.c.existing,
    RUN.c.refused,
)


def run(
    session: db.Session, viewer: User, file_name: str, data: bytes, *, strict: bool = False
) -> UUID:
    """Imports the file and keeps what came of it; ``FileRefused`` if it is no intake file."""
    done = importing.import_file(
        session, viewer.court_id, data, viewer.actor, today=clock.today(), strict=strict
    )
    id_ = new_id()
    session.execute(
        insert(RUN).values(
            id=id_,
            court_id=viewer.court_id,
            imported_by=viewer.id,
            at=clock.now(),
            file_name=file_name[:200],
            strict=strict,
            stored=len(done.new),
            existing=len(done.existing),
            refused=len({refusal.line for refusal in done.refusals}),
            refusals=[asdict(refusal) for refusal in done.refusals],
            refused_lines=done.refused,
        )
    )
    return id_


def get(session: db.Session, viewer: User, run_id: UUID) -> tuple[Run, list[Refusal]]:
    """The run and what it refused, if it is the viewer's own or he leads; else ``NotFound``."""
    row = session.execute(
        select(*_READ, RUN.c.refusals)
        .join(USER, USER.c.id == RUN.c.imported_by)
        .where(RUN.c.id == run_id, *_visible(viewer))
    ).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound(str(run_id))
    values = dict(found)
    refusals = [Refusal(**refusal) for refusal in values.pop("refusals")]
    return Run(**values), refusals


def refused_lines(session: db.Session, viewer: User, run_id: UUID) -> bytes:
    """The refused lines as CSV, ``NotFound`` where there are none."""
    found = session.scalar(select(RUN.c.refused_lines).where(RUN.c.id == run_id, *_visible(viewer)))
    if not found:
        raise NotFound(str(run_id))
    return bytes(found)


def latest(session: db.Session, viewer: User, size: int = 5) -> list[Run]:
    rows = session.execute(
        select(*_READ)
        .join(USER, USER.c.id == RUN.c.imported_by)
        .where(*_visible(viewer))
        .order_by(RUN.c.id.desc())
        .limit(size)
    ).mappings()
    return [Run(**row) for row in rows]


def _visible(viewer: User) -> Iterable[Any]:
    ours = [RUN.c.court_id == viewer.court_id]
    return ours if viewer.is_leader else [*ours, RUN.c.imported_by == viewer.id]
