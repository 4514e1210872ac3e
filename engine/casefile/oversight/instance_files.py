"""One process as its supervisor reads it: where it stands, what it did, what it knows, and what went wrong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from engine import db
from engine.casefile.case import cases
from engine.casefile.case.cases import CASE, Case
from engine.casefile.delivery.deliveries import DELIVERY
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.intake.acceptance import PIPELINE
from engine.casefile.matter.matters import MATTER, TYPE
from engine.casefile.oversight import supervision
from engine.casefile.oversight.supervision import Line, Place
from engine.casefile.people import access
from engine.casefile.people.users import USER, User
from engine.errors import EngineError
from engine.process import chronicle, instances, monitoring, operations, outlines, tasks
from engine.process.chronicle import Entry, Incident, Job, Timer, Way
from engine.process.instances import INSTANCE
from engine.process.outlines import Outline
from engine.process.steps import OPEN
from engine.process.tasks import Task

#: Entries of the audit on one page.
PAGE = 60
#: Entries of the case's chain that are told with its main process.
_OF_PIPELINE = ("case_accepted", "case_reassigned")


@dataclass(frozen=True)
class Decision:
    """What a gateway, a decision table or the acceptance chose, and the facts it saw."""

    at: datetime
    #: Empty for what was decided before the process began.
    element: str
    name: str
    #: Where a gateway sent it.
    outcome: str
    #: Rows of the table that applied, from 1.
    rows: list[int]
    read: Mapping[str, Any]


@dataclass(frozen=True)
class File:
    line: Line
    #: Raised by every change of the instance.
    revision: int
    outline: Outline
    case: Case | None
    may_open_case: bool
    tasks: list[Task]
    jobs: list[Job]
    #: Open ones first.
    incidents: list[Incident]
    timers: list[Timer]
    #: Newest first.
    events: list[Entry]
    #: Number of the entry before which the next page begins; None: there is none.
    older: int | None
    #: None: the process is over and keeps none, or its state cannot be read.
    variables: Mapping[str, Any] | None
    #: Newest first.
    decisions: list[Decision]
    way: Way
    #: Id in variables or facts -> what it is called.
    names: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        return self.line.row.state in OPEN

    @property
    def open_incidents(self) -> list[Incident]:
        return [i for i in self.incidents if i.closed_at is None]

    @property
    def is_pipeline(self) -> bool:
        return self.line.row.key == PIPELINE

    @property
    def places(self) -> list[Place]:
        return self.line.places

    @property
    def is_working(self) -> bool:
        """A worker has something to do for it now or soon."""
        return any(job.state in ("ready", "running") for job in self.jobs)


def read(
    session: db.Session, viewer: User, instance_id: UUID, *, before: int | None = None
) -> File:
    """``NotFound`` outside the viewer's scope. ``before``: the audit from there backwards."""
    supervision.must_see(session, viewer, instance_id)
    line = _line(session, viewer, instance_id)
    outline = outlines.of(session, line.row.definition_id)
    case = cases.get(session, line.row.case_id) if line.row.case_id else None
    found = [e for e in chronicle.entries(session, instance_id) if _is_told(outline, e)]
    shown = [e for e in found if before is None or e.number < before]
    variables = _variables(session, line)
    of_case = _of_case(session, line)
    told = [*shown[:PAGE], *_between(of_case, shown, before)]
    decisions = [_decision(outline, e) for e in found if e.action == "decision"]
    decisions += [_decision(outline, e) for e in of_case if e.action == "case_accepted"]
    here = {place.position.element for place in line.places}
    return File(
        line=line,
        revision=revision(session, viewer, instance_id),
        outline=outline,
        case=case,
        may_open_case=case is not None and _may_open(session, viewer, case),
        tasks=tasks.open_of(session, instance_id=instance_id),
        jobs=chronicle.jobs(session, instance_id),
        incidents=chronicle.incidents(session, instance_id),
        timers=chronicle.timers(session, instance_id),
        events=sorted(told, key=lambda entry: entry.at, reverse=True),
        older=shown[PAGE - 1].number if len(shown) > PAGE else None,
        variables=variables,
        decisions=decisions,
        way=chronicle.way(outline, found, here),
        names=_names(
            session,
            viewer,
            [variables, *(e.detail for e in found[:PAGE]), *(d.read for d in decisions)],
        ),
    )


def revision(session: db.Session, viewer: User, instance_id: UUID) -> int:
    """Whether what was shown is still so; ``NotFound`` outside the viewer's scope."""
    supervision.must_see(session, viewer, instance_id)
    asked = select(INSTANCE.c.version).where(INSTANCE.c.id == instance_id)
    return int(session.execute(asked).scalar_one())


def _line(session: db.Session, viewer: User, instance_id: UUID) -> Line:
    state = session.scalar(select(INSTANCE.c.state).where(INSTANCE.c.id == instance_id))
    asked = monitoring.Conditions(
        scope=supervision.scope(viewer),
        is_overdue=supervision.is_overdue(),
        state=state if state in ("ended", "cancelled") else "open",
        more=(INSTANCE.c.id == instance_id,),
    )
    return supervision.lines(session, viewer, monitoring.page(session, asked))[0]


def _may_open(session: db.Session, viewer: User, case: Case) -> bool:
    asked = select(CASE.c.id).where(CASE.c.id == case.id, access.may_open(viewer))
    return session.scalar(asked) is not None


def _variables(session: db.Session, line: Line) -> Mapping[str, Any] | None:
    if line.row.state not in OPEN:
        return None
    try:
        return instances.data(session, line.row.id)
    except EngineError:  # a damaged state must not hide the incident that says so
        return None


def _is_told(outline: Outline, entry: Entry) -> bool:
    """What says nothing new is left out: a gateway that only joins decides nothing, and a job that was done ended."""
    if entry.action == "job_ended" and entry.detail.get("state") == "done":
        return False
    node = outline.nodes.get(entry.detail.get("element", ""))
    joins = node is not None and len(node.outgoing) < 2 and not entry.detail.get("rows")  # noqa: PLR2004
    return entry.action != "decision" or not joins


def _decision(outline: Outline, entry: Entry) -> Decision:
    if entry.action == "case_accepted":
        kept = entry.detail.get("decision") or {}
        return Decision(
            entry.at, "", "是否分段", "", kept.get("rows") or [], kept.get("facts") or {}
        )
    detail = entry.detail
    flows = [outline.flows[id_] for id_ in detail.get("flows") or () if id_ in outline.flows]
    return Decision(
        at=entry.at,
        element=detail["element"],
        name=outline.name_of(detail["element"]),
        outcome="、".join(flow.name or outline.name_of(flow.target) for flow in flows),
        rows=list(detail.get("rows") or ()),
        read=detail.get("read") or {},
    )


def _of_case(session: db.Session, line: Line) -> list[Entry]:
    """What the chain of the case says of its main process."""
    if line.row.key != PIPELINE or line.row.case_id is None:
        return []
    return chronicle.entries(session, line.row.case_id, actions=_OF_PIPELINE)


def _between(of_case: list[Entry], shown: list[Entry], before: int | None) -> list[Entry]:
    """Those of the case's entries that belong on this page of the instance's."""
    page = shown[:PAGE]
    oldest = page[-1].at if len(shown) > PAGE else None
    latest = page[0].at if page and before is not None else None
    return [
        entry
        for entry in of_case
        if (oldest is None or entry.at >= oldest) and (latest is None or entry.at <= latest)
    ]


# ---------------------------------------------------------------- words for ids


def _names(session: db.Session, viewer: User, found: Iterable[Any]) -> dict[str, str]:
    """What the ids in these values are called: people, documents, matters, addressees of this court."""
    ids = {id_ for value in found for id_ in _ids(value)}
    if not ids:
        return {}
    queries: list[Select[Any]] = [
        select(USER.c.id, USER.c.name).where(USER.c.court_id == viewer.court_id),
        select(DOCUMENT.c.id, DOCUMENT.c.name).where(DOCUMENT.c.court_id == viewer.court_id),
        select(DELIVERY.c.id, DELIVERY.c.addressee).where(DELIVERY.c.court_id == viewer.court_id),
        select(MATTER.c.id, TYPE.c.name)
        .join(TYPE, (TYPE.c.key == MATTER.c.type_key) & (TYPE.c.court_id == MATTER.c.court_id))
        .where(MATTER.c.court_id == viewer.court_id),
    ]
    named = {}
    for query in queries:
        column = query.selected_columns[0]
        named.update({str(row[0]): row[1] for row in session.execute(query.where(column.in_(ids)))})
    return named


def _ids(value: Any) -> Iterator[UUID]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _ids(inner)
    elif isinstance(value, str):
        try:
            yield UUID(value)
        except ValueError:
            return


def operation_title(name: str) -> str:
    """Chinese, as its author registered it; else its name."""
    operation = operations.registry().get(name)
    return operation.title if operation is not None else name
