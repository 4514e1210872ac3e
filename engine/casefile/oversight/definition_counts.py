"""流程定义: the definitions of a court with their versions, and how many instances stand at each element."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from engine import clock, db
from engine.casefile.intake.acceptance import PIPELINE
from engine.casefile.matter import matters
from engine.casefile.oversight import supervision
from engine.casefile.oversight.supervision import Filters
from engine.casefile.people.users import User
from engine.errors import NotFound
from engine.process import definitions, monitoring, outlines, positions
from engine.process.definitions import Version
from engine.process.instances import INSTANCE
from engine.process.outlines import Node, Outline
from engine.process.positions import Duration, ElementCount

#: Average times are those of the last year.
_REMEMBERED = timedelta(days=365)
#: Nodes worth a row of their own even when nobody stands there.
_SHOWN = frozenset(
    {"userTask", "serviceTask", "businessRuleTask", "receiveTask", "intermediateCatchEvent"}
)


@dataclass(frozen=True)
class Definition:
    """One line of the list."""

    newest: Version
    name: str
    #: main, shared, or the group of a matter
    group: str
    running: int
    incidents: int


@dataclass(frozen=True)
class ElementLine:
    node: Node
    count: ElementCount
    duration: Duration | None


@dataclass(frozen=True)
class Counts:
    #: The version that is drawn.
    version: Version
    outline: Outline
    #: Newest first.
    versions: list[Version]
    #: Version id -> open instances.
    running: Mapping[UUID, int]
    total: int
    overdue: int
    incidents: int
    lines: list[ElementLine]
    #: Instances at elements that the drawn version does not have.
    elsewhere: int


def listing(session: db.Session, viewer: User) -> list[Definition]:
    """The main process first, then the shared ones, then the matters in the order of their groups."""
    scope = supervision.scope(viewer)
    running = monitoring.version_counts(session, scope)
    broken = monitoring.version_counts(session, scope & monitoring.has_incident())
    kinds = {kind.key: kind for kind in matters.types(session, viewer.court_id)}
    order = {key: number for number, key in enumerate(kinds)}
    found = []
    for newest in definitions.newest(session, viewer.court_id):
        ids = [v.id for v in definitions.versions(session, viewer.court_id, newest.key)]
        kind = kinds.get(newest.key)
        main = newest.key == PIPELINE
        found.append(
            Definition(
                newest=newest,
                name=outlines.of(session, newest.id).name,
                group=kind.group if kind else "main" if main else "shared",
                running=sum(running.get(id_, 0) for id_ in ids),
                incidents=sum(broken.get(id_, 0) for id_ in ids),
            )
        )
    rank = {"main": 0, "shared": 1}
    return sorted(found, key=lambda d: (rank.get(d.group, 2), order.get(d.newest.key, 0)))


def counts(session: db.Session, viewer: User, key: str, version: int | None = None) -> Counts:
    """Over the open instances of all versions, or of one; ``NotFound`` for what was never deployed."""
    versions = definitions.versions(session, viewer.court_id, key)
    drawn = next((v for v in versions if version in (None, v.version)), None)
    if drawn is None:
        raise NotFound(key)
    asked = supervision.conditions(session, viewer, Filters(key=key, version=version))
    at = positions.element_counts(session, asked)
    spent = positions.durations(session, key, asked.scope, clock.now() - _REMEMBERED)
    outline = outlines.of(session, drawn.id)
    nodes = [n for n in outline.nodes.values() if n.kind in _SHOWN or n.id in at]
    return Counts(
        version=drawn,
        outline=outline,
        versions=versions,
        running=monitoring.version_counts(session, asked.scope & (INSTANCE.c.key == key)),
        total=monitoring.count(session, asked),
        overdue=monitoring.count(session, supervision.only(asked, overdue=True)),
        incidents=monitoring.count(session, supervision.only(asked, state="incident")),
        lines=[
            ElementLine(n, at.get(n.id, ElementCount(n.id, 0, 0, 0)), spent.get(n.id))
            for n in nodes
        ],
        elsewhere=sum(count.active for id_, count in at.items() if id_ not in outline.nodes),
    )


def diagram(session: db.Session, viewer: User, key: str, version: int) -> str:
    """The text of a version's diagram, as its designer left it."""
    for found in definitions.versions(session, viewer.court_id, key):
        if found.version == version:
            return definitions.files(session, found.id)[definitions.DIAGRAM]
    raise NotFound(key)
