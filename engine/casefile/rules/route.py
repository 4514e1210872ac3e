"""Where a case goes: on 接收 by the eligibility table, on 提交 by the table of its stage (DOMAIN §2.2, §2.5)."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, cast

from . import reading, tables
from .faults import MissingField, UnknownTable
from .labels import field as field_name

if TYPE_CHECKING:
    from .deployed import Rules

REASONS_FILE = "reasons.toml"

Action = Literal["enter", "none", "advance", "return", "stay", "reject"]
Fact = bool | str | Decimal

#: Each table's name outside, its file, and the facts it asks for.
FILES = {
    "entry": tables.ELIGIBILITY,
    "stage1": tables.ROUTES[0],
    "stage2": tables.ROUTES[1],
    "stage3": tables.ROUTES[2],
}
#: The table that a stage's 提交 asks; the last stage has none.
OF_STAGE = {"asset_control": "stage1", "asset_disposal": "stage2", "fund_distribution": "stage3"}
TRUTHS: Mapping[str, tuple[str, ...]] = {
    "entry": ("court_switch", "excluded", "funds_on_account", "disposable_asset"),
    "stage1": (
        "terminating_ground", "has_auction", "auctionable_asset", "seized_auction_asset",
        "act_pending", "obligation_met", "no_property",
    ),
    "stage2": (
        "new_clue", "control_gap", "unsettled_asset", "set_off_done", "performed",
        "no_other_property",
    ),
    "stage3": (
        "unclaimed_receipt", "unsettled_payable", "fully_paid", "instalments_running", "new_clue",
        "assets_left",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """``to`` is a stage's key, ``path`` a closing method, ``reason`` a code of ``reasons.toml``."""

    action: Action
    to: str | None
    path: str | None
    reason: str | None
    rows: tuple[int, ...]


def decide(rules: Rules, table: str, facts: Mapping[str, Fact]) -> Route:
    """What the first row that holds says; absent truths are false, absent ``funds`` are 0 yuan."""
    if table not in FILES:
        raise UnknownTable(value=table)
    if table == "entry" and facts.get("court_switch") and not facts.get("case_type"):
        raise MissingField(field=field_name("case_type"))
    absent: dict[str, Fact] = {"funds": Decimal(0), **dict.fromkeys(TRUTHS[table], False)}
    row = tables.decide(rules, FILES[table], ChainMap(facts, absent))  # type: ignore[arg-type]
    action = cast("Action", row.text("action"))
    return Route(action, row.text("to"), row.text("path"), row.text("reason"), row.rows)


def sentence(rules: Rules, reason: str) -> str:
    """What the page shows for a reason; a code the court has given no sentence stands for itself."""
    return rules.reasons.get(reason, reason)


def read_reasons(text: str) -> dict[str, str]:
    node = reading.toml(REASONS_FILE, text)
    return {code: reading.value(REASONS_FILE, node, code, str) for code in node}
