"""Who hears what: triggers are delivered here, scope by scope, and interruptions applied at once.

A *place* is where something may be caught: a waiting task, or the listener of an event subprocess
(kept in the memory of its scope, because it must not keep the scope alive). Errors and escalations
climb from where they were thrown outwards, never sideways; signals reach every place, the outermost
first, so that what is interrupted does nothing more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit, _EndJoin
from SpiffWorkflow.util.task import TaskState

from engine.process import values
from engine.process.spiff import specs, timers
from engine.process.spiff.diagram import Trigger
from engine.process.spiff.repeats import Repeats
from engine.process.spiff.trouble import Trouble

_UNFINISHED = TaskState.NOT_FINISHED_MASK


@dataclass(frozen=True, eq=False)
class Place:
    scope: Any
    spec: Any
    #: None for the listener of an event subprocess.
    task: Any
    #: What the place remembers: armed, due times, former truth of conditions, triggers seen.
    memory: dict[str, Any]

    @property
    def alive(self) -> bool:
        if self.task is not None:
            return (
                self.task.state == TaskState.WAITING
                and self.task.id in self.scope.tasks
                and in_use(self.scope)
            )
        return not self.memory.get("off") and not self.scope.completed and in_use(self.scope)


def in_use(scope: Any) -> bool:
    top = scope.top_workflow
    return scope is top or top.subprocesses.get(scope.parent_task_id) is scope


def scopes(top: Any) -> list[Any]:
    """Outermost first, beside each other in the order of what they belong to: items in that of their list."""
    found = [top]
    for each in found:
        found.extend(top.subprocesses[id_] for id_ in each.tasks if id_ in top.subprocesses)
    return found


def places(top: Any) -> Iterator[Place]:
    for scope in scopes(top):
        yield from listeners(scope)
        for task in list(scope.tasks.values()):
            if task.state == TaskState.WAITING and isinstance(task.task_spec, specs.Waits):
                yield Place(scope, task.task_spec, task, task.internal_data)


def listeners(scope: Any) -> list[Place]:
    root = scope.task_tree
    if scope.completed or root.state != TaskState.COMPLETED or not scope.spec.event_subprocesses:
        return []
    if any(_is_the_end(task) for task in scope.tasks.values()):
        return []  # nothing is open any more: what started now would be lost
    memories = root.internal_data.setdefault("listeners", {})
    found = [
        Place(scope, scope.spec.task_specs[n], None, memories.setdefault(n, {}))
        for n in scope.spec.event_subprocesses
    ]
    return [place for place in found if place.alive]


def _is_the_end(task: Any) -> bool:
    """The join before the end, or the end itself, about to run."""
    spec = task.task_spec
    return task.state == TaskState.READY and (isinstance(spec, _EndJoin) or spec.name == "End")


# ---------------------------------------------------------------- arming and firing


def arm(place: Place, now: datetime) -> None:
    """Works out due times, once; a condition counts as false until it is looked at."""
    armed = {}
    for number, trigger in enumerate(place.spec.triggers):
        if trigger.kind == "timer":
            text = _timer_text(place, trigger.text)
            try:
                due = timers.due(trigger.form, text, now)
            except (timers.BadTimer, OverflowError):
                raise Trouble(
                    place.task or place.spec, f"「{text}」不是 ISO 8601 的日期、时长或循环。"
                ) from None
            armed[str(number)] = [due.at.isoformat(), due.left, due.every]
    # Since when it waits, for a version of the diagram that measures another time from there.
    place.memory.update(armed=True, due=armed, since=now.isoformat())


def _timer_text(place: Place, text: str) -> str:
    """``= expression`` is FEEL, anything else is meant literally, as bpmn-js writes it."""
    if not text.startswith("="):
        return text
    at = place.task or place.scope.task_tree
    value = place.scope.script_engine.evaluate(at, text[1:])
    return timers.written(values.from_json(value))


def hear(place: Place, number: int, data: dict[str, Any] | None = None) -> None:
    """One trigger of a place has come."""
    if not place.alive:
        return
    if place.spec.needs_all:
        seen = place.memory.setdefault("seen", [])
        if number not in seen:
            seen.append(number)
        place.memory.get("due", {}).pop(str(number), None)
        if len(seen) < len(place.spec.triggers):
            return
    if data:
        place.scope.top_workflow.store.write(place.task or _owner(place.scope), data)
    if place.task is None:
        _start_event_subprocess(place, number)
    else:
        _fire_task(place, number)


def _owner(scope: Any) -> Any:
    return (
        scope.top_workflow.get_task_from_id(scope.parent_task_id) if scope.parent_task_id else None
    )


def _rearmed(place: Place, number: int) -> dict[str, Any] | None:
    """The memory of the place that waits on after this firing; None if nothing is left to wait for."""
    memory = {k: v for k, v in place.memory.items() if k != "seen"}
    memory["due"] = dict(memory.get("due", {}))
    if str(number) in memory["due"]:
        at, left, every = memory["due"].pop(str(number))
        following = timers.Due(datetime.fromisoformat(at), left, every).following()
        if following is not None:
            memory["due"][str(number)] = [following.at.isoformat(), following.left, following.every]
    others = any(t.kind != "timer" for t in place.spec.triggers)
    return memory if memory["due"] or others else None


def _fire_task(place: Place, number: int) -> None:
    task, spec, parent = place.task, place.spec, place.task.parent
    if isinstance(spec, specs.BoundaryEvent):
        if spec.cancel_activity:
            for sibling in parent.children:
                # A neighbour that has fired just now is already on its way and no longer part of the activity.
                fired = (
                    isinstance(sibling.task_spec, specs.BoundaryEvent)
                    and sibling.state == TaskState.READY
                )
                if sibling.has_state(_UNFINISHED) and sibling is not task and not fired:
                    cancel(sibling)
        else:
            _wait_on(place, number)
    elif isinstance(parent.task_spec, specs.EventGateway):
        for sibling in parent.children:
            if sibling is not task and sibling.has_state(_UNFINISHED):
                cancel(sibling)
    elif spec.triggers[number].form == "cycle":
        _wait_on(place, number)
    task._ready()


def _wait_on(place: Place, number: int) -> None:
    """What has fired goes its way and a fresh twin waits on.

    SpiffWorkflow hangs the branches of a repeating timer under the waiting event itself, and drops
    them, open user tasks included, when the activity ends.
    """
    memory = _rearmed(place, number)
    if memory is not None:
        twin = place.task.parent._add_child(place.spec, TaskState.WAITING)
        twin.triggered = True
        twin.internal_data.update(memory)
        place.spec._predict(twin, mask=_UNFINISHED)


def _start_event_subprocess(place: Place, number: int) -> None:
    scope, root = place.scope, place.scope.task_tree
    if place.spec.interrupting:
        for memory in root.internal_data["listeners"].values():
            memory["off"] = True
        for task in list(scope.tasks.values()):
            if task is not root and task.id in scope.tasks and task.has_state(_UNFINISHED):
                cancel(task)
    else:
        memory = _rearmed(place, number)
        place.memory.clear()
        place.memory.update(memory or {"off": True})
    child = root._add_child(place.spec, TaskState.FUTURE)
    child.triggered = True
    place.spec._predict(child, mask=_UNFINISHED)
    place.spec._update(child)


def cancel(task: Any) -> None:
    """Ends an activity and all that runs inside it.

    SpiffWorkflow drops the instances of a cancelled multi-instance subprocess from the tree without
    ending their inner workflows, which then run on.
    """
    top = task.workflow.top_workflow
    stack = [task]
    while stack:
        current = stack.pop()
        stack.extend(current.children)
        _note_heard(top, current)
        _forget_inner(top, current.id)
    task.cancel()


def _note_heard(top: Any, task: Any) -> None:
    """A receive task that has its message is done, also when what the message says interrupts it at once."""
    if isinstance(task.task_spec, specs.ReceiveTask) and task.state == TaskState.READY:
        top.passed.append(task.task_spec)


def _forget_inner(top: Any, task_id: Any) -> None:
    inner = top.subprocesses.pop(task_id, None)
    if inner is not None:
        inner.completed = True
        for inner_id, task in inner.tasks.items():
            _note_heard(top, task)
            _forget_inner(top, inner_id)


# ---------------------------------------------------------------- delivery


def broadcast(top: Any, kind: str, name: str, data: dict[str, Any] | None = None) -> int:
    """Every place that waits for this signal hears it; how many did."""
    heard = 0
    for place, number in _hearing(places(top), kind, name):
        if place.alive:
            hear(place, number, data)
            heard += 1
    return heard


def hand_over(top: Any, name: str, data: dict[str, Any] | None = None) -> bool:
    """A message goes to one place only; False if none waits for it."""
    for place, number in _hearing(places(top), "message", name):
        hear(place, number, data)
        return True
    return False


def _hearing(found: Any, kind: str, name: str | None) -> list[tuple[Place, int]]:
    return [
        (place, number)
        for place in found
        for number, trigger in enumerate(place.spec.triggers)
        if trigger.kind == kind
        and trigger.name == name
        and number not in place.memory.get("seen", [])
    ]


def climb(
    task: Any, trigger: Trigger, *, own_boundary: bool = False, data: dict[str, Any] | None = None
) -> bool:
    """Error, escalation or cancel: from where it was thrown outwards to the innermost catcher.

    ``own_boundary``: the host ended this task with an error, so its own boundary events come first.
    """
    top = task.workflow.top_workflow
    activity, scope = (task if own_boundary else None), task.workflow
    while True:
        if activity is not None and _caught(_boundaries(activity), trigger, data):
            return True
        # What an event subprocess throws leaves its scope; its neighbours there do not catch it.
        inside_handler = (
            activity is not None
            and isinstance(activity.task_spec, specs.SubProcess)
            and activity.task_spec.triggers
        )
        if not inside_handler and _caught(listeners(scope), trigger, data):
            return True
        if scope is top:
            return False
        activity = top.get_task_from_id(scope.parent_task_id)
        scope = activity.workflow


def _boundaries(activity: Any) -> list[Place]:
    if isinstance(activity.parent.task_spec, Repeats):
        activity = activity.parent
    if not isinstance(activity.parent.task_spec, BoundaryEventSplit):
        return []
    return [
        Place(t.workflow, t.task_spec, t, t.internal_data)
        for t in activity.parent.children
        if isinstance(t.task_spec, specs.BoundaryEvent) and t.state == TaskState.WAITING
    ]


def _caught(found: list[Place], trigger: Trigger, data: dict[str, Any] | None) -> bool:
    """The exact code first, then a catcher without a code."""
    for name in (trigger.name, None):
        for place, number in _hearing(found, trigger.kind, name):
            hear(place, number, data)
            return True
    return False
