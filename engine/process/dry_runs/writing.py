"""A play written down as a scenario of its folder, with what stands open after each step.

What is expected is what a second play shows in which services answer at once, as scenarios play it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import orjson

from engine.errors import EngineError
from engine.process import folder, scenarios, spiff
from engine.process.dry_runs.playing import Done, Run
from engine.process.player import Live

_DAY, _HOUR, _MINUTE = 86400, 3600, 60
_Results = dict[str, list[dict[str, Any]]]


class NotWritable(EngineError):
    """这次试运行不能存为场景"""

    code = "not_writable"


def scenario(run: Run, title: str) -> str:
    """The TOML text, which plays green; ``NotWritable`` says what a scenario cannot hold."""
    results = _results(run.done)
    head = [f"title = {_written(title)}", f"at = {run.play.at.isoformat()}", "", "[start]"]
    head += [f"data = {_written(run.play.start)}"]
    head += [f"facts = {_written(run.play.facts)}"] if any(run.play.facts.values()) else []
    if results:
        head += ["", "[operations]"]
        head += [f"{_key(element)} = {_answers(given)}" for element, given in results.items()]
    text = "\n".join([*head, *_steps(run, results)]) + "\n"
    played = scenarios.play(folder.parse(run.files), "", text)
    if not played.passed:
        raise NotWritable(played.failures[0].sentence)
    return text


def _results(done: list[Done]) -> _Results:
    """Service task -> what it gave, each time."""
    found: _Results = {}
    for each in done:
        if each.is_service:
            command = each.command
            code = command.get("code")
            given = {"result": command.get("data") or {}} if code is None else {"error": code}
            found.setdefault(command["element"], []).append(given)
    return found


def _answers(given: list[dict[str, Any]]) -> str:
    """A scenario gives the last one of a list for ever."""
    if all(each == given[0] for each in given):
        return _written(given[0])
    return f"[\n{''.join(f'  {_written(each)},' + chr(10) for each in given)}]"


def _steps(run: Run, results: _Results) -> Iterator[str]:
    left = {element: list(given) for element, given in results.items()}

    def simulate(_live: Live, parked: spiff.Parked) -> Mapping[str, Any] | str | None:
        answers = left.get(parked.element)
        if not answers:
            return None
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return str(answer["error"]) if "error" in answer else answer["result"]

    again = Run(run.files, replace(run.play, commands=()), by_hand=False, simulate=simulate)
    for each in run.done:
        if each.is_service:
            continue
        again.do(_again(each))
        yield "\n[[step]]"
        yield from _action(each)
        yield from _expected(again)


def _again(done: Done) -> Mapping[str, Any]:
    """The same moment, also where the first play had waited for a service meanwhile."""
    if done.command["do"] == "next":
        return {"do": "wait", "for": _duration(done.waited)}
    return done.command


def _action(done: Done) -> Iterator[str]:
    command = done.command
    do = command["do"]
    if do in ("wait", "next"):
        yield f"wait = {_written(_duration(done.waited))}"
        return
    if do == "error":
        yield f"error = {_written(command['code'])}"
        yield f"task = {_written(command['element'])}"
    elif do == "facts":
        yield f"facts = {_written(command['facts'])}"
    else:
        yield f"{do} = {_written(command['element' if do == 'complete' else 'name'])}"
    if done.local:
        yield f"item = {_written(done.local)}"
    if data := {k: v for k, v in (command.get("data") or {}).items() if v is not None}:
        yield f"data = {_written(data)}"


def _expected(again: Run) -> Iterator[str]:
    shown = again.shown()
    if shown.standstills:
        yield f"incident = {_written(shown.standstills[0].element)}"
    elif shown.ended:
        yield "ended = true"
    else:
        yield f"open = {_written(sorted(task.element for task in shown.open))}"


def _duration(waited: timedelta) -> str:
    seconds = -(-int(waited / timedelta(microseconds=1)) // 1_000_000)  # never short of the timer
    days, rest = divmod(seconds, _DAY)
    parts = [(rest // _HOUR, "H"), (rest % _HOUR // _MINUTE, "M"), (rest % _MINUTE, "S")]
    clock_ = "".join(f"{count}{unit}" for count, unit in parts if count)
    return f"P{f'{days}D' if days or not clock_ else ''}{f'T{clock_}' if clock_ else ''}"


# ---------------------------------------------------------------- TOML


def _key(name: str) -> str:
    return name if name.isascii() and name.isidentifier() else _text(name)


def _text(value: str) -> str:
    return orjson.dumps(value).decode().replace("\x7f", "\\u007f")


def _written(value: Any) -> str:  # noqa: PLR0911  one line per kind
    """Entries without a value are left out: TOML has no null, and FEEL reads a missing name as one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = (f"{_text(k)} = {_written(v)}" for k, v in value.items() if v is not None)
        return f"{{ {', '.join(inner)} }}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(each) for each in value)}]"
    raise NotWritable("场景写不下空的列表项和时长，请改用别的值")
