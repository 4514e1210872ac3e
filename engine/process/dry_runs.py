"""A designer's dry run in the browser: the folder as it is drawn now, played command by command.

    run(files, {"金额": 5}, [{"do": "complete", "element": "填写", "data": {"结论": "同意"}}])

Nothing is kept between requests: the page sends every command again and the play begins anew, so
that going back is leaving the last ones out. Each event is told with its element and one sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from engine import clock, xml
from engine.errors import EngineError
from engine.process import folder, spiff, values
from engine.process.player import Event, Live, Player
from engine.process.spiff.diagram import id_of


class CannotDo(EngineError):
    """这一步现在做不了"""

    code = "cannot_do"


@dataclass(frozen=True)
class Told:
    """An event as the page shows it."""

    at: datetime
    number: int
    kind: str
    element: str
    sentence: str


@dataclass(frozen=True)
class OpenTask:
    number: int
    element: str
    name: str
    lane: str | None
    #: Item of a multi-instance task.
    local: Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """Where the play stands after the commands."""

    now: datetime
    told: tuple[Told, ...]
    #: How many of the events are those of the last command, or of the start.
    fresh: int
    open: tuple[OpenTask, ...]
    #: Elements that wait: tasks, events, jobs.
    tokens: tuple[str, ...]
    #: Of the instance started first.
    variables: Mapping[str, Any]
    next_due: datetime | None
    ended: bool


@dataclass
class _Run:
    player: Player
    names: Mapping[str, str]
    facts: dict[str, Mapping[str, Any]] = field(default_factory=dict)


def run(
    files: Mapping[str, str],
    start: Mapping[str, Any],
    commands: Sequence[Mapping[str, Any]],
    *,
    facts: Mapping[str, Mapping[str, Any]] | None = None,
    now: datetime | None = None,
) -> Shown:
    """Plays all commands; the folder must have passed the check. ``CannotDo`` names the command that fails.

    ``do``: complete (element, data, number), error (element, code), wait (for: ISO 8601 duration),
    next (to the next due timer), message or signal (name, data), facts (facts).
    """
    playing = _begin(files, facts or {}, now or clock.now())
    playing.player.start(next(iter(playing.player.definition.processes)), start)
    fresh = 0
    for number, command in enumerate(commands, 1):
        fresh = len(playing.player.log)
        try:
            _do(playing, command)
        except (EngineError, spiff.NotOpen, KeyError, ValueError) as error:
            raise CannotDo(f"第 {number} 步，{error}") from error
    return _shown(playing, len(playing.player.log) - fresh)


def _begin(files: Mapping[str, str], facts: Mapping[str, Mapping[str, Any]], now: datetime) -> _Run:
    known = dict(facts)

    def fact(name: str) -> Mapping[str, Any]:
        return known.get(name, {})

    player = Player(folder.parse(files), now, facts={name: partial(fact, name) for name in known})
    return _Run(player, _names(files[folder.DIAGRAM]), known)


def _names(diagram: str) -> dict[str, str]:
    elements = [e for e in xml.read(diagram).iter() if isinstance(e.tag, str) and e.get("id")]
    return {id_of(e): e.get("name") or id_of(e) for e in elements}


def _do(playing: _Run, command: Mapping[str, Any]) -> None:
    player, do, data = playing.player, command.get("do"), command.get("data") or {}
    if do in ("complete", "error"):
        live, task = _task(player, command)
        if do == "complete":
            player.complete(live, task.id, data)
        else:
            player.fail(live, task.id, str(command["code"]))
    elif do == "wait":
        player.wait_until(spiff.plus(player.now, str(command["for"])))
    elif do == "next":
        due = player.next_due()
        if due is None:
            raise CannotDo("没有在等待的定时")
        player.wait_until(max(due, player.now))
    elif do in ("message", "signal"):
        player.send(do, str(command["name"]), data)
    elif do == "facts":
        playing.facts |= command.get("facts") or {}
    else:
        raise CannotDo(f"不认识「{do}」")


def _task(player: Player, command: Mapping[str, Any]) -> tuple[Live, spiff.UserTask]:
    number = command.get("number")
    for live, task in player.open_tasks():
        if task.element == command.get("element") and number in (None, live.number):
            return live, task
    raise CannotDo(f"「{command.get('element')}」没有待办")


# ---------------------------------------------------------------- what is shown


def _shown(playing: _Run, fresh: int) -> Shown:
    player = playing.player
    first = player.live[0]
    return Shown(
        now=player.now,
        told=tuple(
            Told(e.at, e.number, e.kind, e.element, _sentence(e, playing.names)) for e in player.log
        ),
        fresh=fresh,
        open=tuple(
            OpenTask(
                live.number, task.element, task.name, task.lane, values.from_json(dict(task.local))
            )
            for live, task in player.open_tasks()
        ),
        tokens=tuple(sorted({e for live in player.live for e in spiff.standing(live.instance)})),
        variables=values.from_json(first.instance.data),
        next_due=player.next_due(),
        ended=player.ended,
    )


def _sentence(event: Event, names: Mapping[str, str]) -> str:
    detail = event.detail
    if event.kind == "decided":
        return _decision(names.get(event.element, event.element), detail, names)
    words = {
        "name": names.get(event.element, event.element),
        "process": names.get(detail.get("process", ""), ""),
        "lane": f"，岗位：{detail['lane']}" if detail.get("lane") else "",
        "written": f"，写入 {'、'.join(detail['data'])}" if detail.get("data") else "",
        "sort": "信号" if detail.get("sort") == "signal" else "消息",
        "sent": detail.get("name", ""),
        "code": detail.get("code", ""),
        "sentence": detail.get("sentence", ""),
    }
    return _SENTENCES[event.kind].format(**words)


_SENTENCES = {
    "started": "流程“{process}”启动",
    "passed": "走过“{name}”",
    "opened": "“{name}”成为待办{lane}",
    "completed": "“{name}”办结{written}",
    "failed": "“{name}”以错误 {code} 结束",
    "sent": "“{name}”发出{sort}「{sent}」",
    "incident": "{sentence}",
    "ended": "流程结束",
}


def _decision(name: str, detail: Mapping[str, Any], names: Mapping[str, str]) -> str:
    read = "，".join(f"{key} = {_value(value)}" for key, value in detail["read"].items())
    because = f"（{read}）" if read else ""
    if detail["rows"]:
        return f"决策“{name}”适用第 {'、'.join(map(str, detail['rows']))} 行{because}"
    return f"网关“{name}”选择 {'、'.join(names.get(f, f) for f in detail['flows'])}{because}"


def _value(stored: Any) -> str:
    value = values.from_json(stored)
    return "空" if value is None else str(value)
