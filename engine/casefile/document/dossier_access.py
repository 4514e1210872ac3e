"""Who reads which volume of a case's dossier: 副卷 only who works, worked or approves in it (DOMAIN §10.2)."""

from sqlalchemy import select

from engine import db
from engine.casefile.case.cases import Case
from engine.casefile.people import access
from engine.casefile.people.access import INVOLVEMENT
from engine.casefile.people.users import User
from engine.errors import NotFound

VOLUMES = ("main", "internal")
_APPROVERS = ("bureau_director", "vice_president", "president")


def volumes(session: db.Session, viewer: User, case: Case) -> tuple[str, ...]:
    """Of a case that the viewer may open, main volume first."""
    return VOLUMES if _reads_internal(session, viewer, case) else VOLUMES[:1]


def must_read(session: db.Session, viewer: User, case: Case, volume: str) -> None:
    if volume not in volumes(session, viewer, case):
        raise NotFound(volume)


def _reads_internal(session: db.Session, viewer: User, case: Case) -> bool:
    if viewer.id in (case.handler_id, case.owner_id) or access.can_work(viewer, case):
        return True
    return viewer.has(*_APPROVERS) or _was_involved(session, viewer, case)


def _was_involved(session: db.Session, viewer: User, case: Case) -> bool:
    found = session.execute(
        select(INVOLVEMENT.c.case_id).where(
            INVOLVEMENT.c.case_id == case.id,
            INVOLVEMENT.c.user_id == viewer.id,
            INVOLVEMENT.c.recused_at.is_(None),
        )
    )
    return found.first() is not None
