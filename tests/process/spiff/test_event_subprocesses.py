"""Event subprocesses: each trigger, interrupting or not, in the process or in a subprocess, and its negative twin."""

import pytest

from tests.process.draw import (
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    after,
    both,
    boundary,
    each_time,
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

HAPPENS = {
    "timer": (after("PT1H"), lambda p: p.later(hours=1)),
    "message": (MESSAGE, lambda p: p.message() and None),
    "signal": (SIGNAL, lambda p: p.signal()),
    "condition": (when("n &gt; 4"), lambda p: p.write(n=5)),
    "error": (ERROR, lambda p: p.do("错")),
    "escalation": (ESCALATION, lambda p: p.do("升")),
}


def body(*handlers: str) -> str:
    """Work in parallel: one task ends in an error, one in an escalation, one is ordinary."""
    return (
        start("s") + both("f") + user("错") + end("ee", ERROR) + user("升") + end("ex", ESCALATION) + user("办") + user("办后") + end("e")
        + flow("s", "f", "错", "ee") + flow("f", "升", "ex") + flow("f", "办", "办后", "e") + "".join(handlers)
    )  # fmt: skip


def whole(*handlers: str) -> str:
    return process(body(*handlers))


def inside(*handlers: str) -> str:
    return process(
        start("os"), sub("o", body(*handlers)), user("后"), end("oe"), flow("os", "o", "后", "oe")
    )


@pytest.mark.parametrize("where", [whole, inside])
@pytest.mark.parametrize("kind", HAPPENS)
def test_interrupting(play, kind, where):
    definition, happens = HAPPENS[kind]
    play.start(where(on("v", definition, "理", "理后")), n=1)
    assert play.open == ["办", "升", "错"]
    happens(play)
    assert play.open == ["理"]
    play.later(hours=5).signal()
    play.do("理", "理后")
    assert play.ended if where is whole else play.open == ["后"]


@pytest.mark.parametrize("where", [whole, inside])
@pytest.mark.parametrize("kind", [k for k in HAPPENS if k != "error"])
def test_non_interrupting(play, kind, where):
    definition, happens = HAPPENS[kind]
    play.start(where(on("v", definition, "理", interrupting=False)), n=1)
    happens(play)
    assert play.open == sorted(
        {"办", "升", "错", "理"} - ({"升"} if kind == "escalation" else set())
    )
    assert play.do("理", "办").open == sorted(
        {"办后", "升", "错"} - ({"升"} if kind == "escalation" else set())
    )


@pytest.mark.parametrize("where", [whole, inside])
@pytest.mark.parametrize("kind", HAPPENS)
def test_what_never_happens_starts_nothing_and_keeps_nothing_open(play, kind, where):
    other = {"error": "升", "escalation": "办"}.get(kind, "升")
    play.start(where(on("v", HAPPENS[kind][0], "理")), n=1)
    assert "理" not in play.do(other).open
    if kind != "error":  # the error of this process would be uncaught
        return
    play.do("办", "办后")
    assert play.open == ["错"]


def test_the_scope_ends_although_its_handler_still_listens(play):
    play.start(
        process(
            start(),
            user("甲"),
            end(),
            flow("s", "甲", "e"),
            on("v", SIGNAL, "理"),
            on("w", after("P9D"), "理二"),
        )
    )
    assert play.do("甲").ended


def test_a_signal_handler_starts_each_time(play):
    play.start(
        process(
            start(),
            user("甲"),
            end(),
            flow("s", "甲", "e"),
            on("v", SIGNAL, "理", interrupting=False),
        )
    ).signal().signal()
    assert play.open == ["理", "理", "甲"]


def test_a_timer_cycle_handler_starts_its_number_of_times(play):
    play.start(
        process(
            start(),
            user("甲"),
            end(),
            flow("s", "甲", "e"),
            on("v", each_time("R2/PT1H"), "理", interrupting=False),
        )
    ).later(hours=9)
    assert play.open == ["理", "理", "甲"]


def test_after_one_interrupting_handler_the_others_are_deaf(play):
    play.start(
        process(
            start(),
            user("甲"),
            end(),
            flow("s", "甲", "e"),
            on("v", SIGNAL, "理"),
            on("w", MESSAGE, "理二"),
        )
    ).signal()
    assert not play.message() and play.open == ["理"] and play.do("理").ended


def test_a_handler_comes_before_the_boundary_event_outside(play):
    inner = sub(
        "o", start("os"), user("内"), end("oe", ERROR), flow("os", "内", "oe"), on("v", ERROR, "理")
    )
    play.start(
        process(
            start(),
            inner,
            boundary("b", "o", ERROR),
            user("外"),
            end(),
            end("e2"),
            flow("s", "o", "e"),
            flow("b", "外", "e2"),
        )
    )
    assert play.do("内").open == ["理"] and play.do("理").ended


def test_an_error_in_a_handler_leaves_its_scope(play):
    handler = sub(
        "v",
        start("vs", ERROR),
        user("理"),
        end("ve", ERROR),
        flow("vs", "理", "ve"),
        triggeredByEvent="true",
    )
    inner = sub("o", start("os"), user("内"), end("oe", ERROR), flow("os", "内", "oe"), handler)
    play.start(
        process(
            start(),
            inner,
            boundary("b", "o", ERROR),
            user("外"),
            end(),
            end("e2"),
            flow("s", "o", "e"),
            flow("b", "外", "e2"),
        )
    )
    assert play.do("内", "理").open == ["外"]


def test_a_task_s_error_reaches_the_handler_of_its_scope(play):
    play.start(
        process(start(), user("甲"), end(), flow("s", "甲", "e"), on("v", ERROR, "理"))
    ).fail("甲", "E1")
    assert play.open == ["理"] and play.incident is None


def test_a_signal_reaches_the_outermost_first_so_that_what_is_interrupted_stays_still(play):
    inner = sub(
        "o",
        start("os"),
        user("内"),
        end("oe"),
        flow("os", "内", "oe"),
        on("v", SIGNAL, "内理", interrupting=False),
    )
    play.start(
        process(start(), inner, end(), flow("s", "o", "e"), on("w", SIGNAL, "外理"))
    ).signal()
    assert play.open == ["外理"]


def test_an_escalation_out_of_its_own_handler_leaves_the_scope(play):
    handler = sub(
        "v",
        start("vs", ESCALATION, isInterrupting="false"),
        user("理"),
        end("ve", ESCALATION),
        flow("vs", "理", "ve"),
        triggeredByEvent="true",
    )
    inner = sub(
        "o",
        start("os"),
        user("内"),
        throw("t", ESCALATION),
        user("内后"),
        end("oe"),
        flow("os", "内", "t", "内后", "oe"),
        handler,
    )
    play.start(
        process(
            start(),
            inner,
            boundary("b", "o", ESCALATION, False),
            user("外"),
            end(),
            end("e2"),
            flow("s", "o", "e"),
            flow("b", "外", "e2"),
        )
    )
    assert play.do("内").open == ["内后", "理"] and play.do("理").open == ["内后", "外"]
