"""Each event of a play as one Chinese sentence, and the flows that its tokens took."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import clock, feel
from engine.process import values
from engine.process.dry_runs.sketch import Sketch
from engine.process.player import Event

#: Told by what happened there, not by having been passed.
_QUIET = frozenset({"userTask", "serviceTask", "businessRuleTask", "receiveTask"})
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_HEARD = {"timer": "到时", "signal": "收到信号「{name}」", "message": "收到消息「{name}」"}
_LONGEST = 60


@dataclass(frozen=True)
class Told:
    """An event as the page shows it."""

    at: datetime
    number: int
    kind: str
    element: str
    sentence: str


def tell(log: Iterable[Event], sketch: Sketch) -> list[Told]:
    return [
        Told(e.at, e.number, e.kind, e.element, sentence)
        for e in log
        if (sentence := _sentence(e, sketch))
    ]


def _sentence(event: Event, sketch: Sketch) -> str:
    detail, name = event.detail, sketch.name_of(event.element)
    if event.kind == "decided":
        return _decision(event, sketch)
    if event.kind == "passed":
        return _passed(event.element, sketch)
    words = {
        "name": name,
        "process": sketch.outline.name if detail.get("process") == sketch.outline.key else "",
        "lane": f"，岗位：{detail['lane']}" if detail.get("lane") else "",
        "written": _written(detail.get("data") or {}),
        "sort": "信号" if detail.get("sort") == "signal" else "消息",
        "sent": detail.get("name", ""),
        "code": detail.get("code", ""),
        "sentence": detail.get("sentence", ""),
    }
    words["process"] = words["process"] or detail.get("process", "")
    return _SENTENCES[event.kind].format(**words)


_SENTENCES = {
    "started": "流程“{process}”启动",
    "opened": "“{name}”成为待办{lane}",
    "held": "服务任务“{name}”等待结果",
    "completed": "“{name}”办结{written}",
    "failed": "“{name}”以错误 {code} 结束",
    "sent": "“{name}”发出{sort}「{sent}」",
    "incident": "“{name}”停下：{sentence}",
    "ended": "流程结束",
}


def _passed(element: str, sketch: Sketch) -> str:
    node = sketch.outline.nodes.get(element)
    if node is None or node.kind in _QUIET or node.kind in _CHOOSING:
        return ""
    name = sketch.name_of(element)
    for kind, waited in node.waits:
        if kind in _HEARD:
            return f"“{name}”{_HEARD[kind].format(name=waited)}"
    if node.kind.endswith("Gateway"):
        return _gateway(node.kind, name, len(node.outgoing), sketch)
    return f"进入“{name}”" if node.kind in ("subProcess", "callActivity") else f"走过“{name}”"


def _gateway(kind: str, name: str, ways: int, sketch: Sketch) -> str:
    if kind == "eventBasedGateway":
        return f"在“{name}”等待，先到的事件决定去向"
    return f"并行网关“{name}”分成 {ways} 路" if ways > 1 else f"并行网关“{name}”汇合"


def _written(data: Mapping[str, Any]) -> str:
    given = [f"{name} = {shown(value)}" for name, value in data.items() if value is not None]
    return f"，写入 {'，'.join(given)}" if given else ""


def _decision(event: Event, sketch: Sketch) -> str:
    detail, name = event.detail, sketch.name_of(event.element)
    read = "，".join(f"{key} = {shown(value)}" for key, value in detail["read"].items())
    because = f"（{read}）" if read else ""
    if sketch.kind_of(event.element) == "businessRuleTask":
        rows = "、".join(map(str, detail["rows"]))
        return (
            f"决策“{name}”适用第 {rows} 行{because}"
            if rows
            else f"决策“{name}”没有适用的行{because}"
        )
    node = sketch.outline.nodes.get(event.element)
    if node is not None and len(node.outgoing) == 1:
        return ""  # a gateway that only joins chooses nothing
    ways = "、".join(sketch.name_of(flow) for flow in detail["flows"])
    held = [sketch.conditions[flow] for flow in detail["flows"] if flow in sketch.conditions]
    why = f"，条件 {'；'.join(held)} 成立" if held else "，其他条件都不成立"
    return f"网关“{name}”选择 {ways}{why}{because}"


def shown(stored: Any) -> str:
    """A stored value as one reads it, cut when it is long."""
    value = values.from_json(stored)
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.COURT_ZONE):%Y-%m-%d %H:%M}"
    text = feel.to_text(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


# ---------------------------------------------------------------- flows


def steps(log: Sequence[Event], standing: Iterable[str], sketch: Sketch) -> list[list[str]]:
    """The flows that tokens took in these events, in their order; those that begin together in one list."""
    found: list[list[str]] = []
    for number in dict.fromkeys(event.number for event in log):
        own = [event for event in log if event.number == number]
        found += [flows for flows in _taken(own, set(standing), sketch) if flows]
    return found


def _taken(log: Sequence[Event], standing: set[str], sketch: Sketch) -> Iterator[list[str]]:
    outline = sketch.outline
    chosen: dict[str, list[tuple[str, ...]]] = {}
    for event in log:
        if event.kind == "decided":
            chosen.setdefault(event.element, []).append(event.detail["flows"])
    way = [e.element for e in log if e.kind == "passed"]
    standing |= {e.element for e in log if e.kind == "opened"}
    for index, element in enumerate(way):
        node = outline.nodes.get(element)
        if node is None or element in way[index + 1 : index + 2]:
            continue
        if node.kind in _CHOOSING:
            choices = chosen.get(element) or [()]
            yield [flow for flow in choices.pop(0) if flow in outline.flows]
            continue
        reached = {*way[index + 1 :], *standing}
        yield [f for f in node.outgoing if outline.flows[f].target in reached]
