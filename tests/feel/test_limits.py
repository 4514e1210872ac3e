"""Texts that mean harm, or a designer's mistake, end soon and small, in every thread."""

import threading
import time

import pytest

from engine import feel
from engine.feel import limits

#: Seconds; the limit is one of processor time, and the machine may be busy.
SOON = 20.0

_TWICE = (
    "{{d: function(x, n) if n = 0 then x else d({0}, n - 1), a: d(1, 60), b: d(1, 60), r: {1}}}.r"
)


def _doubled(use: str) -> str:
    """A list of two lists of two lists …: small in memory, endless for who walks through it."""
    return _TWICE.format("[x, x]", use)


LOOPS = {
    "distinct": "count(distinct values(for i in 1..90000 return i))",
    "sort": "count(sort(for i in 1..90000 return modulo(i * 7919, 90001), function(a, b) a < b))",
    "contains": "{l: for i in 1..90000 return i, r: for i in l return list contains(l, 0)}.r",
    "keep lists": "{l: for i in 1..90000 return i, r: for i in l return append(l, i)}.r",
    "keep texts": 'for i in 1..90000 return string join(for j in 1..9000 return "0123456789")',
    "pairs": "count(for a in 1..1000, b in 1..1000 return 1)",
    "quantified": "every a in 1..90000, b in 1..90000 satisfies a > 0",
    "exp": "for i in 1..90000 return exp(14000) / i",
    "fibonacci": "{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(60)}.r",
    "recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "mutual": "{f: function(g, n) g(g, n), r: f(f, 1)}.r",
    "deep": "for i in 1..9000 return [partial[-1]]",
    "result": _doubled("a"),
    "string": _doubled("string(a)"),
    "equal": _doubled("a = b"),
    "is": _doubled("is(a, b)"),
    "in": _doubled("a in ([b], b)"),
    "range": _doubled("(= a) = (= b)"),
    "flatten": _doubled("flatten(a)"),
    "index": _doubled("index of([a], b)"),
    "path": _doubled("a.x"),
    "context": _TWICE.format("{p: x, q: x}", "string(a)"),
    "context equal": _TWICE.format("{p: x, q: x}", "a = b"),
    "wide range": "for i in 1..10 ** 30 return i",
    "replace": 'replace(replace(replace(x, ".", "$0$0$0$0$0$0$0$0$0$0"), ".", "$0$0$0$0$0$0$0$0$0$0"),'
    ' ".", "$0$0$0$0$0$0$0$0$0$0")',
    "join": 'string join(for i in 1..90000 return x, "")',
    "split": 'for i in 1..90000 return split(x, "a")',
    "concatenate": "{l: for i in 1..60000 return i, r: concatenate(l, l)}.r",
}


@pytest.mark.parametrize("name", LOOPS)
def test_the_limit_is_reached(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SECONDS", 0.2)
    begun = time.monotonic()
    with pytest.raises(feel.FeelLimit):
        feel.evaluate(LOOPS[name], {"x": "a" * 20_000})
    assert time.monotonic() - begun < SOON


TEXTS = {
    "parentheses": "(" * 9000 + "1" + ")" * 9000,
    "minus": "-" * 9000 + "1",
    "not": "not(" * 4000,
    "lists": "[" * 9000,
    "in": "1 in (" * 3000,
    "range": "]1..a" + "[a" * 9000,
    "plus": "+".join(["1"] * 9000),
    "dots": "a" + ".b" * 9000,
    "calls": "a" + "()" * 9000,
    "types": "x instance of " + "list<" * 3900,
    "long": "1" * 30_000,
    "if": "if a then b else " * 1000 + "1",
    "names": "a " * 9000,
    "comments": "/*" * 9000,
    "escapes": '"' + "\\" * 19_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_monstrous_text_is_refused_at_once(name: str) -> None:
    begun = time.monotonic()
    with pytest.raises(feel.FeelError):
        feel.compile(TEXTS[name])
    assert time.monotonic() - begun < SOON


def test_a_pattern_that_would_run_for_ever_elsewhere_answers_at_once() -> None:
    begun = time.monotonic()
    assert feel.evaluate('matches(x, "^(a+)+$")', {"x": "a" * 50_000 + "!"}) is False
    assert time.monotonic() - begun < SOON


def test_the_limits_hold_in_every_thread_and_honest_neighbours_are_right() -> None:
    outcomes: list[str] = []

    def hostile() -> None:
        try:
            feel.evaluate(LOOPS["distinct"], {})
        except feel.FeelLimit:
            outcomes.append("limit")

    def honest(factor: int) -> None:
        expression = feel.compile("sum(for i in 1..100 return i * x) = 5050 * x")
        if all(expression.evaluate({"x": factor}) for _ in range(50)):
            outcomes.append("right")

    threads = [threading.Thread(target=hostile) for _ in range(3)]
    threads += [threading.Thread(target=honest, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["limit"] * 3 + ["right"] * 5


def test_a_long_but_honest_text_is_fine() -> None:
    condition = " or ".join(f'状态 = "第{n}种"' for n in range(1000))
    assert feel.evaluate(condition, {"状态": "第999种"}) is True
