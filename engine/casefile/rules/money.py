"""Yuan as exact decimals. Products are fractions until they are rounded, half-up to 0.01, where the law says."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

ZERO = Decimal("0.00")


def half_up(exact: Fraction) -> Decimal:
    """To the cent, half away from zero; any number of digits."""
    cents = (abs(exact) * 200 + 1) // 2
    return of_cents(int(cents) if exact >= 0 else -int(cents))


def of_cents(cents: int) -> Decimal:
    sign = "-" if cents < 0 else ""
    yuan, rest = divmod(abs(cents), 100)
    return Decimal(f"{sign}{yuan}.{rest:02}")


def cents_of(amount: Decimal) -> int:
    """Of an amount with at most two decimals."""
    cents = Fraction(amount) * 100
    if cents.denominator != 1:
        raise ValueError(f"{amount} has more than two decimals")
    return cents.numerator


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Exact at any size, unlike ``sum`` under a decimal context."""
    return of_cents(sum(cents_of(amount) for amount in amounts))


def minus(amount: Decimal, *others: Decimal) -> Decimal:
    return of_cents(cents_of(amount) - sum(cents_of(other) for other in others))
