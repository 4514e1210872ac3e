"""Rules on flows, gateways and what can be proved by following them."""

from tests.checks import CLEAN, SIMPLE, drawn, plus, swapped, with_task
from tests.process.draw import (
    MESSAGE,
    SIGNAL,
    both,
    catch,
    element,
    end,
    flow,
    on,
    process,
    start,
    sub,
    user,
    xor,
)

CHOICE = process(start(), xor("x", "x-乙"), user("甲"), user("乙"), xor("m"), end(), flow("s", "x"), flow("x", "甲", when="a &gt; 1"), flow("x", "乙"), flow("甲", "m", "e"), flow("乙", "m"))  # fmt: skip
NO_CONDITION = swapped(CHOICE, "<conditionExpression>a &gt; 1</conditionExpression>", "")
RING = process(start(), xor("m"), user("甲"), xor("x", "x-m"), end(), flow("s", "m", "甲", "x", "m"), flow("x", "e", when="a &gt; 5"))  # fmt: skip
EMPTY_RING = process(start(), xor("m"), xor("x", "x-m"), end(), flow("s", "m", "x", "m"), flow("x", "e", when="a &gt; 5"))  # fmt: skip
NO_WAY = process(start(), xor("m"), user("甲"), user("乙"), end(), flow("s", "m", "甲", "乙", "m"))
STUCK = process(start(), xor("x", "x-甲"), user("甲"), user("乙"), both("j"), end(), flow("s", "x", "甲", "j", "e"), flow("x", "乙", when="a &gt; 5"), flow("乙", "j"))  # fmt: skip
FORK = process(start(), both("f"), user("甲"), user("乙"), both("j"), end(), flow("s", "f", "甲", "j", "e"), flow("f", "乙", "j"))  # fmt: skip
RACE = process(start(), element("eventBasedGateway", "g"), catch("c", SIGNAL), catch("甲", MESSAGE), end(), end("e2"), flow("s", "g", "甲", "e"), flow("g", "c", "e2"))  # fmt: skip
TO_TASK = swapped(RACE, catch("甲", MESSAGE), user("甲"))
DEFAULT = process(start(), user("甲", default="甲-乙"), user("乙"), user("丙"), end(), end("e2"), flow("s", "甲"), flow("甲", "乙", "e"), flow("甲", "丙", when="a &gt; 1"), flow("丙", "e2"))  # fmt: skip
LOOSE = plus('<sequenceFlow id="x" sourceRef="甲" targetRef="无"/>')
NOBODY = process(SIMPLE).replace('isExecutable="true"', 'isExecutable="false"')


def _line(length: int) -> str:
    names = [f"t{number}" for number in range(length)]
    return process(start(), *(user(name) for name in names), end(), flow("s", *names, "e"))


FIXTURES = (
    drawn("no-process", "文件里没有可执行的流程。", NOBODY, CLEAN),
    drawn("no-start", "流程或子流程没有启动事件。", process(user("甲"), end(), flow("甲", "e")), CLEAN),
    drawn("no-end", "流程或子流程没有结束事件，永远不会结束。", process(start(), user("甲"), flow("s", "甲")), CLEAN),
    drawn("several-starts", "有不止一个普通的启动事件，不知从哪里开始。", plus(start("s2"), flow("s2", "甲")), plus(start("s2", MESSAGE), flow("s2", "甲"))),
    drawn("into-start", "有流程线连入启动事件。", process(start(), user("甲"), user("乙"), end(), flow("s", "甲", "e"), flow("甲", "乙", "s")), CLEAN),
    drawn("out-of-end", "有流程线从结束事件出发。", plus(user("乙"), end("e2"), flow("e", "乙", "e2")), CLEAN),
    drawn("no-incoming", "没有流程线连到这里，永远不会执行。", plus(user("乙"), flow("乙", "e")), plus(user("乙"), flow("s", "乙", "e"))),
    drawn("no-outgoing", "之后没有任何元素，不知道在哪里结束。", plus(user("乙"), flow("s", "乙")), plus(user("乙"), flow("s", "乙", "e"))),
    drawn("unreachable", "从启动事件走不到这里。", plus(user("乙"), user("丙"), flow("乙", "丙", "乙")), plus(user("乙"), user("丙"), flow("s", "乙", "丙", "e"))),
    drawn("no-way-out", "从这里走不到任何结束事件。", NO_WAY, RING),
    drawn("endless-loop", "这一圈里没有办理、等待或改变数据的步骤，走进去就停不下来。", EMPTY_RING, RING),
    drawn("deadlock", "有一种走法到不齐汇合需要的分支，会永远等待。", STUCK, FORK),
    drawn("loose-flow", "流程线的一端不存在，或与元素上标明的不一致。", LOOSE, CLEAN),
    drawn("double-flow", "两个元素之间画了两条流程线。", plus('<sequenceFlow id="x" sourceRef="甲" targetRef="e"/>'), CLEAN),
    drawn("duplicate-id", "同一个编号在文件里出现了两次。", plus(user("甲")), CLEAN),
    drawn("many-incoming", "任务有几条流程线连入，每来一次就办理一次。", process(start(), both("f"), user("甲"), user("乙"), user("丙"), end(), flow("s", "f", "甲", "丙", "e"), flow("f", "乙", "丙")), process(start(), both("f"), user("甲"), user("乙"), both("j"), user("丙"), end(), flow("s", "f", "甲", "j", "丙", "e"), flow("f", "乙", "j"))),
    drawn("no-condition", "网关的出口没有条件，也不是默认出口。", NO_CONDITION, CHOICE),
    drawn("no-default", "没有默认出口，所有条件都不成立时流程会停下。", swapped(CHOICE, ' default="x-乙"', "").replace('targetRef="乙">', 'targetRef="乙"><conditionExpression>a &lt; 2</conditionExpression>'), CHOICE),
    drawn("foreign-default", "默认出口不是从这个元素出发的流程线。", with_task(user("甲", default="s-甲")), DEFAULT),
    drawn("default-condition", "默认出口写了条件，条件不起作用。", swapped(DEFAULT, 'id="甲-乙" sourceRef="甲" targetRef="乙">', 'id="甲-乙" sourceRef="甲" targetRef="乙"><conditionExpression>a = 1</conditionExpression>'), DEFAULT),
    drawn("stray-condition", "从这种元素出发的流程线不看条件。", swapped(FORK, 'targetRef="乙">', 'targetRef="乙"><conditionExpression>a = 1</conditionExpression>'), FORK),
    drawn("event-gateway", "事件网关的分支不足两个，或不以等待事件开始。", TO_TASK, RACE),
    drawn("event-gateway-type", "并行的事件网关不受支持。", swapped(RACE, 'id="g"', 'id="g" eventGatewayType="Parallel"'), RACE),
    drawn("event-subprocess-flow", "有流程线连到事件子流程。", plus(on("v", SIGNAL, "理"), flow("甲", "v")), plus(on("v", SIGNAL, "理"))),
    drawn("unknown-reference", "引用的消息、信号、错误、升级或事件定义不存在。", with_task(catch("甲", '<messageEventDefinition messageRef="无"/>')), with_task(catch("甲", MESSAGE))),
    drawn("unknown-call", "调用的流程不存在，或者不能由别的流程调用。", with_task(element("callActivity", "甲", calledElement="无")), process(start(), element("callActivity", "甲", calledElement="q"), end(), flow("s", "甲", "e"), more=swapped(CLEAN[CLEAN.index("<process"):].removesuffix("</definitions>"), 'id="p"', 'id="q"').replace('"s', '"qs').replace('"e"', '"qe"').replace('"甲', '"乙').replace("-甲", "-乙").replace("-e", "-qe"))),
    drawn("too-long", "没有选择网关的一路太长，平台走不了。", _line(700), _line(500)),
    drawn("stray-interrupting", "只有事件子流程的启动事件可以设为不中断。", with_task(sub("甲", start("os", isInterrupting="false"), end("oe"), flow("os", "oe"))), with_task(sub("甲", start("os"), end("oe"), flow("os", "oe")))),
)  # fmt: skip
