"""Whose a new user task is: the account that the diagram names, with its person's name; the team that sees it; its due time."""

from sqlalchemy import select

from engine import db
from engine.audit import Actor
from engine.casefile.approval import level_times
from engine.casefile.case.cases import CASE
from engine.casefile.people import users
from engine.process import assignments
from engine.process.assignments import Assignment, Opening


@assignments.assigns
def assigned(session: db.Session, opening: Opening) -> Assignment:
    """``fd:assignee`` is somebody's own; else the role of the team that holds the case may take it."""
    whose = None
    if opening.wanted is not None:
        person = users.get(session, opening.wanted)
        whose = Actor(person.id, person.name)
    if opening.case_id is None or opening.scope != "team":
        return Assignment(whose, due_at=level_times.due(session, opening))
    team: str | None = session.scalar(select(CASE.c.stage).where(CASE.c.id == opening.case_id))
    return Assignment(whose, team)
