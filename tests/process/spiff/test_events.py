"""Timers, messages, signals, conditions, errors, escalations: who hears what, and what stops."""

import pytest

from tests.process.draw import (
    ANY_ERROR,
    CANCEL,
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    TERMINATE,
    after,
    at,
    both,
    boundary,
    called,
    catch,
    each_time,
    element,
    end,
    flow,
    process,
    start,
    sub,
    throw,
    times,
    user,
    when,
)


def task_with(event):
    return process(
        start(),
        user("甲"),
        event,
        user("催"),
        user("后"),
        end(),
        end("e2"),
        flow("s", "甲", "后", "e"),
        flow("b", "催", "e2"),
    )


FORK = both("f")


# ---------------------------------------------------------------- timers


def test_timer_catch_by_duration(play):
    play.start(
        process(start(), catch("c", after("P15D")), user("甲"), end(), flow("s", "c", "甲", "e"))
    )
    assert play.open == [] and play.outcome.next_due == play.now.replace(day=16)
    assert play.later(days=14).open == [] and play.later(days=1).open == ["甲"]


def test_timer_catch_by_date_in_the_past_goes_on_at_once(play):
    assert play.start(
        process(
            start(),
            catch("c", at("2020-01-01T00:00:00Z")),
            user("甲"),
            end(),
            flow("s", "c", "甲", "e"),
        )
    ).open == ["甲"]


def test_timer_by_expression(play):
    assert play.start(
        process(start(), catch("c", after("= 期限")), user("甲"), end(), flow("s", "c", "甲", "e")),
        期限="PT1H",
    ).later(hours=1).open == ["甲"]


def test_a_timer_expression_that_is_no_time_is_an_incident_and_can_be_tried_again(play):
    play.start(
        process(start(), catch("c", after("= 期限")), user("甲"), end(), flow("s", "c", "甲", "e")),
        期限="十五日",
    )
    assert play.incident.element == "c" and "十五日" in play.incident.sentence
    assert play.write(期限="PT1H").retry().later(hours=1).open == ["甲"]


def test_interrupting_timer_boundary(play):
    assert play.start(task_with(boundary("b", "甲", after("PT1H")))).later(hours=1).open == ["催"]
    assert play.do("催").ended


def test_a_boundary_timer_does_nothing_once_the_task_is_done(play):
    play.start(task_with(boundary("b", "甲", after("PT1H")))).do("甲")
    assert play.outcome.next_due is None and play.later(hours=2).open == ["后"]


def test_reminders_repeat_and_outlive_the_task(play):
    play.start(task_with(boundary("b", "甲", each_time("R3/PT1H"), False))).later(hours=2)
    assert play.open == ["催", "催", "甲"]
    assert play.do("甲").open == ["催", "催", "后"]
    assert play.later(hours=9).do("催", "催", "后").ended


def test_reminders_stop_after_their_number(play):
    assert play.start(task_with(boundary("b", "甲", each_time("R2/PT1H"), False))).later(
        hours=9
    ).open == ["催", "催", "甲"]


def test_timer_boundary_on_multi_instance_and_on_receive(play):
    each_of = user("甲", times("3", sequential=True))
    play.start(
        process(
            start(),
            each_of,
            boundary("b", "甲", after("PT1H")),
            user("催"),
            end(),
            end("e2"),
            flow("s", "甲", "e"),
            flow("b", "催", "e2"),
        )
    )
    assert play.do("甲").later(hours=1).open == ["催"] and play.do("催").ended
    receive = element("receiveTask", "甲", messageRef="msg")
    assert play.start(
        process(
            start(),
            receive,
            boundary("b", "甲", after("PT1H")),
            user("催"),
            end(),
            end("e2"),
            flow("s", "甲", "e"),
            flow("b", "催", "e2"),
        )
    ).later(hours=1).open == ["催"]


def test_a_repeating_catch_event_sends_one_token_each_time(play):
    play.start(
        process(
            start(), catch("c", each_time("R2/PT1H")), user("甲"), end(), flow("s", "c", "甲", "e")
        )
    ).later(hours=5)
    assert play.open == ["甲", "甲"] and play.do("甲", "甲").ended


# ---------------------------------------------------------------- event gateway, several definitions

RACE = process(start(), element("eventBasedGateway", "g"), element("receiveTask", "r", messageRef="msg"), catch("c", SIGNAL), catch("t", after("PT1H")), catch("w", when("n &gt; 4")),
    user("文"), user("号"), user("时"), user("件"), *(end(f"e{i}") for i in range(4)), flow("s", "g", "r", "文", "e0"), flow("g", "c", "号", "e1"), flow("g", "t", "时", "e2"), flow("g", "w", "件", "e3"))  # fmt: skip


@pytest.mark.parametrize(
    ("happens", "then"),
    [
        (lambda p: p.message(), "文"),
        (lambda p: p.signal(), "号"),
        (lambda p: p.later(hours=1), "时"),
        (lambda p: p.write(n=5), "件"),
    ],
)
def test_event_gateway_takes_the_first_event_only(play, happens, then):
    happens(play.start(RACE, n=1))
    play.later(hours=2).signal().write(n=6)
    assert play.open == [then] and play.do(then).ended


def test_any_of_several_definitions(play):
    assert play.start(
        process(start(), catch("c", SIGNAL + MESSAGE), user("甲"), end(), flow("s", "c", "甲", "e"))
    ).message()
    assert play.open == ["甲"]


def test_all_of_several_definitions(play):
    play.start(
        process(
            start(),
            catch("c", SIGNAL + MESSAGE + after("PT1H"), parallelMultiple="true"),
            user("甲"),
            end(),
            flow("s", "c", "甲", "e"),
        )
    )
    assert play.signal().later(hours=1).open == [] and play.message() and play.open == ["甲"]


# ---------------------------------------------------------------- messages and signals


def test_message_catch_takes_only_its_own_and_only_once(play):
    play.start(
        process(
            start(),
            FORK,
            catch("c", MESSAGE),
            catch("d", MESSAGE),
            user("甲"),
            user("乙"),
            end(),
            end("e2"),
            flow("s", "f", "c", "甲", "e"),
            flow("f", "d", "乙", "e2"),
        )
    )
    assert not play.message("回函") and play.message() and len(play.open) == 1
    assert play.message() and play.open == ["乙", "甲"] and not play.message()


def test_messages_are_handed_to_the_host(play):
    send = element("sendTask", "c", messageRef="msg2")
    play.start(
        process(start(), throw("t", MESSAGE), send, end("e", MESSAGE), flow("s", "t", "c", "e"))
    )
    assert play.ended and play.sent == ["来文", "回函", "来文"]


def test_a_signal_is_heard_here_and_handed_to_the_host_all_the_same(play):
    play.start(
        process(
            start(),
            FORK,
            catch("c", SIGNAL),
            user("甲"),
            user("乙"),
            throw("t", SIGNAL),
            end(),
            end("e2"),
            flow("s", "f", "c", "甲", "e"),
            flow("f", "乙", "t", "e2"),
        )
    )
    assert play.do("乙").open == ["甲"] and play.sent == ["中止"]


def test_a_signal_end_event_is_heard(play):
    play.start(
        process(
            start(),
            FORK,
            user("甲"),
            boundary("b", "甲", SIGNAL),
            user("乙"),
            user("停"),
            end("e", SIGNAL),
            end("e2"),
            end("e3"),
            flow("s", "f", "甲", "e2"),
            flow("f", "乙", "e"),
            flow("b", "停", "e3"),
        )
    )
    assert play.do("乙").open == ["停"] and play.sent == ["中止"]


def test_a_non_interrupting_signal_or_message_boundary_fires_each_time(play):
    play.start(task_with(boundary("b", "甲", SIGNAL, False))).signal().signal()
    assert play.open == ["催", "催", "甲"]
    play.start(task_with(boundary("b", "甲", MESSAGE, False)))
    assert play.message() and play.message() and play.open == ["催", "催", "甲"]


def test_a_signal_interrupts_two_levels_down(play):
    inner = sub(
        "i", start("is"), user("内"), user("内二"), end("ie"), flow("is", "内", "内二", "ie")
    )
    outer = sub("o", start("os"), inner, end("oe"), flow("os", "i", "oe"))
    play.start(
        process(
            start(),
            outer,
            boundary("b", "o", SIGNAL),
            user("停"),
            end(),
            end("e2"),
            flow("s", "o", "e"),
            flow("b", "停", "e2"),
        )
    ).signal()
    assert play.open == ["停"] and play.do("停").ended


def test_interrupting_a_parallel_multi_instance_subprocess_ends_what_runs_inside(play):
    inner = sub(
        "o",
        times("3"),
        start("os"),
        catch("c", after("PT1H")),
        user("内"),
        end("oe"),
        flow("os", "c", "内", "oe"),
    )
    play.start(
        process(
            start(),
            inner,
            boundary("b", "o", SIGNAL),
            user("停"),
            end(),
            end("e2"),
            flow("s", "o", "e"),
            flow("b", "停", "e2"),
        )
    ).signal()
    assert play.later(hours=2).open == ["停"] and play.do("停").ended


def test_what_an_interrupted_scope_still_meant_to_throw_is_void(play):
    inner = sub(
        "o",
        start("os"),
        user("内"),
        throw("t", SIGNAL + MESSAGE),
        throw("t2", MESSAGE),
        end("oe"),
        flow("os", "内", "t", "t2", "oe"),
    )
    play.start(
        process(
            start(),
            inner,
            boundary("b", "o", SIGNAL),
            user("停"),
            end(),
            end("e2"),
            flow("s", "o", "e"),
            flow("b", "停", "e2"),
        )
    )
    assert play.do("内").open == ["停"] and play.sent == ["中止"]


def test_a_neighbour_that_has_fired_goes_its_way_although_the_task_is_interrupted(play):
    play.start(
        process(
            start(),
            user("甲"),
            boundary("b", "甲", SIGNAL, False),
            boundary("c", "甲", SIGNAL),
            user("知"),
            user("停"),
            end(),
            end("e2"),
            end("e3"),
            flow("s", "甲", "e"),
            flow("b", "知", "e2"),
            flow("c", "停", "e3"),
        )
    )
    assert play.signal().open == ["停", "知"] and play.do("停", "知").ended


# ---------------------------------------------------------------- conditions


def test_a_condition_that_becomes_true_later_is_noticed(play):
    play.start(
        process(
            start(),
            FORK,
            catch("c", when("n &gt; 4")),
            user("甲"),
            user("乙"),
            end(),
            end("e2"),
            flow("s", "f", "c", "甲", "e"),
            flow("f", "乙", "e2"),
        ),
        n=1,
    )
    assert play.open == ["乙"] and play.do("乙", n=5).open == ["甲"]


def test_a_condition_true_on_arrival_goes_on_and_one_never_true_waits(play):
    body = process(
        start(), catch("c", when("n &gt; 4")), user("甲"), end(), flow("s", "c", "甲", "e")
    )
    assert play.start(body, n=5).open == ["甲"] and play.start(body, n=1).write(m=7).open == []


def test_an_interrupting_boundary_condition(play):
    assert play.start(task_with(boundary("b", "甲", when("n &gt; 4"))), n=1).write(n=5).open == [
        "催"
    ]


def test_a_non_interrupting_condition_fires_when_it_becomes_true_not_while_it_is(play):
    play.start(task_with(boundary("b", "甲", when("n &gt; 4"), False)), n=1).write(n=5).write(n=6)
    assert play.open == ["催", "甲"] and play.write(n=1).write(n=7).open == ["催", "催", "甲"]


# ---------------------------------------------------------------- errors


def test_a_task_s_own_error_boundary(play):
    assert play.start(task_with(boundary("b", "甲", ERROR))).fail("甲", "E1").open == ["催"]
    assert play.start(task_with(boundary("b", "甲", ANY_ERROR))).fail("甲", "E9").open == ["催"]


def test_an_error_never_goes_sideways(play):
    body = process(start(), FORK, user("甲"), boundary("b", "甲", ERROR), user("乙"), boundary("d", "乙", ERROR), user("甲错"), user("乙错"), *(end(f"e{i}") for i in range(4)),
        flow("s", "f", "甲", "e0"), flow("f", "乙", "e1"), flow("b", "甲错", "e2"), flow("d", "乙错", "e3"))  # fmt: skip
    assert play.start(body).fail("乙", "E1").open == ["乙错", "甲"]


def failing_subprocess(*catchers: str, error: str = ERROR) -> str:
    inner = sub(
        "i",
        start("is"),
        FORK,
        user("内"),
        user("旁"),
        end("ie", error),
        end("ie2"),
        flow("is", "f", "内", "ie"),
        flow("f", "旁", "ie2"),
    )
    outer = sub("o", start("os"), inner, user("内后"), end("oe"), flow("os", "i", "内后", "oe"))
    ways = "".join(
        user(f"错{b}") + end(f"e{b}") + flow(b, f"错{b}", f"e{b}")
        for b in ("b1", "b2")
        if f'id="{b}"' in "".join(catchers)
    )
    return process(start(), outer, *catchers, user("后"), end(), ways, flow("s", "o", "后", "e"))


def test_an_error_end_cancels_the_rest_and_is_caught_outside(play):
    assert play.start(failing_subprocess(boundary("b1", "o", ERROR))).do("内").open == ["错b1"]
    assert play.do("错b1").ended


def test_an_error_with_another_code_is_not_caught_and_nothing_after_it_runs(play):
    other = '<errorEventDefinition errorRef="err2"/>'
    play.start(failing_subprocess(boundary("b1", "o", other))).do("内")
    assert play.incident.element == "ie" and "E1" in play.incident.sentence and not play.ended
    assert play.retry().incident and "后" not in play.open


def test_the_exact_code_is_preferred_to_any(play):
    assert play.start(
        failing_subprocess(boundary("b1", "o", ANY_ERROR), boundary("b2", "o", ERROR))
    ).do("内").open == ["错b2"]


def test_two_errors_without_a_code_are_not_the_same(play):
    play.start(
        failing_subprocess(
            boundary("b1", "o", ERROR), error='<errorEventDefinition errorRef="err0"/>'
        )
    ).do("内")
    assert play.incident.element == "ie"


def test_the_innermost_scope_catches(play):
    inner = sub("i", start("is"), user("内"), end("ie", ERROR), flow("is", "内", "ie"))
    outer = sub(
        "o",
        start("os"),
        inner,
        boundary("b1", "i", ERROR),
        user("近"),
        end("oe"),
        end("oe2"),
        flow("os", "i", "oe"),
        flow("b1", "近", "oe2"),
    )
    play.start(
        process(
            start(),
            outer,
            boundary("b2", "o", ERROR),
            user("远"),
            end(),
            end("e2"),
            flow("s", "o", "e"),
            flow("b2", "远", "e2"),
        )
    )
    assert play.do("内").open == ["近"] and play.do("近").ended


def test_a_called_process_ends_with_an_error(play):
    inner = called(start("s2"), user("内"), end("e2", ERROR), flow("s2", "内", "e2"))
    call = element("callActivity", "c", calledElement="q")
    play.start(
        process(
            start(),
            call,
            boundary("b", "c", ERROR),
            user("错"),
            end(),
            end("e3"),
            flow("s", "c", "e"),
            flow("b", "错", "e3"),
            more=inner,
        )
    )
    assert play.do("内").open == ["错"] and play.do("错").ended


def test_a_task_s_uncaught_error_stops_the_case(play):
    play.start(
        process(
            start(),
            FORK,
            user("甲"),
            user("乙"),
            end(),
            end("e2"),
            flow("s", "f", "甲", "e"),
            flow("f", "乙", "e2"),
        )
    ).fail("甲", "E1")
    assert play.incident.element == "甲" and play.retry().do("甲", "乙").ended


# ---------------------------------------------------------------- escalation, terminate, transaction


def escalating(cancel: bool, thrown: str = ESCALATION) -> str:
    inner = sub(
        "o",
        start("os"),
        user("内"),
        throw("t", thrown),
        throw("m1", MESSAGE),
        user("内后"),
        end("oe"),
        flow("os", "内", "t", "m1", "内后", "oe"),
    )
    return process(
        start(),
        inner,
        boundary("b", "o", ESCALATION, cancel),
        user("升"),
        user("后"),
        end(),
        end("e2"),
        flow("s", "o", "后", "e"),
        flow("b", "升", "e2"),
    )


def test_an_interrupting_escalation_stops_what_follows_the_throw(play):
    assert play.start(escalating(True)).do("内").open == ["升"] and play.sent == []


def test_a_non_interrupting_escalation_lets_it_go_on(play):
    assert play.start(escalating(False)).do("内").open == ["内后", "升"] and play.sent == ["来文"]


def test_an_escalation_nobody_catches_changes_nothing(play):
    other = '<escalationEventDefinition escalationRef="esc2"/>'
    assert play.start(escalating(True, other)).do("内").open == ["内后"] and play.incident is None


def test_an_escalation_end_event(play):
    inner = sub("o", start("os"), user("内"), end("oe", ESCALATION), flow("os", "内", "oe"))
    play.start(
        process(
            start(),
            inner,
            boundary("b", "o", ESCALATION, False),
            user("升"),
            user("后"),
            end(),
            end("e2"),
            flow("s", "o", "后", "e"),
            flow("b", "升", "e2"),
        )
    )
    assert play.do("内").open == ["升", "后"]


def test_terminate_ends_its_own_scope_only(play):
    inner = sub(
        "o",
        start("os"),
        FORK,
        user("内"),
        user("旁"),
        end("oe", TERMINATE),
        end("oe2"),
        flow("os", "f", "内", "oe"),
        flow("f", "旁", "oe2"),
    )
    play.start(process(start(), inner, user("后"), end(), flow("s", "o", "后", "e")))
    assert play.do("内").open == ["后"] and play.do("后").ended


def test_terminate_ends_the_whole_instance(play):
    assert (
        play.start(
            process(
                start(),
                FORK,
                user("甲"),
                user("乙"),
                end("e", TERMINATE),
                end("e2"),
                flow("s", "f", "甲", "e"),
                flow("f", "乙", "e2"),
            )
        )
        .do("甲")
        .ended
    )


def test_a_cancel_end_event_cancels_its_transaction(play):
    inner = element(
        "transaction",
        "o",
        start("os")
        + both("f")
        + user("内")
        + user("旁")
        + end("oe", CANCEL)
        + end("oe2")
        + flow("os", "f", "内", "oe")
        + flow("f", "旁", "oe2"),
    )
    play.start(
        process(
            start(),
            inner,
            boundary("b", "o", CANCEL),
            user("撤"),
            user("后"),
            end(),
            end("e2"),
            flow("s", "o", "后", "e"),
            flow("b", "撤", "e2"),
        )
    )
    assert play.do("内").open == ["撤"] and play.do("撤").ended


def test_shared_event_definitions_are_read_as_if_written_in_the_event(play):
    shared = '<signalEventDefinition id="sd" signalRef="sig"/>'
    play.start(
        process(
            start(),
            user("甲"),
            boundary("b", "甲", "<eventDefinitionRef>sd</eventDefinitionRef>"),
            user("停"),
            end(),
            end("e2"),
            flow("s", "甲", "e"),
            flow("b", "停", "e2"),
            more=shared,
        )
    )
    assert play.signal().open == ["停"]
