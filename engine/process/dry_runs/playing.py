"""One play under way: commands done one after another, and what then stands where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from engine.errors import EngineError
from engine.process import facts as process_facts
from engine.process import folder, forms, spiff, values
from engine.process.dry_runs import sketch, story
from engine.process.dry_runs.commands import Command, Play
from engine.process.dry_runs.story import Told
from engine.process.forms import Form
from engine.process.player import Live, Player, Simulate

#: Real seconds that a web process gives to one play.
PATIENCE = 6.0
_VISITED = frozenset({"passed", "opened", "held"})


class CannotDo(EngineError):
    """这一步现在做不了"""

    code = "cannot_do"

    def __init__(self, reason: str = "", step: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        #: Number of the command, from 1; 0 is the start.
        self.step = step


class FormWrong(EngineError):
    """还不能办结，请按提示补充"""

    code = "form_wrong"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class OpenTask:
    number: int
    element: str
    name: str
    lane: str | None
    #: Item of a multi-instance task.
    local: Mapping[str, Any]
    #: Which of those open at this element, from 0.
    item: int = 0


@dataclass(frozen=True)
class Held:
    """A service task that waits for its result."""

    number: int
    element: str
    name: str
    operation: str
    params: Mapping[str, Any]
    item: int
    #: As its declared simulation says; None without one.
    simulated: Mapping[str, Any] | None


@dataclass(frozen=True)
class Timer:
    element: str
    name: str
    due: datetime


@dataclass(frozen=True)
class Awaited:
    """A message or signal that some place waits for."""

    kind: str
    name: str
    elements: tuple[str, ...]


@dataclass(frozen=True)
class Standstill:
    element: str
    name: str
    sentence: str


@dataclass(frozen=True)
class Shown:
    """Where the play stands after the commands."""

    now: datetime
    told: tuple[Told, ...]
    #: How many of the events are those of the last command, or of the start.
    fresh: int
    open: tuple[OpenTask, ...]
    held: tuple[Held, ...]
    timers: tuple[Timer, ...]
    awaited: tuple[Awaited, ...]
    standstills: tuple[Standstill, ...]
    #: Elements that wait: tasks, events, jobs.
    tokens: tuple[str, ...]
    #: Elements and flows that tokens have passed; the flows of the last command in their order.
    visited: frozenset[str]
    flows: frozenset[str]
    fresh_flows: tuple[tuple[str, ...], ...]
    #: Of the instance started first.
    variables: Mapping[str, Any]
    facts: Mapping[str, Mapping[str, Any]]
    next_due: datetime | None
    ended: bool


@dataclass(frozen=True)
class Done:
    """A command that was done, with what only that moment knew."""

    command: Command
    is_service: bool = False
    #: Item of the multi-instance task, where several were open.
    local: Mapping[str, Any] = field(default_factory=dict)
    #: How far the clock went.
    waited: timedelta = timedelta()


def _as_declared(_live: Live, _parked: spiff.Parked) -> None:
    return None


class Run:
    """``by_hand``: services with something to decide wait, and forms are checked as in earnest."""

    def __init__(
        self,
        files: Mapping[str, str],
        play: Play,
        *,
        by_hand: bool = True,
        simulate: Simulate | None = None,
    ) -> None:
        self.files = files
        self.play = play
        self.sketch = sketch.read(files)
        self.done: list[Done] = []
        self._by_hand = by_hand
        self._facts: dict[str, Mapping[str, Any]] = dict(play.facts)
        known = {*play.facts, *(n for c in play.commands for n in c.get("facts", ()))}
        known |= set(process_facts.names())
        self.player = Player(
            folder.parse(files),
            play.at,
            facts={name: partial(self.fact, name) for name in known},
            simulate=simulate or _as_declared,
            hold=self._holds,
            patience=PATIENCE,
        )
        self.seen = 0
        self._attempt(0, partial(self.player.start, self.sketch.outline.key, play.start))
        for number, each in enumerate(play.commands, 1):
            try:
                self.do(each)
            except FormWrong as wrong:
                raise CannotDo(f"第 {number} 步，{wrong}", number) from wrong

    def fact(self, name: str) -> Mapping[str, Any]:
        return self._facts.get(name, {})

    def _holds(self, _live: Live, parked: spiff.Parked) -> bool:
        return self._by_hand and (self.play.stops or self.sketch.asks(parked.element))

    def do(self, command: Command) -> None:
        """``CannotDo`` names the step; ``FormWrong`` has a sentence for each field."""
        self.seen = len(self.player.log)
        before = self.player.now
        done = self._attempt(len(self.done) + 1, partial(self._do, command))
        self.done.append(Done(done.command, done.is_service, done.local, self.player.now - before))

    def _attempt(self, step: int, act: Any) -> Any:
        try:
            return act()
        except FormWrong:
            raise
        except (EngineError, spiff.NotOpen, KeyError, ValueError, ArithmeticError) as error:
            why = error.reason if isinstance(error, CannotDo) else str(error)
            raise CannotDo(f"第 {step} 步，{why}" if step else why, step) from error

    # ------------------------------------------------------------ commands

    def _do(self, command: Command) -> Done:
        player, do, data = self.player, command.get("do"), command.get("data") or {}
        if do in ("complete", "error"):
            return self._end(command)
        if do == "wait":
            player.wait_until(spiff.plus(player.now, str(command["for"])))
        elif do == "next":
            due = player.next_due()
            if due is None:
                raise CannotDo("没有在等待的定时")
            player.wait_until(max(due, player.now))
        elif do in ("message", "signal"):
            player.send(do, str(command["name"]), data)
        elif do == "facts":
            self._facts |= command.get("facts") or {}
        else:
            raise CannotDo(f"不认识「{do}」")
        return Done(command)

    def _end(self, command: Command) -> Done:
        live, task, local = self._task(command)
        is_service = isinstance(task, spiff.Parked)
        if command["do"] == "error":
            self.player.fail(live, task.id, str(command["code"]))
            return Done(command, is_service, local)
        data = command.get("data") or {}
        form = self.form(task.element)
        if self._by_hand and form is not None:
            cleaned = forms.clean(form, data, self.context(live, task))
            if cleaned.errors:
                raise FormWrong(cleaned.errors)
            data = cleaned.values
        self.player.complete(live, task.id, data)
        return Done({**command, "data": data}, is_service, local)

    def _task(
        self, command: Command
    ) -> tuple[Live, spiff.UserTask | spiff.Parked, Mapping[str, Any]]:
        element, number = command.get("element"), command.get("number")
        waiting: list[tuple[Live, spiff.UserTask | spiff.Parked]] = [
            *self.player.open_tasks(),
            *self.player.held(),
        ]
        found = [
            (live, task)
            for live, task in waiting
            if task.element == element and number in (None, live.number)
        ]
        item = command.get("item") or 0
        if not 0 <= item < len(found):
            raise CannotDo(f"“{self.sketch.name_of(str(element))}”没有待办")
        live, task = found[item]
        local = task.local if isinstance(task, spiff.UserTask) and len(found) > 1 else {}
        return live, task, values.from_json(dict(local))

    def context(self, live: Live, task: spiff.UserTask | spiff.Parked) -> dict[str, Any]:
        """What expressions of the task's form see."""
        known = values.from_json(dict(live.instance.seen(task.id)))
        return {**known, **self._facts}

    def form(self, element: str) -> Form | None:
        name = self.sketch.forms.get(element, "")
        return forms.read(self.files[name]) if name in self.files else None

    # ------------------------------------------------------------ forms of open tasks

    def seen_by(self, task: OpenTask) -> dict[str, Any]:
        live, found, _ = self._task(vars(task))
        return self.context(live, found)

    def submit(self, task: OpenTask, typed: Mapping[str, Any]) -> Command:
        """The command that completes a task with what was typed into its form; ``FormWrong``."""
        form = self.form(task.element)
        cleaned = forms.clean(form, typed, self.seen_by(task)) if form else None
        if cleaned is not None and cleaned.errors:
            raise FormWrong(cleaned.errors)
        return {
            "do": "complete",
            "element": task.element,
            "number": task.number,
            "item": task.item,
            "data": cleaned.values if cleaned else dict(typed),
        }

    # ------------------------------------------------------------ what is shown

    def shown(self) -> Shown:
        player, drawn = self.player, self.sketch
        standing = {e for live in player.live for e in spiff.standing(live.instance)}
        fresh = player.log[self.seen :]
        return Shown(
            now=player.now,
            told=tuple(story.tell(player.log, drawn)),
            fresh=len(story.tell(fresh, drawn)),
            open=tuple(self._open()),
            held=tuple(self._held()),
            timers=tuple(self._timers()),
            awaited=tuple(self._awaited()),
            standstills=tuple(self._standstills()),
            tokens=tuple(sorted(standing)),
            visited=frozenset(e.element for e in player.log if e.kind in _VISITED),
            flows=frozenset(f for s in story.steps(player.log, standing, drawn) for f in s),
            fresh_flows=tuple(tuple(s) for s in story.steps(fresh, standing, drawn)),
            variables=values.from_json(player.live[0].instance.data),
            facts=dict(self._facts),
            next_due=player.next_due(),
            ended=player.ended,
        )

    def _open(self) -> list[OpenTask]:
        found: list[OpenTask] = []
        for live, task in self.player.open_tasks():
            item = sum(t.element == task.element and t.number == live.number for t in found)
            local = values.from_json(dict(task.local))
            found.append(OpenTask(live.number, task.element, task.name, task.lane, local, item))
        return found

    def _held(self) -> list[Held]:
        found: list[Held] = []
        for live, parked in self.player.held():
            item = sum(h.element == parked.element and h.number == live.number for h in found)
            found.append(
                Held(
                    live.number,
                    parked.element,
                    self.sketch.name_of(parked.element),
                    parked.operation,
                    values.from_json(dict(parked.params)),
                    item,
                    self._simulated(live, parked),
                )
            )
        return found

    def _simulated(self, live: Live, parked: spiff.Parked) -> Mapping[str, Any] | None:
        if parked.simulation is None:
            return None
        try:
            given = values.from_json(live.instance.evaluate(parked.id, parked.simulation))
        except spiff.Trouble:
            return None
        return given if isinstance(given, dict) else None

    def _timers(self) -> list[Timer]:
        found = [
            Timer(element, self.sketch.name_of(element), due)
            for live in self.player.live
            if live.outcome.incident is None
            for element, due in spiff.due_times(live.instance).values()
        ]
        return sorted(found, key=lambda timer: timer.due)

    def _awaited(self) -> list[Awaited]:
        key = self.sketch.outline.key
        heard = {
            pair
            for live in self.player.live
            if live.outcome.incident is None
            for pair in spiff.listens_to(live.instance)
        }
        heard |= {
            (trigger.kind, trigger.name or "")
            for start in self.player.definition.starts
            for trigger in start.triggers
            if trigger.kind in ("message", "signal") and start.process != key
        }
        nodes = self.sketch.outline.nodes.values()
        drawn = dict.fromkeys(pair for node in nodes for pair in node.waits if pair in heard)
        return [
            Awaited(kind, name, tuple(n.id for n in nodes if (kind, name) in n.waits))
            for kind, name in dict.fromkeys((*drawn, *sorted(heard)))
        ]

    def _standstills(self) -> list[Standstill]:
        found = [live.outcome.incident for live in self.player.live if live.outcome.incident]
        return [Standstill(i.element, self.sketch.name_of(i.element), i.sentence) for i in found]
