"""What supervisors and operators see of processes: each within his team, or the whole court.

A team's leader sees the processes of the cases that are in his team's stage now; leadership, and an
operator who belongs to no team, every process of the court. Nobody sees those of a case he was
recused from. Seeing needs one of these offices or rights, acting the right ``operator``
(``interventions``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from engine import clock, db
from engine.casefile.case import cases, queries
from engine.casefile.case.cases import CASE, Case
from engine.casefile.delivery.deliveries import DELIVERY
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.intake.acceptance import PIPELINE
from engine.casefile.matter import matters
from engine.casefile.people import access
from engine.casefile.people.access import INVOLVEMENT
from engine.casefile.people.users import LEADERS, USER, User
from engine.errors import NotFound
from engine.process import definitions, monitoring, outlines, positions
from engine.process.instances import INSTANCE
from engine.process.monitoring import Conditions, Row
from engine.process.outlines import Outline, Wait
from engine.process.positions import Position
from engine.process.tasks import TASK

OPERATOR = "operator"
#: Whose offices include watching over others' cases; the right to act is apart.
WATCHERS = (*sorted(LEADERS), "team_leader", OPERATOR)
#: Where a token can stand for longer than a step.
_STANDING = frozenset(
    {"userTask", "serviceTask", "businessRuleTask", "receiveTask", "intermediateCatchEvent"}
)


@dataclass(frozen=True)
class Filters:
    case_no: str = ""
    key: str = ""
    version: int | None = None
    state: str = "open"
    element: str = ""
    person: str = ""
    overdue: bool = False
    after: tuple[int, UUID] | None = None


@dataclass(frozen=True)
class Place:
    """A position with the words that a list shows."""

    position: Position
    #: As the designer named it; may be empty.
    name: str
    #: Whose turn it is: a person, or empty; ``position.role`` may say more.
    person: str


@dataclass(frozen=True)
class Line:
    row: Row
    #: Name of the definition.
    process: str
    #: pipeline, document, delivery, matter
    kind: str
    #: The document of its process; of a delivery also the addressee.
    subject: str
    case_no: str
    places: list[Place]


@dataclass(frozen=True)
class Listing:
    lines: list[Line]
    more: bool
    #: State -> how many instances it would list.
    counts: Mapping[str, int]
    #: Of the chosen state, and how many of these are pipelines.
    total: int
    pipelines: int


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    #: Key -> name.
    definitions: Mapping[str, str]
    versions: list[int]
    #: Element -> name.
    elements: Mapping[str, str]


# ---------------------------------------------------------------- who sees what


def sees_court(viewer: User) -> bool:
    """Every process of the court, not only the team's."""
    return viewer.is_leader or (viewer.has(OPERATOR) and viewer.team is None)


def scope(viewer: User) -> ColumnElement[bool]:
    """Condition on ``process_instance``."""
    own_court = INSTANCE.c.court_id == viewer.court_id
    if sees_court(viewer):
        recused = exists().where(
            INVOLVEMENT.c.case_id == INSTANCE.c.case_id,
            INVOLVEMENT.c.user_id == viewer.id,
            INVOLVEMENT.c.recused_at.is_not(None),
        )
        return and_(own_court, ~recused)
    return and_(own_court, INSTANCE.c.case_id.in_(_cases(viewer)))


def _cases(viewer: User, *conditions: ColumnElement[bool]) -> Any:
    """The cases whose processes the viewer watches over."""
    chosen = [CASE.c.court_id == viewer.court_id, access.not_recused(viewer), *conditions]
    if not sees_court(viewer):
        chosen.append(CASE.c.stage == viewer.team)
    return select(CASE.c.id).where(*chosen)


def must_see(session: db.Session, viewer: User, instance_id: UUID) -> None:
    """``NotFound`` for an instance outside the viewer's scope."""
    known = viewer.has(*WATCHERS) and session.scalar(
        select(INSTANCE.c.id).where(INSTANCE.c.id == instance_id, scope(viewer))
    )
    if not known:
        raise NotFound(str(instance_id))


def is_overdue() -> ColumnElement[bool]:
    """Condition on ``user_task``: its own due moment has passed or, for 流转, the stage's last day."""
    stage_over = exists().where(
        CASE.c.id == TASK.c.case_id,
        CASE.c.instance_id == TASK.c.instance_id,
        CASE.c.stage_paused_on.is_(None),
        CASE.c.stage_due_on < clock.today(),
    )
    return or_(TASK.c.due_at < clock.now(), stage_over)


def is_of(person: str) -> ColumnElement[bool]:
    """Condition on ``user_task``: assigned to somebody of that name, or for the case's handler of that name."""
    handles = exists().where(
        CASE.c.id == TASK.c.case_id,
        CASE.c.handler_id == USER.c.id,
        USER.c.name.contains(person, autoescape=True),
    )
    named = TASK.c.assignee_name.contains(person, autoescape=True)
    return or_(named, and_(TASK.c.scope == "handler", TASK.c.assignee.is_(None), handles))


# ---------------------------------------------------------------- the list


def listing(session: db.Session, viewer: User, filters: Filters, size: int = 50) -> Listing:
    """One page of instances, with what the page counts around it."""
    asked = conditions(session, viewer, filters)
    rows = monitoring.page(session, asked, after=filters.after, limit=size)
    counts = monitoring.state_counts(session, asked)
    total = counts.get(filters.state)
    if total is None:
        total = monitoring.count(session, asked)
    pipelines = only(asked, more=(*asked.more, INSTANCE.c.key == PIPELINE))
    return Listing(
        lines=lines(session, viewer, rows[:size]),
        more=len(rows) > size,
        counts=counts,
        total=total,
        pipelines=monitoring.count(session, pipelines),
    )


def only(asked: Conditions, **changes: Any) -> Conditions:
    """The same conditions with some changed."""
    return replace(asked, **changes)


def conditions(session: db.Session, viewer: User, filters: Filters) -> Conditions:
    """The filters as the runtime's conditions, within the viewer's scope."""
    more = []
    if filters.case_no:
        numbered = _cases(viewer, queries.numbered(filters.case_no))
        more.append(INSTANCE.c.case_id.in_(numbered))
    versions = definitions.versions(session, viewer.court_id, filters.key) if filters.key else []
    chosen = [v for v in versions if filters.version in (None, v.version)]
    if filters.version is not None:
        more.append(INSTANCE.c.definition_id.in_([v.id for v in chosen]))
    return Conditions(
        scope=scope(viewer),
        is_overdue=is_overdue(),
        state=filters.state,
        key=filters.key,
        element=filters.element,
        waits=_waits(session, [v.id for v in chosen]),
        task=is_of(filters.person) if filters.person else None,
        overdue=filters.overdue,
        more=tuple(more),
    )


def _waits(session: db.Session, definition_ids: Iterable[UUID]) -> tuple[Wait, ...]:
    return tuple(w for id_ in set(definition_ids) for w in outlines.of(session, id_).waits())


def choices(session: db.Session, viewer: User, filters: Filters) -> Choices:
    """Definitions of the court; of the chosen one its versions and the elements where a token can stand."""
    newest = definitions.newest(session, viewer.court_id)
    names = {v.key: outlines.of(session, v.id).name for v in newest}
    if filters.key not in names:
        return Choices(names, [], {})
    versions = definitions.versions(session, viewer.court_id, filters.key)
    chosen = next((v for v in versions if v.version == filters.version), versions[0])
    outline = outlines.of(session, chosen.id)
    elements = {n.id: n.name or n.id for n in outline.nodes.values() if n.kind in _STANDING}
    return Choices(names, [v.version for v in versions], elements)


def lines(session: db.Session, viewer: User, rows: Iterable[Row]) -> list[Line]:
    """What a list shows of these instances."""
    shown = list(rows)
    ids = [row.id for row in shown]
    outlined = {row.definition_id: outlines.of(session, row.definition_id) for row in shown}
    at = positions.positions(session, ids, _waits(session, outlined), is_overdue())
    found = cases.many(session, {row.case_id for row in shown if row.case_id})
    handlers = handler_names(session, found.values())
    subjects = _subjects(session, [(row.id, row.case_id) for row in shown])
    matter_keys = {t.key for t in matters.types(session, viewer.court_id)}
    made = []
    for row in shown:
        case = found.get(row.case_id) if row.case_id else None
        handler = handlers.get(case.id, "") if case else ""
        outline = outlined[row.definition_id]
        made.append(
            Line(
                row=row,
                process=outline.name,
                kind=_kind(row.key, matter_keys),
                subject=subjects.get(row.id, ""),
                case_no=case.case_no if case else "",
                places=places(outline, at.get(row.id, []), handler),
            )
        )
    return made


def _kind(key: str, matter_keys: Iterable[str]) -> str:
    if key in matter_keys:
        return "matter"
    return {PIPELINE: "pipeline", "document_flow": "document"}.get(key, key)


def places(outline: Outline, found: Iterable[Position], handler: str) -> list[Place]:
    """``handler``: of the case, whose turn it is where a task names nobody else."""
    return [
        Place(
            position,
            outline.name_of(position.element),
            position.assignee_name or (handler if position.scope == "handler" else ""),
        )
        for position in found
    ]


def handler_names(session: db.Session, found: Iterable[Case]) -> dict[UUID, str]:
    """Case -> name of its handler."""
    of_case = {case.id: case.handler_id for case in found if case.handler_id}
    rows = session.execute(
        select(USER.c.id, USER.c.name).where(USER.c.id.in_(set(of_case.values())))
    )
    names = {row.id: row.name for row in rows}
    return {case_id: names.get(user_id, "") for case_id, user_id in of_case.items()}


def _subjects(session: db.Session, listed: list[tuple[UUID, UUID | None]]) -> dict[UUID, str]:
    """Instance -> what it is about, by way of the case, which is what these tables are indexed by."""
    ids = [id_ for id_, _ in listed]
    case_ids = {case_id for _, case_id in listed if case_id}
    named = select(DOCUMENT.c.instance_id, DOCUMENT.c.name).where(
        DOCUMENT.c.case_id.in_(case_ids), DOCUMENT.c.instance_id.in_(ids)
    )
    sent = (
        select(DELIVERY.c.instance_id, DOCUMENT.c.name, DELIVERY.c.addressee)
        .join(DOCUMENT, DOCUMENT.c.id == DELIVERY.c.document_id)
        .where(DELIVERY.c.case_id.in_(case_ids), DELIVERY.c.instance_id.in_(ids))
    )
    found = {row.instance_id: row.name for row in session.execute(named)}
    return found | {
        row.instance_id: f"{row.name}（{row.addressee}）" for row in session.execute(sent)
    }


def of_ids(session: db.Session, viewer: User, instance_ids: Iterable[UUID]) -> list[Line]:
    """Of these instances the open ones that the viewer may see."""
    ids = list(instance_ids)
    asked = Conditions(scope(viewer), is_overdue(), more=(INSTANCE.c.id.in_(ids),))
    return lines(session, viewer, monitoring.page(session, asked, limit=len(ids)))
