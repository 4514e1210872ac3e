"""后续事项: what a judge may choose on the transfer page, and whether it agrees with the route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

from . import reading
from .faults import RulesInvalid

if TYPE_CHECKING:
    from .deployed import Rules
    from .route import Route

FILE = "follow_ups.toml"
KINDS = ("leave", "return", "stay")
#: What the route must answer for each kind that asks the tables.
ACTIONS = {"leave": "advance", "return": "return"}


@dataclass(frozen=True, slots=True)
class FollowUp:
    code: str
    stage: str
    text: str
    kind: Literal["leave", "return", "stay"]
    targets: tuple[str, ...] = ()
    has_auction: bool | None = None
    path: str | None = None
    multiple: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)


def of_stage(rules: Rules, stage: str) -> list[FollowUp]:
    """In the order of the page."""
    return [found for found in rules.follow_ups.values() if found.stage == stage]


def agrees(chosen: FollowUp, route: Route, *, has_auction: bool | None = None) -> bool:
    """Whether 提交 may go on: the table decides, the choice must say the same.

    A choice that stays in the stage asks no table and agrees only with staying.
    """
    if chosen.kind == "stay":
        return True
    if None not in (chosen.has_auction, has_auction) and chosen.has_auction != has_auction:
        return False
    if chosen.path is not None and chosen.path != route.path:
        return False
    return route.action == ACTIONS[chosen.kind] and route.to in chosen.targets


def read(text: str, stages: Mapping[str, object]) -> dict[str, FollowUp]:
    node = reading.toml(FILE, text)
    reading.only(FILE, node, ("follow_up",))
    found: dict[str, FollowUp] = {}
    for part in reading.tables(FILE, node, "follow_up"):
        follow_up = _follow_up(part, stages)
        if follow_up.code in found:
            raise RulesInvalid(f"“{FILE}”的编号“{follow_up.code}”重复")
        found[follow_up.code] = follow_up
    return found


def _follow_up(node: reading.Node, stages: Mapping[str, object]) -> FollowUp:
    code = reading.value(FILE, node, "code", str)
    place = f"{FILE} {code}"
    known = (
        "code",
        "stage",
        "text",
        "kind",
        "targets",
        "has_auction",
        "path",
        "multiple",
        "choices",
    )
    reading.only(place, node, known)
    kind = reading.value(place, node, "kind", str)
    if kind not in KINDS:
        raise RulesInvalid(f"“{place}”的“kind”须为 leave、return 或者 stay")
    stage = reading.value(place, node, "stage", str)
    targets = reading.texts(place, node, "targets")
    if unknown := {stage, *targets} - set(stages):
        raise RulesInvalid(f"“{place}”的阶段“{min(unknown)}”不存在")
    if bool(targets) == (kind == "stay"):
        raise RulesInvalid(f"“{place}”的去向与“kind”不符")
    return FollowUp(
        code,
        stage,
        reading.value(place, node, "text", str),
        cast("Literal['leave', 'return', 'stay']", kind),
        targets,
        reading.value(place, node, "has_auction", bool) if "has_auction" in node else None,
        reading.value(place, node, "path", str) if "path" in node else None,
        reading.value(place, node, "multiple", bool, default=False),
        reading.value(place, node, "choices", dict, {}),
    )
