"""Deliveries (送达): one row for each document and addressee, each its own ``delivery`` instance.

requested -> sent -> arrived -> read -> signed      separate facts with separate times
             '-> failed                              returned, refused, bounced

Acceptance by a mail server is 已发, never 送达. The day on which it counts as delivered is computed
by the rules (``served``; 民事诉讼法第八十七至九十五条) and stored with the way it was reached.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)

from engine import clock, db, secret_keys
from engine.audit import Actor
from engine.casefile import columns, rulebook
from engine.casefile.delivery import addressees
from engine.casefile.document.documents import DOCUMENT, Document
from engine.casefile.party.parties import Party
from engine.casefile.rules.deployed import Rules
from engine.errors import EngineError, NotFound
from engine.ids import new_id
from engine.process import instances, messages

DELIVERY = Table(
    "delivery",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("document_id", Uuid, ForeignKey("document.id"), nullable=False),
    Column("party_id", Uuid, ForeignKey("party.id"), nullable=False),
    #: As it was when the delivery was asked for.
    Column("addressee", Text, nullable=False),
    Column("address", Text, nullable=False),
    #: electronic, post, direct, leave …
    Column("channel", Text, nullable=False),
    #: Whether the addressee agreed to electronic delivery when it was asked for.
    Column("e_consent", Boolean, nullable=False, server_default="false"),
    #: requested, sent, arrived, delivered, failed, withdrawn
    Column("state", Text, nullable=False),
    Column("instance_id", Uuid),
    Column("requested_at", db.UtcDateTime, nullable=False),
    columns.user_id("requested_by"),
    Column("sent_at", db.UtcDateTime),
    Column("arrived_at", db.UtcDateTime),
    Column("read_at", db.UtcDateTime),
    Column("signed_at", db.UtcDateTime),
    #: 视为送达日
    Column("deemed_on", Date),
    #: Provider's number: message id, tracking number.
    Column("reference", Text, nullable=False, server_default=""),
    #: Why it failed, a sentence.
    Column("problem", Text, nullable=False, server_default=""),
    #: SHA-256 of the token in the reading link.
    Column("token_hash", LargeBinary),
    CheckConstraint(
        "state IN ('requested', 'sent', 'arrived', 'delivered', 'failed', 'withdrawn')",
        name="state",
    ),
    Index(None, "court_id", "case_id", "id"),
    Index("uq_delivery_token_hash", "token_hash", unique=True),
    # A second click never sends a document to the same person again while the first is under way or done.
    Index(
        "uq_delivery_live",
        "document_id",
        "party_id",
        unique=True,
        postgresql_where=text("state IN ('requested', 'sent', 'arrived', 'delivered')"),
    ),
)

#: What a delivery's process waits for after it was sent.
DOCUMENT_READ = "document_read"
LIVE = ("requested", "sent", "arrived", "delivered")
#: What the clerk reads after an attempt in vain.
IN_VAIN = "未能送达，请改用其他方式"


class NotSignedYet(EngineError):
    """文书尚未签章，不能送达"""

    code = "not_signed_yet"


@dataclass(frozen=True)
class Delivery:
    id: UUID
    court_id: UUID
    case_id: UUID
    document_id: UUID
    party_id: UUID
    addressee: str
    address: str
    channel: str
    e_consent: bool
    state: str
    instance_id: UUID | None
    requested_at: datetime
    sent_at: datetime | None
    arrived_at: datetime | None
    read_at: datetime | None
    signed_at: datetime | None
    deemed_on: date | None
    reference: str
    problem: str


_READ = tuple(DELIVERY.c[f.name] for f in fields(Delivery))


def request(
    session: db.Session,
    document: Document,
    parties: Iterable[Party],
    *,
    actor: Actor,
    requested_by: UUID | None,
) -> list[UUID]:
    """One delivery for each addressee that has none under way; those that have keep theirs."""
    if document.state != "signed":
        raise NotSignedYet(document.name)
    live = {d.party_id for d in of_document(session, document.id) if d.state in LIVE}
    rules = rulebook.of_court(session, document.court_id)
    return [
        _start(session, rules, document, party, actor, requested_by)
        for party in parties
        if party.id not in live
    ]


def _start(
    session: db.Session,
    rules: Rules,
    document: Document,
    party: Party,
    actor: Actor,
    requested_by: UUID | None,
) -> UUID:
    id_, channel = new_id(), addressees.channel(rules, document.code, party)
    session.execute(
        insert(DELIVERY).values(
            id=id_,
            court_id=document.court_id,
            case_id=document.case_id,
            document_id=document.id,
            party_id=party.id,
            addressee=party.name,
            address=addressees.address(party, channel),
            channel=channel,
            e_consent=party.e_consent,
            state="requested",
            problem=addressees.choose(rules, document.code, party).note or "",
            requested_at=clock.now(),
            requested_by=requested_by,
        )
    )
    instance_id = instances.start(
        session,
        document.court_id,
        "delivery",
        {"送达": str(id_), "送达方式": channel, "文书名称": document.name, "受送达人": party.name},
        actor=actor,
        case_id=document.case_id,
    )
    session.execute(update(DELIVERY).where(DELIVERY.c.id == id_).values(instance_id=instance_id))
    return id_


def token(session: db.Session, delivery: Delivery) -> str:
    """The secret of the reading link, of which only the hash is kept.

    Made from the delivery and its address: a mail that went out twice carries one link, and after an
    address is corrected the link sent to the wrong one no longer opens.
    """
    of = f"reading {delivery.id} {delivery.address}".encode()
    made = hmac.digest(secret_keys.of_platform().encode(), of, "sha256")
    token = urlsafe_b64encode(made).decode().rstrip("=")
    change(session, delivery.id, token_hash=hashlib.sha256(token.encode()).digest())
    return token


def of_token(session: db.Session, token: str) -> Delivery:
    hash_ = hashlib.sha256(token.encode()).digest()
    row = session.execute(select(*_READ).where(DELIVERY.c.token_hash == hash_)).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound
    return Delivery(**found)


def record_read(session: db.Session, token: str) -> Delivery:
    """The addressee says that he reads it; the moment is kept once, and the delivery's process goes on.

    ``NotFound`` for a token that names no delivery, as after its address was corrected.
    """
    delivery = of_token(session, token)
    if delivery.read_at is not None:
        return delivery
    stored = session.execute(
        update(DELIVERY)
        .where(DELIVERY.c.id == delivery.id, DELIVERY.c.read_at.is_(None))
        .values(read_at=clock.now())
    )
    # Of two clicks at once only the one that stored the moment tells the process.
    if stored.rowcount:
        messages.send(
            session,
            delivery.court_id,
            DOCUMENT_READ,
            case_id=delivery.case_id,
            instance_id=delivery.instance_id,
        )
    return get(session, delivery.id)


def change(session: db.Session, delivery_id: UUID, **values: Any) -> None:
    session.execute(update(DELIVERY).where(DELIVERY.c.id == delivery_id).values(**values))


def get(session: db.Session, delivery_id: UUID) -> Delivery:
    row = session.execute(select(*_READ).where(DELIVERY.c.id == delivery_id)).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound(str(delivery_id))
    return Delivery(**found)


def of_document(session: db.Session, document_id: UUID) -> list[Delivery]:
    return of_documents(session, [document_id]).get(document_id, [])


def of_documents(session: db.Session, document_ids: Iterable[UUID]) -> dict[UUID, list[Delivery]]:
    """Document -> its deliveries, the oldest first."""
    return _grouped(session, DELIVERY.c.document_id.in_(list(document_ids)))


def of_case(session: db.Session, case_id: UUID) -> dict[UUID, list[Delivery]]:
    """Document -> its deliveries, of every document of the case."""
    return _grouped(session, DELIVERY.c.case_id == case_id)


def _grouped(session: db.Session, condition: Any) -> dict[UUID, list[Delivery]]:
    rows = session.execute(select(*_READ).where(condition).order_by(DELIVERY.c.id)).mappings()
    found: dict[UUID, list[Delivery]] = {}
    for row in rows:
        delivery = Delivery(**row)
        found.setdefault(delivery.document_id, []).append(delivery)
    return found


def matter_is_delivered(session: db.Session, matter_id: UUID) -> bool:
    """Whether every document of the matter is signed and delivered to everybody it was sent to.

    Void and refused documents do not count, nor those that go to nobody of the case (internal forms,
    notices to the detention house): their way is recorded elsewhere.
    """
    rows = session.execute(
        select(DOCUMENT.c.id, DOCUMENT.c.state, DOCUMENT.c.recipients).where(
            DOCUMENT.c.matter_id == matter_id, DOCUMENT.c.state.not_in(("void", "rejected"))
        )
    ).all()
    if not rows or any(row.state != "signed" for row in rows):
        return False
    addressed = [row.id for row in rows if set(row.recipients) & set(addressees.ROLES)]
    found = of_documents(session, addressed)
    return bool(addressed) and all(
        any(d.state == "delivered" for d in found.get(id_, []))
        and all(d.state in ("delivered", "withdrawn", "failed") for d in found[id_])
        and {d.party_id for d in found[id_]}
        == {d.party_id for d in found[id_] if d.state == "delivered"}
        for id_ in addressed
    )


def record_network(
    session: db.Session, document: Document, party: Party, *, reference: str, on: date
) -> None:
    """A document that went to an assisting unit over its own line, with the number of its receipt.

    Delivered on the day the unit's system took it (网络查冻规定第四条、第五条); twice is once.
    """
    if any(d.party_id == party.id and d.state in LIVE for d in of_document(session, document.id)):
        return
    now = clock.now()
    session.execute(
        insert(DELIVERY).values(
            id=new_id(),
            court_id=document.court_id,
            case_id=document.case_id,
            document_id=document.id,
            party_id=party.id,
            addressee=party.name,
            address="网络查控系统",
            channel="network",
            e_consent=False,
            state="delivered",
            requested_at=now,
            requested_by=document.signed_by,
            sent_at=now,
            arrived_at=now,
            deemed_on=on,
            reference=reference,
        )
    )
