"""What is stored does not grow with what was: 250 rounds of a loop, wherever the loop is; a very long line."""

import pytest

from engine.process import check
from engine.process.check.lengths import LONGEST
from tests.process.draw import (
    SIGNAL,
    after,
    both,
    boundary,
    end,
    flow,
    on,
    process,
    start,
    sub,
    user,
    xor,
)
from tests.process.spiff.player import Player

ROUNDS = 250
#: A ring of two tasks that goes round until a = 0.
RING = xor("m") + user("甲") + user("乙") + xor("x", "x-m") + flow("m", "甲", "乙", "x", "m")
OUT = flow("x", "e", when="a = 0")

LOOPS = {
    "in a branch": process(start(), both("f"), user("旁"), both("j"), RING, end(), flow("s", "f", "m"), flow("f", "旁", "j", "e"), flow("x", "j", when="a = 0")),
    "in a subprocess": process(start(), sub("o", start("os"), RING, end("oe"), flow("os", "m"), flow("x", "oe", when="a = 0")), end(), flow("s", "o", "e")),
    "beside a waiting event subprocess": process(start(), RING, end(), flow("s", "m"), OUT, on("v", SIGNAL, "理"), on("w", after("P900D"), "催", interrupting=False)),
    "after a fired reminder": process(start(), RING, boundary("b", "甲", after("PT1H"), False), user("催"), end(), end("e2"), flow("s", "m"), OUT, flow("b", "催", "e2")),
}  # fmt: skip


@pytest.mark.parametrize("way", ["saved and pruned", "saved"])
@pytest.mark.parametrize("where", LOOPS)
def test_a_loop_keeps_its_state_within_half_as_much_again_of_its_first_round(where, way):
    play = Player(way).start(LOOPS[where], a=1)
    if "reminder" in where:
        play.later(hours=1).do("催")
    play.do("甲").do("乙")
    first = len(play.instance.save())
    sizes = []
    for _ in range(ROUNDS if way == "saved and pruned" else 20):
        play.do("甲").do("乙")
        sizes.append(len(play.instance.save()))
    assert max(sizes) <= 1.5 * first


def line(length: int) -> str:
    names = [f"t{n}" for n in range(length)]
    return process(start(), *(user(n) for n in names), end(), flow("s", *names, "e"))


@pytest.mark.parametrize("way", ["in memory", "saved and pruned"])
def test_the_longest_line_that_is_not_refused_runs(way):
    length = LONGEST - 2
    play = Player(way).start(line(length))
    assert play.warnings == []
    for number in range(length):
        play.do(f"t{number}")
    assert play.ended


def test_a_line_of_a_thousand_tasks_is_refused_with_the_limit():
    (found,) = check.diagram_findings(line(1000))
    assert (found.rule, found.element) == ("too-long", "t599")
    assert f"{LONGEST}" in found.message
