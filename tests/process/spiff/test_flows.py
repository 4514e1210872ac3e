"""Flows, gateways, ids."""

from tests.process.draw import (
    MESSAGE,
    both,
    catch,
    end,
    flow,
    process,
    some,
    start,
    sub,
    throw,
    user,
    xor,
)


def test_sequence_lanes_and_black_box_pools(play):
    drawn = '<collaboration id="co"><participant id="p1" processRef="p"/><participant id="p2" name="当事人"/></collaboration>'
    lanes = '<laneSet id="ls"><lane id="l1" name="书记员"><flowNodeRef>甲</flowNodeRef></lane></laneSet><textAnnotation id="t1"><text>注</text></textAnnotation>'
    play.start(
        process(
            lanes, start(), user("甲"), user("乙"), end(), flow("s", "甲", "乙", "e"), more=drawn
        )
    )
    assert play.open == ["甲"] and play.outcome.user_tasks[0].lane == "书记员"
    assert play.do("甲", "乙").ended


def test_a_false_condition_on_the_only_way_out_stops_the_case_and_says_where(play):
    play.start(
        process(
            start(),
            user("甲"),
            user("乙"),
            end(),
            flow("s", "甲"),
            flow("甲", "乙", when="n &gt; 4"),
            flow("乙", "e"),
        ),
        n=1,
    )
    play.do("甲")
    assert play.open == [] and play.incident.element == "甲" and not play.ended
    assert play.write(n=5).retry().open == ["乙"]


def test_a_true_condition_on_the_only_way_out_is_taken(play):
    play.start(
        process(
            start(),
            user("甲"),
            user("乙"),
            end(),
            flow("s", "甲"),
            flow("甲", "乙", when="n &gt; 4"),
            flow("乙", "e"),
        ),
        n=5,
    )
    assert play.do("甲", "乙").ended


def several(default: bool) -> str:
    task = user("甲", **({"default": "甲-丁"} if default else {}))
    return process(
        start(), task, user("乙"), user("丙"), user("丁"), *(end(f"e{i}") for i in range(3)), flow("s", "甲"), flow("甲", "乙", when="n &gt; 1"),
        flow("甲", "丙", when="n &gt; 2"), flow("甲", "丁"), flow("乙", "e0"), flow("丙", "e1"), flow("丁", "e2"),
    )  # fmt: skip


def test_several_flows_out_of_a_task_take_all_true_ones(play):
    assert play.start(several(False), n=2).do("甲").open == ["丁", "乙"]
    assert play.do("乙", "丁").ended


def test_the_default_flow_of_a_task_is_taken_if_no_condition_holds(play):
    assert play.start(several(True), n=0).do("甲").open == ["丁"]


def test_the_default_flow_of_a_task_is_not_taken_beside_a_true_condition(play):
    assert play.start(several(True), n=3).do("甲").open == ["丙", "乙"]


def test_an_unconditional_flow_does_not_keep_the_default_from_being_taken(play):
    body = process(start(), user("甲", default="甲-丁"), user("乙"), user("丙"), user("丁"), *(end(f"e{i}") for i in range(3)), flow("s", "甲", "乙", "e0"),
        flow("甲", "丙", when="n &gt; 1"), flow("甲", "丁"), flow("丙", "e1"), flow("丁", "e2"))  # fmt: skip
    assert play.start(body, n=0).do("甲").open == ["丁", "乙"]


def test_a_task_with_two_ways_in_runs_once_for_each_and_the_check_warns(play):
    play.start(
        process(
            start(),
            both("f"),
            user("甲"),
            user("乙"),
            user("丙"),
            end(),
            flow("s", "f", "甲", "丙", "e"),
            flow("f", "乙", "丙"),
        )
    )
    assert play.do("甲", "乙").open == ["丙", "丙"]
    assert [w.rule for w in play.warnings] == ["many-incoming"]


def test_elements_called_start_and_end_are_elements(play):
    play.start(
        process(start("Start"), user("End"), end("p.EndJoin"), flow("Start", "End", "p.EndJoin"))
    )
    assert play.open == ["End"] and play.do("End").ended


def test_exclusive_gateway_takes_the_first_true_flow_else_the_default(play):
    body = process(start(), xor("x", "x-丙"), user("甲"), user("乙"), user("丙"), end(), flow("s", "x"), flow("x", "甲", when="n &gt; 1"),
        flow("x", "乙", when="n &gt; 0"), flow("x", "丙"), *(flow(t, "e") for t in "甲乙丙"))  # fmt: skip
    assert [play.start(body, n=n).open for n in (2, 1, 0)] == [["甲"], ["乙"], ["丙"]]


def test_exclusive_gateway_without_a_way_out_is_an_incident(play):
    body = process(
        start(),
        xor("x"),
        user("甲"),
        user("乙"),
        end(),
        flow("s", "x"),
        flow("x", "甲", when="n &gt; 1"),
        flow("x", "乙", when="n &gt; 5"),
        flow("甲", "e"),
        flow("乙", "e"),
    )
    assert play.start(body, n=0).incident.element == "x"
    assert [w.rule for w in play.warnings] == ["no-default"]


def test_a_condition_that_is_no_truth_value_is_an_incident(play):
    body = process(
        start(),
        xor("x", "x-乙"),
        user("甲"),
        user("乙"),
        end(),
        flow("s", "x"),
        flow("x", "甲", when="n"),
        flow("x", "乙"),
        flow("甲", "e"),
        flow("乙", "e"),
    )
    assert "n" in play.start(body, n="是").incident.sentence


def test_parallel_gateway_joins_and_splits_at_once(play):
    play.start(
        process(
            start(),
            both("f"),
            user("甲"),
            user("乙"),
            both("m"),
            user("丙"),
            user("丁"),
            end(),
            end("e2"),
            flow("s", "f", "甲", "m", "丙", "e"),
            flow("f", "乙", "m", "丁", "e2"),
        )
    )
    assert play.do("甲").open == ["乙"]
    assert play.do("乙").open == ["丁", "丙"]


def test_parallel_join_in_a_loop_waits_each_time(play):
    body = process(start(), xor("m"), both("f"), user("甲"), user("乙"), both("j"), user("丙"), xor("x", "x-e"), end(),
        flow("s", "m", "f", "甲", "j", "丙", "x", "e"), flow("f", "乙", "j"), flow("x", "m", when="n &lt; 3"))  # fmt: skip
    play.start(body, n=1)
    for n in (2, 3):
        assert play.do("甲").open == ["乙"]
        assert play.do("乙").open == ["丙"]
        play.do("丙", n=n)
    assert play.ended


def test_a_second_token_on_one_way_in_waits_for_the_next_round(play):
    body = process(start(), both("f"), user("甲"), user("乙"), user("丙"), xor("m"), both("j"), user("丁"), end(),
        flow("s", "f", "甲", "m", "j", "丁", "e"), flow("f", "乙", "m"), flow("f", "丙", "j"))  # fmt: skip
    play.start(body)
    assert play.do("甲", "乙").open == ["丙"]
    assert play.do("丙").open == ["丁"]
    assert not play.do("丁").ended  # the token of 乙 still waits for a partner


INCLUSIVE = process(start(), some("f"), user("甲"), user("乙"), some("j"), user("丙"), end(), flow("s", "f"), flow("f", "甲", when="n &gt; 0"),
    flow("f", "乙", when="n &gt; 1"), flow("甲", "j", "丙", "e"), flow("乙", "j"))  # fmt: skip


def test_inclusive_join_waits_for_those_that_come(play):
    assert play.start(INCLUSIVE, n=1).do("甲").open == ["丙"]


def test_inclusive_join_waits_for_all_that_come(play):
    assert play.start(INCLUSIVE, n=2).do("甲").open == ["乙"]
    assert play.do("乙").open == ["丙"]


def test_inclusive_join_waits_for_a_started_subprocess_far_away(play):
    body = process(start(), some("f"), user("甲"), sub("o", start("os"), user("内"), end("oe"), flow("os", "内", "oe")), xor("x", "x-乙"), user("乙"), end("e2"), some("j"), user("丙"), end(),
        flow("s", "f"), flow("f", "甲", when="true"), flow("f", "o", when="true"), flow("甲", "j", "丙", "e"), flow("o", "x", "乙", "j"), flow("x", "e2", when="n &gt; 5"))  # fmt: skip
    assert play.start(body, n=1).do("甲").open == ["内"]
    assert play.do("内").open == ["乙"]
    assert play.do("乙").open == ["丙"]


def test_inclusive_join_goes_on_when_the_other_branch_dies(play):
    body = process(start(), some("f"), user("甲"), user("乙"), xor("x", "x-e2"), some("j"), user("丙"), end(), end("e2"), flow("s", "f"), flow("f", "甲", when="true"),
        flow("f", "乙", when="true"), flow("甲", "j", "丙", "e"), flow("乙", "x", "e2"), flow("x", "j", when="n &gt; 5"))  # fmt: skip
    assert play.start(body, n=1).do("甲").open == ["乙"]
    assert play.do("乙").open == ["丙"]


def test_inclusive_join_in_a_loop_waits_each_time(play):
    body = process(start(), xor("m"), some("f"), user("甲"), user("乙"), some("j"), user("丙"), xor("x", "x-e"), end(), flow("s", "m", "f"), flow("f", "甲", when="true"),
        flow("f", "乙", when="true"), flow("甲", "j", "丙", "x", "e"), flow("乙", "j"), flow("x", "m", when="n &lt; 3"))  # fmt: skip
    play.start(body, n=1)
    for n in (2, 3):
        assert play.do("甲").open == ["乙"]
        assert play.do("乙").open == ["丙"]
        play.do("丙", n=n)
    assert play.ended


def test_rework_loop(play):
    body = process(
        start(),
        xor("m"),
        user("改"),
        xor("x", "x-e"),
        end(),
        flow("s", "m", "改", "x", "e"),
        flow("x", "m", when="n &lt; 3"),
    )
    play.start(body, n=0)
    for n in (1, 2, 3):
        play.do("改", n=n)
    assert play.ended


def test_an_exclusive_split_into_a_parallel_join_waits_and_the_check_warns(play):
    body = process(
        start(),
        xor("x", "x-甲"),
        user("甲"),
        user("乙"),
        both("j"),
        end(),
        flow("s", "x", "甲", "j", "e"),
        flow("x", "乙", when="n &gt; 5"),
        flow("乙", "j"),
    )
    assert not play.start(body, n=1).do("甲").ended
    assert [w.rule for w in play.warnings] == ["deadlock"]


def test_a_link_is_a_jump(play):
    link = '<linkEventDefinition name="转"/>'
    play.start(
        process(
            start(),
            user("甲"),
            throw("t", link),
            catch("c", link),
            user("乙"),
            end(),
            flow("s", "甲", "t"),
            flow("c", "乙", "e"),
        )
    )
    assert play.do("甲").open == ["乙"] and play.do("乙").ended


def test_an_endless_automatic_loop_is_an_incident(play):
    body = process(
        start(),
        xor("m"),
        sub("o", start("os"), end("oe"), flow("os", "oe")),
        xor("x", "x-m"),
        end(),
        flow("s", "m", "o", "x", "m"),
        flow("x", "e", when="n &gt; 5"),
    )
    play.start(body, n=1)
    assert "1000" in play.incident.sentence
    assert play.write(n=9).retry().ended


def test_a_long_history_makes_no_difference(play):
    body = process(
        start(),
        both("f"),
        user("留"),
        xor("m"),
        user("改"),
        xor("x", "x-j"),
        both("j"),
        end(),
        flow("s", "f", "留", "j"),
        flow("f", "m", "改", "x", "j", "e"),
        flow("x", "m", when="n &lt; 400"),
    )
    play.start(body, n=0)
    for n in range(1, 401):
        play.do("改", n=n)
        assert len(play.instance._top.tasks) < 500
    assert play.open == ["留"] and play.do("留").ended


def test_several_start_events_each_start_an_instance(play):
    body = process(
        start(),
        start("s2", MESSAGE),
        user("甲"),
        user("乙"),
        end(),
        end("e2"),
        flow("s", "甲", "e"),
        flow("s2", "乙", "e2"),
    )
    assert play.start(body).open == ["甲"] and play.do("甲").ended
    assert play.start(body, element="s2").open == ["乙"] and play.do("乙").ended
    assert [(s.element, [t.kind for t in s.triggers]) for s in play.definition.starts] == [
        ("s", []),
        ("s2", ["message"]),
    ]
