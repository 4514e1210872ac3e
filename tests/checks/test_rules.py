"""Each rule finds its fault, at an element of the file, and not in the mended twin."""

import re

import pytest

from tests.checks.everything import CHAPTERS, FIXTURES, NET, emitted, findings_of
from tests.checks.page import PAGE, written

BY_RULE = {fixture.rule: fixture for fixture in FIXTURES}


@pytest.mark.parametrize("rule", BY_RULE)
def test_a_rule_finds_its_fault_with_the_way_out_and_nothing_in_the_mended_twin(rule):
    fixture = BY_RULE[rule]
    found = [f for f in findings_of(fixture, fixture.failing) if f.rule == rule]
    assert found, findings_of(fixture, fixture.failing)
    for each in found:
        text = fixture.failing.get(each.file, "")
        # A template has lines, everything else elements.
        assert each.element in text or 0 < int(each.element) <= len(text.splitlines())
        assert each.message.endswith("。")
        assert re.search("请|不|应", each.message)
    mended = findings_of(fixture, fixture.mended)
    assert rule not in {f.rule for f in mended}
    assert all(f.severity == "warning" for f in mended), mended


def test_every_rule_the_code_can_emit_has_one_fixture():
    assert emitted() - NET.keys() == BY_RULE.keys()
    assert len(BY_RULE) == len(FIXTURES) == sum(map(len, CHAPTERS.values()))


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == written(), "python -m tests.checks.page"
