"""送达: every delivery of a case, per document and addressee, with its times and the clerk's task."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine import db
from engine.casefile import rulebook
from engine.casefile.case import case_heads
from engine.casefile.case.case_heads import Head
from engine.casefile.delivery import deliveries, delivery_addresses, delivery_progress
from engine.casefile.delivery.deliveries import Delivery
from engine.casefile.document import document_progress, documents, dossier_access
from engine.casefile.document.documents import Document
from engine.casefile.party import parties
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.process import tasks
from engine.process.tasks import Task

#: User task of ``delivery`` in which the clerk enters what came of it.
OUTCOME = "record_outcome"
SCOPES = ("all", "open")


@dataclass(frozen=True)
class Row:
    delivery: Delivery
    code: str
    #: Where the clerk enters the outcome; None while nothing waits for him.
    task: Task | None
    #: Nothing came of it, and the addressee can now be reached by mail.
    may_be_sent_again: bool

    @property
    def kind(self) -> str:
        # On this page a mail that was only sent has not arrived at its end.
        if self.code in ("sent", "arrived", "read"):
            return "doing"
        return delivery_progress.KINDS[self.code]


@dataclass(frozen=True)
class Group:
    document: Document
    rows: Sequence[Row]


@dataclass(frozen=True)
class Desk:
    head: Head
    scope: str
    groups: Sequence[Group]
    total: int
    delivered: int
    can_work: bool


def desk(session: db.Session, viewer: User, case_id: UUID, scope: str = "all") -> Desk:
    """Documents in the order they were made; ``open``: only what has not been delivered."""
    head = case_heads.head(session, viewer, case_id)
    volumes = dossier_access.volumes(session, viewer, head.case)
    sent = deliveries.of_case(session, case_id)
    listed = [
        d for d in documents.of_case(session, case_id) if d.id in sent and d.volume in volumes
    ]
    progress = document_progress.of_documents(session, listed)
    waiting = {
        t.instance_id: t for t in tasks.open_of(session, case_id=case_id) if t.element == OUTCOME
    }
    people = {p.id: p for p in parties.of_case(session, case_id)}
    rules = rulebook.of_court(session, head.case.court_id)
    rows = {
        d.id: [
            _row(
                one,
                waiting.get(one.instance_id) if one.instance_id else None,
                stopped=one.id in progress[d.id].stopped,
                again=delivery_addresses.may_be_sent_again(
                    rules, one, d.code, people[one.party_id]
                ),
            )
            for one in sent[d.id]
        ]
        for d in listed
    }
    everything = [row for found in rows.values() for row in found]
    kept = {
        id_: [row for row in found if scope != "open" or row.code != "delivered"]
        for id_, found in rows.items()
    }
    return Desk(
        head=head,
        scope=scope,
        groups=[Group(d, kept[d.id]) for d in listed if kept[d.id]],
        total=len(everything),
        delivered=sum(row.code == "delivered" for row in everything),
        can_work=head.case.stage is not None and access.can_work(viewer, head.case),
    )


def _row(one: Delivery, task: Task | None, *, stopped: bool, again: bool) -> Row:
    code, _ = delivery_progress.of(one, stopped=stopped)
    return Row(one, code, task, again)
