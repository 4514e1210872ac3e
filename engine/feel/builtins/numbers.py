"""Numbers (DMN 1.3 §10.3.4.5)."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.values import NUMBERS, YearsMonths, finite, is_whole, whole

_DIGITS = 34
_LOWEST_SCALE, _HIGHEST_SCALE = -6111, 6176


def _rounded(number: Decimal, scale: Decimal, mode: str) -> Decimal | None:
    """The number with ``scale`` decimal places; itself when it has no more than that."""
    if not _LOWEST_SCALE <= scale <= _HIGHEST_SCALE:
        return None
    places = whole(scale)
    if number and number.adjusted() + places >= _DIGITS:
        return number
    return finite(number.quantize(Decimal(1).scaleb(-places, NUMBERS), mode, NUMBERS))


def _rounding(mode: str) -> Callable[[Decimal, Decimal], Decimal | None]:
    return lambda number, scale: _rounded(number, scale, mode)


for _name, _mode in {
    "decimal": ROUND_HALF_EVEN,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}.items():
    builtin(_name, "n:number, scale:number")(_rounding(_mode))


def _to_whole(mode: str) -> Callable[..., Decimal | None]:
    def rounded(number: Decimal, scale: Decimal | None = None) -> Decimal | None:
        if scale is None:
            return number.to_integral_value(mode)
        return _rounded(number, scale, mode)

    return rounded


builtin("floor", "n:number", "n:number, scale:number")(_to_whole(ROUND_FLOOR))
builtin("ceiling", "n:number", "n:number, scale:number")(_to_whole(ROUND_CEILING))


@builtin("abs", "n:number", "n:duration")
def absolute(value: Any) -> Any:
    if type(value) is YearsMonths:
        return YearsMonths(abs(value.months))
    return NUMBERS.abs(value) if type(value) is Decimal else abs(value)


@builtin("modulo", "dividend:number, divisor:number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """With the sign of the divisor."""
    if not divisor:
        return None
    count = NUMBERS.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
    return finite(NUMBERS.subtract(dividend, NUMBERS.multiply(divisor, count)))


builtin("odd", "number:number")(lambda number: is_whole(number) and int(number) % 2 == 1)
builtin("even", "number:number")(lambda number: is_whole(number) and int(number) % 2 == 0)
builtin("sqrt", "number:number")(lambda number: NUMBERS.sqrt(number) if number >= 0 else None)
builtin("log", "number:number")(lambda number: number.ln(NUMBERS) if number > 0 else None)
builtin("exp", "number:number")(lambda number: finite(number.exp(NUMBERS)))
