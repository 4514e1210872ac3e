"""Interest during delayed performance: the general part of the title and the doubled part of the law.

迟延履行期间的债务利息解释§1–7, 民事诉讼法§264, 民法典§561. The walk goes from payment to payment; at each the
amounts that grew are rounded, then the money is allotted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from . import fields, money, reading, spans
from .faults import (
    BadOrder,
    BadSegment,
    BadYearDays,
    OldLaw,
    PaidAfterUntil,
    RulesInvalid,
    SegmentsOverlap,
)
from .labels import choices
from .labels import day as day_text
from .spans import DAY, Span

if TYPE_CHECKING:
    from .deployed import Rules

FILE = "interest.toml"
PARTS = ("costs", "interest", "principal", "doubled")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the law fixes: percent a day, the order of payment, the day from which it holds."""

    doubled_rate: Decimal
    order: tuple[str, ...]
    year_days: tuple[int, ...]
    in_force: date


@dataclass(frozen=True, slots=True)
class Rate:
    """Percent a year or a day, for the days of the span; an open span has no last day."""

    first: date
    last: date | None
    percent: Decimal
    by_year: bool


@dataclass(frozen=True, slots=True)
class Debt:
    """One title. ``expiry`` is the last day to perform, already rolled; ``until`` the day of calculation."""

    principal: Decimal
    expiry: date
    until: date
    costs: Decimal = money.ZERO
    costs_in_base: bool = False
    general: Sequence[Rate] = ()
    year_days: int | None = None
    count_last_day: bool = False
    doubled_rate: Decimal | None = None
    excluded: Sequence[Span] = ()
    payments: Sequence[tuple[date, Decimal]] = ()
    order: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    kind: Literal["interest", "doubled"]
    first: date
    last: date
    days: int
    base: Decimal
    amount: Decimal


@dataclass(slots=True)
class Account:
    """What is open and what has been paid, by part of the debt."""

    open: dict[str, Decimal]
    paid: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(PARTS, money.ZERO))
    segments: list[Segment] = field(default_factory=list)
    surplus: Decimal = money.ZERO

    def accrued(self, kind: str) -> Decimal:
        return money.total(part.amount for part in self.segments if part.kind == kind)

    @property
    def total(self) -> Decimal:
        return money.total(self.open.values())


def compute(rules: Rules, debt: Debt) -> Account:
    """The account at the end of ``until``."""
    order = debt.order or rules.interest.order
    _check(rules.interest, debt, order)
    account = Account(dict.fromkeys(PARTS, money.ZERO))
    account.open |= {"principal": debt.principal, "costs": debt.costs}
    excluded = spans.merged(debt.excluded)
    for previous, station, received in _stations(debt):
        grown = [
            *_general(rules, debt, account, previous, station),
            *_doubled(rules, debt, account, previous, station, excluded),
        ]
        for segment in grown:
            account.segments.append(segment)
            account.open[segment.kind] = money.total([account.open[segment.kind], segment.amount])
        _allot(account, received, order)
    return account


def _check(terms: Terms, debt: Debt, order: Sequence[str]) -> None:
    if debt.expiry < terms.in_force:
        raise OldLaw(day=day_text(terms.in_force))
    if debt.year_days is not None and debt.year_days not in terms.year_days:
        raise BadYearDays(choices=choices(map(str, terms.year_days)))
    if sorted(order) != sorted(PARTS):
        raise BadOrder
    if any(day > debt.until for day, _ in debt.payments):
        raise PaidAfterUntil
    if any(rate.last and rate.last < rate.first for rate in debt.general):
        raise BadSegment
    if spans.overlap(Span(rate.first, rate.last or date.max) for rate in debt.general):
        raise SegmentsOverlap


def _stations(debt: Debt) -> Iterator[tuple[date, date, Decimal]]:
    """The station before, the station, and the money that arrived on it."""
    received: dict[date, list[Decimal]] = defaultdict(list)
    for day, amount in debt.payments:
        received[day].append(amount)
    previous = min([debt.expiry, *received, *(rate.first for rate in debt.general)])
    for station in sorted({*received, debt.until}):
        yield previous, station, money.total(received[station])
        previous = station


def _general(
    rules: Rules, debt: Debt, account: Account, previous: date, station: date
) -> Iterator[Segment]:
    """From the station before, included, to this one, excluded."""
    base = account.open["principal"]
    last_day = station if debt.count_last_day and station == debt.until else station - DAY
    year_days = debt.year_days or rules.interest.year_days[0]
    for rate in sorted(debt.general, key=lambda rate: rate.first):
        first = max(previous, rate.first)
        last = min(last_day, rate.last) if rate.last else last_day
        if base and first <= last:
            days = (last - first).days + 1
            exact = Fraction(base) * Fraction(rate.percent) / 100 * days
            if rate.by_year:
                exact /= year_days
            yield Segment("interest", first, last, days, base, money.half_up(exact))


def _doubled(
    rules: Rules,
    debt: Debt,
    account: Account,
    previous: date,
    station: date,
    excluded: Sequence[Span],
) -> Iterator[Segment]:
    """After the station before and after the performance period, up to and including this one."""
    base = account.open["principal"]
    if debt.costs_in_base:
        base = money.total([base, account.open["costs"]])
    begins = max(previous, debt.expiry)
    if not base or begins >= station:
        return
    counted = spans.without(begins + DAY, station, excluded)
    if counted:
        days = sum(span.days for span in counted)
        percent = (
            debt.doubled_rate if debt.doubled_rate is not None else rules.interest.doubled_rate
        )
        amount = money.half_up(Fraction(base) * Fraction(percent) / 100 * days)
        yield Segment("doubled", counted[0].first, counted[-1].last, days, base, amount)


def _allot(account: Account, received: Decimal, order: Iterable[str]) -> None:
    for part in order:
        share = min(received, account.open[part])
        account.open[part] = money.minus(account.open[part], share)
        account.paid[part] = money.total([account.paid[part], share])
        received = money.minus(received, share)
    account.surplus = money.total([account.surplus, received])


def read(text: str) -> Terms:
    node = reading.toml(FILE, text)
    reading.only(FILE, node, ("doubled_rate", "order", "year_days", "in_force", "source"))
    rate = reading.value(FILE, node, "doubled_rate", str)
    years = reading.value(FILE, node, "year_days", list)
    if not years or not all(isinstance(item, int) and item > 0 for item in years):
        raise RulesInvalid(f"“{FILE}”的“year_days”须为天数")
    order = reading.texts(FILE, node, "order")
    if sorted(order) != sorted(PARTS):
        raise RulesInvalid(f"“{FILE}”的“order”须包含费用、利息、本金、加倍部分各一次")
    in_force = reading.value(FILE, node, "in_force", str)
    return Terms(
        reading.understood(FILE, lambda text: fields.rate(text, "doubled_rate"), rate),
        order,
        tuple(years),
        reading.understood(FILE, date.fromisoformat, in_force),
    )
