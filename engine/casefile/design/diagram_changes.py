"""What a designer has changed in a diagram: element by element, in sentences.

Read from the two files as they are, also when one of them would not pass the check. Compared is what
runs and what people read; where a shape stands counts as moved.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine import xml
from engine.process import spiff

#: Words for the elements that people draw.
KINDS: Mapping[str, str] = {
    "userTask": "用户任务",
    "serviceTask": "服务任务",
    "businessRuleTask": "决策任务",
    "task": "任务",
    "manualTask": "手工任务",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "scriptTask": "脚本任务",
    "callActivity": "调用活动",
    "subProcess": "子流程",
    "transaction": "事务子流程",
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "intermediateCatchEvent": "等待事件",
    "intermediateThrowEvent": "抛出事件",
    "boundaryEvent": "边界事件",
    "exclusiveGateway": "排他网关",
    "inclusiveGateway": "包容网关",
    "parallelGateway": "并行网关",
    "eventBasedGateway": "事件网关",
    "complexGateway": "复杂网关",
    "sequenceFlow": "连线",
    "lane": "泳道",
    "process": "流程",
}
_SCREENS = {
    "transfer": "事项信息",
    "document": "文书制作与签章",
    "approval": "文书审批",
    "field_task": "外勤事项",
}
_SCOPES = {"handler": "本案承办人", "team": "团队中该岗位的人", "court": "全院该岗位的人"}
_TRIGGERS = {
    "messageEventDefinition": "消息",
    "signalEventDefinition": "信号",
    "timerEventDefinition": "定时",
    "errorEventDefinition": "错误",
    "escalationEventDefinition": "升级",
    "conditionalEventDefinition": "条件",
    "terminateEventDefinition": "终止",
    "linkEventDefinition": "链接",
    "cancelEventDefinition": "取消",
}
#: Properties that hold the id of another element.
_REFERRING = frozenset({"默认出口", "所附任务"})
_UNITS = {"D": "天", "W": "周", "TH": "小时", "TM": "分钟"}
_DC = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"

Element = etree._Element


@dataclass(frozen=True)
class Change:
    """``kind``: added, changed, removed or moved. ``sentence`` is empty for what is only drawn otherwise."""

    kind: str
    element: str
    sentence: str


@dataclass(frozen=True)
class _Node:
    id: str
    kind: str
    name: str
    lane: str
    source: str
    target: str
    #: Words of a property -> its value, as people read it.
    told: Mapping[str, str]
    bounds: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"“{self.name}”" if self.name else f"“{self.id}”"


def compare(old: str, new: str) -> list[Change]:
    """Added first, then changed, removed, moved; [] when nothing differs or a file is no diagram."""
    before, after = _nodes(old), _nodes(new)
    found = [
        *(_added(after[id_], before, after) for id_ in after if id_ not in before),
        *(
            change
            for id_ in after
            if id_ in before
            for change in _changed(before[id_], after[id_], before, after)
        ),
        *(_removed(before[id_], after, before) for id_ in before if id_ not in after),
    ]
    order = ("added", "changed", "removed", "moved")
    return sorted(found, key=lambda change: order.index(change.kind))


# ---------------------------------------------------------------- sentences


def _added(node: _Node, before: Mapping[str, _Node], after: Mapping[str, _Node]) -> Change:
    if node.kind == "sequenceFlow":
        new_end = {node.source, node.target} - before.keys()
        sentence = (
            ""
            if new_end
            else f"增加从{_name(node.source, after)}到{_name(node.target, after)}的连线。"
        )
        if sentence and node.told.get("条件"):
            sentence = f"{sentence[:-1]}，条件为“{node.told['条件']}”。"
        return Change("added", node.id, sentence)
    where = _before_which(node, after)
    told = [f"{where}增加{KINDS[node.kind]}{node.title}"]
    if node.kind not in ("lane", "process") and node.lane:
        told.append(f"在泳道“{node.lane}”")
    told += [
        f"{words}{_shown(words, value, after)}"
        for words, value in node.told.items()
        if words != "说明"
    ]
    return Change("added", node.id, "，".join(told) + "。")


def _before_which(node: _Node, after: Mapping[str, _Node]) -> str:
    """``“财产处置”前`` when it leads to one thing that has a name."""
    targets = [f.target for f in after.values() if f.source == node.id]
    following = after.get(targets[0]) if len(targets) == 1 else None
    return f"{following.title}前" if following and following.name else ""


def _removed(node: _Node, after: Mapping[str, _Node], before: Mapping[str, _Node]) -> Change:
    if node.kind == "sequenceFlow":
        gone = {node.source, node.target} - after.keys()
        ends = f"从{_name(node.source, before)}到{_name(node.target, before)}"
        return Change("removed", node.id, "" if gone else f"删除{ends}的连线。")
    return Change("removed", node.id, f"删除{KINDS[node.kind]}{node.title}。")


def _changed(
    old: _Node, new: _Node, before: Mapping[str, _Node], after: Mapping[str, _Node]
) -> Iterator[Change]:
    told = list(_differences(old, new, before, after))
    if told:
        yield from (Change("changed", new.id, sentence) for sentence in told)
    elif (old.source, old.target) != (new.source, new.target):
        yield Change("changed", new.id, "")
    elif old.bounds != new.bounds and new.kind not in ("sequenceFlow", "process"):
        yield Change("moved", new.id, "")


def _differences(
    old: _Node, new: _Node, before: Mapping[str, _Node], after: Mapping[str, _Node]
) -> Iterator[str]:
    title = _flow_title(new, after) if new.kind == "sequenceFlow" else new.title
    if old.kind != new.kind:
        yield f"{title}由{KINDS[old.kind]}改为{KINDS[new.kind]}。"
    if old.name != new.name:
        yield f"{KINDS[new.kind]}的名称由“{old.name}”改为“{new.name}”。"
    if old.lane != new.lane:
        yield f"{title}由泳道“{old.lane or '（无）'}”移到“{new.lane or '（无）'}”。"
    ends = {new.source, new.target, old.source, old.target}
    # A line that was led through a new element is told with that element.
    if (old.source, old.target) != (
        new.source,
        new.target,
    ) and ends <= before.keys() & after.keys():
        yield (
            f"连线由“从{_name(old.source, before)}到{_name(old.target, before)}”"
            f"改为“从{_name(new.source, after)}到{_name(new.target, after)}”。"
        )
    for words in dict.fromkeys((*old.told, *new.told)):
        was, now = old.told.get(words, ""), new.told.get(words, "")
        if was and now and was != now:
            shown = _shown(words, was, before), _shown(words, now, after)
            yield f"{title}的{words}由{shown[0]}改为{shown[1]}。"
        elif now and not was:
            yield f"{title}增加{words}{_shown(words, now, after)}。"
        elif was and not now:
            yield f"{title}删去{words}{_shown(words, was, before)}。"


def _shown(words: str, value: str, nodes: Mapping[str, _Node]) -> str:
    """What a property says; of an element that it refers to, the name."""
    if words not in _REFERRING:
        return f"“{value}”"
    node = nodes.get(value)
    if node is not None and node.kind == "sequenceFlow" and not node.name:
        return _name(node.target, nodes)
    return _name(value, nodes)


def _flow_title(flow: _Node, nodes: Mapping[str, _Node]) -> str:
    if flow.name:
        return flow.title
    return f"从{_name(flow.source, nodes)}到{_name(flow.target, nodes)}的连线"


def _name(id_: str, nodes: Mapping[str, _Node]) -> str:
    node = nodes.get(id_)
    return node.title if node else f"“{id_}”"


# ---------------------------------------------------------------- reading


def _nodes(text: str) -> dict[str, _Node]:
    try:
        root = xml.read(text)
    except xml.XmlRefused:
        return {}
    lanes = _lanes(root)
    bounds = _bounds(root)
    named = {e.get("id"): e for e in root.iter() if e.get("id")}
    found = {}
    for kind in KINDS:
        for element in root.iter(spiff.tag(kind)):
            id_ = element.get("id", "")
            if id_:
                found[id_] = _Node(
                    id_,
                    kind,
                    _line(element.get("name")),
                    lanes.get(id_, ""),
                    element.get("sourceRef", ""),
                    element.get("targetRef", ""),
                    dict(_told(element, named)),
                    bounds.get(id_, ()),
                )
    return found


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _lanes(root: Element) -> dict[str, str]:
    return {
        (reference.text or "").strip(): _line(lane.get("name"))
        for lane in root.iter(spiff.tag("lane"))
        for reference in spiff.children(lane, "flowNodeRef")
    }


def _bounds(root: Element) -> dict[str, tuple[str, ...]]:
    found = {}
    for shape in root.iter(f"{{{_DI}}}BPMNShape"):
        for box in shape.findall(_DC):
            place = tuple(
                str(round(float(box.get(n, "0") or 0))) for n in ("x", "y", "width", "height")
            )
            found[shape.get("bpmnElement", "")] = place
    return found


def _told(element: Element, named: Mapping[Any, Element]) -> Iterator[tuple[str, str]]:
    """Everything that an element says beside its name, with the words of the panel."""

    def own(name: str) -> str:
        return element.get(f"{{{spiff.OURS}}}{name}", "")

    yield from _text(element, "documentation", "说明")
    yield from _text(element, "conditionExpression", "条件")
    for words, value in (
        ("页面", _SCREENS.get(own("screen"), own("screen"))),
        ("表单", own("form").removesuffix(".form")),
        ("办理人", _SCOPES.get(own("scope"), own("scope"))),
        ("办理期限", _duration(own("due"))),
        ("优先级", own("priority")),
        ("指定办理人", own("assignee")),
        ("决策", own("decision")),
        ("结果变量", own("result")),
        ("调用的流程", element.get("calledElement", "")),
        ("默认出口", element.get("default", "")),
        ("所附任务", element.get("attachedToRef", "")),
        ("触发后", "不中断任务" if element.get("cancelActivity") == "false" else ""),
    ):
        if value:
            yield words, value
    yield from _extensions(element)
    yield from _events(element, named)
    yield from _repeats(element)


def _duration(written: str) -> str:
    """``3天`` for ``P3D``; what is less simple stays as it is."""
    found = re.fullmatch(r"P(T?)(\d+)([DWHM])", written)
    unit = found and _UNITS.get(found[1] + found[3])
    return f"{found[2]}{unit}" if found and unit else written


def _text(element: Element, name: str, words: str) -> Iterator[tuple[str, str]]:
    for child in spiff.children(element, name):
        if _line(child.text):
            yield words, _line(child.text)


def _referred(id_: str | None, named: Mapping[Any, Element]) -> str:
    element = named.get(id_)
    return (id_ or "") if element is None else _line(element.get("name")) or (id_ or "")


def _extensions(element: Element) -> Iterator[tuple[str, str]]:
    for holder in spiff.children(element, "extensionElements"):
        for one in holder:
            if not isinstance(one.tag, str):
                continue
            kind, name = etree.QName(one).localname, one.get("name", "")
            if kind == "operation":
                yield "操作", name
                for parameter in one:
                    yield f"参数{parameter.get('name', '')}", parameter.get("value") or "（空）"
            elif kind == "property":
                yield f"性质{name}", one.get("value") or "（空）"
            elif kind == "variable":
                yield (
                    f"启动数据{name}",
                    f"{one.get('title') or name} {one.get('type') or ''}".strip(),
                )
            elif kind == "simulation":
                yield "模拟结果", one.get("value", "")


def _events(element: Element, named: Mapping[Any, Element]) -> Iterator[tuple[str, str]]:
    for definition in spiff.children(element, *_TRIGGERS):
        words = _TRIGGERS[etree.QName(definition).localname]
        references = [v for k, v in definition.attrib.items() if str(k).endswith("Ref")]
        inside = [_line(child.text) for child in definition if _line(child.text)]
        value = [_referred(str(r), named) for r in references] + inside
        yield words, "、".join(value) or definition.get("name") or "有"


def _repeats(element: Element) -> Iterator[tuple[str, str]]:
    for loop in spiff.children(
        element, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"
    ):
        told = [
            f"{etree.QName(child).localname} {_line(child.text) or child.get('name', '')}"
            for child in loop
            if isinstance(child.tag, str)
        ]
        one_by_one = "逐项" if loop.get("isSequential") == "true" else "同时"
        word = (
            "循环"
            if etree.QName(loop).localname.startswith("standard")
            else f"多项办理（{one_by_one}）"
        )
        yield word, "，".join(told) or "有"
