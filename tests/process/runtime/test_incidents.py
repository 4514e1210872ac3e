"""What an operator does about an incident, and what an incident outlasts."""

from decimal import Decimal

import pytest

from engine import db
from engine.errors import InstanceStandsStill
from engine.process import chronicle, incidents, instances, tasks, timers
from engine.process.operations import BpmnError, PermanentError
from tests.process.draw import after, both, boundary, each, end, flow, process, service, start, user
from tests.process.runtime.host import CLERK, OPERATOR, person


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
        数=Decimal(-1),
    )
    correct(host, 数=Decimal("0.10"))
    host.retry()
    assert seen == [Decimal(-1), Decimal("0.10")] and host.open() == ["看"]


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


def test_the_note_of_a_retry_and_of_a_set_variable_is_in_the_audit_of_the_instance(host, outside):
    outside.behaviour = refuse_address
    instance = host.start(SENT, 住址="错")
    host.work()
    incident = host.incidents()[0]["id"]
    more = {"actor": OPERATOR, "reason": "当事人来电更正"}
    db.in_transaction(incidents.set_variable, incident, {"住址": "新"}, **more)
    db.in_transaction(instances.write, instance, {"住址": "对"}, **more)
    db.in_transaction(incidents.retry, incident, **more)
    told = db.read_only(chronicle.entries, instance, actions=["incident_retried", "variables_set"])
    assert [(entry.actor, entry.detail["reason"]) for entry in told] == [
        (OPERATOR.name, "当事人来电更正")
    ] * 3


# ---------------------------------------------------------------- crashes

#: Something of every kind waits beside the task.
BESIDE = process(
    start(),
    both("f"),
    user("甲"),
    service("送", "送达"),
    both("j"),
    end(),
    user("催"),
    end("e2"),
    boundary("b", "甲", after("P10D"), False),
    flow("s", "f", "甲", "j", "e"),
    flow("f", "送", "j"),
    flow("b", "催", "e2"),
)


def crash(instance):
    db.in_transaction(incidents.stop, instance, RuntimeError("坏了"))


def stands_still(host, instance) -> bool:
    (incident,) = host.incidents()
    return host.state(instance) == "incident" and incident["kind"] == "crash"


def reassign(host, instance):
    db.in_transaction(
        tasks.reassign, host.task("甲"), person("李四"), actor=OPERATOR, reason="休假"
    )


def redate(host, instance):
    timer = host.rows("SELECT id, due_at FROM timer")[0]
    db.in_transaction(timers.redate, timer["id"], timer["due_at"], actor=OPERATOR)


def set_a_variable(host, instance):
    correct(host, 备注="核对")


def suspend_and_resume(host, instance):
    db.in_transaction(instances.suspend, instance, actor=OPERATOR, reason="核查")
    db.in_transaction(instances.resume, instance, actor=OPERATOR)


def end_the_call(host, instance):
    host.work()


@pytest.mark.parametrize(
    "act", [reassign, redate, set_a_variable, suspend_and_resume, end_the_call]
)
def test_nothing_but_a_retry_moves_what_has_crashed(host, outside, act):
    instance = host.start(BESIDE)
    crash(instance)
    act(host, instance)
    assert stands_still(host, instance)
    with pytest.raises(InstanceStandsStill):
        db.in_transaction(tasks.complete, host.task("甲"), {}, actor=person("李四"))
    host.retry()
    assert host.state(instance) == "running" and host.incidents() == []
    host.work()
    assert len(outside.calls) == 1 and host.history() == ["done"]
    assert host.rows("SELECT resolution, closed_by FROM incident") == [
        {"resolution": "retried", "closed_by": OPERATOR.name}
    ]


def test_a_failed_operation_of_a_crashed_instance_waits_for_it(host, outside):
    def fail(*_):
        raise ValueError("不行")

    outside.inside = fail
    instance = host.start(
        process(start(), service("记", "登记"), user("看"), end(), flow("s", "记", "看", "e"))
    )
    crash(instance)
    outside.inside = lambda *_: {}
    host.retry()
    assert host.open() == [] and stands_still(host, instance)
    host.retry()
    assert host.open() == ["看"] and host.state(instance) == "running"


def test_a_crashed_instance_can_be_cancelled(host):
    instance = host.start(BESIDE)
    crash(instance)
    db.in_transaction(instances.cancel, instance, actor=CLERK, reason="撤案")
    assert host.rows("SELECT resolution FROM incident") == [{"resolution": "cancelled"}]
