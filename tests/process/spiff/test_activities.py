"""Tasks, services, subprocesses, calls, loops, multi-instance."""

import pytest

from engine.process.spiff.instance import NotOpen
from tests.process.draw import (
    ERROR,
    boundary,
    called,
    each,
    element,
    end,
    flow,
    process,
    repeat,
    service,
    start,
    sub,
    times,
    user,
    xor,
)
from tests.process.spiff.player import findings

STEP = lambda task: process(start(), task, user("后"), end(), flow("s", "甲", "后", "e"))  # noqa: E731


@pytest.mark.parametrize("tag", ["task", "userTask", "manualTask"])
def test_people_complete_tasks(play, tag):
    assert play.start(STEP(element(tag, "甲"))).open == ["甲"] and play.do("甲", "后").ended


def test_a_task_is_completed_once(play):
    task = play.start(STEP(user("甲"))).outcome.user_tasks[0]
    play.do("甲")
    with pytest.raises(NotOpen):
        play.instance.complete(task.id, {}, now=play.now)


def test_send_and_receive_tasks(play):
    play.start(
        process(
            start(),
            element("sendTask", "甲", messageRef="msg"),
            element("receiveTask", "乙", messageRef="msg2"),
            user("后"),
            end(),
            flow("s", "甲", "乙", "后", "e"),
        )
    )
    assert (
        play.sent == ["来文"]
        and play.open == []
        and not play.message("来文")
        and play.message("回函")
        and play.open == ["后"]
    )


def test_a_service_task_parks_with_its_parameters_until_the_host_completes_it(play):
    play.start(
        process(
            start(),
            service("甲", "送达", 数="n + 1"),
            user("后"),
            end(),
            flow("s", "甲", "后", "e"),
        ),
        n=1,
    )
    assert (
        play.parked == ["甲"]
        and play.outcome.parked[0].operation == "送达"
        and dict(play.outcome.parked[0].params) == {"数": 2}
    )
    assert play.do("甲", 回执="ok").open == ["后"] and play.instance.data["回执"] == "ok"


def test_a_service_that_fails_reaches_its_own_boundary_event(play):
    play.start(
        process(
            start(),
            service("甲"),
            boundary("b", "甲", ERROR),
            user("错"),
            end(),
            end("e2"),
            flow("s", "甲", "e"),
            flow("b", "错", "e2"),
        )
    )
    assert play.fail("甲", "E1").open == ["错"] and play.parked == []


def test_an_unknown_operation_is_refused_at_deployment():
    text = process(start(), service("甲", "送达"), end(), flow("s", "甲", "e"))
    assert [(f.element, f.rule) for f in findings(text, ("记录",))] == [("甲", "unknown-operation")]


def test_a_parameter_that_cannot_be_evaluated_is_an_incident_and_can_be_tried_again(play):
    play.start(
        process(start(), service("甲", "送达", 数="date(n).year"), end(), flow("s", "甲", "e")),
        n="2026-01-01",
    )
    assert play.parked == ["甲"]


def test_nested_subprocesses(play):
    inner = sub("i", start("is"), user("内"), end("ie"), flow("is", "内", "ie"))
    outer = sub("o", start("os"), inner, user("中"), end("oe"), flow("os", "i", "中", "oe"))
    play.start(process(start(), outer, user("后"), end(), flow("s", "o", "后", "e")))
    assert play.do("内").open == ["中"] and play.do("中").open == ["后"] and play.do("后").ended


def test_a_process_that_calls_itself_without_end_is_an_incident(play):
    inner = called(
        start("s2"),
        element("callActivity", "c2", calledElement="q"),
        end("e2"),
        flow("s2", "c2", "e2"),
    )
    play.start(
        process(
            start(),
            element("callActivity", "c", calledElement="q"),
            end(),
            flow("s", "c", "e"),
            more=inner,
        )
    )
    assert play.incident is not None


# ---------------------------------------------------------------- loops


def test_a_loop_repeats_while_its_condition_holds(play):
    play.start(STEP(user("甲", repeat("n &lt; 3"))), n=0)
    for n in (1, 2, 3):
        assert play.open == ["甲"] and play.outcome.user_tasks[0].local == {"loopCounter": n}
        play.do("甲", n=n)
    assert play.open == ["后"]


def test_a_loop_stops_at_its_maximum(play):
    assert play.start(STEP(user("甲", repeat(loopMaximum="2")))).do("甲", "甲").open == ["后"]


def test_a_loop_tested_before_may_not_run_at_all(play):
    assert play.start(STEP(user("甲", repeat("n &lt; 3", testBefore="true"))), n=5).open == ["后"]
    assert play.start(STEP(user("甲", repeat("n &lt; 3"))), n=5).open == ["甲"]


def test_a_looped_subprocess(play):
    inner = sub(
        "甲", repeat("n &lt; 2"), start("os"), user("内"), end("oe"), flow("os", "内", "oe")
    )
    assert play.start(STEP(inner), n=0).do("内", n=1).do("内", n=2).open == ["后"]


# ---------------------------------------------------------------- multi-instance


@pytest.mark.parametrize("sequential", [True, False])
def test_by_number(play, sequential):
    play.start(STEP(user("甲", times("n", sequential))), n=3)
    assert play.open == (["甲"] if sequential else ["甲"] * 3)
    assert play.do("甲", "甲").open == ["甲"] and play.do("甲").open == ["后"]


@pytest.mark.parametrize("sequential", [True, False])
def test_none_to_do(play, sequential):
    assert play.start(STEP(user("甲", times("n", sequential))), n=0).open == ["后"]
    assert play.start(STEP(user("甲", each("人", "名", sequential))), 人=[]).open == ["后"]


@pytest.mark.parametrize("sequential", [True, False])
def test_by_list(play, sequential):
    play.start(STEP(user("甲", each("人", "名", sequential))), 人=["张", "李"])
    assert [t.local["名"] for t in play.outcome.user_tasks] == (
        ["张"] if sequential else ["张", "李"]
    )
    assert play.do("甲").outcome.user_tasks[0].local["名"] == "李" and play.do("甲").open == ["后"]


def test_a_list_may_be_an_expression(play):
    assert (
        len(
            play.start(STEP(user("甲", each('人[item != "张"]', "名"))), 人=["张", "李", "王"]).open
        )
        == 2
    )


@pytest.mark.parametrize("sequential", [True, False])
def test_a_completion_condition_ends_it_early(play, sequential):
    play.start(STEP(user("甲", times("3", sequential, until="n &gt;= 2"))), n=0)
    assert play.do("甲", n=1).open != ["后"] and play.do("甲", n=2).open == ["后"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_multi_instance_subprocess_keeps_its_item(play, sequential):
    inner = sub("甲", each("人", "名", sequential), start("os"), xor("x", "x-乙"), user("特"), user("乙"), end("oe"), end("oe2"), flow("os", "x"),
        flow("x", "特", when='名 = "张"'), flow("x", "乙"), flow("特", "oe"), flow("乙", "oe2"))  # fmt: skip
    play.start(STEP(inner), 人=["张", "李"])
    assert play.open == (["特"] if sequential else ["乙", "特"])
    assert play.do("特").do("乙").open == ["后"]


def test_services_for_each_item(play):
    task = service("甲", "送达", 谁="名").replace(
        "</extensionElements>", "</extensionElements>" + each("人", "名")
    )
    play.start(STEP(task), 人=["张", "李"])
    assert [p.params["谁"] for p in play.outcome.parked] == ["张", "李"] and play.do(
        "甲", "甲"
    ).open == ["后"]


@pytest.mark.parametrize("value", [-1, None, "三", 1.5, True])
def test_a_number_that_is_none_is_an_incident_and_can_be_tried_again(play, value):
    play.start(STEP(user("甲", times("n"))), n=value)
    assert play.incident.element == "甲" and play.write(n=1).retry().open == ["甲"]


def test_a_completion_condition_that_fails_loses_nobody_s_work(play):
    play.start(STEP(user("甲", times("2", until="n"))), n="x").do("甲")
    assert play.incident.element == "甲"
    assert play.write(n=False).retry().open == ["甲"] and play.do("甲").open == ["后"]
