"""Who of the court may open a case now: to be told of it, to be asked about it, to be shown a document of it."""

from uuid import UUID

from sqlalchemy import select

from engine import db
from engine.casefile import access, users
from engine.casefile.cases import CASE
from engine.casefile.users import User


def can_open(session: db.Session, user: User, case_id: UUID) -> bool:
    found = session.scalar(select(CASE.c.id).where(CASE.c.id == case_id, access.may_open(user)))
    return found is not None


def of_case(session: db.Session, court_id: UUID, case_id: UUID) -> list[User]:
    """Active people of the court who may open the case, by name; recused persons are not among them."""
    return [u for u in users.of_court(session, court_id) if can_open(session, u, case_id)]
