"""The only source of time, always aware UTC. Tests and the demo move it.

Court days are those of Asia/Shanghai, which has no daylight saving time since 1992.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

COURT_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")

_moved = timedelta()
#: The demo's row, asked again when what we know is older than this.
_source: Callable[[], timedelta] | None = None
_asked_at = 0.0
_ASK_AGAIN = 2.0  #: seconds


def now() -> datetime:
    return datetime.now(UTC) + offset()


def follow(source: Callable[[], timedelta]) -> None:
    """Takes the movement from ``source`` from now on; the demo's processes share a row."""
    global _source  # noqa: PLW0603
    _source = source


def real_now() -> datetime:
    """Not moved by the demo: for sessions and leases of people, which must not end when the clock jumps."""
    return datetime.now(UTC)


def today() -> date:
    """The court's day."""
    return court_day(now())


def court_day(moment: datetime) -> date:
    return moment.astimezone(COURT_ZONE).date()


def move(by: timedelta) -> None:
    """On top of what it was moved before; for tests."""
    set_offset(_moved + by)


def set_offset(by: timedelta) -> None:
    """How far this process's clock is ahead of the machine's; the demo reads it from its row."""
    global _moved  # noqa: PLW0603  one clock per process is the point
    _moved = by


def offset() -> timedelta:
    """By how much the clock is ahead of real time; not zero only in tests and in the demo."""
    global _moved, _asked_at  # noqa: PLW0603  one clock per process is the point
    if _source is not None and time.monotonic() - _asked_at > _ASK_AGAIN:
        _asked_at = time.monotonic()  # first, because asking may itself want to know the time
        _moved = _source()
    return _moved


def reset() -> None:
    set_offset(timedelta())
