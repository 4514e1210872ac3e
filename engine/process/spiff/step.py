"""The step loop: one automatic step at a time, and before the next one everything that it set off.

In each round, the first of these that has something to do: arm what has begun to wait; look at
conditions if data have changed; fire the timer that is due longest; count a finished instance into
its multi-instance activity; run the oldest ready task that needs no person.
"""

from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.process.spiff import events, state
from engine.process.spiff.diagram import Trigger
from engine.process.spiff.repeats import Repeats
from engine.process.spiff.trouble import Trouble, is_lost

#: Automatic steps without a wait; a diagram that needs more turns in a circle.
CAP = 1000
#: SpiffWorkflow walks the tree recursively in places, and its iterator stops silently at depth 1000.
_TIDY_EVERY = 100
_MANY = 400


class Uncaught(Trouble):
    """没有人捕获的错误"""

    def __init__(self, where: Any, code: str) -> None:
        super().__init__(where, f"错误「{code}」没有人捕获，流程停在这里。")
        self.code = code


def advance(top: Any, now: datetime, sent: list[tuple[Any, Trigger]]) -> None:
    """Runs until only people, services, timers and events can move the instance; raises ``Trouble``."""
    if len(top.tasks) > _MANY:
        state.prune(top)
    for count in range(CAP):
        if top.completed or not _round(top, now, sent):
            return
        if count % _TIDY_EVERY == _TIDY_EVERY - 1:
            state.prune(top)
    raise Trouble(
        _ready(top) or top.task_tree, f"自动步骤超过 {CAP} 步仍未停下，流程图中可能有死循环。"
    )


def _round(top: Any, now: datetime, sent: list[tuple[Any, Trigger]]) -> bool:
    found = list(events.places(top))
    for place in found:
        if not place.memory.get("armed"):
            events.arm(place, now)
            top.store.changed |= any(t.kind == "condition" for t in place.spec.triggers)
    if top.store.changed and _recheck_conditions(top, found):
        return True
    due = min(_due(found, now), default=None, key=lambda d: d[0])
    if due is not None:
        events.hear(due[1], due[2])
        return True
    for scope in events.scopes(top):
        for task in list(scope.tasks.values()):
            if isinstance(task.task_spec, Repeats):
                for child in task.task_spec.unsettled(task):
                    _settle(task, child)
                    return True
    task = _ready(top)
    if task is None:
        return False
    run(task)
    deliver(top, sent)
    return True


def _recheck_conditions(top: Any, found: list[events.Place]) -> bool:
    """A condition fires when it has become true, not for as long as it is."""
    fired = False
    conditional = [p for p in found if any(t.kind == "condition" for t in p.spec.triggers)]
    if not conditional:
        top.store.changed = False
        return False
    true_now = {}
    for place in conditional:
        at = place.task or place.scope.task_tree
        for number, trigger in enumerate(place.spec.triggers):
            if trigger.kind == "condition":
                true_now[place, number] = (
                    place.scope.script_engine.evaluate(at, trigger.text) is True
                )
    # All are judged on the same data before any of them fires; a fault above leaves them to be judged again.
    top.store.changed = False
    for (place, number), value in true_now.items():
        truth = place.memory.setdefault("truth", {})
        was_true, truth[str(number)] = truth.get(str(number), False), value
        if value and not was_true and place.alive:
            events.hear(place, number)
            fired = True
    return fired


def _due(found: list[events.Place], now: datetime) -> list[tuple[datetime, events.Place, int]]:
    times = (
        (datetime.fromisoformat(at), place, int(number))
        for place in found
        for number, (at, _, _) in place.memory.get("due", {}).items()
    )
    return [entry for entry in times if entry[0] <= now]


def _settle(task: Any, child: Any) -> None:
    task.task_spec.settle(task, child)
    if task.state == TaskState.READY:
        for other in task.children:
            if other.triggered and other.has_state(TaskState.NOT_FINISHED_MASK):
                events.cancel(other)


def _ready(top: Any) -> Any | None:
    for scope in events.scopes(top):
        for task in scope.tasks.values():
            if task.state == TaskState.READY and not task.task_spec.manual:
                return task
    return None


def run(task: Any) -> None:
    task.workflow.top_workflow.passed.append(task.task_spec)
    try:
        task.run()
    except Exception as error:
        # SpiffWorkflow marks the task ERROR, which its joins take for finished; it must stand where it is.
        task._set_state(TaskState.READY)
        if isinstance(error, Trouble) or is_lost(error):
            raise
        raise Trouble(task, f"{type(error).__name__}: {error}") from error


def deliver(top: Any, sent: list[tuple[Any, Trigger]]) -> None:
    """What the last step threw, before anything else runs; what an interrupted task threw is void."""
    thrown, top.thrown = top.thrown, []
    for task, trigger in thrown:
        if not _stands(task):
            continue
        if trigger.kind in ("signal", "message"):
            sent.append((task, trigger))
            if trigger.kind == "signal":
                events.broadcast(top, "signal", trigger.name)
        elif trigger.kind == "terminate":
            _terminate(task.workflow)
        elif not events.climb(task, trigger) and trigger.kind == "error":
            raise Uncaught(task, trigger.name or "")
    for task in dict.fromkeys(task for task, _ in thrown):
        if _stands(task):
            task.complete()


def _stands(task: Any) -> bool:
    """Whether the task that threw is still there to go on."""
    scope = task.workflow
    return task.state == TaskState.STARTED and task.id in scope.tasks and events.in_use(scope)


def _terminate(scope: Any) -> None:
    for other in list(scope.tasks.values()):
        if other.id in scope.tasks and other.has_state(TaskState.NOT_FINISHED_MASK):
            events.cancel(other)
    scope.finish()
