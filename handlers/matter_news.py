"""What a matter's process is told about its documents: all signed, all delivered, one refused or void."""

from uuid import UUID

from engine import db
from engine.casefile.delivery import deliveries
from engine.casefile.document import documents
from engine.casefile.matter import matters
from engine.process import messages
from engine.process.operations import Context

DOCUMENTS_SIGNED = "documents_signed"
DOCUMENTS_DELIVERED = "documents_delivered"
#: Data: 文书 its name, 原因 why.
DOCUMENT_REFUSED = "document_refused"


def signed(session: db.Session, context: Context, matter_id: UUID) -> None:
    """Tells it when the last of the matter's documents has been signed."""
    counted = [
        d
        for d in documents.of_case(session, matters.get(session, matter_id).case_id, matter_id)
        if d.state != "rejected"
    ]
    if counted and all(d.state == "signed" for d in counted):
        _tell(session, context, matter_id, DOCUMENTS_SIGNED)


def delivered(session: db.Session, context: Context, matter_id: UUID) -> None:
    """Tells it when the last of the matter's documents has reached everybody it was sent to."""
    if deliveries.matter_is_delivered(session, matter_id):
        _tell(session, context, matter_id, DOCUMENTS_DELIVERED)


def refused(session: db.Session, context: Context, document_id: UUID, reason: str) -> None:
    """Tells it that one of its documents will not be signed: not approved, or void."""
    document = documents.get(session, document_id)
    data = {"未获批准文书": document.name, "未获批准原因": reason}
    _tell(session, context, document.matter_id, DOCUMENT_REFUSED, data)


def _tell(
    session: db.Session,
    context: Context,
    matter_id: UUID,
    name: str,
    data: dict[str, str] | None = None,
) -> None:
    matter = matters.get(session, matter_id)
    if matter.state == "open":
        messages.send(
            session,
            context.court_id,
            name,
            data,
            case_id=context.case_id,
            instance_id=matter.instance_id,
            actor=context.actor,
        )
