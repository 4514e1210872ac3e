"""What is proved by following the flows: each fault has a twin in which it is mended."""

import pytest

from engine.process.check import diagram_findings
from tests.process.draw import (
    MESSAGE,
    TERMINATE,
    after,
    both,
    boundary,
    catch,
    end,
    flow,
    process,
    some,
    start,
    throw,
    user,
    xor,
)

TWO = user("甲") + user("乙") + both("j") + end()


def rules(text):
    return {(f.rule, f.element) for f in diagram_findings(text)}


FAULTS = {
    "a ring of gateways": (
        process(start(), xor("m"), xor("x", "x-m"), end(), flow("s", "m", "x", "m"), flow("x", "e", when="n &gt; 5")),
        ("endless-loop", "m"),
        process(start(), xor("m"), user("甲"), xor("x", "x-m"), end(), flow("s", "m", "甲", "x", "m"), flow("x", "e", when="n &gt; 5")),
    ),
    "a ring that only sends": (
        process(start(), xor("m"), throw("t", MESSAGE), xor("x", "x-m"), end(), flow("s", "m", "t", "x", "m"), flow("x", "e", when="n &gt; 5")),
        ("endless-loop", "m"),
        process(start(), xor("m"), catch("t", MESSAGE), xor("x", "x-m"), end(), flow("s", "m", "t", "x", "m"), flow("x", "e", when="n &gt; 5")),
    ),
    "a ring without a way out": (
        process(start(), xor("m"), user("甲"), user("乙"), end(), flow("s", "m", "甲", "乙", "m"), flow("无", "e")),
        ("no-way-out", "s"),
        process(start(), xor("m"), user("甲"), xor("x", "x-e"), end(), flow("s", "m", "甲", "x", "e"), flow("x", "m", when="n &gt; 5")),
    ),
    "one branch of a fork may end before the join": (
        process(start(), both("f"), TWO, xor("x", "x-j"), end("e2"), flow("s", "f", "甲", "x", "j", "e"), flow("f", "乙", "j"), flow("x", "e2", when="n &gt; 5")),
        ("deadlock", "j"),
        process(start(), both("f"), TWO, xor("x", "x-y"), xor("y"), user("丙"), flow("s", "f", "甲", "x", "y", "j", "e"), flow("f", "乙", "j"), flow("x", "丙", when="n &gt; 5"), flow("丙", "y")),
    ),
    "an interrupted branch never comes": (
        process(start(), both("f"), TWO, boundary("b", "甲", after("P1D")), end("e2"), flow("s", "f", "甲", "j", "e"), flow("f", "乙", "j"), flow("b", "e2")),
        ("deadlock", "j"),
        process(start(), both("f"), TWO, boundary("b", "甲", after("P1D")), end("e2", TERMINATE), flow("s", "f", "甲", "j", "e"), flow("f", "乙", "j"), flow("b", "e2")),
    ),
    "an inclusive split into a parallel join": (
        process(start(), some("x", "x-甲"), TWO, flow("s", "x", "甲", "j", "e"), flow("x", "乙", when="n &gt; 5"), flow("乙", "j")),
        ("deadlock", "j"),
        process(start(), some("x", "x-甲"), TWO.replace("parallelGateway", "inclusiveGateway"), flow("s", "x", "甲", "j", "e"), flow("x", "乙", when="n &gt; 5"), flow("乙", "j")),
    ),
    "an inclusive join that waits for a stuck branch": (
        process(start(), xor("x", "x-甲"), TWO, some("k"), flow("s", "x", "甲", "j", "k", "e"), flow("x", "乙", when="n &gt; 5"), flow("乙", "j")),
        ("deadlock", "j"),
        process(start(), both("x"), TWO, some("k"), flow("s", "x", "甲", "j", "k", "e"), flow("x", "乙", "j")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_its_mended_twin_is_not(name):
    faulty, expected, mended = FAULTS[name]
    assert expected in rules(faulty)
    assert expected[0] not in {rule for rule, _ in rules(mended)}


def test_sound_diagrams_with_joins_in_loops_have_no_finding():
    xml = process(
        start(), xor("m"), both("f"), user("甲"), user("乙"), both("j"), xor("x", "x-e"), end(),
        flow("s", "m", "f", "甲", "j", "x", "e"), flow("f", "乙", "j"), flow("x", "m", when="n &gt; 5"),
    )  # fmt: skip
    assert rules(xml) == set()


def test_many_branches_are_proved_without_trying_every_order():
    branches = [f"t{n}" for n in range(30)]
    xml = process(
        start(), both("f"), *(user(b) for b in branches), both("j"), end(),
        flow("s", "f"), *(flow("f", b, "j") for b in branches), flow("j", "e"),
    )  # fmt: skip
    assert rules(xml) == set()
