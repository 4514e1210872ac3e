"""The electronic dossier (电子卷宗): one row for each item, in the order of the national catalogue.

浏览总卷 is all of it, 浏览分表 a filtered view; both are views of this one table (DOMAIN §7).
Nothing is deleted: what is replaced stays and is marked superseded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    insert,
    select,
)

from engine import clock, db
from engine.casefile import columns
from engine.errors import NotFound
from engine.ids import new_id

ITEM = Table(
    "dossier_item",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("document_id", Uuid),
    Column("matter_id", Uuid),
    Column("stage_entry_id", Uuid),
    #: main (正卷), internal (副卷)
    Column("volume", Text, nullable=False),
    #: Catalogue number, 1–31 or S1–S4 as 1–4 of the internal volume.
    Column("item", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    #: document (signed here), record (of an errand), upload, scan, proof
    Column("source", Text, nullable=False),
    Column("blob", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("superseded", Boolean, nullable=False, server_default="false"),
    Column("added_at", db.UtcDateTime, nullable=False),
    columns.user_id("added_by"),
    Index(None, "court_id", "case_id", "volume", "item", "id"),
)


@dataclass(frozen=True)
class Item:
    id: UUID
    court_id: UUID
    case_id: UUID
    document_id: UUID | None
    matter_id: UUID | None
    stage_entry_id: UUID | None
    volume: str
    item: int
    title: str
    source: str
    #: SHA-256 of the content, its name in the blob store.
    blob: str
    media_type: str
    pages: int
    added_at: datetime


_READ = tuple(ITEM.c[f.name] for f in fields(Item))


def add(
    session: db.Session,
    court_id: UUID,
    case_id: UUID,
    *,
    volume: str,
    item: int,
    title: str,
    source: str,
    blob: str,
    pages: int,
    media_type: str = "application/pdf",
    document_id: UUID | None = None,
    matter_id: UUID | None = None,
    stage_entry_id: UUID | None = None,
    added_by: UUID | None = None,
) -> UUID:
    id_ = new_id()
    session.execute(
        insert(ITEM).values(
            id=id_,
            court_id=court_id,
            case_id=case_id,
            document_id=document_id,
            matter_id=matter_id,
            stage_entry_id=stage_entry_id,
            volume=volume,
            item=item,
            title=title,
            source=source,
            blob=blob,
            media_type=media_type,
            pages=pages,
            added_at=clock.now(),
            added_by=added_by,
        )
    )
    return id_


def of_case(
    session: db.Session, case_id: UUID, *, volumes: Iterable[str] = ("main", "internal")
) -> list[Item]:
    """Main volume first, by catalogue number, then in the order they came."""
    rows = session.execute(
        select(*_READ)
        .where(ITEM.c.case_id == case_id, ITEM.c.volume.in_(list(volumes)), ~ITEM.c.superseded)
        .order_by(ITEM.c.volume.desc(), ITEM.c.item, ITEM.c.id)
    ).mappings()
    return [Item(**row) for row in rows]


def of_stage_entry(session: db.Session, stage_entry_id: UUID) -> list[Item]:
    """What came into the dossier during one stay in a stage, newest first."""
    rows = session.execute(
        select(*_READ)
        .where(ITEM.c.stage_entry_id == stage_entry_id, ~ITEM.c.superseded)
        .order_by(ITEM.c.id.desc())
    ).mappings()
    return [Item(**row) for row in rows]


def get(session: db.Session, case_id: UUID, item_id: UUID) -> Item:
    row = session.execute(
        select(*_READ).where(ITEM.c.id == item_id, ITEM.c.case_id == case_id)
    ).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound(str(item_id))
    return Item(**found)
