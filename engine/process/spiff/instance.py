"""One running process: what a host calls, and what it is told."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.process.spiff import events, state, step
from engine.process.spiff.definition import Definition
from engine.process.spiff.diagram import Trigger
from engine.process.spiff.feel import Facts
from engine.process.spiff.rewrite import original_id
from engine.process.spiff.specs import ServiceTask
from engine.process.spiff.store import LOCAL, Store
from engine.process.spiff.tree import Workflow
from engine.process.spiff.trouble import Trouble


class NotOpen(Exception):
    """这项任务已经不在办理中"""


class StandsStill(Exception):
    """流程因故障停在原处，消息和信号须待排除故障后再送"""


@dataclass(frozen=True)
class UserTask:
    id: UUID
    element: str
    name: str
    lane: str | None
    #: The item of a multi-instance task, the round of a loop.
    local: Mapping[str, Any]


@dataclass(frozen=True)
class Parked:
    """A service task that waits for the host."""

    id: UUID
    element: str
    operation: str
    params: Mapping[str, Any]
    #: FEEL, for a dry run: what stands for the result.
    simulation: str | None = None


@dataclass(frozen=True)
class Signal:
    """To be offered to every other instance, and to start events, in the same transaction."""

    name: str
    element: str


@dataclass(frozen=True)
class Message:
    """To be delivered once, to an instance or a start event the host chooses."""

    name: str
    element: str


@dataclass(frozen=True)
class Incident:
    element: str
    sentence: str
    #: An error nobody caught cannot be tried again: the diagram has no way on from here.
    can_retry: bool
    #: Code of the error that nobody caught.
    uncaught: str | None = None


@dataclass(frozen=True)
class Decision:
    """What a gateway or a decision table chose, and why: every name it read, with its value."""

    element: str
    flows: tuple[str, ...]
    #: Rows of the table that applied, from 1.
    rows: tuple[int, ...]
    read: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    user_tasks: tuple[UserTask, ...]
    parked: tuple[Parked, ...]
    #: When the instance wants to be advanced again at the latest.
    next_due: datetime | None
    sent: tuple[Signal | Message, ...]
    incident: Incident | None
    ended: bool
    decided: tuple[Decision, ...] = ()
    #: Elements that ran since the host was told last, in this order.
    passed: tuple[str, ...] = ()


@dataclass
class Instance:
    definition: Definition
    _top: Workflow
    incident: Incident | None = None
    _sent: list[tuple[Any, Trigger]] = field(default_factory=list)

    @classmethod
    def start(
        cls,
        definition: Definition,
        process: str,
        data: Mapping[str, Any],
        *,
        now: datetime,
        element: str | None = None,
        facts: Facts = MappingProxyType({}),
    ) -> tuple["Instance", Outcome]:
        """``element``: the start event; left out, the plain one, or else the first."""
        starts = [s for s in definition.starts if s.process == process]
        chosen = (
            next((s for s in starts if s.element == element), None)
            if element
            else min(starts, key=lambda s: bool(s.triggers))
        )
        if chosen is None:
            raise ValueError(f"{process} has no start event {element}")
        store = Store(dict(data))
        top = Workflow(definition.processes[process], definition.inner, store, facts)
        names = {
            original_id(e.name): e.name for e in definition.processes[process].bpmn_start_events
        }
        top.task_tree.internal_data["start"] = names[chosen.element]
        instance = cls(definition, top)
        return instance, instance.advance(now)

    @classmethod
    def load(
        cls, definition: Definition, blob: bytes, *, facts: Facts = MappingProxyType({})
    ) -> "Instance":
        top, content = state.load(blob, definition.processes, definition.inner, facts)
        incident = content.get("incident")
        return cls(definition, top, Incident(**incident) if incident else None)

    def save(self, *, prune: bool = True) -> bytes:
        """Between steps only; what was sent has been handed out with the outcome and is not kept."""
        if prune:
            state.prune(self._top)
        incident = self.incident
        return state.dump(self._top, {"incident": vars(incident) if incident else None})

    @property
    def data(self) -> dict[str, Any]:
        return copy.deepcopy(self._top.store.values)

    @property
    def ended(self) -> bool:
        return bool(self._top.completed)

    # ------------------------------------------------------------ what the host may do

    def advance(self, now: datetime) -> Outcome:
        """Runs everything that needs nobody, timers that are due included."""
        if self.incident is None:
            try:
                step.advance(self._top, now, self._sent)
            except Trouble as trouble:
                code = trouble.code if isinstance(trouble, step.Uncaught) else None
                self.incident = Incident(trouble.element, trouble.reason, code is None, code)
        return self._outcome()

    def complete(self, task_id: UUID, data: Mapping[str, Any], *, now: datetime) -> Outcome:
        """A person or a service has finished; exactly ``data`` is written, nothing else."""
        task = self._open(task_id)
        self._top.store.write(task, data)
        if isinstance(task.task_spec, ServiceTask):
            self._top.passed.append(task.task_spec)
            task.complete()
        else:
            step.run(task)
        return self.advance(now)

    def fail(
        self, task_id: UUID, code: str, data: Mapping[str, Any] | None = None, *, now: datetime
    ) -> Outcome:
        """Ends a task with a BPMN error; only its own boundary event, then the scopes around it, may catch it."""
        task = self._open(task_id)
        if not events.climb(
            task, Trigger("error", name=code), own_boundary=True, data=dict(data or {})
        ):
            self.incident = Incident(
                original_id(task.task_spec.bpmn_id),
                f"错误「{code}」没有人捕获，流程停在这里。",
                can_retry=True,
                uncaught=code,
            )
        return self.advance(now)

    def signal(
        self, name: str, data: Mapping[str, Any] | None = None, *, now: datetime
    ) -> tuple[int, Outcome]:
        """How many places heard it; ``StandsStill``: none could, keep it and offer it again."""
        self._must_move()
        heard = events.broadcast(self._top, "signal", name, dict(data or {}))
        return heard, self.advance(now)

    def message(
        self, name: str, data: Mapping[str, Any] | None = None, *, now: datetime
    ) -> tuple[bool, Outcome]:
        """Whether a place waited for it; if not, or if it stands still, the host keeps the message."""
        self._must_move()
        taken = events.hand_over(self._top, name, dict(data or {}))
        return taken, self.advance(now)

    def write(self, data: Mapping[str, Any], *, now: datetime) -> Outcome:
        """Facts from outside; conditions are looked at again."""
        self._top.store.write(None, data)
        return self.advance(now)

    def put(self, data: Mapping[str, Any]) -> Outcome:
        """As ``write``, but nothing moves; for an instance that is suspended."""
        self._top.store.write(None, data)
        return self._outcome()

    def seen(self, task_id: UUID) -> Mapping[str, Any]:
        """The stored values an open task sees, its own item first."""
        return copy.deepcopy(dict(self._top.store.seen_from(self._open(task_id))))

    def evaluate(self, task_id: UUID, text: str) -> Any:
        """The stored value of an expression as the open task sees it; ``Trouble`` if there is none."""
        task = self._open(task_id)
        return task.workflow.script_engine.evaluate(task, text)

    def renew(self, task_id: UUID) -> None:
        """Evaluates the parameters of a parked task on the data of now; ``Trouble`` if one has no value."""
        task = self._waiting(task_id)
        task.task_spec.evaluate_parameters(task)

    def retry(self, *, now: datetime) -> Outcome:
        if self.incident is not None and self.incident.can_retry:
            self.incident = None
        return self.advance(now)

    # ------------------------------------------------------------ inside

    def _must_move(self) -> None:
        if self.incident is not None:
            raise StandsStill(self.incident.sentence)

    def _open(self, task_id: UUID) -> Any:
        if self.incident is not None:
            raise NotOpen(self.incident.sentence)
        return self._waiting(task_id)

    def _waiting(self, task_id: UUID) -> Any:
        """Also while the instance stands still."""
        for scope in events.scopes(self._top):
            task = scope.tasks.get(task_id)
            if task is not None and (_is_user_task(task) or _is_parked(task)):
                return task
        raise NotOpen(str(task_id))

    def _outcome(self) -> Outcome:
        people, parked = [], []
        for scope in events.scopes(self._top) if not self.ended else []:
            for task in scope.tasks.values():
                spec = task.task_spec
                if _is_user_task(task):
                    people.append(
                        UserTask(
                            task.id,
                            original_id(spec.bpmn_id),
                            spec.bpmn_name or spec.bpmn_id,
                            spec.lane,
                            dict(task.internal_data.get(LOCAL, {})),
                        )
                    )
                elif _is_parked(task):
                    parked.append(
                        Parked(
                            task.id,
                            original_id(spec.bpmn_id),
                            spec.operation,
                            task.internal_data["params"],
                            spec.simulation,
                        )
                    )
        sent, self._sent = self._sent, []
        return Outcome(
            tuple(people),
            tuple(parked),
            self._next_due(),
            tuple(_sent(*s) for s in sent),
            self.incident,
            self.ended,
            self._decided(),
            self._passed(),
        )

    def _decided(self) -> tuple[Decision, ...]:
        choices, self._top.choices = self._top.choices, []
        return tuple(
            Decision(
                original_id(c.spec.bpmn_id),
                tuple(original_id(way) for way in c.ways),
                c.rows,
                c.read,
            )
            for c in choices
        )

    def _passed(self) -> tuple[str, ...]:
        """Without the ones SpiffWorkflow adds; a repeated activity and its item are one element."""
        passed, self._top.passed = self._top.passed, []
        names = [original_id(spec.bpmn_id) for spec in passed if spec.bpmn_id]
        return tuple(name for name, _ in groupby(names))

    def _next_due(self) -> datetime | None:
        if self.ended or self.incident:
            return None
        found = (
            d for place in events.places(self._top) for d in place.memory.get("due", {}).values()
        )
        return min((datetime.fromisoformat(at) for at, _, _ in found), default=None)


def _is_user_task(task: Any) -> bool:
    return bool(task.state == TaskState.READY and task.task_spec.manual)


def _is_parked(task: Any) -> bool:
    return task.state == TaskState.STARTED and isinstance(task.task_spec, ServiceTask)


def _sent(task: Any, trigger: Trigger) -> Signal | Message:
    kind = Signal if trigger.kind == "signal" else Message
    return kind(trigger.name or "", original_id(task.task_spec.bpmn_id))
