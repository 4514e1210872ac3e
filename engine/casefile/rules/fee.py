"""The enforcement fee of 诉讼费用交纳办法§14(1): a flat sum, then rising slices at falling rates."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from . import fields, money, reading
from .faults import RulesInvalid

if TYPE_CHECKING:
    from .deployed import Rules

FILE = "fees.toml"


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of the amount above ``above``, up to the next slice, at ``rate`` percent."""

    above: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    flat: Decimal
    slices: tuple[Slice, ...]
    no_amount_min: Decimal
    no_amount_max: Decimal


def of_amount(rules: Rules, amount: Decimal) -> Decimal:
    """Yuan, on what is really executed; rounded once, at the end. Nothing executed costs nothing."""
    if amount <= 0:
        return money.ZERO
    tariff = rules.fees
    fee = Fraction(tariff.flat)
    tops = [*(part.above for part in tariff.slices[1:]), amount]
    for part, top in zip(tariff.slices, tops, strict=True):
        if amount > part.above:
            width = Fraction(min(amount, top)) - Fraction(part.above)
            fee += width * Fraction(part.rate) / 100
    return money.half_up(fee)


def without_amount(rules: Rules) -> tuple[Decimal, Decimal]:
    """The least and the most for a case without an amount."""
    return rules.fees.no_amount_min, rules.fees.no_amount_max


def read(text: str) -> Tariff:
    node = reading.toml(FILE, text)
    reading.only(FILE, node, ("flat", "slice", "no_amount_min", "no_amount_max", "source"))
    slices = tuple(_slice(part) for part in reading.tables(FILE, node, "slice"))
    if [part.above for part in slices] != sorted({part.above for part in slices}):
        raise RulesInvalid(f"“{FILE}”的分段起点须由低到高，不得重复")
    return Tariff(
        _yuan(node, "flat"), slices, _yuan(node, "no_amount_min"), _yuan(node, "no_amount_max")
    )


def _slice(node: reading.Node) -> Slice:
    reading.only(FILE, node, ("above", "rate"))
    rate = reading.value(FILE, node, "rate", str)
    return Slice(
        _yuan(node, "above"), reading.understood(FILE, lambda text: fields.rate(text, "rate"), rate)
    )


def _yuan(node: reading.Node, key: str) -> Decimal:
    written = reading.value(FILE, node, key, str)
    return reading.understood(FILE, lambda text: fields.amount(text, key), written)
