"""Loops and multi-instance: items from the store, results into it, one local scope for each round or item."""

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.process.spiff.store import LOCAL
from engine.process.spiff.trouble import Trouble


class Repeats:
    """Loop and multi-instance: one child after the other, or all at once, each with a local scope.

    ``settle`` counts a finished child in; the step loop calls it, so that a condition that cannot be
    evaluated is an incident of this task and may be tried again.
    """

    sequential = True
    #: Name of the spec that is repeated; set by the parser.
    task_spec: str

    def first_locals(self, task: Any) -> list[Any]:
        """The items, one for each instance; a loop has none."""
        raise NotImplementedError

    def local_values(self, task: Any, number: int) -> dict[str, Any]:
        """What instance ``number`` calls its own."""
        raise NotImplementedError

    def nothing_to_do(self, task: Any) -> bool:
        raise NotImplementedError

    def finished_by(self, task: Any, child: Any) -> bool:
        """Whether this finished child is the last."""
        raise NotImplementedError

    def collect(self, task: Any, child: Any) -> None:
        """Takes the result of a finished child in."""
        raise NotImplementedError

    def _update_hook(self, task: Any) -> bool:
        return True

    def _run_hook(self, task: Any) -> bool | None:
        memory = task.internal_data
        if memory.get("over"):
            return True
        if "begun" not in memory:
            locals_ = self.first_locals(task)
            memory.update(begun=0, settled=0, items=locals_)
            if self.nothing_to_do(task):
                return True
        # None leaves the task STARTED until its children are settled.
        for _ in range(1 if self.sequential else len(memory["items"])):
            self.begin_child(task)
        return None

    def begin_child(self, task: Any) -> None:
        memory = task.internal_data
        number = memory["begun"]
        child = task._add_child(task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.internal_data[LOCAL] = {"loopCounter": number + 1} | self.local_values(task, number)
        memory["begun"] = number + 1
        child.task_spec._update(child)

    def unsettled(self, task: Any) -> list[Any]:
        if task.state != TaskState.STARTED:
            return []
        return [
            c
            for c in task.children
            if c.triggered and c.state == TaskState.COMPLETED and not c.internal_data.get("settled")
        ]

    def settle(self, task: Any, child: Any) -> None:
        finished = self.finished_by(task, child)
        child.internal_data["settled"] = True
        memory = task.internal_data
        memory["settled"] += 1
        self.collect(task, child)
        if finished:
            memory["over"] = True
            task._set_state(TaskState.READY)
        elif self.sequential:
            self.begin_child(task)


class StandardLoopTask(Repeats, defaults.StandardLoopTask):
    def first_locals(self, task: Any) -> list[Any]:
        return []

    def local_values(self, task: Any, number: int) -> dict[str, Any]:
        return {}

    def nothing_to_do(self, task: Any) -> bool:
        return (
            self.test_before
            and self.condition is not None
            and not task.workflow.script_engine.holds(task, self.condition)
        )

    def finished_by(self, task: Any, child: Any) -> bool:
        if self.maximum is not None and task.internal_data["settled"] + 1 >= self.maximum:
            return True
        return self.condition is not None and not task.workflow.script_engine.holds(
            child, self.condition
        )

    def collect(self, task: Any, child: Any) -> None:
        """A loop collects nothing."""


class _Instances(Repeats):
    #: Set by the parser; the first three name data, the others are texts.
    data_input: Any
    data_output: Any
    input_item: Any
    output_item: Any
    cardinality: str
    condition: str | None

    def first_locals(self, task: Any) -> list[Any]:
        engine = task.workflow.script_engine
        if self.data_input is not None:
            items = engine.evaluate(task, self.data_input.bpmn_id)
            if not isinstance(items, list):
                raise Trouble(task, f"「{self.data_input.bpmn_id}」不是列表，无法逐项办理。")
            return items
        number = engine.evaluate(task, self.cardinality)
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise Trouble(
                task, f"多实例次数「{self.cardinality}」的值是 {number!r}，必须是不小于零的整数。"
            )
        return list(range(number))

    def local_values(self, task: Any, number: int) -> dict[str, Any]:
        values = (
            {_name(self.input_item): task.internal_data["items"][number]}
            if self.input_item is not None
            else {}
        )
        if self.output_item is not None:
            values[_name(self.output_item)] = None
        return values

    def nothing_to_do(self, task: Any) -> bool:
        if self.data_output is not None:
            task.workflow.top_workflow.store.write(task, {self.data_output.bpmn_id: []})
        return not task.internal_data["items"]

    def finished_by(self, task: Any, child: Any) -> bool:
        memory = task.internal_data
        if memory["settled"] + 1 == len(memory["items"]):
            return True
        return self.condition is not None and task.workflow.script_engine.holds(
            child, self.condition
        )

    def collect(self, task: Any, child: Any) -> None:
        if self.data_output is not None and self.output_item is not None:
            store = task.workflow.top_workflow.store
            results = list(store.seen_from(task).get(self.data_output.bpmn_id) or [])
            results.append(child.internal_data[LOCAL][_name(self.output_item)])
            store.write(task, {self.data_output.bpmn_id: results})


def _name(item: Any) -> str:
    return str(item.bpmn_name or item.bpmn_id)


class SequentialMultiInstanceTask(_Instances, defaults.SequentialMultiInstanceTask):
    pass


class ParallelMultiInstanceTask(_Instances, defaults.ParallelMultiInstanceTask):
    sequential = False
