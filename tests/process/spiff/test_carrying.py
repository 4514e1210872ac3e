"""Carried to another version: what each kind of place keeps, and what makes it stay in its own."""

from datetime import datetime, timedelta

from engine.process.spiff import Asked, carry, look, parse
from tests.process import draw
from tests.process.draw import (
    after,
    both,
    boundary,
    catch,
    each_time,
    element,
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


def moved(play: Player, xml: str, **chosen: str) -> Player:
    carried = carry(play.instance, "p", parse(xml), Asked(chosen=chosen, begun=play.now))
    assert carried.faults == []
    play.definition, play.instance = carried.instance.definition, carried.instance
    return play._after(look(carried.instance))


def faults(play: Player, xml: str, **chosen: str) -> list[str]:
    carried = carry(play.instance, "p", parse(xml), Asked(chosen=chosen, begun=play.now))
    assert carried.instance is None
    return [f.element for f in carried.faults]


def around(inside: str, *more: str) -> str:
    """One element between start and end."""
    name = inside.split('id="')[1].split('"', maxsplit=1)[0]
    return process(start(), inside, end(), flow("s", name, "e"), *more)


# ---------------------------------------------------------------- scopes


def inner(*steps: str, **attributes: str) -> str:
    many = attributes.pop("many", "")
    return sub("子", many, start("a"), *(user(s) for s in steps), end("z"), flow("a", *steps, "z"), **attributes)  # fmt: skip


def test_a_list_of_subprocesses_goes_on_in_the_new_one(play):
    each = draw.each("名单", "人", results="结果", result="结")
    play.start(around(inner("甲", "乙", many=each)), 名单=["张", "李"]).do("甲")
    moved(play, around(inner("甲", "丙", "乙", many=each)))
    assert play.open == ["乙", "甲"]
    play.do("乙", 结=1).do("甲").do("丙").do("乙", 结=2)
    assert play.ended and play.instance.data["结果"] == [1, 2]


def test_an_element_is_found_in_its_own_scope_only(play):
    play.start(around(inner("甲", "乙"))).do("甲")
    outside = process(start(), inner("甲"), user("乙"), end(), flow("s", "子", "乙", "e"))
    assert faults(play, outside) == ["乙"]
    assert faults(play, around(user("子"))) == ["子"]
    moved(play, around(inner("甲", "丙")), 乙="丙")
    assert play.open == ["丙"]


def test_a_called_process_goes_along(play):
    def calls(*steps: str) -> str:
        called = draw.called(start("a"), *(user(s) for s in steps), end("z"), flow("a", *steps, "z"))  # fmt: skip
        return process(start(), element("callActivity", "调", calledElement="q"), end(), flow("s", "调", "e"), more=called)  # fmt: skip

    play.start(calls("甲", "乙")).do("甲")
    moved(play, calls("甲", "乙", "丙")).do("乙", "丙")
    assert play.ended


# ---------------------------------------------------------------- what listens


def test_an_event_subprocess_keeps_what_it_waits_for_and_one_that_is_new_begins_to(play):
    play.start(around(user("甲"), on("旧", draw.MESSAGE, "丁", interrupting=False)))
    play.message()
    assert play.open == ["丁", "甲"]
    new = on("新", draw.ERROR, "戊") + on("旧", draw.MESSAGE, "丁", "己", interrupting=False)
    moved(play, around(user("甲"), new))
    play.do("丁")
    assert play.open == ["己", "甲"] and play.message()
    assert play.open == ["丁", "己", "甲"]


def test_inside_an_interrupting_handler_nothing_new_listens(play):
    play.start(around(user("甲"), on("旧", draw.MESSAGE, "丁")))
    play.message()
    moved(play, around(user("甲"), on("旧", draw.MESSAGE, "丁", "己") + on("新", draw.MESSAGE, "戊")))  # fmt: skip
    assert not play.message()
    play.do("丁", "己")
    assert play.ended


def test_a_condition_or_a_signal_that_may_have_come_before_forbids_it(play):
    play.start(around(user("甲")), 数=1)
    for new in (draw.SIGNAL, draw.when("数 &gt; 5")):
        assert faults(play, around(user("甲"), boundary("边", "甲", new) + user("乙") + end("e2") + flow("边", "乙", "e2"))) == ["甲"]  # fmt: skip


def test_a_boundary_event_that_is_now_on_another_task_is_gone_from_this_one(play):
    def drawn(on_: str) -> str:
        return process(start(), user("甲"), user("乙"), boundary("限", on_, after("PT2H")), end(), end("e2"), flow("s", "甲", "乙", "e"), flow("限", "e2"))  # fmt: skip

    play.start(drawn("甲"))
    moved(play, drawn("乙")).later(hours=3)
    assert play.open == ["甲"]
    play.do("甲").later(hours=3)
    assert play.ended


def test_the_branches_of_an_event_gateway_must_be_the_same(play):
    def race(second: str) -> str:
        return process(
            start(), element("eventBasedGateway", "g"), catch("一", draw.MESSAGE), catch(second, after("PT5H")),
            user("甲"), user("乙"), end(), end("e2"),
            flow("s", "g", "一", "甲", "e"), flow("g", second, "乙", "e2"),
        )  # fmt: skip

    play.start(race("二"))
    assert faults(play, race("三")) == ["一", "二"]
    moved(play, race("二").replace('id="甲"', 'id="甲" name="新名"')).later(hours=5)
    assert play.open == ["乙"] and not play.message()


def test_what_waits_again_and_again_may_stand_beside_what_it_has_set_off(play):
    def drawn(*more: str) -> str:
        return process(start(), catch("每", each_time("R3/PT1H")), user("甲"), *map(user, more), end(), flow("s", "每", "甲", *more, "e"))  # fmt: skip

    play.start(drawn()).later(hours=2)
    assert play.open == ["甲", "甲"]
    moved(play, drawn("乙")).later(hours=1)
    assert play.open == ["甲", "甲", "甲"]
    play.do("甲").do("乙")
    assert play.open == ["甲", "甲"]


# ---------------------------------------------------------------- tokens


def test_a_join_that_would_no_longer_wait_forbids_it(play):
    """In the new version what stands at 乙 never comes to the join: it would have gone on already."""

    def drawn(new: bool) -> str:
        way = flow("s", "x", "f", "甲", "j", "丙", "e") + flow("f", "乙") + flow("丁", "j")
        after_b = flow("乙", "e2") if new else flow("乙", "丁")
        other = flow("x", "丁", when="false") if new else flow("x", "y", when="false")
        dead = "" if new else user("y") + flow("y", "e2")
        return process(start(), xor("x", "x-f"), both("f"), user("甲"), user("乙"), user("丁"), draw.some("j"), user("丙"), end(), end("e2"), way, after_b, other, dead)  # fmt: skip

    play.start(drawn(new=False)).do("甲")
    assert play.open == ["乙"]
    assert faults(play, drawn(new=True)) == ["j"]
    play.do("乙")
    assert faults(play, drawn(new=True)) == ["j"], "丁 and 甲 are alternatives there"
    moved(play, drawn(new=False)).do("丁", "丙")
    assert play.ended


def test_two_tokens_that_are_now_alternatives_cannot_stand_together(play):
    def drawn(kind, merge) -> str:
        return process(start(), kind("f"), user("甲"), user("乙"), merge("j"), end(), flow("s", "f"), flow("f", "甲", "j", "e"), flow("f", "乙", "j"))  # fmt: skip

    play.start(drawn(both, both))
    alternatives = drawn(lambda n: xor(n, "f-乙"), xor).replace('<sequenceFlow id="f-甲" sourceRef="f" targetRef="甲">', '<sequenceFlow id="f-甲" sourceRef="f" targetRef="甲"><conditionExpression>true</conditionExpression>')  # fmt: skip
    assert faults(play, alternatives) == ["甲"]


def test_a_timer_counts_from_when_its_event_began_to_wait(play):
    def waits(hours: int) -> str:
        return around(catch("等", after(f"PT{hours}H")))

    play.start(waits(9)).later(hours=2)
    begun: datetime = play.now - timedelta(hours=2)
    moved(play, waits(5))
    assert play.outcome.next_due == begun + timedelta(hours=5)
    disturbed = [(play.now, "等")]
    carried = carry(play.instance, "p", parse(waits(4)), Asked(disturbed=disturbed))
    assert [f.element for f in carried.faults] == ["等"]
