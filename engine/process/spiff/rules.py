"""Errors that can be proved from the drawing: references, flows, gateways. Events and loops are in ``rules_events``."""

from collections.abc import Iterable, Iterator

from engine.process.spiff import feel, rules_events
from engine.process.spiff.diagram import (
    ACTIVITIES,
    OURS,
    children,
    definitions_of,
    first,
    index,
    is_event_subprocess,
    local,
    tag,
    text_of,
)
from engine.process.spiff.findings import Finding, finding
from engine.process.spiff.scope import Element, Scope


def scope_findings(
    element: Element, root: Element, operations: Iterable[str] | None
) -> Iterator[Finding]:
    scope = Scope(element, root)
    yield from _flows(scope)
    yield from _ends_and_starts(scope)
    yield from _reached(scope)
    yield from _gateways(scope)
    yield from _conditions(scope)
    yield from _activities(scope, None if operations is None else set(operations))
    yield from rules_events.event_findings(scope)
    yield from rules_events.loop_findings(scope)


# ---------------------------------------------------------------- references

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


# ---------------------------------------------------------------- flows, starts and ends


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


# ---------------------------------------------------------------- gateways and conditions


def _gateways(scope: Scope) -> Iterator[Finding]:
    for gateway in scope.of("exclusiveGateway", "inclusiveGateway"):
        out, default = scope.outgoing(gateway), gateway.get("default")
        unclear = [
            f for f in out if first(f, "conditionExpression") is None and f.get("id") != default
        ]
        if len(out) > 1:
            for flow in unclear:
                yield finding(
                    flow,
                    "no-condition",
                    "网关的这个出口没有条件，也不是默认出口",
                    "请写上条件或设为默认出口",
                )
            if not default:
                yield finding(
                    gateway,
                    "no-default",
                    "没有默认出口；所有条件都不成立时流程会停下",
                    "请设一个默认出口",
                    warning=True,
                )
    for node in scope.nodes:
        default = node.get("default")
        if default and default not in {f.get("id") for f in scope.outgoing(node)}:
            yield finding(
                node, "foreign-default", "默认出口不是从这里出发的流程线", "请重新选择默认出口"
            )
    for gateway in scope.of("eventBasedGateway"):
        if len(scope.outgoing(gateway)) < 2:
            yield finding(
                gateway, "event-gateway", "事件网关至少要有两个分支", "请加一个分支或删去网关"
            )
        for flow in scope.outgoing(gateway):
            target = scope.by_id.get(flow.get("targetRef", ""))
            if target is None:
                continue
            waits = local(target) in ("intermediateCatchEvent", "receiveTask") and not children(
                target, "linkEventDefinition"
            )
            if not waits or any(
                b.get("attachedToRef") == target.get("id") for b in scope.of("boundaryEvent")
            ):
                yield finding(
                    target,
                    "event-gateway",
                    "事件网关的分支必须以捕获事件或接收任务开始",
                    "请在网关之后先放一个捕获事件",
                )
            elif len(scope.incoming(target)) > 1:
                yield finding(
                    target,
                    "event-gateway",
                    "事件网关的分支不能另有流程线连入",
                    "请删去另一条流程线",
                )
    yield from _hopeless_joins(scope)


def _hopeless_joins(scope: Scope) -> Iterator[Finding]:
    """A parallel join straight behind an exclusive split waits for ever."""
    for join in scope.of("parallelGateway"):
        if len(scope.incoming(join)) < 2:
            continue
        splits = [_nearest_split(scope, f) for f in scope.incoming(join)]
        common = {s.get("id") for s in splits if s is not None}
        if (
            len(common) == 1
            and None not in splits
            and local(splits[0]) in ("exclusiveGateway", "eventBasedGateway")
        ):
            yield finding(
                join,
                "hopeless-join",
                "排他网关只走一条路，这个并行网关却等所有的路",
                "请改为排他网关汇合",
                warning=True,
            )


def _nearest_split(scope: Scope, flow: Element) -> Element | None:
    """Backwards through elements with one way in and one way out."""
    seen: set[str | None] = set()
    node = scope.by_id.get(flow.get("sourceRef", ""))
    while node is not None and node.get("id") not in seen:
        if len(scope.outgoing(node)) > 1:
            return node
        seen.add(node.get("id"))
        into = scope.incoming(node)
        node = scope.by_id.get(into[0].get("sourceRef", "")) if len(into) == 1 else None
    return None


def _conditions(scope: Scope) -> Iterator[Finding]:
    for flow in scope.flows:
        condition = first(flow, "conditionExpression")
        if condition is None:
            continue
        source = scope.by_id.get(flow.get("sourceRef", ""))
        text = text_of(condition)
        if source is not None and local(source) not in ACTIVITIES | {
            "exclusiveGateway",
            "inclusiveGateway",
        }:
            yield finding(
                flow,
                "stray-condition",
                "从这种元素出发的流程线不看条件",
                "请把条件移到排他网关或包容网关的出口上",
            )
        elif source is not None and source.get("default") == flow.get("id"):
            yield finding(
                flow,
                "default-condition",
                "默认出口写了条件，条件不起作用",
                "请删去条件",
                warning=True,
            )
        yield from expression(flow, text)


def expression(element: Element, text: str) -> Iterator[Finding]:
    fault = feel.fault(text) if text else "没有内容"
    if fault:
        yield finding(element, "expression", f"表达式「{text}」有误（{fault}）", "请改正表达式")


# ---------------------------------------------------------------- activities


def _activities(scope: Scope, operations: set[str] | None) -> Iterator[Finding]:
    for node in scope.of(*ACTIVITIES):
        if len(scope.incoming(node)) > 1:
            yield finding(
                node,
                "many-incoming",
                "有几条流程线连入，每来一次就办理一次",
                "若要等各路都到，请先放并行网关",
                warning=True,
            )
        if local(node) in ("sendTask", "receiveTask") and not (
            node.get("messageRef") or children(node, "messageEventDefinition")
        ):
            yield finding(node, "no-message", "没有指定消息", "请选择消息，或改为用户任务")
        if local(node) == "serviceTask":
            yield from _operation(node, operations)


def _operation(node: Element, operations: set[str] | None) -> Iterator[Finding]:
    call = next(node.iter(f"{{{OURS}}}operation"), None)
    if call is None or not call.get("name"):
        yield finding(node, "no-operation", "服务任务没有指定操作", "请选择操作")
        return
    if operations is not None and call.get("name") not in operations:
        yield finding(
            node, "unknown-operation", f"没有名为「{call.get('name')}」的操作", "请选择已有的操作"
        )
    for parameter in call.iter(f"{{{OURS}}}parameter"):
        yield from expression(node, (parameter.get("value") or "").strip())
