"""What stands beside the diagram of a dry run: everything that waits, one of it open to be dealt with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import clock
from engine.casefile import labels
from engine.process import forms, operations
from engine.process.dry_runs import Awaited, Held, OpenTask, Run, Shown
from engine.process.forms import Choice, Field, Form, cleaning
from webui import dry_run_rows, dry_run_samples, typed_values
from webui.dry_run_rows import Row
from webui.dry_run_samples import Sample

SCREENS = {"transfer": "流转", "document": "文书办理", "approval": "审批", "field_task": "外勤任务"}
#: Number of the item, which is told in words.
_ROUND = "loopCounter"
_SENT = {"message": "消息", "signal": "信号"}


@dataclass(frozen=True)
class Item:
    """One thing that waits."""

    key: str
    #: task, service, message, signal
    kind: str
    element: str
    name: str
    note: str
    source: OpenTask | Held | Awaited


@dataclass(frozen=True)
class _Task:
    """What the fields ask of the task that they belong to."""

    id: UUID


_NO_TASK = _Task(UUID(int=0))


@dataclass(frozen=True)
class Filled:
    """A form as the page of a task shows it (templates/tasks/_fields.html)."""

    form: Form
    typed: Mapping[str, Any]
    visible: frozenset[str]
    choices: Mapping[str, tuple[Choice, ...]]
    is_mine: bool = True
    task: _Task = _NO_TASK

    @property
    def depends(self) -> bool:
        """Whether what is shown changes with what is typed."""
        return any(f.hide or f.choices_expression for f in self.form.fields) or any(
            node.hide or node.nodes for node in self.form.nodes
        )


@dataclass(frozen=True)
class Opened:
    """The item that is being dealt with."""

    item: Item
    filled: Filled | None = None
    rows: list[Row] = field(default_factory=list)
    #: Field of the form -> what is wrong; "" for the whole.
    errors: Mapping[str, str] = field(default_factory=dict)
    #: Error codes that the diagram catches here.
    codes: tuple[str, ...] = ()
    screen: str = ""
    operation: str = ""
    params: list[tuple[str, str]] = field(default_factory=list)
    has_sample: bool = False


def items(run: Run, shown: Shown) -> list[Item]:
    return [*_tasks(run, shown), *_services(run, shown), *_events(run, shown)]


def _tasks(run: Run, shown: Shown) -> Iterator[Item]:
    for task in shown.open:
        key = f"task:{task.element}:{task.number}:{task.item}"
        several = sum(t.element == task.element for t in shown.open)
        parts = [
            task.lane or "",
            *(f"{n}：{typed_values.shown(v)}" for n, v in task.local.items() if n != _ROUND),
        ]
        parts += [f"第 {task.item + 1} 项，共 {several} 项"] if several > 1 else []
        yield Item(key, "task", task.element, task.name, _note(parts, task.number, run), task)


def _services(run: Run, shown: Shown) -> Iterator[Item]:
    for held in shown.held:
        key = f"service:{held.element}:{held.number}:{held.item}"
        several = sum(h.element == held.element for h in shown.held)
        parts = ["服务任务", *([f"第 {held.item + 1} 项，共 {several} 项"] if several > 1 else [])]
        yield Item(key, "service", held.element, held.name, _note(parts, held.number, run), held)


def _events(run: Run, shown: Shown) -> Iterator[Item]:
    for awaited in shown.awaited:
        places = [e for e in awaited.elements if e]
        name = "、".join(dict.fromkeys(run.sketch.name_of(e) for e in places)) or awaited.name
        note = f"等待{_SENT[awaited.kind]} {awaited.name}"
        key = f"{awaited.kind}:{awaited.name}"
        yield Item(key, awaited.kind, places[0] if places else "", name, note, awaited)


def _note(parts: list[str], number: int, run: Run) -> str:
    several = [f"第 {number} 个流程"] if len(run.player.live) > 1 else []
    return "，".join(part for part in (*parts, *several) if part)


# ---------------------------------------------------------------- the open one


def opened(
    run: Run,
    shown: Shown,
    item: Item,
    sample: Sample,
    *,
    typed: Mapping[str, Any] | None = None,
    fill: bool = False,
    errors: Mapping[str, str] | None = None,
    rows: list[Row] | None = None,
) -> Opened:
    """``typed``: what was typed into its form; ``fill``: what the scenario submits; ``rows``: with their errors."""
    source = item.source
    before = sum(done.command.get("element") == item.element for done in run.done)
    submitted = dry_run_samples.turn(sample.submitted.get(item.element), before)
    more: dict[str, Any] = {
        "errors": errors or {},
        "codes": run.sketch.codes.get(item.element, ()),
        "rows": _asked(run, shown, item, sample, before) if rows is None else rows,
    }
    if isinstance(source, OpenTask):
        screen = run.sketch.screens.get(item.element, "")
        form = run.form(item.element)
        more["screen"] = SCREENS.get(screen, screen)
        if form is not None:
            given = submitted if fill else typed
            more["filled"] = _filled(form, run.seen_by(source), given)
            more["has_sample"] = bool(submitted)
    elif isinstance(source, Held):
        operation = operations.registry().get(source.operation)
        more["operation"] = operation.title if operation else source.operation
        more["params"] = [(n, typed_values.shown(v)) for n, v in source.params.items()]
    return Opened(item, **more)


def asked(run: Run, shown: Shown, item: Item, sample: Sample) -> list[Row]:
    """The rows of an item as they are asked, for reading what was typed into them."""
    before = sum(done.command.get("element") == item.element for done in run.done)
    return _asked(run, shown, item, sample, before)


def _asked(run: Run, shown: Shown, item: Item, sample: Sample, before: int) -> list[Row]:
    source, drawn = item.source, run.sketch
    if isinstance(source, OpenTask):
        if run.form(item.element) is not None:
            return []
        known = dry_run_samples.turn(sample.submitted.get(item.element), before)
        return _named(dry_run_rows.rows(_unknown(shown, drawn.after(item.element)), known))
    if isinstance(source, Held):
        given = dry_run_samples.turn(sample.results.get(item.element), before)
        return _named(dry_run_rows.rows(drawn.results(item.element), source.simulated or given))
    wanted = [a for e in source.elements for a in _unknown(shown, drawn.after(e))]
    return dry_run_rows.rows(wanted, sample.sent.get(source.name, {}))


def _unknown(shown: Shown, wanted: list[Any]) -> list[Any]:
    """Names without a value yet, and those that are chosen anew each time."""
    return [each for each in wanted if each.choices or each.name not in shown.variables]


def _named(rows: list[Row]) -> list[Row]:
    """Codes of stages are called as everywhere."""
    return [
        Row(
            each.name,
            each.kind,
            each.text,
            each.told,
            tuple(Choice(c.value, labels.STAGES.get(c.value, c.label)) for c in each.choices),
        )
        for each in rows
    ]


def start_rows(run_sketch: Any, sample: Sample) -> list[Row]:
    return _named(dry_run_rows.rows(run_sketch.at_start(), sample.start))


def _filled(form: Form, context: Mapping[str, Any], given: Mapping[str, Any] | None) -> Filled:
    texts = {one.key: _text(one, given or {}, given is None) for one in form.fields}
    seen = {**context, **forms.clean(form, texts, context).values}
    return Filled(
        form,
        texts,
        frozenset(one.key for one in forms.visible(form, seen)),
        {one.key: cleaning.choices(one, seen) for one in form.fields},
    )


def _text(one: Field, given: Mapping[str, Any], fresh: bool) -> Any:  # noqa: FBT001
    """As a browser sends it; ``fresh``: as the form begins."""
    value = given.get(one.key, one.default if fresh else None)
    if one.kind == "checklist":
        return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []
    if one.kind == "checkbox":
        return value in (True, "on", "true", "1")
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.COURT_ZONE):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)
