"""A host on a real PostgreSQL: people, a provider that does what a test tells it, and the worker."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import text

from engine import clock, db
from engine.audit import Actor
from engine.process import (
    definitions,
    incidents,
    instances,
    operations,
    receipts,
    spiff,
    steps,
    tasks,
    worker,
)
from engine.process.operations import BpmnError, Reading


def person(name: str) -> Actor:
    """The same account for the same name."""
    return Actor(uuid5(NAMESPACE_OID, name), name)


CLERK, OPERATOR = person("甲"), person("运维")


class Provider:
    """The world outside: counts calls by key, and ends each as it is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict]] = []
        self.behaviour: Callable[[dict, str], Any] = lambda inputs, key: {"回执号": "1"}
        self.inside: Callable[..., Any] = lambda session, context, params: {}
        self.record: Callable[..., Any] = lambda session, context, result: None

    def __call__(self, inputs: dict, key: str) -> Any:
        self.calls.append((key, dict(inputs)))
        return self.behaviour(inputs, key)


provider = Provider()


@operations.inside("登记")
def _note(session, context, params):
    return provider.inside(session, context, params)


def _record(session, context, result):
    provider.record(session, context, result)


@operations.outside(
    "送达", record=_record, attempts=3, backoff=timedelta(seconds=10), timeout=timedelta(seconds=1)
)
def _deliver(inputs, key):
    return provider(inputs, key)


@operations.outside("签名", attempts=3)
def _sign(inputs, key):
    return provider(inputs, key)


@operations.channel("邮政")
def _read(body: bytes) -> Reading:
    reference, _, code = body.decode().partition(":")
    if code == "退回":
        return Reading(reference, BpmnError("E1"))
    if code == "坏":
        raise ValueError("unreadable")
    return Reading(reference, {"状态": code})


class Host:
    def __init__(self, court: UUID) -> None:
        self.court = court
        self.case = uuid4()

    def deploy(self, xml: str, key: str = "p", **files: str) -> definitions.Deployed:
        return db.in_transaction(
            definitions.deploy,
            self.court,
            key,
            {"process.bpmn": xml} | files,
            author=person("设计"),
            reason="试",
        )

    def start(self, xml: str | None = None, key: str = "p", **data: Any) -> UUID:
        if xml is not None:
            self.deploy(xml, key)
        return db.in_transaction(
            instances.start, self.court, key, data, actor=CLERK, case_id=self.case
        )

    def rows(self, sql: str, **parameters: Any) -> list[dict]:
        def read(session):
            return [dict(r) for r in session.execute(text(sql), parameters).mappings()]

        return db.read_only(read)

    def open(self, instance: UUID | None = None) -> list[str]:
        return sorted(
            r["element"]
            for r in self.rows("SELECT element, instance_id FROM user_task WHERE state = 'open'")
            if instance in (None, r["instance_id"])
        )

    def task(self, element: str) -> UUID:
        return self.rows(
            "SELECT id FROM user_task WHERE state = 'open' AND element = :e ORDER BY id", e=element
        )[0]["id"]

    def do(self, *elements: str, actor: Actor = CLERK, **submitted: Any) -> None:
        for element in elements:
            db.in_transaction(tasks.complete, self.task(element), submitted, actor=actor)

    def work(self) -> int:
        return worker.run_until_idle()

    def jobs(self) -> list[dict]:
        return self.rows("SELECT * FROM job ORDER BY id")

    def history(self) -> list[str]:
        return [
            r["state"] for r in self.rows("SELECT state FROM job_history ORDER BY ended_at, id")
        ]

    def incidents(self) -> list[dict]:
        return self.rows("SELECT * FROM incident WHERE closed_at IS NULL ORDER BY id")

    def retry(self, actor: Actor = OPERATOR) -> None:
        db.in_transaction(incidents.retry, self.incidents()[0]["id"], actor=actor)

    def receipt(self, body: str, channel: str = "邮政") -> None:
        db.in_transaction(receipts.store, self.court, channel, body.encode())

    def state(self, instance: UUID) -> str:
        return self.rows("SELECT state FROM process_instance WHERE id = :i", i=instance)[0]["state"]

    def data(self, instance: UUID) -> dict:
        return db.in_transaction(instances.data, instance)

    def later(self, **by: float) -> None:
        clock.move(timedelta(**by))

    def sound(self) -> None:
        """What must hold at any time, whatever happened."""
        faults = self.rows(
            "SELECT i.id FROM process_instance i LEFT JOIN process_state s ON s.instance_id = i.id"
            " WHERE (i.state IN ('running', 'incident', 'suspended')) <> (s.instance_id IS NOT NULL) OR s.version <> i.version"
        )
        assert faults == [], "state belongs to row, finished keeps none"
        for table, where in (
            ("user_task", "t.state = 'open'"),
            ("job", "true"),
            ("timer", "true"),
            ("incident", "t.closed_at IS NULL"),
            ("subscription", "true"),
        ):
            left = self.rows(
                f"SELECT 1 FROM {table} t JOIN process_instance i ON i.id = t.instance_id WHERE {where} AND i.state IN ('ended', 'cancelled')"
            )
            assert left == [], f"open {table} of a finished instance"
        for row in self.rows("SELECT id FROM process_instance"):
            assert db.read_only(instances.verify_audit, row["id"]) is None
        for row in self.rows(
            "SELECT id FROM process_instance WHERE state IN ('running', 'incident', 'suspended')"
        ):
            self._rows_are_what_it_waits_for(row["id"])

    def _rows_are_what_it_waits_for(self, id_: UUID) -> None:
        def read(session):
            opened = steps.open_(session, id_)
            outcome = spiff.look(opened.fence)
            assert {r["token"] for r in opened.rows["tasks"]} == {
                str(t.id) for t in outcome.user_tasks
            }
            parked = {str(p.id) for p in outcome.parked if not operations.is_inside(p.operation)}
            assert {r["token"] for r in opened.rows["jobs"]} == parked
            assert {r["key"] for r in opened.rows["timers"]} == set(spiff.due_times(opened.fence))

        db.in_transaction(read)


def at_once(*calls):
    """Runs all in threads that start together; what each returned or raised."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        barrier.wait()
        try:
            results[number] = call()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(n, c)) for n, c in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
