"""An instance carried over to another version of its diagram, so that it stands there as if it had walked there.

Only where it stands is taken along: open tasks and events with what they remember, tokens at joins
with the way they came by, scopes that are open. What is finished is history and stays behind; what
may come is predicted anew from the other version. Whatever the other version could have done
otherwise until here is a ``Fault``, and then nothing is carried.
"""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.process.spiff import events, gateways, state
from engine.process.spiff.counterparts import Fault, called, element_of
from engine.process.spiff.definition import Definition
from engine.process.spiff.feel import Facts
from engine.process.spiff.instance import Incident, Instance
from engine.process.spiff.transcript import OPEN, Asked, Carried, Transcript


def carry(
    instance: Instance,
    process: str,
    target: Definition,
    asked: Asked,
    *,
    facts: Facts = MappingProxyType({}),
) -> Carried:
    """What the instance would be in ``target``; ``instance`` itself stays as it is."""
    carried = Carried()
    incident = _incident(instance, target, asked, carried)
    scopes = _scopes(instance, process, target, asked, carried)
    if carried.faults:
        return carried
    content = {
        "format": state.FORMAT,
        "process": process,
        "data": instance.data,
        "incident": incident and vars(incident),
        "scopes": scopes,
    }
    moved = Instance.load(target, state.packed(content), facts=facts)
    for scope in events.scopes(moved._top):
        for task in list(scope.tasks.values()):
            if task.has_state(OPEN):
                task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
        carried.faults += [
            Fault(element_of(t.task_spec), f"新版本中{called(t.task_spec)}已不必再等，应已经通过。")
            for t in scope.tasks.values()
            if _would_go_on(t)
        ]
    carried.instance = None if carried.faults else moved
    return carried


def _would_go_on(task: Any) -> bool:
    spec = task.task_spec
    if task.state != TaskState.WAITING or not isinstance(spec, gateways.Joins):
        return False
    arrived = {
        other.parent.task_spec.name
        for other in task.workflow.tasks.values()
        if other.task_spec is spec and other.state == TaskState.WAITING
    }
    return spec.may_go_on(task, arrived)


def _incident(
    instance: Instance, target: Definition, asked: Asked, carried: Carried
) -> Incident | None:
    incident = instance.incident
    if incident is None:
        return None
    if not incident.can_retry:
        carried.faults.append(
            Fault(incident.element, "流程因无人捕获的错误停在这里，不能重试，也不能换版。")
        )
    element = asked.chosen.get(incident.element, incident.element)
    every = [*target.processes.values(), *target.inner.values()]
    if not any(
        s.bpmn_id and element_of(s) == element for w in every for s in w.task_specs.values()
    ):
        carried.faults.append(Fault(incident.element, "新版本中没有发生异常的环节，请另选对应的环节。"))  # fmt: skip
    return replace(incident, element=element)


def _scopes(
    instance: Instance, process: str, target: Definition, asked: Asked, carried: Carried
) -> list[dict[str, Any]]:
    """The open scopes as ``state`` keeps them, outermost first, the others in the order they were begun."""
    top = instance._top
    specs_of: dict[Any, Any] = {None: target.processes.get(process)}
    if specs_of[None] is None:
        carried.faults.append(Fault("", "新版本的流程编号不同，不是同一个流程。"))
        return []
    done: dict[Any, dict[str, Any]] = {}
    for scope in events.scopes(top):
        inside = scope.parent_task_id
        if inside not in specs_of:
            continue  # its activity has no counterpart, which has been said
        script = Transcript(scope, specs_of[inside], asked, carried)
        done[inside] = {
            "in": inside.hex if inside else None,
            "completed": scope.completed,
            "tasks": script.written(),
        }
        specs_of |= {t: target.inner[s.spec] for t, s in script.activities.items()}
    return [done[key] for key in (None, *top.subprocesses) if key in done]
