"""The deployed decision tables, one decision a file and named like it; facts in, the deciding row out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import dmn
from engine.errors import EngineError

from .faults import NoRow, RulesInvalid

if TYPE_CHECKING:
    from .deployed import Rules

ELIGIBILITY = "segment_eligibility.dmn"
ROUTES = ("stage1_route.dmn", "stage2_route.dmn", "stage3_route.dmn")
APPROVAL = "approval_chain.dmn"
CHANNEL = "delivery_channel.dmn"
FILES = (ELIGIBILITY, *ROUTES, APPROVAL, CHANNEL)


@dataclass(frozen=True, slots=True)
class Row:
    """What the table answered, the 1-based numbers of the rows that did, and the values it saw by column."""

    outputs: Mapping[str, Any]
    rows: tuple[int, ...]
    inputs: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        return self.outputs.get(name)


def decide(rules: Rules, file: str, facts: Mapping[str, Any]) -> Row:
    """The row that holds. ``facts`` may be lazy; one that is absent is null and meets no condition."""
    decided = rules.tables[file].explain(_id(file), facts)
    if decided.result is None:
        raise NoRow(table=file)
    return Row(decided.result, tuple(decided.rows), decided.inputs)


def read(file: str, text: str) -> dmn.Model:
    """Every cell compiled, so that a wrong table is refused when it is loaded and not when a case needs it."""
    try:
        model = dmn.read(text)
        for decision in model.decisions:
            model.outcome(decision)
        model.element(_id(file))
    except EngineError as error:
        raise RulesInvalid(f"“{file}”：{error}") from error
    return model


def _id(file: str) -> str:
    return file.removesuffix(".dmn")
