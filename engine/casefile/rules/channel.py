"""Which way a document goes to one addressee next: the table ``delivery_channel.dmn`` (DOMAIN §5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import documents, tables

if TYPE_CHECKING:
    from .deployed import Rules

TRUTHS = (
    "network_interface", "in_custody", "missing_proven", "electronic_consent",
    "confirmed_address", "local_address", "remote_address",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """``channel`` None: it cannot be delivered, ``note`` says what to do first."""

    channel: str | None
    fallback: str | None
    wait_days: int | None
    note: str | None
    rows: tuple[int, ...]


def choose(
    rules: Rules, document: str, addressee: Mapping[str, bool], failed: Sequence[str] = ()
) -> Choice:
    """``addressee`` holds the truths of the table, absent ones false; ``failed`` the channels tried in vain."""
    facts = {
        **dict.fromkeys(TRUTHS, False),
        **addressee,
        "direct_only": documents.named(rules, document).direct_only,
        "failed": list(failed),
    }
    row = tables.decide(rules, tables.CHANNEL, facts)
    channel, wait = row.text("channel"), row.outputs["wait_days"]
    return Choice(
        None if channel == "none" else channel,
        row.text("fallback"),
        None if wait is None else int(wait),
        row.text("note"),
        row.rows,
    )
