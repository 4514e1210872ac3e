"""实例换版, looked at beforehand: where an instance stands, where it would stand in another version, and what forbids it.

The field calls it process instance migration. Nothing is changed here; ``version_moves`` carries it out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from engine import db
from engine.audit import ENTRY
from engine.errors import EngineError, NotFound
from engine.process import definitions, facts, forms, outlines, spiff, values
from engine.process.definitions import DEFINITION
from engine.process.instances import INSTANCE
from engine.process.jobs import JOB
from engine.process.outlines import Outline
from engine.process.steps import Opened
from engine.process.tasks import TASK

#: Entries after which a timer may be due at another time than its element says.
_DISTURBING = ("timer_redated", "timers_paused", "instance_suspended", "timers_fired")
#: Elements that do something; a new one before the position is told.
_WORKING = frozenset({"userTask", "serviceTask", "businessRuleTask", "sendTask", "subProcess"})


class SameVersion(EngineError):
    """流程已经在这个版本上，不用换版"""

    code = "same_version"


@dataclass(frozen=True)
class Finding:
    #: Of the version it runs on, or of the other; "" is the whole process.
    element: str
    #: error, warning
    severity: str
    message: str


@dataclass(frozen=True)
class Spot:
    """One place where the instance stands, with names for people."""

    element: str
    name: str
    #: Element of the target; None: none fits.
    to: str | None
    to_name: str
    #: What else it may be mapped to: (element, name).
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listening:
    """What becomes of a timer, a message or another event: removed, added, redated, message."""

    kind: str
    element: str
    name: str
    before: datetime | None
    after: datetime | None
    message: str


@dataclass(frozen=True)
class Plan:
    instance_id: UUID
    from_version: int
    to_version: int
    #: Row version of the instance when it was looked at; a plan for another one is void.
    revision: int
    #: Element -> element, as the operator has chosen; all others keep their id.
    chosen: Mapping[str, str]
    spots: tuple[Spot, ...]
    listening: tuple[Listening, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity == "warning")


@dataclass(frozen=True)
class Prepared:
    plan: Plan
    target: definitions.Parsed
    carried: spiff.Carried


def target_id(session: db.Session, opened: Opened, version: int) -> UUID:
    found: UUID | None = session.scalar(
        select(DEFINITION.c.id).where(
            DEFINITION.c.court_id == opened.court_id,
            DEFINITION.c.key == opened.key,
            DEFINITION.c.version == version,
        )
    )
    if found is None:
        raise NotFound(f"v{version}")
    if found == opened.definition.id:
        raise SameVersion
    return found


def prepare(
    session: db.Session, opened: Opened, version: int, chosen: Mapping[str, str]
) -> Prepared:
    """The plan for an instance as it was opened or looked at, and what it would be."""
    target = definitions.parsed(session, target_id(session, opened, version))
    jobs = _jobs(session, opened.id)
    subject = facts.Subject(
        opened.court_id, opened.id, opened.case_id, opened.key, opened.stage, opened.now
    )
    asked = spiff.Asked(
        chosen=chosen,
        entered=_entered(session, opened.id),
        begun=session.scalar(select(INSTANCE.c.started_at).where(INSTANCE.c.id == opened.id)),
        disturbed=_disturbed(session, opened.id),
        to_redo=_to_redo(opened, jobs),
    )
    carried = spiff.carry(
        opened.fence, opened.key, target.spiff, asked, facts=facts.of(session, subject)
    )
    old = outlines.of(session, opened.definition.id)
    new = outlines.of(session, target.id)
    errors = [Finding(f.element, "error", f.sentence) for f in carried.faults]
    errors += _refusals(session, opened, jobs, carried, old)
    warnings = [
        *_set_apart(old, new, carried),
        *_new_before(old, new, carried),
        *_forms(session, opened, target, carried),
    ]
    plan = Plan(
        opened.id,
        opened.definition.version,
        target.version,
        opened.version,
        dict(chosen),
        _spots(carried, old, new),
        tuple(_listening(c, old, new) for c in carried.changes),
        (*dict.fromkeys(errors), *dict.fromkeys(warnings)),
    )
    return Prepared(plan, target, carried)


# ---------------------------------------------------------------- what the rows know


def _jobs(session: db.Session, instance_id: UUID) -> list[Any]:
    columns = (JOB.c.token, JOB.c.element, JOB.c.state, JOB.c.ending)
    return list(session.execute(select(*columns).where(JOB.c.instance_id == instance_id)))


def _entered(session: db.Session, instance_id: UUID) -> dict[UUID, datetime]:
    rows = session.execute(
        select(TASK.c.token, TASK.c.opened_at)
        .where(TASK.c.instance_id == instance_id, TASK.c.state == "open")
        .union_all(select(JOB.c.token, JOB.c.created_at).where(JOB.c.instance_id == instance_id))
    )
    return {row[0]: row[1] for row in rows}


def _disturbed(session: db.Session, instance_id: UUID) -> list[tuple[datetime, str | None]]:
    rows = session.execute(
        select(ENTRY.c.at, text("CAST(detail AS jsonb) AS said"))
        .select_from(ENTRY)
        .where(ENTRY.c.chain_id == instance_id, ENTRY.c.action.in_(_DISTURBING))
    )
    found: list[tuple[datetime, str | None]] = []
    for at, said in rows:
        elements = said.get("elements") or [said.get("element")]
        found += [(at, element) for element in elements]
    return found


def _to_redo(opened: Opened, jobs: list[Any]) -> frozenset[UUID]:
    """Service tasks that have failed and are begun anew by a retry, with what the target says then."""
    again = {j.token for j in jobs if j.state == "failed" and j.ending is None}
    of_jobs = {j.token for j in jobs}
    failed = {UUID(r["token"]) for r in opened.rows["incidents"] if r["token"]}
    return frozenset(again | (failed - of_jobs))


def _refusals(
    session: db.Session, opened: Opened, jobs: list[Any], carried: spiff.Carried, old: Outline
) -> Iterator[Finding]:
    if opened.has_crashed:
        yield Finding("", "error", "流程推进时出错停在这里，请先重试，再换版。")
    for job in jobs:
        if job.state == "running":
            yield Finding(
                job.element,
                "error",
                f"「{old.name_of(job.element) or job.element}」的作业正在运行，请等它结束后再换版。",
            )
    held = opened.state == "suspended" or any(
        row["due_at"] is None for row in opened.rows["timers"]
    )
    for change in carried.changes:
        if held and change.after is not None:
            yield Finding(
                change.element,
                "error",
                "流程的计时已暂停，新版本的时限又有变化，请先恢复计时，再换版。",
            )


# ---------------------------------------------------------------- words


def _spots(carried: spiff.Carried, old: Outline, new: Outline) -> tuple[Spot, ...]:
    found = {}
    for place in carried.places:
        found[place.element] = Spot(
            place.element,
            old.name_of(place.element) or place.element,
            place.to,
            (new.name_of(place.to) or place.to) if place.to else "",
            tuple((id_, " ".join(name.split())) for id_, name in place.choices),
        )
    return tuple(found.values())


def _listening(change: spiff.Change, old: Outline, new: Outline) -> Listening:
    name = old.name_of(change.element) or new.name_of(change.element) or change.element
    return Listening(change.kind, change.element, name, change.before, change.after, change.message)


def _set_apart(old: Outline, new: Outline, carried: spiff.Carried) -> Iterator[Finding]:
    """Places that the operator sends elsewhere although the target still has them."""
    for place in carried.places:
        if place.to and place.to != place.element and place.element in new.nodes:
            names = old.name_of(place.element) or place.element, new.name_of(place.to) or place.to
            yield Finding(
                place.element,
                "warning",
                f"新版本仍有「{names[0]}」，指定改到「{names[1]}」后，两处之间的办理不会补办。",
            )


def _new_before(old: Outline, new: Outline, carried: spiff.Carried) -> Iterator[Finding]:
    """Work that the target has on a way to where the instance will stand, and that nobody has done for it."""
    before: dict[str, set[str]] = {}
    for flow in new.flows.values():
        before.setdefault(flow.target, set()).add(flow.source)
    for node in new.nodes.values():
        if node.attached_to:
            before.setdefault(node.id, set()).add(node.attached_to)
    standing = {place.to for place in carried.places if place.to}
    seen, stack = set(standing), list(standing)
    while stack:
        for source in before.get(stack.pop(), set()) - seen:
            seen.add(source)
            stack.append(source)
    for id_ in sorted(seen - standing - old.nodes.keys()):
        found = new.nodes.get(id_)
        if found is not None and found.kind in _WORKING:
            name = found.name or id_
            yield Finding(id_, "warning", f"新版本在此之前增加了「{name}」，换版后不会补办。")


def _forms(
    session: db.Session, opened: Opened, target: definitions.Parsed, carried: spiff.Carried
) -> Iterator[Finding]:
    """What the form of the target asks or shows that the one filled in so far did not."""
    files = definitions.files(session, target.id)
    old_files = definitions.files(session, opened.definition.id)
    known = opened.fence.data
    for place in carried.places:
        element = target.elements.get(place.to or "")
        if element is None or element.form is None or element.form not in files:
            continue
        before = opened.definition.elements.get(place.element)
        had = _fields(old_files, before.form if before else None)
        for key, field in _fields(files, element.form).items():
            label = field.label or key
            if field.readonly and key not in values.from_json(known):
                yield Finding(
                    place.element,
                    "warning",
                    f"新版本的表单要显示「{label}」，本流程还没有这项数据。",
                )
            elif field.required and key not in had:
                yield Finding(place.element, "warning", f"新版本的表单增加了必填的「{label}」。")


def _fields(files: Mapping[str, str], form: str | None) -> dict[str, forms.Field]:
    if form is None or form not in files:
        return {}
    return {field.key: field for field in forms.read(files[form]).fields}
