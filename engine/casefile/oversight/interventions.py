"""What an operator does about a process: retry, set a variable and retry, cancel, suspend, resume.

Each act locks the case, then the instance, changes both in the caller's transaction, and leaves its
note in the audit of the case beside what the runtime writes into that of the instance. Who comes
second is told who was first and what he did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, update

from engine import audit, clock, db
from engine.audit import ENTRY, Note
from engine.casefile.approval import approvals
from engine.casefile.case import cases
from engine.casefile.delivery.deliveries import DELIVERY
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.intake.acceptance import PIPELINE
from engine.casefile.matter.matters import MATTER
from engine.casefile.oversight import supervision
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError, IncidentClosed, InstanceSuspended, NotFound
from engine.process import incidents, instances
from engine.process.incidents import INCIDENT
from engine.process.instances import Instance
from engine.process.steps import OPEN

LONGEST_NOTE = 500  #: characters


class NoteMissing(EngineError):
    """请填写处理说明"""

    code = "note_missing"


class NoteTooLong(EngineError):
    """处理说明不能超过500字，请精简后再提交"""

    code = "note_too_long"


class MainProcessStays(EngineError):
    """四阶段主流程不能撤销，撤销后案件无法继续办理；请改变量后重试，或者暂停"""

    code = "main_process_stays"


class AlreadyRetried(EngineError):
    """这项异常已经重试过，您的操作没有执行"""

    code = "already_retried"


class AlreadyGone(EngineError):
    """这项异常已经消除，您的操作没有执行"""

    code = "already_gone"


class AlreadyCancelled(EngineError):
    """这个流程已经撤销，您的操作没有执行"""

    code = "already_cancelled"


class AlreadyEnded(EngineError):
    """这个流程已经办结，您的操作没有执行"""

    code = "already_ended"


class AlreadySuspended(EngineError):
    """这个流程已经暂停，您的操作没有执行"""

    code = "already_suspended"


class AlreadyResumed(EngineError):
    """这个流程已经恢复办理，您的操作没有执行"""

    code = "already_resumed"


class SuspendedNow(EngineError):
    """这个流程已暂停办理，请先恢复再重试"""

    code = "suspended_now"


#: Somebody was first: for the pages' statuses.
CONFLICTS = (
    AlreadyRetried,
    AlreadyGone,
    AlreadyCancelled,
    AlreadyEnded,
    AlreadySuspended,
    AlreadyResumed,
)


@dataclass(frozen=True)
class Retried:
    """What came of a retry as far as it is known at once; a job runs later."""

    instance_id: UUID
    #: Words of the incident that stands there again; empty: it goes on.
    failed_again: str = ""


# ---------------------------------------------------------------- incidents


def retry(session: db.Session, viewer: User, incident_id: UUID, note: str) -> Retried:
    """Tries again what failed; a provider that has been called successfully is not called again."""
    row = _incident(session, incident_id)
    instance = _locked(session, viewer, row["instance_id"], note)
    _retry(session, viewer, incident_id, note)
    _note(session, viewer, instance, "process_incident_retried", note, **_of(row))
    return _came_of(session, row)


def set_variables_and_retry(
    session: db.Session, viewer: User, incident_id: UUID, changes: Mapping[str, Any], note: str
) -> Retried:
    """改变量后重试. Setting the variable may already have set the process going."""
    row = _incident(session, incident_id)
    instance = _locked(session, viewer, row["instance_id"], note)
    try:
        incidents.set_variable(
            session, incident_id, changes, actor=viewer.actor, reason=checked(note)
        )
    except IncidentClosed:
        raise _first(session, incident_id) from None
    still = session.scalar(
        select(INCIDENT.c.id).where(INCIDENT.c.id == incident_id, INCIDENT.c.closed_at.is_(None))
    )
    if still is not None:
        _retry(session, viewer, incident_id, note)
    names = sorted(changes)
    _note(session, viewer, instance, "process_variable_set", note, variables=names, **_of(row))
    return _came_of(session, row)


def _retry(session: db.Session, viewer: User, incident_id: UUID, note: str) -> None:
    try:
        incidents.retry(session, incident_id, actor=viewer.actor, reason=checked(note))
    except IncidentClosed:
        raise _first(session, incident_id) from None
    except InstanceSuspended:
        raise SuspendedNow from None


def _came_of(session: db.Session, row: RowMapping) -> Retried:
    again = session.scalar(
        select(INCIDENT.c.message)
        .where(
            INCIDENT.c.instance_id == row["instance_id"],
            INCIDENT.c.element == row["element"],
            INCIDENT.c.closed_at.is_(None),
        )
        .order_by(INCIDENT.c.id.desc())
        .limit(1)
    )
    return Retried(row["instance_id"], again or "")


def _incident(session: db.Session, incident_id: UUID) -> RowMapping:
    row = (
        session.execute(
            select(INCIDENT.c.instance_id, INCIDENT.c.element, INCIDENT.c.error).where(
                INCIDENT.c.id == incident_id
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(str(incident_id))
    return row


def _of(row: RowMapping) -> dict[str, Any]:
    return {"element": row["element"], "error": row["error"]}


# ---------------------------------------------------------------- the instance


def cancel(session: db.Session, viewer: User, instance_id: UUID, note: str) -> None:
    """Ends the process where it stands; its matter, draft or delivery ends with it, so that it can be begun anew."""
    instance = _locked(session, viewer, instance_id, note)
    if instance.key == PIPELINE:
        raise MainProcessStays
    _must_be_open(session, instance)
    instances.cancel(session, instance_id, actor=viewer.actor, reason=note)
    now = clock.now()
    for change in (
        update(MATTER)
        .where(MATTER.c.instance_id == instance_id, MATTER.c.state == "open")
        .values(state="cancelled", closed_at=now),
        update(DOCUMENT)
        .where(DOCUMENT.c.instance_id == instance_id, DOCUMENT.c.state != "signed")
        .values(state="void", touched_at=now),
        update(DELIVERY)
        .where(
            DELIVERY.c.instance_id == instance_id,
            DELIVERY.c.state.in_(("requested", "sent", "arrived")),
        )
        .values(state="withdrawn", problem=note),
    ):
        session.execute(change)
    approvals.end_with_instance(session, instance_id)
    _note(session, viewer, instance, "process_cancelled", note)


def suspend(session: db.Session, viewer: User, instance_id: UUID, note: str) -> None:
    """Holds the process; the legal periods of the case go on."""
    instance = _locked(session, viewer, instance_id, note)
    _must_be_open(session, instance)
    if instance.state == "suspended":
        raise AlreadySuspended(_who(session, instance_id, "instance_suspended"))
    instances.suspend(session, instance_id, actor=viewer.actor, reason=note)
    _note(session, viewer, instance, "process_suspended", note)


def resume(session: db.Session, viewer: User, instance_id: UUID, note: str) -> None:
    instance = _locked(session, viewer, instance_id, note)
    _must_be_open(session, instance)
    if instance.state != "suspended":
        raise AlreadyResumed(_who(session, instance_id, "instance_resumed"))
    instances.resume(session, instance_id, actor=viewer.actor, reason=note)
    _note(session, viewer, instance, "process_resumed", note)


# ---------------------------------------------------------------- what every act asks


def checked(note: str) -> str:
    """The note as it is kept; ``NoteMissing`` or ``NoteTooLong``."""
    words = " ".join(note.split())
    if not words:
        raise NoteMissing
    if len(words) > LONGEST_NOTE:
        raise NoteTooLong
    return words


def must_act(viewer: User) -> None:
    if not viewer.has(supervision.OPERATOR):
        raise access.Forbidden("处理异常、暂停和改派需要“运维”权限")


def _locked(session: db.Session, viewer: User, instance_id: UUID, note: str) -> Instance:
    """The instance if the viewer may act on it, its case locked and the instance itself too."""
    must_act(viewer)
    supervision.must_see(session, viewer, instance_id)
    checked(note)
    case_id = instances.get(session, instance_id).case_id
    if case_id is not None:
        cases.lock(session, case_id)
    session.execute(
        select(instances.INSTANCE.c.id)
        .where(instances.INSTANCE.c.id == instance_id)
        .with_for_update(key_share=True)
    )
    # Read anew: what was read before the lock may be over.
    return instances.get(session, instance_id)


def _note(
    session: db.Session, viewer: User, instance: Instance, action: str, note: str, **more: Any
) -> None:
    """Into the chain of the case; a process without a case has the court's."""
    detail = {"instance": str(instance.id), "key": instance.key, "note": checked(note)} | more
    chain = instance.case_id or instance.court_id
    audit.append(session, chain, instance.court_id, Note(viewer.actor, action, detail))


def _must_be_open(session: db.Session, instance: Instance) -> None:
    if instance.state not in OPEN:
        raise _closed(session, instance.id, instance.state)


# ---------------------------------------------------------------- who was first


def _first(session: db.Session, incident_id: UUID) -> EngineError:
    """Who closed it, and how."""
    row = session.execute(
        select(
            INCIDENT.c.instance_id,
            INCIDENT.c.closed_by,
            INCIDENT.c.closed_at,
            INCIDENT.c.resolution,
        ).where(INCIDENT.c.id == incident_id)
    ).one()
    if row.closed_at is None:  # the instance ended without closing it
        state = instances.get(session, row.instance_id).state
        return _closed(session, row.instance_id, state)
    kinds = {"retried": AlreadyRetried, "cancelled": AlreadyCancelled}
    return kinds.get(row.resolution, AlreadyGone)(_said(row.closed_by, row.closed_at))


def _closed(session: db.Session, instance_id: UUID, state: str) -> EngineError:
    if state == "cancelled":
        return AlreadyCancelled(_who(session, instance_id, "instance_cancelled"))
    return AlreadyEnded(_who(session, instance_id, "instance_ended"))


def _who(session: db.Session, instance_id: UUID, action: str) -> str:
    """Who did this last, and when; empty if nobody did."""
    row = session.execute(
        select(ENTRY.c.actor, ENTRY.c.at)
        .where(ENTRY.c.chain_id == instance_id, ENTRY.c.action == action)
        .order_by(ENTRY.c.number.desc())
        .limit(1)
    ).one_or_none()
    return _said(row.actor, row.at) if row else ""


def _said(who: str, at: datetime) -> str:
    return f"{who}，{at.astimezone(clock.COURT_ZONE):%m-%d %H:%M}"
