"""Stage entries: a case's stay in one stage, with its clock, its pauses and its handler.

open --流转--> left          the next stage's entry follows
 '---refused--> undone       the receiving team sent it back; the sender's entry goes on (DOMAIN §2.6)

The clock starts the day after the entry. A pause is an interval of days derived from an event
(ruling of suspension, appraisal, auction); the due day moves by the days of the merged pauses.
``court_case`` carries a copy of what lists sort by; every change here writes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
    text,
    update,
)

from engine import clock, db
from engine.casefile import columns, rulebook
from engine.casefile.case import cases
from engine.casefile.case.cases import Case
from engine.casefile.people import access
from engine.casefile.rules.spans import Span
from engine.errors import EngineError, NotFound
from engine.ids import new_id

STAGES = ("asset_control", "asset_disposal", "fund_distribution", "closing_archiving")

ENTRY = Table(
    "stage_entry",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("stage", Text, nullable=False),
    #: From 1, over all stages of the case.
    Column("number", SmallInteger, nullable=False),
    Column("entered_on", Date, nullable=False),
    Column("entered_at", db.UtcDateTime, nullable=False),
    #: The limit as it stood at the entry, e.g. ``30 d``.
    Column("length", Text, nullable=False),
    columns.user_id("handler_id"),
    #: Why this handler: accepted, same_debtor, lightest_load, returned, reassigned.
    Column("handler_reason", Text, nullable=False),
    #: A return to an earlier stage, not a step forward.
    Column("is_return", Boolean, nullable=False),
    #: Code of the return or empty.
    Column("reason", Text, nullable=False),
    Column("left_at", db.UtcDateTime),
    #: open, left, undone
    Column("state", Text, nullable=False),
    Index(None, "court_id", "case_id", "number"),
    Index("uq_stage_entry_open", "case_id", unique=True, postgresql_where=text("state = 'open'")),
)

PAUSE = Table(
    "stage_pause",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("entry_id", Uuid, ForeignKey("stage_entry.id"), nullable=False),
    #: suspension, stay, superior_stay, appraisal, auction, public_notice …
    Column("cause", Text, nullable=False),
    Column("from_on", Date, nullable=False),
    #: Null while it lasts.
    Column("to_on", Date),
    Index(None, "court_id", "entry_id"),
)


class AlreadyPaused(EngineError):
    """本阶段期限已经因同一事由暂停"""

    code = "already_paused"


@dataclass(frozen=True)
class Entry:
    id: UUID
    court_id: UUID
    case_id: UUID
    stage: str
    number: int
    entered_on: date
    length: str
    handler_id: UUID | None
    handler_reason: str
    is_return: bool
    reason: str
    state: str


_READ = tuple(ENTRY.c[f.name] for f in fields(Entry))


def enter(
    session: db.Session,
    case: Case,
    stage: str,
    *,
    handler_id: UUID | None,
    handler_reason: str,
    is_return: bool = False,
    reason: str = "",
    closing_path: str | None = None,
) -> Entry:
    """Opens a stay in ``stage`` today; the entry before it must have been left."""
    now, today = clock.now(), clock.today()
    number = session.scalar(
        select(func.coalesce(func.max(ENTRY.c.number), 0)).where(ENTRY.c.case_id == case.id)
    )
    entry = Entry(
        id=new_id(),
        court_id=case.court_id,
        case_id=case.id,
        stage=stage,
        number=int(number or 0) + 1,
        entered_on=today,
        length=rulebook.stage_limit(session, case.court_id, stage, is_return=is_return),
        handler_id=handler_id,
        handler_reason=handler_reason,
        is_return=is_return,
        reason=reason,
        state="open",
    )
    session.execute(insert(ENTRY).values(**vars(entry), entered_at=now))
    if handler_id is not None:
        access.involve(session, case, handler_id, f"handler:{stage}")
    cases.change(
        session,
        case.id,
        status="in_stage",
        stage=stage,
        stage_entry_id=entry.id,
        stage_entered_on=today,
        handler_id=handler_id,
        stage_paused_on=None,
        stage_days_left=None,
        stage_earliest_on=None,
        closing_path=closing_path if stage == STAGES[-1] else None,
    )
    recompute(session, cases.get(session, case.id))
    return entry


def leave(session: db.Session, entry_id: UUID, *, state: str = "left") -> None:
    """Ends the stay and every pause of it."""
    session.execute(
        update(ENTRY)
        .where(ENTRY.c.id == entry_id, ENTRY.c.state == "open")
        .values(state=state, left_at=clock.now())
    )
    session.execute(
        update(PAUSE)
        .where(PAUSE.c.entry_id == entry_id, PAUSE.c.to_on.is_(None))
        .values(to_on=clock.today())
    )


def reopen(session: db.Session, case: Case, stage: str) -> None:
    """The receiving team refused: its stay counts for nobody, the sender's goes on as if paused meanwhile."""
    received = current(session, case.id)
    sender = next((e for e in reversed(of_case(session, case.id)) if e.stage == stage), None)
    if received is None or sender is None:
        raise NotFound(str(case.id))
    leave(session, received.id, state="undone")
    session.execute(update(ENTRY).where(ENTRY.c.id == sender.id).values(state="open", left_at=None))
    cases.change(
        session,
        case.id,
        stage=sender.stage,
        stage_entry_id=sender.id,
        stage_entered_on=sender.entered_on,
        handler_id=sender.handler_id,
        # It belonged to the closing stage, whose three months bind nobody else.
        closing_path=None,
    )
    # From the day after 提交, which is the receiver's day of entry, to the day of the refusal.
    first, last = received.entered_on + timedelta(days=1), clock.today()
    if first <= last:
        session.execute(
            insert(PAUSE).values(
                id=new_id(),
                court_id=case.court_id,
                case_id=case.id,
                entry_id=sender.id,
                cause="refused_transfer",
                from_on=first,
                to_on=last,
            )
        )
    recompute(session, cases.get(session, case.id))


def current(session: db.Session, case_id: UUID) -> Entry | None:
    row = session.execute(
        select(*_READ).where(ENTRY.c.case_id == case_id, ENTRY.c.state == "open")
    ).mappings()
    found = row.one_or_none()
    return Entry(**found) if found else None


def get(session: db.Session, entry_id: UUID) -> Entry:
    row = session.execute(select(*_READ).where(ENTRY.c.id == entry_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(str(entry_id))
    return Entry(**row)


def of_case(session: db.Session, case_id: UUID) -> list[Entry]:
    """Every stay, the oldest first."""
    rows = session.execute(
        select(*_READ).where(ENTRY.c.case_id == case_id).order_by(ENTRY.c.number)
    ).mappings()
    return [Entry(**row) for row in rows]


# ---------------------------------------------------------------- the clock


def pauses(session: db.Session, entry_id: UUID) -> list[tuple[str, date, date | None]]:
    """(cause, from, to or None while it lasts), the oldest first."""
    rows = session.execute(
        select(PAUSE.c.cause, PAUSE.c.from_on, PAUSE.c.to_on)
        .where(PAUSE.c.entry_id == entry_id)
        .order_by(PAUSE.c.from_on, PAUSE.c.id)
    )
    return [(row.cause, row.from_on, row.to_on) for row in rows]


def pause(session: db.Session, case: Case, cause: str, from_on: date | None = None) -> None:
    """Stops the stage's clock from that day on (default today)."""
    entry = current(session, case.id)
    if entry is None:
        raise NotFound(str(case.id))
    if any(c == cause and to is None for c, _, to in pauses(session, entry.id)):
        raise AlreadyPaused
    session.execute(
        insert(PAUSE).values(
            id=new_id(),
            court_id=case.court_id,
            case_id=case.id,
            entry_id=entry.id,
            cause=cause,
            from_on=from_on or clock.today(),
        )
    )
    recompute(session, case)


def resume(session: db.Session, case: Case, cause: str, to_on: date | None = None) -> None:
    """Ends the pause of this cause; its last day is the day before the clock goes on."""
    entry = current(session, case.id)
    if entry is None:
        raise NotFound(str(case.id))
    session.execute(
        update(PAUSE)
        .where(PAUSE.c.entry_id == entry.id, PAUSE.c.cause == cause, PAUSE.c.to_on.is_(None))
        .values(to_on=to_on or clock.today())
    )
    recompute(session, case)


def recompute(session: db.Session, case: Case) -> None:
    """Writes due day, pause and days left anew, after a pause or when a year's calendar was loaded."""
    entry = current(session, case.id)
    if entry is None:
        return
    today, intervals = clock.today(), pauses(session, entry.id)
    spans = [Span(start, end or max(start, today)) for _, start, end in intervals]
    if case.closing_path == rulebook.FINAL_PATH:
        due = rulebook.final_due(session, case, entry.entered_on, spans)
    else:
        due = rulebook.due(session, case.court_id, entry.length, entry.entered_on, spans)
    running = [start for _, start, end in intervals if end is None]
    cases.change(
        session,
        case.id,
        stage_due_on=due.on,
        stage_due_tentative=due.tentative,
        stage_earliest_on=due.earliest,
        stage_paused_on=min(running) if running else None,
        # As if the pause ended today and the clock went on tomorrow.
        stage_days_left=(due.on - today).days if running else None,
    )


def reassign(session: db.Session, case: Case, handler_id: UUID, reason: str) -> None:
    """改派: the stay and the case go to another handler of the same team."""
    session.execute(
        update(ENTRY)
        .where(ENTRY.c.case_id == case.id, ENTRY.c.state == "open")
        .values(handler_id=handler_id, handler_reason=reason)
    )
    access.involve(session, case, handler_id, f"handler:{case.stage}")
    cases.change(session, case.id, handler_id=handler_id)


def handlers(session: db.Session, case_ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Case -> handler of its open stay."""
    rows = session.execute(
        select(ENTRY.c.case_id, ENTRY.c.handler_id).where(
            ENTRY.c.case_id.in_(list(case_ids)), ENTRY.c.state == "open"
        )
    )
    return {row.case_id: row.handler_id for row in rows}
