"""The values of a case as JSON gives them: checked, typed, and refused by the name people know."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .faults import (
    BadAmount,
    BadDay,
    BadList,
    BadMoment,
    BadNumber,
    BadPause,
    BadRate,
    BadText,
    BadTruth,
    BadWord,
    MissingField,
    NegativeAmount,
    Refused,
    UnknownField,
)
from .labels import choices as choice_text
from .labels import field as field_name
from .spans import Span

Case = Mapping[str, Any]

#: More digits than any sum of money has, fewer than FEEL's numbers keep exactly.
LONGEST_AMOUNT = 30

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]{1,2})?")
_RATE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")


def need(case: Case, name: str) -> Any:
    """The value; null is as good as absent."""
    if case.get(name) is None:
        raise MissingField(field=field_name(name))
    return case[name]


def only(case: Case, known: Collection[str]) -> None:
    """A typo must not be ignored."""
    for name in case:
        if name not in known:
            raise UnknownField(field=name)


def day(value: Any, name: str) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise BadDay(field=field_name(name))


def moment(value: Any, name: str) -> datetime:
    """Court time."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise BadMoment(field=field_name(name))


def amount(value: Any, name: str) -> Decimal:
    if not isinstance(value, str) or len(value) > LONGEST_AMOUNT or not _AMOUNT.fullmatch(value):
        raise BadAmount(field=field_name(name))
    found = Decimal(value.removeprefix("-"))
    if found and value.startswith("-"):
        raise NegativeAmount(field=field_name(name))
    return found


def rate(value: Any, name: str) -> Decimal:
    """Percent."""
    if not isinstance(value, str) or not _RATE.fullmatch(value):
        raise BadRate(field=field_name(name))
    return Decimal(value)


def truth(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise BadTruth(field=field_name(name))
    return value


def flag(case: Case, name: str) -> bool:
    """A truth that is false when absent."""
    return truth(case[name], name) if case.get(name) is not None else False


def whole(value: Any, name: str, *, least: int) -> int:
    if not _is_whole(value) or value < least:
        raise BadNumber(field=field_name(name), least=least)
    return int(value)


def count(case: Case, name: str, default: int, fault: Refused) -> int:
    """A whole number; ``fault`` when it is something else."""
    value = case.get(name)
    if value is None:
        return default
    if not _is_whole(value):
        raise fault
    return int(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise BadText(field=field_name(name))
    return value


def identity(value: Any, name: str) -> str | int:
    """What tells one item of a list from another: a text or a whole number."""
    if isinstance(value, str) or _is_whole(value):
        return value  # type: ignore[no-any-return]
    raise BadText(field=field_name(name))


def word(value: Any, name: str, choices: Collection[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise BadWord(field=field_name(name), choices=choice_text(choices))
    return value


def items(value: Any, name: str, known: Collection[str]) -> list[Case]:
    """A list of objects, each with nothing but ``known``."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadList(field=field_name(name))
    for item in value:
        only(item, known)
    return value


def spans(case: Case, name: str) -> list[Span]:
    """A list of ``{"from", "to"}``, both days included; absent means none."""
    if case.get(name) is None:
        return []
    return [span(item, name) for item in items(case[name], name, ("from", "to"))]


def span(item: Case, name: str) -> Span:
    found = Span(day(need(item, "from"), "from"), day(need(item, "to"), "to"))
    if found.last < found.first:
        raise BadPause(field=field_name(name))
    return found
