"""Saving, loading and pruning an instance. Only the task tree and the store are kept, never the specs."""

import zlib
from typing import Any
from uuid import UUID

import orjson
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.process.spiff.feel import Facts
from engine.process.spiff.repeats import Repeats
from engine.process.spiff.rewrite import original_id
from engine.process.spiff.store import Store
from engine.process.spiff.tree import Workflow

FORMAT = 1
_UNFINISHED = TaskState.NOT_FINISHED_MASK


def dump(top: Workflow, extra: dict[str, Any]) -> bytes:
    """Tasks in the order they were made, which is the order they run in; children follow their parents."""
    scopes = [_scope(top), *(_scope(inner) for inner in top.subprocesses.values())]
    content = {
        "format": FORMAT,
        "process": original_id(top.spec.name),
        "data": top.store.values,
        "scopes": scopes,
        **extra,
    }
    return packed(content)


def packed(content: dict[str, Any]) -> bytes:
    """``content`` has the keys that ``dump`` writes and ``load`` reads."""
    return zlib.compress(orjson.dumps(content), 1)


def _scope(workflow: Any) -> dict[str, Any]:
    number = {task_id: n for n, task_id in enumerate(workflow.tasks)}
    return {
        "in": workflow.parent_task_id.hex if workflow.parent_task_id else None,
        "completed": workflow.completed,
        "tasks": [
            [
                t.id.hex,
                number.get(t._parent),
                t.task_spec.name,
                t.state,
                t.triggered,
                t.internal_data or 0,
            ]
            for t in workflow.tasks.values()
        ],
    }


def load(
    blob: bytes, processes: dict[str, Any], inner: dict[str, Any], facts: Facts
) -> tuple[Workflow, dict[str, Any]]:
    content = orjson.loads(zlib.decompress(blob))
    if content["format"] != FORMAT:
        raise ValueError(f"state format {content['format']}")
    spec, store = processes[content["process"]], Store(content["data"])
    top = Workflow(spec, inner, store, facts, deserializing=True)
    _fill(top, content["scopes"][0])
    waiting = content["scopes"][1:]
    while waiting:
        # A scope can be rebuilt once the one that contains its activity is there.
        scope = next(s for s in waiting if _find(top, s["in"]) is not None)
        waiting.remove(scope)
        activity = _find(top, scope["in"])
        _fill(top.create_subprocess(activity, activity.task_spec.spec, deserializing=True), scope)
    order = [UUID(s["in"]) for s in content["scopes"][1:]]
    top.subprocesses = {task_id: top.subprocesses[task_id] for task_id in order}
    return top, content


def _find(top: Workflow, task_id: str) -> Any:
    wanted = UUID(task_id)
    return next(
        (w.tasks[wanted] for w in (top, *top.subprocesses.values()) if wanted in w.tasks), None
    )


def _fill(workflow: Any, scope: dict[str, Any]) -> None:
    made: list[Any] = []
    for task_id, parent, spec, state, triggered, memory in scope["tasks"]:
        task = Task(
            workflow,
            workflow.spec.task_specs[spec],
            made[parent] if made else None,
            state,
            UUID(task_id),
        )
        task.triggered = triggered
        task.internal_data = memory or {}
        made.append(task)
    workflow.task_tree = made[0]
    workflow.completed = scope["completed"]


# ---------------------------------------------------------------- pruning


def prune(top: Any) -> None:
    """Drops what is finished and no later step can ask about, so that a step costs what is open, not what was.

    More than ``prototypes/pruning`` may: our joins count waiting tokens and never look at finished tasks.
    """
    for workflow in (top, *top.subprocesses.values()):
        if not workflow.completed:
            _drop_dead(workflow)
            _splice(workflow)


def _drop_dead(workflow: Any) -> None:
    """Branches in which nothing is open."""
    alive: set[Any] = {workflow.task_tree.id}
    for task in workflow.tasks.values():
        if task.has_state(_UNFINISHED) or is_unsettled(task):
            current = task
            while current is not None and current.id not in alive:
                alive.add(current.id)
                current = current.parent
    if len(alive) == len(workflow.tasks):
        return
    for task in list(workflow.tasks.values()):
        if task.id in alive and not all(child in alive for child in task._children):
            task._children = [child for child in task._children if child in alive]
    for task_id in [i for i in workflow.tasks if i not in alive]:
        del workflow.tasks[task_id]


def is_unsettled(task: Any) -> bool:
    """A finished instance its multi-instance activity has not counted yet."""
    parent = task.parent
    return (
        parent is not None
        and isinstance(parent.task_spec, Repeats)
        and task in parent.task_spec.unsettled(parent)
    )


def _splice(workflow: Any) -> None:
    """A finished task with one finished child is only history: the child takes its place.

    Kept: the direct children of a boundary split with something open (the join tells them apart),
    and the parent of an open task (a join asks by which way a token came).
    """
    root = workflow.task_tree
    for task in list(workflow.tasks.values()):
        parent = task.parent
        if (
            task is root
            or parent is None
            or len(task._children) != 1
            or task.has_state(_UNFINISHED)
        ):
            continue
        child = task.children[0]
        if child.has_state(_UNFINISHED) or _active_split(parent) or _active_split(task):
            continue
        position = parent._children.index(task.id)
        parent._children[position] = child.id
        child._parent = parent.id
        del workflow.tasks[task.id]


def _active_split(task: Any) -> bool:
    return isinstance(task.task_spec, BoundaryEventSplit) and any(
        c.has_state(_UNFINISHED) for c in task.children
    )
