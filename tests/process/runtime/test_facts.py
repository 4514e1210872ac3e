"""Facts of the host: lazy, read in the step's own transaction, kept with the decision they led to."""

import json
from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.process import facts
from tests.process.draw import end, flow, process, service, start, user, xor
from tests.process.runtime.host import person


class Lazy(Mapping):
    def __init__(self, session, subject, asked):
        self.session, self.subject, self.asked = session, subject, asked

    def __getitem__(self, name):
        self.asked.append(name)
        if name == "作业数":
            return self.session.scalar(text("SELECT count(*) FROM job"))
        if name == "标的":
            return Decimal("80000.50")
        if name == "坏":
            raise ZeroDivisionError("fact")
        raise KeyError(name)

    def __iter__(self):
        return iter(["作业数", "标的", "坏"])

    def __len__(self):
        return 3


@pytest.fixture
def asked(monkeypatch):
    asked = []
    monkeypatch.setattr(facts._registry, "providers", {})
    monkeypatch.setattr(facts._registry, "entries", {})
    facts.provide("案件", lambda session, subject: Lazy(session, subject, asked))
    return asked


def route(condition):
    return process(
        start(),
        user("甲"),
        xor("x", "x-小"),
        user("大"),
        user("小"),
        end(),
        end("e2"),
        flow("s", "甲", "x"),
        flow("x", "大", "e", when=condition),
        flow("x", "小", "e2"),
    )


def decisions(host):
    rows = host.rows("SELECT detail FROM audit_entry WHERE action = 'decision' ORDER BY number")
    return [json.loads(r["detail"]) for r in rows]


def test_a_gateway_reads_only_what_its_condition_names_and_its_reason_is_kept(host, asked):
    host.start(route("案件.标的 &gt; 下限 and 案件.标的 &lt; 100000"), 下限=100)
    assert asked == []
    host.do("甲")
    assert host.open() == ["大"] and set(asked) == {"标的"}
    assert decisions(host) == [
        {
            "element": "x",
            "flows": ["x-大"],
            "read": {"案件.标的": {"$decimal": "80000.50"}, "下限": 100},
        }
    ]


def test_facts_are_those_of_the_steps_own_transaction(host, asked, outside):
    seen = []

    def work(session, context, params):
        session.execute(
            text("UPDATE process_instance SET stage = '处置' WHERE id = :i"),
            {"i": context.instance_id},
        )
        return {}

    facts._registry.providers.clear()
    facts.provide(
        "案件",
        lambda session, subject: (
            seen.append(subject)
            or {
                "阶段": session.scalar(
                    text("SELECT stage FROM process_instance WHERE id = :i"),
                    {"i": subject.instance_id},
                )
            }
        ),
    )
    outside.inside = work
    host.start(
        process(
            start(),
            service("内", "登记"),
            xor("x", "x-小"),
            user("大"),
            user("小"),
            end(),
            end("e2"),
            flow("s", "内", "x"),
            flow("x", "大", "e", when="案件.阶段 = &quot;处置&quot;"),
            flow("x", "小", "e2"),
        )
    )
    assert host.open() == ["大"] and seen[0].case_id == host.case


def test_a_fact_that_breaks_or_does_not_exist_is_an_incident_that_says_which(host, asked):
    host.start(route("案件.坏 &gt; 1"))
    host.do("甲")
    assert (
        "ZeroDivisionError" in host.incidents()[0]["message"]
        or "fact" in host.incidents()[0]["message"]
    )


def test_a_misspelt_fact_is_an_incident_of_the_flow(host, asked):
    host.start(route("案件.标得 &gt; 1"))
    host.do("甲")
    message = host.incidents()[0]["message"]
    assert "x-大" in message and "标得" in message


def test_process_data_hide_facts_of_the_same_name(host, asked):
    host.start(route("案件.标的 = 1"), 案件={"标的": 1})
    host.do("甲", actor=person("乙"))
    assert host.open() == ["大"] and asked == []


def test_a_fact_whose_query_breaks_undoes_the_step_and_is_no_incident(host, asked):
    facts._registry.providers.clear()
    facts.provide("案件", lambda session, subject: {"标的": session.scalar(text("SELECT 1/0"))})
    host.start(route("案件.标的 &gt; 1"))
    with pytest.raises(DBAPIError, match="division"):
        host.do("甲")
    assert host.open() == ["甲"] and host.incidents() == []


def test_a_fact_that_meets_a_deadlock_is_repeated_with_its_step(host, asked):
    runs = []

    class Deadlock(Exception):
        sqlstate = "40P01"

    def read(session, subject):
        runs.append(subject)
        if len(runs) == 1:
            raise DBAPIError("SELECT", {}, Deadlock())
        return {"标的": 5}

    facts._registry.providers.clear()
    facts.provide("案件", read)
    host.start(route("案件.标的 &gt; 1"))
    host.do("甲")
    assert host.open() == ["大"] and len(runs) == 2
