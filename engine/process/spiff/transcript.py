"""One open scope written down as it stands in another version of the diagram; ``carrying`` puts the scopes together.

Everything open hangs on the root again, except where the engine asks what it hangs on: an activity and
its boundary events on their split, the branches of an event gateway on it, a token at a join on the
element it came from, an item on its multi-instance activity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, _EndJoin
from SpiffWorkflow.util.task import TaskState

from engine.process.spiff import counterparts, gateways, markings, specs, state
from engine.process.spiff.counterparts import Counterparts, Fault, Unequal, called, element_of
from engine.process.spiff.instance import Instance
from engine.process.spiff.repeats import Repeats
from engine.process.spiff.store import LOCAL
from engine.process.spiff.timers import BadTimer

OPEN = TaskState.READY | TaskState.STARTED | TaskState.WAITING


@dataclass(frozen=True)
class Asked:
    """What the host knows of the instance and the operator has chosen."""

    #: Element -> element of the other version; what is left out keeps its id.
    chosen: Mapping[str, str] = field(default_factory=dict)
    #: Token -> when it came to where it stands; the instance's own begin.
    entered: Mapping[UUID, datetime] = field(default_factory=dict)
    begun: datetime | None = None
    #: (when, element or None for all): times that were paused, moved, or have run out.
    disturbed: Sequence[tuple[datetime, str | None]] = ()
    #: Service tasks that will be begun anew whatever happens.
    to_redo: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Place:
    """Where the instance stands, and where it will."""

    element: str
    #: Class of the element: UserTask, ServiceTask, CatchEvent, SubProcess …
    kind: str
    #: None: there is nothing it could stand at.
    to: str | None
    #: Elements of the other version it may stand at, with their names.
    choices: tuple[tuple[str, str], ...]
    token: UUID


@dataclass(frozen=True)
class Change:
    """What becomes of something that listens: removed, added, redated, message."""

    kind: str
    element: str
    before: datetime | None = None
    after: datetime | None = None
    message: str = ""


@dataclass
class Carried:
    #: None if there are faults.
    instance: Instance | None = None
    places: list[Place] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Transcript:
    """Writes down one scope as it stands in the other version; rows as ``state`` keeps them."""

    def __init__(self, scope: Any, target: Any, asked: Asked, carried: Carried) -> None:
        self.scope, self.target, self.asked, self.carried = scope, target, asked, carried
        self.known = Counterparts(target, asked.chosen)
        self.rows: list[list[Any]] = []
        #: Old task -> number of its row; old event gateway or split, too.
        self.at: dict[UUID, int] = {}
        #: Tokens of the marking, and activities with a scope inside.
        self.tokens: list[markings.Token] = []
        self.activities: dict[UUID, Any] = {}

    def written(self) -> list[list[Any]]:
        root = self.scope.task_tree
        if root.state != TaskState.COMPLETED:
            self.fault("", "流程刚刚发起，还没有到任何环节。")
            return []
        self.row(root, None, self.target.start)
        self.rows[0][5] = self._listeners(root) or 0
        for task in list(self.scope.tasks.values()):
            if task is not root and _counts(task):
                try:
                    self._task(task)
                except (Unequal, BadTimer) as unequal:
                    self.fault(element_of(task.task_spec), str(unequal))
        self._possible()
        return self.rows

    def fault(self, element: str, sentence: str) -> None:
        self.carried.faults.append(Fault(element, sentence))

    def row(self, task: Any, parent: int | None, spec: Any, memory: Any = None) -> int:
        """Of an old task with what it remembers, or ``memory`` instead."""
        kept = task.internal_data if memory is None else memory
        self.rows.append([task.id.hex, parent, spec.name, task.state, task.triggered, kept or 0])
        self.at[task.id] = len(self.rows) - 1
        return self.at[task.id]

    def past(self, spec: Any, state_: int = TaskState.COMPLETED, memory: Any = 0) -> int:
        """A finished task that something open hangs on; or an event that begins to wait only now."""
        self.rows.append([uuid4().hex, 0, spec.name, state_, False, memory])
        return len(self.rows) - 1

    # ------------------------------------------------------------ tasks

    def _task(self, task: Any) -> None:
        spec = task.task_spec
        if isinstance(spec, _EndJoin):
            joined = next(s for s in self.target.task_specs.values() if isinstance(s, _EndJoin))
            self.row(task, 0, joined)
            return
        if spec.bpmn_id is None:
            self.row(task, 0, self.target.task_specs[spec.name])
            return
        if isinstance(spec, specs.BoundaryEvent):
            self._edge(task)
            return
        other = self.known.of(spec)
        inside_repeat = isinstance(task.parent.task_spec, Repeats) and LOCAL in task.internal_data
        if not inside_repeat:
            self._told(task, other)
        if other is None:
            if not inside_repeat:
                self.carried.faults.append(self.known.missing(spec))
            return
        self._equal(task, other)
        if inside_repeat and task.parent.id not in self.at:
            return  # said at the activity
        parent = self.at[task.parent.id] if inside_repeat else self._parent(task, other)
        self.row(task, parent, other, self._memory(task, other))
        if not inside_repeat:
            self._new_edges(task, other)

    def _told(self, task: Any, other: Any) -> None:
        spec = task.task_spec
        self.carried.places.append(
            Place(
                element_of(spec),
                type(spec).__name__,
                element_of(other) if other is not None else None,
                tuple(self.known.alike(spec)),
                task.id,
            )
        )

    def _equal(self, task: Any, other: Any) -> None:
        spec = task.task_spec
        if isinstance(spec, Repeats) and not counterparts.same_repeat(spec, other):
            raise Unequal(f"{called(spec)}逐项或循环办理的规则在新版本中改了，不能接着办理。")
        if isinstance(spec, specs.Throws) and task.state == TaskState.STARTED:
            raise Unequal(f"{called(spec)}正在发出事件，流程停在中途，不能换版。")
        parked = isinstance(spec, specs.ServiceTask) and task.state == TaskState.STARTED
        if parked and task.id not in self.asked.to_redo and not counterparts.same_operation(spec, other):  # fmt: skip
            raise Unequal(
                f"{called(spec)}的操作或参数在新版本中改了，已按原版本开始，不能接着办理。"
            )
        if hasattr(spec, "spec") and task.internal_data.get("begun"):
            self.activities[task.id] = other

    def _parent(self, task: Any, other: Any) -> int:
        """The row it hangs on, as far as the engine will ask; and the token it is."""
        spec, before = task.task_spec, task.parent.task_spec
        if isinstance(other, gateways.Joins) and task.state == TaskState.WAITING:
            return self._way(task, other)
        if isinstance(before, specs.EventGateway) and task.state == TaskState.WAITING:
            return self._branch(task, other)
        if not getattr(spec, "triggers", ()) or not isinstance(spec, specs.SubProcess):
            self.tokens.append((other.name, None))
        split = self.target.task_specs.get(f"{other.name}.BoundaryEventSplit")
        if split is None:
            return 0
        number = self.past(split)
        if isinstance(before, BoundaryEventSplit):
            self.at[task.parent.id] = number
        return number

    def _way(self, task: Any, other: Any) -> int:
        """A token that waits at a join: the ways in must be the same, and it has come by one of them."""
        old = self.scope.spec.task_specs
        ways: dict[str, Any] = {n: self.known.of(old[n]) for n in task.task_spec._inputs}
        if None in ways.values() or {w.name for w in ways.values()} != set(other._inputs):
            raise Unequal(
                f"{called(task.task_spec)}的汇入线在新版本中变了，已经到达的分支不能接着等待。"
            )
        way = ways[task.parent.task_spec.name]
        self.tokens.append((other.name, way.name if markings.is_join(other) else None))
        return self.past(way)

    def _branch(self, task: Any, other: Any) -> int:
        """One of the events that an event gateway waits for; all of them must still be its branches."""
        gateway = task.parent
        if gateway.id not in self.at:
            there = self.known.of(gateway.task_spec)
            old = self.scope.spec.task_specs
            branches = {self.known.of(old[name]) for name in gateway.task_spec._outputs}
            if there is None or {b and b.name for b in branches} != set(there._outputs):
                raise Unequal(
                    f"{called(gateway.task_spec)}之后等待的事件在新版本中变了，不能接着等待。"
                )
            self.at[gateway.id] = self.past(there)
            self.tokens.append((there.name, None))
        return self.at[gateway.id]

    # ------------------------------------------------------------ what listens

    def _memory(self, task: Any, other: Any) -> dict[str, Any]:
        if not isinstance(other, specs.Waits) or task.state != TaskState.WAITING:
            return dict(task.internal_data)
        return self._heard(task.task_spec, other, task.internal_data)

    def _heard(self, spec: Any, other: Any, memory: Mapping[str, Any]) -> dict[str, Any]:
        element = element_of(spec)
        since = datetime.fromisoformat(memory["since"]) if "since" in memory else None
        disturbed = since is not None and any(
            at > since for at, which in self.asked.disturbed if which in (None, element)
        )
        heard = counterparts.listening(spec, other, memory, moved_by_hand=disturbed)
        for before, after in heard.redated:
            self.carried.changes.append(Change("redated", element, before, after))
        for message in heard.messages:
            self.carried.changes.append(Change("message", element, message=message))
        return heard.memory

    def _edge(self, task: Any) -> None:
        """A boundary event: on the same activity it waits on, otherwise it is gone with the old version."""
        spec, split = task.task_spec, task.parent
        if task.state != TaskState.WAITING:
            raise Unequal(f"{called(spec)}刚刚发生，请先处理异常再换版。")
        other = self.known.of(spec)
        if split.id not in self.at:
            other = None
        elif other is not None:
            number = self.at[split.id]
            if other.name not in self.target.task_specs[self.rows[number][2]]._outputs:
                other = None
        if other is None:
            self.carried.changes.append(Change("removed", element_of(spec)))
            return
        self.row(task, self.at[split.id], other, self._heard(spec, other, task.internal_data))

    def _new_edges(self, task: Any, other: Any) -> None:
        """Boundary events of the other version that this one had not."""
        split = self.target.task_specs.get(f"{other.name}.BoundaryEventSplit")
        if split is None:
            return
        had = self.scope.spec.task_specs.get(f"{task.task_spec.name}.BoundaryEventSplit")
        old = [self.known.of(self.scope.spec.task_specs[n]) for n in (had._outputs if had else [])]
        number = self.rows[self.at[task.id]][1]
        for name in split._outputs:
            edge = self.target.task_specs[name]
            if isinstance(edge, specs.BoundaryEvent) and edge not in old:
                memory = counterparts.beginning(edge, self._entered(task))
                self._begins(edge, memory)
                made = self.past(edge, TaskState.WAITING, memory)
                self.rows[made][1] = number

    def _entered(self, task: Any) -> datetime | None:
        known = self.asked.entered.get(task.id)
        siblings = task.parent.children if isinstance(task.parent.task_spec, BoundaryEventSplit) else []  # fmt: skip
        since = [t.internal_data["since"] for t in siblings if "since" in t.internal_data]
        return known or (datetime.fromisoformat(min(since)) if since else None)

    def _begins(self, spec: Any, memory: Mapping[str, Any]) -> None:
        dues = [datetime.fromisoformat(at) for at, _, _ in memory["due"].values()]
        after = min(dues, default=None)
        self.carried.changes.append(Change("added", element_of(spec), after=after))

    def _listeners(self, root: Any) -> dict[str, Any]:
        """What the root remembers: its start event, and what the scope's event subprocesses wait for."""
        memory = {k: v for k, v in root.internal_data.items() if k not in ("start", "listeners")}
        start = root.internal_data.get("start")
        if start in self.target.task_specs:
            memory["start"] = start
        old = root.internal_data.get("listeners", {})
        found: dict[str, Any] = {}
        had = {n: self.scope.spec.task_specs[n] for n in self.scope.spec.event_subprocesses}
        over = any(counterparts.interrupts(s) and old.get(n, {}).get("off") for n, s in had.items())
        for name in self.target.event_subprocesses:
            spec = self.target.task_specs[name]
            try:
                if name in had:
                    found[name] = self._listener(had[name], spec, old.get(name, {}))
                elif over:
                    found[name] = {"off": True}
                else:
                    found[name] = counterparts.beginning(spec, self._scope_begun())
                    self._begins(spec, found[name])
            except (Unequal, BadTimer) as unequal:
                self.fault(element_of(spec), str(unequal))
        gone = had.keys() - set(self.target.event_subprocesses)
        self.carried.changes += [
            Change("removed", element_of(had[n]))
            for n in sorted(gone)
            if not old.get(n, {}).get("off")
        ]
        return memory | ({"listeners": found} if found else {})

    def _listener(self, spec: Any, other: Any, memory: Mapping[str, Any]) -> dict[str, Any]:
        return dict(memory) if memory.get("off") else self._heard(spec, other, memory)

    def _scope_begun(self) -> datetime | None:
        inside = self.scope.parent_task_id
        return self.asked.entered.get(inside) if inside else self.asked.begun

    # ------------------------------------------------------------ the marking

    def _possible(self) -> None:
        """Whether any run of the other version can stand so."""
        if self.carried.faults or not self.tokens:
            return
        if not self.asked.chosen and markings.same_shape(self.scope.spec, self.target):
            return
        found = markings.reachable(self.target, self.tokens)
        if found:
            return
        names = "、".join(
            dict.fromkeys(called(self.target.task_specs[name]) for name, _ in self.tokens)
        )
        first = self.tokens[0][0]
        why = "同时停在这些环节" if len(self.tokens) > 1 else "只停在这一个环节"
        self.fault(
            element_of(self.target.task_specs[first]),
            f"按新版本办理不会{why}（{names}），换版后会少办分支或者一直等待。"
            if found is False
            else f"新版本分支太多，无法确认按新版本办理会{why}（{names}）。",
        )


def _counts(task: Any) -> bool:
    """What is open, and instances that their multi-instance activity has not counted yet."""
    if isinstance(task.task_spec, BoundaryEventJoin):
        return False
    return bool(task.has_state(OPEN)) or state.is_unsettled(task)
