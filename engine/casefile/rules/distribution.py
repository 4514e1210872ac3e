"""Who is paid what out of a price: the order of DOMAIN §8.4, cents and all.

民诉法解释§508, §514, 执行规定§34, §55, 刑财规定§13, 迟延利息解释§4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from . import fee, money
from .faults import CostsExceedPrice, RepeatedClaim

if TYPE_CHECKING:
    from .deployed import Rules

Class = Literal["medical", "priority", "restitution", "ordinary", "fine", "confiscation"]

DEBTORS = ("citizen", "organisation", "enterprise")
#: Served first, then their doubled interest, then what goes to the treasury.
CIVIL: tuple[Class, ...] = ("medical", "priority", "restitution", "ordinary")
TREASURY: tuple[Class, ...] = ("fine", "confiscation")
CLASSES: tuple[Class, ...] = (*CIVIL, *TREASURY)


@dataclass(frozen=True, slots=True)
class Claim:
    id: str | int
    amount: Decimal
    kind: str = "ordinary"
    doubled: Decimal = money.ZERO
    rank: int = 1
    seized_on: date | None = None
    seizure_seq: int = 0


@dataclass(slots=True)
class Share:
    claim: Claim
    paid: Decimal = money.ZERO
    paid_doubled: Decimal = money.ZERO

    @property
    def short(self) -> Decimal:
        return money.minus(self.claim.amount, self.paid)

    @property
    def short_doubled(self) -> Decimal:
        return money.minus(self.claim.doubled, self.paid_doubled)


@dataclass(frozen=True, slots=True)
class Distribution:
    costs: Decimal
    fee: Decimal
    living_costs: Decimal
    distributable: Decimal
    shares: tuple[Share, ...]
    surplus: Decimal


def compute(
    rules: Rules,
    price: Decimal,
    debtor: str,
    claims: Sequence[Claim],
    *,
    costs: Decimal = money.ZERO,
    fee_charged: Decimal | None = None,
    living_costs: Decimal = money.ZERO,
) -> Distribution:
    """The shares in the order of ``claims``; without ``fee_charged`` the tariff on what is executed."""
    _check(claims)
    if fee_charged is None:
        fee_charged = fee.of_amount(rules, min(price, _claimed(claims)))
    pool = money.minus(price, costs, fee_charged, living_costs)
    if pool < 0:
        raise CostsExceedPrice
    shares = tuple(Share(claim) for claim in claims)
    left = pool
    for members, doubled in _turns(shares, by_seizure=debtor == "enterprise"):
        left = money.minus(left, _pay(left, members, doubled=doubled))
    return Distribution(
        money.total([costs]),
        money.total([fee_charged]),
        money.total([living_costs]),
        pool,
        shares,
        left,
    )


def _check(claims: Sequence[Claim]) -> None:
    seen: set[str | int] = set()
    for claim in claims:
        if claim.id in seen:
            raise RepeatedClaim(value=claim.id)
        seen.add(claim.id)


def _claimed(claims: Sequence[Claim]) -> Decimal:
    return money.total(part for claim in claims for part in (claim.amount, claim.doubled))


def _turns(shares: Sequence[Share], *, by_seizure: bool) -> Iterator[tuple[list[Share], bool]]:
    """The groups in the order of payment, and whether this time for their doubled interest."""
    for classes, doubled in ((CIVIL, False), (CLASSES, True), (TREASURY, False)):
        for members in _ranked(shares, classes, by_seizure=by_seizure):
            yield members, doubled


def _ranked(
    shares: Sequence[Share], classes: Sequence[str], *, by_seizure: bool
) -> Iterator[list[Share]]:
    """Groups of equal rank, the first to be served first."""
    ranks: dict[tuple[int, ...], list[Share]] = {}
    for share in shares:
        claim = share.claim
        if claim.kind not in classes:
            continue
        rank: tuple[int, ...] = (classes.index(claim.kind),)
        if claim.kind == "priority":
            rank = (*rank, claim.rank)
        elif claim.kind == "ordinary" and by_seizure:
            rank = (*rank, *_seizure(claim))
        ranks.setdefault(rank, []).append(share)
    for rank in sorted(ranks):
        yield ranks[rank]


def _seizure(claim: Claim) -> tuple[int, int]:
    """Claims without a seizure come last, all equal."""
    if claim.seized_on is None:
        return date.max.toordinal() + 1, 0
    return claim.seized_on.toordinal(), claim.seizure_seq


def _pay(left: Decimal, members: Sequence[Share], *, doubled: bool) -> Decimal:
    """What the group took of the money left."""
    owed = [share.claim.doubled if doubled else share.claim.amount for share in members]
    paid = pro_rata(left, owed)
    for share, amount in zip(members, paid, strict=True):
        if doubled:
            share.paid_doubled = amount
        else:
            share.paid = amount
    return money.total(paid)


def pro_rata(pool: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    """Shares of ``pool``, each half-up; the cents over or short fall to the largest first, never past its bounds."""
    wanted = [money.cents_of(amount) for amount in amounts]
    cents, total = money.cents_of(pool), sum(wanted)
    if cents >= total:
        return [money.of_cents(amount) for amount in wanted]
    paid = [(2 * cents * amount + total) // (2 * total) for amount in wanted]
    over = cents - sum(paid)
    for index in sorted(range(len(wanted)), key=lambda index: -wanted[index]):
        change = min(over, wanted[index] - paid[index]) if over > 0 else max(over, -paid[index])
        paid[index] += change
        over -= change
    return [money.of_cents(amount) for amount in paid]
