"""Who of the court may open a case now: to be told of it, to be asked about it, to be shown a document of it."""

from uuid import UUID

from sqlalchemy import select

from engine import db
from engine.casefile.case import cases
from engine.casefile.case.cases import CASE
from engine.casefile.document import dossier_access
from engine.casefile.document.documents import Document
from engine.casefile.people import access, users
from engine.casefile.people.users import User


def can_open(session: db.Session, user: User, case_id: UUID) -> bool:
    found = session.scalar(select(CASE.c.id).where(CASE.c.id == case_id, access.may_open(user)))
    return found is not None


def of_document(session: db.Session, document: Document) -> list[User]:
    """Active people who may open the case and the document's volume, by name; nobody who was recused."""
    case = cases.get(session, document.case_id)
    return [
        user
        for user in users.of_court(session, document.court_id)
        if can_open(session, user, case.id)
        and document.volume in dossier_access.volumes(session, user, case)
    ]
