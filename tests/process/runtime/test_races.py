"""Several people, several workers, one instance."""

import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from engine import clock, db
from engine.errors import EngineError, TaskClosed, TaskTaken
from engine.process import endings, instances, jobs, tasks, worker
from tests.process.draw import after, both, boundary, end, flow, process, service, start, user, xor
from tests.process.runtime.host import at_once, person

TWO = process(
    start(),
    both("f"),
    user("甲"),
    user("乙"),
    both("j"),
    user("丙"),
    end(),
    flow("s", "f", "甲", "j", "丙", "e"),
    flow("f", "乙", "j"),
)


def test_of_two_people_on_one_task_one_wins_and_the_other_is_told_who(host):
    host.deploy(process(start(), user("甲"), user("乙"), end(), flow("s", "甲", "乙", "e")))
    for _ in range(15):
        host.start()
        task = host.task("甲")
        names = ["张三", "李四", "王五"]
        results = at_once(
            *(
                lambda n=n: db.in_transaction(tasks.complete, task, {"谁": n}, actor=person(str(n)))
                for n in names
            )
        )
        lost = [r for r in results if isinstance(r, Exception)]
        winner = names[next(n for n, r in enumerate(results) if not isinstance(r, Exception))]
        assert len(lost) == 2 and all(isinstance(r, TaskClosed) and winner in str(r) for r in lost)
        assert host.rows("SELECT closed_by FROM user_task WHERE id = :t", t=task) == [
            {"closed_by": winner}
        ]


def test_claiming_and_completing_at_once(host):
    host.deploy(process(start(), user("甲"), end(), flow("s", "甲", "e")))
    for _ in range(15):
        host.start()
        task = host.task("甲")
        claimed, completed = at_once(
            lambda: db.in_transaction(tasks.claim, task, actor=person("张三")),
            lambda: db.in_transaction(tasks.complete, task, {}, actor=person("李四")),
        )
        if claimed is None:
            assert isinstance(completed, TaskTaken) and "张三" in str(completed)
            host.do("甲", actor=person("张三"))
        else:
            assert isinstance(claimed, TaskClosed) and "李四" in str(claimed)


def test_two_parallel_tasks_of_one_instance_at_once(host):
    host.deploy(TWO)
    for _ in range(15):
        instance = host.start()
        one, two = host.task("甲"), host.task("乙")
        results = at_once(
            lambda: db.in_transaction(tasks.complete, one, {"a": 1}, actor=person("甲")),
            lambda: db.in_transaction(tasks.complete, two, {"b": 2}, actor=person("乙")),
        )
        assert not any(isinstance(r, Exception) for r in results), results
        assert host.open(instance) == ["丙"] and host.data(instance) == {"a": 1, "b": 2}
        host.do("丙")


def test_eight_workers_run_200_jobs_each_once(host, outside):
    host.deploy(
        process(start(), service("送", "送达"), user("看"), end(), flow("s", "送", "看", "e"))
    )
    for _ in range(200):
        host.start()
    at_once(*[worker.run_until_idle] * 8)
    host.work()
    assert len(outside.calls) == 200 and max(Counter(key for key, _ in outside.calls).values()) == 1
    assert len(host.open()) == 200 and Counter(host.history()) == {"done": 200}


def test_a_lost_lease_ends_nothing_and_is_written_down(host, outside):
    instance = host.start(
        process(start(), service("送", "送达"), user("看"), end(), flow("s", "送", "看", "e"))
    )
    slow = db.in_transaction(jobs.claim)
    assert db.in_transaction(jobs.claim) is None
    host.later(minutes=30)
    fast = db.in_transaction(jobs.claim)
    assert (fast.id, fast.attempt) == (slow.id, 2)
    db.in_transaction(endings.settle, slow, {"谁": "慢"})
    assert host.open() == [] and host.jobs()[0]["state"] == "running"
    db.in_transaction(endings.settle, fast, {"谁": "快"})
    db.in_transaction(endings.settle, slow, {"谁": "慢"})
    assert host.open() == ["看"] and host.data(instance)["谁"] == "快"
    assert host.rows("SELECT count(*) AS n FROM audit_entry WHERE action = 'job_ending_late'") == [
        {"n": 2}
    ]


def test_settling_a_job_the_process_has_withdrawn(host, outside):
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
    job = db.in_transaction(jobs.claim)
    host.later(days=2)
    worker.fire_timer()
    db.in_transaction(endings.settle, job, {"来晚": True})
    assert host.open() == ["超期"] and host.history() == ["withdrawn"]


def test_jobs_of_one_instance_settle_at_once(host, outside):
    host.deploy(
        process(
            start(),
            both("f"),
            service("一", "送达"),
            service("二", "送达"),
            service("三", "签名"),
            both("j"),
            user("看"),
            end(),
            flow("s", "f", "一", "j", "看", "e"),
            flow("f", "二", "j"),
            flow("f", "三", "j"),
        )
    )
    for _ in range(10):
        host.start()
    at_once(*[worker.run_until_idle] * 6)
    host.work()
    assert len(host.open()) == 10 and len(outside.calls) == 30


STORM = process(
    start(),
    both("f"),
    xor("m"),
    user("甲"),
    xor("x", "x-m"),
    service("送", "送达"),
    xor("n"),
    user("乙"),
    xor("y", "y-n"),
    both("j"),
    end(),
    boundary("b", "甲", after("PT1S"), False),
    user("催"),
    end("e2"),
    flow("s", "f", "m", "甲", "x"),
    flow("x", "m"),
    flow("x", "j", when="停 = true"),
    flow("f", "n", "送", "乙", "y"),
    flow("y", "n"),
    flow("y", "j", when="停 = true"),
    flow("j", "e"),
    flow("b", "催", "e2"),
)


@pytest.mark.parametrize("seconds", [10])
def test_a_storm_on_one_instance(host, outside, seconds):
    """20 threads submit, claim, settle, fire, redate and at last cancel; the host checks what must hold."""
    instance = host.start(STORM, 停=False)
    stop, refused, done = time.monotonic() + seconds, Counter(), Counter()

    def people(number):
        while time.monotonic() < stop:
            open_ = host.rows(
                "SELECT id FROM user_task WHERE state = 'open' ORDER BY random() LIMIT 1"
            )
            try:
                if not open_:
                    continue
                if number % 5 == 0:
                    db.in_transaction(tasks.claim, open_[0]["id"], actor=person(f"人{number}"))
                db.in_transaction(
                    tasks.complete,
                    open_[0]["id"],
                    {f"v{number}": number},
                    actor=person(f"人{number}"),
                )
                done["submitted"] += 1
            except EngineError as error:
                refused[error.code] += 1

    def works():
        while time.monotonic() < stop:
            worker.run_once()

    def lose_leases():
        while time.monotonic() < stop:
            job = db.in_transaction(jobs.claim, lease=timedelta(seconds=-1))
            if job is not None:
                time.sleep(random.random() / 50)
                db.in_transaction(endings.settle, job, {"迟": True})

    clock_moves = [
        lambda: [(time.sleep(0.2), clock.move(timedelta(seconds=1))) for _ in range(seconds * 5)]
    ]
    # A lost claim must not leave the task with somebody who never comes back.
    frees = [lambda: [(time.sleep(0.1), db.in_transaction(_free)) for _ in range(seconds * 10)]]

    def cancels():
        time.sleep(seconds - 0.5)
        db.in_transaction(instances.cancel, instance, actor=person("运维"), reason="试毕")

    results = at_once(
        *(lambda n=n: people(n) for n in range(12)),
        *[works] * 4,
        *[lose_leases] * 2,
        *clock_moves,
        *frees,
        cancels,
    )
    broken = [r for r in results if isinstance(r, Exception)]
    assert broken == []
    assert host.state(instance) == "cancelled"
    host.sound()
    counted = host.rows("SELECT count(*) AS n FROM audit_entry WHERE action = 'task_completed'")[0][
        "n"
    ]
    assert (
        counted
        == done["submitted"]
        == host.rows("SELECT count(*) AS n FROM user_task WHERE state = 'completed'")[0]["n"]
    )
    settled = host.rows("SELECT count(*) AS n FROM job_history WHERE state = 'done'")[0]["n"]
    assert (
        settled
        == host.rows("SELECT count(*) AS n FROM audit_entry WHERE action = 'job_done'")[0]["n"]
    )
    assert (
        done["submitted"] > 50
        and settled > 10
        and set(refused) <= {"task_closed", "task_taken", "busy", "stale"}
    ), (done, refused)
    print(dict(done), dict(refused), settled)


def _free(session):
    session.execute(text("UPDATE user_task SET assignee = NULL WHERE state = 'open'"))


def test_cancelling_and_submitting_at_once(host):
    host.deploy(TWO)
    for _ in range(10):
        instance = host.start()
        task = host.task("甲")
        at_once(
            lambda: db.in_transaction(tasks.complete, task, {}, actor=person("甲")),
            lambda: db.in_transaction(
                instances.cancel, instance, actor=person("运维"), reason="撤"
            ),
        )
        assert host.state(instance) == "cancelled" and host.open(instance) == []
