"""案件查询 and 全院案件: conditions, 50 rows by keyset, masked columns for who does not handle the case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, func, or_, select, true, tuple_
from sqlalchemy.sql import ColumnElement

from engine import clock, db
from engine.casefile.case import bigrams, case_numbers, cases, identity_numbers, lights
from engine.casefile.case.cases import CASE, Case
from engine.casefile.party import parties
from engine.casefile.party.parties import PARTY, Party
from engine.casefile.people import access
from engine.casefile.people.users import USER, User

#: Who is shown as 承办人: before a case is in a stage, to whom it was assigned.
_HANDLER = func.coalesce(CASE.c.handler_id, CASE.c.owner_id)
#: Names of units are public.
_PERSONS = ("natural", "foreign")


@dataclass(frozen=True)
class Conditions:
    #: In any writing, also a part of it.
    case_no: str = ""
    party: str = ""
    id_number: str = ""
    handler: str = ""
    stage: str = ""
    status: str = ""
    filed_from: date | None = None
    filed_to: date | None = None
    #: A light of the deadline, or at most this many days left.
    light: str = ""
    days_left: int | None = None
    #: One field over all of these, as in the head of the page.
    words: str = ""
    after: tuple[Any, ...] | None = None
    size: int = 50


@dataclass(frozen=True)
class Found:
    case: Case
    applicants: list[str]
    debtors: list[str]
    #: Of the debtors: in full for the handler, in part for who may open the case, else empty.
    id_numbers: list[str]
    handler: str
    #: The viewer may open it; otherwise sensitive columns are masked.
    may_open: bool
    position: tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    rows: list[Found]
    more: bool
    total: int


def cases_of_viewer(session: db.Session, viewer: User, conditions: Conditions) -> Result:
    """案件查询: only what the viewer may open."""
    return _query(session, viewer, conditions, access.may_open(viewer))


def cases_of_court(session: db.Session, viewer: User, conditions: Conditions) -> Result:
    """全院案件: every case of the court but those the viewer was recused from, masked where he may not open."""
    everything = (CASE.c.court_id == viewer.court_id) & access.not_recused(viewer)
    return _query(session, viewer, conditions, everything)


def _query(
    session: db.Session, viewer: User, conditions: Conditions, scope: ColumnElement[bool]
) -> Result:
    chosen = and_(scope, *_chosen(viewer, conditions))
    query = (
        select(
            *cases.READ,
            USER.c.name.label("handler_name"),
            access.may_open(viewer).label("may_open"),
        )
        .outerjoin(USER, USER.c.id == _HANDLER)
        .where(chosen)
        .order_by(CASE.c.filed_on.desc(), CASE.c.id.desc())
        .limit(conditions.size + 1)
    )
    if conditions.after is not None:
        query = query.where(tuple_(CASE.c.filed_on, CASE.c.id) < conditions.after)
    found = [dict(row) for row in session.execute(query).mappings()]
    total = session.scalar(select(func.count()).select_from(CASE).where(chosen)) or 0
    people = parties.of_cases(session, [row["id"] for row in found])
    rows = [_found(viewer, row, people.get(row["id"], [])) for row in found[: conditions.size]]
    return Result(rows, len(found) > conditions.size, int(total))


def _found(viewer: User, row: dict[str, Any], people: list[Party]) -> Found:
    handler, may_open = row.pop("handler_name") or "", bool(row.pop("may_open"))
    case = Case(**row)
    return Found(
        case=case,
        applicants=_names(people, "applicant", may_open=may_open),
        debtors=_names(people, "debtor", may_open=may_open),
        id_numbers=_id_numbers(people, full=handles(viewer, case)) if may_open else [],
        handler=handler,
        may_open=may_open,
        position=(case.filed_on, case.id),
    )


def handles(viewer: User, case: Case) -> bool:
    """Whether identity numbers are shown to the viewer in full."""
    return viewer.id in (case.handler_id, case.owner_id if case.handler_id is None else None)


def _names(people: list[Party], role: str, *, may_open: bool) -> list[str]:
    members = [p for p in people if p.role == role and p.is_present]
    if may_open:
        return [p.name for p in members]
    return [identity_numbers.mask_name(p.name) if p.kind in _PERSONS else p.name for p in members]


def _id_numbers(people: list[Party], *, full: bool) -> list[str]:
    debtors = [p for p in people if p.role == "debtor" and p.is_present]
    numbers = [p.id_number for p in debtors if p.id_number]
    return numbers if full else [identity_numbers.mask(number) for number in numbers]


def _chosen(viewer: User, conditions: Conditions) -> list[ColumnElement[bool]]:
    given: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "words": lambda text: words(viewer, text),
        "case_no": numbered,
        "party": named,
        # Only what the viewer may open: a hit would tell whose case it is.
        "id_number": lambda text: and_(identified(text), access.may_open(viewer)),
        "handler": lambda name: _HANDLER.in_(
            select(USER.c.id).where(
                USER.c.court_id == viewer.court_id, USER.c.name.contains(name, autoescape=True)
            )
        ),
        "stage": lambda stage: CASE.c.stage == stage,
        "status": lambda status: CASE.c.status == status,
        "filed_from": lambda day: CASE.c.filed_on >= day,
        "filed_to": lambda day: CASE.c.filed_on <= day,
        "light": lights.condition,
        "days_left": _due_within,
    }
    found = []
    for name, condition in given.items():
        value = getattr(conditions, name)
        value = value.strip() if isinstance(value, str) else value
        if value not in ("", None):
            found.append(condition(value))
    return found


def _due_within(days: int) -> ColumnElement[bool]:
    last = clock.today() + timedelta(days=days)
    return and_(CASE.c.stage_due_on <= last, CASE.c.stage_paused_on.is_(None))


def words(viewer: User, text: str) -> ColumnElement[bool]:
    """A case number in any writing, a party's name, or an id number in full."""
    by_id = and_(identified(text), access.may_open(viewer))
    return or_(numbered(text), named(text), by_id)


def numbered(text: str) -> ColumnElement[bool]:
    """Year, type and number as far as they are written; a text that is no part of a number finds nothing."""
    part = case_numbers.search_form(text)
    if part is None:
        return false()
    found = [CASE.c.number == part.seq] if part.seq is not None else []
    if part.year is not None:
        found.append(CASE.c.year == part.year)
    if part.type:
        found.append(CASE.c.case_type == part.type)
    if part.court:
        found.append(CASE.c.case_no.contains(part.court, autoescape=True))
    return and_(true(), *found)


def named(text: str) -> ColumnElement[bool]:
    """Some party's name contains the text; the index finds the candidates, the names decide."""
    compact = "".join(text.split())
    hit = (
        select(PARTY.c.id)
        .where(PARTY.c.case_id == CASE.c.id, PARTY.c.name.contains(compact, autoescape=True))
        .exists()
    )
    return and_(CASE.c.name_bigrams.contains(bigrams.of_query(compact)), hit)


def identified(text: str) -> ColumnElement[bool]:
    return (
        select(PARTY.c.id)
        .where(PARTY.c.case_id == CASE.c.id, PARTY.c.id_number == text.strip().upper())
        .exists()
    )


def pending(
    session: db.Session, viewer: User, *, after: tuple[Any, ...] | None = None, size: int = 100
) -> list[tuple[Case, list[Party]]]:
    """Cases that wait for 接收, the oldest first; a judge sees those assigned to him and to nobody.

    At most ``size`` + 1, so that the page knows whether there are more; a position is (filed_on, id).
    """
    query = (
        select(*cases.READ)
        .where(_pending(viewer))
        .order_by(CASE.c.filed_on, CASE.c.id)
        .limit(size + 1)
    )
    if after is not None:
        query = query.where(tuple_(CASE.c.filed_on, CASE.c.id) > after)
    found = [Case(**row) for row in session.execute(query).mappings()]
    people = parties.of_cases(session, [c.id for c in found])
    return [(c, people.get(c.id, [])) for c in found]


def pending_count(session: db.Session, viewer: User) -> int:
    found = session.scalar(select(func.count()).select_from(CASE).where(_pending(viewer)))
    return int(found or 0)


def _pending(viewer: User) -> ColumnElement[bool]:
    waits = and_(
        CASE.c.court_id == viewer.court_id,
        CASE.c.status == "pending_acceptance",
        access.may_open(viewer),
    )
    if viewer.is_leader or viewer.has("team_leader", "filing_clerk"):
        return waits
    return and_(waits, or_(CASE.c.owner_id == viewer.id, CASE.c.owner_id.is_(None)))


def count_of_court(session: db.Session, court_id: UUID) -> int:
    found = session.scalar(
        select(func.count()).select_from(CASE).where(CASE.c.court_id == court_id)
    )
    return int(found or 0)


def newest_id(session: db.Session, court_id: UUID) -> UUID | None:
    """The case that was stored last."""
    found: UUID | None = session.scalar(
        select(CASE.c.id).where(CASE.c.court_id == court_id).order_by(CASE.c.id.desc()).limit(1)
    )
    return found
