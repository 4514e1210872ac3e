"""The dry run of `docs/dry-run.md`: one job in, one answer out."""

import pytest

from engine.process import play
from tests.process.draw import (
    ERROR,
    MESSAGE,
    SIGNAL,
    after,
    both,
    boundary,
    called,
    catch,
    each_time,
    element,
    end,
    flow,
    process,
    service,
    start,
    sub,
    throw,
    user,
    xor,
)


def run(bpmn, effects=None, start=("p",), seconds=None, **variables):
    plan = {"start": list(start), "effects": effects or {}}
    if seconds is not None:
        plan["seconds"] = seconds
    return play.job({"mode": "run", "bpmn": bpmn, "variables": variables, "plan": plan})


def says(*elements):
    return {e: {"record": e} for e in elements}


LINE = process(start(), user("甲"), user("乙"), end(), flow("s", "甲", "乙", "e"))


def test_tasks_complete_in_order_and_record_their_labels():
    answer = run(LINE, says("甲", "乙"))
    assert answer == {
        "kind": "ran",
        "trace": ["甲", "乙"],
        "reason": "",
        "ended": True,
        "findings": [],
    }


def test_check_says_whether_the_file_would_be_accepted():
    assert play.job({"mode": "check", "bpmn": LINE})["kind"] == "ran"
    refused = play.job(
        {
            "mode": "check",
            "bpmn": process(start(), element("complexGateway", "甲"), end(), flow("s", "甲", "e")),
        }
    )
    assert refused["kind"] == "refused" and refused["trace"] == []
    assert refused["reason"] == refused["findings"][0]["message"]
    assert (refused["findings"][0]["element"], refused["findings"][0]["rule"]) == (
        "甲",
        "complex-gateway",
    )


def test_what_a_task_does_comes_in_the_contracts_order():
    effects = {
        "甲": {
            "begin": "b",
            "hold": 1,
            "end": "e",
            "add": {"n": 2},
            "set": {"m": "x"},
            "expect": {"names": ["n"], "value": 3, "label": "three"},
            "record": "r",
        },
        "乙": {"expect": {"names": ["a", "m"], "value": "y", "label": "y"}},
    }
    assert run(LINE, effects, n=1)["trace"] == ["b", "e", "three", "r", "DATA_missing"]


def test_parallel_tasks_take_turns_and_a_held_one_waits_in_virtual_time():
    xml = process(
        start(), both("f"), user("甲"), user("甲2"), user("乙"), both("j"), end(),
        flow("s", "f", "甲", "甲2", "j", "e"), flow("f", "乙", "j"),
    )  # fmt: skip
    assert run(xml, says("甲", "甲2", "乙"))["trace"] == ["甲", "乙", "甲2"]
    held = {**says("甲2", "乙"), "甲": {"begin": "a1", "hold": 2, "end": "a2"}}
    assert run(xml, held)["trace"] == ["a1", "乙", "a2", "甲2"]
    cut = run(xml, held, seconds=1)
    assert cut["trace"] == ["a1", "乙"] and cut["ended"] is False


def test_a_timer_that_is_due_earlier_comes_first_and_a_later_one_does_not():
    def drawn(duration):
        return process(
            start(), user("甲"), user("催"), end(), end("e2"),
            boundary("b", "甲", after(duration)), flow("s", "甲", "e"), flow("b", "催", "e2"),
        )  # fmt: skip

    effects = {"甲": {"begin": "1", "hold": 2, "end": "2"}, "催": {"record": "催"}}
    assert run(drawn("PT1S"), effects)["trace"] == ["1", "催"]
    assert run(drawn("PT3S"), effects)["trace"] == ["1", "2"]
    assert run(drawn("PT2S"), effects)["trace"] == ["1", "2"]


def test_conditions_are_feel_on_the_variables():
    xml = process(
        start(), xor("x", "x-乙"), user("甲"), user("乙"), end(), end("e2"),
        flow("s", "x"), flow("x", "甲", "e", when="n &gt; 1"), flow("x", "乙", "e2"),
    )  # fmt: skip
    assert run(xml, says("甲", "乙"), n=2)["trace"] == ["甲"]
    assert run(xml, says("甲", "乙"), n=1)["trace"] == ["乙"]
    broken = run(xml, says("甲", "乙"))
    assert broken["kind"] == "error" and "n &gt; 1".replace("&gt;", ">") in broken["reason"]


def test_messages_and_signals_go_between_the_instances_of_the_job():
    other = called(start("qs", MESSAGE), user("丙"), end("qe"), flow("qs", "丙", "qe"), id="q")
    xml = process(
        start(), user("甲"), throw("t", MESSAGE), end(), flow("s", "甲", "t", "e"), more=other
    )
    assert run(xml, says("甲", "丙")) | {"findings": []} == {
        "kind": "ran", "trace": ["甲", "丙"], "reason": "", "ended": True, "findings": [],
    }  # fmt: skip
    waits = called(
        start("qs"), catch("c", SIGNAL), user("丙"), end("qe"), flow("qs", "c", "丙", "qe"), id="q"
    )
    xml = process(start(), throw("t", SIGNAL), end(), flow("s", "t", "e"), more=waits)
    assert run(xml, says("丙"), start=("q", "p"))["trace"] == ["丙"]
    alone = run(xml, says("丙"), start=("q",))
    assert alone["trace"] == [] and alone["ended"] is False


def test_a_message_waits_for_its_receiver_and_is_received_once():
    xml = process(
        start(), throw("t", MESSAGE), user("甲"), both("f"), catch("c1", MESSAGE), catch("c2", MESSAGE),
        user("乙"), user("丙"), end(), end("e2"),
        flow("s", "t", "甲", "f", "c1", "乙", "e"), flow("f", "c2", "丙", "e2"),
    )  # fmt: skip
    answer = run(xml, says("甲", "乙", "丙"))
    assert answer["trace"] in (["甲", "乙"], ["甲", "丙"]) and answer["ended"] is False


def test_only_the_last_started_process_gets_the_variables():
    other = called(start("qs"), user("丙"), end("qe"), flow("qs", "丙", "qe"), id="q")
    xml = process(start(), user("甲"), end(), flow("s", "甲", "e"), more=other)
    expect = {"names": ["n"], "value": 1, "label": "n"}
    effects = {"甲": {"expect": expect}, "丙": {"expect": expect}}
    assert run(xml, effects, start=("p", "q"), n=1)["trace"] == ["DATA_missing", "n"]


def test_an_error_nobody_catches_is_in_the_trace_and_its_instance_stands_still():
    thrown = process(start(), user("甲"), both("f"), user("乙"), end("e", ERROR), end("e2"), flow("s", "甲", "f", "e"), flow("f", "乙", "e2"))  # fmt: skip
    answer = run(thrown, says("甲", "乙"))
    assert answer["kind"] == "ran" and answer["ended"] is False
    assert answer["trace"] == ["甲", play.UNCAUGHT]
    by_task = run(LINE, {"甲": {"record": "甲", "error": "E9"}, **says("乙")})
    assert by_task["trace"] == ["甲", play.UNCAUGHT] and by_task["kind"] == "ran"


def test_an_error_of_a_task_is_caught_by_its_boundary():
    xml = process(
        start(), user("甲"), user("错"), end(), end("e2"), boundary("b", "甲", ERROR),
        flow("s", "甲", "e"), flow("b", "错", "e2"),
    )  # fmt: skip
    assert run(xml, {"甲": {"error": "E1"}, **says("错")})["trace"] == ["错"]


def test_service_business_rule_send_and_manual_tasks_complete_at_once():
    xml = process(
        start(),
        element("serviceTask", "服"),
        element("businessRuleTask", "决"),
        element("sendTask", "发", MESSAGE),
        element("manualTask", "手"),
        element("task", "普"),
        user("甲"),
        end(),
        flow("s", "服", "决", "发", "手", "普", "甲", "e"),
    )
    assert run(xml, says("甲"))["trace"] == ["甲"]


def test_a_service_task_gives_its_declared_simulation():
    simulated = service("送", "送达").replace(
        "</extensionElements>",
        '<fd:simulation value="{ 送达日: 3, 成功: true }"/></extensionElements>',
    )
    xml = process(start(), simulated, user("甲"), end(), flow("s", "送", "甲", "e"))
    expect = {"names": ["送达日"], "value": 3, "label": "三"}
    assert run(xml, {"甲": {"expect": expect}})["trace"] == ["三"]


def test_reminders_repeat_until_the_plan_ends():
    xml = process(
        start(), user("甲"), user("催"), end(), end("e2"),
        boundary("b", "甲", each_time("R/PT1S"), False), flow("s", "甲", "e"), flow("b", "催", "e2"),
    )  # fmt: skip
    answer = run(xml, {"甲": {"hold": 100}, **says("催")}, seconds=3.5)
    assert answer["trace"] == ["催"] * 3 and answer["ended"] is False


def test_an_incident_is_an_error_with_what_happened_before():
    xml = process(
        start(), user("甲"), sub("o", start("a"), user("乙"), end("z"), flow("a", "乙", "z"), '<multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics>'), end(), flow("s", "甲", "o", "e"),
    )  # fmt: skip
    answer = run(xml, says("甲", "乙"), n=-1)
    assert answer["kind"] == "error" and answer["trace"] == ["甲"] and "-1" in answer["reason"]


@pytest.mark.parametrize(
    "given",
    [{}, {"bpmn": 5}, {"bpmn": ""}, {"bpmn": LINE, "plan": {"start": ["nobody"]}}, {"bpmn": LINE, "variables": {"x": float("nan")}}, {"bpmn": LINE, "plan": 3}],
)  # fmt: skip
def test_a_bad_job_is_an_answer_too(given):
    answer = play.job(given)
    assert answer["kind"] in ("error", "refused") and answer["reason"]


def test_an_endless_round_of_tasks_ends_as_an_error():
    xml = process(start(), xor("m"), user("甲"), xor("x", "x-m"), end(), flow("s", "m", "甲", "x"), flow("x", "m"), flow("x", "e", when="false"))  # fmt: skip
    answer = run(xml)
    assert answer["kind"] == "error" and "死循环" in answer["reason"]
