"""What an operator does about an incident, and what an incident outlasts."""

from decimal import Decimal

import pytest

from engine import db
from engine.process import incidents, instances
from engine.process.operations import BpmnError, PermanentError
from tests.process.draw import ERROR, boundary, each, end, flow, process, service, start, user
from tests.process.runtime.host import OPERATOR


def correct(host, **changed):
    db.in_transaction(incidents.set_variable, host.incidents()[0]["id"], changed, actor=OPERATOR)


def refuse_address(inputs, key):
    if inputs["地址"] == "错":
        raise PermanentError("没有这个地址")
    return {}


# ---------------------------------------------------------------- corrected data

SENT = process(
    start(), service("送", "送达", 地址="住址"), user("看"), end(), flow("s", "送", "看", "e")
)


def test_a_redone_job_is_called_with_the_corrected_variable(host, outside):
    outside.behaviour = refuse_address
    host.start(SENT, 住址="错")
    host.work()
    correct(host, 住址="对")
    host.retry()
    host.work()
    assert [inputs for _, inputs in outside.calls] == [{"地址": "错"}, {"地址": "对"}]
    assert host.open() == ["看"] and host.incidents() == []


def test_an_error_nobody_caught_is_called_again_with_the_corrected_variable(host, outside):
    def fail(inputs, key):
        raise BpmnError("E9")

    outside.behaviour = fail
    host.start(SENT, 住址="错")
    host.work()
    outside.behaviour = refuse_address
    correct(host, 住址="对")
    host.retry()
    host.work()
    assert outside.calls[-1][1] == {"地址": "对"} and host.open() == ["看"]


def test_an_inside_operation_runs_again_with_the_corrected_variable(host, outside):
    seen = []

    def register(session, context, params):
        seen.append(params["数"])
        if params["数"] < 0:
            raise ValueError("不能为负")
        return {}

    outside.inside = register
    host.start(
        process(
            start(), service("记", "登记", 数="数"), user("看"), end(), flow("s", "记", "看", "e")
        ),
        数=Decimal("-1"),
    )
    correct(host, 数=Decimal("0.10"))
    host.retry()
    assert seen == [Decimal("-1"), Decimal("0.10")] and host.open() == ["看"]


def test_a_call_that_was_made_keeps_the_parameters_it_was_made_with(host, outside):
    def record(session, context, result):
        raise RuntimeError("记录不了")

    outside.record = record
    host.start(SENT, 住址="一")
    host.work()
    correct(host, 住址="二")
    outside.record = lambda *_: None
    host.retry()
    assert host.jobs()[0]["params"] == {"地址": "一"}
    host.work()
    assert len(outside.calls) == 1 and host.open() == ["看"]


def test_each_item_is_asked_about_itself_again(host, outside):
    outside.behaviour = lambda inputs, key: refuse_address({"地址": inputs["地址"]}, key)
    many = service("送", "送达", 地址="if 甲 = &quot;一&quot; then 改 else 甲").replace(
        "</serviceTask>", each("名单", "甲") + "</serviceTask>"
    )
    host.start(
        process(start(), many, user("看"), end(), flow("s", "送", "看", "e")),
        名单=["一", "二"],
        改="错",
    )
    host.work()
    correct(host, 改="对")
    host.retry()
    host.work()
    assert sorted(inputs["地址"] for _, inputs in outside.calls) == ["二", "对", "错"]
    assert host.open() == ["看"]


@pytest.mark.parametrize("operation", ["送达", "登记"])
def test_parameters_without_value_are_the_next_incident_and_nothing_is_called(
    host, outside, operation
):
    def fail(*_):
        raise PermanentError("不行")

    outside.behaviour = outside.inside = fail
    text = "for i in 1..次 return i"
    host.start(
        process(
            start(),
            service("送", operation, 次=text),
            user("看"),
            end(),
            flow("s", "送", "看", "e"),
        ),
        次=1,
    )
    host.work()
    calls = len(outside.calls)
    outside.behaviour = lambda inputs, key: {}
    outside.inside = lambda *_: {}
    correct(host, 次=10**9)
    host.retry()
    host.work()
    (incident,) = host.incidents()
    assert text in incident["message"] and len(outside.calls) == calls
    correct(host, 次=2)
    host.retry()
    host.work()
    assert host.open() == ["看"] and host.incidents() == []
