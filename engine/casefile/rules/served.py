"""When a document counts as delivered: DOMAIN §5.1, one function per kind of channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from . import documents, fields, lengths, reading, working_days
from .faults import BadList, DirectOnly, NoLeaveDelivery, ProofMissing, UnknownChannel
from .labels import field as field_name
from .lengths import Length
from .spans import DAY
from .working_days import Found

if TYPE_CHECKING:
    from .deployed import Rules

FILE = "delivery.toml"
NOTICES = ("public", "public_abroad", "price_publicity", "auction_publicity")

#: How a document that must be delivered directly may arrive (执行规定§45, 民诉法解释§175).
DIRECT = frozenset({"direct", "leave", "at_court"})
PROOFS = ("witness", "media")
#: A returned letter counts on the day of return for these (专递规定§11), unless the addressee has no fault.
FAULTS = ("wrong_own_address", "address_refused", "unreported_change", "refused")
REASONS = (*FAULTS, "not_found")

Attempt = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Served:
    """``runs_from`` is the day after, from which every limit counts for this addressee."""

    served: bool
    deemed_on: date | None = None
    channel: str | None = None
    tentative: bool = False

    @property
    def runs_from(self) -> date | None:
        return self.deemed_on + DAY if self.deemed_on else None


def compute(
    rules: Rules,
    attempts: Sequence[Attempt],
    *,
    document: str | None = None,
    mediation: bool = False,
    final: bool = False,
) -> Served:
    """The earliest valid attempt, the first listed of equals."""
    direct_only = document is not None and documents.named(rules, document).direct_only
    best: tuple[Found, str] | None = None
    for attempt in attempts:
        channel = _channel(attempt, direct_only=direct_only, mediation=mediation)
        found = CHANNELS[channel](rules, attempt)
        if found and (best is None or found.day < best[0].day):
            best = found, channel
    if best is None:
        return Served(served=False)
    found, channel = best
    if final:
        working_days.must_be_final(rules.calendar, tentative=found.tentative)
    return Served(served=True, deemed_on=found.day, channel=channel, tentative=found.tentative)


def _channel(attempt: Attempt, *, direct_only: bool, mediation: bool) -> str:
    channel = fields.need(attempt, "channel")
    if not isinstance(channel, str) or channel not in CHANNELS:
        raise UnknownChannel(value=channel)
    if direct_only and channel not in DIRECT:
        raise DirectOnly
    if mediation and channel == "leave":
        raise NoLeaveDelivery
    return channel


def _day(attempt: Attempt, name: str) -> date | None:
    value = attempt.get(name)
    return None if value is None else fields.day(value, name)


def _on(day: date | None) -> Found | None:
    return None if day is None else Found(day, tentative=False)


def _signed(rules: Rules, attempt: Attempt) -> Found | None:
    return _on(_day(attempt, "signed_on"))


def _refused(rules: Rules, attempt: Attempt) -> Found | None:
    return _on(fields.day(fields.need(attempt, "refused_on"), "refused_on"))


def _left(rules: Rules, attempt: Attempt) -> Found | None:
    day = fields.day(fields.need(attempt, "left_on"), "left_on")
    if attempt.get("proof") not in PROOFS:
        raise ProofMissing
    return _on(day)


def _electronic(rules: Rules, attempt: Attempt) -> Found | None:
    """With consent the day it arrived; without, the day it was read or acknowledged (在线诉讼规则§31)."""
    consent = fields.truth(fields.need(attempt, "consent"), "consent")
    sent, proved, read, acknowledged = (
        _day(attempt, name) for name in ("sent_on", "proved_on", "read_on", "acknowledged_on")
    )
    if consent:
        return _on(proved or sent)
    known = [day for day in (read, acknowledged) if day]
    return _on(min(known)) if known else None


def _posted(rules: Rules, attempt: Attempt) -> Found | None:
    received, returned = _day(attempt, "received_on"), _day(attempt, "returned_on")
    no_fault = fields.flag(attempt, "no_fault")
    if attempt.get("reason") is not None:
        fields.word(attempt["reason"], "reason", REASONS)
        if received is None and returned is None:
            fields.need(attempt, "returned_on")
    if received is not None or returned is None:
        return _on(received)
    reason = fields.need(attempt, "reason")
    return _on(returned) if reason in FAULTS and not no_fault else None


def _public(rules: Rules, attempt: Attempt) -> Found | None:
    """The last of several posting days counts (民事诉讼法§95, §283)."""
    abroad = fields.flag(attempt, "abroad")
    posted = fields.need(attempt, "posted_on")
    if not isinstance(posted, list):
        posted = [posted]
    if not posted:
        raise BadList(field=field_name("posted_on"))
    last = max(fields.day(day, "posted_on") for day in posted)
    return _after_notice(rules, last, "public_abroad" if abroad else "public")


def _price_publicity(rules: Rules, attempt: Attempt) -> Found | None:
    posted = fields.day(fields.need(attempt, "posted_on"), "posted_on")
    return _after_notice(rules, posted, "price_publicity")


def _auction_publicity(rules: Rules, attempt: Attempt) -> Found | None:
    posted = fields.day(fields.need(attempt, "posted_on"), "posted_on")
    return _after_notice(rules, posted, "auction_publicity")


def _after_notice(rules: Rules, posted: date, notice: str) -> Found:
    return working_days.rolled(rules.calendar, lengths.after(posted, rules.notices[notice]))


CHANNELS: Mapping[str, Callable[[Rules, Attempt], Found | None]] = {
    "direct": _signed,
    "transfer": _signed,
    "entrusted": _signed,
    "at_court": _refused,
    "leave": _left,
    "electronic": _electronic,
    "post": _posted,
    "public": _public,
    "price_publicity": _price_publicity,
    "auction_publicity": _auction_publicity,
}


def read(text: str) -> dict[str, Length]:
    """The notice periods by name."""
    node = reading.toml(FILE, text)
    reading.only(FILE, node, NOTICES)
    written = {name: reading.value(FILE, node, name, str) for name in NOTICES}
    return {name: reading.understood(FILE, _notice, length) for name, length in written.items()}


def _notice(written: str) -> Length:
    length = lengths.parse(written)
    if length.unit in ("wd", "h"):
        raise ValueError(written)
    return length
