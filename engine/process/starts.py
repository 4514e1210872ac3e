"""What starts processes by itself: messages, signals and timers of start events. Of the newest versions only.

A timer start is a row with its next date; the worker starts one instance for each firing, in the
transaction that moves the row on, so that a firing is never lost and never doubled.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, Uuid, insert, select, text

from engine import clock, db
from engine.audit import SYSTEM, Actor
from engine.ids import new_id
from engine.process import definitions, instances, spiff

START = Table(
    "process_start",
    db.metadata,
    Column("id", Uuid, primary_key=True),
    Column("court_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("element", Text, nullable=False),
    #: message, signal, timer
    Column("kind", Text, nullable=False),
    #: Of the message or signal; of a timer its text, so that a new version with the same text keeps the date.
    Column("name", Text, nullable=False),
    #: Of a timer: the next firing, firings left after it (-1: without end), and the time between two.
    Column("due_at", db.UtcDateTime),
    Column("remaining", Text),
    #: What broke the last firing.
    Column("error", Text),
    CheckConstraint("kind IN ('message', 'signal', 'timer')", name="kind"),
    Index(None, "court_id", "kind", "name"),
    Index("ix_process_start_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index(None, "court_id", "key", "element", "kind", "name", unique=True),
)

_POSTPONED = timedelta(minutes=10)


def by_message(
    session: db.Session,
    court_id: UUID,
    name: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    case_id: UUID | None = None,
) -> list[UUID]:
    """One new instance for each process this message starts; [] if it starts none."""
    return _start_all(session, court_id, "message", name, data, actor, case_id)


def by_signal(
    session: db.Session,
    court_id: UUID,
    name: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    case_id: UUID | None = None,
) -> list[UUID]:
    """The same for a signal."""
    return _start_all(session, court_id, "signal", name, data, actor, case_id)


def _start_all(
    session: db.Session,
    court_id: UUID,
    kind: str,
    name: str,
    data: Mapping[str, Any],
    actor: Actor,
    case_id: UUID | None,
) -> list[UUID]:
    rows = session.execute(
        text(
            "SELECT key, element FROM process_start WHERE court_id = :court_id AND kind = :kind"
            " AND name = :name ORDER BY key, element"
        ),
        {"court_id": court_id, "kind": kind, "name": name},
    ).all()
    return [
        instances.start(
            session, court_id, row.key, data, actor=actor, case_id=case_id, element=row.element
        )
        for row in rows
    ]


# ---------------------------------------------------------------- timers


def next_due(session: db.Session) -> UUID | None:
    """The start that is due longest, locked; None if there is none that nobody else works on."""
    found: UUID | None = session.scalar(
        text(
            "SELECT id FROM process_start WHERE due_at <= :now ORDER BY due_at LIMIT 1"
            " FOR UPDATE SKIP LOCKED"
        ),
        {"now": clock.now()},
    )
    return found


def fire(session: db.Session, start_id: UUID) -> UUID:
    """One instance, and the next date."""
    row = session.execute(
        text("SELECT court_id, key, element, due_at, remaining FROM process_start WHERE id = :id"),
        {"id": start_id},
    ).one()
    following = spiff.following(row.due_at, row.remaining)
    session.execute(
        text(
            "UPDATE process_start SET due_at = :due, remaining = :remaining, error = NULL WHERE id = :id"
        ),
        {"id": start_id, "due": following[0], "remaining": following[1]},
    )
    return instances.start(session, row.court_id, row.key, {}, actor=SYSTEM, element=row.element)


def postpone(session: db.Session, start_id: UUID, error: BaseException) -> None:
    """Starting it breaks; it must not be the first in line for ever."""
    session.execute(
        text("UPDATE process_start SET due_at = :due, error = :error WHERE id = :id"),
        {
            "id": start_id,
            "due": clock.now() + _POSTPONED,
            "error": f"{type(error).__qualname__}: {error}"[:2000].replace("\x00", "\\x00"),
        },
    )


# ---------------------------------------------------------------- deployment


@definitions.on_deploy
def listen(
    session: db.Session,
    deployed: definitions.Deployed,
    court_id: UUID,
    _files: Mapping[str, str],
    _properties: Mapping[str, str],
) -> None:
    """A new version replaces what started the one before; a timer with the same text keeps its date."""
    now = clock.now()
    wanted = {
        (start.element, trigger.kind, trigger.name or trigger.text or ""): trigger
        for start in definitions.parsed(session, deployed.id).spiff.starts
        if start.process == deployed.key
        for trigger in start.triggers
        if trigger.kind in ("message", "signal", "timer")
    }
    known = _known(session, court_id, deployed.key)
    session.execute(
        text("DELETE FROM process_start WHERE id = ANY(CAST(:ids AS uuid[]))"),
        {"ids": [known[place] for place in known if place not in wanted]},
    )
    for (element, kind, name), trigger in wanted.items():
        if (element, kind, name) in known:
            continue
        due_at, remaining = spiff.first_due(trigger, now) if kind == "timer" else (None, None)
        session.execute(
            insert(START).values(
                id=new_id(),
                court_id=court_id,
                key=deployed.key,
                element=element,
                kind=kind,
                name=name,
                due_at=due_at,
                remaining=remaining,
            )
        )


def _known(session: db.Session, court_id: UUID, key: str) -> dict[tuple[str, str, str], UUID]:
    rows = session.execute(
        select(START.c.id, START.c.element, START.c.kind, START.c.name).where(
            START.c.court_id == court_id, START.c.key == key
        )
    )
    return {(row.element, row.kind, row.name): row.id for row in rows}
