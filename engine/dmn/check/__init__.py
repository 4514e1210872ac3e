"""Everything that is wrong with a DMN file, each fault at its element and with the way out."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from engine.dmn.check import structure, tables, texts
from engine.dmn.check.finding import Finding

if TYPE_CHECKING:
    from engine.dmn.model import Model

__all__ = ["Finding", "findings"]


def findings(model: "Model", names: Collection[str] | None = None) -> list[Finding]:
    """All of them, in the order of the file. ``names`` are the variables that the host provides."""
    found = [*structure.findings(model), *texts.findings(model, names), *tables.findings(model)]
    return sorted(set(found), key=lambda each: (each.line, each.rule, each.message))
