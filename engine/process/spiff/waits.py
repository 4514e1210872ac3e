"""What an instance waits for, read and set without moving it: timers whose due times are rows, messages, signals."""

from collections.abc import Mapping
from datetime import UTC, datetime

from SpiffWorkflow.util.task import TaskState

from engine.process import values
from engine.process.spiff import events, feel, specs, timers
from engine.process.spiff.diagram import Trigger
from engine.process.spiff.instance import Instance, Outcome
from engine.process.spiff.rewrite import original_id

#: While paused a timer is due never; a date, because the fence compares dates.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def look(instance: Instance) -> Outcome:
    """What the instance waits for, without moving it."""
    return instance._outcome()


def due_times(instance: Instance) -> dict[str, tuple[str, datetime]]:
    """Key -> (element, due). A key names one timer of one waiting place, as long as it waits."""
    if instance.ended:
        return {}
    found = {}
    for place in events.places(instance._top):
        for number, (at, _, _) in place.memory.get("due", {}).items():
            element = original_id(place.spec.bpmn_id)
            found[_key(place, number)] = (element, datetime.fromisoformat(at))
    return found


def set_due(instance: Instance, dues: Mapping[str, datetime]) -> None:
    """The rows are the truth: what they say replaces what the state remembers."""
    for place in events.places(instance._top):
        for number, entry in place.memory.get("due", {}).items():
            due = dues.get(_key(place, number))
            if due is not None:
                entry[0] = due.isoformat()


def _key(place: events.Place, number: str) -> str:
    if place.task is not None:
        return f"{place.task.id.hex}/{number}"
    inside = place.scope.parent_task_id
    return f"{inside.hex if inside else ''}/{place.spec.name}/{number}"


def listens_to(instance: Instance) -> set[tuple[str, str]]:
    """(kind, name) of every message and signal some place waits for now."""
    if instance.ended:
        return set()
    return {
        (trigger.kind, trigger.name)
        for place in events.places(instance._top)
        for trigger in place.spec.triggers
        if trigger.kind in ("message", "signal")
    }


# ---------------------------------------------------------------- timers of start events


def first_due(trigger: Trigger, now: datetime) -> tuple[datetime, str | None]:
    """When a process starts by itself first, and what ``following`` needs to know; ``BadTimer`` if it has no date."""
    written = trigger.text or ""
    if written.startswith("="):
        value, _ = feel.evaluate(written[1:], {}, {}, {})
        written = timers.written(values.from_json(value))
    due = timers.due(trigger.form or "", written, now)
    return due.at, _remaining(due)


def following(at: datetime, remaining: str | None) -> tuple[datetime | None, str | None]:
    """The firing after this one; (None, None) if it was the last."""
    if remaining is None:
        return None, None
    left, every = remaining.split("/")
    due = timers.Due(at, int(left), every).following()
    return (None, None) if due is None else (due.at, _remaining(due))


def _remaining(due: timers.Due) -> str | None:
    return f"{due.left}/{due.every}" if due.every else None


def standing(instance: Instance) -> set[str]:
    """Elements at which a token stands: tasks, events, subprocesses; not what merely listens."""
    found = set()
    for scope in events.scopes(instance._top) if not instance.ended else []:
        for task in scope.tasks.values():
            spec = task.task_spec
            waits = task.has_state(TaskState.READY | TaskState.STARTED | TaskState.WAITING)
            if waits and spec.bpmn_id and not isinstance(spec, specs.BoundaryEvent):
                found.add(original_id(spec.bpmn_id))
    return found
