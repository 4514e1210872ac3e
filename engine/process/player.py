"""A process played in memory, with a clock of its own: nothing is stored, called, signed or sent.

The same parser, step loop, data store, timers and events as in earnest; service tasks give their
declared simulation. The command line's dry run, the scenarios and the designer's browser use it.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from types import MappingProxyType
from typing import Any
from uuid import UUID

from engine.errors import EngineError
from engine.process import spiff, values

#: Completions and simulations in one run; a diagram that needs more turns in a circle.
CAP = 2000


class TooLong(EngineError):
    """试运行的步骤太多，流程图中可能有死循环"""

    code = "too_long"


class TooSlow(EngineError):
    """试运行用时太长，请减少步骤，或者缩短前进的时间"""

    code = "too_slow"


class NothingToStart(EngineError):
    """文件里没有这个可以启动的流程"""

    code = "nothing_to_start"


@dataclass
class Live:
    """One instance of the play."""

    number: int
    process: str
    instance: spiff.Instance
    outcome: spiff.Outcome


@dataclass(frozen=True)
class Event:
    """Something that happened, for whoever explains the play."""

    at: datetime
    #: Number of the instance.
    number: int
    #: started, passed, decided, opened, held, completed, failed, sent, incident, ended
    kind: str
    element: str
    detail: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


#: What a service task gives: a result, or the code of an error; None: its declared simulation.
Simulate = Callable[[Live, spiff.Parked], Mapping[str, Any] | str | None]


#: Whether a service task waits until it is completed like a task of a person.
Hold = Callable[[Live, spiff.Parked], bool]


def _as_declared(_live: Live, _parked: spiff.Parked) -> None:
    return None


def _at_once(_live: Live, _parked: spiff.Parked) -> bool:
    return False


class Player:
    def __init__(
        self,
        definition: spiff.Definition,
        now: datetime,
        *,
        facts: Mapping[str, Callable[[], Mapping[str, Any]]] = MappingProxyType({}),
        simulate: Simulate = _as_declared,
        hold: Hold = _at_once,
        patience: float | None = None,
    ) -> None:
        """``patience``: real seconds after which the play is given up (``TooSlow``)."""
        self.definition = definition
        self.now = now
        self.live: list[Live] = []
        self.log: list[Event] = []
        self._facts = facts
        self._simulate = simulate
        self._hold = hold
        self._give_up_at = None if patience is None else monotonic() + patience
        self._sent: deque[tuple[Live | None, spiff.Signal | spiff.Message, Mapping[str, Any]]] = (
            deque()
        )
        #: Messages nobody waits for yet.
        self._kept: list[tuple[str, Mapping[str, Any]]] = []
        self._steps = 0

    # ------------------------------------------------------------ what one may do

    def start(self, process: str, data: Mapping[str, Any], element: str | None = None) -> Live:
        live = self._start(process, values.to_json(data), element)
        self._settle()
        return live

    def complete(self, live: Live, task_id: UUID, data: Mapping[str, Any]) -> None:
        self._count()
        stored = values.to_json(data)
        self._note(live, "completed", _element(live, task_id), data=stored)
        self._after(live, live.instance.complete(task_id, stored, now=self.now))
        self._settle()

    def fail(self, live: Live, task_id: UUID, code: str) -> None:
        """Ends a task with a BPMN error."""
        self._count()
        self._note(live, "failed", _element(live, task_id), code=code)
        self._after(live, live.instance.fail(task_id, code, now=self.now))
        self._settle()

    def send(self, kind: str, name: str, data: Mapping[str, Any]) -> None:
        """A message or signal from outside."""
        thrown = spiff.Signal(name, "") if kind == "signal" else spiff.Message(name, "")
        self._sent.append((None, thrown, values.to_json(data)))
        self._settle()

    def wait_until(self, moment: datetime) -> None:
        """Lets time pass, stopping at each timer on the way."""
        while (due := self.next_due()) is not None and due <= moment:
            self.now = max(self.now, due)
            self._count()
            for live in list(self.live):
                wanted = live.outcome.next_due
                if wanted is not None and wanted <= self.now:
                    self._after(live, live.instance.advance(self.now))
            self._settle()
        self.now = moment

    def next_due(self) -> datetime | None:
        return min((o for live in self.live if (o := live.outcome.next_due)), default=None)

    def open_tasks(self) -> Iterator[tuple[Live, spiff.UserTask]]:
        for live in self.live:
            if live.outcome.incident is None:
                for task in live.outcome.user_tasks:
                    yield live, task

    def held(self) -> Iterator[tuple[Live, spiff.Parked]]:
        """Service tasks that wait to be completed."""
        for live in self.live:
            for parked in live.outcome.parked if _moves(live) else ():
                yield live, parked

    @property
    def ended(self) -> bool:
        return all(live.outcome.ended for live in self.live)

    # ------------------------------------------------------------ inside

    def _start(self, process: str, stored: Mapping[str, Any], element: str | None) -> Live:
        if process not in self.definition.processes:
            raise NothingToStart(process)
        instance, outcome = spiff.Instance.start(
            self.definition, process, stored, now=self.now, element=element, facts=self._facts
        )
        live = Live(len(self.live) + 1, process, instance, outcome)
        self.live.append(live)
        self._note(live, "started", element or "", process=process)
        self._after(live, outcome)
        return live

    def _count(self) -> None:
        self._steps += 1
        if self._steps > CAP:
            raise TooLong
        if self._give_up_at is not None and monotonic() > self._give_up_at:
            raise TooSlow

    def _note(self, live: Live, kind: str, element: str, **detail: Any) -> None:
        self.log.append(Event(self.now, live.number, kind, element, MappingProxyType(detail)))

    def _after(self, live: Live, outcome: spiff.Outcome) -> None:
        before = (
            {task.id for task in live.outcome.user_tasks} if live.outcome is not outcome else ()
        )
        was_parked = (
            {parked.id for parked in live.outcome.parked} if live.outcome is not outcome else ()
        )
        was_standing = live.outcome is not outcome and live.outcome.incident is not None
        live.outcome = outcome
        self._tell_way(live, outcome)
        for thrown in outcome.sent:
            kind = "signal" if isinstance(thrown, spiff.Signal) else "message"
            self._note(live, "sent", thrown.element, sort=kind, name=thrown.name)
            self._sent.append((live, thrown, {}))
        for task in outcome.user_tasks:
            if task.id not in before:
                self._note(live, "opened", task.element, lane=task.lane, name=task.name)
        for parked in outcome.parked:
            if parked.id not in was_parked and self._hold(live, parked):
                self._note(live, "held", parked.element, operation=parked.operation)
        if outcome.incident is not None and not was_standing:
            incident = outcome.incident
            self._note(live, "incident", incident.element, sentence=incident.sentence)
        if outcome.ended:
            self._note(live, "ended", "")

    def _tell_way(self, live: Live, outcome: spiff.Outcome) -> None:
        """What was passed, and at each gateway and table what it chose."""
        decided = list(outcome.decided)
        for element in (*outcome.passed, None):
            if element is not None:
                self._note(live, "passed", element)
            chosen = [d for d in decided if element in (None, d.element)]
            for decision in chosen if element is None else chosen[:1]:
                decided.remove(decision)
                self._note(
                    live,
                    "decided",
                    decision.element,
                    flows=decision.flows,
                    rows=decision.rows,
                    read=decision.read,
                )

    def _settle(self) -> None:
        """Everything that needs no person and no time."""
        while True:
            if self._sent:
                self._count()
                self._deliver(*self._sent.popleft())
                continue
            parked = next((each for each in self.held() if not self._hold(*each)), None)
            if parked is not None:
                self._count()
                self._run(*parked)
            elif not self._offer_kept():
                return

    def _run(self, live: Live, parked: spiff.Parked) -> None:
        given = self._simulate(live, parked)
        try:
            if isinstance(given, str):
                self._note(live, "failed", parked.element, code=given)
                self._after(live, live.instance.fail(parked.id, given, now=self.now))
                return
            result = self._result(live, parked) if given is None else values.to_json(given)
        except spiff.Trouble as trouble:
            live.instance.incident = spiff.Incident(trouble.element, trouble.reason, can_retry=True)
            self._after(live, live.instance.advance(self.now))
            return
        self._note(live, "completed", parked.element, data=result, operation=parked.operation)
        self._after(live, live.instance.complete(parked.id, result, now=self.now))

    def _result(self, live: Live, parked: spiff.Parked) -> Mapping[str, Any]:
        if parked.simulation is None:
            return {}
        found = live.instance.evaluate(parked.id, parked.simulation)
        return found if isinstance(found, Mapping) else {}

    def _deliver(
        self, sender: Live | None, thrown: spiff.Signal | spiff.Message, data: Mapping[str, Any]
    ) -> None:
        kind = "signal" if isinstance(thrown, spiff.Signal) else "message"
        others = [live for live in self.live if live is not sender and _moves(live)]
        started = [
            self._start(start.process, data, start.element)
            for start in self.definition.starts
            if any(t.kind == kind and t.name == thrown.name for t in start.triggers)
        ]
        if isinstance(thrown, spiff.Signal):
            for live in others:
                if (kind, thrown.name) in spiff.listens_to(live.instance):
                    self._after(live, live.instance.signal(thrown.name, data, now=self.now)[1])
        elif not started:
            self._kept.append((thrown.name, data))

    def _offer_kept(self) -> bool:
        """Hands the first message that somebody waits for to whoever has listened longest."""
        for index, (name, data) in enumerate(self._kept):
            for live in self.live:
                if _moves(live) and ("message", name) in spiff.listens_to(live.instance):
                    del self._kept[index]
                    _, outcome = live.instance.message(name, data, now=self.now)
                    self._after(live, outcome)
                    return True
        return False


def _moves(live: Live) -> bool:
    return live.outcome.incident is None and not live.outcome.ended


def _element(live: Live, task_id: UUID) -> str:
    elements = {task.id: task.element for task in live.outcome.user_tasks}
    elements |= {parked.id: parked.element for parked in live.outcome.parked}
    return elements.get(task_id, "")
