"""异常处理: the incidents within a viewer's scope, open ones the oldest first, closed ones the latest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_

from engine import db
from engine.casefile.case import cases
from engine.casefile.oversight import supervision
from engine.casefile.people.users import User
from engine.process import chronicle, outlines
from engine.process.chronicle import Incident
from engine.process.incidents import INCIDENT
from engine.process.instances import INSTANCE


@dataclass(frozen=True)
class Line:
    incident: Incident
    case_no: str
    #: Name of the definition, and of the element; the latter may be empty.
    process: str
    element: str
    #: How often its job was tried; None where no job is behind it.
    attempts: int | None

    @property
    def position(self) -> tuple[datetime, UUID]:
        """Keyset position in its list."""
        return self.incident.closed_at or self.incident.opened_at, self.incident.id


@dataclass(frozen=True)
class Listing:
    lines: list[Line]
    more: bool
    open: int
    closed: int


def listing(
    session: db.Session,
    viewer: User,
    *,
    closed: bool = False,
    after: tuple[datetime, UUID] | None = None,
    size: int = 50,
) -> Listing:
    """One page of the open or of the closed ones."""
    order = (INCIDENT.c.closed_at if closed else INCIDENT.c.opened_at, INCIDENT.c.id)
    chosen = _chosen(viewer, closed=closed)
    if after is not None:
        chosen &= tuple_(*order) < after if closed else tuple_(*order) > after
    found = _found(session, chosen, [c.desc() if closed else c for c in order], size + 1)
    return Listing(
        lines=found[:size],
        more=len(found) > size,
        open=count(session, viewer),
        closed=count(session, viewer, closed=True),
    )


def _found(
    session: db.Session,
    chosen: ColumnElement[bool],
    order: Iterable[Any] = (INCIDENT.c.opened_at, INCIDENT.c.id),
    limit: int | None = None,
) -> list[Line]:
    rows = session.execute(
        select(*chronicle.INCIDENT_COLUMNS, INSTANCE.c.definition_id)
        .join(INSTANCE, INSTANCE.c.id == INCIDENT.c.instance_id)
        .where(chosen)
        .order_by(*order)
        .limit(limit)
    ).mappings()
    shown = [dict(row) for row in rows]
    versions = {row["id"]: row.pop("definition_id") for row in shown}
    return _lines(session, [Incident(**row) for row in shown], versions)


def count(session: db.Session, viewer: User, *, closed: bool = False) -> int:
    query = (
        select(func.count())
        .select_from(INCIDENT)
        .join(INSTANCE, INSTANCE.c.id == INCIDENT.c.instance_id)
        .where(_chosen(viewer, closed=closed))
    )
    return int(session.scalar(query) or 0)


def of_ids(session: db.Session, viewer: User, incident_ids: Iterable[UUID]) -> list[Line]:
    """Of these incidents the open ones that the viewer may see, the oldest first."""
    return _found(session, _chosen(viewer, closed=False) & INCIDENT.c.id.in_(list(incident_ids)))


def open_of_instances(
    session: db.Session, viewer: User, instance_ids: Iterable[UUID]
) -> list[UUID]:
    """The open incidents of these instances, as far as the viewer may see them."""
    rows = session.execute(
        select(INCIDENT.c.id)
        .join(INSTANCE, INSTANCE.c.id == INCIDENT.c.instance_id)
        .where(_chosen(viewer, closed=False), INSTANCE.c.id.in_(list(instance_ids)))
        .order_by(INCIDENT.c.opened_at, INCIDENT.c.id)
    )
    return [row.id for row in rows]


def _chosen(viewer: User, *, closed: bool) -> ColumnElement[bool]:
    is_open = INCIDENT.c.closed_at.is_(None)
    own_court = INCIDENT.c.court_id == viewer.court_id
    return own_court & (~is_open if closed else is_open) & supervision.scope(viewer)


def _lines(session: db.Session, found: list[Incident], versions: dict[UUID, UUID]) -> list[Line]:
    of_case = cases.many(session, {i.case_id for i in found if i.case_id})
    tried = chronicle.attempts(session, [i.job_id for i in found if i.job_id])
    made = []
    for incident in found:
        outline = outlines.of(session, versions[incident.id])
        case = of_case.get(incident.case_id) if incident.case_id else None
        made.append(
            Line(
                incident=incident,
                case_no=case.case_no if case else "",
                process=outline.name,
                element=outline.name_of(incident.element),
                attempts=tried.get(incident.job_id) if incident.job_id else None,
            )
        )
    return made
