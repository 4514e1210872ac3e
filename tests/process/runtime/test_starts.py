"""Processes that start by themselves, and several started in one transaction."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import clock, db
from engine.process import instances, messages, starts
from tests.process.draw import (
    MESSAGE,
    SIGNAL,
    at,
    each_time,
    end,
    flow,
    process,
    service,
    start,
    throw,
    user,
)
from tests.process.runtime.host import person


def by(definition):
    return process(start("s", definition), user("甲"), end(), flow("s", "甲", "e"))


def test_a_signal_starts_a_process_for_the_case_it_was_thrown_in(host):
    host.deploy(by(SIGNAL))
    host.deploy(process(start(), throw("t", SIGNAL), end(), flow("s", "t", "e"), id="q"), "q")
    host.start(key="q")
    rows = host.rows("SELECT key, case_id FROM process_instance WHERE state = 'running'")
    assert rows == [{"key": "p", "case_id": host.case}]


def test_a_message_starts_with_its_data(host):
    host.deploy(by(MESSAGE))
    db.in_transaction(messages.send, host.court, "来文", {"文号": "一"}, case_id=host.case)
    assert host.open() == ["甲"]
    assert host.data(host.rows("SELECT id FROM process_instance")[0]["id"]) == {"文号": "一"}


def test_a_timer_starts_one_instance_for_each_firing(host):
    host.deploy(by(each_time("R3/P1D")))
    host.work()
    assert host.open() == []
    for count in (1, 2, 3, 3):
        host.later(days=1, minutes=1)
        host.work()
        assert host.open() == ["甲"] * count


def test_missed_firings_are_made_up_one_by_one(host):
    host.deploy(by(each_time("R/P1D")))
    host.later(days=3, hours=1)
    host.work()
    assert len(host.open()) == 3


def test_a_date_starts_once(host):
    moment = clock.now() + timedelta(days=2)
    host.deploy(by(at(moment.isoformat())))
    host.later(days=1)
    host.work()
    assert host.open() == []
    host.later(days=400)
    host.work()
    assert host.open() == ["甲"]


def test_a_date_without_zone_is_the_courts(host):
    host.deploy(by(at("2099-05-06T09:00:00")))
    assert host.rows("SELECT due_at FROM process_start") == [
        {"due_at": datetime(2099, 5, 6, 1, tzinfo=UTC)}
    ]


def test_a_new_version_replaces_the_starts_but_keeps_the_date_of_the_same_timer(host):
    host.deploy(by(each_time("R/P7D")))
    before = host.rows("SELECT due_at FROM process_start")
    host.later(days=1)
    host.deploy(by(each_time("R/P7D")).replace('id="甲"', 'id="甲" name="新"'))
    assert host.rows("SELECT due_at FROM process_start") == before
    host.deploy(by(MESSAGE))
    assert [r["kind"] for r in host.rows("SELECT kind FROM process_start")] == ["message"]


def test_a_start_that_breaks_is_put_off_and_the_others_go_on(host, monkeypatch):
    host.deploy(by(each_time("R/P1D")))
    host.deploy(by(each_time("R/P2D")).replace('process id="p"', 'process id="q"'), "q")
    real = instances.start

    def breaks(session, court, key, *args, **kwargs):
        if key == "p":
            raise ZeroDivisionError(key)
        return real(session, court, key, *args, **kwargs)

    monkeypatch.setattr(starts.instances, "start", breaks)
    host.later(days=2, minutes=1)
    host.work()
    assert host.open() == ["甲"]
    assert (
        "ZeroDivisionError"
        in host.rows("SELECT error FROM process_start WHERE key = 'p'")[0]["error"]
    )


def test_several_instances_start_in_one_transaction_also_from_an_inside_operation(host, outside):
    started = []

    def open_documents(session, context, params):
        started.extend(
            instances.start(
                session,
                context.court_id,
                "d",
                {"n": n},
                actor=context.actor,
                case_id=context.case_id,
            )
            for n in range(3)
        )
        return {"文书": [str(id_) for id_ in started]}

    outside.inside = open_documents
    host.deploy(process(start(), user("签"), end(), flow("s", "签", "e"), id="d"), "d")
    instance = host.start(
        process(start(), service("内", "登记"), user("甲"), end(), flow("s", "内", "甲", "e"))
    )
    assert host.open() == ["甲", "签", "签", "签"]
    assert [host.data(id_)["n"] for id_ in started] == [0, 1, 2]
    assert host.data(instance)["文书"] == [str(id_) for id_ in started]

    def two(session):
        instances.start(session, host.court, "d", {}, actor=person("甲"), case_id=host.case)
        instances.start(session, host.court, "d", {}, actor=person("甲"), case_id=host.case)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.in_transaction(two)
    assert len(host.open()) == 4, "all or nothing"
