"""A suspended instance does nothing, loses nothing, and goes on where it was."""

from datetime import timedelta

import pytest

from engine import clock, db
from engine.errors import InstanceSuspended
from engine.process import incidents, instances, messages, tasks, timers
from engine.process.operations import Wait
from tests.process.draw import (
    MESSAGE,
    after,
    both,
    boundary,
    catch,
    end,
    flow,
    process,
    service,
    start,
    user,
)
from tests.process.runtime.host import person

WORK = process(
    start(),
    both("f"),
    user("甲"),
    service("送", "送达"),
    catch("c", MESSAGE),
    both("j"),
    user("丁"),
    end(),
    user("催"),
    end("e2"),
    boundary("b", "甲", after("P10D"), False),
    flow("s", "f", "甲", "j", "丁", "e"),
    flow("f", "送", "j"),
    flow("f", "c", "j"),
    flow("b", "催", "e2"),
)


def suspend(instance):
    db.in_transaction(instances.suspend, instance, actor=person("运维"), reason="核查")


def resume(instance):
    db.in_transaction(instances.resume, instance, actor=person("运维"))


def test_nothing_moves_and_everything_goes_on_afterwards(host, outside):
    instance = host.start(WORK)
    host.later(days=4)
    suspend(instance)
    assert host.state(instance) == "suspended"
    with pytest.raises(InstanceSuspended, match="暂停"):
        host.do("甲")
    db.in_transaction(messages.send, host.court, "来文", case_id=host.case)
    host.later(days=100)
    host.work()
    host.sound()
    assert outside.calls == [] and host.open() == ["甲"]
    resume(instance)
    host.work()
    assert len(outside.calls) == 1 and host.open() == ["甲"]
    due = host.rows("SELECT due_at FROM timer")[0]["due_at"]
    assert abs(due - clock.now() - timedelta(days=6)) < timedelta(minutes=1), "what was left"
    host.later(days=7)
    host.work()
    host.do("甲", "催")
    assert host.open() == ["丁"]


def test_a_call_under_way_ends_and_its_result_is_kept(host, outside):
    instance = host.start(WORK)

    def call(inputs, key):
        suspend(instance)
        return {"费用": 3}

    outside.behaviour = call
    host.work()
    assert host.jobs()[0]["state"] == "held" and host.state(instance) == "suspended"
    outside.behaviour = None
    resume(instance)
    host.work()
    assert host.history() == ["done"] and host.data(instance)["费用"] == 3
    assert len(outside.calls) == 1


def test_a_failed_call_is_not_tried_again_meanwhile(host, outside):
    instance = host.start(WORK)

    def call(inputs, key):
        suspend(instance)
        raise OSError("away")

    outside.behaviour = call
    host.work()
    host.later(days=1)
    host.work()
    assert len(outside.calls) == 1
    outside.behaviour = lambda inputs, key: {}
    resume(instance)
    host.work()
    assert len(outside.calls) == 2 and host.history() == ["done"]


def test_a_receipt_is_kept(host, outside):
    outside.behaviour = lambda inputs, key: Wait("邮政", "R1")
    instance = host.start(WORK)
    host.work()
    suspend(instance)
    host.receipt("R1:妥投")
    host.work()
    assert host.jobs()[0]["state"] == "held"
    resume(instance)
    host.work()
    assert host.data(instance)["状态"] == "妥投"


def test_what_the_host_has_paused_stays_paused(host):
    instance = host.start(WORK)
    db.in_transaction(timers.pause, instance, actor=person("法官"))
    suspend(instance)
    resume(instance)
    assert host.rows("SELECT due_at FROM timer") == [{"due_at": None}]
    suspend(instance)
    db.in_transaction(timers.resume, instance, actor=person("法官"))
    assert host.rows("SELECT due_at FROM timer") == [{"due_at": None}]
    resume(instance)
    assert host.rows("SELECT due_at FROM timer")[0]["due_at"] is not None
    suspend(instance)
    db.in_transaction(timers.pause, instance, actor=person("法官"))
    resume(instance)
    assert host.rows("SELECT due_at FROM timer") == [{"due_at": None}]


def test_variables_may_be_set_but_move_nothing(host):
    xml = process(start(), catch("c", "<conditionalEventDefinition><condition>n = 1</condition></conditionalEventDefinition>"), user("甲"), end(), flow("s", "c", "甲", "e"))  # fmt: skip
    instance = host.start(xml, n=0)
    suspend(instance)
    db.in_transaction(instances.write, instance, {"n": 1}, actor=person("运维"))
    assert host.open() == [] and host.state(instance) == "suspended"
    resume(instance)
    assert host.open() == ["甲"]


def test_an_incident_outlasts_the_suspension_and_is_not_retried_in_it(host, outside):
    outside.inside = lambda *_: 1 / 0
    instance = host.start(
        process(start(), service("内", "登记"), user("甲"), end(), flow("s", "内", "甲", "e"))
    )
    incident = host.incidents()[0]["id"]
    suspend(instance)
    with pytest.raises(InstanceSuspended):
        db.in_transaction(incidents.retry, incident, actor=person("运维"))
    with pytest.raises(InstanceSuspended):
        suspend(instance)
    resume(instance)
    assert [i["id"] for i in host.incidents()] == [incident]
    outside.inside = lambda *_: {}
    host.retry()
    assert host.open() == ["甲"]


def test_reassigning_and_cancelling_are_possible_meanwhile(host):
    instance = host.start(WORK)
    suspend(instance)
    task = host.task("甲")
    db.in_transaction(tasks.reassign, task, person("乙"), actor=person("运维"), reason="休假")
    assert host.state(instance) == "suspended"
    db.in_transaction(instances.cancel, instance, actor=person("运维"), reason="撤")
    assert host.state(instance) == "cancelled"
