"""SpiffWorkflow's task specs for events and activities, with the parts replaced that are measured to be wrong.

What stays: the graph of specs, the task tree and its prediction, subprocesses and calls, the split
and join around boundary events, the join before the end. What is replaced here: waiting and throwing
(events never deliver themselves, ``events`` does), service tasks (they park), subprocesses
(no copies of data). Loops are in ``repeats``, gateways in ``gateways``.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from engine import dmn
from engine.process.spiff import feel
from engine.process.spiff.diagram import Trigger
from engine.process.spiff.trouble import Trouble

#: Scopes inside scopes; each costs a walk outwards.
DEEPEST = 20

# ---------------------------------------------------------------- events


class Waits:
    """Waits until ``events`` fires it; without a trigger it is a plain event and goes on at once."""

    triggers: tuple[Trigger, ...] = ()
    #: All triggers must have come (parallelMultiple).
    needs_all = False

    def _update_hook(self, task: Any) -> bool:
        if not self.triggers:
            return True
        if task.state != TaskState.WAITING:
            task._set_state(TaskState.WAITING)
        return False

    def _run_hook(self, task: Any) -> bool:
        return True

    def _predict_hook(self, task: Any) -> None:
        TaskSpec._predict_hook(self, task)  # CatchingEvent predicts nothing behind a cycle timer

    def _on_ready_hook(self, task: Any) -> None:
        """SpiffWorkflow's event manager is not used."""

    def _on_cancel(self, task: Any) -> None:
        """Nor told."""


class CatchEvent(Waits, defaults.IntermediateCatchEvent):
    pass


class BoundaryEvent(Waits, defaults.BoundaryEvent):
    pass


class ReceiveTask(Waits, defaults.ReceiveTask):
    pass


class StartEvent(Waits, defaults.StartEvent):
    """Never waits: the host starts an instance at one start event, the fence an event subprocess."""

    def _update_hook(self, task: Any) -> bool:
        chosen = task.workflow.task_tree.internal_data.get("start")
        if chosen is not None and chosen != self.name:
            task.cancel()
            return False
        return True


class Throws:
    """Hands what it throws to the step loop, which delivers it before anything else runs.

    Until then the task stands where it is: what lies behind it does not wait yet and hears nothing of it,
    and the end it may lead to is not reached before those have started who heard it.
    """

    triggers: tuple[Trigger, ...] = ()

    def _run_hook(self, task: Any) -> bool | None:
        task.workflow.top_workflow.thrown.extend((task, trigger) for trigger in self.triggers)
        return None if self.triggers else True


class ThrowEvent(Throws, defaults.IntermediateThrowEvent):
    pass


class SendTask(Throws, defaults.SendTask):
    pass


class EndEvent(Throws, defaults.EndEvent):
    pass


class EventGateway(BpmnSpecMixin):
    """Its branches wait side by side; ``events`` cancels the others when one fires."""


# ---------------------------------------------------------------- activities


class ServiceTask(BpmnSpecMixin):
    """Parks: evaluates its parameters, stays STARTED, and is completed by the host."""

    operation: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    #: A FEEL context that stands for the result in a dry run.
    simulation: str | None = None

    def evaluate_parameters(self, task: Any) -> None:
        engine = task.workflow.script_engine
        task.internal_data["params"] = {
            name: engine.evaluate(task, text) for name, text in self.parameters
        }

    def _run_hook(self, task: Any) -> bool | None:
        self.evaluate_parameters(task)
        return None


class DecisionTask(ServiceTask):
    """Decides at once by a table of its folder; parsed without the folder's tables, it parks."""

    decision: str = ""
    #: The variable that takes the result; None: the result is names and values, each written.
    result: str | None = None
    model: dmn.Model | None = None

    def _run_hook(self, task: Any) -> bool | None:
        if self.model is None:
            return super()._run_hook(task)
        engine = task.workflow.script_engine
        engine.fresh()
        decided = engine.decide(task, self.model, self.decision)
        if decided.result is None:
            # A gateway behind it would take its default way, and nobody would know.
            raise Trouble(task, f"决策「{self.decision}」没有一行适用，结果是空值。")
        found = {self.result: decided.result} if self.result else decided.result
        if not isinstance(found, Mapping):
            raise Trouble(
                task,
                f"决策「{self.decision}」的结果是 {found!r}，不是一组名称和值，请写明结果变量。",
            )
        top = task.workflow.top_workflow
        top.choose(task, rows=decided.rows)
        top.store.write(task, {name: feel.stored(value) for name, value in found.items()})
        return True


class _Inner:
    """A subprocess or call: the data lives in the one store, so nothing is copied in or out."""

    #: Name of what runs inside; set by the parser.
    spec: str

    def _update_hook(self, task: Any) -> bool:
        return True

    def _run_hook(self, task: Any) -> bool | None:
        if task.internal_data.get("begun"):
            return True
        if task.workflow.depth >= DEEPEST:
            raise Trouble(task, f"子流程和调用嵌套超过 {DEEPEST} 层，流程可能在无休止地调用自己。")
        task.internal_data["begun"] = True
        inner = task.workflow.top_workflow.create_subprocess(task, self.spec)
        inner.task_tree.run()
        return None

    def _on_cancel(self, task: Any) -> None:
        """``events.cancel`` ends what runs inside."""


class SubProcess(_Inner, defaults.SubWorkflowTask):
    #: Set for an event subprocess: what starts it.
    triggers: tuple[Trigger, ...] = ()
    interrupting = False
    needs_all = False


class Transaction(_Inner, defaults.TransactionSubprocess):
    pass


class CallActivity(_Inner, defaults.CallActivity):
    pass
