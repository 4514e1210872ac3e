"""The page an addressee comes to by the link in his mail: what was sent to him, and that he reads it."""

from dataclasses import dataclass

from engine import db
from engine.casefile.case import cases
from engine.casefile.delivery import deliveries
from engine.casefile.delivery.deliveries import Delivery
from engine.casefile.document import documents
from engine.casefile.document.documents import Document
from engine.casefile.people import courts
from engine.casefile.people.courts import Court


@dataclass(frozen=True)
class Receipt:
    """What the addressee may see: nothing else of the case."""

    delivery: Delivery
    document: Document
    court: Court
    case_no: str


def of_token(session: db.Session, token: str) -> Receipt:
    """``NotFound`` for a link that is not valid, or no longer after a fresh one was sent."""
    return _of(session, deliveries.of_token(session, token))


def confirm(session: db.Session, token: str) -> Receipt:
    """确认阅读."""
    return _of(session, deliveries.record_read(session, token))


def _of(session: db.Session, delivery: Delivery) -> Receipt:
    return Receipt(
        delivery=delivery,
        document=documents.get(session, delivery.document_id),
        court=courts.get(session, delivery.court_id),
        case_no=cases.get(session, delivery.case_id).case_no,
    )
