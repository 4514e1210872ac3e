"""How long a level of approval may take, when its holder is reminded, and how often he may be urged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from engine.clock import COURT_ZONE

from . import lengths, reading, working_time
from .faults import RulesInvalid
from .lengths import Length
from .working_time import Hours

if TYPE_CHECKING:
    from .deployed import Rules

FILE = "approval_times.toml"
KINDS = ("vote", "review", "approve")
_URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Times:
    hours: tuple[Hours, ...]
    #: Kind of level, or urgent -> working time.
    limits: Mapping[str, timedelta]
    #: Tag of a case whose levels have the urgent limit.
    urgent_tag: str
    #: Working time before the end at which the holder is reminded.
    before: timedelta
    #: Real time between two 催办 of the same task.
    interval: timedelta


class Due(NamedTuple):
    remind_at: datetime
    at: datetime


def due(rules: Rules, kind: str, opened_at: datetime, *, urgent: bool = False) -> Due:
    """Of a level of this kind (vote, review, approve) that opens then; the limit is an absolute moment."""
    times = rules.approval_times
    length = times.limits[_URGENT if urgent else kind]
    early = max(length - times.before, timedelta())
    return Due(
        working_time.after(rules.calendar, times.hours, opened_at, early),
        working_time.after(rules.calendar, times.hours, opened_at, length),
    )


def extended(rules: Rules, until: date) -> Due:
    """Of a limit moved to the end of that day's office hours; the reminder comes in its last hours."""
    times = rules.approval_times
    end = datetime.combine(until, times.hours[-1].end, COURT_ZONE)
    return Due(end - times.before, end)


def read(text: str) -> Times:
    node = reading.toml(FILE, text)
    reading.only(FILE, node, ("hours", "limit", "reminder", "urging"))
    hours = tuple(
        reading.understood(FILE, _hours, one) for one in reading.texts(FILE, node, "hours")
    )
    if not hours or any(a.end > b.start for a, b in pairwise(hours)):
        raise RulesInvalid(f"“{FILE}”的“hours”须按先后顺序填写，且不能重叠")
    limits = reading.value(FILE, node, "limit", dict)
    reading.only(f"{FILE} limit", limits, (*KINDS, _URGENT, "urgent_tag"))
    day = working_time.day_length(hours)
    return Times(
        hours=hours,
        limits={key: _length(limits, key, day) for key in (*KINDS, _URGENT)},
        urgent_tag=reading.value(f"{FILE} limit", limits, "urgent_tag", str),
        before=_length(reading.value(FILE, node, "reminder", dict), "before", day),
        interval=_length(reading.value(FILE, node, "urging", dict), "interval", day),
    )


def _hours(written: str) -> Hours:
    start, _, end = written.partition("-")
    found = Hours(time.fromisoformat(start), time.fromisoformat(end))
    if found.start >= found.end:
        raise ValueError(written)
    return found


def _length(node: reading.Node, key: str, day: timedelta) -> timedelta:
    written = reading.value(FILE, node, key, str)
    found: Length = reading.understood(FILE, lengths.parse, written)
    if found.unit == "h":
        return timedelta(hours=found.count)
    if found.unit == "wd":
        return day * found.count
    raise RulesInvalid(f"“{FILE}”的“{key}”须以工作日（wd）或者小时（h）计")
