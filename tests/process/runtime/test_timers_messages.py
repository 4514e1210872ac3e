"""Timers are rows; messages wait for whoever stands still."""

from datetime import datetime, timedelta

import pytest

from engine import clock, db
from engine.process import incidents, messages, timers, worker
from tests.process.draw import (
    MESSAGE,
    SIGNAL,
    after,
    both,
    boundary,
    catch,
    each_time,
    end,
    flow,
    on,
    process,
    start,
    throw,
    user,
    xor,
)
from tests.process.runtime.host import person

DEADLINE = process(
    start(),
    user("甲"),
    user("超期"),
    end(),
    end("e2"),
    boundary("b", "甲", after("P10D")),
    flow("s", "甲", "e"),
    flow("b", "超期", "e2"),
)


def timer(host):
    return host.rows("SELECT * FROM timer ORDER BY due_at")


def test_the_row_is_the_truth(host):
    host.start(DEADLINE)
    db.in_transaction(
        timers.redate, timer(host)[0]["id"], clock.now() + timedelta(days=20), actor=person("团队")
    )
    host.later(days=11)
    host.work()
    assert host.open() == ["甲"]
    host.later(days=10)
    host.work()
    assert host.open() == ["超期"] and timer(host) == []


def test_a_row_changed_by_hand_is_believed_too(host):
    from sqlalchemy import text

    host.start(DEADLINE)
    with db.engine().begin() as session:
        session.execute(text("UPDATE timer SET due_at = due_at - interval '9 days'"))
    host.later(days=2)
    host.work()
    assert host.open() == ["超期"]


def test_a_pause_keeps_what_is_left_and_can_be_redated_meanwhile(host):
    instance = host.start(DEADLINE)
    host.later(days=4)
    db.in_transaction(timers.pause, instance, actor=person("法官"))
    host.later(days=100)
    host.work()
    assert host.open() == ["甲"]
    db.in_transaction(
        timers.redate, timer(host)[0]["id"], clock.now() + timedelta(days=3), actor=person("法官")
    )
    host.later(days=50)
    host.work()
    assert host.open() == ["甲"]
    db.in_transaction(timers.resume, instance, actor=person("法官"))
    host.later(days=2)
    host.work()
    assert host.open() == ["甲"]
    host.later(days=2)
    host.work()
    assert host.open() == ["超期"]


def test_completing_other_work_does_not_move_a_paused_or_redated_timer(host):
    instance = host.start(
        process(
            start(),
            both("f"),
            user("甲"),
            user("旁"),
            user("超期"),
            end(),
            end("e2"),
            end("e3"),
            boundary("b", "甲", after("P10D")),
            flow("s", "f", "甲", "e"),
            flow("f", "旁", "e3"),
            flow("b", "超期", "e2"),
        )
    )
    db.in_transaction(
        timers.redate, timer(host)[0]["id"], clock.now() + timedelta(days=30), actor=person("甲")
    )
    due = timer(host)[0]["due_at"]
    host.do("旁")
    assert timer(host)[0]["due_at"] == due
    db.in_transaction(timers.pause, instance, actor=person("甲"))
    host.do("甲")
    assert timer(host) == [] and host.state(instance) == "ended"


def test_reminders_repeat_and_leave_one_row(host):
    host.start(
        process(
            start(),
            user("甲"),
            user("催"),
            end(),
            end("e2"),
            boundary("b", "甲", each_time("R3/P1D"), False),
            flow("s", "甲", "e"),
            flow("b", "催", "e2"),
        )
    )
    for number in (1, 2, 3):
        host.later(days=1, seconds=1)
        host.work()
        assert host.open().count("催") == number and len(timer(host)) == (1 if number < 3 else 0)


def test_a_naive_time_is_refused(host):
    host.start(DEADLINE)
    with pytest.raises(ValueError, match="naive"):
        db.in_transaction(
            timers.redate, timer(host)[0]["id"], datetime(2027, 1, 1), actor=person("甲")
        )


def test_many_due_timers_and_several_sweepers(host):
    from tests.process.runtime.host import at_once

    host.deploy(DEADLINE)
    for _ in range(40):
        host.start()
    host.later(days=11)
    at_once(*[worker.run_until_idle] * 4)
    host.work()
    assert host.open() == ["超期"] * 40
    assert host.rows("SELECT count(*) AS n FROM audit_entry WHERE action = 'timers_fired'") == [
        {"n": 40}
    ]


def test_an_instance_that_breaks_its_sweeper_does_not_stop_the_others(host, monkeypatch):
    host.deploy(DEADLINE)
    bad, good = host.start(), host.start()
    host.later(days=11)
    with db.engine().begin() as session:
        from sqlalchemy import text

        session.execute(
            text("UPDATE process_state SET blob = blob || '\\x00'::bytea WHERE instance_id = :i"),
            {"i": bad},
        )
    host.work()
    assert host.open(good) == ["超期"] and host.state(bad) == "incident"
    (incident,) = host.incidents()
    assert incident["error"].endswith("StateDamaged") and incident["kind"] == "crash"
    with db.engine().begin() as session:
        session.execute(
            text(
                "UPDATE process_state SET blob = substr(blob, 1, length(blob) - 1) WHERE instance_id = :i"
            ),
            {"i": bad},
        )
    host.retry()
    host.work()
    assert host.open(bad) == ["超期"]


# ---------------------------------------------------------------- messages

SENDER = process(start(), user("发"), throw("t", MESSAGE), end(), flow("s", "发", "t", "e"))
RECEIVER = process(
    start(),
    user("甲"),
    catch("c", MESSAGE),
    user("收到"),
    end(),
    flow("s", "甲", "c", "收到", "e"),
    id="q",
)


def test_a_message_reaches_the_instance_that_listens(host):
    host.deploy(SENDER)
    receiver = host.start(RECEIVER, "q")
    host.do("甲")
    host.start()
    host.do("发")
    assert host.open() == [], "delivered by the worker, not in the sender's step"
    host.work()
    assert host.open(receiver) == ["收到"] and host.rows("SELECT state FROM message") == [
        {"state": "delivered"}
    ]


def test_a_message_nobody_waits_for_yet_is_kept(host):
    host.deploy(SENDER)
    receiver = host.start(RECEIVER, "q")
    host.start()
    host.do("发")
    host.work()
    assert host.open() == ["甲"]
    host.do("甲")
    host.later(hours=1)
    host.work()
    assert host.open(receiver) == ["收到"]


def test_a_message_addressed_to_one_instance_wakes_when_it_listens(host):
    receiver = host.start(RECEIVER, "q")
    db.in_transaction(
        messages.send, host.court, "来文", {"字": "甲"}, instance_id=receiver, case_id=host.case
    )
    for _ in range(3):
        host.work()
        host.later(minutes=10)
    host.do("甲")
    host.work()
    assert host.open() == ["收到"] and host.data(receiver)["字"] == "甲"


def test_a_message_for_an_instance_that_stands_still_is_kept(host):
    xml = process(
        start(),
        both("f"),
        catch("c", MESSAGE),
        user("收到"),
        user("甲"),
        xor("x", "x-丙"),
        user("乙"),
        user("丙"),
        end(),
        end("e2"),
        end("e3"),
        flow("s", "f", "c", "收到", "e"),
        flow("f", "甲", "x"),
        flow("x", "乙", "e2", when="n &gt; 1"),
        flow("x", "丙", "e3"),
    )
    instance = host.start(xml)
    host.do("甲")
    assert host.state(instance) == "incident"
    db.in_transaction(messages.send, host.court, "来文", instance_id=instance, case_id=host.case)
    for _ in range(3):
        host.work()
        host.later(days=1)
    assert host.rows("SELECT state FROM message") == [{"state": "new"}]
    db.in_transaction(
        incidents.set_variable, host.incidents()[0]["id"], {"n": 0}, actor=person("运维")
    )
    host.retry()
    host.work()
    assert host.open() == ["丙", "收到"]


def test_a_message_for_an_ended_instance_is_undeliverable(host):
    instance = host.start(process(start(), user("甲"), end(), flow("s", "甲", "e")))
    db.in_transaction(messages.send, host.court, "来文", instance_id=instance)
    host.do("甲")
    host.later(hours=2)
    host.work()
    assert host.rows("SELECT state FROM message") == [{"state": "undeliverable"}]


def test_a_message_starts_a_process(host):
    host.deploy(SENDER)
    host.deploy(process(start("s", MESSAGE), user("新"), end(), flow("s", "新", "e"), id="q"), "q")
    host.start()
    host.do("发")
    assert host.open() == ["新"] and host.rows(
        "SELECT count(DISTINCT case_id) AS n FROM process_instance"
    ) == [{"n": 1}]


def test_a_signal_reaches_every_other_instance_of_the_case(host):
    listener = process(
        start(), user("办"), on("es", SIGNAL, "停"), end(), flow("s", "办", "e"), id="q"
    )
    host.deploy(listener, "q")
    both_ = [host.start(key="q"), host.start(key="q")]
    case, host.case = host.case, __import__("uuid").uuid4()
    elsewhere = host.start(key="q")
    host.case = case
    host.start(process(start(), user("发"), throw("t", SIGNAL), end(), flow("s", "发", "t", "e")))
    host.do("发")
    host.work()
    assert [host.open(i) for i in both_] == [["停"], ["停"]] and host.open(elsewhere) == ["办"]
