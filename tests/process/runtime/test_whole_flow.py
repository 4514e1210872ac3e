"""Every way a step, an operation and a call can end."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from engine import db
from engine.errors import IncidentClosed, InstanceStandsStill, TaskClosed, TaskTaken
from engine.process import incidents, instances, tasks
from engine.process.operations import BpmnError, PermanentError
from tests.process.draw import (
    ERROR,
    after,
    both,
    boundary,
    each,
    end,
    flow,
    process,
    service,
    start,
    sub,
    user,
    xor,
)
from tests.process.runtime.host import person

ONE = process(
    start(),
    service("送", "送达", 文书="&quot;裁定&quot;"),
    user("看"),
    user("改"),
    end(),
    end("e2"),
    boundary("b", "送", ERROR),
    flow("s", "送", "看", "e"),
    flow("b", "改", "e2"),
)


def test_a_result_moves_on_and_keeps_exact_numbers(host, outside):
    outside.behaviour = lambda inputs, key: {"费用": Decimal("0.10"), "文书": inputs["文书"]}
    instance = host.start(ONE)
    job = host.jobs()[0]
    host.work()
    assert outside.calls == [(str(job["id"]), {"文书": "裁定"})]
    assert host.open() == ["看"] and host.history() == ["done"] and host.jobs() == []
    assert host.data(instance)["费用"] == Decimal("0.10")
    host.do("看")
    assert host.state(instance) == "ended"


def test_expressions_see_exact_decimals_and_dates(host):
    instance = host.start(
        process(
            start(),
            xor("x", "x-错"),
            user("对"),
            user("错"),
            end(),
            end("e2"),
            flow("s", "x"),
            flow("x", "对", when="a + 0.2 = 0.3"),
            flow("对", "e"),
            flow("x", "错", "e2"),
        ),
        a=Decimal("0.1"),
    )
    assert host.open(instance) == ["对"]


def test_an_inside_operation_runs_in_the_same_commit_with_no_worker(host, outside):
    seen = []

    def work(session, context, params):
        seen.append(context.case_id)
        session.execute(
            text("UPDATE process_instance SET stage = '处置' WHERE id = :i"),
            {"i": context.instance_id},
        )
        return {"n": params["x"] + 1}

    outside.inside = work
    instance = host.start(
        process(
            start(),
            user("甲"),
            service("内", "登记", x="a"),
            service("内2", "登记", x="n"),
            user("乙"),
            end(),
            flow("s", "甲", "内", "内2", "乙", "e"),
        ),
        a=1,
    )
    before = host.rows("SELECT xmin::text AS x FROM process_instance")
    host.do("甲")
    assert host.open() == ["乙"] and seen == [host.case] * 2 and host.data(instance)["n"] == 3
    assert host.jobs() == [] and outside.calls == []
    assert host.rows("SELECT stage FROM process_instance") == [{"stage": "处置"}]
    assert host.rows("SELECT xmin::text AS x FROM process_instance") != before
    assert host.rows(
        "SELECT count(DISTINCT xmin::text) AS n FROM audit_entry WHERE action IN ('task_completed', 'operation_done', 'tasks_opened') AND number > 2"
    ) == [{"n": 1}]


def test_an_inside_operation_that_breaks_undoes_itself_but_not_the_person(host, outside):
    def work(session, context, params):
        session.execute(
            text("UPDATE process_instance SET stage = '错' WHERE id = :i"),
            {"i": context.instance_id},
        )
        raise KeyError("没有团队")

    outside.inside = work
    instance = host.start(
        process(
            start(),
            user("甲"),
            service("内", "登记"),
            user("乙"),
            end(),
            flow("s", "甲", "内", "乙", "e"),
        )
    )
    host.do("甲")
    assert host.open() == [] and host.rows("SELECT stage FROM process_instance") == [
        {"stage": None}
    ]
    (incident,) = host.incidents()
    assert (incident["element"], incident["error"]) == (
        "内",
        "builtins.KeyError",
    ) and "没有团队" in incident["traceback"]
    assert host.state(instance) == "running"
    outside.inside = lambda *_: {"好": True}
    host.retry()
    assert host.open() == ["乙"] and host.incidents() == []


def test_an_inside_operation_may_raise_a_bpmn_error(host, outside):
    def work(session, context, params):
        raise BpmnError("E1", {"why": 1})

    outside.inside = work
    instance = host.start(
        process(
            start(),
            service("内", "登记"),
            user("乙"),
            user("补"),
            end(),
            end("e2"),
            boundary("b", "内", ERROR),
            flow("s", "内", "乙", "e"),
            flow("b", "补", "e2"),
        )
    )
    assert host.open() == ["补"] and host.data(instance)["why"] == 1 and host.incidents() == []


def test_a_bpmn_error_takes_the_tasks_own_boundary(host, outside):
    def fail(inputs, key):
        raise BpmnError("E1")

    outside.behaviour = fail
    host.start(ONE)
    host.work()
    assert host.open() == ["改"] and host.history() == ["bpmn_error"] and host.incidents() == []


def test_a_bpmn_error_nobody_catches_stops_its_task_only(host, outside):
    def fail(inputs, key):
        raise BpmnError("没人要")

    outside.behaviour = fail
    instance = host.start(
        process(
            start(),
            both("f"),
            service("送", "送达"),
            user("旁"),
            both("j"),
            end(),
            flow("s", "f", "送", "j", "e"),
            flow("f", "旁", "j"),
        )
    )
    host.work()
    assert host.incidents()[0]["error"].endswith("Uncaught") and host.state(instance) == "running"
    host.do("旁")
    outside.behaviour = lambda inputs, key: {}
    host.retry()
    host.work()
    assert host.state(instance) == "ended" and host.history() == ["redone", "done"]


def test_a_permanent_error_is_an_incident_now_and_a_redo_a_new_job(host, outside):
    def fail(inputs, key):
        raise PermanentError("章已作废")

    outside.behaviour = fail
    host.start(ONE)
    host.work()
    first = host.jobs()[0]
    assert first["state"] == "failed" and len(outside.calls) == 1
    assert (host.incidents()[0]["message"], host.incidents()[0]["error"]) == (
        "章已作废",
        "engine.process.operations.PermanentError",
    )
    outside.behaviour = lambda inputs, key: {}
    host.retry()
    assert host.jobs()[0]["id"] != first["id"] and host.jobs()[0]["redo_of"] == first["id"]
    host.work()
    assert host.open() == ["看"] and host.history() == ["redone", "done"] and host.incidents() == []


def test_anything_else_is_tried_again_with_the_same_key_and_then_an_incident(host, outside):
    def fail(inputs, key):
        raise ConnectionError("没有网络")

    outside.behaviour = fail
    host.start(ONE)
    host.work()
    assert len(outside.calls) == 1 and host.incidents() == []
    host.later(seconds=11)
    host.work()
    assert len(outside.calls) == 2
    host.later(seconds=11)
    host.work()
    assert len(outside.calls) == 2, "the second pause is twice the first"
    host.later(seconds=11)
    host.work()
    assert len(outside.calls) == 3 and len({key for key, _ in outside.calls}) == 1
    assert host.incidents()[0]["error"] == "builtins.ConnectionError"
    host.later(days=1)
    host.work()
    assert len(outside.calls) == 3


@pytest.mark.parametrize("result", [None, [1], 5, "text"])
def test_what_is_no_ending_is_an_incident_and_never_called_again(host, outside, result):
    outside.behaviour = lambda inputs, key: result
    host.start(ONE)
    for _ in range(3):
        host.work()
        host.later(hours=1)
    assert len(outside.calls) == 1 and host.incidents()[0]["error"].endswith("NotAnEnding")


@pytest.mark.parametrize(
    "result", [{"x": object()}, {"x": {1, 2}}, {"x": float("nan")}, {1: 2}, {"x": b"1"}]
)
def test_a_result_that_cannot_be_stored_is_an_incident(host, outside, result):
    outside.behaviour = lambda inputs, key: result
    host.start(ONE)
    for _ in range(3):
        host.work()
        host.later(hours=1)
    assert len(outside.calls) == 1 and host.incidents()[0]["error"].endswith("NotStorable")


def test_a_handler_that_ends_the_program_does_not_end_the_worker(host, outside):
    def leave(inputs, key):
        raise SystemExit(1)

    outside.behaviour = leave
    host.start(ONE)
    for _ in range(4):
        host.work()
        host.later(hours=1)
    assert len(outside.calls) == 3 and host.incidents()[0]["error"] == "builtins.SystemExit"


def test_an_endless_call_is_given_up_and_counted(host, outside):
    import threading

    forever = threading.Event()
    outside.behaviour = lambda inputs, key: forever.wait()
    host.start(ONE)
    for _ in range(4):
        host.work()
        host.later(hours=1)
    forever.set()
    assert len(outside.calls) == 3 and host.incidents()[0]["error"].endswith("CallTimedOut")


def test_a_service_task_without_operation_here_is_an_incident(host, outside, monkeypatch):
    host.start(ONE)
    from engine.process import operations

    monkeypatch.delitem(operations._registry.operations, "送达")
    host.work()
    assert (
        host.incidents()[0]["error"].endswith("NoOperation") and host.jobs()[0]["state"] == "failed"
    )


def test_recording_and_moving_on_happen_together_or_not_at_all(host, outside):
    def record(session, context, result):
        session.execute(
            text("UPDATE process_instance SET stage = '记' WHERE id = :i"),
            {"i": context.instance_id},
        )
        raise RuntimeError("记录不了")

    outside.record = record
    host.start(ONE)
    host.work()
    assert (
        host.rows("SELECT stage FROM process_instance") == [{"stage": None}] and host.open() == []
    )
    assert host.incidents()[0]["message"] == "记录不了"
    outside.record = lambda *_: None
    host.retry()
    host.work()
    assert host.open() == ["看"] and len(outside.calls) == 1, "a call that was made is not repeated"
    assert host.history() == ["done"]


def test_a_broken_condition_stops_the_instance_until_a_variable_is_set(host):
    xml = process(
        start(),
        user("甲"),
        xor("x", "x-乙"),
        user("乙"),
        user("丙"),
        end(),
        end("e2"),
        flow("s", "甲", "x"),
        flow("x", "丙", "e2", when="金额 &gt; 5"),
        flow("x", "乙", "e"),
    )
    instance = host.start(xml)
    host.do("甲")
    assert host.state(instance) == "incident" and host.incidents()[0]["element"] == "x"
    db.in_transaction(
        incidents.set_variable,
        host.incidents()[0]["id"],
        {"金额": Decimal("5.01")},
        actor=person("运维"),
    )
    host.retry()
    assert host.open() == ["丙"] and host.state(instance) == "running" and host.incidents() == []


def test_nobody_submits_while_it_stands_still_and_a_result_is_kept(host, outside):
    xml = process(
        start(),
        both("f"),
        user("甲"),
        xor("x", "x-乙"),
        user("乙"),
        user("丙"),
        user("旁"),
        service("送", "送达"),
        both("j"),
        end(),
        end("e2"),
        flow("s", "f", "甲", "x"),
        flow("x", "丙", "e2", when="n &gt; 5"),
        flow("x", "乙", "j", "e"),
        flow("f", "旁", "j"),
        flow("f", "送", "j"),
    )
    instance = host.start(xml)
    host.do("甲")
    assert host.state(instance) == "incident"
    with pytest.raises(InstanceStandsStill):
        host.do("旁")
    host.work()
    assert host.jobs()[0]["state"] == "held" and len(outside.calls) == 1
    db.in_transaction(instances.write, instance, {"n": 1}, actor=person("运维"))
    host.retry()
    host.work()
    assert len(outside.calls) == 1 and host.history() == ["done"]
    host.do("旁", "乙")
    assert host.state(instance) == "ended"


def test_a_withdrawn_job_closes_its_incident_and_cannot_be_retried(host, outside):
    def fail(inputs, key):
        raise PermanentError

    outside.behaviour = fail
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
    incident = host.incidents()[0]["id"]
    host.later(days=2)
    host.work()
    assert host.open() == ["超期"] and host.incidents() == [] and host.history() == ["withdrawn"]
    with pytest.raises(IncidentClosed):
        db.in_transaction(incidents.retry, incident, actor=person("运维"))
    host.work()
    assert len(outside.calls) == 1
    assert host.rows("SELECT resolution FROM incident") == [{"resolution": "withdrawn"}]


def test_withdrawn_tasks_say_why(host):
    host.start(
        process(
            start(),
            user("甲"),
            user("超期"),
            end(),
            end("e2"),
            boundary("b", "甲", after("P1D")),
            flow("s", "甲", "e"),
            flow("b", "超期", "e2"),
        )
    )
    task = host.task("甲")
    host.later(days=2)
    host.work()
    with pytest.raises(TaskClosed, match="期限已到"):
        db.in_transaction(tasks.complete, task, {}, actor=person("乙"))


def test_claims_drafts_and_cancelling(host):
    instance = host.start(process(start(), user("甲"), end(), flow("s", "甲", "e")))
    task = host.task("甲")
    db.in_transaction(tasks.claim, task, actor=person("张三"))
    db.in_transaction(tasks.claim, task, actor=person("张三"))
    db.in_transaction(tasks.save_draft, task, {"写": Decimal("1.5")}, actor=person("张三"))
    with pytest.raises(TaskTaken, match="张三"):
        db.in_transaction(tasks.claim, task, actor=person("李四"))
    with pytest.raises(TaskTaken, match="张三"):
        db.in_transaction(tasks.complete, task, {}, actor=person("李四"))
    db.in_transaction(tasks.release, task, actor=person("张三"))
    assert host.rows("SELECT draft FROM user_task")[0]["draft"] == {"写": {"$decimal": "1.5"}}
    db.in_transaction(instances.cancel, instance, actor=person("运维"), reason="误立")
    assert host.state(instance) == "cancelled" and host.rows("SELECT reason FROM user_task") == [
        {"reason": "instance_cancelled"}
    ]
    with pytest.raises(TaskClosed, match="流程已被撤销"):
        db.in_transaction(tasks.complete, task, {}, actor=person("李四"))


def test_a_multi_instance_of_service_tasks_in_a_subprocess(host, outside):
    item = service("送", "送达", 人="人").replace(
        "</serviceTask>", each("名单", "人") + "</serviceTask>"
    )
    instance = host.start(
        process(
            start(),
            sub("内", start("s1"), item, end("e1"), flow("s1", "送", "e1")),
            end(),
            flow("s", "内", "e"),
        ),
        名单=["甲", "乙", "丙"],
    )
    host.work()
    assert host.state(instance) == "ended" and sorted(i["人"] for _, i in outside.calls) == [
        "丙",
        "乙",
        "甲",
    ]
    assert host.rows("SELECT 1 FROM process_state") == []


def test_deploying_the_same_text_is_no_new_version_and_running_ones_keep_theirs(host):
    xml = process(start(), user("甲"), user("乙"), end(), flow("s", "甲", "乙", "e"))
    host.start(xml)
    again, changed = host.deploy(xml), host.deploy(xml.replace("乙", "丙"))
    assert (again.version, again.new, changed.version, changed.new) == (1, False, 2, True)
    host.do("甲")
    assert host.open() == ["乙"]
