"""For each rule of the check: one sentence, a file that breaks it, and the same file mended."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.process.draw import end, flow, process, start, user


@dataclass(frozen=True)
class Fixture:
    rule: str
    #: What the rule finds, for ``docs/checks.md``.
    sentence: str
    failing: Mapping[str, str]
    mended: Mapping[str, str]


def drawn(rule: str, sentence: str, failing: str, mended: str) -> Fixture:
    """Of a diagram alone."""
    return Fixture(rule, sentence, {"process.bpmn": failing}, {"process.bpmn": mended})


SIMPLE = start() + user("甲") + end() + flow("s", "甲", "e")
CLEAN = process(SIMPLE)


def with_task(task: str) -> str:
    """One element 甲 between start and end."""
    return process(start(), task, end(), flow("s", "甲", "e"))


def plus(*parts: str, more: str = "") -> str:
    return process(SIMPLE, *parts, more=more)


def swapped(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)
