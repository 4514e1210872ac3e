"""Property records of a case and the measures that control them, one card through all stages.

A measure lives until it is released or runs out; a queued one (轮候) has no end until it takes
effect and is no live control for 是否有拍 (DOMAIN §2.3).
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)

from engine import clock, db
from engine.casefile import columns
from engine.errors import EngineError, NotFound
from engine.ids import new_id

ASSET = Table(
    "asset",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("owner_id", Uuid, ForeignKey("party.id")),
    #: deposit, immovable, vehicle, movable, equity, securities, fund, claim, income, other
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    #: Who keeps or registers it (bank, registry), and its number there (account, certificate).
    Column("institution", Text, nullable=False, server_default=""),
    Column("number", Text, nullable=False, server_default=""),
    #: Estimated or known value.
    Column("value", db.Fen),
    #: none, auction, handover, deduct, withhold
    Column("disposition", Text, nullable=False),
    #: open, sold, set_off, returned, transferred, halted
    Column("state", Text, nullable=False),
    Column("created_at", db.UtcDateTime, nullable=False),
    columns.user_id("created_by"),
    Index(None, "court_id", "case_id"),
)

MEASURE = Table(
    "measure",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("asset_id", Uuid, ForeignKey("asset.id"), nullable=False),
    #: seize, impound, freeze
    Column("kind", Text, nullable=False),
    #: 1 first, 2 and more queued.
    Column("rank", SmallInteger, nullable=False),
    Column("amount", db.Fen),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    #: The assisting unit's number of it.
    Column("reference", Text, nullable=False, server_default=""),
    #: live, queued, released, lapsed
    Column("state", Text, nullable=False),
    Index(None, "court_id", "case_id"),
    Index("ix_measure_ends", "court_id", "ends_on"),
)

KINDS = (
    "deposit",
    "immovable",
    "vehicle",
    "movable",
    "equity",
    "securities",
    "fund",
    "claim",
    "income",
    "other",
)
DISPOSITIONS = ("none", "auction", "handover", "deduct", "withhold")
MEASURES = ("seize", "impound", "freeze")


class MeasureEndsBeforeStart(EngineError):
    """控制期限的届满日不能早于起始日，请核对"""

    code = "measure_ends_before_start"


class LiveMeasureNeedsEnd(EngineError):
    """首封控制措施必须填写届满日"""

    code = "live_measure_needs_end"


@dataclass(frozen=True)
class Measure:
    id: UUID
    asset_id: UUID
    kind: str
    rank: int
    amount: Decimal | None
    starts_on: date
    ends_on: date | None
    state: str
    reference: str = ""


@dataclass(frozen=True)
class Asset:
    id: UUID
    case_id: UUID
    owner_id: UUID | None
    kind: str
    name: str
    value: Decimal | None
    disposition: str
    state: str
    created_at: datetime
    institution: str = ""
    number: str = ""
    measures: tuple[Measure, ...] = ()

    @property
    def has_live_measure(self) -> bool:
        return any(m.state == "live" for m in self.measures)


def add(
    session: db.Session,
    court_id: UUID,
    case_id: UUID,
    *,
    owner_id: UUID | None,
    kind: str,
    name: str,
    value: Decimal | None,
    disposition: str,
    created_by: UUID | None,
    institution: str = "",
    number: str = "",
) -> UUID:
    id_ = new_id()
    session.execute(
        insert(ASSET).values(
            id=id_,
            court_id=court_id,
            case_id=case_id,
            owner_id=owner_id,
            kind=kind,
            name=name,
            value=value,
            disposition=disposition,
            state="open",
            created_at=clock.now(),
            created_by=created_by,
            institution=institution,
            number=number,
        )
    )
    return id_


def control(
    session: db.Session,
    asset: Asset,
    court_id: UUID,
    *,
    kind: str,
    rank: int,
    starts_on: date,
    ends_on: date | None,
    amount: Decimal | None = None,
    reference: str = "",
) -> UUID:
    """A measure on the asset: rank 1 is live at once and needs its end, a later rank is queued."""
    if rank == 1 and ends_on is None:
        raise LiveMeasureNeedsEnd
    if ends_on is not None and ends_on < starts_on:
        raise MeasureEndsBeforeStart
    id_ = new_id()
    session.execute(
        insert(MEASURE).values(
            id=id_,
            court_id=court_id,
            case_id=asset.case_id,
            asset_id=asset.id,
            kind=kind,
            rank=rank,
            amount=amount,
            starts_on=starts_on,
            ends_on=ends_on if rank == 1 else None,
            state="live" if rank == 1 else "queued",
            reference=reference,
        )
    )
    return id_


def release(session: db.Session, measure_id: UUID) -> None:
    """The measure ends today; a queued one behind it takes effect by its own record."""
    session.execute(update(MEASURE).where(MEASURE.c.id == measure_id).values(state="released"))


def change_value(session: db.Session, asset_id: UUID, value: Decimal | None) -> None:
    """What a later query found."""
    session.execute(update(ASSET).where(ASSET.c.id == asset_id).values(value=value))


def change(session: db.Session, asset_id: UUID, *, disposition: str, state: str) -> None:
    session.execute(
        update(ASSET).where(ASSET.c.id == asset_id).values(disposition=disposition, state=state)
    )


def of_case(session: db.Session, case_id: UUID) -> list[Asset]:
    """In the order they were recorded, each with its measures."""
    return of_cases(session, [case_id]).get(case_id, [])


def of_cases(session: db.Session, case_ids: Iterable[UUID]) -> dict[UUID, list[Asset]]:
    ids = list(case_ids)
    measures: dict[UUID, list[Measure]] = {}
    for row in session.execute(
        select(*[MEASURE.c[f.name] for f in fields(Measure)])
        .where(MEASURE.c.case_id.in_(ids))
        .order_by(MEASURE.c.id)
    ).mappings():
        measures.setdefault(row["asset_id"], []).append(Measure(**row))
    found: dict[UUID, list[Asset]] = {}
    names = [f.name for f in fields(Asset) if f.name != "measures"]
    for row in session.execute(
        select(*[ASSET.c[name] for name in names])
        .where(ASSET.c.case_id.in_(ids))
        .order_by(ASSET.c.id)
    ).mappings():
        asset = Asset(**row, measures=tuple(measures.get(row["id"], ())))
        found.setdefault(asset.case_id, []).append(asset)
    return found


def get(session: db.Session, case_id: UUID, asset_id: UUID) -> Asset:
    for asset in of_case(session, case_id):
        if asset.id == asset_id:
            return asset
    raise NotFound(str(asset_id))
