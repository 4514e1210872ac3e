"""What is refused, by which rule, at which element; and that a clean file has no findings."""

import re

import pytest

from tests.process.draw import (
    ANY_ERROR,
    CANCEL,
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    after,
    both,
    boundary,
    catch,
    each_time,
    element,
    end,
    flow,
    on,
    process,
    repeat,
    service,
    start,
    sub,
    throw,
    times,
    user,
    when,
    xor,
)
from tests.process.spiff.player import findings as check

SIMPLE = start() + user("甲") + end() + flow("s", "甲", "e")


def plus(*parts: str) -> str:
    return process(SIMPLE, *parts)


def at_task(inside: str = "", **attributes: str) -> str:
    return process(start(), user("甲", inside, **attributes), end(), flow("s", "甲", "e"))


def with_task(task: str) -> str:
    return process(start(), task, end(), flow("s", "甲", "e"))


def between(element_: str) -> str:
    return process(start(), element_, end(), flow("s", "甲", "e"))


COMPENSATE = "<compensateEventDefinition/>"
PARALLEL = both("f") + user("甲") + user("乙") + both("j")

REFUSED = {
    # flows, starts, ends, ids
    "no end event": (process(start(), user("甲"), flow("s", "甲")), "p", "no-end"),
    "last task leads nowhere": (process(start(), user("甲"), both("f"), user("乙"), end(), flow("s", "f", "甲", "e"), flow("f", "乙")), "乙", "no-outgoing"),
    "no start event": (process(user("甲"), end(), flow("甲", "e")), "p", "no-start"),
    "nothing leads here": (plus(user("乙"), end("e2"), flow("乙", "e2")), "乙", "no-incoming"),
    "a ring nobody enters": (plus(user("乙"), user("丙"), flow("乙", "丙", "乙")), "乙", "unreachable"),
    "duplicate id": (plus(user("甲")), "甲", "duplicate-id"),
    "flow to nothing": (process(start(), user("甲"), end(), flow("s", "甲", "e"), '<sequenceFlow id="x" sourceRef="甲" targetRef="无"/>'), "x", "loose-flow"),
    "flow into another scope": (process(start(), user("甲"), sub("o", start("os"), end("oe"), flow("os", "oe")), end(), flow("s", "甲", "o", "e"), '<sequenceFlow id="x" sourceRef="甲" targetRef="oe"/>'), "x", "loose-flow"),
    "incoming that is none": (with_task(user("甲", "<incoming>无</incoming>")), "甲", "loose-flow"),
    "two flows between two elements": (process(start(), user("甲"), end(), flow("s", "甲", "e"), '<sequenceFlow id="x" sourceRef="甲" targetRef="e"/>'), "x", "double-flow"),
    "flow into a start": (process(start(), user("甲"), user("乙"), end(), flow("s", "甲", "e"), flow("甲", "乙", "s")), "s", "into-start"),
    "flow out of an end": (plus(user("乙"), end("e2"), flow("e", "乙", "e2")), "e", "out-of-end"),
    "two plain starts": (plus(start("s2"), flow("s2", "甲")), "s2", "several-starts"),
    "two starts in a subprocess": (process(start(), sub("o", start("a"), start("b"), end("c"), flow("a", "c"), flow("b", "c")), end(), flow("s", "o", "e")), "b", "several-starts"),
    "nothing executable": (process(SIMPLE).replace('isExecutable="true"', 'isExecutable="false"'), "file", "no-process"),
    # gateways and conditions
    "exclusive without condition": (process(start(), xor("x"), user("甲"), user("乙"), end(), flow("s", "x", "甲", "e"), flow("x", "乙", "e")), "x-乙", "no-condition"),
    "condition behind a parallel gateway": (process(start(), both("x"), user("甲"), user("乙"), end(), flow("s", "x", "甲", "e"), flow("x", "乙", when="true"), flow("乙", "e")), "x-乙", "stray-condition"),
    "condition behind an event": (process(start(), user("甲"), end(), flow("s", "甲", when="true"), flow("甲", "e")), "s-甲", "stray-condition"),
    "default of another": (at_task(default="s-甲"), "甲", "foreign-default"),
    "condition that cannot be read": (process(start(), user("甲"), end(), flow("s", "甲"), flow("甲", "e", when="n &gt;&gt; 4")), "甲-e", "expression"),
    "empty condition": (process(start(), user("甲"), end(), flow("s", "甲"), flow("甲", "e", when=" ")), "甲-e", "expression"),
    "event gateway to a task": (process(start(), element("eventBasedGateway", "g"), user("甲"), catch("c", MESSAGE), end(), end("e2"), flow("s", "g", "甲", "e"), flow("g", "c", "e2")), "甲", "event-gateway"),
    "complex gateway": (process(start(), element("complexGateway", "甲"), end(), flow("s", "甲", "e")), "甲", "complex-gateway"),
    # tasks
    "script": (with_task('<scriptTask id="甲"><script>1</script></scriptTask>'), "甲", "script"),
    "decision": (with_task(element("businessRuleTask", "甲")), "甲", "no-decision"),
    "service without operation": (with_task(element("serviceTask", "甲")), "甲", "no-operation"),
    "service parameter": (with_task(service("甲", 数="n +")), "甲", "expression"),
    "send without message": (with_task(element("sendTask", "甲")), "甲", "no-message"),
    "receive without message": (with_task(element("receiveTask", "甲")), "甲", "no-message"),
    "receive that instantiates": (with_task(element("receiveTask", "甲", messageRef="msg", instantiate="true")), "甲", "instantiate"),
    "start quantity": (at_task(startQuantity="2"), "甲", "quantity"),
    "completion quantity": (at_task(completionQuantity="0"), "甲", "quantity"),
    "for compensation": (at_task(isForCompensation="true"), "甲", "compensation"),
    "unknown callee": (with_task(element("callActivity", "甲", calledElement="无")), "甲", "unknown-call"),
    "global task": (process(start(), element("callActivity", "甲", calledElement="gt"), end(), flow("s", "甲", "e"), more=element("globalUserTask", "gt")), "gt", "global-task"),
    "ad hoc": (with_task(element("adHocSubProcess", "甲", user("乙"))), "甲", "ad-hoc"),
    # loops
    "loop maximum": (at_task(repeat(loopMaximum="-1")), "甲", "loop"),
    "loop without anything": (at_task(repeat()), "甲", "loop"),
    "loop and multi-instance": (at_task(repeat("true") + times("2")), "甲", "loop"),
    "multi-instance behaviour": (at_task(times("2", behavior="One")), "甲", "multi-instance-behavior"),
    "multi-instance of nothing": (at_task('<multiInstanceLoopCharacteristics id="mi"/>'), "甲", "multi-instance"),
    "negative cardinality": (at_task(times("-1")), "甲", "multi-instance"),
    "cardinality that cannot be read": (at_task(times("n +")), "甲", "expression"),
    # events
    "boundary on nothing": (plus(boundary("b", "无", MESSAGE), end("e2"), flow("b", "e2")), "b", "loose-boundary"),
    "boundary on an event": (plus(boundary("b", "e", MESSAGE), end("e2"), flow("b", "e2")), "b", "loose-boundary"),
    "boundary that leads nowhere": (plus(boundary("b", "甲", MESSAGE)), "b", "no-outgoing"),
    "boundary without trigger": (plus(boundary("b", "甲", ""), end("e2"), flow("b", "e2")), "b", "no-trigger"),
    "error that does not interrupt": (plus(boundary("b", "甲", ERROR, False), end("e2"), flow("b", "e2")), "b", "error-interrupts"),
    "compensation boundary": (plus(boundary("b", "甲", COMPENSATE)), "b", "compensation"),
    "compensation throw": (between(throw("甲", COMPENSATE)), "甲", "compensation"),
    "compensation end": (process(start(), end("e", COMPENSATE), flow("s", "e")), "e", "compensation"),
    "cancel outside a transaction": (process(start(), end("e", CANCEL), flow("s", "e")), "e", "cancel"),
    "cancel boundary on a task": (plus(boundary("b", "甲", CANCEL), end("e2"), flow("b", "e2")), "b", "cancel"),
    "terminate in the middle": (between(throw("甲", TERMINATE)), "甲", "event-kind"),
    "error in the middle": (between(throw("甲", ERROR)), "甲", "event-kind"),
    "timer that is none": (between(catch("甲", after("15天"))), "甲", "timer"),
    "timer cycle without end": (between(catch("甲", each_time("R/P1D"))), "甲", "timer"),
    "condition start of a process": (process(start("s", when("true")), end(), flow("s", "e")), "s", "event-kind"),
    "unknown message": (between(catch("甲", '<messageEventDefinition messageRef="无"/>')), "甲", "unknown-reference"),
    "message that is a signal": (between(catch("甲", '<messageEventDefinition messageRef="sig"/>')), "甲", "unknown-reference"),
    "no message chosen": (between(catch("甲", "<messageEventDefinition/>")), "甲", "no-reference"),
    "thrown error without code": (process(start(), end("e", ANY_ERROR), flow("s", "e")), "e", "no-reference"),
    "shared definition that is none": (between(catch("甲", "<eventDefinitionRef>无</eventDefinitionRef>")), "甲", "unknown-reference"),
    "link without a twin": (plus(both("f"), throw("t", '<linkEventDefinition name="转"/>'), flow("s", "f", "t")), "t", "link"),
    "event subprocess without trigger": (plus(on("v", "", "理")), "v_s", "no-trigger"),
    "event subprocess with a flow": (plus(on("v", SIGNAL, "理"), flow("甲", "v")), "v", "event-subprocess-flow"),
    "error handler that does not interrupt": (plus(on("v", ERROR, "理", interrupting=False)), "v_s", "error-interrupts"),
    # whatever is in no list
    "unknown element": (plus('<auditing id="a1"/>'), "a1", "unknown-element"),
    "unknown attribute": (at_task(priority="9"), "甲", "unknown-attribute"),
    "foreign extension": (at_task('<extensionElements><x:form xmlns:x="urn:x"/></extensionElements>'), "甲", "foreign-element"),
    "foreign attribute": (process(SIMPLE).replace('<userTask id="甲"', '<userTask xmlns:x="urn:x" x:assignee="u" id="甲"'), "甲", "unknown-attribute"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_at_the_element_with_a_way_out(name):
    text, element_, rule = REFUSED[name]
    findings = [f for f in check(text) if f.severity == "error"]
    assert (element_, rule) in {(f.element, f.rule) for f in findings}, findings
    for finding in findings:
        assert re.fullmatch(r"“.+”（.+）：.+，.*请.+。", finding.message), finding.message
        assert f'id="{finding.element}"' in text


def test_all_findings_come_at_once():
    text = process(
        start(),
        user("甲", startQuantity="2"),
        element("complexGateway", "x"),
        user("乙"),
        flow("s", "甲", "x"),
    )
    assert {f.rule for f in check(text)} >= {
        "quantity",
        "complex-gateway",
        "no-incoming",
        "no-outgoing",
        "no-end",
    }


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (process(start(), xor("x"), user("甲"), user("乙"), end(), end("e2"), flow("s", "x"), flow("x", "甲", when="true"), flow("x", "乙", when="true"), flow("甲", "e"), flow("乙", "e2")), "no-default"),
        (process(start(), both("f"), user("甲"), user("乙"), user("丙"), end(), flow("s", "f", "甲", "丙", "e"), flow("f", "乙", "丙")), "many-incoming"),
        (process(start(), xor("x", "x-甲"), user("甲"), user("乙"), both("j"), end(), flow("s", "x", "甲", "j", "e"), flow("x", "乙", when="true"), flow("乙", "j")), "deadlock"),
        (plus(boundary("b", "甲", ESCALATION), end("e2"), flow("b", "e2")), "never-thrown"),
    ],
)  # fmt: skip
def test_what_runs_but_is_probably_not_meant_is_a_warning(text, rule):
    assert [(f.rule, f.severity) for f in check(text)] == [(rule, "warning")]


def test_a_clean_file_has_no_findings():
    assert (
        check(
            plus(
                boundary("b", "甲", after("P1D"), False),
                user("催"),
                end("e2"),
                flow("b", "催", "e2"),
                on("v", SIGNAL, "理"),
            )
        )
        == []
    )


@pytest.mark.parametrize(
    "text", ["", "<a/>", "<definitions/>", '<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>']
)
def test_what_is_no_diagram_is_refused(text):
    assert [f.rule for f in check(text)] == ["xml"]
