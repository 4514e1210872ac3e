"""实例换版, carried out: an instance goes on in another version of its definition, from where it stands.

One transaction under the instance's lock: state, definition, rows and audit entry together, or
nothing. A plan holds for the instance as it was then; if it has moved on, ``PlanIsOver`` says so, and
the operator looks again.
"""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

import orjson
from sqlalchemy import text

from engine import db
from engine.audit import Actor
from engine.errors import EngineError
from engine.process import spiff, steps, version_plans
from engine.process.definitions import Element, Parsed
from engine.process.steps import Opened
from engine.process.version_plans import Plan, Prepared


class PlanIsOver(EngineError):
    """流程在您查看之后有了变动，请按现在的情况重新确认换版方案"""

    code = "plan_is_over"


class NotMovable(EngineError):
    """这个流程现在不能换版"""

    code = "not_movable"

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.findings[0].message.rstrip("。"))
        self.plan = plan


def plan(
    session: db.Session,
    instance_id: UUID,
    to_version: int,
    chosen: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """What moving to that version of the same definition would mean now. Takes no lock, changes nothing."""
    return version_plans.prepare(session, steps.look(session, instance_id), to_version, chosen).plan


def move(session: db.Session, agreed: Plan, *, actor: Actor, reason: str) -> Plan:
    """Carries the plan out as it was agreed; the plan as it was carried out.

    ``PlanIsOver`` if the instance has changed since, ``NotMovable`` with the first finding.
    """
    opened = steps.open_(session, agreed.instance_id)
    if (opened.version, opened.definition.version) != (agreed.revision, agreed.from_version):
        raise PlanIsOver
    prepared = version_plans.prepare(session, opened, agreed.to_version, agreed.chosen)
    if prepared.plan.errors:
        raise NotMovable(prepared.plan)
    _carry_out(session, opened, prepared, actor, reason)
    return prepared.plan


def move_unremarked(
    session: db.Session, instance_id: UUID, to_version: int, *, actor: Actor, reason: str
) -> Plan:
    """Moves an instance about which there is nothing to say; for many at once. ``NotMovable`` also for a warning."""
    opened = steps.open_(session, instance_id)
    prepared = version_plans.prepare(session, opened, to_version, {})
    if prepared.plan.findings:
        raise NotMovable(prepared.plan)
    _carry_out(session, opened, prepared, actor, reason)
    return prepared.plan


def _carry_out(
    session: db.Session, opened: Opened, prepared: Prepared, actor: Actor, reason: str
) -> None:
    done = prepared.plan
    if prepared.carried.instance is None:
        raise NotMovable(done)
    opened.fence, opened.definition = prepared.carried.instance, prepared.target
    opened.actor, opened.cause = actor, "version_moved"
    session.execute(
        text("UPDATE process_instance SET definition_id = :to WHERE id = :id"),
        {"to": prepared.target.id, "id": opened.id},
    )
    _rename(session, opened, {s.element: s.to for s in done.spots if s.to and s.to != s.element})
    _redraw_tasks(session, opened, prepared.target)
    opened.note(
        "instance_moved",
        old=done.from_version,
        new=done.to_version,
        mapping={s.element: s.to for s in done.spots},
        events=[{"kind": c.kind, "element": c.element} for c in done.listening],
        warnings=[f.message for f in done.warnings],
        reason=reason,
    )
    steps.record(session, opened)


def _rename(session: db.Session, opened: Opened, names: Mapping[str, str]) -> None:
    """Rows of elements that have another id in the target."""
    if not names:
        return
    for table, still in (
        ("user_task", " AND state = 'open'"),
        ("job", ""),
        ("timer", ""),
        ("incident", " AND closed_at IS NULL"),
    ):
        session.execute(
            text(
                f"UPDATE {table} t SET element = n.new FROM jsonb_each_text(CAST(:names AS jsonb))"
                f" AS n(old, new) WHERE t.instance_id = :id AND t.element = n.old{still}"
            ),
            {"id": opened.id, "names": orjson.dumps(dict(names)).decode()},
        )
    for rows in opened.rows.values():
        for row in rows:
            if row.get("element") in names:
                row["element"] = names[row["element"]]


def _redraw_tasks(session: db.Session, opened: Opened, target: Parsed) -> None:
    """Open tasks show what the target draws; id, assignee, due date and what was typed stay theirs."""
    rows = []
    for task in spiff.look(opened.fence).user_tasks:
        drawn = target.elements.get(task.element, Element())
        rows.append(
            {
                "token": task.id,
                "name": task.name,
                "role": task.lane,
                "scope": drawn.scope,
                "screen": drawn.screen,
                "form": drawn.form,
                "priority": drawn.priority,
            }
        )
    session.execute(
        text(
            "UPDATE user_task t SET name = d.name, role = d.role, scope = d.scope, screen = d.screen,"
            " form = d.form, priority = d.priority FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
            " AS d(token uuid, name text, role text, scope text, screen text, form text, priority smallint)"
            " WHERE t.instance_id = :id AND t.state = 'open' AND t.token = d.token"
        ),
        {"id": opened.id, "rows": db.rows(rows)},
    )
