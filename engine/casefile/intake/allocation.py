"""Who handles a case in a stage: same debtor, else the lightest load, ties in turn (DOMAIN §2.2)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from engine import db
from engine.casefile.case.cases import CASE, Case
from engine.casefile.party.parties import PARTY
from engine.casefile.people import access, users
from engine.casefile.people.users import User
from engine.casefile.stage.stages import ENTRY
from engine.errors import EngineError


class TeamHasNoJudge(EngineError):
    """该阶段的团队没有可以承办的法官，请联系团队负责人"""

    code = "team_has_no_judge"


@dataclass(frozen=True)
class Choice:
    user: User
    #: accepted, same_debtor, lightest_load, returned
    reason: str


def choose(
    session: db.Session, case: Case, stage: str, *, accepted_by: UUID | None = None
) -> Choice:
    """The handler of ``case`` in ``stage``; ``TeamHasNoJudge`` if the team has no judge who may handle it."""
    judges = users.of_team(session, case.court_id, stage, "handling_judge")
    team = {u.id: u for u in judges if not access.is_recused(session, case.id, u.id)}
    if not team:
        raise TeamHasNoJudge
    if accepted_by in team:
        return Choice(team[accepted_by], "accepted")
    before = _handled_before(session, case, stage)
    if before in team:
        return Choice(team[before], "returned")
    same = _of_same_debtor(session, case, stage)
    if same in team:
        return Choice(team[same], "same_debtor")
    loads = _loads(session, case.court_id, stage)
    lightest = min(team.values(), key=lambda u: (*loads.get(u.id, (0, "")), u.name))
    return Choice(lightest, "lightest_load")


def _handled_before(session: db.Session, case: Case, stage: str) -> UUID | None:
    """A case that comes back goes to who had it in this stage."""
    found: UUID | None = session.scalar(
        select(ENTRY.c.handler_id)
        .where(ENTRY.c.case_id == case.id, ENTRY.c.stage == stage)
        .order_by(ENTRY.c.number.desc())
        .limit(1)
    )
    return found


def _of_same_debtor(session: db.Session, case: Case, stage: str) -> UUID | None:
    debtors = select(PARTY.c.id_number).where(
        PARTY.c.case_id == case.id, PARTY.c.role == "debtor", PARTY.c.id_number != ""
    )
    found: UUID | None = session.scalar(
        select(CASE.c.handler_id)
        .join(PARTY, PARTY.c.case_id == CASE.c.id)
        .where(
            CASE.c.court_id == case.court_id,
            CASE.c.stage == stage,
            CASE.c.id != case.id,
            CASE.c.handler_id.is_not(None),
            PARTY.c.role == "debtor",
            PARTY.c.id_number.in_(debtors),
        )
        .order_by(CASE.c.stage_entered_on.desc(), CASE.c.id)
        .limit(1)
    )
    return found


def _loads(session: db.Session, court_id: UUID, stage: str) -> dict[UUID, tuple[int, str]]:
    """Handler -> (open cases, day of the latest one): among equals it is the turn of who waited longest."""
    rows = session.execute(
        select(CASE.c.handler_id, func.count(), func.max(CASE.c.stage_entered_on))
        .where(CASE.c.court_id == court_id, CASE.c.stage == stage, CASE.c.handler_id.is_not(None))
        .group_by(CASE.c.handler_id)
    )
    return {handler: (count, latest.isoformat()) for handler, count, latest in rows}
