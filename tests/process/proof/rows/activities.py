"""Tasks, subprocesses, calls, loops and multi-instance."""

from engine import dmn
from tests.process import draw
from tests.process.draw import (
    boundary,
    called,
    each,
    element,
    end,
    flow,
    process,
    repeat,
    service,
    start,
    sub,
    times,
    user,
)
from tests.process.proof.rows import Refused, Row, runs


def one(task: str) -> str:
    return process(start(), task, end(), flow("s", "甲", "e"))


def items(sequential: bool) -> str:
    return one(user("甲", each("名单", "人", sequential, "结果", "结")))


TABLE = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n"><inputData id="i" name="a"/>'
    '<decision id="级别" name="级别"><informationRequirement id="r"><requiredInput href="#i"/></informationRequirement>'
    '<literalExpression id="l"><text>if a &gt; 2 then 7 else 1</text></literalExpression></decision></definitions>'
)
DECIDES = process(start(), '<businessRuleTask id="定" fd:decision="级别" fd:result="b"/>', draw.xor("x", "x-丙"), user("乙"), user("丙"), end(), end("e2"), flow("s", "定", "x"), flow("x", "乙", when="b = 7"), flow("x", "丙"), flow("乙", "e"), flow("丙", "e2"))  # fmt: skip
OWN = process(start(), service("甲"), boundary("b", "甲", draw.ERROR), service("乙"), boundary("b2", "乙", draw.ERROR), draw.both("f"), user("丙"), end(), end("e2"), end("e3"), flow("s", "f", "甲", "e"), flow("f", "乙", "e2"), flow("b", "丙", "e3"), flow("b2", "丙"))  # fmt: skip
NESTED = process(start(), sub("o", start("os"), sub("i", start("is"), user("甲"), end("ie"), flow("is", "甲", "ie")), user("乙"), end("oe"), flow("os", "i", "乙", "oe")), user("丙"), end(), flow("s", "o", "丙", "e"))  # fmt: skip
CALL = process(start(), element("callActivity", "甲", calledElement="q"), user("丙"), end(), flow("s", "甲", "丙", "e"), more=called(start("qs"), user("乙"), end("qe"), flow("qs", "乙", "qe")))  # fmt: skip
SUBS = one(sub("甲", times("2"), start("os"), user("子"), end("oe"), flow("os", "子", "oe")))

ROWS = (
    Row("用户任务、手工任务、发送任务、接收任务", "办结后继续；发送、等待消息", (
        runs(process(start(), user("甲"), element("manualTask", "乙"), element("sendTask", "丙", messageRef="msg"), element("receiveTask", "丁", messageRef="msg2"), end(), flow("s", "甲", "乙", "丙", "丁", "e")), ("", "甲"), ("甲", "乙"), ("乙", "- >来文"), ("message 来文", "-"), ("message 回函", "end")),
    ), runs(process(start(), element("receiveTask", "丁", messageRef="msg2"), end(), flow("s", "丁", "e")), ("", "-"), ("message 来文", "-"), ("hours 99", "-"))),
    Row("服务任务", "由平台的操作办理", (
        runs(one(service("甲", 数="a")), ("", "甲"), ("甲", "end")),
        Refused(one(element("serviceTask", "甲")), "甲", "no-operation"),
    )),
    Row("决策任务", "按决策表", (
        runs(DECIDES, ("", "乙"), ("乙", "end"), decisions={"级别": dmn.read(TABLE)}),
        Refused(one(element("businessRuleTask", "甲")), "甲", "no-decision"),
    ), runs(DECIDES.replace("b = 7", "b = 1"), ("", "丙"), ("丙", "end"), decisions={"级别": dmn.read(TABLE)})),
    Row("脚本任务", "运行代码", (Refused(one('<scriptTask id="甲"><script>1</script></scriptTask>'), "甲", "script"),)),
    Row("任务自己的错误边界事件", "以错误代码结束任务；只由自己的边界事件捕获", (
        runs(OWN, ("", "乙 甲"), ("fail 甲 E1", "丙 乙"), ("乙", "丙"), ("丙", "end")),
        runs(OWN, ("", "乙 甲"), ("fail 甲 E2", "incident E2")),
    ), runs(OWN, ("", "乙 甲"), ("甲", "乙"), ("乙", "end"))),
    Row("子流程、嵌套子流程；调用活动", "自己的范围；被调用的流程", (
        runs(NESTED, ("", "甲"), ("甲", "乙"), ("乙", "丙"), ("丙", "end")),
        runs(CALL, ("", "乙"), ("乙", "丙"), ("丙", "end")),
        Refused(one(element("callActivity", "甲", calledElement="无")), "甲", "unknown-call"),
    )),
    Row("全局任务作为被调用者", "合法", (Refused(process(start(), element("callActivity", "甲", calledElement="gt"), end(), flow("s", "甲", "e"), more=element("globalUserTask", "gt")), "gt", "global-task"),)),
    Row("标准循环：条件、次数上限、先判断", "条件成立就再来一次", (
        runs(one(user("甲", repeat("a &lt; 3"))), ("", "甲"), ("甲 a=1", "甲"), ("甲 a=9", "end")),
        runs(one(user("甲", repeat("true", loopMaximum="2"))), ("", "甲"), ("甲", "甲"), ("甲", "end")),
        Refused(one(user("甲", repeat("true", loopMaximum="0"))), "甲", "loop"),
        Refused(one(user("甲", repeat())), "甲", "loop"),
    ), runs(one(user("甲", repeat("a &gt; 8", testBefore="true"))), ("", "end"))),
    Row("多实例按次数：依次或并行、子流程、完成条件、零次", "每个实例一次；完成条件成立即止", (
        runs(one(user("甲", times("2"))), ("", "甲 甲"), ("甲", "甲"), ("甲", "end")),
        runs(one(user("甲", times("2", True))), ("", "甲"), ("甲", "甲"), ("甲", "end")),
        runs(one(user("甲", times("3", until="a = 9"))), ("", "甲 甲 甲"), ("甲 a=1", "甲 甲"), ("甲 a=9", "end")),
        runs(SUBS, ("", "子 子"), ("子", "子"), ("子", "end")),
        runs(one(user("甲", times("a - 4"))), ("", "incident 甲")),
        Refused(one(user("甲", times("-1"))), "甲", "multi-instance"),
    ), runs(one(user("甲", times("0"))), ("", "end"))),
    Row("多实例按列表（每个当事人一项）", "每一项一个实例", (
        runs(items(False), ("", "甲 甲 甲"), ("甲 结=1", "甲 甲"), ("甲 结=2", "甲"), ("甲 结=3", "end")),
        runs(items(True), ("", "甲"), ("甲 结=1", "甲"), ("甲 结=2", "甲"), ("甲 结=3", "end")),
    )),
    Row("多实例的行为 None、One、Complex", "每个实例抛出事件", tuple(Refused(one(user("甲", times("2", behavior=kind))), "甲", "multi-instance-behavior") for kind in ("None", "One", "Complex"))),
    Row("启动数量、完成数量不等于 1", "几个标记", tuple(Refused(one(user("甲", **{name: "2"})), "甲", "quantity") for name in ("startQuantity", "completionQuantity"))),
    Row("即席子流程", "任意次序", (Refused(one(element("adHocSubProcess", "甲", user("乙"))), "甲", "ad-hoc"),)),
    Row("启动流程的接收任务", "由消息启动", (Refused(one(element("receiveTask", "甲", messageRef="msg", instantiate="true")), "甲", "instantiate"),)),
)  # fmt: skip
