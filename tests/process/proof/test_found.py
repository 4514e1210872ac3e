"""What the proof has found and is mended; each test is named after the fault."""

from random import Random

import pytest

from tests.process.draw import (
    SIGNAL,
    boundary,
    catch,
    each,
    element,
    end,
    flow,
    on,
    process,
    start,
    sub,
    throw,
    user,
    when,
)
from tests.process.proof.playing import play
from tests.process.spiff.player import Player

FOUND = {
    "the event behind a throwing one heard the signal thrown before it waited": process(
        start(), throw("x", SIGNAL), catch("c", SIGNAL), user("t"), end(), flow("s", "x", "c", "t", "e")
    ),
    "a handler woken by the last end event of its subprocess was lost with the subprocess": process(
        start(), sub("o", start("os"), user("t"), end("oe", SIGNAL), flow("os", "t", "oe"), on("v", SIGNAL, "k", interrupting=False)),
        end(), flow("s", "o", "e"),
    ),
    "a receive task whose message interrupts it at once was not counted as done": process(
        start(), sub("o", start("os"), element("receiveTask", "c", messageRef="msg"), end("oe"), flow("os", "c", "oe")),
        boundary("b", "o", when("a > 7")), user("t"), end(), end("e2"), flow("s", "o", "e"), flow("b", "t", "e2"),
    ),
    "items of a list heard a signal in the order they came to wait, not in that of the list": process(
        start(), sub("o", each("名单", "人", False, "结果", "结"), start("os"), user("t"),
        sub("i", start("is"), catch("c", SIGNAL), end("ie"), flow("is", "c", "ie")), end("oe"), flow("os", "t", "i", "oe")),
        end(), flow("s", "o", "e"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FOUND)
def test_a_fault_once_found_stays_mended(fault):
    for seed in range(10):
        play(FOUND[fault], Random(seed))


@pytest.mark.parametrize("way", ["in memory", "saved", "saved and pruned"])
def test_a_signal_is_not_heard_by_what_waits_only_after_it_was_thrown(way):
    play = Player(way).start(FOUND["the event behind a throwing one heard the signal thrown before it waited"])  # fmt: skip
    assert play.sent == ["中止"] and play.open == []
    assert play.signal().open == ["t"]


@pytest.mark.parametrize("way", ["in memory", "saved", "saved and pruned"])
def test_a_handler_woken_by_the_last_end_event_keeps_its_subprocess_open(way):
    play = Player(way).start(FOUND["a handler woken by the last end event of its subprocess was lost with the subprocess"])  # fmt: skip
    assert play.do("t").open == ["k"] and not play.ended
    assert play.do("k").ended


@pytest.mark.parametrize("way", ["in memory", "saved", "saved and pruned"])
def test_a_receive_task_is_done_although_its_message_interrupts_it_at_once(way):
    play = Player(way).start(FOUND["a receive task whose message interrupts it at once was not counted as done"], a=3)  # fmt: skip
    assert play.message("来文", a=8)
    assert play.open == ["t"] and "c" in play.outcome.passed
