"""Who sits in a level of a running submission, when that changes after the submission (CHINESE_WORKFLOW R8).

A level opens for whoever is lawful then. While it is open it may lose its person: a substitution begins,
ends or is revoked, he is recused, he leaves. Then the process is told (message ``level_reopened``), takes
the task away and asks ``approval_levels`` again; where nobody may act, that is an incident naming the office.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import audit, db
from engine.audit import SYSTEM, Actor, Note
from engine.casefile.approval import approval_chains, approvals, panels, substitutions
from engine.casefile.approval.approval_chains import Person
from engine.casefile.approval.approvals import APPROVAL, Approval
from engine.casefile.case import cases
from engine.casefile.case.cases import Case
from engine.casefile.document import documents
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import NotFound
from engine.process import messages, tasks
from engine.process.incidents import INCIDENT
from engine.process.messages import SUBSCRIPTION
from engine.process.tasks import Task

MESSAGE = "level_reopened"
#: Of an approver's task.
SCREEN = "approval"


def seated(session: db.Session, found: Approval, level: int) -> Mapping[str, Any]:
    """The level as it opens: with its person if he is still lawful, else with the first who is."""
    stored = found.chain[level]
    case = cases.get(session, found.case_id)
    if stored["kind"] == "VOTE":
        return _panel(session, case, found, level) if _lost(session, found, stored) else stored
    able = _lawful(session, case, found, level)
    kept = next((p for p in able if [p.stored()] == stored["persons"]), None)
    return stored if kept else seat(session, case, found, level, able[0])


def seat(
    session: db.Session,
    case: Case,
    found: Approval,
    level: int,
    person: Person,
    *,
    actor: Actor = SYSTEM,
) -> Mapping[str, Any]:
    """Puts this person into the level; the level as it is then."""
    old = found.chain[level]
    new = {**old, "persons": [person.stored()]}
    chain = [*found.chain[:level], new, *found.chain[level + 1 :]]
    approvals.set_(session, found.id, chain=chain)
    access.involve(session, case, person.id, "approval")
    detail = {
        "approval": str(found.id),
        "level": old["code"],
        "old": "、".join(p["name"] for p in old["persons"]),
        "new": person.name,
        "acting_for": person.acting_for,
    }
    audit.append(session, case.id, case.court_id, Note(actor, "approver_changed", detail))
    return new


def _lost(session: db.Session, found: Approval, level: Mapping[str, Any]) -> bool:
    """Whether a member of the panel was recused."""
    ids = [UUID(person["id"]) for person in level["persons"]]
    return any(access.is_recused(session, found.case_id, id_) for id_ in ids)


def _panel(session: db.Session, case: Case, found: Approval, level: int) -> Mapping[str, Any]:
    """The panel composed anew, whose vote starts anew (R8); ``PanelIncomplete`` becomes an incident."""
    panel = panels.of_case(session, case)
    if panel is None:
        panel = panels.proposed(session, case)
        panels.compose(session, case, panel, by=None, reason="成员回避，重新组成")
    new = {**found.chain[level], "persons": [Person(m).stored() for m in panel.members]}
    chain = [*found.chain[:level], new, *found.chain[level + 1 :]]
    approvals.set_(session, found.id, chain=chain, round=found.round + 1)
    return new


def candidates(session: db.Session, found: Approval) -> tuple[Person, ...]:
    """Who may lawfully decide in the present level, for 转办; nobody for a panel or a vacant office."""
    if found.state != "running" or found.chain[found.level]["kind"] == "VOTE":
        return ()
    try:
        return _lawful(session, cases.get(session, found.case_id), found, found.level)
    except approval_chains.OfficeVacant:
        return ()


def for_task(session: db.Session, task: Task) -> tuple[Person, ...]:
    """``candidates`` of the submission that an open task belongs to."""
    try:
        return candidates(session, approvals.of_instance(session, task.instance_id))
    except NotFound:  # withdrawn a moment ago
        return ()


def give(session: db.Session, task: Task, to: User, *, actor: Actor) -> bool:
    """转办: whether this person may lawfully decide in the level; then he sits in it."""
    person = next((one for one in for_task(session, task) if one.id == to.id), None)
    if person is None:
        return False
    found = approvals.lock(session, approvals.of_instance(session, task.instance_id).id)
    case = cases.get(session, found.case_id)
    seat(session, case, found, found.level, person, actor=actor)
    return True


def _lawful(session: db.Session, case: Case, found: Approval, level: int) -> tuple[Person, ...]:
    document = documents.get(session, found.document_id)
    code, kind = found.chain[level]["code"], found.chain[level]["kind"]
    members = approval_chains.members_of(found.chain)
    return approval_chains.lawful(session, case, document, code, kind, found.submitted_by, members)


# ---------------------------------------------------------------- while a level is open


def displaced(session: db.Session, court_id: UUID) -> list[UUID]:
    """Submissions in whose open level sits somebody who may not act in its office today, the oldest first.

    Who was recused from one case is not asked for here: his recusal moves the level by itself.
    """
    rows = session.execute(
        select(APPROVAL.c.id, APPROVAL.c.chain, APPROVAL.c.level, DOCUMENT.c.code)
        .join(DOCUMENT, DOCUMENT.c.id == APPROVAL.c.document_id)
        .where(
            APPROVAL.c.court_id == court_id,
            APPROVAL.c.state == "running",
            APPROVAL.c.reopening.is_(None),
        )
        .order_by(APPROVAL.c.id)
    ).all()
    able: dict[tuple[str, str], list[dict[str, Any]]] = {}
    found = []
    for row in rows:
        level = row.chain[row.level]
        office = approval_chains.OFFICES.get(level["code"])
        if office is None or level["kind"] == "VOTE":
            continue
        if (office, row.code) not in able:
            acting = substitutions.acting(session, court_id, office, row.code)
            able[office, row.code] = [Person(one.user, one.by).stored() for one in acting]
        if level["persons"][0] not in able[office, row.code]:
            found.append(row.id)
    return found


def vacant(session: db.Session, court_id: UUID) -> list[UUID]:
    """Open incidents of levels for which nobody could act, the oldest first; to be tried again when somebody may."""
    error = f"{approval_chains.OfficeVacant.__module__}.{approval_chains.OfficeVacant.__qualname__}"
    rows = session.scalars(
        select(INCIDENT.c.id)
        .where(
            INCIDENT.c.court_id == court_id,
            INCIDENT.c.closed_at.is_(None),
            INCIDENT.c.error == error,
        )
        .order_by(INCIDENT.c.opened_at)
    )
    return list(rows)


def refresh(session: db.Session, approval_id: UUID, cause: str = "reassigned") -> bool:
    """Whether the open level must open anew, because its person may not decide today; then it will.

    ``cause``: a key of ``approvals.REOPENED``.
    """
    case = cases.lock(session, approvals.get(session, approval_id).case_id)
    found = approvals.lock(session, approval_id)
    level = found.chain[found.level]
    if found.state != "running" or found.reopening:
        return False
    able = candidates(session, found)
    if level["kind"] == "VOTE":
        may_stay = not _lost(session, found, level) or not _listens(session, found)
    else:
        may_stay = any([p.stored()] == level["persons"] for p in able)
    if may_stay:
        return False
    if _listens(session, found):
        reopen(session, found, cause)
    elif able:
        _hand_over(session, case, found, able[0], cause)
    return True


def refresh_case(session: db.Session, case_id: UUID, cause: str) -> None:
    """Every running submission of a case, after somebody was recused from it."""
    ids = session.scalars(
        select(APPROVAL.c.id).where(APPROVAL.c.case_id == case_id, APPROVAL.c.state == "running")
    )
    for id_ in ids.all():
        refresh(session, id_, cause)


def reopen(session: db.Session, found: Approval, cause: str) -> None:
    """The open level falls away, and the process decides anew who is next."""
    approvals.set_(session, found.id, reopening=cause)
    messages.send(
        session,
        found.court_id,
        MESSAGE,
        case_id=found.case_id,
        instance_id=_instance_id(session, found),
        cause=cause,
    )


def can_reopen(session: db.Session, found: Approval) -> bool:
    """Not in a process that was started with a diagram in which a level cannot."""
    return _listens(session, found)


def _listens(session: db.Session, found: Approval) -> bool:
    row = session.execute(
        select(SUBSCRIPTION.c.name).where(
            SUBSCRIPTION.c.instance_id == _instance_id(session, found),
            SUBSCRIPTION.c.kind == "message",
            SUBSCRIPTION.c.name == MESSAGE,
        )
    ).one_or_none()
    return row is not None


def _instance_id(session: db.Session, found: Approval) -> UUID | None:
    return documents.get(session, found.document_id).instance_id


def _hand_over(
    session: db.Session, case: Case, found: Approval, person: Person, cause: str
) -> None:
    """In a process with an older diagram the task itself goes to the lawful person."""
    seat(session, case, found, found.level, person)
    for task in _open_tasks(session, found):
        to = person.user.actor
        tasks.reassign(session, task.id, to, actor=SYSTEM, reason=approvals.REOPENED[cause])


def _open_tasks(session: db.Session, found: Approval) -> list[Task]:
    open_ = tasks.open_of(session, instance_id=_instance_id(session, found))
    return [task for task in open_ if task.screen == SCREEN]
