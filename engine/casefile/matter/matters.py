"""Matters (事项): units of work of a case, each its own process instance; and the matter types deployed.

open --its process ends--> done | cancelled     waiting while only others are awaited

A matter may outlive its stage; what is unfinished moves to the receiving team. Which matters there
are stands in their own BPMN files as process properties, read when a definition is deployed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from engine import clock, db
from engine.audit import Actor
from engine.casefile import columns
from engine.casefile.case.cases import Case
from engine.errors import EngineError, NotFound
from engine.ids import new_id
from engine.process import instances

TYPE = Table(
    "matter_type",
    db.metadata,
    Column("court_id", Uuid, ForeignKey("court.id"), primary_key=True),
    #: Id of the process in the diagram, e.g. ``notify``.
    Column("key", Text, primary_key=True),
    #: M01 … (DOMAIN §3)
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    #: online, offline, coercive, other
    Column("group", Text, nullable=False),
    Column("stages", ARRAY(Text), nullable=False),
    Column("position", Integer, nullable=False),
    #: Codes of its documents, D001 …
    Column("documents", ARRAY(Text), nullable=False),
    #: Stages whose entry opens it by itself.
    Column("opens_in", ARRAY(Text), nullable=False),
)

MATTER = Table(
    "matter",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("type_key", Text, nullable=False),
    Column("stage_entry_id", Uuid, ForeignKey("stage_entry.id"), nullable=False),
    Column("instance_id", Uuid),
    #: open, done, cancelled
    Column("state", Text, nullable=False),
    Column("opened_at", db.UtcDateTime, nullable=False),
    columns.user_id("opened_by"),
    Column("closed_at", db.UtcDateTime),
    CheckConstraint("state IN ('open', 'done', 'cancelled')", name="state"),
    Index(None, "court_id", "case_id", "opened_at"),
)

GROUPS = ("online", "offline", "coercive", "other")


class MatterAlreadyOpen(EngineError):
    """该事项正在办理，无需重复发起"""

    code = "matter_already_open"


class NotInThisStage(EngineError):
    """该事项不在本阶段办理"""

    code = "not_in_this_stage"


@dataclass(frozen=True)
class MatterType:
    key: str
    code: str
    name: str
    group: str
    stages: list[str]
    position: int
    documents: list[str]
    opens_in: list[str]


@dataclass(frozen=True)
class Matter:
    id: UUID
    case_id: UUID
    type_key: str
    stage_entry_id: UUID
    instance_id: UUID | None
    state: str
    opened_at: datetime
    closed_at: datetime | None


_TYPE_READ = tuple(TYPE.c[f.name] for f in fields(MatterType))
_READ = tuple(MATTER.c[f.name] for f in fields(Matter))


# ---------------------------------------------------------------- types


def register(session: db.Session, court_id: UUID, key: str, properties: Mapping[str, str]) -> None:
    """Takes a deployed definition's properties over; one without ``code`` is no matter and is left out."""
    if "code" not in properties:
        return
    row = {
        "court_id": court_id,
        "key": key,
        "code": properties["code"],
        "name": properties["name"],
        "group": properties["group"],
        "stages": properties["stages"].split(),
        "position": int(properties.get("position", "0")),
        "documents": properties.get("documents", "").split(),
        "opens_in": properties.get("opens_in", "").split(),
    }
    statement = upsert(TYPE).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["court_id", "key"],
            set_={
                name: statement.excluded[name] for name in row if name not in ("court_id", "key")
            },
        )
    )


def types(session: db.Session, court_id: UUID, stage: str | None = None) -> list[MatterType]:
    """Deployed matter types, in the order of their groups and positions; with ``stage`` those of that stage."""
    rows = session.execute(select(*_TYPE_READ).where(TYPE.c.court_id == court_id)).mappings()
    found = [MatterType(**row) for row in rows]
    found.sort(key=lambda t: (GROUPS.index(t.group), t.position, t.code))
    return [t for t in found if stage is None or stage in t.stages]


def type_of(session: db.Session, court_id: UUID, key: str) -> MatterType:
    row = session.execute(
        select(*_TYPE_READ).where(TYPE.c.court_id == court_id, TYPE.c.key == key)
    ).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound(key)
    return MatterType(**found)


# ---------------------------------------------------------------- matters


def open_(
    session: db.Session, case: Case, key: str, *, actor: Actor, opened_by: UUID | None = None
) -> UUID:
    """Starts the matter's process in the case's current stage; one of a type at a time."""
    kind = type_of(session, case.court_id, key)
    if case.stage is None or case.stage_entry_id is None or case.stage not in kind.stages:
        raise NotInThisStage(kind.name)
    if open_of_type(session, case.id, key) is not None:
        raise MatterAlreadyOpen(kind.name)
    id_ = new_id()
    session.execute(
        insert(MATTER).values(
            id=id_,
            court_id=case.court_id,
            case_id=case.id,
            type_key=key,
            stage_entry_id=case.stage_entry_id,
            state="open",
            opened_at=clock.now(),
            opened_by=opened_by,
        )
    )
    instance_id = instances.start(
        session,
        case.court_id,
        key,
        {"事项": str(id_)},
        actor=actor,
        case_id=case.id,
        stage=case.stage,
    )
    # A process that ran to its end already has closed the row.
    session.execute(update(MATTER).where(MATTER.c.id == id_).values(instance_id=instance_id))
    return id_


def open_initial(session: db.Session, case: Case, *, actor: Actor) -> None:
    """The matters that the entry into the case's stage opens by itself, once in a case.

    A case that comes back to a stage keeps what was done there; a matter that was cancelled opens anew.
    """
    had = {matter.type_key for matter in of_case(session, case.id) if matter.state != "cancelled"}
    for kind in types(session, case.court_id, case.stage):
        if case.stage in kind.opens_in and kind.key not in had:
            open_(session, case, kind.key, actor=actor)


def open_of_type(session: db.Session, case_id: UUID, key: str) -> Matter | None:
    row = session.execute(
        select(*_READ)
        .where(MATTER.c.case_id == case_id, MATTER.c.type_key == key, MATTER.c.state == "open")
        .limit(1)
    ).mappings()
    found = row.one_or_none()
    return Matter(**found) if found else None


def close(session: db.Session, matter_id: UUID, *, state: str = "done") -> None:
    session.execute(
        update(MATTER)
        .where(MATTER.c.id == matter_id, MATTER.c.state == "open")
        .values(state=state, closed_at=clock.now())
    )


def get(session: db.Session, matter_id: UUID) -> Matter:
    row = session.execute(select(*_READ).where(MATTER.c.id == matter_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(str(matter_id))
    return Matter(**row)


def of_case(session: db.Session, case_id: UUID) -> list[Matter]:
    return of_cases(session, [case_id]).get(case_id, [])


def of_cases(session: db.Session, case_ids: Iterable[UUID]) -> dict[UUID, list[Matter]]:
    """Case -> its matters, the oldest first."""
    rows = session.execute(
        select(*_READ).where(MATTER.c.case_id.in_(list(case_ids))).order_by(MATTER.c.id)
    ).mappings()
    found: dict[UUID, list[Matter]] = {}
    for row in rows:
        matter = Matter(**row)
        found.setdefault(matter.case_id, []).append(matter)
    return found
