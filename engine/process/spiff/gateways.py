"""Gateways: a condition holds only if it is ``true``, and joins count tokens instead of guessing from history."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, _EndJoin
from SpiffWorkflow.util.task import TaskState

from engine.process.spiff.trouble import Trouble

_ARRIVED = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class ExclusiveGateway(defaults.ExclusiveGateway):
    #: Name of the task behind a flow -> the flow's id.
    ways: Mapping[str, str] = {}

    def _run_hook(self, task: Any) -> bool:
        engine = task.workflow.script_engine
        engine.fresh()
        for condition, name in self.cond_task_specs:
            if condition is not None and engine.holds(task, condition.args[0], self.ways.get(name)):
                return _go(task, [name])
        if self.default_task_spec is None:
            raise Trouble(task, "没有一个出口的条件成立，也没有默认出口。")
        return _go(task, [self.default_task_spec])


def _go(task: Any, names: list[str]) -> bool:
    top = task.workflow.top_workflow
    top.choose(task, ways=(task.task_spec.ways.get(name, name) for name in names))
    task._sync_children([task.workflow.spec.task_specs[name] for name in names], TaskState.FUTURE)
    for child in task.children:
        child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
    return True


class Joins:
    """Counts the tokens that have arrived and are not used up; excess ones stay for the next round.

    SpiffWorkflow looks at finished tasks of the whole tree instead, which is wrong in loops, counts a
    started subprocess on its way to an inclusive join as nothing, and forbids pruning.
    """

    def may_go_on(self, task: Any, arrived: set[str]) -> bool:
        """Whether the tokens that have come by these ways are all that can come."""
        raise NotImplementedError

    def _update_hook(self, task: Any) -> bool:
        if task.state != TaskState.WAITING:
            task._set_state(TaskState.WAITING)
        arrived: dict[str, Any] = {}
        for other in task.workflow.tasks.values():
            if other.task_spec is self and other.state == TaskState.WAITING:
                arrived.setdefault(other.parent.task_spec.name, other)
        if not self.may_go_on(task, set(arrived)):
            return False
        chosen = task if task in arrived.values() else next(iter(arrived.values()))
        for other in arrived.values():
            if other is not chosen:
                other._set_state(TaskState.CANCELLED)
                other._drop_children()
        if chosen is not task:
            chosen._ready()
        return chosen is task


class ParallelGateway(Joins, defaults.ParallelGateway):
    def may_go_on(self, task: Any, arrived: set[str]) -> bool:
        return arrived == set(self._inputs)

    def _run_hook(self, task: Any) -> bool:
        return True


class InclusiveGateway(Joins, defaults.InclusiveGateway):
    ways: Mapping[str, str] = {}

    def may_go_on(self, task: Any, arrived: set[str]) -> bool:
        """No token elsewhere can still reach an empty way in without also reaching a filled one."""
        empty = set(self._inputs) - arrived
        if not empty:
            return True
        specs = task.workflow.spec.task_specs
        for token in task.workflow.tasks.values():
            if token.task_spec is self or isinstance(token.task_spec, _EndJoin | BoundaryEventJoin):
                continue
            #: A child about to be told that its parent has finished is a token, too.
            on_its_way = (
                token.state == TaskState.FUTURE
                and token.parent is not None
                and token.parent.state == TaskState.COMPLETED
            )
            if token.has_state(_ARRIVED) or on_its_way:
                ways_in = reachable_from(specs, token.task_spec.name, self.name) & set(self._inputs)
                if ways_in & empty and not ways_in & arrived:
                    return False
        return True

    def _run_hook(self, task: Any) -> bool:
        engine = task.workflow.script_engine
        engine.fresh()
        names = [
            name
            for condition, name in self.cond_task_specs
            if condition is not None and engine.holds(task, condition.args[0], self.ways.get(name))
        ]
        names = names or [name for condition, name in self.cond_task_specs if condition is None]
        if not names:
            raise Trouble(task, "没有一个出口的条件成立，也没有默认出口。")
        return _go(task, names)


def reachable_from(specs: Mapping[str, Any], start: str, stop: str) -> set[str]:
    """Names of the specs a token at ``start`` may come to, ``start`` itself included, without passing ``stop``."""
    seen, stack = {start}, [start]
    while stack:
        for name in specs[stack.pop()]._outputs:
            if name not in seen and name != stop:
                seen.add(name)
                stack.append(name)
    return seen
