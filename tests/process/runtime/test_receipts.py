"""Receipts in every disorder."""

from engine import db
from engine.process import receipts, worker
from engine.process.operations import Wait
from tests.process.draw import ERROR, after, boundary, end, flow, process, service, start, user, xor
from tests.process.runtime.host import person

ONE = process(
    start(),
    service("送", "送达"),
    user("看"),
    user("改"),
    end(),
    end("e2"),
    boundary("b", "送", ERROR),
    flow("s", "送", "看", "e"),
    flow("b", "改", "e2"),
)


def waits(outside, *references):
    left = list(references)
    outside.behaviour = lambda inputs, key: Wait("邮政", left.pop(0))


def states(host):
    return [r["state"] for r in host.rows("SELECT state FROM receipt ORDER BY id")]


def test_a_receipt_ends_the_waiting_job(host, outside):
    waits(outside, "E1")
    instance = host.start(ONE)
    host.work()
    job = host.jobs()[0]
    assert job["state"] == "waiting" and job["sent_at"] is not None and job["confirmed_at"] is None
    host.receipt("E1:妥投")
    host.work()
    assert (
        host.open() == ["看"] and host.data(instance)["状态"] == "妥投" and states(host) == ["done"]
    )
    assert host.rows("SELECT confirmed_at IS NOT NULL AS c, reference FROM job_history") == [
        {"c": True, "reference": "E1"}
    ]


def test_a_receipt_that_comes_first_is_found_at_once(host, outside):
    waits(outside, "E1")
    host.receipt("E1:妥投")
    host.work()
    assert states(host) == ["unmatched"]
    host.start(ONE)
    host.work()
    assert host.open() == ["看"] and states(host) == ["done"]


def test_a_receipt_that_comes_between_call_and_settlement(host, outside):
    def call(inputs, key):
        host.receipt("E1:妥投")
        worker.read_receipt()
        return Wait("邮政", "E1")

    outside.behaviour = call
    host.start(ONE)
    host.work()
    assert host.open() == ["看"]


def test_a_receipt_that_comes_twice_and_one_that_contradicts(host, outside):
    waits(outside, "E1")
    host.start(ONE)
    host.work()
    host.receipt("E1:妥投")
    host.receipt("E1:妥投")
    host.work()
    host.receipt("E1:妥投")
    host.receipt("E1:退回")
    host.work()
    assert host.open() == ["看"] and states(host) == ["done", "late"]
    rows = host.rows("SELECT times, error FROM receipt ORDER BY id")
    assert rows[0]["times"] == 3 and "E1" in rows[1]["error"]


def test_a_receipt_may_bring_an_error_that_the_boundary_catches(host, outside):
    waits(outside, "E1")
    host.start(ONE)
    host.work()
    host.receipt("E1:退回")
    host.work()
    assert host.open() == ["改"] and host.history() == ["bpmn_error"]


def test_bad_receipts_do_not_stop_the_others(host, outside, monkeypatch):
    waits(outside, "E1", "E2", "E3")
    broken = process(
        start(),
        service("送", "送达"),
        xor("x", "x-看"),
        user("看"),
        user("别"),
        end(),
        end("e2"),
        flow("s", "送", "x"),
        flow("x", "别", "e2", when="没有这个 &gt; 1"),
        flow("x", "看", "e"),
    )
    bad = host.start(broken, "p")
    host.work()
    host.start(ONE)
    host.work()
    host.start(ONE)
    host.work()
    host.receipt("E9:坏")
    host.receipt("E9:妥投", channel="没有")
    with_fault = "\x00"
    host.receipt(f"E9{with_fault}:妥投")
    host.receipt("E1:妥投")
    host.receipt("E2:妥投")
    real = receipts._set
    tried = []

    def breaks_once(session, receipt, state, **more):
        if receipt.get("reference") == "E2" and state == "done" and not tried:
            tried.append(1)
            raise RuntimeError("磁盘")
        real(session, receipt, state, **more)

    monkeypatch.setattr(receipts, "_set", breaks_once)
    host.receipt("E3:妥投")
    host.work()
    assert host.state(bad) == "incident", "the receipt is done, the diagram is what cannot go on"
    assert states(host) == ["unreadable", "unreadable", "unmatched", "done", "failed", "done"]
    assert host.open() == ["看"]


def test_two_jobs_cannot_wait_for_the_same_reference(host, outside):
    waits(outside, "E1", "E1")
    host.start(ONE)
    host.start(ONE)
    host.work()
    assert sorted(j["state"] for j in host.jobs()) == ["failed", "waiting"]
    assert host.incidents()[0]["error"].endswith("ReferenceInUse")
    host.receipt("E1:妥投")
    host.work()
    assert host.open() == ["看"]


def test_a_reference_used_before_serves_the_new_job(host, outside):
    waits(outside, "E1", "E1")
    host.start(ONE)
    host.work()
    host.receipt("E1:妥投")
    host.work()
    host.start(ONE)
    host.work()
    host.receipt("E1:妥投 二")
    host.work()
    assert host.open() == ["看", "看"] and states(host) == ["done", "done"]


def test_a_receipt_after_the_deadline_changes_nothing(host, outside):
    waits(outside, "E1")
    host.start(
        process(
            start(),
            service("送", "送达"),
            user("看"),
            user("超期"),
            end(),
            end("e2"),
            boundary("b", "送", after("P1D")),
            flow("s", "送", "看", "e"),
            flow("b", "超期", "e2"),
        )
    )
    host.work()
    host.later(days=2)
    host.work()
    host.receipt("E1:妥投")
    host.work()
    assert host.open() == ["超期"] and states(host) == ["late"] and host.history() == ["withdrawn"]


def test_two_receipts_of_one_job_read_at_once(host, outside):
    from tests.process.runtime.host import at_once

    host.deploy(ONE)
    for number in range(8):
        waits(outside, f"R{number}")
        host.start()
        host.work()
        host.receipt(f"R{number}:妥投")
        host.receipt(f"R{number}:代收")
        at_once(worker.read_receipt, worker.read_receipt)
        host.work()
    assert sorted(states(host)) == ["done"] * 8 + ["late"] * 8 and len(host.open()) == 8


def test_a_receipt_while_the_instance_stands_still_is_kept(host, outside):
    from tests.process.draw import both

    waits(outside, "E1")
    xml = process(
        start(),
        both("f"),
        service("送", "送达"),
        user("甲"),
        xor("x", "x-丙"),
        user("乙"),
        user("丙"),
        both("j"),
        user("看"),
        end(),
        end("e2"),
        flow("s", "f", "送", "j", "看", "e"),
        flow("f", "甲", "x"),
        flow("x", "乙", "e2", when="n &gt; 1"),
        flow("x", "丙", "j"),
    )
    instance = host.start(xml)
    host.work()
    host.do("甲")
    host.receipt("E1:妥投")
    host.work()
    assert host.state(instance) == "incident" and host.jobs()[0]["state"] == "held"
    from engine.process import incidents

    db.in_transaction(
        incidents.set_variable, host.incidents()[0]["id"], {"n": 0}, actor=person("运维")
    )
    host.retry()
    host.work()
    host.do("丙")
    assert host.open() == ["看"] and host.data(instance)["状态"] == "妥投"
