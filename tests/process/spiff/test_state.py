"""Saving and pruning, proved on random processes: the same run in memory, saved, and saved and pruned."""

import random
import zlib

import orjson
import pytest

from engine.process.spiff import StandsStill
from tests.process.draw import (
    MESSAGE,
    SIGNAL,
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
    some,
    start,
    sub,
    times,
    user,
    xor,
)
from tests.process.spiff.player import Player

DEPTH = 4


class Writer:
    """A random block-structured process; every construct may stand inside every other."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0
        self.parts: list[str] = []

    def id(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def add(self, text: str, *flows: str) -> None:
        self.parts += [text, *flows]

    def block(self, depth: int) -> tuple[str, str]:
        """The first and the last element of a block."""
        kinds = ["task"] + (
            [
                "sequence",
                "sequence",
                "parallel",
                "inclusive",
                "exclusive",
                "loop",
                "scope",
                "reminder",
                "interrupt",
                "race",
            ]
            if depth
            else []
        )
        return getattr(self, self.random.choice(kinds))(depth - 1)

    def task(self, _: int) -> tuple[str, str]:
        made = self.id("t")
        extra = self.random.choice(["", "", times("2", sequential=self.random.random() < 0.5)])
        self.add(user(made, extra.replace('id="mi', f'id="{made}mi')))
        return made, made

    def sequence(self, depth: int) -> tuple[str, str]:
        (a, b), (c, d) = self.block(depth), self.block(depth)
        self.add(flow(b, c))
        return a, d

    def parallel(self, depth: int) -> tuple[str, str]:
        return self._split(depth, both, [None, None, None])

    def inclusive(self, depth: int) -> tuple[str, str]:
        return self._split(
            depth,
            some,
            [f"v{self.random.randrange(3)} &gt; {self.random.randrange(3)}", "true", None],
        )

    def exclusive(self, depth: int) -> tuple[str, str]:
        return self._split(
            depth, xor, [f"v{self.random.randrange(3)} &gt; {self.random.randrange(3)}", None]
        )

    def _split(self, depth: int, gateway, conditions) -> tuple[str, str]:
        f, j = self.id("f"), self.id("j")
        blocks = [self.block(depth) for _ in conditions]
        default = f"{f}-{blocks[-1][0]}"
        self.add(gateway(f) if gateway is both else gateway(f, default), gateway(j))
        for (a, b), condition in zip(blocks, conditions, strict=True):
            self.add(flow(f, a, when=condition), flow(b, j))
        return f, j

    def loop(self, depth: int) -> tuple[str, str]:
        m, x, step = self.id("m"), self.id("x"), self.id("count")
        out = self.id("t")
        a, b = self.block(depth)
        self.add(
            xor(m),
            xor(x, f"{x}-{out}"),
            user(step),
            user(out),
            flow(m, a),
            flow(b, step, x, out),
            flow(x, m, when=f"{step} &lt; 2"),
        )
        return m, out

    def _scope(self, depth: int, *more: str) -> str:
        inner = Writer(self.random.randrange(10**9))
        inner.number = self.number + 1
        o, s, e = self.id("o"), f"s{inner.number}", f"e{inner.number}"
        a, b = inner.block(depth)
        self.number = inner.number
        self.add(sub(o, *more, start(s), end(e), *inner.parts, flow(s, a), flow(b, e)))
        return o

    def scope(self, depth: int) -> tuple[str, str]:
        mi = self.random.choice(["", times("2", sequential=self.random.random() < 0.5)])
        o = self._scope(depth, mi.replace('id="mi', f'id="o{self.number}mi'))
        return o, o

    def reminder(self, depth: int) -> tuple[str, str]:
        o, b = self._scope(depth), self.id("b")
        a, z = self.block(depth)
        e = self.id("e")
        self.add(boundary(b, o, each_time("R2/PT3H"), False), end(e), flow(b, a), flow(z, e))
        return o, o

    def interrupt(self, depth: int) -> tuple[str, str]:
        b, e = self.id("b"), self.id("e")
        o = self._scope(
            depth, on(self.id("v"), SIGNAL, self.id("t"), interrupting=self.random.random() < 0.5)
        )
        a, z = self.block(depth)
        self.add(boundary(b, o, after("PT5H")), xor(e), flow(b, a), flow(z, e), flow(o, e))
        return o, e

    def race(self, depth: int) -> tuple[str, str]:
        g, c, t, j = self.id("g"), self.id("c"), self.id("c"), self.id("j")
        self.add(
            element("eventBasedGateway", g),
            catch(c, MESSAGE),
            catch(t, after("PT2H")),
            xor(j),
            flow(g, c, j),
            flow(g, t, j),
        )
        return g, j


def run(seed: int, way: str) -> list[object]:
    writer = Writer(seed)
    a, b = writer.block(DEPTH)
    xml = process(start(), end(), *writer.parts, flow("s", a), flow(b, "e"))
    choose = random.Random(seed)
    player = Player(way).start(xml, v0=0, v1=1, v2=2)
    log: list[object] = []
    rounds: dict[str, int] = {}
    for _ in range(150):
        if player.ended or player.incident:
            break
        what = choose.random()
        if player.open and what < 0.8:
            element_ = choose.choice(player.open)
            rounds[element_] = rounds.get(element_, 0) + 1
            data = (
                {element_: rounds[element_]}
                if element_.startswith("count")
                else {f"v{choose.randrange(3)}": choose.randrange(4)}
            )
            player.do(element_, **data)
            log.append(element_)
        elif what < 0.85:
            player.signal()
        elif what < 0.9:
            player.message()
        else:
            player.later(hours=1)
        log.append((player.open, player.outcome.next_due, player.ended))
    return [*log, player.instance.data, player.incident]


@pytest.mark.parametrize("seed", range(100))
def test_random_processes_go_the_same_way_three_times(seed):
    in_memory, saved, pruned = (
        run(seed, way) for way in ("in memory", "saved", "saved and pruned")
    )
    assert in_memory == saved == pruned
    assert in_memory[-1] is None


def test_a_saved_state_holds_no_specs_and_does_not_grow_with_its_history(play):
    body = process(start(), xor("m"), user("改"), boundary("b", "改", after("P1D"), False), user("催"), end("e2"), xor("x", "x-e"), end(),
        flow("s", "m", "改", "x", "e"), flow("b", "催", "e2"), flow("x", "m", when="true"))  # fmt: skip
    play.start(body)
    sizes = []
    for _ in range(30):
        play.do("改")
        sizes.append(len(orjson.loads(zlib.decompress(play.instance.save()))["scopes"][0]["tasks"]))
    assert len(set(sizes)) == 1


def test_reminders_leave_nothing_behind(play):
    play.start(
        process(
            start(),
            user("甲"),
            boundary("b", "甲", each_time("R/PT1H"), False),
            user("催"),
            end(),
            end("e2"),
            flow("s", "甲", "e"),
            flow("b", "催", "e2"),
        )
    )
    sizes = []
    for _ in range(10):
        play.later(hours=1).do("催")
        sizes.append(len(orjson.loads(zlib.decompress(play.instance.save()))["scopes"][0]["tasks"]))
    assert len(set(sizes)) == 1 and play.do("甲").ended


def test_an_incident_is_saved(play):
    play.start(
        process(
            start(),
            xor("x"),
            user("甲"),
            user("乙"),
            end(),
            end("e2"),
            flow("s", "x"),
            flow("x", "甲", when="n"),
            flow("x", "乙", when="n"),
            flow("甲", "e"),
            flow("乙", "e2"),
        ),
        n=None,
    )
    loaded = type(play.instance).load(play.definition, play.instance.save())
    assert loaded.incident == play.incident and loaded.incident.can_retry


def test_what_reaches_a_stopped_instance_is_not_lost(play):
    play.start(
        process(
            start(),
            both("f"),
            user("甲", times("n")),
            user("乙"),
            boundary("b", "乙", SIGNAL),
            user("停"),
            end(),
            end("e2"),
            end("e3"),
            flow("s", "f", "甲", "e"),
            flow("f", "乙", "e2"),
            flow("b", "停", "e3"),
        ),
        n=-1,
    )
    with pytest.raises(StandsStill):
        play.signal()
    assert play.write(n=1).retry().signal().open == ["停", "甲"]


def test_two_instances_share_a_definition_and_nothing_else(play):
    play.start(
        process(start(), user("甲", times("2")), user("乙"), end(), flow("s", "甲", "乙", "e"))
    )
    other, outcome = type(play.instance).start(play.definition, "p", {"n": 1}, now=play.now)
    play.do("甲", "甲", m=1)
    assert play.open == ["乙"] and other.data == {"n": 1} and len(outcome.user_tasks) == 2
