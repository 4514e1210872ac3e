"""Gateways that cannot choose or cannot join, and conditions where they mean nothing."""

from collections.abc import Iterator

from engine.process.check.expressions import expression
from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Element, Scope
from engine.process.spiff.diagram import ACTIVITIES, children, first, local, text_of


def gateway_findings(scope: Scope) -> Iterator[Finding]:
    yield from _choices(scope)
    yield from _event_gateways(scope)
    yield from _conditions(scope)


def _choices(scope: Scope) -> Iterator[Finding]:
    for gateway in scope.of("exclusiveGateway", "inclusiveGateway"):
        out, default = scope.outgoing(gateway), gateway.get("default")
        if len(out) == 1:
            continue
        for flow in out:
            if first(flow, "conditionExpression") is None and flow.get("id") != default:
                yield finding(
                    flow,
                    "no-condition",
                    "网关的这个出口没有条件，也不是默认出口",
                    "请写上条件或设为默认出口",
                )
        if out and not default:
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


def _event_gateways(scope: Scope) -> Iterator[Finding]:
    for gateway in scope.of("eventBasedGateway"):
        out = scope.outgoing(gateway)
        if len(out) <= 1:
            yield finding(
                gateway, "event-gateway", "事件网关至少要有两个分支", "请加一个分支或删去网关"
            )
        for flow in out:
            target = scope.by_id.get(flow.get("targetRef", ""))
            if target is not None:
                yield from _event_branch(scope, target)


def _event_branch(scope: Scope, target: Element) -> Iterator[Finding]:
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
            target, "event-gateway", "事件网关的分支不能另有流程线连入", "请删去另一条流程线"
        )


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
