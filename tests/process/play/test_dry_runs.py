"""The browser's dry run: every command again from the start, every step explained."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from engine import clock
from engine.process import dry_runs, scenarios
from engine.process.dry_runs import Play, Run, sketch, writing
from tests.process.draw import (
    MESSAGE,
    after,
    boundary,
    catch,
    end,
    flow,
    process,
    service,
    start,
    user,
    xor,
)

FILES = {
    "process.bpmn": process(
        start(),
        user("甲", name="填写申请"),
        service("送", "送达"),
        xor("x", "x-丙"),
        user("乙"),
        catch("丙", MESSAGE),
        user("催"),
        end(),
        end("e2"),
        end("e3"),
        boundary("b", "乙", after("P3D"), False),
        flow("s", "甲", "送", "x", "乙", "e"),
        flow("x", "丙", "e2"),
        flow("b", "催", "e3"),
    ).replace(
        '<sequenceFlow id="x-乙" sourceRef="x" targetRef="乙"></sequenceFlow>',
        '<sequenceFlow id="x-乙" name="大额" sourceRef="x" targetRef="乙">'
        "<conditionExpression>案件.标的 &gt; 金额</conditionExpression></sequenceFlow>",
    )
}
FACTS = {"案件": {"标的": 80000}}


def play(*commands, **data):
    return dry_runs.run(FILES, {"金额": 5} | data, commands, facts=FACTS)


def test_the_start_shows_what_is_open_and_where_the_tokens_stand():
    shown = play()
    assert [(t.element, t.name) for t in shown.open] == [("甲", "填写申请")]
    assert shown.tokens == ("甲",) and shown.fresh == 3 and shown.variables == {"金额": 5}
    assert [t.sentence for t in shown.told] == ["流程“p”启动", "走过“s”", "“填写申请”成为待办"]


def test_each_step_is_explained_with_what_its_gateway_read():
    shown = play({"do": "complete", "element": "甲", "data": {"结论": "同意"}})
    fresh = [t.sentence for t in shown.told[-shown.fresh :]]
    assert fresh[0] == "“填写申请”办结，写入 结论 = 同意"
    assert "网关“x”选择 大额，条件 案件.标的 > 金额 成立（案件.标的 = 80000，金额 = 5）" in fresh
    assert shown.tokens == ("乙",) and shown.variables["结论"] == "同意"


def test_time_can_be_advanced_to_the_next_timer_or_by_a_duration():
    done = {"do": "complete", "element": "甲"}
    begun = play(done)
    due = begun.next_due - begun.now
    assert abs(due - timedelta(days=3)) < timedelta(minutes=1)
    for command in ({"do": "next"}, {"do": "wait", "for": "P4D"}):
        assert sorted(t.element for t in play(done, command).open) == ["乙", "催"]


def test_facts_and_messages_come_from_the_designer():
    small = {"do": "facts", "facts": {"案件": {"标的": 1}}}
    shown = play(small, {"do": "complete", "element": "甲"})
    assert shown.tokens == ("丙",) and shown.open == ()
    shown = play(small, {"do": "complete", "element": "甲"}, {"do": "message", "name": "来文"})
    assert shown.ended and shown.tokens == () and shown.told[-1].sentence == "流程结束"


def test_going_back_is_leaving_the_last_command_out():
    one = {"do": "complete", "element": "甲"}
    assert play(one).tokens == ("乙",) and play().tokens == ("甲",)


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ({"do": "complete", "element": "乙"}, "“乙”没有待办"),
        ({"do": "next"}, "没有在等待的定时"),
        ({"do": "wait", "for": "三天"}, "第 1 步"),
        ({"do": "fly"}, "fly"),
        ({}, "第 1 步"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(command, part):
    with pytest.raises(dry_runs.CannotDo, match=part):
        play(command)


def test_an_incident_is_told_at_its_element():
    shown = dry_runs.run(
        FILES, {"金额": 5}, [{"do": "complete", "element": "甲"}], facts={"案件": {}}
    )
    told = [t for t in shown.told if t.kind == "incident"]
    assert [t.element for t in told] == ["x"] and "x-乙" in told[0].sentence


# ---------------------------------------------------------------- in the browser


def by_hand(*commands, stops=False, **data):
    at = datetime(2026, 3, 2, 9, tzinfo=clock.COURT_ZONE)
    return Run(FILES, Play(at, {"金额": 5} | data, FACTS, commands, stops))


def done(element, **data):
    return {"do": "complete", "element": element, "number": 1, "item": 0, "data": data}


def test_service_tasks_wait_when_asked_to_and_tokens_leave_their_way():
    run = by_hand(done("甲"), stops=True)
    (held,) = run.shown().held
    assert (held.element, held.operation) == ("送", "送达")
    run.do(done("送", 回执="已收"))
    shown = run.shown()
    assert shown.held == () and shown.variables["回执"] == "已收"
    assert shown.fresh_flows == (("送-x",), ("x-乙",))
    assert [t.element for t in shown.timers] == ["b"]


def test_a_play_that_takes_too_long_ends_with_a_sentence(monkeypatch):
    monkeypatch.setattr("engine.process.dry_runs.playing.PATIENCE", -1.0)
    with pytest.raises(dry_runs.CannotDo, match="用时太长"):
        by_hand(done("甲"))


def test_a_play_is_written_as_a_scenario_that_plays_green():
    facts = {"do": "facts", "facts": {"案件": {"标的": Decimal("80000.50")}}}
    run = by_hand(
        facts, done("甲", 结论='同"意', 空=None), done("送"), {"do": "next"}, done("催"), done("乙")
    )
    text = writing.scenario(run, "两次办结")
    (result,) = scenarios.run(FILES | {"scenarios/a.toml": text})
    assert result.passed and result.title == "两次办结"
    assert 'wait = "P3D"' in text and "80000.50" in text and "ended = true" in text
    assert 'open = ["乙", "催"]' in text or 'open = ["催", "乙"]' in text


def test_what_a_scenario_cannot_hold_is_told():
    with pytest.raises(writing.NotWritable, match="时长"):
        writing.scenario(by_hand(done("甲", 时长=timedelta(days=1))), "x")


def test_a_place_asks_what_the_diagram_reads_from_there():
    drawn = sketch.read(FILES)
    assert "金额" in [a.name for a in drawn.at_start()]
    # Nobody knows what its operation writes, so it is asked for what the gateway behind it reads.
    assert "金额" in [a.name for a in drawn.results("送")] and drawn.asks("送")
    assert drawn.after("乙") == [] and drawn.name_of("x-乙") == "大额"
