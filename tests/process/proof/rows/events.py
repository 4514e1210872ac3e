"""Events that catch and throw."""

from tests.process import draw
from tests.process.draw import (
    MESSAGE,
    SIGNAL,
    after,
    both,
    boundary,
    catch,
    each_time,
    element,
    end,
    flow,
    process,
    service,
    start,
    sub,
    throw,
    times,
    user,
    when,
    xor,
)
from tests.process.proof.rows import Refused, Row, runs


def catching(definition: str) -> str:
    return process(start(), catch("c", definition), user("乙"), end(), flow("s", "c", "乙", "e"))


def at_edge(definition: str, cancel: bool = True, host: str = "") -> str:
    """甲 (or a host with this id) with a boundary event that leads to 乙."""
    return process(start(), host or user("甲"), boundary("b", "甲", definition, cancel), user("乙"), end(), end("e2"), flow("s", "甲", "e"), flow("b", "乙", "e2"))  # fmt: skip


def inside(last: str, *more: str) -> str:
    """A subprocess 甲 with a task 子, then an end event that throws."""
    return sub("甲", start("os"), user("子"), end("oe", last), flow("os", "子", "oe"), *more)


TWO_DEEP = sub("甲", start("os"), sub("内", start("is"), user("子"), end("ie"), flow("is", "子", "ie")), end("oe"), flow("os", "内", "oe"))  # fmt: skip
CALLS = element("callActivity", "甲", calledElement="q")
CALLED = draw.called(start("qs"), user("子"), end("qe", draw.ERROR), flow("qs", "子", "qe"))
INTERRUPTED = process(
    start(), sub("甲", start("os"), user("子"), throw("t", SIGNAL), throw("u", MESSAGE), end("oe"), flow("os", "子", "t", "u", "oe")),
    boundary("b", "甲", SIGNAL), user("乙"), end(), end("e2"), flow("s", "甲", "e"), flow("b", "乙", "e2"),
)  # fmt: skip
LINK = '<linkEventDefinition name="转"/>'
LINKED = process(start(), user("甲"), throw("t", LINK), catch("c", LINK), user("乙"), end(), flow("s", "甲", "t"), flow("c", "乙", "e"))  # fmt: skip
COMPENSATE = "<compensateEventDefinition/>"
SHARED = '<messageEventDefinition id="共" messageRef="msg"/>'
TERMINATES = process(start(), both("f"), user("甲"), user("乙"), end("e", draw.TERMINATE), end("e2"), flow("s", "f", "甲", "e"), flow("f", "乙", "e2"))  # fmt: skip
INNER_TERMINATES = process(start(), sub("o", start("os"), both("f"), user("甲"), user("乙"), end("oe", draw.TERMINATE), end("oe2"), flow("os", "f", "甲", "oe"), flow("f", "乙", "oe2")), user("丙"), end(), flow("s", "o", "丙", "e"))  # fmt: skip
NEIGHBOURS = process(
    start(), both("f"), inside(draw.ERROR), service("邻"), boundary("b", "邻", draw.ERROR), boundary("b2", "甲", draw.ERROR), user("乙"), end(), end("e2"), end("e3"),
    flow("s", "f", "甲", "e"), flow("f", "邻", "e2"), flow("b", "e3"), flow("b2", "乙", "e3"),
)  # fmt: skip
CANCELLED = process(start(), element("transaction", "甲", start("os") + user("子") + xor("x", "x-oe") + end("oe") + end("oc", draw.CANCEL) + flow("os", "子", "x", "oe") + flow("x", "oc", when="a &gt; 5")), boundary("b", "甲", draw.CANCEL), user("乙"), end(), end("e2"), flow("s", "甲", "e"), flow("b", "乙", "e2"))  # fmt: skip

ROWS = (
    Row("补偿：边界事件、抛出、结束", "撤销已办的", (
        Refused(at_edge(COMPENSATE), "b", "compensation"),
        Refused(process(start(), throw("甲", COMPENSATE), end(), flow("s", "甲", "e")), "甲", "compensation"),
        Refused(process(start(), user("甲"), end("e", COMPENSATE), flow("s", "甲", "e")), "e", "compensation"),
        Refused(process(start(), user("甲", isForCompensation="true"), end(), flow("s", "甲", "e")), "甲", "compensation"),
    )),
    Row("事务、取消事件", "取消结束事务", (
        runs(CANCELLED, ("", "子"), ("子 a=9", "乙"), ("乙", "end")),
        Refused(process(start(), user("甲"), end("e", draw.CANCEL), flow("s", "甲", "e")), "e", "cancel"),
    ), runs(CANCELLED, ("", "子"), ("子 a=1", "end"))),
    Row("定时：日期、时长、循环；中间、边界、事件网关", "ISO 8601", (
        runs(catching(after("PT5H")), ("", "-"), ("hours 5", "乙"), ("乙", "end")),
        runs(catching(draw.at("2026-03-01T10:00:00Z")), ("", "-"), ("hours 1", "乙"), ("乙", "end")),
        runs(at_edge(after("P1D")), ("", "甲"), ("hours 24", "乙"), ("乙", "end")),
        runs(process(start(inside=after("P1D")), user("甲"), end(), flow("s", "甲", "e")), ("", "甲"), ("甲", "end")),
        Refused(catching(after("15天")), "c", "timer"),
    ), runs(at_edge(after("P1D")), ("", "甲"), ("hours 23", "甲"), ("甲", "end") )),
    Row("不中断的循环提醒", "到期一次提醒一次", (
        runs(at_edge(each_time("R2/PT5H"), False), ("", "甲"), ("hours 5", "乙 甲"), ("hours 5", "乙 乙 甲"), ("hours 50", "乙 乙 甲"), ("甲", "乙 乙"), ("乙", "乙"), ("乙", "end")),
    ), runs(at_edge(each_time("R2/PT5H"), False), ("", "甲"), ("hours 4", "甲"), ("甲", "end"))),
    Row("不中断的消息、信号边界事件", "每来一次触发一次", (
        runs(at_edge(MESSAGE, False), ("", "甲"), ("message 来文", "乙 甲"), ("message 来文", "乙 乙 甲"), ("甲", "乙 乙"), ("乙", "乙"), ("乙", "end")),
        runs(at_edge(SIGNAL, False), ("", "甲"), ("signal 中止", "乙 甲"), ("signal 中止", "乙 乙 甲"), ("甲", "乙 乙")),
    ), runs(at_edge(SIGNAL, False), ("", "甲"), ("message 来文", "甲"), ("甲", "end") )),
    Row("中断的边界事件：任务、子流程、调用、多实例、隔两层", "取消这个活动", (
        runs(at_edge(MESSAGE), ("", "甲"), ("message 来文", "乙"), ("乙", "end")),
        runs(at_edge(SIGNAL, host=TWO_DEEP), ("", "子"), ("signal 中止", "乙"), ("乙", "end")),
        runs(at_edge(SIGNAL, host=user("甲", times("3"))), ("", "甲 甲 甲"), ("甲", "甲 甲"), ("signal 中止", "乙")),
        runs(at_edge(SIGNAL, host=CALLS).replace("</definitions>", CALLED + "</definitions>"), ("", "子"), ("signal 中止", "乙")),
        runs(INTERRUPTED, ("", "子"), ("子", "乙 >中止"), ("乙", "end")),
    ), runs(at_edge(SIGNAL, host=TWO_DEEP), ("", "子"), ("message 来文", "子"), ("子", "end"))),
    Row("消息：启动、捕获、抛出、结束", "每条消息送到一处", (
        runs(catching(MESSAGE), ("", "-"), ("message 来文", "乙"), ("乙", "end")),
        runs(process(start(inside=MESSAGE), throw("t", MESSAGE), user("甲"), end("e", MESSAGE), flow("s", "t", "甲", "e")), ("", "甲 >来文"), ("甲", "end >来文")),
    ), runs(catching(MESSAGE), ("", "-"), ("message 回函", "-"), ("signal 中止", "-"))),
    Row("信号：启动、捕获、抛出、边界", "人人都听到", (
        runs(process(start(), both("f"), catch("c", SIGNAL), catch("d", SIGNAL), user("甲"), user("乙"), user("丙"), throw("t", SIGNAL), end(), end("e2"), end("e3"), flow("s", "f", "c", "甲", "e"), flow("f", "d", "乙", "e2"), flow("f", "丙", "t", "e3")), ("", "丙"), ("丙", "乙 甲 >中止"), ("甲", "乙"), ("乙", "end")),
        runs(process(start(), throw("t", SIGNAL), catch("c", SIGNAL), user("乙"), end(), flow("s", "t", "c", "乙", "e")), ("", "- >中止"), ("signal 中止", "乙")),
    ), runs(catching(SIGNAL), ("", "-"), ("message 来文", "-"))),
    Row("信号结束事件", "与抛出相同", (
        runs(process(start(), both("f"), catch("c", SIGNAL), user("甲"), user("丙"), end(), end("e2", SIGNAL), flow("s", "f", "c", "甲", "e"), flow("f", "丙", "e2")), ("", "丙"), ("丙", "甲 >中止"), ("甲", "end")),
    )),
    Row("几个触发条件：任一、全部", "任一到达；或全部到达", (
        runs(catching(MESSAGE + SIGNAL), ("", "-"), ("signal 中止", "乙"), ("message 来文", "乙"), ("乙", "end")),
        runs(catching(MESSAGE + SIGNAL).replace('<intermediateCatchEvent id="c"', '<intermediateCatchEvent id="c" parallelMultiple="true"'), ("", "-"), ("signal 中止", "-"), ("signal 中止", "-"), ("message 来文", "乙"), ("乙", "end")),
    )),
    Row("条件事件：捕获、边界", "条件变为真时触发", (
        runs(catching(when("a &gt; 5")), ("", "-"), ("write a=9", "乙"), ("乙", "end")),
        runs(at_edge(when("a &gt; 5"), False), ("", "甲"), ("write a=9", "乙 甲"), ("write a=8", "乙 甲"), ("write a=1", "乙 甲"), ("write a=9", "乙 乙 甲")),
        runs(process(start(), both("f"), user("甲"), user("丙"), boundary("b", "甲", when("a &gt; 5")), user("乙"), end(), end("e2"), end("e3"), flow("s", "f", "甲", "e"), flow("f", "丙", "e3"), flow("b", "乙", "e2")), ("", "丙 甲"), ("丙 a=9", "乙"), ("乙", "end")),
    ), runs(catching(when("a &gt; 5")), ("", "-"), ("write a=4", "-"), ("write b=9", "-"))),
    Row("错误结束事件；子流程、调用的错误边界事件", "最里层的捕获，其余取消；没有人捕获是故障", (
        runs(at_edge(draw.ERROR, host=inside(draw.ERROR)), ("", "子"), ("子", "乙"), ("乙", "end")),
        runs(at_edge(draw.ANY_ERROR, host=inside(draw.ERROR)), ("", "子"), ("子", "乙"), ("乙", "end")),
        runs(at_edge(draw.ERROR, host=CALLS).replace("</definitions>", CALLED + "</definitions>"), ("", "子"), ("子", "乙")),
        runs(NEIGHBOURS, ("", "子 邻"), ("子", "乙 邻"), ("邻", "乙"), ("乙", "end")),
        runs(process(start(), inside(draw.ERROR), user("丁"), end(), flow("s", "甲", "丁", "e")), ("", "子"), ("子", "incident E1")),
    ), runs(at_edge(draw.ERROR, host=inside("")), ("", "子"), ("子", "end"))),
    Row("升级：抛出、结束、边界", "如错误，但不致命", (
        runs(at_edge(draw.ESCALATION, False, host=inside(draw.ESCALATION)), ("", "子"), ("子", "乙"), ("乙", "end")),
        runs(at_edge(draw.ESCALATION, host=sub("甲", start("os"), throw("t", draw.ESCALATION), user("子"), end("oe"), flow("os", "t", "子", "oe"))), ("", "乙"), ("乙", "end")),
        runs(process(start(), throw("t", draw.ESCALATION), user("甲"), end(), flow("s", "t", "甲", "e")), ("", "甲"), ("甲", "end")),
    ), runs(at_edge(draw.ESCALATION, False, host=inside("")), ("", "子"), ("子", "end"))),
    Row("链接：抛出到捕获", "跳转", (
        runs(LINKED, ("", "甲"), ("甲", "乙"), ("乙", "end")),
        Refused(process(start(), user("甲"), throw("t", LINK), end(), flow("s", "甲", "t"), flow("s", "e")), "t", "link"),
    )),
    Row("终止结束事件：整个流程或子流程", "只结束自己的范围", (
        runs(TERMINATES, ("", "乙 甲"), ("甲", "end")),
        runs(INNER_TERMINATES, ("", "乙 甲"), ("甲", "丙"), ("丙", "end")),
    ), runs(TERMINATES, ("", "乙 甲"), ("乙", "甲"), ("甲", "end"))),
    Row("终止、错误作为中间抛出", "不合标准", tuple(
        Refused(process(start(), throw("甲", definition), end(), flow("s", "甲", "e")), "甲", "event-kind") for definition in (draw.TERMINATE, draw.ERROR)
    )),
    Row("共用的事件定义（eventDefinitionRef）", "与写在事件里相同", (
        runs(catching("<eventDefinitionRef>共</eventDefinitionRef>").replace("<process ", SHARED + "<process ", 1), ("", "-"), ("message 来文", "乙"), ("乙", "end")),
        Refused(catching("<eventDefinitionRef>无</eventDefinitionRef>"), "c", "unknown-reference"),
    )),
)  # fmt: skip
