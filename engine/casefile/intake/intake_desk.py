"""案件分配: what became of received cases, and why one is not segmented, as its decision table says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.sql import ColumnElement

from engine import audit, clock, db, dmn
from engine.casefile import rulebook
from engine.casefile.case import cases
from engine.casefile.case.cases import CASE, Case
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import access
from engine.casefile.people.users import USER, User
from engine.casefile.rules import tables

_ELIGIBILITY = tables.ELIGIBILITY
#: A cell of a table that does not matter.
_ANY = "-"


@dataclass(frozen=True)
class Received:
    """A case after 接收: in its stage with handler and deadline, or 未分段 for a reason."""

    case: Case
    parties: list[Party]
    handler: str
    position: tuple[Any, ...]


@dataclass(frozen=True)
class Step:
    """One row of the decision table, as far as the table was read."""

    number: int
    condition: str
    #: What the row asks for and how it is in this case: 案件类型代字：执保.
    facts: list[str]
    decides: bool


def received(
    session: db.Session,
    viewer: User,
    *,
    since: datetime | None = None,
    after: tuple[Any, ...] | None = None,
    size: int = 50,
) -> list[Received]:
    """The latest first, at most ``size`` + 1: the viewer's own, of leaders and 立案庭 everybody's.

    ``since``: only what the viewer received from then on.
    """
    query = (
        select(*cases.READ, USER.c.name.label("handler_name"))
        .outerjoin(USER, USER.c.id == CASE.c.handler_id)
        .where(_received(viewer, own=since is not None))
        .order_by(CASE.c.accepted_at.desc(), CASE.c.id.desc())
        .limit(size + 1)
    )
    if since is not None:
        query = query.where(CASE.c.accepted_at >= since)
    if after is not None:
        query = query.where(tuple_(CASE.c.accepted_at, CASE.c.id) < after)
    rows = [dict(row) for row in session.execute(query).mappings()]
    people = parties.of_cases(session, [row["id"] for row in rows])
    found = []
    for row in rows:
        handler = row.pop("handler_name") or ""
        case = Case(**row)
        found.append(Received(case, people.get(case.id, []), handler, (case.accepted_at, case.id)))
    return found


def received_count(session: db.Session, viewer: User) -> int:
    found = session.scalar(
        select(func.count()).select_from(CASE).where(_received(viewer, own=False))
    )
    return int(found or 0)


def _received(viewer: User, *, own: bool) -> ColumnElement[bool]:
    condition = and_(
        CASE.c.court_id == viewer.court_id, CASE.c.accepted_at.is_not(None), access.may_open(viewer)
    )
    if not own and (viewer.is_leader or viewer.has("team_leader", "filing_clerk")):
        return condition
    return and_(condition, CASE.c.accepted_by == viewer.id)


def eligibility(session: db.Session, case: Case) -> list[Step]:
    """The rows of ``segment_eligibility`` down to the one that decided, with the facts it saw then."""
    detail = session.scalar(
        select(audit.ENTRY.c.detail).where(
            audit.ENTRY.c.chain_id == case.id, audit.ENTRY.c.action == "case_accepted"
        )
    )
    if detail is None or case.accepted_at is None:
        return []
    decision = orjson.loads(detail)["decision"]
    rules = rulebook.of_court(session, case.court_id, clock.court_day(case.accepted_at))
    table = _table(rules.tables[_ELIGIBILITY])
    deciding = int(decision["rows"][0])
    return [
        Step(number, rule.note, _facts(table, rule, decision["facts"]), number == deciding)
        for number, rule in enumerate(table.rules[:deciding], start=1)
    ]


def _table(model: dmn.Model) -> Any:
    return model.decisions[0].logic


def _facts(table: Any, rule: Any, facts: Mapping[str, Any]) -> list[str]:
    """Of the columns that the row asks for."""
    found = []
    for column, cell in zip(table.inputs, rule.inputs, strict=True):
        if cell.text.strip() != _ANY:
            value = facts.get(column.expression.text.strip(), "")
            word = _TRUTHS[value] if isinstance(value, bool) else value
            found.append(f"{column.label}：{word}")
    return found


_TRUTHS = {True: "是", False: "否"}
