"""A document as it stands, for the screen and for the printer: HTML beside lists, PDF marked 草稿."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import orjson

from engine import db
from engine.casefile.document import documents, dossier_access
from engine.casefile.document.documents import Document
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.documents import layout

WATERMARK = "草稿"
#: Laid-out drafts kept in this process; a viewer asks for one in several pieces.
_KEPT = 32


@dataclass(frozen=True)
class Shown:
    """A document and its text as an HTML fragment, every text escaped."""

    document: Document
    html: str


def html(session: db.Session, viewer: User, document_id: UUID) -> Shown:
    """Of a document that the viewer may read, else ``NotFound``."""
    found = readable(session, viewer, document_id)
    return Shown(found, layout.to_html(documents.content(session, found)))  # type: ignore[arg-type]


def readable(session: db.Session, viewer: User, document_id: UUID) -> Document:
    """The document if the viewer may open its case and its volume, else ``NotFound``."""
    found = documents.get(session, document_id)
    case = access.case(session, viewer, found.case_id)
    dossier_access.must_read(session, viewer, case, found.volume)
    return found


def draft_content(session: db.Session, viewer: User, document_id: UUID) -> tuple[Document, bytes]:
    """(document, its content as JSON), to be laid out by ``draft_pdf`` outside the transaction."""
    found = readable(session, viewer, document_id)
    return found, orjson.dumps(documents.content(session, found), option=orjson.OPT_SORT_KEYS)


@lru_cache(maxsize=_KEPT)
def draft_pdf(content: bytes) -> bytes:
    """The pages, each marked 草稿; the same content gives the same bytes."""
    return layout.to_pdf(orjson.loads(content), issued_at=None, watermark=WATERMARK).pdf
