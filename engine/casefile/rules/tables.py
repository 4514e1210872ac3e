"""The deployed decision tables, one decision a file; facts in, the deciding row out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import dmn

from .faults import NoRow

if TYPE_CHECKING:
    from .deployed import Rules

ELIGIBILITY = "segment_eligibility.dmn"
ROUTES = ("stage1_route.dmn", "stage2_route.dmn", "stage3_route.dmn")
APPROVAL = "approval_chain.dmn"
CHANNEL = "delivery_channel.dmn"
FILES = (ELIGIBILITY, *ROUTES, APPROVAL, CHANNEL)


@dataclass(frozen=True, slots=True)
class Row:
    """What the table answered, and the 1-based numbers of the rows that answered it."""

    outputs: Mapping[str, Any]
    rows: tuple[int, ...]

    def text(self, name: str) -> str | None:
        return self.outputs.get(name)


def read(file: str, text: str) -> Any:
    return text


def decide(rules: Rules, file: str, facts: Mapping[str, Any]) -> Row:
    """The row that holds. Facts a table does not ask for do no harm; absent ones are null."""
    decided = dmn.read(rules.tables[file]).explain(file, facts)
    if decided.result is None:
        raise NoRow(table=file)
    return Row(decided.result, tuple(decided.rows))
