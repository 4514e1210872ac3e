"""实例换版: rows, refusals and races on a real PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import db
from engine.errors import EngineError
from engine.process import instances, tasks, timers, version_moves
from engine.process.operations import PermanentError, Wait
from engine.process.version_moves import NotMovable, PlanIsOver
from tests.process import draw
from tests.process.draw import after, both, boundary, each_time, end, flow, service, start, user
from tests.process.runtime.host import CLERK, OPERATOR, at_once, person


def plan(instance, version=2, **chosen):
    return db.read_only(version_moves.plan, instance, version, chosen)


def move(instance, version=2, **chosen):
    agreed = plan(instance, version, **chosen)
    return db.in_transaction(version_moves.move, agreed, actor=OPERATOR, reason="改图")


def refused(instance, version=2, **chosen):
    """Element and sentence of each finding; moving it is refused, too, and nothing is changed."""
    agreed = plan(instance, version, **chosen)
    before = db.read_only(instances.get, instance)
    with pytest.raises(NotMovable, match=agreed.errors[0].message[:-1].replace("（", ".").replace("）", ".")):  # fmt: skip
        db.in_transaction(version_moves.move, agreed, actor=OPERATOR, reason="改图")
    assert db.read_only(instances.get, instance) == before
    return [(f.element, f.message) for f in agreed.errors]


def line(*ids, more=""):
    """User tasks one after the other."""
    return draw.process(start(), *(user(i, name=f"{i}事") for i in ids), end(), flow("s", *ids, "e"), more)  # fmt: skip


def guarded(edge, *more):
    """甲 with a timer at its edge."""
    return draw.process(
        start(), user("甲"), boundary("限", "甲", edge, False), user("催"), end(), end("e2"),
        flow("s", "甲", "e"), flow("限", "催", "e2"), *more,
    )  # fmt: skip


def due(host):
    return {r["element"]: r["due_at"] for r in host.rows("SELECT element, due_at FROM timer")}


# ---------------------------------------------------------------- what goes along


def test_the_open_task_keeps_its_id_its_assignee_its_draft_and_its_due_date_and_the_next_version_goes_on(
    host,
):
    instance = host.start(line("甲", "乙"))
    task = host.task("甲")
    db.in_transaction(tasks.claim, task, actor=CLERK)
    db.in_transaction(tasks.save_draft, task, {"结论": "同意"}, actor=CLERK)
    before = db.read_only(tasks.get, task)
    host.deploy(line("甲", "丙", "乙").replace("甲事", "甲的新名"))
    done = move(instance)
    now = db.read_only(tasks.get, task)
    assert (now.id, now.assignee, now.draft, now.due_at, now.opened_at) == (
        before.id, before.assignee, before.draft, before.due_at, before.opened_at,
    )  # fmt: skip
    assert now.name == "甲的新名" and db.read_only(instances.get, instance).version == 2
    assert [(s.element, s.to) for s in done.spots] == [("甲", "甲")]
    host.do("甲", 结论="同意")
    assert host.open() == ["丙"]
    host.do("丙", "乙")
    assert host.state(instance) == "ended"


def test_the_audit_tells_versions_mapping_and_note(host):
    instance = host.start(line("甲", "乙"))
    host.deploy(line("丁", "乙"))
    move(instance, 甲="丁")
    said = host.rows(
        "SELECT actor, CAST(detail AS jsonb) AS said FROM audit_entry"
        " WHERE chain_id = :i AND action = 'instance_moved'",
        i=instance,
    )
    assert [(r["actor"], r["said"]["old"], r["said"]["new"], r["said"]["mapping"], r["said"]["reason"]) for r in said] == [
        ("运维", 1, 2, {"甲": "丁"}, "改图")
    ]  # fmt: skip
    assert host.open() == ["丁"]
    host.do("丁", "乙")


def test_new_work_before_the_position_is_told_and_not_made_up_for(host):
    instance = host.start(line("甲", "乙"))
    host.do("甲")
    host.deploy(line("甲", "审", "乙"))
    assert [f.message for f in plan(instance).warnings] == [
        "新版本在此之前增加了「审事」，换版后不会补办。"
    ]
    move(instance)
    host.do("乙")
    assert host.state(instance) == "ended"


def test_sending_a_task_elsewhere_although_it_is_still_there_is_told(host):
    instance = host.start(line("甲", "乙"))
    host.deploy(line("甲", "丙", "乙"))
    assert [f.message for f in plan(instance, 甲="丙").warnings] == [
        "新版本仍有「甲事」，指定改到「丙事」后，两处之间的办理不会补办。"
    ]
    move(instance, 甲="丙")
    assert host.open() == ["丙"]


def test_a_new_required_field_is_told(host):
    form = '{{"components": [{}], "type": "default"}}'
    field = '{"type": "textfield", "key": "事由", "label": "事由", "id": "f1", "validate": {"required": true}}'
    host.deploy(line("甲"), **{"甲.form": form.format("")})
    instance = host.start()
    host.deploy(line("甲"), **{"甲.form": form.format(field)})
    assert [f.message for f in plan(instance).warnings] == ["新版本的表单增加了必填的「事由」。"]


# ---------------------------------------------------------------- time


def test_a_timer_keeps_its_moment_and_one_whose_time_was_changed_counts_from_its_entry(host):
    instance = host.start(guarded(after("PT5H")))
    entry = due(host)["限"] - timedelta(hours=5)
    host.later(hours=2)
    host.deploy(guarded(after("PT5H"), draw.on("备", draw.MESSAGE, "丁")))
    move(instance)
    assert due(host) == {"限": entry + timedelta(hours=5)}
    host.deploy(guarded(after("PT3H")))
    done = move(instance, 3)
    told = {(c.kind, c.element, c.before, c.after) for c in done.listening}
    assert told == {
        ("removed", "备", None, None),
        ("redated", "限", entry + timedelta(hours=5), entry + timedelta(hours=3)),
    }
    assert due(host) == {"限": entry + timedelta(hours=3)}
    host.later(hours=1, minutes=1)
    host.work()
    assert host.open() == ["催", "甲"]


def test_a_timer_that_an_operator_has_moved_is_not_measured_anew(host):
    instance = host.start(guarded(after("PT5H")))
    timer = host.rows("SELECT id FROM timer")[0]["id"]
    moment = datetime(2100, 1, 1, tzinfo=UTC)
    host.later(minutes=1)
    db.in_transaction(timers.redate, timer, moment, actor=OPERATOR)
    host.deploy(guarded(after("PT3H")))
    assert [e for e, _ in refused(instance)] == ["限"]
    host.deploy(guarded(after("PT5H"), draw.on("备", draw.MESSAGE, "丁")))
    move(instance, 3)
    assert due(host) == {"限": moment}


def test_times_that_stand_still_stay_so_and_new_ones_wait_for_them_to_go_on(host):
    instance = host.start(guarded(after("PT5H")))
    host.later(hours=1)
    db.in_transaction(instances.suspend, instance, actor=OPERATOR, reason="查")
    host.deploy(guarded(after("PT5H"), draw.on("备", draw.MESSAGE, "丁")))
    move(instance)
    assert due(host) == {"限": None} and host.state(instance) == "suspended"
    host.deploy(guarded(after("PT5H"), draw.on("时", after("PT9H"), "丁", interrupting=False)))
    assert [e for e, _ in refused(instance, 3)] == ["时"]
    db.in_transaction(instances.resume, instance, actor=OPERATOR, reason="")
    move(instance, 3)
    assert set(due(host)) == {"限", "时"}


def test_a_boundary_event_of_the_new_version_counts_from_when_the_task_was_opened(host):
    instance = host.start(line("甲"))
    opened = db.read_only(tasks.get, host.task("甲")).opened_at
    host.later(hours=2)
    host.deploy(guarded(each_time("R2/PT3H")))
    move(instance)
    assert due(host) == {"限": opened + timedelta(hours=3)}
    host.later(hours=5)
    host.work()
    assert host.open() == ["催", "催", "甲"]
    host.deploy(line("甲"))
    assert [e for e, _ in refused(instance, 3)] == ["催"]
    host.do("催", "催")
    move(instance, 3)
    assert due(host) == {}
    host.do("甲")
    assert host.state(instance) == "ended"


def test_messages_are_listened_for_as_the_new_version_says(host):
    def waits(message):
        return draw.process(start(), draw.catch("等", message), end(), flow("s", "等", "e"))

    instance = host.start(waits(draw.MESSAGE))
    host.deploy(waits('<messageEventDefinition messageRef="msg2"/>'))
    assert [(c.kind, c.message) for c in move(instance).listening] == [("message", "回函")]
    assert [r["name"] for r in host.rows("SELECT name FROM subscription")] == ["回函"]


# ---------------------------------------------------------------- refusals


def test_an_element_that_is_gone_or_of_another_kind_is_named(host):
    instance = host.start(line("甲", "乙"))
    host.deploy(line("乙"))
    assert refused(instance) == [("甲", "新版本的同一层中没有「甲事」，请另选对应的环节。")]
    host.deploy(draw.process(start(), draw.element("manualTask", "甲"), end(), flow("s", "甲", "e")))  # fmt: skip
    assert refused(instance, 3) == [("甲", "「甲事」在新版本中换了种类，不能对应。")]
    assert [c for s in plan(instance).spots for c in s.choices] == [("乙", "乙事")]


def test_a_branch_that_everybody_else_goes_through_may_not_be_lacking(host):
    instance = host.start(line("甲"))
    host.deploy(draw.process(start(), both("f"), user("甲"), user("乙"), both("j"), end(), flow("s", "f", "甲", "j", "e"), flow("f", "乙", "j")))  # fmt: skip
    assert [e for e, _ in refused(instance)] == ["甲"]


def test_a_token_that_waits_at_a_join_keeps_its_ways_in_or_stays(host):
    def joined(*branches):
        parts = [start(), both("f"), both("j"), end(), flow("s", "f"), flow("j", "e")]
        for branch in branches:
            parts += [user(branch), flow("f", branch, "j")]
        return draw.process(*parts)

    instance = host.start(joined("甲", "乙"))
    host.do("甲")
    host.deploy(joined("甲", "乙", "丙"))
    assert [e for e, _ in refused(instance)] == ["j"]
    host.deploy(joined("乙", "甲").replace('id="乙"', 'id="乙" name="第二"'))
    move(instance, 3)
    host.do("乙")
    assert host.state(instance) == "ended"


def test_a_list_whose_rules_have_changed_is_worked_off_in_its_version(host):
    def listed(until=""):
        return draw.process(start(), user("甲", draw.times("3", until=until)), end(), flow("s", "甲", "e"))  # fmt: skip

    instance = host.start(listed())
    host.deploy(listed("loopCounter > 1"))
    assert [e for e, _ in refused(instance)] == ["甲"]


# ---------------------------------------------------------------- jobs and incidents


def served(**parameters):
    return draw.process(start(), service("送", "送达", **parameters), end(), flow("s", "送", "e"))


def test_a_job_under_way_is_waited_for_and_one_that_failed_is_redone_as_the_new_version_says(
    host, outside
):
    instance = host.start(served(号="1"))
    host.deploy(served(号="2"))
    assert [e for e, _ in refused(instance)] == ["送"]

    def broken(inputs, key):
        assert [m for _, m in refused(instance) if "正在运行" in m]
        raise PermanentError("地址有误")

    outside.behaviour = broken
    host.work()
    assert len(host.incidents()) == 1
    outside.behaviour = lambda inputs, key: {}
    move(instance)
    host.retry()
    host.work()
    assert outside.calls[-1][1] == {"号": 2} and host.state(instance) == "ended"


def test_a_job_that_waits_for_its_receipt_goes_along(host, outside):
    instance = host.start(served(号="1"))
    outside.behaviour = lambda inputs, key: Wait("邮政", "R1")
    host.work()
    host.deploy(served(号="1").replace('id="送"', 'id="送" name="新名"'))
    move(instance)
    host.receipt("R1:妥投")
    host.work()
    assert host.state(instance) == "ended" and len(outside.calls) == 1


def test_an_instance_that_a_condition_has_stopped_goes_on_with_the_mended_one(host):
    def choice(condition):
        return draw.process(
            start(), draw.xor("g", "g-乙"), user("甲"), user("乙"), end(),
            flow("s", "g"), flow("g", "甲", when=condition), flow("甲", "e"), flow("g", "乙", "e"),
        )  # fmt: skip

    instance = host.start(choice("数 &gt; 1"))
    assert host.state(instance) == "incident"
    host.deploy(choice("1 &gt; 0"))
    move(instance)
    assert host.state(instance) == "incident"
    host.retry()
    assert host.open() == ["甲"]


# ---------------------------------------------------------------- at once


def test_an_instance_that_has_moved_on_meanwhile_is_planned_again(host):
    instance = host.start(line("甲", "乙"))
    host.deploy(line("甲", "乙", "丙"))
    agreed = plan(instance)
    host.do("甲")
    with pytest.raises(PlanIsOver):
        db.in_transaction(version_moves.move, agreed, actor=OPERATOR, reason="改图")
    assert db.read_only(instances.get, instance).version == 1


def test_of_two_operators_at_once_one_moves_it(host):
    instance = host.start(line("甲", "乙"))
    host.deploy(line("甲", "乙", "丙"))
    agreed = plan(instance)
    results = at_once(*(
        lambda name=name: db.in_transaction(version_moves.move, agreed, actor=person(name), reason="改图")
        for name in ("张", "李")
    ))  # fmt: skip
    assert sorted(isinstance(r, PlanIsOver) for r in results) == [False, True]
    assert [r for r in results if isinstance(r, EngineError)] and db.read_only(instances.get, instance).version == 2  # fmt: skip
