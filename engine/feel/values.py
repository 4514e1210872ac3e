"""The values of FEEL (DMN 1.3 §10.3.2): what Python types they are, and how they come in.

==========================  ==========================================
number                      ``Decimal``, 34 digits
string, boolean, null       ``str``, ``bool``, ``None``
date, time, date and time   ``date``, ``time``, ``datetime``
days and time duration      ``timedelta``
years and months duration   ``YearsMonths``
list, context               ``list``, ``dict`` or ``LazyContext``
range, function             ``Range``, ``Function``
==========================  ==========================================
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.clock import COURT_ZONE

#: Always named in an operation, never made the thread's own: facts of the case are computed by
#: other code in the middle of an evaluation and must keep their own arithmetic.
NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
_MAX_YEAR = 10**9 - 1
_MAX_MONTHS = 12 * 10**9


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > _MAX_MONTHS:
            raise OverflowError(self.months)


@dataclass(frozen=True, slots=True, order=True)
class FarDate:
    """A date outside the years 1 to 9999, which Python's cannot be.

    It is written, taken apart and compared with its like, but not calculated with.
    """

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        # The calendar repeats itself every 400 years.
        date(2000 + self.year % 400, self.month, self.day)
        if abs(self.year) > _MAX_YEAR:
            raise OverflowError(self.year)


@dataclass(frozen=True, slots=True)
class Range:
    """``[low..high]``; ``operator`` is set for a unary range such as ``(< 10)``."""

    low: Any
    high: Any
    low_closed: bool
    high_closed: bool
    operator: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called: a built-in, a function literal, or the host's own.

    ``call`` receives the ``Run`` and the arguments. ``types`` are given for functions that take
    exactly their parameters; an entry is None where any value will do.
    """

    signatures: tuple[tuple[str, ...], ...]
    call: Callable[..., Any]
    variadic: bool = False
    types: tuple[Any, ...] | None = None
    #: A built-in answers null where Python would raise; host code must be heard.
    builtin: bool = False


class LazyContext(Mapping[str, Any]):
    """A mapping of the host, each entry read and converted when an expression asks for it."""

    __slots__ = ("_read", "_source")

    def __init__(self, source: Mapping[str, Any]) -> None:
        self._source = source
        self._read: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._read:
            self._read[key] = from_python(self._source[key])
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._source)

    def __len__(self) -> int:
        return len(self._source)


KIND_NAMES: dict[type, str] = {
    bool: "boolean",
    str: "string",
    Decimal: "number",
    date: "date",
    FarDate: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    Range: "range",
    Function: "function",
    list: "list",
    dict: "context",
    LazyContext: "context",
    type(None): "null",
}

CHINESE_KINDS: dict[type, str] = {
    bool: "是否",
    str: "文字",
    Decimal: "数字",
    date: "日期",
    FarDate: "日期",
    time: "时刻",
    datetime: "日期时间",
    timedelta: "时长",
    YearsMonths: "年月时长",
    Range: "区间",
    Function: "函数",
    list: "列表",
    dict: "一组数据",
    LazyContext: "一组数据",
    type(None): "空值",
}

_UNCHANGED = {
    type(None),
    bool,
    str,
    date,
    time,
    FarDate,
    timedelta,
    YearsMonths,
    Range,
    Function,
    LazyContext,
}


def from_python(value: Any) -> Any:  # noqa: PLR0911  one line per kind
    """The FEEL value of a Python one; null for what FEEL does not know.

    A moment in UTC, as the engine's clock gives it, becomes the same moment in court time, so that
    its date is the court's day. Mappings other than ``dict`` stay unread.
    """
    kind = type(value)
    if kind in _UNCHANGED:
        return value
    if kind is Decimal:
        return value if value.is_finite() else None
    if kind is int:
        return Decimal(value)
    if kind is datetime:
        return _court_time(value)
    if kind is dict:
        return {str(key): from_python(entry) for key, entry in value.items()}
    if kind is list or kind is tuple:
        return [from_python(item) for item in value]
    return _from_unusual(value)


def _from_unusual(value: Any) -> Any:  # noqa: PLR0911
    if isinstance(value, float):
        return finite(Decimal(repr(float(value))))
    if isinstance(value, Mapping):
        return LazyContext(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return Decimal(int(value))
    if isinstance(value, Decimal):
        return finite(Decimal(value))
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray):
        return [from_python(item) for item in value]
    return None


def _court_time(moment: datetime) -> datetime:
    zone = moment.tzinfo
    if zone is UTC or (isinstance(zone, ZoneInfo) and zone.key == "UTC"):
        return moment.astimezone(COURT_ZONE)
    return moment


def finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


def whole(number: Decimal) -> int:
    """The number without its fraction."""
    return int(number.to_integral_value(ROUND_DOWN))


def is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def settled(value: Any) -> Any:
    """The same value with a lazy context read to the end."""
    return dict(value) if type(value) is LazyContext else value
