"""Documents (文书): drafted from a template, approved, signed; each has a ``document_flow`` instance.

draft --sign--> signed            a document that the handling judge signs alone
draft --报批--> in_approval --> approved --sign--> signed
                  |--退回修改--> returned --> (as draft)
                  '--不予批准--> rejected
draft, returned --> void

The state changes only through ``document_flow``'s inside operations; pages read the column. What
is signed is the content whose hash was frozen; changing one character makes a new version.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from engine import clock, db
from engine.audit import Actor
from engine.casefile import columns
from engine.casefile.case.cases import Case
from engine.errors import EngineError, NotFound
from engine.ids import new_id
from engine.process import instances

DOCUMENT = Table(
    "document",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("matter_id", Uuid, ForeignKey("matter.id"), nullable=False),
    Column("stage_entry_id", Uuid, nullable=False),
    #: D001 …
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("volume", Text, nullable=False),
    Column("item", SmallInteger, nullable=False),
    #: Recipient codes (DOMAIN §0.3), for pre-ticking addressees.
    Column("recipients", ARRAY(Text), nullable=False),
    #: Levels of the approval chain; ``J`` alone: the handling judge signs.
    Column("chain", ARRAY(Text), nullable=False),
    #: Shown beside the name: 承办, 局, 合+院 …
    Column("mark", Text, nullable=False),
    #: What the approval table asks for: amount, term_days … as JSON of text, number, truth.
    Column("facts", JSONB, nullable=False, server_default="{}"),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    #: Hash of the current version's content.
    Column("content_hash", Text, nullable=False),
    #: Path and digest of the template that made it.
    Column("template", Text, nullable=False),
    Column("instance_id", Uuid),
    Column("created_at", db.UtcDateTime, nullable=False),
    columns.user_id("created_by"),
    Column("touched_at", db.UtcDateTime, nullable=False),
    #: Why it came back or could not be signed; a sentence.
    Column("problem", Text, nullable=False, server_default=""),
    Column("signed_at", db.UtcDateTime),
    columns.user_id("signed_by"),
    #: SHA-256 of the signed PDF, its name in the blob store.
    Column("blob", Text),
    Column("pages", Integer),
    CheckConstraint(
        "state IN ('draft', 'in_approval', 'returned', 'approved', 'rejected', 'signed', 'void')",
        name="state",
    ),
    CheckConstraint("(state = 'signed') = (blob IS NOT NULL)", name="signed_has_blob"),
    Index(None, "court_id", "case_id", "id"),
    Index(
        "ix_document_unsigned", "court_id", "case_id", postgresql_where=text("state <> 'signed'")
    ),
)

VERSION = Table(
    "document_version",
    db.metadata,
    Column("document_id", Uuid, ForeignKey("document.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    columns.court_id(),
    #: The laid-out content as data (engine.documents), never markup.
    Column("content", JSONB, nullable=False),
    Column("hash", Text, nullable=False),
    columns.user_id("author_id"),
    Column("at", db.UtcDateTime, nullable=False),
)

EDITABLE = frozenset({"draft", "returned"})
SIGNABLE = frozenset({"draft", "returned", "approved"})


class DocumentFrozen(EngineError):
    """文书已报批或者签章，不能再修改；确需更正的，请另行制作补正裁定"""

    code = "document_frozen"


class DocumentChanged(EngineError):
    """文书刚刚被他人修改，您填写的内容没有丢失，请核对后再保存"""

    code = "document_changed"


@dataclass(frozen=True)
class Document:
    id: UUID
    court_id: UUID
    case_id: UUID
    matter_id: UUID
    stage_entry_id: UUID
    code: str
    name: str
    volume: str
    item: int
    recipients: list[str]
    chain: list[str]
    mark: str
    facts: dict[str, Any]
    state: str
    version: int
    content_hash: str
    instance_id: UUID | None
    created_at: datetime
    touched_at: datetime
    problem: str
    signed_at: datetime | None
    signed_by: UUID | None
    blob: str | None
    pages: int | None

    @property
    def needs_approval(self) -> bool:
        return self.chain != ["J"]

    @property
    def may_be_signed(self) -> bool:
        return self.state == "approved" or (self.state in SIGNABLE and not self.needs_approval)


_READ = tuple(DOCUMENT.c[f.name] for f in fields(Document))


def hash_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def add(
    session: db.Session,
    case: Case,
    matter_id: UUID,
    content: Mapping[str, Any],
    *,
    code: str,
    name: str,
    volume: str,
    item: int,
    recipients: Iterable[str],
    chain: Iterable[str],
    mark: str,
    facts: Mapping[str, Any],
    template: str,
    actor: Actor,
    author_id: UUID | None,
) -> UUID:
    """A first draft and its ``document_flow``."""
    if case.stage_entry_id is None:
        raise NotFound(str(case.id))
    id_, now, hash_ = new_id(), clock.now(), hash_of(content)
    session.execute(
        insert(DOCUMENT).values(
            id=id_,
            court_id=case.court_id,
            case_id=case.id,
            matter_id=matter_id,
            stage_entry_id=case.stage_entry_id,
            code=code,
            name=name,
            volume=volume,
            item=item,
            recipients=list(recipients),
            chain=list(chain),
            mark=mark,
            facts=dict(facts),
            state="draft",
            version=1,
            content_hash=hash_,
            template=template,
            created_at=now,
            created_by=author_id,
            touched_at=now,
        )
    )
    _add_version(session, id_, case.court_id, 1, content, hash_, author_id)
    instance_id = instances.start(
        session,
        case.court_id,
        "document_flow",
        {"文书": str(id_), "文书名称": name},
        actor=actor,
        case_id=case.id,
        stage=case.stage,
    )
    session.execute(update(DOCUMENT).where(DOCUMENT.c.id == id_).values(instance_id=instance_id))
    return id_


def _add_version(
    session: db.Session,
    document_id: UUID,
    court_id: UUID,
    number: int,
    content: Mapping[str, Any],
    hash_: str,
    author_id: UUID | None,
) -> None:
    session.execute(
        insert(VERSION).values(
            document_id=document_id,
            number=number,
            court_id=court_id,
            content=dict(content),
            hash=hash_,
            author_id=author_id,
            at=clock.now(),
        )
    )


def save(
    session: db.Session,
    document_id: UUID,
    content: Mapping[str, Any],
    *,
    seen_version: int,
    author_id: UUID,
) -> int:
    """The number of the new version, or of the present one if nothing changed. Two writers: the later is told."""
    found = lock(session, document_id)
    if found.state not in EDITABLE:
        raise DocumentFrozen
    if found.version != seen_version:
        raise DocumentChanged
    hash_ = hash_of(content)
    if hash_ == found.content_hash:
        return found.version
    number = found.version + 1
    _add_version(session, document_id, found.court_id, number, content, hash_, author_id)
    change(session, document_id, version=number, content_hash=hash_, problem="")
    return number


def content(session: db.Session, found: Document) -> dict[str, Any]:
    """Of the current version."""
    value = session.scalar(
        select(VERSION.c.content).where(
            VERSION.c.document_id == found.id, VERSION.c.number == found.version
        )
    )
    return dict(value or {})


def change(session: db.Session, document_id: UUID, **values: Any) -> None:
    session.execute(
        update(DOCUMENT)
        .where(DOCUMENT.c.id == document_id)
        .values(touched_at=clock.now(), **values)
    )


def get(session: db.Session, document_id: UUID) -> Document:
    row = session.execute(select(*_READ).where(DOCUMENT.c.id == document_id)).mappings()
    return _found(row.one_or_none(), document_id)


def lock(session: db.Session, document_id: UUID) -> Document:
    row = session.execute(
        select(*_READ).where(DOCUMENT.c.id == document_id).with_for_update(key_share=True)
    ).mappings()
    return _found(row.one_or_none(), document_id)


def of_case(session: db.Session, case_id: UUID, matter_id: UUID | None = None) -> list[Document]:
    """In the order they were made, without the void ones; with ``matter_id`` those of that matter."""
    query = select(*_READ).where(DOCUMENT.c.case_id == case_id, DOCUMENT.c.state != "void")
    if matter_id is not None:
        query = query.where(DOCUMENT.c.matter_id == matter_id)
    rows = session.execute(query.order_by(DOCUMENT.c.id)).mappings()
    return [Document(**row) for row in rows]


def _found(row: Any, document_id: UUID) -> Document:
    if row is None:
        raise NotFound(str(document_id))
    return Document(**row)
