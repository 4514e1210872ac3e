"""实例换版 by an operator: one process with its plan before him, or all of a version about which there is nothing to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import audit, clock, db
from engine.audit import Note
from engine.casefile.case import cases
from engine.casefile.oversight import interventions, supervision
from engine.casefile.oversight.supervision import Filters, Line
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound
from engine.process import (
    chronicle,
    definitions,
    instances,
    monitoring,
    outlines,
    version_moves,
    version_plans,
)
from engine.process.definitions import Version
from engine.process.instances import INSTANCE, Instance
from engine.process.steps import OPEN
from engine.process.version_moves import NotMovable, PlanIsOver
from engine.process.version_plans import Finding, Plan

#: Processes looked at for one page.
MOST = 100


class AlreadyMoved(EngineError):
    """这个流程已经换版，您的操作没有执行"""

    code = "already_moved"


class Ended(EngineError):
    """这个流程已经结束，不能换版"""

    code = "process_over"


class OneVersion(EngineError):
    """这个流程只有一个版本，没有可以换到的版本"""

    code = "one_version"


@dataclass(frozen=True)
class Offer:
    """What one instance may be moved to, and what that would mean."""

    instance: Instance
    #: Newest first, without its own.
    versions: list[Version]
    plan: Plan


@dataclass(frozen=True)
class Row:
    """One instance of a version that could be left."""

    line: Line
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Many:
    name: str
    version: Version
    target: Version
    versions: list[Version]
    rows: list[Row]
    #: All of them; more than ``rows`` if there are very many.
    total: int


# ---------------------------------------------------------------- one


def offer(
    session: db.Session,
    viewer: User,
    instance_id: UUID,
    to_version: int | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Offer:
    """``to_version`` left out: the newest. ``NotFound`` outside the viewer's scope."""
    interventions.must_act(viewer)
    supervision.must_see(session, viewer, instance_id)
    instance = instances.get(session, instance_id)
    if instance.state not in OPEN:
        raise Ended
    every = definitions.versions(session, instance.court_id, instance.key)
    others = [v for v in every if v.version != instance.version]
    if not others:
        raise OneVersion
    wanted = to_version or others[0].version
    plan = version_moves.plan(session, instance_id, wanted, chosen or {})
    return Offer(instance, others, plan)


def move(session: db.Session, viewer: User, instance_id: UUID, agreed: Plan, note: str) -> None:
    """Carries out what the operator has read; ``PlanIsOver`` or ``AlreadyMoved`` if it is no longer so."""
    instance = _to_move(session, viewer, instance_id, note)
    if instance.version == agreed.to_version:
        raise AlreadyMoved(_who(session, instance_id))
    done = version_moves.move(
        session, agreed, actor=viewer.actor, reason=interventions.checked(note)
    )
    _note(session, viewer, instance, done, note)


def _to_move(session: db.Session, viewer: User, instance_id: UUID, note: str) -> Instance:
    """The instance if the viewer may move it, its case locked."""
    interventions.must_act(viewer)
    supervision.must_see(session, viewer, instance_id)
    interventions.checked(note)
    case_id = instances.get(session, instance_id).case_id
    if case_id is not None:
        cases.lock(session, case_id)
    locked = select(INSTANCE.c.id).where(INSTANCE.c.id == instance_id)
    session.execute(locked.with_for_update(key_share=True))
    instance = instances.get(session, instance_id)
    if instance.state not in OPEN:
        raise Ended
    return instance


def _note(session: db.Session, viewer: User, instance: Instance, done: Plan, note: str) -> None:
    detail: dict[str, Any] = {
        "instance": str(instance.id),
        "key": instance.key,
        "old": done.from_version,
        "new": done.to_version,
        "note": interventions.checked(note),
    }
    chain = instance.case_id or instance.court_id
    entry = Note(viewer.actor, "process_version_moved", detail)
    audit.append(session, chain, instance.court_id, entry)


def _who(session: db.Session, instance_id: UUID) -> str:
    """Who has moved it last, and when."""
    found = chronicle.entries(session, instance_id, actions=("instance_moved",))
    if not found:
        return ""
    return f"{found[0].actor}，{found[0].at.astimezone(clock.COURT_ZONE):%m-%d %H:%M}"


# ---------------------------------------------------------------- many


def of_version(
    session: db.Session, viewer: User, key: str, version: int, to_version: int | None = None
) -> Many:
    """Every open instance of a version within the viewer's scope, each looked at."""
    interventions.must_act(viewer)
    every = definitions.versions(session, viewer.court_id, key)
    here = next((v for v in every if v.version == version), None)
    others = [v for v in every if v.version != version]
    if here is None:
        raise NotFound(f"{key} v{version}")
    if not others:
        raise OneVersion
    target = next((v for v in others if to_version in (None, v.version)), None)
    if target is None:
        raise NotFound(f"{key} v{to_version}")
    asked = supervision.conditions(session, viewer, Filters(key=key, version=version))
    found = monitoring.page(session, asked, limit=MOST)[:MOST]
    lines = supervision.lines(session, viewer, found)
    return Many(
        name=outlines.of(session, target.id).name,
        version=here,
        target=target,
        versions=others,
        rows=[Row(line, _findings(session, line.row.id, target.version)) for line in lines],
        total=monitoring.count(session, asked),
    )


def _findings(session: db.Session, instance_id: UUID, to_version: int) -> tuple[Finding, ...]:
    try:
        return version_moves.plan(session, instance_id, to_version).findings
    except EngineError as error:  # of one instance: ended meanwhile, or its state is damaged
        return (Finding("", "error", f"{error}。"),)


def move_unremarked(
    session: db.Session, viewer: User, instance_id: UUID, to_version: int, note: str
) -> None:
    """One of many: only if there is nothing to say about it, as it stands now."""
    instance = _to_move(session, viewer, instance_id, note)
    if instance.version == to_version:
        raise AlreadyMoved(_who(session, instance_id))
    done = version_moves.move_unremarked(
        session, instance_id, to_version, actor=viewer.actor, reason=interventions.checked(note)
    )
    _note(session, viewer, instance, done, note)


#: Somebody was first: for the pages' statuses.
CONFLICTS = (AlreadyMoved, PlanIsOver, Ended)
REFUSALS = (NotMovable, version_plans.SameVersion)
