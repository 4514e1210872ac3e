"""When a limit ends: the rules of ``deadlines.toml`` and the counting of 民事诉讼法§85, 民法典§201–203."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, cast, get_args

from . import lengths, reading, spans, working_days
from .faults import (
    BadDay,
    BadExtension,
    BadMoment,
    BadOccurrence,
    DayOutOfReach,
    FiledAfterTrigger,
    MissingField,
    NotPausable,
    RulesInvalid,
    UnknownRule,
)
from .labels import field as field_name
from .lengths import Length
from .spans import DAY, Span
from .working_days import Found

if TYPE_CHECKING:
    from .deployed import Rules

Kind = Literal[
    "limit", "workdays", "term", "gate", "gate_roll", "notice", "before", "plain",
    "hours", "hours_exact", "gate_hours", "final_path",
]  # fmt: skip

KINDS = frozenset(get_args(Kind))
HOURS = frozenset({"hours", "hours_exact", "gate_hours"})
#: The unit says how a limit without a rule of its own is counted.
UNNAMED: Mapping[str, Kind] = {"wd": "workdays", "h": "hours"}
FILE = "deadlines.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    id: str | None
    name: str
    trigger: str
    length: Length
    kind: Kind
    source: str = ""
    pausable: bool = False
    extension: Length | None = None
    extensions: int = 0
    occurrences: int = 1
    after_filing: tuple[Length, ...] = ()

    @property
    def by_the_hour(self) -> bool:
        return self.kind in HOURS


@dataclass(frozen=True, slots=True)
class Deadline:
    """``due`` is a moment for limits in hours; what a kind of limit does not have is None."""

    rule: str | None
    due: date | datetime | None = None
    earliest: date | datetime | None = None
    renew_by: date | None = None
    rolled_from: date | None = None
    pause_days: int = 0
    tentative: bool = False
    warnings: tuple[str, ...] = ()


def unnamed(length: Length) -> Rule:
    """A limit set by a document or a leader: by days, months and years it can be paused."""
    kind = UNNAMED.get(length.unit, "limit")
    return Rule(None, "", "", length, kind, pausable=kind == "limit")


def compute(
    rules: Rules,
    rule: Rule | str,
    trigger: date | datetime,
    *,
    pauses: Iterable[Span] = (),
    extensions: int = 0,
    occurrence: int = 1,
    filed: date | None = None,
    final: bool = False,
) -> Deadline:
    """The deadline of a rule or its id; ``trigger`` is a court-time moment for limits in hours.

    Refuses with the codes of the contract, ``calendar_missing`` last and only when ``final``.
    """
    rule = named(rules, rule) if isinstance(rule, str) else rule
    pauses = list(pauses)
    _check(rule, trigger, pauses, extensions, occurrence)
    try:
        if isinstance(trigger, datetime):
            return _by_the_hour(rule, trigger)
        return _by_the_day(rules, rule, trigger, pauses, extensions, occurrence, filed, final=final)
    except OverflowError as error:
        raise DayOutOfReach from error


def named(rules: Rules, rule_id: str) -> Rule:
    rule = rules.deadlines.get(rule_id)
    if rule is None:
        raise UnknownRule(value=rule_id)
    return rule


def _check(
    rule: Rule, trigger: date | datetime, pauses: list[Span], extensions: int, occurrence: int
) -> None:
    if rule.by_the_hour and not isinstance(trigger, datetime):
        raise BadMoment(field=field_name("trigger"))
    if isinstance(trigger, datetime) and not rule.by_the_hour:
        raise BadDay(field=field_name("trigger"))
    if pauses and not rule.pausable:
        raise NotPausable
    if not 0 <= extensions <= rule.extensions:
        raise BadExtension(most=rule.extensions)
    if not 1 <= occurrence <= rule.occurrences:
        raise BadOccurrence(most=rule.occurrences)


def _by_the_hour(rule: Rule, trigger: datetime) -> Deadline:
    hours = timedelta(hours=rule.length.count)
    if rule.kind == "hours":
        begun = trigger.replace(minute=0, second=0, microsecond=0)
        return Deadline(rule.id, due=begun + timedelta(hours=1) + hours)
    due = trigger + hours
    return Deadline(rule.id, due=due, earliest=due if rule.kind == "gate_hours" else None)


def _by_the_day(
    rules: Rules,
    rule: Rule,
    trigger: date,
    pauses: list[Span],
    extensions: int,
    occurrence: int,
    filed: date | None,
    *,
    final: bool,
) -> Deadline:
    calendar = rules.calendar
    if rule.kind == "workdays":
        found = working_days.counted(calendar, trigger, rule.length.count * occurrence)
        deadline = Deadline(rule.id, due=found.day, tentative=found.tentative)
    else:
        length = rule.length.times(occurrence)
        end, pause_days = _run(
            trigger, _end(rule, trigger, length, filed), rule, pauses, extensions
        )
        deadline = ENDINGS[rule.kind](rules, rule, end, pause_days)
    if final:
        working_days.must_be_final(calendar, tentative=deadline.tentative)
    if spans.overlap(pauses):
        deadline = _warned(deadline, "overlapping_pauses")
    return deadline


def _end(rule: Rule, trigger: date, length: Length, filed: date | None) -> date:
    """Where the length alone leads, before pauses, extensions and rolling."""
    if rule.kind == "notice":
        return lengths.after(trigger, length) + DAY
    if rule.kind == "before":
        return lengths.after(trigger, length.times(-1)) - DAY
    end = lengths.after(trigger, length)
    if rule.kind != "final_path":
        return end
    if filed is None:
        raise MissingField(field=field_name("filed"))
    if filed > trigger:
        raise FiledAfterTrigger
    for part in rule.after_filing:
        filed = lengths.after(filed, part)
    return max(end, filed)


def _run(
    trigger: date, end: date, rule: Rule, pauses: list[Span], extensions: int
) -> tuple[date, int]:
    """The end after pauses and extensions, and the days the pauses gave (DOMAIN §2.7)."""
    waiting = spans.merged(pauses)
    given = 0
    for number in range(extensions + 1):
        if number and rule.extension:
            end = lengths.after(end, rule.extension)
        while waiting and waiting[0].first <= end:
            days = spans.days_after(waiting.pop(0), trigger)
            end += DAY * days
            given += days
    return end, given


def _rolled(rules: Rules, rule: Rule, end: date, pause_days: int) -> Deadline:
    found = working_days.rolled(rules.calendar, end)
    return Deadline(
        rule.id,
        due=found.day,
        rolled_from=end if found.day != end else None,
        pause_days=pause_days,
        tentative=found.tentative,
    )


def _term(rules: Rules, rule: Rule, end: date, pause_days: int) -> Deadline:
    renew: Found = working_days.before(rules.calendar, end)
    return Deadline(
        rule.id, due=end, renew_by=renew.day, pause_days=pause_days, tentative=renew.tentative
    )


def _gate(rules: Rules, rule: Rule, end: date, pause_days: int) -> Deadline:
    return Deadline(rule.id, due=end, earliest=end + DAY, pause_days=pause_days)


def _gate_rolled(rules: Rules, rule: Rule, end: date, pause_days: int) -> Deadline:
    rolled = _rolled(rules, rule, end, pause_days)
    return Deadline(
        rule.id,
        due=rolled.due,
        earliest=cast("date", rolled.due) + DAY,
        rolled_from=rolled.rolled_from,
        pause_days=pause_days,
        tentative=rolled.tentative,
    )


def _notice(rules: Rules, rule: Rule, end: date, pause_days: int) -> Deadline:
    return Deadline(rule.id, earliest=end, pause_days=pause_days)


def _plain(rules: Rules, rule: Rule, end: date, pause_days: int) -> Deadline:
    return Deadline(rule.id, due=end, pause_days=pause_days)


ENDINGS: Mapping[str, Callable[[Rules, Rule, date, int], Deadline]] = {
    "limit": _rolled,
    "final_path": _rolled,
    "term": _term,
    "gate": _gate,
    "gate_roll": _gate_rolled,
    "notice": _notice,
    "before": _plain,
    "plain": _plain,
}


def _warned(deadline: Deadline, warning: str) -> Deadline:
    return dataclasses.replace(deadline, warnings=(*deadline.warnings, warning))


def read(text: str) -> dict[str, Rule]:
    """The rules by id, in the order of the file."""
    return {rule_id: _rule(rule_id, node) for rule_id, node in reading.toml(FILE, text).items()}


def _rule(rule_id: str, node: reading.Node) -> Rule:
    place = f"{FILE} {rule_id}"
    known = {item.name for item in dataclasses.fields(Rule)} - {"id"}
    reading.only(place, node, known)
    kind = reading.value(place, node, "kind", str)
    if kind not in KINDS:
        raise RulesInvalid(f"“{place}”的算法“{kind}”无法识别")
    rule = Rule(
        rule_id,
        reading.value(place, node, "name", str),
        reading.value(place, node, "trigger", str),
        _length(place, reading.value(place, node, "length", str)),
        cast("Kind", kind),
        reading.value(place, node, "source", str),
        pausable=reading.value(place, node, "pausable", bool, default=False),
        extension=_length(place, node["extension"]) if "extension" in node else None,
        extensions=reading.value(place, node, "extensions", int, 0),
        occurrences=reading.value(place, node, "occurrences", int, 1),
        after_filing=tuple(
            _length(place, part) for part in reading.texts(place, node, "after_filing")
        ),
    )
    _agree(place, rule)
    return rule


def _length(place: str, written: str) -> Length:
    return reading.understood(place, lambda text: lengths.parse(text, signed=True), written)


def _agree(place: str, rule: Rule) -> None:
    """The unit, the kind and what else is said must fit each other."""
    units = {"workdays": {"wd"}}.get(rule.kind, {"h"} if rule.by_the_hour else {"d", "months", "y"})
    if rule.length.unit not in units or (rule.length.count < 1 and rule.kind != "plain"):
        raise RulesInvalid(f"“{place}”的长度与算法不符")
    if rule.pausable and (rule.by_the_hour or rule.kind == "workdays"):
        raise RulesInvalid(f"“{place}”按小时或者工作日计算，不能暂停")
    if (rule.extension is None) != (rule.extensions == 0) or rule.extensions < 0:
        raise RulesInvalid(f"“{place}”的延长长度和延长次数须同时填写")
    if rule.occurrences < 1:
        raise RulesInvalid(f"“{place}”的重复次数须在1以上")
    if bool(rule.after_filing) != (rule.kind == "final_path"):
        raise RulesInvalid(f"“{place}”的立案起算长度只用于 final_path，并且必须填写")
