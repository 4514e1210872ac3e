"""Who may see a case and who may act in it (DOMAIN §10). Every page loads objects through here.

What somebody may not see does not exist for him: ``NotFound``, never a hint. Seeing goes with
handling (now or before), the team that holds the case, and leadership; acting with handling alone.
"""

from uuid import UUID

from sqlalchemy import Column, Index, Table, Text, Uuid, exists, false, or_, select
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile import columns
from engine.casefile.case import cases
from engine.casefile.case.cases import CASE, Case
from engine.casefile.people.users import SYSADMIN, User
from engine.errors import EngineError, NotFound

#: Everybody who worked on a case; reading stays after a hand-over, and recusal ends it at once.
INVOLVEMENT = Table(
    "case_involvement",
    db.metadata,
    columns.court_id(),
    Column("case_id", Uuid, primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("since", db.UtcDateTime, nullable=False),
    #: Set by a decision of recusal (民事诉讼法第四十七条).
    Column("recused_at", db.UtcDateTime),
    Column("reason", Text, nullable=False),
    Index(None, "court_id", "user_id", "case_id"),
)


class Forbidden(EngineError):
    """您没有办理权限"""

    code = "forbidden"


def involve(session: db.Session, case: Case, user_id: UUID, reason: str) -> None:
    """From now on this person may read the case, also after it has gone on."""
    from sqlalchemy.dialects.postgresql import insert as upsert

    session.execute(
        upsert(INVOLVEMENT)
        .values(
            court_id=case.court_id,
            case_id=case.id,
            user_id=user_id,
            since=clock.now(),
            reason=reason,
        )
        .on_conflict_do_nothing()
    )


def recuse(session: db.Session, case: Case, user_id: UUID, reason: str) -> None:
    """Cuts a person off from the case at once: no row, no count, no hit."""
    involve(session, case, user_id, reason)
    session.execute(
        INVOLVEMENT.update()
        .where(INVOLVEMENT.c.case_id == case.id, INVOLVEMENT.c.user_id == user_id)
        .values(recused_at=clock.now(), reason=reason)
    )
    # What he has open as an approver goes to whoever is lawful instead.
    from engine.casefile.approval import approval_seats

    approval_seats.refresh_case(session, case.id, "recused")


def involved_as(session: db.Session, case_id: UUID, user_id: UUID) -> str | None:
    """Why the person may read the case by having worked on it; None if he did not."""
    found: str | None = session.scalar(
        select(INVOLVEMENT.c.reason).where(
            INVOLVEMENT.c.case_id == case_id, INVOLVEMENT.c.user_id == user_id
        )
    )
    return found


def readmit(session: db.Session, case: Case, user_id: UUID, reason: str | None) -> None:
    """Ends a recusal; ``reason``: what the person worked as before it, None: he did not work on the case."""
    own = (INVOLVEMENT.c.case_id == case.id) & (INVOLVEMENT.c.user_id == user_id)
    if reason is None:
        session.execute(INVOLVEMENT.delete().where(own))
    else:
        session.execute(INVOLVEMENT.update().where(own).values(recused_at=None, reason=reason))


def is_recused(session: db.Session, case_id: UUID, user_id: UUID) -> bool:
    found = session.scalar(
        select(INVOLVEMENT.c.recused_at).where(
            INVOLVEMENT.c.case_id == case_id, INVOLVEMENT.c.user_id == user_id
        )
    )
    return found is not None


def not_recused(viewer: User) -> ColumnElement[bool]:
    """Condition on ``court_case``: nobody finds a case he was recused from, not even masked."""
    return ~exists().where(
        INVOLVEMENT.c.case_id == CASE.c.id,
        INVOLVEMENT.c.user_id == viewer.id,
        INVOLVEMENT.c.recused_at.is_not(None),
    )


def may_open(viewer: User) -> ColumnElement[bool]:
    """Condition on ``court_case``: what the viewer may open in full."""
    if viewer.has(SYSADMIN):  # configuration, and no case, also none that he once handled
        return false()
    own = or_(CASE.c.handler_id == viewer.id, CASE.c.owner_id == viewer.id)
    allowed = [
        own,
        exists().where(
            INVOLVEMENT.c.case_id == CASE.c.id,
            INVOLVEMENT.c.user_id == viewer.id,
            INVOLVEMENT.c.recused_at.is_(None),
        ),
    ]
    if viewer.is_leader:
        allowed.append(CASE.c.id.is_not(None))
    if viewer.team is not None:
        allowed.append(CASE.c.stage == viewer.team)
    if viewer.has("filing_clerk", "handling_judge", "team_leader"):
        allowed.append(CASE.c.status == "pending_acceptance")
    return (CASE.c.court_id == viewer.court_id) & or_(*allowed) & not_recused(viewer)


def case(session: db.Session, viewer: User, case_id: UUID, *, lock: bool = False) -> Case:
    """The case if the viewer may open it; ``lock``: for changing it, so that the row is current."""
    if lock:
        cases.lock(session, case_id)
    row = (
        session.execute(select(*cases.READ).where(CASE.c.id == case_id, may_open(viewer)))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(str(case_id))
    return Case(**row)


def can_work(viewer: User, found: Case) -> bool:
    """Draft, deliver, remark, save the transfer sheet: the handler, and his team's assistants and clerks."""
    if found.handler_id == viewer.id:
        return True
    return viewer.team == found.stage and viewer.has("assistant", "clerk", "team_leader")


def must_work(viewer: User, found: Case) -> None:
    if not can_work(viewer, found):
        raise Forbidden("本案由承办人及其团队的法官助理、书记员办理")


def must_handle(viewer: User, found: Case, act: str) -> None:
    """Sign, submit: the handling judge alone. ``act`` is the button's word."""
    if found.handler_id != viewer.id:
        raise Forbidden(f"只有本阶段承办人可以{act}")
