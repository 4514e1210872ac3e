"""Event subprocesses, of the whole process and inside a subprocess."""

from tests.process import draw
from tests.process.draw import (
    MESSAGE,
    SIGNAL,
    after,
    end,
    flow,
    on,
    process,
    start,
    sub,
    user,
    when,
)
from tests.process.proof.rows import Refused, Row, runs


def whole(definition: str, interrupting: bool = True) -> str:
    return process(start(), user("甲"), end(), flow("s", "甲", "e"), on("v", definition, "理", interrupting=interrupting))  # fmt: skip


def inner(definition: str, interrupting: bool = True, last: str = "") -> str:
    return process(start(), sub("o", start("os"), user("甲"), end("oe", last), flow("os", "甲", "oe"), on("v", definition, "理", interrupting=interrupting)), user("丙"), end(), flow("s", "o", "丙", "e"))  # fmt: skip


ROWS = (
    Row("定时的事件子流程", "并行，或取而代之", (
        runs(whole(after("PT5H")), ("", "甲"), ("hours 5", "理"), ("理", "end")),
        runs(whole(after("PT5H"), False), ("", "甲"), ("hours 5", "理 甲"), ("hours 50", "理 甲"), ("甲", "理"), ("理", "end")),
    ), runs(whole(after("PT5H")), ("", "甲"), ("hours 4", "甲"), ("甲", "end"))),
    Row("消息、信号的事件子流程，整个流程", "每来一次启动一次；中断的取而代之", (
        runs(whole(SIGNAL), ("", "甲"), ("signal 中止", "理"), ("signal 中止", "理"), ("理", "end")),
        runs(whole(MESSAGE, False), ("", "甲"), ("message 来文", "理 甲"), ("message 来文", "理 理 甲"), ("甲", "理 理"), ("理", "理"), ("理", "end")),
    ), runs(whole(SIGNAL), ("", "甲"), ("message 来文", "甲"), ("甲", "end"))),
    Row("消息、信号的事件子流程，子流程内", "只在子流程进行时", (
        runs(inner(SIGNAL), ("", "甲"), ("signal 中止", "理"), ("理", "丙"), ("丙", "end")),
        runs(inner(MESSAGE, False), ("", "甲"), ("message 来文", "理 甲"), ("甲", "理"), ("理", "丙")),
        runs(inner(SIGNAL, False, SIGNAL), ("", "甲"), ("甲", "理 >中止"), ("理", "丙")),
    ), runs(inner(SIGNAL), ("", "甲"), ("甲", "丙"), ("signal 中止", "丙"), ("丙", "end"))),
    Row("错误、升级、条件的事件子流程", "抛出或成立时启动；错误总是中断", (
        runs(inner(draw.ERROR, last=draw.ERROR), ("", "甲"), ("甲", "理"), ("理", "丙"), ("丙", "end")),
        runs(inner(draw.ESCALATION, False, draw.ESCALATION), ("", "甲"), ("甲", "理"), ("理", "丙")),
        runs(whole(when("a &gt; 5")), ("", "甲"), ("write a=9", "理"), ("理", "end")),
        Refused(whole(draw.ERROR, False), "v_s", "error-interrupts"),
        Refused(whole(""), "v_s", "no-trigger"),
    ), runs(inner(draw.ERROR), ("", "甲"), ("甲", "丙"), ("丙", "end"))),
    Row("事件子流程的流程线", "不合标准", (Refused(process(start(), user("甲"), end(), flow("s", "甲", "e"), on("v", SIGNAL, "理"), flow("甲", "v")), "v", "event-subprocess-flow"),)),
)  # fmt: skip
