"""User tasks as they open and fall away with a step, and whose they are.

Lane, scope, screen and due date are the diagram's; the account and the team are the host's to know: it
registers one function with ``assigns``, called in the step's own transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from engine import db
from engine.audit import Actor
from engine.errors import Stale
from engine.ids import new_id
from engine.process import inside, spiff, values
from engine.process.definitions import Element
from engine.process.steps import Opened, Projection


@dataclass(frozen=True)
class Opening:
    """A task that is about to open, for whoever knows whose it is."""

    court_id: UUID
    instance_id: UUID
    case_id: UUID | None
    matter: str
    stage: str | None
    element: str
    role: str | None
    scope: str
    screen: str | None
    local: Mapping[str, Any]
    #: What the diagram's ``fd:assignee`` says, if it is an account.
    wanted: UUID | None


@dataclass(frozen=True)
class Assignment:
    """Whose it is (nobody's: anybody of the role may take it), and the team that sees it (None: every team).

    ``due_at``: instead of the diagram's ``fd:due``, where the host counts in working time.
    """

    assignee: Actor | None = None
    team: str | None = None
    due_at: datetime | None = None


Assigns = Callable[[db.Session, Opening], Assignment]


def _as_drawn(_session: db.Session, opening: Opening) -> Assignment:
    return Assignment(Actor(opening.wanted, "") if opening.wanted else None)


_assigns: list[Assigns] = [_as_drawn]


def assigns(function: Assigns) -> Assigns:
    """From now on ``function(session, opening)`` says whose each new task is; the last one registered counts."""
    _assigns[:] = [function]
    return function


# ---------------------------------------------------------------- projection

_RECONCILE = text(
    """WITH closed AS (
  UPDATE user_task t SET state = c.state, reason = c.reason, closed_at = :now,
    closed_by_id = :actor_id, closed_by = :actor
  FROM jsonb_to_recordset(CAST(:closed AS jsonb)) AS c(id uuid, state text, reason text)
  -- Claimed by another between our reading and now: then he has won.
  WHERE t.id = c.id AND t.state = 'open'
    AND (c.state = 'withdrawn' OR t.assignee IS NULL OR t.assignee = :actor_id)
  RETURNING 1),
opened AS (
  INSERT INTO user_task (id, court_id, instance_id, case_id, token, matter, stage, element, name, role,
    scope, team, screen, form, assignee, assignee_name, due_at, priority, state, local, opened_at)
  SELECT o.id, :court_id, :instance_id, :case_id, o.token, :matter, :stage, o.element, o.name, o.role,
    o.scope, o.team, o.screen, o.form, o.assignee, o.assignee_name, o.due_at, o.priority, 'open', o.local, :now
  FROM jsonb_to_recordset(CAST(:opened AS jsonb)) AS o(id uuid, token uuid, element text, name text,
    role text, scope text, team text, screen text, form text, assignee uuid, assignee_name text,
    due_at timestamptz, priority smallint, local jsonb)
  RETURNING 1)
SELECT (SELECT count(*) FROM closed) AS closed"""
)


def _reconcile(session: db.Session, opened: Opened, outcome: spiff.Outcome) -> None:
    waiting = {t.id: t for t in outcome.user_tasks}
    rows = {UUID(r["token"]): r for r in opened.rows["tasks"]}
    gone = [token for token in rows if token not in waiting]
    new = [t for token, t in waiting.items() if token not in rows]
    if not gone and not new:
        return
    states = [opened.finished.get(token, "withdrawn") for token in gone]
    for token, state in zip(gone, states, strict=True):
        if state == "withdrawn":
            opened.note("task_withdrawn", element=rows[token]["element"], reason=opened.cause)
    if new:
        opened.note("tasks_opened", elements=[t.element for t in new])
    closed = session.execute(
        _RECONCILE,
        {
            "now": opened.now,
            "actor_id": opened.actor.id,
            "actor": opened.actor.name,
            "court_id": opened.court_id,
            "instance_id": opened.id,
            "case_id": opened.case_id,
            "matter": opened.key,
            "stage": opened.stage,
            "closed": db.rows(
                {
                    "id": rows[token]["id"],
                    "state": state,
                    "reason": opened.cause if state == "withdrawn" else None,
                }
                for token, state in zip(gone, states, strict=True)
            ),
            "opened": db.rows(_new_row(session, opened, t) for t in new),
        },
    ).scalar()
    if closed != len(gone):
        raise Stale("user_task")


def _new_row(session: db.Session, opened: Opened, task: spiff.UserTask) -> dict[str, Any]:
    element = opened.definition.elements.get(task.element, Element())
    opening = Opening(
        court_id=opened.court_id,
        instance_id=opened.id,
        case_id=opened.case_id,
        matter=opened.key,
        stage=opened.stage,
        element=task.element,
        role=task.lane,
        scope=element.scope,
        screen=element.screen,
        local=values.from_json(dict(task.local)),
        wanted=_wanted(opened, task, element),
    )
    assignment = _assigns[-1](session, opening)
    whose = assignment.assignee
    return {
        "id": new_id(),
        "token": task.id,
        "element": task.element,
        "name": task.name,
        "role": task.lane,
        "scope": element.scope,
        "team": assignment.team,
        "screen": element.screen,
        "form": element.form,
        "assignee": whose.id if whose else None,
        "assignee_name": whose.name if whose else None,
        "due_at": assignment.due_at
        or (spiff.plus(opened.now, element.due) if element.due else None),
        "priority": element.priority,
        "local": dict(task.local) or None,
    }


def _wanted(opened: Opened, task: spiff.UserTask, element: Element) -> UUID | None:
    """An expression that names nobody leaves the task to its role, and an incident says so."""
    if element.assignee is None:
        return None
    try:
        value = opened.fence.evaluate(task.id, element.assignee)
        return None if value is None else UUID(value)
    except (spiff.Trouble, spiff.NotOpen, ValueError, TypeError, AttributeError) as error:
        opened.failures.append(inside.Failure(task.element, error))
        return None


PROJECTION = Projection(
    "tasks",
    "SELECT id, token, element, assignee, assignee_name FROM user_task"
    " WHERE instance_id = i.id AND state = 'open'",
    _reconcile,
)
