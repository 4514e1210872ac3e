"""Cases: one row each, with what every list sorts and filters by.

pending_acceptance --接收--> in_stage | unsegmented
in_stage --流转--> in_stage …, --stage 4 提交--> closed --> archived
in_stage <--> suspended, stayed   overlays; the stage entry's clock is paused meanwhile

The current stage, its handler, due day and pause are copied here from the stage entry
(``stages`` writes them in the same transaction), because lists must sort by them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from engine import clock, db
from engine.casefile import columns
from engine.casefile.case import bigrams
from engine.errors import NotFound
from engine.ids import new_id
from engine.process import steps

CASE = Table(
    "court_case",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    #: （2026）苏0199执6001号; correctable, the business key is the id.
    Column("case_no", Text, nullable=False),
    Column("year", Integer, nullable=False),
    #: 执, 执恢, 执保 …
    Column("case_type", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("cause", Text, nullable=False),
    Column("title_no", Text, nullable=False),
    Column("title_name", Text, nullable=False),
    Column("amount", db.Fen, nullable=False),
    Column("remark", Text, nullable=False),
    #: 涉民生, 督办, 保全 …
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("status", Text, nullable=False),
    #: To whom the filing division assigned it; the primary owner of the whole case.
    columns.user_id("owner_id"),
    Column("accepted_at", db.UtcDateTime),
    columns.user_id("accepted_by"),
    #: The pipeline.
    Column("instance_id", Uuid),
    #: Why it entered its first stage, or none: the row of the table, as a sentence.
    Column("entry_reason", Text, nullable=False, server_default=""),
    Column("stage", Text),
    Column("stage_entry_id", Uuid),
    Column("stage_entered_on", Date),
    columns.user_id("handler_id"),
    #: Last day of the stage's limit; while paused, as if the pause ended today.
    Column("stage_due_on", Date),
    Column("stage_due_tentative", Boolean, nullable=False, server_default="false"),
    #: 待满三个月: until this day the case may not be closed for want of assets.
    Column("stage_earliest_on", Date),
    #: Set while the stage's clock is paused, with what was left of it.
    Column("stage_paused_on", Date),
    Column("stage_days_left", Integer),
    #: 执行完毕, 终本 or 终结执行: the way on which it came into the closing stage.
    Column("closing_path", Text),
    Column("closed_on", Date),
    #: full_performance, end_this_enforcement, terminated, cancelled, refused, dismissed
    Column("closing_method", Text),
    Column("touched_at", db.UtcDateTime, nullable=False),
    #: Two-character pieces of the parties' names; substring search without an extension.
    Column("name_bigrams", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    UniqueConstraint("court_id", "case_no"),
    CheckConstraint(
        "status IN ('pending_acceptance', 'unsegmented', 'in_stage', 'suspended', 'stayed',"
        " 'closed', 'archived')",
        name="status",
    ),
    Index("ix_court_case_stage", "court_id", "stage", "stage_due_on", "id"),
    Index("ix_court_case_handler", "court_id", "handler_id", "stage", "stage_due_on", "id"),
    Index("ix_court_case_status", "court_id", "status", "filed_on", "id"),
    Index("ix_court_case_filed", "court_id", "filed_on", "id"),
    Index("ix_court_case_number", "court_id", "number"),
    Index("ix_court_case_names", "name_bigrams", postgresql_using="gin"),
)


@dataclass(frozen=True)
class Case:
    id: UUID
    court_id: UUID
    case_no: str
    year: int
    case_type: str
    number: int
    filed_on: date
    cause: str
    title_no: str
    title_name: str
    amount: Decimal
    remark: str
    tags: list[str]
    status: str
    owner_id: UUID | None
    accepted_at: datetime | None
    accepted_by: UUID | None
    instance_id: UUID | None
    entry_reason: str
    stage: str | None
    stage_entry_id: UUID | None
    stage_entered_on: date | None
    handler_id: UUID | None
    stage_due_on: date | None
    stage_due_tentative: bool
    stage_earliest_on: date | None
    stage_paused_on: date | None
    stage_days_left: int | None
    closing_path: str | None
    closed_on: date | None
    closing_method: str | None
    touched_at: datetime


READ = tuple(CASE.c[f.name] for f in fields(Case))


def add(
    session: db.Session,
    court_id: UUID,
    *,
    case_no: str,
    year: int,
    case_type: str,
    number: int,
    filed_on: date,
    cause: str,
    title_no: str,
    title_name: str,
    amount: Decimal,
    remark: str = "",
    tags: Iterable[str] = (),
    owner_id: UUID | None = None,
    party_names: Iterable[str] = (),
) -> UUID:
    """A case that waits to be accepted. Its parties are added by ``parties.add``."""
    id_ = new_id()
    session.execute(
        insert(CASE).values(
            id=id_,
            court_id=court_id,
            case_no=case_no,
            year=year,
            case_type=case_type,
            number=number,
            filed_on=filed_on,
            cause=cause,
            title_no=title_no,
            title_name=title_name,
            amount=amount,
            remark=remark,
            tags=list(tags),
            status="pending_acceptance",
            owner_id=owner_id,
            touched_at=clock.now(),
            name_bigrams=bigrams.of_all(party_names),
        )
    )
    return id_


def get(session: db.Session, case_id: UUID) -> Case:
    """Without asking who looks; pages use ``access.case``."""
    return _found(
        session.execute(select(*READ).where(CASE.c.id == case_id)).mappings().one_or_none(), case_id
    )


def lock(session: db.Session, case_id: UUID) -> Case:
    """The case under its lock, which comes before every process instance's."""
    row = session.execute(
        select(*READ).where(CASE.c.id == case_id).with_for_update(key_share=True)
    ).mappings()
    return _found(row.one_or_none(), case_id)


def by_number(session: db.Session, court_id: UUID, case_no: str) -> Case | None:
    row = session.execute(
        select(*READ).where(CASE.c.court_id == court_id, CASE.c.case_no == case_no)
    ).mappings()
    found = row.one_or_none()
    return Case(**found) if found else None


def many(session: db.Session, case_ids: Iterable[UUID]) -> dict[UUID, Case]:
    rows = session.execute(select(*READ).where(CASE.c.id.in_(list(case_ids)))).mappings()
    return {row["id"]: Case(**row) for row in rows}


def change(session: db.Session, case_id: UUID, **values: Any) -> None:
    """Sets columns of a locked case and marks it as touched now."""
    session.execute(
        update(CASE).where(CASE.c.id == case_id).values(touched_at=clock.now(), **values)
    )


def _found(row: Any, case_id: UUID) -> Case:
    if row is None:
        raise NotFound(str(case_id))
    return Case(**row)


# Whoever opens a process instance, the worker too, locks its case before it.
steps.lock_first("court_case")
