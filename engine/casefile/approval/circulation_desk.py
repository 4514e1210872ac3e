"""传阅 as its two pages need it: sending a document round, and reading one's copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine import db
from engine.casefile.approval import approval_desk, circulations
from engine.casefile.approval.circulations import Circulation
from engine.casefile.case import case_heads
from engine.casefile.case.case_heads import Head
from engine.casefile.document import documents, dossier_access
from engine.casefile.document.documents import Document
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.documents import layout


@dataclass(frozen=True)
class Sending:
    head: Head
    document: Document
    candidates: Sequence[User]
    #: Copies of every version, the oldest first.
    sent: Sequence[Circulation]


@dataclass(frozen=True)
class Reading:
    circulation: Circulation
    head: Head
    document: Document
    #: Of the version that was sent round.
    html: str


def sending(session: db.Session, viewer: User, document_id: UUID) -> Sending:
    case, document = circulations.sendable(session, viewer, document_id)
    return Sending(
        head=case_heads.of(session, viewer, case),
        document=document,
        candidates=circulations.candidates(session, viewer, document),
        sent=circulations.of_document(session, document_id),
    )


def reading(session: db.Session, viewer: User, circulation_id: UUID) -> Reading:
    """已阅: opening it is the receipt, kept with its first moment."""
    found = circulations.open_(session, viewer, circulation_id)
    case = access.case(session, viewer, found.case_id)
    document = documents.get(session, found.document_id)
    dossier_access.must_read(session, viewer, case, document.volume)
    return Reading(
        circulation=found,
        head=case_heads.of(session, viewer, case),
        document=document,
        html=layout.to_html(approval_desk.content(session, document.id, found.version)),
    )
