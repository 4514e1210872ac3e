"""轨迹 of a document's approval: submissions, their rounds, each level's people and what they decided.

What a viewer may not read yet (votes before all have voted) is not in here at all, only that it was given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import db
from engine.casefile.approval import approval_chains, approval_openings, approval_records, approvals
from engine.casefile.approval.approval_records import Decision
from engine.casefile.approval.approvals import Approval
from engine.casefile.approval.panels import PANEL
from engine.casefile.document.documents import Document
from engine.casefile.people import users
from engine.casefile.people.users import USER, User
from engine.process import tasks
from engine.process.tasks import TASK, Task


@dataclass(frozen=True)
class Seat:
    """One person of a level."""

    user_id: UUID
    name: str
    title: str
    #: handler, presiding; of a panel alone.
    duties: frozenset[str]
    is_viewer: bool
    #: waiting, open, decided, missed (the level ended without him)
    state: str
    #: When he decided.
    at: datetime | None
    #: Until when an open task should be done; nothing happens by itself when it passes.
    due_at: datetime | None
    #: None also for a vote that this viewer may not read yet.
    decision: Decision | None
    #: Of a substitute: ``approval_chains.Person.acting_for``.
    acting_for: Mapping[str, str] | None = None
    #: 已阅: when he first opened it.
    opened_at: datetime | None = None


@dataclass(frozen=True)
class Struck:
    """A decision that was taken back; it stays on record."""

    name: str
    decision: Decision


@dataclass(frozen=True)
class Ended:
    """A task of an approver that fell away without a decision; ``reason`` is coded (R14)."""

    name: str
    element: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Step:
    """One level in one round."""

    level: int
    code: str
    kind: str
    #: done, doing, todo, fail, none (never reached)
    state: str
    seats: tuple[Seat, ...]
    struck: tuple[Struck, ...] = ()
    #: Its decisions of the submission before stand: the text is unchanged (R1).
    is_kept: bool = False
    #: Of the panel: later levels that a member's vote contains, as (office, name) (R3).
    merged: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return approval_chains.NAMES[self.code]

    @property
    def given(self) -> int:
        """How many have decided."""
        return sum(seat.state == "decided" for seat in self.seats)

    @property
    def is_complete(self) -> bool:
        return self.given == len(self.seats)

    @property
    def at(self) -> datetime | None:
        """When the last of them decided."""
        return max((seat.at for seat in self.seats if seat.at), default=None)

    def count(self, outcome: str) -> int:
        return sum(s.decision is not None and s.decision.outcome == outcome for s in self.seats)


@dataclass(frozen=True)
class Round:
    number: int
    steps: tuple[Step, ...]

    @property
    def reconsideration(self) -> tuple[Step, Seat] | None:
        """Who asked the panel to deliberate again, which ended this round."""
        for step in self.steps:
            for seat in step.seats:
                if seat.decision and seat.decision.outcome == "reconsider":
                    return step, seat
        return None


@dataclass(frozen=True)
class Pass:
    """One submission; ``number`` counts them from 1."""

    number: int
    approval: Approval
    submitted_by: str
    #: The oldest first; the last is the one that counts.
    rounds: tuple[Round, ...]
    #: Tasks that ended without a decision, the oldest first.
    ended: tuple[Ended, ...] = ()

    @property
    def current(self) -> Round:
        return self.rounds[-1]


@dataclass(frozen=True)
class Trail:
    #: The newest first.
    passes: tuple[Pass, ...]

    @property
    def returns(self) -> dict[str, int]:
        """How often each level has returned the document, by its code, in the order of first returns."""
        found: dict[str, int] = {}
        for one in reversed(self.passes):
            for step in (step for round_ in one.rounds for step in round_.steps):
                if one.approval.state == "returned" and step.state == "fail" and step.at:
                    found[step.code] = found.get(step.code, 0) + (1 if _returned(step) else 0)
        return {code: count for code, count in found.items() if count}

    def of(self, approval_id: UUID) -> Pass:
        return next(one for one in self.passes if one.approval.id == approval_id)


def _returned(step: Step) -> bool:
    """By the level's own decision, or by the majority of the panel."""
    return step.kind == "VOTE" or step.count("return") > 0


def of_document(session: db.Session, viewer: User, document: Document) -> Trail:
    """Of a document that the viewer may read; empty before it was ever submitted."""
    found = approvals.of_document(session, document.id)
    open_ = tasks.open_of(session, instance_id=document.instance_id) if found else []
    ended = _ended(session, document) if found else []
    names = _names(session, [one.submitted_by for one in found])
    return Trail(
        tuple(
            Pass(
                number=len(found) - n,
                approval=one,
                submitted_by=names[one.submitted_by],
                rounds=_rounds(session, viewer, one, open_),
                ended=tuple(e for at, e in ended if _is_of(one, found[:n], at)),
            )
            for n, one in enumerate(found)
        )
    )


def _names(session: db.Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(USER.c.id, USER.c.name).where(USER.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _ended(session: db.Session, document: Document) -> list[tuple[datetime, Ended]]:
    """When each opened, and how it ended."""
    rows = session.execute(
        select(TASK.c.opened_at, TASK.c.assignee_name, TASK.c.name, TASK.c.reason, TASK.c.closed_at)
        .where(
            TASK.c.instance_id == document.instance_id,
            TASK.c.screen == "approval",
            TASK.c.state == "withdrawn",
        )
        .order_by(TASK.c.id)
    )
    return [
        (row.opened_at, Ended(row.assignee_name or "", row.name, row.reason or "", row.closed_at))
        for row in rows
    ]


def _is_of(one: Approval, later: Sequence[Approval], opened_at: datetime) -> bool:
    """Whether a task that opened then was this submission's; ``later``: those after it, the newest first."""
    following = later[-1].submitted_at if later else None
    return one.submitted_at <= opened_at and (following is None or opened_at < following)


def _rounds(
    session: db.Session, viewer: User, found: Approval, open_: Sequence[Task]
) -> tuple[Round, ...]:
    made = approval_records.made(session, found.id)
    readable = {
        (d.round, d.level, d.user_id): d for d in approval_records.shown(session, viewer, found)
    }
    counted = [d for d in made if d.counts]
    given = {(d.round, d.level, d.user_id): d.decided_at for d in counted}
    struck = [d for d in made if not d.counts]
    seating = _Seating(
        viewer=viewer,
        given=given,
        readable=readable,
        tasks={task.assignee: task for task in open_ if task.screen == "approval"},
        duties=_duties(session, found),
        struck=[Struck(users.name_of(session, d.user_id), d) for d in struck],
        openings={
            (o.round, o.level, o.user_id): o.opened_at
            for o in approval_openings.of_approval(session, found.id)
        },
    )
    rounds = []
    for number in range(1, found.round + 1):
        reached = max((d.level for d in counted if d.round == number), default=0)
        rounds.append(Round(number, _steps(found, number, reached, seating)))
    return tuple(rounds)


@dataclass(frozen=True)
class _Seating:
    viewer: User
    given: Mapping[tuple[int, int, UUID], datetime]
    readable: Mapping[tuple[int, int, UUID], Decision]
    tasks: Mapping[UUID | None, Task]
    duties: Mapping[UUID, frozenset[str]]
    struck: Sequence[Struck]
    openings: Mapping[tuple[int, int, UUID], datetime]

    def seat(
        self, person: Mapping[str, Any], level: int, kind: str, number: int, state: str
    ) -> Seat:
        id_ = UUID(person["id"])
        key = (number, level, id_)
        task = self.tasks.get(id_) if state == "doing" else None
        at = self.given.get(key)
        unmade = {"doing": "open", "todo": "waiting"}.get(state, "missed")
        return Seat(
            user_id=id_,
            name=person["name"],
            title=person["title"],
            duties=self.duties.get(id_, frozenset()) if kind == "VOTE" else frozenset(),
            is_viewer=id_ == self.viewer.id,
            state="decided" if at else unmade,
            at=at,
            due_at=task.due_at if task and not at else None,
            decision=self.readable.get(key),
            acting_for=person.get("acting_for"),
            opened_at=self.openings.get(key),
        )


def _steps(found: Approval, number: int, reached: int, seating: _Seating) -> tuple[Step, ...]:
    """A later round begins at the panel; a round that was ended by 建议复议 ends there."""
    panel = next((n for n, one in enumerate(found.chain) if one["kind"] == "VOTE"), 0)
    first = 0 if number == 1 else panel
    last = len(found.chain) if number == found.round else reached + 1
    ended = last - 1 if number < found.round else None
    return tuple(
        _step(
            found,
            number,
            level,
            "fail" if level == ended else _state(found, number, level),
            seating,
        )
        for level in range(first, last)
    )


def _step(found: Approval, number: int, level: int, state: str, seating: _Seating) -> Step:
    stored = found.chain[level]
    seats = tuple(
        seating.seat(person, level, stored["kind"], number, state) for person in stored["persons"]
    )
    struck = tuple(
        one for one in seating.struck if (one.decision.round, one.decision.level) == (number, level)
    )
    is_kept = number == 1 and level < found.first_level
    merged = tuple((office, name) for office, name in stored.get("merged", ()))
    return Step(level, stored["code"], stored["kind"], state, seats, struck, is_kept, merged)


def _state(found: Approval, number: int, level: int) -> str:
    if number < found.round or level < found.level:
        return "done"
    if level > found.level:
        return "todo" if found.state == "running" else "none"
    by_end = {"running": "doing", "approved": "done", "withdrawn": "none", "cancelled": "none"}
    return by_end.get(found.state, "fail")


def _duties(session: db.Session, found: Approval) -> dict[UUID, frozenset[str]]:
    """承办 and 审判长 as the panel was composed when this was submitted."""
    row = session.execute(
        select(PANEL.c.member_ids, PANEL.c.presiding_id)
        .where(PANEL.c.case_id == found.case_id, PANEL.c.composed_at <= found.submitted_at)
        .order_by(PANEL.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return {}
    handler, presiding = row.member_ids[0], row.presiding_id
    return {
        id_: frozenset(
            name
            for name, holder in (("handler", handler), ("presiding", presiding))
            if id_ == holder
        )
        for id_ in row.member_ids
    }
