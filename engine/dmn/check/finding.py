"""One fault of a DMN file."""

from dataclasses import dataclass
from typing import Literal

from engine.dmn.errors import Place

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, and in the same sentence how to mend it.

    ``line`` is that of the file; ``text_line`` and ``text_column`` are the place inside the
    expression, where the fault is in one. All count from 1, 0 is unknown.
    """

    element: str
    #: Stable id of the rule, for the documentation.
    rule: str
    #: A warning runs, but perhaps not as meant.
    severity: Severity
    message: str
    line: int = 0
    text_line: int = 0
    text_column: int = 0


def finding(place: Place, line: int, rule: str, sentence: str, *, warning: bool = False) -> Finding:
    message = f"{place}：{sentence}。" if f"{place}" else f"{sentence}。"
    return Finding(place.element, rule, "warning" if warning else "error", message, line)
