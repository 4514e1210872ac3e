"""The text of a value, as ``string()`` and an explanation show it (DMN 1.3 §10.3.4.1)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.lexer import is_plain_name
from engine.feel.limits import MAX_STRING, check_string
from engine.feel.temporal import microseconds, offset_of
from engine.feel.values import (
    NUMBERS,
    FarDate,
    Function,
    LazyContext,
    Range,
    YearsMonths,
    from_python,
)

_LONGEST_PLAIN = 400


def to_text(value: Any) -> str:
    """The FEEL text of a value; a string is itself, inside a list or context it is quoted."""
    return written(from_python(value))


def written(value: Any) -> str:
    """The same of a value that is FEEL's already, which may be too large to copy."""
    return value if type(value) is str else _Writer().text(value)


class _Writer:
    """Stops when the text grows too long: a value may hold one list a million times over."""

    def __init__(self) -> None:
        self.left = MAX_STRING

    def text(self, value: Any) -> str:
        out = _WRITE[type(value)](self, value)
        self.left -= len(out) if type(value) not in _NESTED else 4
        if self.left < 0:
            check_string(MAX_STRING + 1)
        return out

    def items(self, value: list[Any]) -> str:
        return "[" + ", ".join(self.text(item) for item in value) + "]"

    def entries(self, value: Any) -> str:
        return "{" + ", ".join(f"{_key(k)}: {self.text(v)}" for k, v in value.items()) + "}"

    def interval(self, value: Range) -> str:
        if value.operator is not None and value.operator != "..":
            bound = value.low if value.low is not None else value.high
            return f"({value.operator} {self.text(bound)})"
        low = "" if value.low is None else self.text(value.low)
        high = "" if value.high is None else self.text(value.high)
        return f"{'[' if value.low_closed else '('}{low}..{high}{']' if value.high_closed else ')'}"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(name: str) -> str:
    return name if is_plain_name(name) else quoted(name)


def _number(value: Decimal) -> str:
    exponent = int(value.as_tuple().exponent)
    if exponent < -_LONGEST_PLAIN or value.adjusted() >= _LONGEST_PLAIN:
        return str(value.normalize(NUMBERS))
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _far_date(value: FarDate) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def _moment(value: time | datetime) -> str:
    text = value.replace(tzinfo=None, microsecond=0).isoformat()
    return text + _fraction(value.microsecond) + zone_text(value)


def zone_text(value: time | datetime) -> str:
    """``Z``, ``+08:00``, ``@Asia/Shanghai`` or nothing."""
    offset = offset_of(value)
    if isinstance(value.tzinfo, ZoneInfo):
        return "@" + value.tzinfo.key
    if offset is None:
        return ""
    seconds = int(offset.total_seconds())
    if not seconds:
        return "Z"
    hours, rest = divmod(abs(seconds), 3600)
    text = f"{'-' if seconds < 0 else '+'}{hours:02}:{rest // 60:02}"
    return text + (f":{rest % 60:02}" if rest % 60 else "")


def _fraction(microsecond: int) -> str:
    return f".{microsecond:06}".rstrip("0") if microsecond else ""


def _duration(value: timedelta) -> str:
    total = microseconds(value)
    if not total:
        return "PT0S"
    seconds, micro = divmod(abs(total), 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    clock += f"{seconds}{_fraction(micro)}S" * bool(seconds or micro)
    sign = "-" if total < 0 else ""
    return f"{sign}P" + f"{days}D" * bool(days) + f"T{clock}" * bool(clock)


def _years_months(value: YearsMonths) -> str:
    if not value.months:
        return "P0M"
    years, months = divmod(abs(value.months), 12)
    sign = "-" if value.months < 0 else ""
    return f"{sign}P" + f"{years}Y" * bool(years) + f"{months}M" * bool(months)


_NESTED = {list, dict, LazyContext}
_WRITE: dict[type, Callable[[_Writer, Any], str]] = {
    type(None): lambda _writer, _value: "null",
    bool: lambda _writer, value: "true" if value else "false",
    str: lambda _writer, value: quoted(value),
    Decimal: lambda _writer, value: _number(value),
    date: lambda _writer, value: value.isoformat(),
    FarDate: lambda _writer, value: _far_date(value),
    time: lambda _writer, value: _moment(value),
    datetime: lambda _writer, value: _moment(value),
    timedelta: lambda _writer, value: _duration(value),
    YearsMonths: lambda _writer, value: _years_months(value),
    list: _Writer.items,
    dict: _Writer.entries,
    LazyContext: _Writer.entries,
    Range: _Writer.interval,
    Function: lambda _writer, _value: "function",
}
