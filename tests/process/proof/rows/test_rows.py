"""Each construct: its examples go as written, its twin starts nothing, what is refused names the element."""

from random import Random

import pytest

from tests.process import draw
from tests.process.proof.playing import play
from tests.process.proof.rows import Refused, Row, Runs, runs
from tests.process.proof.rows.everything import ROWS
from tests.process.proof.rows.judging import judge, judge_row

BY_NAME = {row.construct: row for row in ROWS}


def examples(row: Row) -> list[Runs | Refused]:
    return [*row.examples, *([row.twin] if row.twin else [])]


@pytest.mark.parametrize("construct", BY_NAME)
def test_a_construct_runs_as_the_standard_says_or_is_refused_at_its_element(construct):
    for example in examples(BY_NAME[construct]):
        expected = "refused" if isinstance(example, Refused) else "right"
        assert judge(example) == (expected, "")


@pytest.mark.parametrize("construct", [row.construct for row in ROWS if row.twin])
def test_the_twin_is_the_same_diagram_without_the_event_or_ends_another_way(construct):
    row = BY_NAME[construct]
    ways = {example.steps for example in row.examples if isinstance(example, Runs)}
    assert row.twin.steps not in ways


@pytest.mark.parametrize("construct", BY_NAME)
def test_the_model_of_the_standard_agrees_with_the_example(construct):
    for example in BY_NAME[construct].examples:
        if isinstance(example, Runs) and judgeable(example):
            for seed in range(3):
                play(example.diagram, Random(seed), steps=8)


def judgeable(example: Runs) -> bool:
    """The model knows no tables, dates and sums, and no ids that mean something to SpiffWorkflow only."""
    return not any(
        word in example.diagram for word in ("businessRule", "timeDate", "P1D", "a - 4", "共")
    ) and not any("incident" in view for _, view in example.steps)


def test_a_wrong_expectation_is_judged_wrong():
    row = BY_NAME["用户任务、手工任务、发送任务、接收任务"]
    example = row.examples[0]
    assert judge(runs(example.diagram, ("", "甲"), ("甲", "end")))[0] == "wrong"
    assert judge(Refused(example.diagram, "甲", "no-end"))[0] == "wrong"
    assert judge(runs(draw.process(draw.user("甲")), ("", "甲")))[0] == "refused"
    assert judge(runs(example.diagram, ("", "甲"), ("没有", "end")))[0] == "crashed"
    assert judge_row(row)[0] == "right"
