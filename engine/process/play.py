"""A dry run as a function: one job in, one answer out, JSON both.

    {"mode": "run" | "check", "bpmn": TEXT, "variables": {…},
     "plan": {"start": [ids], "effects": {element: {…}}, "seconds": 4.0}}

``start`` are processes to start in this order, the last with the variables. An effect is what the
player does at a user task each time it opens, in this order: ``begin`` (record this label), ``hold``
(seconds of virtual time), ``end``, ``add`` (numbers to variables), ``set`` (values to submit),
``expect`` ({names, value, label}: the label if one of them has the value), ``record``, ``error`` (end
with this code instead of completing). Everything else completes at once.

The answer: ``kind`` (ran, refused, error), ``trace`` (labels), ``reason``, ``ended``, ``findings``.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from engine import clock
from engine.process import check, spiff, values
from engine.process.player import Live, Player, TooLong

#: Virtual seconds an instance may live unless the plan says otherwise.
SECONDS = 4.0
#: In the trace, for an error that nobody caught.
UNCAUGHT = "ERROR_thrownErrorEvent"
MISSING = "DATA_missing"


@dataclass
class _Answer:
    kind: str
    trace: list[str] = field(default_factory=list)
    reason: str = ""
    ended: bool = False
    findings: list[check.Finding] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "trace": self.trace,
            "reason": self.reason,
            "ended": self.ended,
            "findings": [
                {"element": f.element, "rule": f.rule, "message": f.message} for f in self.findings
            ],
        }


def job(given: Mapping[str, Any]) -> dict[str, Any]:
    """The answer; never raises, whatever the job holds."""
    try:
        return _job(given).as_json()
    except Exception as error:  # a job from outside may be wrong in any way
        return _Answer("error", reason=f"这个任务无法试运行：{error}").as_json()


def _job(given: Mapping[str, Any]) -> _Answer:
    text = given["bpmn"]
    found = check.diagram_findings(text, check.Known(ours=False))
    found.sort(key=lambda f: f.severity != "error")
    if found and found[0].severity == "error":
        return _Answer("refused", reason=found[0].message, findings=found)
    if given.get("mode", "run") == "check":
        return _Answer("ran", findings=found)
    plan = given.get("plan") or {}
    run = _Run(Player(spiff.parse(text), clock.now()), plan)
    answer = run.play(given.get("variables") or {})
    answer.findings = found
    return answer


class _Stopped(Exception):
    """An incident that is no uncaught error: the play ends here."""


class _Run:
    """One play: tasks in the order in which they open, each doing what the plan says."""

    def __init__(self, player: Player, plan: Mapping[str, Any]) -> None:
        self._player = player
        self._plan = plan
        self._effects: Mapping[str, Any] = plan.get("effects") or {}
        self._until = player.now + timedelta(seconds=float(plan.get("seconds", SECONDS)))
        self._trace: list[str] = []
        #: Tasks that are left open until their time has come.
        self._held: list[tuple[datetime, int, Live, spiff.UserTask]] = []
        self._order = count()
        self._begun: set[UUID] = set()
        self._standing: set[int] = set()

    def play(self, variables: Mapping[str, Any]) -> _Answer:
        try:
            self._start(variables)
            while self._round():
                pass
        except (_Stopped, TooLong) as stopped:
            return _Answer("error", self._trace, reason=str(stopped))
        return _Answer("ran", self._trace, ended=self._player.ended)

    def _start(self, variables: Mapping[str, Any]) -> None:
        first = next(iter(self._player.definition.processes))
        wanted = self._plan.get("start") or [first]
        for process in wanted:
            self._player.start(process, variables if process is wanted[-1] else {})
            self._look_at_incidents()

    def _round(self) -> bool:
        """One task begun or ended, or the clock moved on; False: nothing is left to wait for."""
        fresh = [
            (live, task) for live, task in self._player.open_tasks() if task.id not in self._begun
        ]
        for live, task in fresh:
            self._begun.add(task.id)
            effect = self._effects.get(task.element) or {}
            self._record(effect, "begin")
            at = self._player.now + timedelta(seconds=float(effect.get("hold", 0)))
            heapq.heappush(self._held, (at, next(self._order), live, task))
        due, ready = self._player.next_due(), self._held[0][0] if self._held else None
        if ready is not None and (due is None or ready <= due):
            if ready > self._until:
                return False
            # Nothing is due before; what is due at the same moment comes after the task.
            self._player.now = max(self._player.now, ready)
            _, _, live, task = heapq.heappop(self._held)
            if any(task.id == open_.id for _, open_ in self._player.open_tasks()):
                self._end(live, task)
        elif due is not None and due <= self._until:
            self._player.wait_until(max(due, self._player.now))
        else:
            return False
        self._look_at_incidents()
        return True

    def _end(self, live: Live, task: spiff.UserTask) -> None:
        effect = self._effects.get(task.element) or {}
        self._record(effect, "end")
        seen = live.instance.seen(task.id)
        submitted: dict[str, Any] = {}
        for name, number in (effect.get("add") or {}).items():
            submitted[name] = (values.from_json(seen.get(name)) or 0) + number
        submitted |= effect.get("set") or {}
        if "expect" in effect:
            self._expect(effect["expect"], {**seen, **values.to_json(submitted)})
        self._record(effect, "record")
        if "error" in effect:
            self._player.fail(live, task.id, effect["error"])
        else:
            self._player.complete(live, task.id, submitted)

    def _record(self, effect: Mapping[str, Any], moment: str) -> None:
        if moment in effect:
            self._trace.append(effect[moment])

    def _expect(self, expected: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
        wanted = values.to_json(expected.get("value"))
        met = any(name in seen and seen[name] == wanted for name in expected.get("names") or [])
        self._trace.append(expected["label"] if met else MISSING)

    def _look_at_incidents(self) -> None:
        for live in self._player.live:
            incident = live.outcome.incident
            if incident is None or live.number in self._standing:
                continue
            self._standing.add(live.number)
            if incident.uncaught is None:
                raise _Stopped(incident.sentence)
            self._trace.append(UNCAUGHT)
