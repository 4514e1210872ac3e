"""Moments and lengths of time as people say them, always in the court's time."""

from datetime import datetime, timedelta

from engine import clock

_HOUR, _DAY = 3600, 86400
#: From here on hours say less than days.
_IN_DAYS = 2 * _DAY


def stay(since: datetime) -> str:
    """How long since then: 27 天, 5 小时, 20 分钟."""
    return lasting((clock.now() - since).total_seconds())


def lasting(seconds: float) -> str:
    """The same of seconds; under a minute <1 分钟."""
    if seconds >= _IN_DAYS:
        return f"{round(seconds / _DAY)} 天"
    if seconds >= _HOUR:
        return f"{round(seconds / _HOUR)} 小时"
    return f"{round(seconds / 60)} 分钟" if seconds >= 60 else "<1 分钟"  # noqa: PLR2004


def when(at: datetime) -> str:
    """今天 09:42, 昨天 17:20, 11-02 09:00, 2025-11-02 09:00."""
    day, today = clock.court_day(at), clock.today()
    time = f"{at.astimezone(clock.COURT_ZONE):%H:%M}"
    if day in (today, today - timedelta(days=1)):
        return f"{'今天' if day == today else '昨天'} {time}"
    return f"{day:%m-%d} {time}" if day.year == today.year else f"{day:%Y-%m-%d} {time}"
