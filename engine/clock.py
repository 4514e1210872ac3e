"""The only source of time, always aware UTC. Tests and the demo move it.

Court days are those of Asia/Shanghai, which has no daylight saving time since 1992.
"""

from datetime import UTC, date, datetime, timedelta, timezone

COURT_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")

_moved = timedelta()


def now() -> datetime:
    return datetime.now(UTC) + _moved


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
    return _moved


def reset() -> None:
    set_offset(timedelta())
