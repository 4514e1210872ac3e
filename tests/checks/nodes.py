"""Rules on tasks, events and what may stand in a file."""

from tests.checks import CLEAN, SIMPLE, Fixture, drawn, plus, swapped, with_task
from tests.process.draw import (
    CANCEL,
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    after,
    boundary,
    catch,
    element,
    end,
    flow,
    process,
    repeat,
    service,
    start,
    sub,
    throw,
    times,
    user,
)


def at_edge(definition: str, cancel: bool = True, host: str = "") -> str:
    return process(start(), host or user("甲"), boundary("b", "甲", definition, cancel), end(), end("e2"), flow("s", "甲", "e"), flow("b", "e2"))  # fmt: skip


def ours(attributes: str) -> str:
    return swapped(CLEAN, '<userTask id="甲"', f'<userTask id="甲" {attributes}')


INNER = sub("甲", start("os"), end("oe", ESCALATION), flow("os", "oe"))
TRANSACTION = element("transaction", "甲", start("os") + end("oe", CANCEL) + flow("os", "oe"))
LINK = '<linkEventDefinition name="转"/>'
LINKED = process(start(), throw("t", LINK), catch("c", LINK), end(), flow("s", "t"), flow("c", "e"))
DECLARED = process('<extensionElements><fd:variable name="金额"/></extensionElements>', start(), user("甲"), user("乙"), end(), end("e2"), flow("s", "甲"), flow("甲", "乙", when="金额 &gt; 1"), flow("甲", "e"), flow("乙", "e2"))  # fmt: skip
PLAIN = swapped(DECLARED, '<fd:variable name="金额"/>', "")
GOOD_TASK = with_task(service("甲", "送达", 文书="1"))
FORM = '{"components": []}'

FIXTURES = (
    drawn("expression", "表达式读不懂。", swapped(DECLARED, "金额 &gt; 1", "金额 &gt;&gt; 1"), DECLARED),
    drawn("unknown-name", "表达式里的名称没有任何来源。", swapped(DECLARED, "金额 &gt; 1", "金領 &gt; 1"), DECLARED),
    drawn("unknown-fact", "表达式里写的案件事实不在清单中。", swapped(PLAIN, "金额 &gt; 1", "案件.执行的标 &gt; 1"), swapped(PLAIN, "金额 &gt; 1", "案件.执行标的 &gt; 1")),
    drawn("no-message", "发送或接收任务没有指定消息。", with_task(element("sendTask", "甲")), with_task(element("sendTask", "甲", messageRef="msg"))),
    drawn("no-operation", "服务任务没有指定操作。", with_task(element("serviceTask", "甲")), GOOD_TASK),
    drawn("unknown-operation", "没有这个名称的操作。", with_task(service("甲", "寄送", 文书="1")), GOOD_TASK),
    drawn("unknown-parameter", "操作没有这个参数。", with_task(service("甲", "送达", 文书="1", 收件人="2")), GOOD_TASK),
    drawn("missing-parameter", "操作缺少必填的参数。", with_task(service("甲", "送达")), GOOD_TASK),
    drawn("no-decision", "决策任务没有指定决策。", with_task(element("businessRuleTask", "甲")), CLEAN),
    drawn("unknown-decision", "文件夹里没有这个编号的决策。", with_task('<businessRuleTask id="甲" fd:decision="无"/>'), CLEAN),
    drawn("task-due", "办理期限不是 ISO 8601 的时长。", ours('fd:due="三天"'), ours('fd:due="P3D"')),
    drawn("task-priority", "优先级不是整数。", ours('fd:priority="高"'), ours('fd:priority="5"')),
    Fixture("unknown-form", "文件夹里没有任务指定的表单。", {"process.bpmn": ours('fd:form="无.form"')}, {"process.bpmn": ours('fd:form="有.form"'), "有.form": FORM}),
    drawn("form-and-screen", "任务既指定了表单又指定了页面。", ours('fd:form="有.form" fd:screen="transfer"'), ours('fd:screen="transfer"')),
    drawn("extension-value", "平台扩展的值不在可选范围内，或必填的没有写。", ours('fd:scope="all"'), ours('fd:scope="team"')),
    drawn("unknown-extension", "平台没有这种扩展，或它不能写在这里。", ours('fd:colour="red"'), CLEAN),
    drawn("foreign-element", "其他工具的扩展元素，平台不认识。", with_task(user("甲", '<extensionElements><x:form xmlns:x="urn:x"/></extensionElements>')), CLEAN),
    drawn("unknown-element", "平台不支持的元素。", plus('<auditing id="a1"/>'), CLEAN),
    drawn("unknown-attribute", "平台不认识的属性。", with_task(user("甲", priority="9")), CLEAN),
    drawn("value", "属性的值平台不支持。", swapped(CLEAN, '<startEvent id="s"', '<startEvent id="s" parallelMultiple="maybe"'), CLEAN),
    drawn("misplaced", "元素放在了不能放的地方。", process(SIMPLE, more=user("乙")), CLEAN),
    drawn("script", "流程图里的代码不会运行。", with_task('<scriptTask id="甲"/>'), CLEAN),
    drawn("complex-gateway", "复杂网关不受支持。", with_task(element("complexGateway", "甲")), CLEAN),
    drawn("ad-hoc", "即席子流程不受支持。", with_task(element("adHocSubProcess", "甲")), CLEAN),
    drawn("compensation", "补偿不受支持。", with_task(throw("甲", "<compensateEventDefinition/>")), CLEAN),
    drawn("global-task", "全局任务不受支持。", process(SIMPLE, more=element("globalUserTask", "gt")), CLEAN),
    drawn("choreography", "编排图不受支持。", process(SIMPLE, more=element("choreography", "ch")), CLEAN),
    drawn("quantity", "启动数量和完成数量只能是 1。", with_task(user("甲", startQuantity="2")), with_task(user("甲", startQuantity="1"))),
    drawn("instantiate", "接收任务和事件网关不能启动流程。", with_task(element("receiveTask", "甲", messageRef="msg", instantiate="true")), with_task(element("receiveTask", "甲", messageRef="msg"))),
    drawn("multi-instance-behavior", "多实例的这种行为不受支持。", with_task(user("甲", times("2", behavior="One"))), with_task(user("甲", times("2")))),
    drawn("multi-instance", "多实例的次数、列表或结果没有写对。", with_task(user("甲", times("-1"))), with_task(user("甲", times("2")))),
    drawn("loop", "循环没有条件和上限，上限不是正整数，或放在不能循环的地方。", with_task(user("甲", repeat())), with_task(user("甲", repeat("true", loopMaximum="3")))),
    drawn("event-kind", "这种事件不能放在这个位置。", with_task(throw("甲", TERMINATE)), with_task(throw("甲", SIGNAL))),
    drawn("no-trigger", "捕获事件没有触发条件。", at_edge(""), at_edge(MESSAGE)),
    drawn("several-definitions", "这种事件不能与其他事件合用。", process(start(), end("e", TERMINATE + SIGNAL), flow("s", "e")), process(start(), end("e", TERMINATE), flow("s", "e"))),
    drawn("no-reference", "没有指定消息、信号、错误或升级。", with_task(catch("甲", "<messageEventDefinition/>")), with_task(catch("甲", MESSAGE))),
    drawn("timer", "定时没有时间，不是 ISO 8601，或永远循环。", with_task(catch("甲", after("15天"))), with_task(catch("甲", after("P15D")))),
    drawn("error-interrupts", "错误和取消总是中断，不能设为不中断。", at_edge(ERROR, False), at_edge(ERROR)),
    drawn("loose-boundary", "边界事件没有附着在任务或子流程上。", plus(boundary("b", "无", MESSAGE), end("e2"), flow("b", "e2")), at_edge(MESSAGE)),
    drawn("into-boundary", "有流程线连入边界事件。", swapped(at_edge(MESSAGE), "</process>", flow("s", "b") + "</process>"), at_edge(MESSAGE)),
    drawn("cancel", "取消事件不在带取消边界事件的事务里。", process(start(), end("e", CANCEL), flow("s", "e")), at_edge(CANCEL, host=TRANSACTION)),
    drawn("never-thrown", "任务自己不会升级，这个边界事件永远不会触发。", at_edge(ESCALATION), at_edge(ESCALATION, host=INNER)),
    drawn("link", "链接没有恰好一个同名的另一端，或另有流程线。", process(start(), throw("t", LINK), end(), flow("s", "t"), flow("s", "e")), LINKED),
    drawn("xml", "文件不是可以读取的 XML，或不是流程图、决策表。", "<a", CLEAN),
)  # fmt: skip
