"""Sequence flows, starts, ends, ids."""

from tests.process import draw
from tests.process.draw import both, end, flow, process, service, start, user, xor
from tests.process.proof.rows import Refused, Row, runs

SIMPLE = start() + user("甲") + end() + flow("s", "甲", "e")
POOL = '<collaboration id="c"><participant id="甲方" processRef="p"/><participant id="外方"/><messageFlow id="mf" sourceRef="甲" targetRef="外方"/></collaboration>'
LANES = (
    '<laneSet id="ls"><lane id="l1" name="承办人"><flowNodeRef>甲</flowNodeRef></lane></laneSet>'
)
NOTE = '<textAnnotation id="注"><text>按第三章办理</text></textAnnotation><association id="as" sourceRef="甲" targetRef="注"/>'

CONDITIONAL = process(start(), user("甲"), user("乙"), end(), flow("s", "甲"), flow("甲", "乙", when="a &gt; 5"), flow("乙", "e"))  # fmt: skip
SEVERAL = process(
    start(), user("甲", default="甲-丁"), user("乙"), user("丙"), user("丁"), end("e1"), end("e2"), end("e3"), flow("s", "甲"),
    flow("甲", "乙", when="a &gt; 5"), flow("甲", "丙", when="b &gt; 5"), flow("甲", "丁"), flow("乙", "e1"), flow("丙", "e2"), flow("丁", "e3"),
)  # fmt: skip
TAKEN = process(
    start("Start"), user("End"), user("p.EndJoin"), end("e"), flow("Start", "End", "p.EndJoin", "e")
)

ROWS = (
    Row(
        "顺序流、泳道、泳池、黑盒泳池、注释", "依次办理；其余只是说明",
        (
            runs(process(SIMPLE, LANES, NOTE, more=POOL), ("", "甲"), ("甲", "end")),
            runs(process(start(), user("甲"), service("乙"), user("丙"), end(), flow("s", "甲", "乙", "丙", "e")), ("", "甲"), ("甲", "乙"), ("乙", "丙"), ("丙", "end")),
        ),
    ),
    Row(
        "任务唯一出口上的条件", "条件成立才走",
        (runs(CONDITIONAL, ("", "甲"), ("甲 a=9", "乙"), ("乙", "end")),),
        runs(CONDITIONAL, ("", "甲"), ("甲 a=1", "incident 甲")),
    ),
    Row(
        "任务有几个出口；任务的默认出口", "条件成立的都走；都不成立走默认出口",
        (
            runs(SEVERAL, ("", "甲"), ("甲 a=9 b=9", "丙 乙"), ("乙", "丙"), ("丙", "end")),
            runs(process(start(), user("甲"), user("乙"), user("丙"), end("e1"), end("e2"), flow("s", "甲", "乙", "e1"), flow("甲", "丙", "e2")), ("", "甲"), ("甲", "丙 乙"), ("丙", "乙"), ("乙", "end")),
        ),
        runs(SEVERAL, ("", "甲"), ("甲 a=1 b=1", "丁"), ("丁", "end")),
    ),
    Row(
        "任务有几条进入的流程线", "每来一次办理一次",
        (runs(process(start(), both("f"), user("甲"), user("乙"), user("丙"), end(), flow("s", "f", "甲", "丙", "e"), flow("f", "乙", "丙")), ("", "乙 甲"), ("甲", "丙 乙"), ("乙", "丙 丙"), ("丙", "丙"), ("丙", "end")),),
    ),
    Row(
        "没有结束事件；没有启动事件", "标准允许省略；平台不猜",
        (
            Refused(process(start(), user("甲"), flow("s", "甲")), "p", "no-end"),
            Refused(process(user("甲"), end(), flow("甲", "e")), "p", "no-start"),
            Refused(process(SIMPLE, both("f"), user("乙"), flow("s", "f", "乙")), "乙", "no-outgoing"),
        ),
    ),
    Row(
        "没有进入的元素；附着不上的边界事件；连到不存在元素的流程线；重复的编号", "前一种会立即启动；其余不合标准",
        (
            Refused(process(SIMPLE, user("乙"), end("e2"), flow("乙", "e2")), "乙", "no-incoming"),
            Refused(process(SIMPLE, draw.boundary("b", "无", draw.MESSAGE), end("e2"), flow("b", "e2")), "b", "loose-boundary"),
            Refused(process(SIMPLE, '<sequenceFlow id="x" sourceRef="甲" targetRef="无"/>'), "x", "loose-flow"),
            Refused(process(SIMPLE, user("甲")), "甲", "duplicate-id"),
            Refused(process(SIMPLE, user("乙"), user("丙"), flow("乙", "丙", "乙")), "乙", "unreachable"),
        ),
    ),
    Row("编号 Start、End、<流程>.EndJoin", "都是合法的编号", (runs(TAKEN, ("", "End"), ("End", "p.EndJoin"), ("p.EndJoin", "end")),)),
    Row("中文的编号和名称", "合法", (runs(process(start("收案"), user("查控", name="财产查控"), end("结案"), flow("收案", "查控", "结案")), ("", "查控"), ("查控", "end")),)),
    Row(
        "几个启动事件", "每个启动一个流程实例",
        (
            Refused(process(SIMPLE, start("s2"), flow("s2", "甲")), "s2", "several-starts"),
            runs(process(SIMPLE, start("s2", draw.MESSAGE), user("乙"), end("e2"), flow("s2", "乙", "e2")), ("", "甲"), ("甲", "end")),
        ),
    ),
    Row(
        "读不懂的条件", "不合标准",
        (
            Refused(process(start(), user("甲"), user("乙"), end(), flow("s", "甲"), flow("甲", "乙", when="a &gt;&gt; 4"), flow("乙", "e")), "甲-乙", "expression"),
            Refused(process('<extensionElements><fd:variable name="金额"/></extensionElements>', start(), user("甲"), user("乙"), end(), flow("s", "甲"), flow("甲", "乙", when="金領 = 4"), flow("乙", "e")), "甲-乙", "unknown-name"),
            Refused(process(start(), xor("x", "x-e"), user("乙"), end(), flow("s", "x", "e"), flow("x", "乙", when="a＞4"), flow("乙", "e")), "x-乙", "expression"),
        ),
    ),
    Row("流程的性质", "流程数据", (runs(process('<extensionElements><fd:property name="name" value="告知"/></extensionElements>', SIMPLE), ("", "甲"), ("甲", "end")),)),
    Row(
        "数据对象、数据关联、数据存储", "画出来的单据；案卷保存数据",
        (runs(process(SIMPLE.replace("</userTask>", '<ioSpecification id="io"><dataInput id="di"/><inputSet/><outputSet/></ioSpecification><dataInputAssociation id="dia"><sourceRef>单据引用</sourceRef><targetRef>di</targetRef></dataInputAssociation></userTask>'), '<dataObject id="单据"/><dataObjectReference id="单据引用" dataObjectRef="单据"/><dataStoreReference id="库"/>'), ("", "甲"), ("甲", "end")),),
    ),
)  # fmt: skip
