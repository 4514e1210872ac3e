"""Tasks: what a service task names, what a user task opens, what send and receive tasks wait for."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from engine.process.check.expressions import expression
from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Element, Scope
from engine.process.operations import Operation
from engine.process.spiff import timers
from engine.process.spiff.diagram import ACTIVITIES, OURS, children, local


@dataclass(frozen=True)
class Known:
    """What a diagram may name outside itself; None: not asked."""

    operations: Mapping[str, Operation] | None = None
    #: Id of each decision of the folder -> names of its results.
    decisions: Mapping[str, Collection[str]] | None = None
    #: File name of each form of the folder -> keys of its fields.
    forms: Mapping[str, Collection[str]] | None = None
    #: Names of the host, with their entries; None: any.
    facts: Mapping[str, Collection[str] | None] = field(default_factory=dict)
    #: False: a diagram of another tool, whose tasks name nothing of ours.
    ours: bool = True


def activity_findings(scope: Scope, known: Known) -> Iterator[Finding]:
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
            yield from _operation(node, known)
        if local(node) == "userTask":
            yield from _user_task(node, known)
        if local(node) == "businessRuleTask":
            yield from _decision(node, known)


# ---------------------------------------------------------------- service tasks


def _operation(node: Element, known: Known) -> Iterator[Finding]:
    call = next(node.iter(f"{{{OURS}}}operation"), None)
    if call is None or not call.get("name"):
        if known.ours:
            yield finding(node, "no-operation", "服务任务没有指定操作", "请选择操作")
        return
    given = {p.get("name", ""): p for p in call.iter(f"{{{OURS}}}parameter")}
    for parameter in given.values():
        yield from expression(
            node, parameter.get("value", "").strip(), f"参数{parameter.get('name', '')}"
        )
    yield from _simulations(node)
    if known.operations is None:
        return
    operation = known.operations.get(call.get("name", ""))
    if operation is None:
        yield finding(
            node, "unknown-operation", f"没有名为「{call.get('name')}」的操作", "请选择已有的操作"
        )
    elif operation.params is not None:
        yield from _parameters(node, operation, set(given))


def _simulations(node: Element) -> Iterator[Finding]:
    for simulation in node.iter(f"{{{OURS}}}simulation"):
        yield from expression(node, simulation.get("value", "").strip(), "模拟结果")


def _decision(node: Element, known: Known) -> Iterator[Finding]:
    decision = _own(node, "decision")
    yield from _simulations(node)
    if not decision:
        if known.ours:
            yield finding(node, "no-decision", "决策任务没有指定决策表", "请选择同一文件夹里的决策")
    elif known.decisions is not None and decision not in known.decisions:
        yield finding(
            node, "unknown-decision", f"文件夹里没有编号为「{decision}」的决策", "请选择已有的决策"
        )


def _parameters(node: Element, operation: Operation, given: set[str]) -> Iterator[Finding]:
    declared = {p.name: p for p in operation.params or ()}
    for name in sorted(given - set(declared)):
        yield finding(
            node,
            "unknown-parameter",
            f"操作「{operation.title}」没有参数「{name}」",
            "请删去这个参数",
        )
    for name, parameter in declared.items():
        if parameter.required and name not in given:
            yield finding(
                node,
                "missing-parameter",
                f"操作「{operation.title}」缺少参数「{parameter.title}」（{name}）",
                "请填写这个参数",
            )


# ---------------------------------------------------------------- user tasks


def _own(node: Element, name: str) -> str | None:
    return node.get(f"{{{OURS}}}{name}")


def _user_task(node: Element, known: Known) -> Iterator[Finding]:
    due, priority, assignee = (_own(node, name) for name in ("due", "priority", "assignee"))
    if due is not None and timers.fault("duration", due):
        yield finding(
            node,
            "task-due",
            f"办理期限「{due}」不是 ISO 8601 的时长",
            "请写成 P3D（三天）或 PT4H（四小时）这样",
        )
    if priority is not None and not re.fullmatch(r"-?\d{1,3}", priority):
        yield finding(
            node, "task-priority", f"优先级「{priority}」不是整数", "请写 0 到 100 的整数"
        )
    if assignee is not None:
        yield from expression(node, assignee, "经办人")
    form = _own(node, "form")
    if form and known.forms is not None and form not in known.forms:
        yield finding(node, "unknown-form", f"文件夹里没有表单「{form}」", "请选择已有的表单")
    if form and _own(node, "screen"):
        yield finding(node, "form-and-screen", "既指定了表单又指定了页面", "请只留一个")
