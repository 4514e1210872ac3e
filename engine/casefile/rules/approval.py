"""Who must approve a document: the table ``approval_chain.dmn`` (DOMAIN §4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from . import documents, tables
from .faults import (
    CorrectsItself,
    DetentionOutOfRange,
    Disputed,
    FineOutOfRange,
    MissingField,
    NoRow,
    Refused,
)
from .labels import field as field_name

if TYPE_CHECKING:
    from .deployed import Rules

#: J judge, P panel, B bureau director, V vice-president, PR president, AC adjudication committee.
Level = Literal["J", "P", "B", "V", "PR", "AC"]
#: What a level does: sign alone, vote in the panel, review (no refusal), approve.
Kind = Literal["SIGN", "VOTE", "REVIEW", "APPROVE"]
Fact = bool | str | int | Decimal

SUBJECTS = ("person", "unit")
ROLES = ("judge", "clerk", "officer", "president", "other")
REFUSALS: Mapping[str, type[Refused]] = {
    "out_of_range_fine": FineOutOfRange,
    "out_of_range_detention": DetentionOutOfRange,
    "disputed": Disputed,
}


@dataclass(frozen=True, slots=True)
class Approval:
    """The levels in order and what each does. ``after``: carried out first, approved at once afterwards."""

    chain: tuple[Level, ...]
    kinds: tuple[Kind, ...]
    mark: str
    after: bool
    rows: tuple[int, ...]


def chain(rules: Rules, document: str, facts: Mapping[str, Fact]) -> Approval:
    """The chain of ``document``; facts it cannot do without must be there, ``corrects`` for a correction."""
    for name in documents.named(rules, document).facts:
        if facts.get(name) is None:
            raise MissingField(field=field_name(name))
    row = tables.decide(rules, tables.APPROVAL, {**facts, "document": document})
    outcome = row.text("outcome")
    if outcome == "as_corrected":
        return _corrected(rules, document, facts)
    if refusal := REFUSALS.get(outcome or ""):
        raise refusal
    if outcome != "chain" or not row.outputs["chain"]:
        raise NoRow(table=tables.APPROVAL)
    return Approval(
        tuple(row.outputs["chain"]),
        tuple(row.outputs["kinds"]),
        row.outputs["mark"],
        row.outputs["after"] is True,
        row.rows,
    )


def _corrected(rules: Rules, document: str, facts: Mapping[str, Fact]) -> Approval:
    """The chain of the document that is corrected."""
    corrected = facts.get("corrects")
    if corrected is None:
        raise MissingField(field=field_name("corrects"))
    if corrected == document:
        raise CorrectsItself
    return chain(rules, str(corrected), facts)
