"""Deadline lights: how near the end of the stage's limit is, as a condition of lists."""

from datetime import timedelta

from sqlalchemy import and_
from sqlalchemy.sql import ColumnElement

from engine import clock
from engine.casefile.case.cases import CASE

LIGHTS = ("overdue", "urgent", "soon", "ok", "paused")
#: Days that still count as urgent and soon (UI design rules; overdue follows from the limit).
URGENT, SOON = 3, 7


def condition(light: str) -> ColumnElement[bool]:
    """Computed when read, never swept: at midnight deadlines fall due in masses."""
    today = clock.today()
    running = CASE.c.stage_paused_on.is_(None)
    left = {
        "overdue": CASE.c.stage_due_on < today,
        "urgent": CASE.c.stage_due_on.between(today, today + timedelta(days=URGENT)),
        "soon": CASE.c.stage_due_on.between(
            today + timedelta(days=URGENT + 1), today + timedelta(days=SOON)
        ),
        "ok": CASE.c.stage_due_on > today + timedelta(days=SOON),
    }
    if light == "paused":
        return CASE.c.stage_paused_on.is_not(None)
    return and_(running, left[light])
