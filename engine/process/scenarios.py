"""Scenarios: a folder's own examples of how its process must run, as TOML, played in memory.

    title = "被执行人下落不明"
    start = { data = { "金额" = 5 }, facts = { "案件" = { "执行标的" = 80000 } } }
    operations = { "送达" = { error = "DELIVERY_FAILED" } }       # by element id; result, error, or a list

    [[step]]
    complete = "填写"                # the open task at this element; item = {…} picks one of several
    data = { "结论" = "同意" }
    open = ["审批"]                  # what is open afterwards
    values = { "结论" = "同意" }       # what the data hold
    [[step]]
    wait = "P3D"                     # or: message, signal (with data), error (with task), facts
    ended = true                     # or: incident = "element", taken = ["flow"]

Every step is played even after a wrong expectation, as far as it goes; all that differed is told.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from engine import clock
from engine.errors import EngineError
from engine.process import folder, spiff, values
from engine.process.player import Event, Live, Player

#: When a scenario begins that names no moment; a Monday morning.
BEGIN = datetime(2026, 3, 2, 9, tzinfo=clock.COURT_ZONE)
_ACTIONS = ("complete", "error", "wait", "message", "signal", "facts")
_EXPECTATIONS = ("open", "values", "ended", "incident", "taken")
_STEP = frozenset((*_ACTIONS, *_EXPECTATIONS, "data", "item", "task"))
_TOP = frozenset(("title", "at", "start", "operations", "step"))


class ScenarioRefused(EngineError):
    """这个场景不能使用"""

    code = "scenario_refused"


class _Impossible(Exception):
    """The step cannot be played; the sentence says why."""


@dataclass(frozen=True)
class Scenario:
    title: str
    begin: datetime
    start: Mapping[str, Any]
    operations: Mapping[str, Any]
    steps: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Failure:
    #: From 1; 0 is the start.
    step: int
    sentence: str


@dataclass(frozen=True)
class Result:
    name: str
    title: str
    failures: tuple[Failure, ...]
    log: tuple[Event, ...] = field(default=(), repr=False)

    @property
    def passed(self) -> bool:
        return not self.failures


def run(files: Mapping[str, str]) -> list[Result]:
    """The results of every scenario of a folder, by name; the diagram must have passed the check."""
    named = {name: text for name, text in sorted(files.items()) if folder.is_scenario(name)}
    if not named:
        return []
    definition = folder.parse(files)
    return [play(definition, name, text) for name, text in named.items()]


def play(definition: spiff.Definition, name: str, text: str) -> Result:
    """Never raises: what cannot be read or played is a failure with a sentence."""
    try:
        scenario = read(text)
    except ScenarioRefused as refused:
        return Result(name, name, (Failure(0, str(refused)),))
    playing = _Playing(definition, scenario)
    failures = tuple(playing.failures())
    return Result(name, scenario.title, failures, tuple(playing.player.log))


# ---------------------------------------------------------------- reading


def read(text: str) -> Scenario:
    """``ScenarioRefused`` says what cannot be understood."""
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioRefused(f"不是有效的 TOML（{error}），中文的名称要写在引号里") from None
    _only(content, _TOP, "场景")
    steps = content.get("step", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise ScenarioRefused("步骤要写成 [[step]]")
    for number, step in enumerate(steps, 1):
        _only(step, _STEP, f"第 {number} 步")
        if sum(action in step for action in _ACTIONS) > 1:
            raise ScenarioRefused(f"第 {number} 步写了不止一个动作，请分成几步")
    start, operations = content.get("start", {}), content.get("operations", {})
    if not isinstance(start, dict) or not isinstance(operations, dict):
        raise ScenarioRefused("start 和 operations 要写成一组名称和值")
    _only(start, frozenset(("process", "element", "data", "facts")), "start")
    return Scenario(
        str(content.get("title") or ""), _begin(content), start, operations, tuple(steps)
    )


def _only(content: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for key in content:
        if key not in known:
            raise ScenarioRefused(f"{where}里的「{key}」不认识，请删去或改正")


def _begin(content: Mapping[str, Any]) -> datetime:
    at = content.get("at", BEGIN)
    if not isinstance(at, datetime):
        raise ScenarioRefused("at 要写成日期和时间，如 2026-03-02T09:00:00+08:00")
    return at if at.tzinfo else at.replace(tzinfo=clock.COURT_ZONE)


def plain(value: Any) -> Any:
    """TOML's local moments are the court's."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=clock.COURT_ZONE)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


# ---------------------------------------------------------------- playing


class _Playing:
    """One scenario under way."""

    def __init__(self, definition: spiff.Definition, scenario: Scenario) -> None:
        self.scenario = scenario
        self._facts: dict[str, Mapping[str, Any]] = dict(plain(scenario.start.get("facts", {})))
        self._calls: dict[str, int] = {}
        self._seen = 0
        known = {name for step in scenario.steps for name in step.get("facts", {})} | {*self._facts}
        self.player = Player(
            definition,
            scenario.begin,
            facts={name: partial(self._fact, name) for name in known},
            simulate=self._simulate,
        )

    def failures(self) -> Iterator[Failure]:
        actions = [self._start, *(lambda s=s: self._act(s) for s in self.scenario.steps)]
        for number, act in enumerate(actions):
            self._seen = len(self.player.log)
            try:
                act()
            except (_Impossible, EngineError, spiff.NotOpen) as error:
                yield Failure(number, str(error))
                return
            if number:
                for sentence in self._differences(self.scenario.steps[number - 1]):
                    yield Failure(number, sentence)

    def _fact(self, name: str) -> Mapping[str, Any]:
        return self._facts.get(name, {})

    def _start(self) -> None:
        start = self.scenario.start
        process = start.get("process") or next(iter(self.player.definition.processes))
        self.player.start(process, plain(start.get("data", {})), start.get("element"))

    def _act(self, step: Mapping[str, Any]) -> None:
        data = plain(step.get("data", {}))
        if "complete" in step:
            live, task = self._task(step["complete"], step.get("item"))
            self.player.complete(live, task.id, data)
        elif "error" in step:
            live, task = self._task(step.get("task", ""), step.get("item"))
            self.player.fail(live, task.id, step["error"])
        elif "wait" in step:
            self.player.wait_until(self._later(step["wait"]))
        elif "facts" in step:
            self._facts |= plain(step["facts"])
        for kind in ("message", "signal"):
            if kind in step:
                self.player.send(kind, step[kind], data)

    def _later(self, duration: str) -> datetime:
        try:
            return spiff.plus(self.player.now, duration)
        except ValueError:
            raise _Impossible(f"「{duration}」不是 ISO 8601 的时长，请写成 P3D 这样") from None

    def _task(self, element: str, item: Mapping[str, Any] | None) -> tuple[Live, spiff.UserTask]:
        for live, task in self.player.open_tasks():
            local = values.from_json(dict(task.local))
            if task.element == element and all(
                local.get(name) == plain(value) for name, value in (item or {}).items()
            ):
                return live, task
        raise _Impossible(f"「{element}」没有待办，现在待办的是 {self._open() or '无'}")

    def _simulate(self, live: Live, parked: spiff.Parked) -> Mapping[str, Any] | str | None:
        """Of a list each call takes the next, the last one from then on."""
        given = self.scenario.operations.get(parked.element)
        if isinstance(given, list) and given:
            number = self._calls.get(parked.element, 0)
            self._calls[parked.element] = number + 1
            given = given[min(number, len(given) - 1)]
        if not isinstance(given, dict):
            return None
        error = given.get("error")
        return str(error) if error is not None else dict(plain(given.get("result", {})))

    # ------------------------------------------------------------ what differs

    def _open(self) -> list[str]:
        return sorted(task.element for _, task in self.player.open_tasks())

    def _differences(self, step: Mapping[str, Any]) -> Iterator[str]:
        if "open" in step and sorted(step["open"]) != self._open():
            yield f"待办应为 {sorted(step['open'])}，实际为 {self._open()}"
        if "ended" in step and step["ended"] != self.player.ended:
            yield "流程应已结束，实际没有" if step["ended"] else "流程不应结束，实际已结束"
        yield from self._incidents(step.get("incident"))
        if "taken" in step:
            taken = [
                flow
                for event in self.player.log[self._seen :]
                if event.kind == "decided"
                for flow in event.detail["flows"]
            ]
            if sorted(step["taken"]) != sorted(taken):
                yield f"网关应走 {sorted(step['taken'])}，实际走了 {sorted(taken)}"
        if "values" in step:
            yield from self._values(plain(step["values"]))

    def _incidents(self, expected: str | None) -> Iterator[str]:
        found = [live.outcome.incident for live in self.player.live if live.outcome.incident]
        for incident in found:
            if incident.element != expected:
                yield f"流程在「{incident.element}」停下：{incident.sentence}"
        if expected and not any(incident.element == expected for incident in found):
            yield f"流程应在「{expected}」停下，实际没有"

    def _values(self, wanted: Mapping[str, Any]) -> Iterator[str]:
        """Of the instance started first."""
        data = values.from_json(self.player.live[0].instance.data)
        for name, value in wanted.items():
            if values.to_json(data.get(name)) != values.to_json(value):
                yield f"「{name}」应为 {value}，实际为 {data.get(name, '没有')}"
