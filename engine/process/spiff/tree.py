"""SpiffWorkflow's two workflow classes, without its event manager and without its walks over the whole tree."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.util.task import TaskState

from engine import dmn
from engine.process.spiff import feel
from engine.process.spiff.store import Store
from engine.process.spiff.trouble import Trouble, is_lost


class Engine:
    """Every expression of a diagram is evaluated here, against the one store and the host's facts."""

    def __init__(self, store: Store, facts: feel.Facts) -> None:
        self._store = store
        self._facts = facts
        #: Name -> value of everything read since the last ``fresh``.
        self.read: dict[str, Any] = {}

    def fresh(self) -> None:
        """A new decision begins; what was read for the last one is not its reason."""
        self.read = {}

    def evaluate(self, task: Any, text: str, external_context: Any = None) -> Any:
        return self._look(task, text)[0]

    def holds(self, task: Any, text: str, flow: str | None = None) -> bool:
        """A condition that is neither true nor false is a mistake, not a no; ``flow``: whose it is."""
        value, odd = self._look(task, text)
        if not isinstance(value, bool):
            whose = f"流程线「{flow}」的条件" if flow else "条件"
            why = f"（{'；'.join(odd)}）" if odd else ""
            raise Trouble(
                task, f"{whose}「{text}」的值是 {_shown(value)}{why}，必须是 true 或 false。"
            )
        return value

    def decide(self, task: Any, model: dmn.Model, decision: str) -> dmn.Decided:
        """What a decision of the folder comes to, on what this task sees."""
        seen = feel.Seen(None, self._store.seen_from(task), self._facts, self.read)
        try:
            return model.explain(decision, seen)
        except Exception as error:  # whatever a table says about these values is an incident
            if is_lost(error):
                raise
            raise Trouble(task, f"决策「{decision}」没有结果：{error}") from error

    def _look(self, task: Any, text: str) -> tuple[Any, tuple[str, ...]]:
        try:
            return feel.evaluate(text, self._store.seen_from(task), self._facts, self.read)
        except Exception as error:  # whatever FEEL says about this text is an incident of this task
            if is_lost(error):
                raise
            raise Trouble(task, f"表达式「{text}」无法求值：{error}") from error


def _shown(value: Any) -> str:
    return "null" if value is None else repr(value)


class Choice(NamedTuple):
    """A gateway's flows or the rows of a decision task's table, with all that was read for them."""

    spec: Any
    ways: tuple[str, ...]
    rows: tuple[int, ...]
    read: Mapping[str, Any]


class _Scope:
    tasks: dict[Any, Any]
    completed: bool

    def _task_completed_notify(self, task: Any) -> None:
        if task.task_spec.name == "End":
            self.finish()
        elif not self.completed:
            self.update_waiting_tasks()

    def update_waiting_tasks(self) -> None:
        """Only joins can change by what happens elsewhere in their scope; events are ours."""
        for task in list(self.tasks.values()):
            if task.state == TaskState.WAITING and isinstance(task.task_spec, Join):
                task.task_spec._update(task)

    def finish(self) -> None:
        self.completed = True


class SubWorkflow(_Scope, BpmnSubWorkflow):
    def finish(self) -> None:
        super().finish()
        self.top_workflow.subprocesses.pop(self.parent_task_id, None)
        activity = self.top_workflow.get_task_from_id(self.parent_task_id)
        if activity.state == TaskState.STARTED:
            activity._set_state(TaskState.READY)


class Workflow(_Scope, BpmnWorkflow):
    def __init__(
        self,
        spec: Any,
        inner: dict[str, Any],
        store: Store,
        facts: feel.Facts,
        *,
        deserializing: bool = False,
    ) -> None:
        self.store = store
        #: What gateways and decision tasks have chosen, and what has run, since the host was told.
        self.choices: list[Choice] = []
        self.passed: list[Any] = []
        #: What the step just run has thrown: (task, trigger).
        self.thrown: list[tuple[Any, Any]] = []
        super().__init__(
            spec, inner, script_engine=Engine(store, facts), deserializing=deserializing
        )

    def choose(self, task: Any, ways: Iterable[str] = (), rows: Iterable[int] = ()) -> None:
        # What is read later was not what it was chosen by.
        read = dict(task.workflow.script_engine.read)
        self.choices.append(Choice(task.task_spec, tuple(ways), tuple(rows), read))

    def create_subprocess(
        self, my_task: Any, spec_name: str, *, deserializing: bool = False
    ) -> SubWorkflow:
        inner = SubWorkflow(
            self.subprocess_specs[spec_name], my_task.id, self, deserializing=deserializing
        )
        self.subprocesses[my_task.id] = inner
        return inner
