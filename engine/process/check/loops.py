"""Loops and multi-instance."""

from collections.abc import Iterator

from engine.process.check.expressions import expression_of
from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Element, Scope
from engine.process.spiff.diagram import children, first, is_event_subprocess, text_of


def loop_findings(scope: Scope) -> Iterator[Finding]:
    for node in scope.nodes:
        loop, each = (
            first(node, "standardLoopCharacteristics"),
            first(node, "multiInstanceLoopCharacteristics"),
        )
        if is_event_subprocess(node) and (loop is not None or each is not None):
            yield finding(node, "loop", "事件子流程不能循环或多实例", "请把循环放到里面的任务上")
        if loop is not None and each is not None:
            yield finding(node, "loop", "不能既循环又多实例", "请只留一种")
        if loop is not None:
            yield from _loop(node, loop)
        if each is not None:
            yield from _each(node, each)


def _loop(node: Element, loop: Element) -> Iterator[Finding]:
    maximum, condition = loop.get("loopMaximum"), first(loop, "loopCondition")
    if maximum is None and condition is None:
        yield finding(node, "loop", "循环既没有条件也没有次数上限", "请写循环条件或次数上限")
    if maximum is not None and not (maximum.strip().isdigit() and int(maximum) > 0):
        yield finding(node, "loop", f"循环次数上限「{maximum}」不是正整数", "请改为 1 或更大的整数")
    if condition is not None:
        yield from expression_of(node, condition)


def _each(node: Element, each: Element) -> Iterator[Finding]:
    number, items = first(each, "loopCardinality"), first(each, "loopDataInputRef")
    if (number is None) == (items is None):
        yield finding(
            node, "multi-instance", "多实例要么按次数，要么按列表，不能都有或都没有", "请只设置一种"
        )
    if number is not None:
        yield from expression_of(node, number)
        if text_of(number).lstrip("-").isdigit() and int(text_of(number)) < 0:
            yield finding(
                node,
                "multi-instance",
                f"多实例次数「{text_of(number)}」小于零",
                "请改为零或更大的整数",
            )
    results, result = first(each, "loopDataOutputRef"), first(each, "outputDataItem")
    if (results is None) != (result is None):
        yield finding(
            node, "multi-instance", "结果列表和每项结果要一起设置", "请补上另一个，或都删去"
        )
    for item in children(each, "inputDataItem", "outputDataItem"):
        if not (item.get("name") or item.get("id")):
            yield finding(node, "multi-instance", "多实例的每项没有名称", "请给每项起一个变量名")
    condition = first(each, "completionCondition")
    if condition is not None:
        yield from expression_of(node, condition)
