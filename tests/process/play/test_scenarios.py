"""Scenarios of a folder: what they expect is compared, what differs is told step by step."""

import pytest

from engine.process import scenarios
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
    user,
    xor,
)
from tests.process.spiff.test_decisions import TABLE, decide

XML = process(
    start(),
    user("填写"),
    service("送", "送达"),
    xor("x", "x-办结"),
    user("审批"),
    user("办结"),
    user("更正"),
    user("催"),
    end(),
    end("e2"),
    end("e3"),
    end("e4"),
    boundary("b", "送", ERROR),
    boundary("t", "审批", after("P3D"), False),
    flow("s", "填写", "送", "x", "审批", "e"),
    flow("x", "办结", "e2"),
    flow("b", "更正", "e3"),
    flow("t", "催", "e4"),
).replace(
    '<sequenceFlow id="x-审批" sourceRef="x" targetRef="审批"></sequenceFlow>',
    '<sequenceFlow id="x-审批" sourceRef="x" targetRef="审批"><conditionExpression>案件.执行标的 &gt; 下限</conditionExpression></sequenceFlow>',
)  # fmt: skip

GOOD = """
title = "大额案件要审批"
start = { data = { "下限" = 100 }, facts = { "案件" = { "执行标的" = 80000.5 } } }
operations = { "送" = { result = { "送达日" = 2026-03-01 } } }
[[step]]
complete = "填写"
data = { "结论" = "同意" }
open = ["审批"]
taken = ["x-审批"]
values = { "结论" = "同意", "送达日" = 2026-03-01 }
[[step]]
wait = "P3D"
open = ["催", "审批"]
[[step]]
complete = "催"
[[step]]
complete = "审批"
ended = true
"""


def run(text, **more):
    files = {"process.bpmn": XML, "scenarios/one.toml": text} | more
    return scenarios.run(files)[0]


def sentences(text):
    return [(f.step, f.sentence) for f in run(text).failures]


def test_a_scenario_that_holds_has_no_failures_and_tells_what_happened():
    result = run(GOOD)
    assert result.failures == () and result.passed and result.title == "大额案件要审批"
    assert [e.element for e in result.log if e.kind == "opened"] == ["填写", "审批", "催"]
    decided = next(e for e in result.log if e.kind == "decided")
    assert decided.detail["read"]["下限"] == 100


def test_every_difference_is_told_at_its_step():
    text = GOOD.replace('open = ["审批"]', 'open = ["办结"]').replace('"x-审批"', '"x-办结"')
    text = text.replace('"结论" = "同意", "送达日" = 2026-03-01', '"结论" = "不同意"').replace(
        "ended = true", "ended = false"
    )
    found = sentences(text)
    assert [step for step, _ in found] == [1, 1, 1, 4]
    assert "待办应为 ['办结']，实际为 ['审批']" in found[0][1]
    assert "x-办结" in found[1][1] and "不同意" in found[2][1] and "实际已结束" in found[3][1]


def test_facts_may_change_between_steps():
    assert (
        sentences(
            """
start = { data = { "下限" = 100 } }
[[step]]
facts = { "案件" = { "执行标的" = 50 } }
[[step]]
complete = "填写"
open = ["办结"]
"""
        )
        == []
    )


def test_an_operation_may_fail_and_then_succeed():
    text = """
start = { data = { "下限" = 1 }, facts = { "案件" = { "执行标的" = 2 } } }
operations = { "送" = { error = "E1" } }
[[step]]
complete = "填写"
open = ["更正"]
"""
    assert sentences(text) == []
    assert "E9" in sentences(text.replace("E1", "E9"))[1][1], "nobody catches this one"
    assert (
        sentences(text.replace("E1", "E9").replace('open = ["更正"]', 'incident = "送"\nopen = []'))
        == []
    )


def test_a_step_that_is_impossible_ends_the_scenario_with_what_is_open():
    found = sentences('[[step]]\ncomplete = "审批"\n[[step]]\ncomplete = "填写"')
    assert found == [(1, "「审批」没有待办，现在待办的是 ['填写']")]


def test_an_unexpected_incident_is_told():
    found = sentences('[[step]]\ncomplete = "填写"')
    assert found[0][0] == 1 and "「x」停下" in found[0][1]


def test_one_of_several_items_is_picked():
    xml = process(start(), user("表决", each("合议庭", "成员")), end(), flow("s", "表决", "e"))
    text = """
start = { data = { "合议庭" = ["甲", "乙"] } }
[[step]]
complete = "表决"
item = { "成员" = "乙" }
open = ["表决"]
[[step]]
complete = "表决"
item = { "成员" = "乙" }
"""
    result = scenarios.run({"process.bpmn": xml, "scenarios/a.toml": text})[0]
    assert [f.step for f in result.failures] == [2]


def test_decisions_of_the_folder_are_really_taken():
    xml = process(start(), decide("定", decision="level", result="级别"), user("甲"), end(), flow("s", "定", "甲", "e"))  # fmt: skip
    text = 'start = { data = { "金额" = 1 } }\n[[step]]\nvalues = { "级别" = "法官" }'
    files = {"process.bpmn": xml, "approval.dmn": TABLE, "scenarios/a.toml": text}
    assert scenarios.run(files)[0].failures == ()


def test_parallel_tasks_are_open_together():
    xml = process(start(), both("f"), user("甲"), user("乙"), both("j"), end(), flow("s", "f", "甲", "j", "e"), flow("f", "乙", "j"))  # fmt: skip
    text = '[[step]]\nopen = ["乙", "甲"]\n[[step]]\ncomplete = "甲"\nopen = ["乙"]'
    assert scenarios.run({"process.bpmn": xml, "scenarios/a.toml": text})[0].passed


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("title = ", "TOML"),
        ("titel = 'x'", "titel"),
        ("[[step]]\ncomplet = 'x'", "第 1 步"),
        ("[[step]]\ncomplete = 'x'\nwait = 'P1D'", "不止一个"),
        ("step = 5", "[[step]]"),
        ("at = 5", "at"),
        ("start = 5", "start"),
        ("[[step]]\nwait = '三天'", "三天"),
        ("start = { process = '无' }", "无"),
    ],
)
def test_what_cannot_be_understood_is_one_sentence(text, part):
    found = sentences(text)
    assert len(found) == 1 and part in found[0][1]
