"""References, sequence flows, starts and ends, and what no start leads to."""

from collections.abc import Iterator

from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Element, Scope
from engine.process.spiff.diagram import (
    children,
    definitions_of,
    index,
    is_event_subprocess,
    local,
    tag,
    text_of,
)

_REFERENCES = {
    "messageRef": ("message", "消息"),
    "signalRef": ("signal", "信号"),
    "errorRef": ("error", "错误"),
    "escalationRef": ("escalation", "升级"),
}


def references(root: Element) -> Iterator[Finding]:
    """References to messages, signals, errors, called processes and shared definitions, anywhere in the file."""
    by_id = index(root)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute, (kind, name) in _REFERENCES.items():
            ref = element.get(attribute)
            if ref and (
                ref.split(":")[-1] not in by_id or local(by_id[ref.split(":")[-1]]) != kind
            ):
                yield finding(
                    element,
                    "unknown-reference",
                    f"引用的{name}「{ref}」不存在",
                    f"请选择一个已有的{name}",
                )
        if local(element) == "eventDefinitionRef":
            yield finding(
                element,
                "unknown-reference",
                f"引用的事件定义「{text_of(element)}」不存在",
                "请直接在事件上设置",
            )
    for call in root.iter(tag("callActivity")):
        called = by_id.get(call.get("calledElement", "").split(":")[-1])
        if called is None or local(called) != "process" or called.get("isExecutable") == "false":
            yield finding(
                call,
                "unknown-call",
                f"调用的流程「{call.get('calledElement', '')}」不存在或不可执行",
                "请选择一个可执行的流程",
            )
        elif not any(not definitions_of(s) for s in children(called, "startEvent")):
            yield finding(
                call,
                "unknown-call",
                "调用的流程没有普通的启动事件",
                "请给被调用的流程加一个不带触发条件的启动事件",
            )


def flow_findings(scope: Scope) -> Iterator[Finding]:
    yield from _flows(scope)
    yield from _ends_and_starts(scope)
    yield from _reached(scope)


def _flows(scope: Scope) -> Iterator[Finding]:
    seen: set[tuple[str | None, str | None]] = set()
    for flow in scope.flows:
        for attribute, end in (("sourceRef", "起点"), ("targetRef", "终点")):
            if flow.get(attribute) not in scope.ids:
                yield finding(
                    flow, "loose-flow", f"这条流程线的{end}不存在或在另一个子流程里", "请重新连接"
                )
        pair = flow.get("sourceRef"), flow.get("targetRef")
        if pair in seen:
            yield finding(
                flow, "double-flow", "两个元素之间画了两条流程线", "请只留一条，把条件合并"
            )
        seen.add(pair)
    for node in scope.nodes:
        for ref in children(node, "incoming"):
            if text_of(ref) not in {f.get("id") for f in scope.incoming(node)}:
                yield finding(
                    node,
                    "loose-flow",
                    f"标明的进入流程线「{text_of(ref)}」并不连到这里",
                    "请重新连接",
                )
        for ref in children(node, "outgoing"):
            if text_of(ref) not in {f.get("id") for f in scope.outgoing(node)}:
                yield finding(
                    node,
                    "loose-flow",
                    f"标明的离开流程线「{text_of(ref)}」并不从这里出发",
                    "请重新连接",
                )


def _ends_and_starts(scope: Scope) -> Iterator[Finding]:
    starts, kind = scope.of("startEvent"), local(scope.element)
    if not starts:
        yield finding(scope.element, "no-start", "没有启动事件", "请加一个启动事件")
    if kind != "process" and len(starts) > 1:
        yield finding(starts[1], "several-starts", "子流程有不止一个启动事件", "请只留一个")
    if not scope.of("endEvent"):
        yield finding(
            scope.element, "no-end", "没有结束事件，流程永远不会结束", "请在最后一步之后加结束事件"
        )
    for node in scope.nodes:
        name, event_subprocess = local(node), is_event_subprocess(node)
        if name == "startEvent" and scope.incoming(node):
            yield finding(node, "into-start", "有流程线连入启动事件", "请连到启动事件之后的元素")
        if name == "endEvent" and scope.outgoing(node):
            yield finding(node, "out-of-end", "有流程线从结束事件出发", "请改为中间事件")
        if event_subprocess and (scope.incoming(node) or scope.outgoing(node)):
            yield finding(
                node, "event-subprocess-flow", "事件子流程不能连流程线", "请删去连到它的流程线"
            )
        links = {local(d) for d in definitions_of(node)} == {"linkEventDefinition"}
        needs_in = (
            name not in ("startEvent", "boundaryEvent")
            and not event_subprocess
            and not (links and name == "intermediateCatchEvent")
        )
        needs_out = (
            name != "endEvent"
            and not event_subprocess
            and not (links and name == "intermediateThrowEvent")
        )
        if needs_in and not scope.incoming(node):
            yield finding(
                node,
                "no-incoming",
                "没有流程线连到这里，永远不会执行",
                "请连一条流程线进来，或删去这个元素",
            )
        if needs_out and not scope.outgoing(node):
            yield finding(node, "no-outgoing", "之后没有任何元素", "请连到下一步或结束事件")


def _reached(scope: Scope) -> Iterator[Finding]:
    """Elements in a ring that no start leads to have incoming flows and are dropped all the same."""
    stack = [n for n in scope.nodes if local(n) == "startEvent" or is_event_subprocess(n)]
    links = {
        d.get("name"): e
        for e in scope.of("intermediateCatchEvent")
        for d in children(e, "linkEventDefinition")
    }
    seen = {n.get("id") for n in stack}
    while stack:
        node = stack.pop()
        following = [scope.by_id.get(f.get("targetRef", "")) for f in scope.outgoing(node)]
        following += [
            b for b in scope.of("boundaryEvent") if b.get("attachedToRef") == node.get("id")
        ]
        following += [links.get(d.get("name")) for d in children(node, "linkEventDefinition")]
        for other in following:
            if other is not None and other.get("id") not in seen:
                seen.add(other.get("id"))
                stack.append(other)
    for node in scope.nodes:
        if node.get("id") not in seen and scope.incoming(node):
            yield finding(node, "unreachable", "从启动事件走不到这里", "请把它连到流程里，或删去")
