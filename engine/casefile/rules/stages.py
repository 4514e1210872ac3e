"""The four stages: names, teams, how long a case may stay, and the light its remaining days show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from . import deadlines, labels, reading
from .deadlines import Deadline, Rule
from .faults import RulesInvalid
from .spans import Span

if TYPE_CHECKING:
    from .deployed import Rules

FILE = "stages.toml"
LIMITS = ("limit", "limit_non_litigation", "limit_return")

Light = Literal["overdue", "urgent", "soon", "ok", "paused"]


@dataclass(frozen=True, slots=True)
class Stage:
    """The limits are ids of deadline rules."""

    key: str
    number: int
    name: str
    button: str
    team: str
    limit: str
    limit_non_litigation: str
    limit_return: str
    limit_final: str | None = None
    wait_final: str | None = None


@dataclass(frozen=True, slots=True)
class Stages:
    by_key: Mapping[str, Stage]
    #: Days left at which a light changes.
    urgent: int
    soon: int
    court_switch: bool
    excluded: frozenset[str]
    refuse_within: str
    refusals_to_director: int
    returns_to_director: int
    return_reasons: Mapping[str, str]


class Remaining(NamedTuple):
    light: Light
    text: str


def stage_limit(
    rules: Rules, stage: str, *, non_litigation: bool = False, is_return: bool = False
) -> Rule:
    """The rule the stage's clock runs by; its ``length`` is in days. A return gets at most 15 days."""
    found = rules.stages.by_key[stage]
    usual = rules.deadlines[found.limit_non_litigation if non_litigation else found.limit]
    if not is_return:
        return usual
    return min(usual, rules.deadlines[found.limit_return], key=lambda rule: rule.length.count)


def final_deadline(
    rules: Rules,
    entered: date,
    filed: date,
    *,
    pauses: Iterable[Span] = (),
    usual: Rule | None = None,
) -> Deadline:
    """Of the closing stage on the way to 终本: the later of its clock and the waiting time since filing.

    Only the clock (``usual``, by default the stage's own limit) stops in a pause; three months since filing are
    three months. Compare ``DOMAIN §2.5``.
    """
    closing = next(stage for stage in rules.stages.by_key.values() if stage.limit_final)
    clock = deadlines.compute(
        rules, usual or rules.deadlines[closing.limit], entered, pauses=pauses
    )
    waiting = deadlines.compute(rules, str(closing.limit_final), entered, filed=filed)
    return max(clock, waiting, key=_due)


def _due(deadline: Deadline) -> date:
    if deadline.due is None:
        raise TypeError(deadline)
    return deadline.due


def remaining(
    rules: Rules,
    due: date,
    today: date,
    *,
    paused_left: int | None = None,
    waits_until: date | None = None,
) -> Remaining:
    """The light and the words of 阶段期限.

    ``paused_left`` is what was left when the clock stopped; ``waits_until`` the first day on which 终本 is allowed.
    """
    if paused_left is not None:
        return Remaining("paused", labels.paused(paused_left))
    left = (due - today).days
    if left < 0:
        return Remaining("overdue", labels.overdue(-left))
    light = light_of(rules, left)
    if waits_until is not None and today < waits_until:
        return Remaining(light, labels.WAITS)
    return Remaining(light, labels.left(left))


def light_of(rules: Rules, left: int) -> Light:
    if left < 0:
        return "overdue"
    if left <= rules.stages.urgent:
        return "urgent"
    return "soon" if left <= rules.stages.soon else "ok"


def excluded(rules: Rules, flags: frozenset[str]) -> bool:
    """Whether a case with these special flags stays outside the four stages."""
    return bool(rules.stages.excluded & flags)


def read(text: str, limits: Mapping[str, Rule]) -> Stages:
    node = reading.toml(FILE, text)
    reading.only(FILE, node, ("stage", "lights", "entry", "returns"))
    stages = [
        _stage(number, part) for number, part in enumerate(reading.tables(FILE, node, "stage"), 1)
    ]
    for stage in stages:
        _agree(stage, limits)
    lights = reading.value(FILE, node, "lights", dict)
    entry = reading.value(FILE, node, "entry", dict)
    returns = reading.value(FILE, node, "returns", dict)
    return Stages(
        {stage.key: stage for stage in stages},
        reading.value(FILE, lights, "urgent", int),
        reading.value(FILE, lights, "soon", int),
        reading.value(FILE, entry, "switch", bool),
        frozenset(reading.texts(FILE, entry, "excluded")),
        _rule(FILE, reading.value(FILE, returns, "refuse_within", str), limits),
        reading.value(FILE, returns, "refusals_to_director", int),
        reading.value(FILE, returns, "returns_to_director", int),
        reading.value(FILE, returns, "reasons", dict),
    )


def _stage(number: int, node: reading.Node) -> Stage:
    place = f"{FILE} [[stage]] {number}"
    needed = ("key", "name", "button", "team", *LIMITS)
    optional = ("limit_final", "wait_final")
    reading.only(place, node, (*needed, *optional))
    words = {name: reading.value(place, node, name, str) for name in needed}
    words |= {name: reading.value(place, node, name, str) for name in optional if name in node}
    return Stage(number=number, **words)


def _agree(stage: Stage, limits: Mapping[str, Rule]) -> None:
    place = f"{FILE} {stage.key}"
    for name in LIMITS:
        rule = limits[_rule(place, getattr(stage, name), limits)]
        if rule.length.unit != "d":
            raise RulesInvalid(f"“{place}”的期限规则“{rule.id}”须以日为单位")
    for rule_id in filter(None, (stage.limit_final, stage.wait_final)):
        _rule(place, rule_id, limits)


def _rule(place: str, rule_id: str, limits: Mapping[str, Rule]) -> str:
    if rule_id not in limits:
        raise RulesInvalid(f"“{place}”引用的期限规则“{rule_id}”不存在")
    return rule_id
