"""Gateways."""

from tests.process import draw
from tests.process.draw import both, catch, element, end, flow, process, some, start, user, xor
from tests.process.proof.rows import Refused, Row, runs

CHOICE = process(start(), user("甲"), xor("x", "x-丙"), user("乙"), user("丙"), xor("m"), end(), flow("s", "甲", "x"), flow("x", "乙", when="a &gt; 5"), flow("x", "丙"), flow("乙", "m", "e"), flow("丙", "m"))  # fmt: skip
NO_DEFAULT = process(start(), user("甲"), xor("x"), user("乙"), user("丙"), xor("m"), end(), flow("s", "甲", "x"), flow("x", "乙", when="a &gt; 5"), flow("x", "丙", when="a &lt; 2"), flow("乙", "m", "e"), flow("丙", "m"))  # fmt: skip
FORK = process(start(), both("f"), user("甲"), user("乙"), both("j"), user("丙"), end(), flow("s", "f", "甲", "j", "丙", "e"), flow("f", "乙", "j"))  # fmt: skip
DATA = process(start(), both("f"), user("甲"), user("乙"), both("j"), xor("x", "x-丁"), user("丙"), user("丁"), end(), end("e2"), flow("s", "f", "甲", "j", "x"), flow("f", "乙", "j"), flow("x", "丙", when="a = 9"), flow("x", "丁"), flow("丙", "e"), flow("丁", "e2"))  # fmt: skip
RING = process(start(), xor("m"), both("f"), user("甲"), user("乙"), both("j"), user("丙"), xor("x", "x-e"), end(), flow("s", "m", "f", "甲", "j", "丙", "x", "e"), flow("f", "乙", "j"), flow("x", "m", when="a &lt; 3"))  # fmt: skip
SOME = process(start(), user("零"), some("f", "f-丙"), user("甲"), user("乙"), user("丙"), some("j"), user("丁"), end(), flow("s", "零", "f"), flow("f", "甲", when="a &gt; 5"), flow("f", "乙", when="b &gt; 5"), flow("f", "丙"), flow("甲", "j", "丁", "e"), flow("乙", "j"), flow("丙", "j"))  # fmt: skip
DIES = process(start(), both("f"), user("甲"), user("乙"), xor("x", "x-j"), end("死"), some("j"), user("丁"), end(), flow("s", "f", "甲", "x", "j", "丁", "e"), flow("x", "死", when="a &gt; 5"), flow("f", "乙", "j"))  # fmt: skip
RACE = process(start(), element("eventBasedGateway", "g"), catch("c1", draw.MESSAGE), catch("c2", draw.SIGNAL), catch("c3", draw.after("PT5H")), element("receiveTask", "c4", messageRef="msg2"), user("甲"), user("乙"), user("丙"), user("丁"), xor("m"), end(), flow("s", "g", "c1", "甲", "m", "e"), flow("g", "c2", "乙", "m"), flow("g", "c3", "丙", "m"), flow("g", "c4", "丁", "m"))  # fmt: skip
STUCK = process(start(), user("零"), xor("x", "x-甲"), user("甲"), user("乙"), both("j"), end(), flow("s", "零", "x", "甲", "j", "e"), flow("x", "乙", when="a &gt; 5"), flow("乙", "j"))  # fmt: skip

ROWS = (
    Row(
        "排他网关、默认出口", "第一个成立的出口；都不成立走默认出口；没有默认出口是错误",
        (
            runs(CHOICE, ("", "甲"), ("甲 a=9", "乙"), ("乙", "end")),
            runs(NO_DEFAULT, ("", "甲"), ("甲 a=3", "incident x"), ("write a=9", "incident x")),
        ),
        runs(CHOICE, ("", "甲"), ("甲 a=1", "丙"), ("丙", "end")),
    ),
    Row(
        "排他网关没有条件的出口", "不合标准",
        (Refused(process(start(), xor("x"), user("甲"), user("乙"), end(), flow("s", "x", "甲", "e"), flow("x", "乙", "e")), "x-乙", "no-condition"),),
    ),
    Row(
        "并行网关，兼作汇合和分支，在循环中", "等齐各路",
        (
            runs(FORK, ("", "乙 甲"), ("乙", "甲"), ("甲", "丙"), ("丙", "end")),
            runs(DATA, ("", "乙 甲"), ("甲 a=9", "乙"), ("乙 b=1", "丙"), ("丙", "end")),
            runs(RING, ("", "乙 甲"), ("甲", "乙"), ("乙", "丙"), ("丙 a=1", "乙 甲"), ("乙", "甲"), ("甲", "丙"), ("丙 a=9", "end")),
        ),
        runs(FORK, ("", "乙 甲"), ("甲", "乙"), ("hours 99", "乙")),
    ),
    Row("并行网关之后的条件", "不看", (Refused(FORK.replace('<sequenceFlow id="f-乙" sourceRef="f" targetRef="乙">', '<sequenceFlow id="f-乙" sourceRef="f" targetRef="乙"><conditionExpression>a = 1</conditionExpression>'), "f-乙", "stray-condition"),)),
    Row(
        "包容网关、默认出口、会断掉的分支", "等还能到的各路",
        (
            runs(SOME, ("", "零"), ("零 a=9 b=9", "乙 甲"), ("甲", "乙"), ("乙", "丁"), ("丁", "end")),
            runs(DIES, ("", "乙 甲"), ("乙", "甲"), ("甲 a=9", "丁"), ("丁", "end")),
        ),
        runs(SOME, ("", "零"), ("零 a=1 b=1", "丙"), ("丙", "丁"), ("丁", "end")),
    ),
    Row(
        "事件网关：消息、信号、定时、接收任务", "先到的事件决定",
        (
            runs(RACE, ("", "-"), ("message 来文", "甲"), ("signal 中止", "甲"), ("甲", "end")),
            runs(RACE, ("", "-"), ("signal 中止", "乙"), ("乙", "end")),
            runs(RACE, ("", "-"), ("hours 6", "丙"), ("message 来文", "丙"), ("丙", "end")),
            runs(RACE, ("", "-"), ("message 回函", "丁"), ("丁", "end")),
            Refused(RACE.replace('<intermediateCatchEvent id="c1">' + draw.MESSAGE + "</intermediateCatchEvent>", user("c1")), "c1", "event-gateway"),
        ),
        runs(RACE, ("", "-"), ("hours 4", "-")),
    ),
    Row("复杂网关", "按激活条件", (Refused(process(start(), element("complexGateway", "甲"), end(), flow("s", "甲", "e")), "甲", "complex-gateway"),)),
    Row("启动流程的事件网关；并行的事件网关", "由事件启动", (
        Refused(RACE.replace('<eventBasedGateway id="g"', '<eventBasedGateway id="g" instantiate="true"'), "g", "instantiate"),
        Refused(RACE.replace('<eventBasedGateway id="g"', '<eventBasedGateway id="g" eventGatewayType="Parallel"'), "g", "event-gateway-type"),
    )),
    Row("永远汇不齐的网关", "永远等待；检查给出提示", (runs(STUCK, ("", "零"), ("零 a=1", "甲"), ("甲", "-")),)),
)  # fmt: skip
