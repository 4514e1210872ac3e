"""One step of one instance: locked, loaded, moved, saved. Everything else of a step hangs on here.

    opened = open_(session, id)            # lock, state and open rows: one statement
    outcome = opened.fence.complete(...)   # the BPMN engine moves it, in memory
    go_on(session, opened, outcome)        # inside operations, rows of tasks, jobs, timers …, save

Lock order: the case (``lock_first``), then one existing process instance, then its rows. Every change to an instance
or to the set of its open rows is made under the instance's lock and ends in one ``save``, which
raises the row version; so a version read together with rows tells whether the rows are current.

What an instance waits for are rows of other modules, which register as a ``Projection``.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from engine import audit, clock, db
from engine.errors import (
    InstanceClosed,
    InstanceStandsStill,
    InstanceSuspended,
    NotFound,
    Stale,
    StateDamaged,
)
from engine.process import definitions, facts, inside, spiff

OPEN = ("running", "incident", "suspended")


@dataclass
class Opened:
    """One instance under its lock."""

    id: UUID
    court_id: UUID
    case_id: UUID | None
    key: str
    stage: str | None
    state: str
    version: int
    head: audit.Head
    definition: definitions.Parsed
    fence: spiff.Instance
    #: Open rows of each projection, as they were read with the state.
    rows: dict[str, list[dict[str, Any]]]
    now: datetime
    #: Who moves it, for audit and inside operations; and why what falls away falls away.
    actor: audit.Actor = audit.SYSTEM
    cause: str = "process_moved_on"
    notes: list[audit.Note] = field(default_factory=list)
    sent: list[spiff.Signal | spiff.Message] = field(default_factory=list)
    #: Token -> state of the row that it leaves as, e.g. completed; others are withdrawn.
    finished: dict[UUID, str] = field(default_factory=dict)
    #: What inside operations and jobs could not do; the incidents projection writes them down.
    failures: list[inside.Failure] = field(default_factory=list)

    def note(self, action: str, **detail: Any) -> None:
        self.notes.append(audit.Note(self.actor, action, detail))

    @property
    def has_crashed(self) -> bool:
        """Moving it broke; until an operator retries, nothing may move it, whatever else is recorded."""
        return any(row["kind"] == "crash" for row in self.rows["incidents"])

    def must_move(self) -> None:
        """Refuses, with the sentence for whoever is about to act."""
        if self.state not in OPEN:
            raise InstanceClosed
        if self.state == "incident":
            raise InstanceStandsStill
        if self.state == "suspended":
            raise InstanceSuspended

    def gather(self, outcome: spiff.Outcome) -> None:
        """What a step sent and decided, before the next one."""
        self.sent.extend(outcome.sent)
        for decision in outcome.decided:
            taken = {"flows": decision.flows} if decision.flows else {"rows": decision.rows}
            self.note("decision", element=decision.element, **taken, read=dict(decision.read))


@dataclass(frozen=True)
class Projection:
    """Rows that follow from what an instance waits for. ``reconcile`` reads open rows only: the given ones."""

    name: str
    #: SELECT of the open rows of ``i.id``; the names of its columns are the keys of the rows.
    select: str
    reconcile: Callable[[db.Session, Opened, spiff.Outcome], None]
    #: Corrects the loaded state before anything moves.
    loaded: Callable[[Opened], None] | None = None


_projections: list[Projection] = []
_statements: dict[tuple[str, str], Any] = {}


def project(*projections: Projection) -> None:
    """In this order they are reconciled; ``engine.process`` names them all."""
    _projections.extend(projections)
    _statements.clear()


# ---------------------------------------------------------------- lock and load


def _open_statement(of: str, lock: str) -> Any:
    """Lock and load in one round trip; ``of``: the table whose row names the instance."""
    if (of, lock) not in _statements:
        rows = "".join(
            f", (SELECT json_agg(r) FROM ({p.select}) r) AS {p.name}" for p in _projections
        )
        found = (
            ":id" if of == "process_instance" else f"(SELECT instance_id FROM {of} WHERE id = :id)"
        )
        _statements[of, lock] = text(
            f"{_case_first(found) if lock else ''}SELECT i.id, i.court_id, i.case_id, i.key, i.stage, i.state, i.version, i.audit_number,"
            f" i.audit_hash, i.definition_id, s.version AS state_version, s.blob, s.checksum{rows}"
            " FROM process_instance i LEFT JOIN process_state s ON s.instance_id = i.id"
            f" WHERE i.id = {found}"
            + (f" AND {_AFTER_CASE}{lock}" if lock and _lock_first else lock)
        )
    return _statements[of, lock]


_lock_first: list[str] = []
#: Worked out before the instance is read, and so after the case is locked.
_AFTER_CASE = "(SELECT count(*) FROM locked_case) >= 0"


def lock_first(table: str) -> None:
    """Before an instance its case is locked, in the same statement: the row of this table whose ``id`` is the case."""
    _lock_first[:] = [table]
    _statements.clear()


def _case_first(found: str) -> str:
    if not _lock_first:
        return ""
    return (
        f"WITH locked_case AS MATERIALIZED (SELECT 1 FROM {_lock_first[0]} WHERE id ="
        f" (SELECT case_id FROM process_instance WHERE id = {found}) FOR NO KEY UPDATE) "
    )


#: In a condition: true for the one worker that gets it, until its transaction ends. Not the instance's
#: lock, because that comes after the case's.
CANDIDATES = 50
OURS_ALONE = "pg_try_advisory_xact_lock(hashtextextended(CAST({0} AS text), 1))"


def open_(session: db.Session, id_: UUID, *, of: str = "process_instance") -> Opened:
    """The instance, locked and loaded. ``of``: ``id_`` is that of a row of this table.

    If the lock had to be waited for, PostgreSQL returns the new instance row beside the old state;
    the versions differ, and the second reading, now under the lock, is right.
    """
    return _read(session, id_, _open_statement(of, " FOR NO KEY UPDATE OF i"))


def look(session: db.Session, id_: UUID) -> Opened:
    """The instance for reading, without its lock; what it says may be over by now. Never save it."""
    return _read(session, id_, _open_statement("process_instance", ""))


def _read(session: db.Session, id_: UUID, statement: Any) -> Opened:
    for _ in range(2):
        found = session.execute(statement, {"id": id_}).one_or_none()
        if found is None:
            raise NotFound(str(id_))
        row: dict[str, Any] = dict(found._mapping)
        if row["state"] not in OPEN:
            raise InstanceClosed
        if row["state_version"] == row["version"]:
            return _opened(session, row)
    raise StateDamaged(str(id_))


def _opened(session: db.Session, row: Mapping[str, Any]) -> Opened:
    if checksum(row["blob"]) != row["checksum"]:
        raise StateDamaged(str(row["id"]))
    definition = definitions.parsed(session, row["definition_id"])
    now = clock.now()
    subject = facts.Subject(
        row["court_id"], row["id"], row["case_id"], row["key"], row["stage"], now
    )
    opened = Opened(
        id=row["id"],
        court_id=row["court_id"],
        case_id=row["case_id"],
        key=row["key"],
        stage=row["stage"],
        state=row["state"],
        version=row["version"],
        head=audit.Head(row["audit_number"], row["audit_hash"]),
        definition=definition,
        fence=spiff.Instance.load(definition.spiff, row["blob"], facts=facts.of(session, subject)),
        rows={p.name: row[p.name] or [] for p in _projections},
        now=now,
    )
    for projection in _projections:
        if projection.loaded is not None:
            projection.loaded(opened)
    return opened


def checksum(blob: bytes) -> bytes:
    return hashlib.blake2b(blob, digest_size=16).digest()


# ---------------------------------------------------------------- go on and save


def go_on(session: db.Session, opened: Opened, outcome: spiff.Outcome) -> spiff.Outcome:
    """What follows from a step: inside operations, then every projection, then the save."""
    opened.gather(outcome)
    if not opened.has_crashed:
        outcome = inside.run_parked(session, opened, outcome)
    for projection in _projections:
        projection.reconcile(session, opened, outcome)
    if outcome.ended:
        opened.note("instance_ended")
        opened.state = "ended"
    elif opened.state != "suspended":
        opened.state = "incident" if outcome.incident or opened.has_crashed else "running"
    save(session, opened, opened.fence.save())
    return outcome


_BUMP = """WITH bumped AS (
  UPDATE process_instance SET version = version + 1, state = :state, audit_number = :audit_number,
    audit_hash = :audit_hash, ended_at = :ended_at
  WHERE id = :id AND version = :version RETURNING version),
stored AS ({0} RETURNING 1),
noted AS ({1})
SELECT version FROM bumped"""
_NOTED = audit.INSERT.format("bumped")
_SAVE = text(
    _BUMP.format(
        "UPDATE process_state s SET version = b.version, blob = :blob, checksum = :checksum"
        " FROM bumped b WHERE s.instance_id = :id",
        _NOTED,
    )
)
_END = text(
    _BUMP.format("DELETE FROM process_state s USING bumped WHERE s.instance_id = :id", _NOTED)
)


def save(session: db.Session, opened: Opened, blob: bytes) -> None:
    """Row, state and audit entries in one statement; ``Stale`` if the row is not the one that was read.

    Under the lock that cannot happen. It is checked because a lock is only as good as the next
    programmer's memory.
    """
    over = opened.state not in OPEN
    entries = audit.chain(opened.id, opened.court_id, opened.head, opened.now, opened.notes)
    head = audit.Head(entries[-1].number, entries[-1].hash) if entries else opened.head
    parameters = {
        "id": opened.id,
        "version": opened.version,
        "court_id": opened.court_id,
        "at": opened.now,
        "state": opened.state,
        "ended_at": opened.now if over else None,
        "audit_number": head.number,
        "audit_hash": head.hash,
    } | audit.parameters(entries)
    if not over:
        parameters |= {"blob": blob, "checksum": checksum(blob)}
    if session.execute(_END if over else _SAVE, parameters).scalar() is None:
        raise Stale(str(opened.id))
    opened.version += 1
    opened.head, opened.notes = head, []


def advance(session: db.Session, opened: Opened) -> spiff.Outcome:
    """Runs what needs nobody, due timers included."""
    return go_on(session, opened, opened.fence.advance(opened.now))


def begun(
    subject: facts.Subject,
    definition: definitions.Parsed,
    fence: spiff.Instance,
    actor: audit.Actor,
) -> Opened:
    """A new instance, which has no rows of any projection yet."""
    return Opened(
        id=subject.instance_id,
        court_id=subject.court_id,
        case_id=subject.case_id,
        key=subject.key,
        stage=subject.stage,
        state="running",
        version=0,
        head=audit.Head(),
        definition=definition,
        fence=fence,
        rows={p.name: [] for p in _projections},
        now=subject.now,
        actor=actor,
    )


_WITHDRAWN = spiff.Outcome((), (), None, (), None, ended=True)


def withdraw(session: db.Session, opened: Opened) -> None:
    """Closes every open row of an instance that ends where it stands."""
    for projection in _projections:
        projection.reconcile(session, opened, _WITHDRAWN)


def record(session: db.Session, opened: Opened) -> None:
    """Saves rows and notes of an instance that does not move."""
    go_on(session, opened, spiff.look(opened.fence))
