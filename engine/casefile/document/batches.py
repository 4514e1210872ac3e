"""一键签章并送达, 一键签章, 一键送达: what was asked for by one click, kept as rows.

The click writes the batch and a message to each document's process in one transaction; the worker
does the rest, so closing the browser changes nothing. Progress is read from the documents and
deliveries themselves. The same click again (same ``key``, or a document already on its way) shows
the same batch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from engine import clock, db
from engine.casefile import columns
from engine.casefile.case.cases import Case
from engine.casefile.delivery import deliveries
from engine.casefile.document import documents
from engine.casefile.document.documents import Document
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound
from engine.ids import new_id
from engine.process import messages

BATCH = Table(
    "batch",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    #: sign_and_deliver, sign, deliver
    Column("kind", Text, nullable=False),
    #: Given by the page with its form, so that a click sent twice is one batch.
    Column("key", Text, nullable=False),
    Column("requested_at", db.UtcDateTime, nullable=False),
    columns.user_id("requested_by", nullable=False),
    UniqueConstraint("court_id", "key"),
    Index(None, "court_id", "case_id", "id"),
)

ITEM = Table(
    "batch_item",
    db.metadata,
    Column("batch_id", Uuid, ForeignKey("batch.id"), primary_key=True),
    Column("document_id", Uuid, ForeignKey("document.id"), primary_key=True),
    columns.court_id(),
    #: Addressees asked for; empty where only signing was.
    Column("party_ids", ARRAY(Uuid), nullable=False),
    #: Why it was left out, a sentence; empty: it was taken.
    Column("refusal", Text, nullable=False),
)

KINDS = ("sign_and_deliver", "sign", "deliver")
#: What the worker sends to the document's process.
SIGN_REQUESTED = "sign_requested"


class NothingChosen(EngineError):
    """请先选择文书"""

    code = "nothing_chosen"


class NoAddressee(EngineError):
    """请选择受送达人"""

    code = "no_addressee"


class NothingPossible(EngineError):
    """所选文书都不能办理"""

    code = "nothing_possible"


@dataclass(frozen=True)
class Item:
    document_id: UUID
    party_ids: list[UUID]
    refusal: str


@dataclass(frozen=True)
class Batch:
    id: UUID
    court_id: UUID
    case_id: UUID
    kind: str
    requested_at: datetime
    requested_by: UUID
    items: tuple[Item, ...] = ()


def refusal(kind: str, document: Document) -> str:
    """Why this document cannot be taken, as a sentence; empty if it can."""
    if kind == "deliver":
        return "" if document.state == "signed" else "尚未签章，不能送达"
    if document.state == "signed":
        return "已经签章"
    if not document.may_be_signed:
        return "尚未批准，不能签章"
    return ""


def request(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    kind: str,
    picks: Mapping[UUID, Sequence[UUID]],
    key: str,
) -> UUID:
    """The batch; ``picks``: document -> addressees ticked. Documents that cannot be taken stay in it, with the reason.

    Refused as a whole: nothing chosen, an addressee missing (names the document), nothing possible.
    """
    case = access.case(session, viewer, case_id, lock=True)
    known: UUID | None = session.scalar(
        select(BATCH.c.id).where(BATCH.c.court_id == case.court_id, BATCH.c.key == key)
    )
    if known is not None:
        return known
    if kind == "deliver":
        access.must_work(viewer, case)
    else:
        access.must_handle(viewer, case, "签章")
    chosen = [d for d in documents.of_case(session, case_id) if d.id in picks]
    if not chosen:
        raise NothingChosen
    running = _running(session, kind, chosen)
    if running is not None:
        return running
    people = {p.id: p for p in parties.of_case(session, case_id)}
    refusals = {d.id: refusal(kind, d) for d in chosen}
    _must_have_addressees(kind, chosen, refusals, picks, people)
    return _store(session, viewer, case, kind, key, chosen, refusals, picks, people)


def _must_have_addressees(
    kind: str,
    chosen: Sequence[Document],
    refusals: Mapping[UUID, str],
    picks: Mapping[UUID, Sequence[UUID]],
    people: Mapping[UUID, Party],
) -> None:
    possible = [d for d in chosen if not refusals[d.id]]
    if not possible:
        raise NothingPossible("；".join(f"{d.name}{refusals[d.id]}" for d in chosen))
    if kind != "sign":
        for document in possible:
            if not any(id_ in people for id_ in picks[document.id]):
                raise NoAddressee(f"《{document.name}》没有选择受送达人")


def _store(
    session: db.Session,
    viewer: User,
    case: Case,
    kind: str,
    key: str,
    chosen: Sequence[Document],
    refusals: Mapping[UUID, str],
    picks: Mapping[UUID, Sequence[UUID]],
    people: Mapping[UUID, Party],
) -> UUID:
    id_ = new_id()
    session.execute(
        insert(BATCH).values(
            id=id_,
            court_id=case.court_id,
            case_id=case.id,
            kind=kind,
            key=key,
            requested_at=clock.now(),
            requested_by=viewer.id,
        )
    )
    for document in chosen:
        wanted = [] if kind == "sign" else [p for p in picks[document.id] if p in people]
        session.execute(
            insert(ITEM).values(
                batch_id=id_,
                document_id=document.id,
                court_id=case.court_id,
                party_ids=wanted,
                refusal=refusals[document.id],
            )
        )
        if refusals[document.id]:
            continue
        if kind == "deliver":
            deliveries.request(
                session,
                document,
                [people[p] for p in wanted],
                actor=viewer.actor,
                requested_by=viewer.id,
            )
        else:
            _ask_to_sign(session, viewer, document, wanted)
    return id_


def _ask_to_sign(
    session: db.Session, viewer: User, document: Document, party_ids: Sequence[UUID]
) -> None:
    messages.send(
        session,
        document.court_id,
        SIGN_REQUESTED,
        {
            "签署人": str(viewer.id),
            "正文校验值": document.content_hash,
            "受送达人": [str(p) for p in party_ids],
        },
        case_id=document.case_id,
        instance_id=document.instance_id,
        actor=viewer.actor,
        cause="decided",
    )


def _running(session: db.Session, kind: str, chosen: Sequence[Document]) -> UUID | None:
    """The latest signing batch that holds all of these and has not signed them yet."""
    if kind == "deliver" or any(d.state == "signed" or d.problem for d in chosen):
        return None
    wanted = {d.id for d in chosen}
    rows = session.execute(
        select(ITEM.c.batch_id, ITEM.c.document_id)
        .join(BATCH, BATCH.c.id == ITEM.c.batch_id)
        .where(
            BATCH.c.case_id == chosen[0].case_id,
            BATCH.c.kind == kind,
            ITEM.c.refusal == "",
            ITEM.c.document_id.in_(wanted),
        )
        .order_by(ITEM.c.batch_id.desc())
    )
    held: dict[UUID, set[UUID]] = {}
    for row in rows:
        held.setdefault(row.batch_id, set()).add(row.document_id)
    return next((batch for batch, ids in held.items() if ids == wanted), None)


def get(session: db.Session, batch_id: UUID) -> Batch:
    row = session.execute(
        select(*[BATCH.c[f.name] for f in fields(Batch) if f.name != "items"]).where(
            BATCH.c.id == batch_id
        )
    ).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound(str(batch_id))
    items = session.execute(
        select(ITEM.c.document_id, ITEM.c.party_ids, ITEM.c.refusal)
        .where(ITEM.c.batch_id == batch_id)
        .order_by(ITEM.c.document_id)
    )
    return Batch(**found, items=tuple(Item(*item) for item in items))
