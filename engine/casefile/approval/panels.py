"""合议庭: the three who decide together in a case; composed once, changed only by decision (合议庭工作规定第三条)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Column, Index, Table, Text, Uuid, insert, select
from sqlalchemy.dialects.postgresql import ARRAY

from engine import clock, db
from engine.casefile import columns
from engine.casefile.case.cases import Case
from engine.casefile.people import access, users
from engine.casefile.people.users import User
from engine.errors import EngineError
from engine.ids import new_id

PANEL = Table(
    "collegial_panel",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    #: 承办 first, 审判长 is ``presiding_id``; an odd number, at least three.
    Column("member_ids", ARRAY(Uuid), nullable=False),
    columns.user_id("presiding_id", nullable=False),
    Column("composed_at", db.UtcDateTime, nullable=False),
    columns.user_id("composed_by"),
    Column("reason", Text, nullable=False),
    Index(None, "court_id", "case_id", "id"),
)

SIZE = 3


class PanelIncomplete(EngineError):
    """合议庭成员不足三人，请由院长或者团队负责人确定合议庭组成人员"""

    code = "panel_incomplete"


@dataclass(frozen=True)
class Panel:
    members: list[User]
    presiding: User


def of_case(session: db.Session, case: Case) -> Panel | None:
    """The newest composition that still has the case's handler and nobody recused; None if there is none."""
    row = session.execute(
        select(PANEL.c.member_ids, PANEL.c.presiding_id)
        .where(PANEL.c.case_id == case.id)
        .order_by(PANEL.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or case.handler_id not in row.member_ids:
        return None
    if any(access.is_recused(session, case.id, id_) for id_ in row.member_ids):
        return None
    members = [users.get(session, id_) for id_ in row.member_ids]
    return Panel(members, next(m for m in members if m.id == row.presiding_id))


def proposed(session: db.Session, case: Case) -> Panel:
    """The handler with two panel members of his team, else of the bureau; ``PanelIncomplete`` if there are none."""
    if case.handler_id is None:
        raise PanelIncomplete
    handler = users.get(session, case.handler_id)
    able = [
        u for u in users.with_role(session, case.court_id, "panel_member") if u.id != handler.id
    ]
    able = [u for u in able if not access.is_recused(session, case.id, u.id)]
    able.sort(key=lambda u: (u.team != case.stage, u.name, u.id))
    members = [handler, *able[: SIZE - 1]]
    if len(members) < SIZE:
        raise PanelIncomplete
    return Panel(members, handler)


def compose(session: db.Session, case: Case, panel: Panel, *, by: UUID | None, reason: str) -> None:
    session.execute(
        insert(PANEL).values(
            id=new_id(),
            court_id=case.court_id,
            case_id=case.id,
            member_ids=[m.id for m in panel.members],
            presiding_id=panel.presiding.id,
            composed_at=clock.now(),
            composed_by=by,
            reason=reason,
        )
    )
    for member in panel.members:
        access.involve(session, case, member.id, "panel")
