"""The fence and the model side by side: the same acts, and after each the same to be seen."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from engine.process import check
from engine.process.spiff import Definition, Instance, Outcome, Signal, parse
from tests.process.proof import hearing, machine, reading
from tests.process.proof.drawing import CODES, MESSAGES, RESULT, SIGNAL, VARIABLES
from tests.process.proof.state import State, copy, names, scopes

WAYS = ("in memory", "saved", "saved and pruned")
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DATA = {"a": 3, "b": 4, "c": 5, "名单": ["甲", "乙", "丙"]}


@dataclass(frozen=True)
class Act:
    """What the outside does: complete, fail, message, signal, write or wait (until the next timer)."""

    kind: str
    element: str = ""
    #: What the task sees, to tell two tasks at one element apart.
    seen: str = ""
    name: str = ""
    data: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class View:
    """What can be seen of an instance."""

    open: tuple[tuple[str, str], ...]
    data: str
    sent: tuple[tuple[str, str, str], ...]
    passed: frozenset[str]
    failure: tuple[str, str | None] | None
    ended: bool
    next_hour: int | None


def shown(values: Any) -> str:
    return repr(sorted(values.items()))


# ---------------------------------------------------------------- the fence


class Fence:
    def __init__(self, definition: Definition, elements: frozenset[str], way: str) -> None:
        self.definition, self.elements, self.way, self.hour = definition, elements, way, 0
        self.instance, self.outcome = Instance.start(definition, "p", DATA, now=self.now)
        self._kept()

    @property
    def now(self) -> datetime:
        return BEGIN + timedelta(hours=self.hour)

    def _kept(self) -> None:
        if self.way != "in memory":
            blob = self.instance.save(prune=self.way == "saved and pruned")
            self.instance = Instance.load(self.definition, blob)

    def tasks(self) -> list[tuple[Any, str, str]]:
        if self.outcome.incident is not None:
            return []
        found = [
            (task.id, task.element, shown(self.instance.seen(task.id)))
            for task in self.outcome.user_tasks
        ]
        for parked in self.outcome.parked:
            seen = shown(self.instance.seen(parked.id) | {"参数": dict(parked.params)})
            found.append((parked.id, parked.element, seen))
        return found

    def do(self, act: Act) -> None:
        self.outcome = self._done(act)
        self._kept()

    def _done(self, act: Act) -> Outcome:
        instance, data = self.instance, dict(act.data)
        if act.kind in ("complete", "fail"):
            task = next(t for t, *rest in self.tasks() if rest == [act.element, act.seen])
            if act.kind == "fail":
                return instance.fail(task, act.name, now=self.now)
            return instance.complete(task, data, now=self.now)
        if act.kind == "message":
            return instance.message(act.name, data, now=self.now)[1]
        if act.kind == "signal":
            return instance.signal(act.name, data, now=self.now)[1]
        if act.kind == "write":
            return instance.write(data, now=self.now)
        assert self.outcome.next_due is not None
        self.hour = (self.outcome.next_due - BEGIN) // timedelta(hours=1)
        return instance.advance(self.now)

    def view(self) -> View:
        outcome = self.outcome
        incident, due = outcome.incident, outcome.next_due
        failure = None if incident is None else (incident.element, incident.uncaught)
        return View(
            tuple(sorted((element, seen) for _, element, seen in self.tasks())),
            shown(self.instance.data),
            tuple(sorted(("signal" if isinstance(s, Signal) else "message", s.name, s.element) for s in outcome.sent)),
            frozenset(outcome.passed) & self.elements,
            failure,
            outcome.ended,
            None if due is None else (due - BEGIN) // timedelta(hours=1),
        )  # fmt: skip


# ---------------------------------------------------------------- the model


def _open_runs(state: State) -> list[tuple[Any, str, str]]:
    found = []
    for scope in [] if state.failure or state.ended else scopes(state.root):
        for token in scope.tokens:
            for run in token.runs:
                seen = names(state, run, scope)
                if run.state == "open":
                    found.append((run, token.node.id, shown(seen)))
                elif run.state == "parked":
                    found.append((run, token.node.id, shown(seen | {"参数": run.params})))
    return found


def model_view(state: State, elements: frozenset[str]) -> View:
    quiet = state.failure is not None or state.ended
    return View(
        tuple(sorted((element, seen) for _, element, seen in _open_runs(state))),
        shown(state.data),
        tuple(sorted(state.sent)),
        frozenset(state.passed) & elements,
        state.failure,
        state.ended and state.failure is None,
        None if quiet else hearing.next_hour(state),
    )


def _model_acts(state: State, act: Act) -> list[State]:
    """The states an act may lead to before anything runs by itself."""
    if act.kind in ("complete", "fail"):
        return _on_a_task(state, act)
    if act.kind == "message":
        return _on_a_message(state, act)
    new = copy(state)
    new.sent, new.passed = [], set()
    if act.kind == "signal":
        hearing.broadcast(new, act.name, dict(act.data))
    elif act.kind == "write":
        new.data |= dict(act.data)
        new.dirty = True
    else:
        new.hour = hearing.next_hour(new) or 0
    return [new]


def _on_a_task(state: State, act: Act) -> list[State]:
    found = []
    for number, (_, *what) in enumerate(_open_runs(state)):
        if what == [act.element, act.seen]:
            new = copy(state)
            new.sent, new.passed = [], set()
            run = _open_runs(new)[number][0]
            if act.kind == "fail":
                machine.fail(new, run, act.name)
            else:
                machine.complete(new, run, dict(act.data))
            found.append(new)
    return found


def _on_a_message(state: State, act: Act) -> list[State]:
    found = []
    for number in range(max(1, len(hearing.takers(state, act.name)))):
        new = copy(state)
        new.sent, new.passed = [], set()
        for place, trigger in hearing.takers(new, act.name)[number : number + 1]:
            hearing.hear(new, place, trigger, dict(act.data))
        found.append(new)
    return found


# ---------------------------------------------------------------- side by side


class Differs(AssertionError):
    """The fence and the model, or two ways of playing, do not agree."""


def elements_of(processes: dict[str, reading.Level]) -> frozenset[str]:
    """What both tell of when a token passes: no services, told of when they begin, and nothing with something inside."""
    return frozenset(
        node.id
        for level in processes.values()
        for node in reading.all_nodes(level)
        if node.kind not in (*machine.INNER, "serviceTask") and node.repeat is None
    )


def play(text: str, random: Random, steps: int = 25) -> Counter[str]:
    """Plays one process to its end or for some steps; what was done, counted. ``Differs`` tells the first difference."""
    errors = [f for f in check.diagram_findings(text) if f.severity == "error"]
    assert not errors, errors
    processes = reading.read(text)
    definition, elements = parse(text), elements_of(processes)
    fence = Fence(definition, elements, WAYS[0])
    acts: list[Act] = []
    views = [fence.view()]
    told: Counter[str] = Counter()
    try:
        states = machine.settle([machine.begin(processes["p"], DATA)])
        while True:
            states = _agreeing(states, views[-1], acts, elements)
            act = _choose(fence, random) if len(acts) < steps else None
            if act is None:
                break
            acts.append(act)
            fence.do(act)
            views.append(fence.view())
            states = machine.settle([n for s in states for n in _model_acts(s, act)])
    except machine.TooMany:
        told["too many orders"] += 1  # to try them all; what came before is proved
    for way in WAYS[1:]:
        _again(Fence(definition, elements, way), acts, views)
    told.update(a.kind for a in acts)
    told.update({"ended": views[-1].ended, "incident": views[-1].failure is not None})
    return told


def _agreeing(states: list[State], view: View, acts: list[Act], elements: frozenset[str]) -> list[State]:  # fmt: skip
    agreeing = [s for s in states if model_view(s, elements) == view]
    if not agreeing:
        allowed = "\n      ".join(map(str, {model_view(s, elements) for s in states}))
        told = "\n  ".join(map(str, acts))
        raise Differs(f"after\n  {told}\nfence {view}\nmodel {allowed}")
    return agreeing


def _again(fence: Fence, acts: list[Act], views: list[View]) -> None:
    for number, view in enumerate(views):
        if number:
            fence.do(acts[number - 1])
        if fence.view() != view:
            told = "\n  ".join(map(str, acts[:number]))
            raise Differs(f"{fence.way}, after\n  {told}\nhere   {fence.view()}\nmemory {view}")


def _choose(fence: Fence, random: Random) -> Act | None:  # noqa: PLR0911  one line per kind
    outcome, tasks = fence.outcome, fence.tasks()
    if outcome.ended or outcome.incident is not None:
        return None
    data = ((random.choice(VARIABLES), random.randint(0, 9)),)
    kind = random.choice(["complete"] * 10 + ["wait"] * 3 + ["message", "message", "signal", "write", "fail"])  # fmt: skip
    if kind == "wait" and outcome.next_due is not None:
        return Act("wait")
    if kind == "message" or (not tasks and random.random() < 0.4):
        return Act("message", name=random.choice(MESSAGES), data=data if random.random() < 0.3 else ())  # fmt: skip
    if kind == "signal" or (not tasks and random.random() < 0.3):
        return Act("signal", name=SIGNAL)
    if kind == "write" or not tasks:
        return Act("write", data=data)
    _, element, seen = random.choice(tasks)
    if kind == "fail":
        return Act("fail", element, seen, random.choice(CODES))
    if RESULT in seen and random.random() < 0.8:
        data += ((RESULT, random.randint(0, 9)),)
    return Act("complete", element, seen, data=data)
