"""One small process for each construct of BPMN 2.0: what the standard says of it, shown by acts and what is open then."""

from dataclasses import dataclass
from typing import Any

#: An act ("" is the start) and what is open after it; how both are written stands at ``judging``.
Steps = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Runs:
    """Must go exactly so, in all three ways."""

    diagram: str
    steps: Steps
    decisions: Any = None


@dataclass(frozen=True)
class Refused:
    """Must have this finding at this element."""

    diagram: str
    element: str
    rule: str


@dataclass(frozen=True)
class Row:
    construct: str
    #: What the standard says, in a few words.
    standard: str
    examples: tuple[Runs | Refused, ...]
    #: The same without the event, or with the condition false: nothing starts.
    twin: Runs | None = None


def runs(diagram: str, *steps: tuple[str, str], decisions: Any = None) -> Runs:
    return Runs(diagram, steps, decisions)
