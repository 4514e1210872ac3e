"""回避登记: whom it may concern in a case, what he has in hand, and to whom that goes in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from engine import audit, db
from engine.casefile.approval import panels
from engine.casefile.case import case_heads, cases
from engine.casefile.case.case_heads import Head
from engine.casefile.case.cases import Case
from engine.casefile.errand.field_tasks import FIELD_TASK
from engine.casefile.oversight import reassignments
from engine.casefile.people import access, notices, recusals, users
from engine.casefile.people.recusals import Decision, Recusal, RecusalIncomplete, Rules
from engine.casefile.people.users import User
from engine.process import tasks
from engine.process.tasks import Task

_HANDLER = "handling_judge"
#: Its person is chosen by the rules of approval (``access.recuse``), not here.
_APPROVAL = "approval"
#: Offices that decide or sign in any case of the court.
_OFFICES = ("bureau_director", "vice_president", "president")
_CLOSED = frozenset({"closed", "archived"})


class NoSuccessor(RecusalIncomplete):
    """本阶段团队没有可以接办的其他法官，请先为团队增加法官，再登记回避"""

    code = "no_successor"


@dataclass(frozen=True)
class Somebody:
    """Who may be recused; ``part``: his part in the case, as people call it."""

    user: User
    part: str


@dataclass(frozen=True)
class Hand:
    """A task that he has, and who may take it; without anybody it goes back to the role."""

    task: Task
    candidates: Sequence[User]

    @property
    def field(self) -> str:
        return f"task-{self.task.id}"


@dataclass(frozen=True)
class Handover:
    """What the person has in hand."""

    somebody: Somebody
    #: By the court's rules.
    decided_by: str
    is_handler: bool
    judges: Sequence[User]
    hands: Sequence[Hand]
    #: Whether a panel must be composed anew.
    in_panel: bool


@dataclass(frozen=True)
class Desk:
    head: Head
    rules: Rules
    people: Sequence[Somebody]
    chosen: Handover | None
    recusals: Sequence[Recusal]


def desk(session: db.Session, viewer: User, case_id: UUID, person_id: UUID | None = None) -> Desk:
    case = recusals.opened(session, viewer, case_id)
    known, people = recusals.rules(session, case.court_id), concerned(session, viewer, case)
    somebody = next((p for p in people if p.user.id == person_id), None)
    return Desk(
        head=case_heads.of(session, viewer, case),
        rules=known,
        people=people,
        chosen=_handover(session, viewer, case, known, somebody) if somebody else None,
        recusals=recusals.of_case(session, case_id),
    )


def concerned(session: db.Session, viewer: User, case: Case) -> list[Somebody]:
    """Handler first, then who worked on it, the team, the offices; not who is recused, nor the viewer himself.

    Who asks to be recused himself has it entered by another, since it closes the case to him at once.
    """
    everybody = {u.id: u for u in users.of_court(session, case.court_id)}
    parts: dict[UUID, str] = {}
    panel = panels.of_case(session, case)
    _add(parts, [case.handler_id], "承办人")
    _add(parts, [m.id for m in panel.members] if panel else [], "合议庭成员")
    _add(parts, [case.owner_id], "立案分配的法官")
    _add(parts, recusals.involved(session, case.id), "参与过本案")
    _add(
        parts,
        [u.id for u in everybody.values() if case.stage and u.team == case.stage],
        "本阶段团队",
    )
    _add(
        parts, [u.id for u in everybody.values() if u.has("panel_member", *_OFFICES)], "审批、合议"
    )
    return [
        Somebody(everybody[id_], part)
        for id_, part in parts.items()
        if id_ in everybody and id_ != viewer.id and not access.is_recused(session, case.id, id_)
    ]


def _add(parts: dict[UUID, str], ids: Iterable[UUID | None], part: str) -> None:
    for id_ in ids:
        if id_ is not None:
            parts.setdefault(id_, part)


def _handover(
    session: db.Session, viewer: User, case: Case, known: Rules, somebody: Somebody
) -> Handover:
    person = somebody.user
    panel = panels.of_case(session, case)
    hands = [
        Hand(task, _able(session, case, person, reassignments.candidates(session, viewer, task)))
        for task in tasks.open_of(session, case_id=case.id)
        if task.assignee == person.id and task.screen != _APPROVAL
    ]
    return Handover(
        somebody=somebody,
        decided_by=known.decider(person),
        is_handler=case.handler_id == person.id and case.status not in _CLOSED,
        judges=_able(session, case, person, _judges(session, case, person)),
        hands=hands,
        in_panel=panel is not None and person.id in [m.id for m in panel.members],
    )


def _judges(session: db.Session, case: Case, person: User) -> list[User]:
    """Who may handle the case by the rules of 改派: of the stage's team, else of the person's own."""
    if case.stage is not None:
        return users.of_team(session, case.court_id, case.stage, _HANDLER)
    return [u for u in reassignments.colleagues(session, person) if u.has(_HANDLER)]


def _able(session: db.Session, case: Case, person: User, found: Sequence[User]) -> list[User]:
    return [u for u in found if u.id != person.id and not access.is_recused(session, case.id, u.id)]


# ---------------------------------------------------------------- entering


@dataclass(frozen=True)
class Entered:
    person: str
    #: Empty where he did not handle the case.
    successor: str
    tasks: int


def enter(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    person_id: UUID | None,
    decision: Decision,
    *,
    successor_id: UUID | None = None,
    takers: Mapping[UUID, UUID] | None = None,
) -> Entered:
    """Recuses the person and gives away what he has; ``takers``: task -> who takes it."""
    case = recusals.opened(session, viewer, case_id, lock=True)
    if person_id is not None and access.is_recused(session, case_id, person_id):
        raise recusals.AlreadyRecused(users.name_of(session, person_id))
    somebody = next((p for p in concerned(session, viewer, case) if p.user.id == person_id), None)
    if somebody is None:
        raise RecusalIncomplete({"person": "请选择回避人员"})
    known = recusals.rules(session, case.court_id)
    handover = _handover(session, viewer, case, known, somebody)
    successor = next((u for u in handover.judges if u.id == successor_id), None)
    taken = {h.task.id: _taker(h, takers or {}) for h in handover.hands}
    wrong = recusals.problems(known, somebody.user, decision)
    wrong |= _unassigned(handover, successor, taken)
    if wrong:
        raise RecusalIncomplete(wrong)
    return _enter(session, viewer, case, handover, known, decision, successor, taken)


def _taker(hand: Hand, takers: Mapping[UUID, UUID]) -> User | None:
    return next((u for u in hand.candidates if u.id == takers.get(hand.task.id)), None)


def _unassigned(
    handover: Handover, successor: User | None, taken: Mapping[UUID, User | None]
) -> dict[str, str]:
    wrong = {}
    if handover.is_handler and not handover.judges:
        raise NoSuccessor({"successor": NoSuccessor.__doc__ or ""})
    if handover.is_handler and successor is None:
        wrong["successor"] = "请选择接办案件的法官"
    for hand in handover.hands:
        if hand.candidates and taken[hand.task.id] is None:
            wrong[hand.field] = f"请选择接手“{hand.task.name}”的人员"
    return wrong


def _enter(
    session: db.Session,
    viewer: User,
    case: Case,
    handover: Handover,
    known: Rules,
    decision: Decision,
    successor: User | None,
    taken: Mapping[UUID, User | None],
) -> Entered:
    person = handover.somebody.user
    recusal_id = recusals.add(session, viewer, case, person, known, decision)
    words = f"{person.name}回避"
    if handover.is_handler and successor is not None:
        reassignments.give_case(session, viewer, case, successor, words)
    if case.owner_id == person.id:
        cases.change(session, case.id, owner_id=successor.id if successor else None)
    for hand in handover.hands:
        to = taken[hand.task.id]
        if to is None:
            tasks.reassign(session, hand.task.id, None, actor=viewer.actor, reason=words)
        else:
            reassignments.give_task(session, viewer, hand.task, person.id, to, words)
    _release_errands(session, case, person)
    if handover.in_panel:
        _tell_of_panel(session, case, person, successor)
    detail = {
        "recusal": str(recusal_id),
        "name": person.name,
        "title": person.title,
        "ground": decision.ground,
        "decided_by": decision.decided_by,
        "decision_no": decision.decision_no.strip(),
        "on": decision.decided_on,
        "successor": successor.name if successor and handover.is_handler else "",
        "tasks": {str(id_): to.name if to else "" for id_, to in taken.items()},
    }
    note = audit.Note(viewer.actor, "person_recused", detail)
    audit.append(session, case.id, case.court_id, note)
    goes_to = successor.name if successor and handover.is_handler else ""
    return Entered(person.name, goes_to, len(taken))


def _tell_of_panel(session: db.Session, case: Case, person: User, successor: User | None) -> None:
    """A vote that runs starts anew with another member in his place (``approval_seats``)."""
    what = f"合议庭成员{person.name}回避，合议庭重新组成，正在评议的文书重新表决，请核对组成人员"
    handler = successor.id if successor else case.handler_id
    words = notices.line(case.case_no, what)
    link = f"/cases/{case.id}?tab=documents"
    notices.tell(session, case.court_id, [handler], "reassigned", words, case_id=case.id, link=link)


def _release_errands(session: db.Session, case: Case, person: User) -> None:
    """Errands of his that run are anybody's again."""
    session.execute(
        update(FIELD_TASK)
        .where(
            FIELD_TASK.c.case_id == case.id,
            FIELD_TASK.c.assignee_id == person.id,
            FIELD_TASK.c.state.in_(("assigned", "accepted")),
        )
        .values(assignee_id=None, state="assigned", accepted_at=None)
    )
