"""Which events may stand where, and throw or catch what."""

from collections.abc import Iterator

from engine.process.check.expressions import expression
from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Element, Scope
from engine.process.spiff import feel, timers
from engine.process.spiff.diagram import (
    ACTIVITIES,
    KINDS,
    Trigger,
    children,
    definitions_of,
    is_event_subprocess,
    local,
    trigger,
    triggers,
)

#: Position of an event -> the kinds that have a meaning there.
_KINDS_AT = {
    "start": {"message", "signal", "timer"},
    "event subprocess": {"message", "signal", "timer", "error", "escalation", "condition"},
    "subprocess": set(),
    "endEvent": {"message", "signal", "error", "escalation", "terminate", "cancel"},
    "intermediateCatchEvent": {"message", "signal", "timer", "condition", "link"},
    "intermediateThrowEvent": {"message", "signal", "escalation", "link"},
    "boundaryEvent": {"message", "signal", "timer", "error", "escalation", "condition", "cancel"},
}

_NAMES = {
    "message": "消息", "signal": "信号", "timer": "定时", "error": "错误", "escalation": "升级",
    "condition": "条件", "cancel": "取消", "terminate": "终止", "link": "链接", "compensate": "补偿",
}  # fmt: skip


def event_findings(scope: Scope) -> Iterator[Finding]:
    for event in scope.of(
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    ):
        yield from _kinds(scope, event)
        yield from _definitions(scope, event)
    yield from _starts(scope)
    yield from _boundaries(scope)
    yield from _links(scope)
    yield from _cancels(scope)


def _position(scope: Scope, event: Element) -> str:
    if local(event) != "startEvent":
        return local(event)
    if local(scope.element) == "process":
        return "start"
    return "event subprocess" if is_event_subprocess(scope.element) else "subprocess"


def _kinds(scope: Scope, event: Element) -> Iterator[Finding]:
    position = _position(scope, event)
    for definition in definitions_of(event):
        kind = KINDS[local(definition)]
        if kind not in _KINDS_AT[position] and kind != "compensate":
            yield finding(
                event,
                "event-kind",
                f"{_NAMES[kind]}事件不能放在这个位置",
                "请改为这里允许的事件，或移到别处",
            )
    if position == "event subprocess" and not definitions_of(event):
        yield finding(
            event,
            "no-trigger",
            "事件子流程的启动事件没有触发条件",
            "请设置消息、信号、定时、错误、升级或条件",
        )
    if position in ("boundaryEvent", "intermediateCatchEvent") and not definitions_of(event):
        yield finding(event, "no-trigger", "捕获事件没有触发条件", "请设置消息、信号、定时或条件")


def _definitions(scope: Scope, event: Element) -> Iterator[Finding]:
    throws = local(event) in ("endEvent", "intermediateThrowEvent")
    definitions = definitions_of(event)
    kinds = {KINDS[local(d)] for d in definitions}
    if len(definitions) > 1 and kinds & {"link", "terminate", "cancel", "error"}:
        yield finding(event, "several-definitions", "这种事件不能与其他事件合用", "请拆成几个事件")
    for definition in definitions:
        kind = KINDS[local(definition)]
        found = trigger(definition, scope.by_id)
        if kind in ("message", "signal") and not definition.get(f"{kind}Ref"):
            yield finding(event, "no-reference", f"没有指定{_NAMES[kind]}", f"请选择{_NAMES[kind]}")
        if throws and kind in ("error", "escalation") and not definition.get(f"{kind}Ref"):
            yield finding(
                event, "no-reference", f"抛出的{_NAMES[kind]}没有代码", f"请选择{_NAMES[kind]}"
            )
        if kind == "timer":
            yield from _timer(event, definition, found)
        if kind == "condition":
            yield from expression(event, found.text or "", "条件")


def _timer(event: Element, definition: Element, found: Trigger) -> Iterator[Finding]:
    if found.form is None or not found.text:
        yield finding(event, "timer", "定时事件没有设置时间", "请设置日期、时长或循环")
        return
    if len(children(definition, "timeDate", "timeDuration", "timeCycle")) > 1:
        yield finding(event, "timer", "定时事件设置了不止一种时间", "请只留一种")
    fault = (
        feel.fault(found.text[1:])
        if found.text.startswith("=")
        else timers.fault(found.form, found.text)
    )
    if fault:
        yield finding(
            event,
            "timer",
            f"定时「{found.text}」不是 ISO 8601 的时间",
            "请写成 2026-03-01T09:00:00+08:00、P15D 或 R3/P7D 这样",
        )
    if (
        found.form == "cycle"
        and local(event) == "intermediateCatchEvent"
        and found.text.startswith("R/")
    ):
        yield finding(event, "timer", "中间事件的循环没有次数，流程永远不会结束", "请写明次数")


def _starts(scope: Scope) -> Iterator[Finding]:
    plain = [s for s in scope.of("startEvent") if not definitions_of(s)]
    if local(scope.element) == "process" and len(plain) > 1:
        yield finding(
            plain[1],
            "several-starts",
            "有不止一个普通启动事件，不知从哪里开始",
            "请只留一个，或设置触发条件",
        )
    if is_event_subprocess(scope.element):
        for start in scope.of("startEvent"):
            kinds = {t.kind for t in triggers(start, scope.by_id)}
            if "error" in kinds and start.get("isInterrupting") == "false":
                yield finding(
                    start, "error-interrupts", "错误总是中断，不能设为不中断", "请设为中断"
                )
    elif any(s.get("isInterrupting") == "false" for s in scope.of("startEvent")):
        yield finding(
            scope.element,
            "stray-interrupting",
            "只有事件子流程的启动事件可以设为不中断",
            "请删去这个设置",
        )


def _boundaries(scope: Scope) -> Iterator[Finding]:
    for event in scope.of("boundaryEvent"):
        host = scope.by_id.get(event.get("attachedToRef", ""))
        if (
            host is None
            or host.get("id") not in scope.ids
            or local(host) not in ACTIVITIES
            or is_event_subprocess(host)
        ):
            yield finding(
                event,
                "loose-boundary",
                "边界事件没有附着在任务或子流程上",
                "请把它拖到任务或子流程的边上",
            )
            continue
        yield from _boundary(scope, event, host)


def _boundary(scope: Scope, event: Element, host: Element) -> Iterator[Finding]:
    kinds = {t.kind for t in triggers(event, scope.by_id)}
    if kinds & {"error", "cancel"} and event.get("cancelActivity") == "false":
        yield finding(event, "error-interrupts", "错误和取消总是中断，不能设为不中断", "请设为中断")
    if scope.incoming(event):
        yield finding(event, "into-boundary", "有流程线连入边界事件", "请连到边界事件之后的元素")
    if "cancel" in kinds and local(host) != "transaction":
        yield finding(
            event, "cancel", "取消边界事件只能附着在事务子流程上", "请改为错误或升级边界事件"
        )
    if "escalation" in kinds and local(host) not in ("subProcess", "transaction", "callActivity"):
        yield finding(
            event,
            "never-thrown",
            "任务自己不会升级，这个边界事件永远不会触发",
            "请放到子流程上",
            warning=True,
        )


def _links(scope: Scope) -> Iterator[Finding]:
    catches = _linked(scope, "intermediateCatchEvent")
    throws = _linked(scope, "intermediateThrowEvent")
    for name, events in throws.items():
        for event in events:
            if not name or len(catches.get(name, [])) != 1:
                yield finding(
                    event,
                    "link",
                    f"链接「{name}」没有恰好一个同名的入口",
                    "请在同一层里放一个同名的链接捕获事件",
                )
            if scope.outgoing(event):
                yield finding(event, "link", "链接抛出事件之后还有流程线", "请删去流程线")
    for name, events in catches.items():
        if name not in throws or scope.incoming(events[0]):
            yield finding(
                events[0],
                "link",
                f"链接「{name}」没有同名的出口，或另有流程线连入",
                "请放一个同名的链接抛出事件",
            )


def _linked(scope: Scope, kind: str) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for event in scope.of(kind):
        for definition in children(event, "linkEventDefinition"):
            found.setdefault(definition.get("name", ""), []).append(event)
    return found


def _cancels(scope: Scope) -> Iterator[Finding]:
    for event in scope.of("endEvent"):
        if any(local(d) == "cancelEventDefinition" for d in definitions_of(event)):
            outer = scope.element.getparent()
            caught = (
                outer is not None
                and local(scope.element) == "transaction"
                and any(
                    b.get("attachedToRef") == scope.element.get("id")
                    and children(b, "cancelEventDefinition")
                    for b in children(outer, "boundaryEvent")
                )
            )
            if not caught:
                yield finding(
                    event,
                    "cancel",
                    "取消结束事件不在带取消边界事件的事务子流程里",
                    "请改为错误结束事件，或给事务加上取消边界事件",
                )
