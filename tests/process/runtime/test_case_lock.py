"""The case is locked before its instance, by whoever opens one; so people and workers cannot deadlock."""

import threading
import time

import pytest
from sqlalchemy import event, text

from engine import db
from engine.process import incidents, instances, messages, steps, tasks, worker
from engine.process.operations import PermanentError
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
    user("乙"),
    end(),
    user("催"),
    end("e2"),
    boundary("b", "甲", after("P1D"), False),
    flow("s", "f", "甲", "j", "乙", "e"),
    flow("f", "送", "j"),
    flow("f", "c", "j"),
    flow("b", "催", "e2"),
)


@pytest.fixture
def case(host):
    """A table of cases with this one in it, locked first by the runtime."""
    with db.engine().begin() as session:
        session.execute(text("DROP TABLE IF EXISTS probe_case"))
        session.execute(text("CREATE TABLE probe_case (id uuid PRIMARY KEY, n int NOT NULL)"))
        session.execute(text("INSERT INTO probe_case VALUES (:id, 0)"), {"id": host.case})
    steps.lock_first("probe_case")
    yield host.case
    steps._lock_first.clear()
    steps._statements.clear()
    with db.engine().begin() as session:
        session.execute(text("DROP TABLE probe_case"))


def held(case, work):
    """Runs ``work`` while another holds the case; True if it had to wait for it."""
    done = threading.Event()
    with db.engine().connect() as holder:
        holder.execute(text("SELECT 1 FROM probe_case WHERE id = :id FOR UPDATE"), {"id": case})
        thread = threading.Thread(target=lambda: (work(), done.set()))
        thread.start()
        waited = not done.wait(0.4)
        free = holder.execute(
            text("SELECT count(*) FROM process_instance i WHERE case_id = :id"), {"id": case}
        ).scalar()
        # Nobody who waits for the case may already hold the instance.
        holder.execute(
            text("SELECT 1 FROM process_instance WHERE case_id = :id FOR UPDATE NOWAIT"),
            {"id": case},
        )
        holder.rollback()
    thread.join()
    assert free
    return waited


def test_people_and_workers_wait_for_the_case_and_hold_nothing_meanwhile(host, outside, case):
    instance = host.start(WORK)
    assert held(case, lambda: host.do("甲"))
    assert held(case, worker.run_job)
    db.in_transaction(messages.send, host.court, "来文", case_id=host.case)
    assert held(case, worker.deliver_message)
    assert host.open(instance) == ["乙"]


def test_timers_and_operators_too(host, outside, case):
    def fails(inputs, key):
        raise PermanentError("x")

    outside.behaviour = fails
    instance = host.start(WORK)
    host.later(days=2)
    assert held(case, worker.fire_timer)
    assert host.open() == ["催", "甲"]
    host.work()
    incident = host.incidents()[0]["id"]
    assert held(case, lambda: db.in_transaction(incidents.retry, incident, actor=person("运维")))
    assert held(
        case,
        lambda: db.in_transaction(instances.cancel, instance, actor=person("运维"), reason="撤"),
    )


def test_the_lock_costs_no_statement(host, case):
    host.start(WORK)
    task, seen = host.task("甲"), []
    listen = event.listens_for(db.engine(), "before_cursor_execute")
    listen(lambda *args: seen.append(args[2]))
    db.in_transaction(tasks.complete, task, {}, actor=person("甲"))
    assert len([s for s in seen if "locked_case" in s]) == 1 and len(seen) == 4


def test_an_instance_without_case_needs_none(host, case):
    host.case = None
    host.start(WORK)
    host.do("甲")
    assert host.open() == []


def test_case_first_and_instance_first_never_meet(host, outside, case):
    """Pages lock the case and then complete; workers settle; inside operations change the case."""

    def change(session, context, params):
        session.execute(
            text("UPDATE probe_case SET n = n + 1 WHERE id = :id"), {"id": context.case_id}
        )
        return {}

    outside.inside = change
    ring = process(
        start(), user("甲"), service("内", "登记"), service("送", "送达"), end(),
        flow("s", "甲", "内", "送", "e"),
    )  # fmt: skip
    host.deploy(ring)
    for _ in range(12):
        host.start()
    stop, errors = threading.Event(), []

    def page(session, task):
        session.execute(text("UPDATE probe_case SET n = n + 1 WHERE id = :id"), {"id": host.case})
        tasks.complete(session, task, {}, actor=person("甲"))

    def work():
        while not stop.is_set():
            try:
                worker.run_once()
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for row in host.rows("SELECT id FROM user_task WHERE state = 'open'"):
        db.in_transaction(page, row["id"])
    until = time.monotonic() + 20
    while (
        host.rows("SELECT 1 FROM process_instance WHERE state = 'running'")
        and time.monotonic() < until
    ):
        time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == [] and len(outside.calls) == 12
    assert host.rows("SELECT n FROM probe_case") == [{"n": 24}]
    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    assert host.rows(deadlocks) == [{"deadlocks": 0}]
