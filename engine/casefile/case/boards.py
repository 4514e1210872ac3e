"""执行实体化: the cases of one stage, mine or the team's, by deadline; counts per light; matter progress.

Every list pages by keyset: ``after`` is the position of the last row shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, and_, case, cast, func, select, tuple_
from sqlalchemy.sql import ColumnElement

from engine import db
from engine.casefile.asset import assets
from engine.casefile.asset.assets import Asset
from engine.casefile.case import cases, lights, queries
from engine.casefile.case.cases import CASE, Case
from engine.casefile.matter import matters
from engine.casefile.matter.matters import Matter
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import access
from engine.casefile.people.users import USER, User

SORTS = ("due", "no", "amount")
SIZES = (50, 100, 200)
#: A paused case has no day; it comes after all that run.
_NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Filters:
    stage: str
    #: mine, team
    scope: str = "mine"
    light: str = ""
    #: Case number in any writing, a party's name or id number.
    words: str = ""
    cause: str = ""
    asset_kind: str = ""
    handler_id: UUID | None = None
    #: Only these, e.g. the rows that were ticked; empty: all.
    ids: tuple[UUID, ...] = ()
    sort: str = "due"
    size: int = 50
    after: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class Row:
    case: Case
    applicants: list[Party]
    debtors: list[Party]
    assets: list[Asset]
    matters: list[Matter]
    handler: str
    #: Keyset position of this row.
    position: tuple[Any, ...]

    @property
    def clues(self) -> dict[str, int]:
        """Kind of asset -> how many are recorded, in the order of the kinds."""
        found = Counter(asset.kind for asset in self.assets)
        return {kind: found[kind] for kind in assets.KINDS if found[kind]}


@dataclass(frozen=True)
class Board:
    rows: list[Row]
    more: bool
    total: int
    amount: Decimal
    counts: Mapping[str, int]
    mine: int
    team: int
    causes: list[str]


def board(session: db.Session, viewer: User, filters: Filters) -> Board:
    """One page of a stage's cases, with what the page counts around it.

    ``counts`` of the lights hold the other filters too, so that each opens exactly the rows it counts.
    """
    scope = _scope(viewer, filters)
    matching = and_(scope, *_conditions(viewer, filters))
    chosen = and_(matching, lights.condition(filters.light)) if filters.light else matching
    found = session.execute(
        _sorted(select(*cases.READ, USER.c.name.label("handler_name")), filters, chosen)
    ).mappings()
    rows = [dict(row) for row in found]
    more = len(rows) > filters.size
    rows = rows[: filters.size]
    total, amount = session.execute(
        select(func.count(), func.coalesce(func.sum(CASE.c.amount), 0)).where(chosen)
    ).one()
    return Board(
        rows=_rows(session, rows, filters.sort),
        more=more,
        total=total,
        amount=Decimal(amount),
        counts=_counts(session, matching),
        mine=_count(session, _scope(viewer, filters, "mine")),
        team=_count(session, _scope(viewer, filters, "team")),
        causes=list(
            session.scalars(select(CASE.c.cause).where(scope).distinct().order_by(CASE.c.cause))
        ),
    )


def _scope(viewer: User, filters: Filters, scope: str | None = None) -> ColumnElement[bool]:
    own = CASE.c.handler_id == viewer.id
    condition = and_(
        CASE.c.court_id == viewer.court_id, CASE.c.stage == filters.stage, access.may_open(viewer)
    )
    return condition if (scope or filters.scope) == "team" else and_(condition, own)


def _conditions(viewer: User, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.words.strip():
        found.append(queries.words(viewer, filters.words))
    if filters.cause:
        found.append(CASE.c.cause == filters.cause)
    if filters.handler_id is not None:
        found.append(CASE.c.handler_id == filters.handler_id)
    if filters.ids:
        found.append(CASE.c.id.in_(filters.ids))
    if filters.asset_kind:
        found.append(
            select(assets.ASSET.c.id)
            .where(assets.ASSET.c.case_id == CASE.c.id, assets.ASSET.c.kind == filters.asset_kind)
            .exists()
        )
    return found


_DUE = case(
    (CASE.c.stage_paused_on.is_not(None), _NEVER), else_=func.coalesce(CASE.c.stage_due_on, _NEVER)
)
#: Sort key -> its expression, ascending; the id makes it unique.
_KEYS: Mapping[str, ColumnElement[Any]] = {
    "due": _DUE,
    "no": cast(CASE.c.year, BigInteger) * 10_000_000 + CASE.c.number,
    "amount": -CASE.c.amount,
}


def _sorted(query: Select[Any], filters: Filters, chosen: ColumnElement[bool]) -> Select[Any]:
    key = _KEYS[filters.sort]
    query = (
        query.add_columns(key.label("sort_key"))
        .outerjoin(USER, USER.c.id == CASE.c.handler_id)
        .where(chosen)
        .order_by(key, CASE.c.id)
        .limit(filters.size + 1)
    )
    if filters.after is not None:
        query = query.where(tuple_(key, CASE.c.id) > filters.after)
    return query


def _rows(session: db.Session, found: Iterable[dict[str, Any]], sort: str) -> list[Row]:
    listed = list(found)
    ids = [row["id"] for row in listed]
    people = parties.of_cases(session, ids)
    property_ = assets.of_cases(session, ids)
    worked = matters.of_cases(session, ids)
    rows = []
    for row in listed:
        handler, key = row.pop("handler_name"), row.pop("sort_key")
        members = people.get(row["id"], [])
        rows.append(
            Row(
                case=Case(**row),
                applicants=[p for p in members if p.role == "applicant"],
                debtors=[p for p in members if p.role == "debtor"],
                assets=property_.get(row["id"], []),
                matters=worked.get(row["id"], []),
                handler=handler or "",
                position=(key, row["id"]),
            )
        )
    return rows


def _counts(session: db.Session, scope: ColumnElement[bool]) -> dict[str, int]:
    row = session.execute(
        select(
            func.count(), *[func.count().filter(lights.condition(light)) for light in lights.LIGHTS]
        )
        .select_from(CASE)
        .where(scope)
    ).one()
    return dict(zip(("", *lights.LIGHTS), row, strict=True))


def _count(session: db.Session, condition: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.count()).select_from(CASE).where(condition)) or 0)


def stage_counts(session: db.Session, viewer: User) -> dict[str, int]:
    """Stage -> my cases there, for the menu."""
    rows = session.execute(
        select(CASE.c.stage, func.count())
        .where(
            CASE.c.court_id == viewer.court_id,
            CASE.c.handler_id == viewer.id,
            CASE.c.stage.is_not(None),
        )
        .group_by(CASE.c.stage)
    )
    return {row[0]: row[1] for row in rows}
