"""Never a crash, whatever the file: mutated diagrams, foreign files, very large ones."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.process import check
from engine.process.spiff import parse
from tests.process.draw import (
    ERROR,
    MESSAGE,
    after,
    both,
    boundary,
    catch,
    each,
    element,
    end,
    flow,
    on,
    process,
    repeat,
    service,
    start,
    sub,
    times,
    user,
    xor,
)

BASE = process(
    start(),
    user("甲", times("n", until="n &gt; 2")),
    boundary("b", "甲", after("P1D")),
    both("f"),
    sub("o", start("os"), user("丙", repeat("true", loopMaximum="3")), end("oe", ERROR), flow("os", "丙", "oe")),
    boundary("ob", "o", ERROR),
    service("送", "送达", 文书="1"),
    catch("c", MESSAGE),
    element("callActivity", "叫", calledElement="p"),
    user("表", each("名单", "人")),
    both("j"),
    xor("x", "x-e"),
    end(),
    end("e2"),
    on("v", MESSAGE, "理"),
    flow("s", "甲", "f", "o", "j", "x", "e"),
    flow("f", "送", "c", "j"),
    flow("f", "叫", "表", "j"),
    flow("x", "甲", when="n = 1"),
    flow("b", "e2"),
    flow("ob", "e2"),
)  # fmt: skip
ROOT = etree.fromstring(BASE)
ELEMENTS = len(list(ROOT.iter()))
WORDS = [
    "",
    "甲",
    "b",
    "x-e",
    "无",
    "true",
    "false",
    "P1D",
    "= 1 +",
    "-1",
    "p",
    "[[",
    "msg",
    "\u202e",
    "a" * 300,
]
TAGS = [*sorted({e.tag for e in ROOT.iter() if isinstance(e.tag, str)}), "foreign", "{urn:x}y"]


def mutations():
    where = st.integers(0, ELEMENTS - 1)
    return st.lists(
        st.one_of(
            st.tuples(st.just("remove"), where, where, st.just("")),
            st.tuples(st.just("move"), where, where, st.just("")),
            st.tuples(st.just("copy"), where, where, st.just("")),
            st.tuples(st.just("tag"), where, where, st.sampled_from(TAGS)),
            st.tuples(st.just("attribute"), where, where, st.sampled_from(WORDS)),
            st.tuples(st.just("text"), where, where, st.sampled_from(WORDS)),
        ),
        min_size=1,
        max_size=6,
    )


def mutate(changes):
    root = etree.fromstring(BASE)
    for kind, a, b, word in changes:
        elements = [e for e in root.iter() if isinstance(e.tag, str)]
        one, other = elements[a % len(elements)], elements[b % len(elements)]
        parent = one.getparent()
        if parent is None:
            continue
        if kind == "remove":
            parent.remove(one)
        elif kind == "move" and other is not one and one not in other.iterancestors():
            other.append(one)
        elif kind == "copy" and one not in [other, *other.iterancestors()]:
            other.append(etree.fromstring(etree.tostring(one)))
        elif kind == "tag":
            one.tag = word
        elif kind == "attribute" and one.attrib:
            one.set(sorted(one.attrib)[b % len(one.attrib)], word)
        elif kind == "text":
            one.text = word
    return etree.tostring(root, encoding="unicode")


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutations())
def test_a_mutated_diagram_has_findings_at_its_elements_or_can_be_parsed(changes):
    _diagram_is_answered(mutate(changes))


@pytest.mark.soak
@settings(max_examples=40_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutations())
def test_many_mutated_diagrams(changes):
    _diagram_is_answered(mutate(changes))


def _diagram_is_answered(text):
    found = check.diagram_findings(text)
    ids = {e.get("id") for e in etree.fromstring(text).iter()}
    tags = {
        etree.QName(e).localname for e in etree.fromstring(text).iter() if isinstance(e.tag, str)
    }
    for finding in found:
        assert finding.element in ids | tags or finding.rule == "xml", finding
        assert finding.message.endswith("。") and finding.rule != "unreadable", finding
    if all(f.severity == "warning" for f in found):
        parse(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_answered(text):
    assert all(f.rule for f in check.folder({"process.bpmn": text, "a.dmn": text, "a.form": text, "scenarios/a.toml": text}))  # fmt: skip


def test_a_thousand_elements_are_checked_in_time():
    names = [f"t{n}" for n in range(330)]
    parts = [user(n) for n in names] + [
        xor(f"x{n}", f"x{n}-{m}") for n, m in zip(names, [*names[1:], "e"], strict=True)
    ]
    flows = [flow(n, f"x{n}", m) for n, m in zip(names, [*names[1:], "e"], strict=True)]
    back = [flow(f"x{n}", names[0], when="n &gt; 1") for n in names]
    text = process(start(), *parts, end(), flow("s", names[0]), *flows, *back)
    began = time.perf_counter()
    found = check.diagram_findings(text)
    assert time.perf_counter() - began < 3
    assert {f.rule for f in found} == {"many-incoming"}
