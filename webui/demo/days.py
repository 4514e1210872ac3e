"""The clock of the process that makes the demo's cases: moved into the past, never into the future."""

from datetime import date, datetime, time, timedelta

from engine import clock, demo_clock


def today() -> date:
    """The court's real day."""
    return clock.court_day(clock.real_now())


def go_to(day: date) -> None:
    """Ten in the morning of that day, but never past the present moment."""
    moment = datetime.combine(day, time(10, 0), clock.COURT_ZONE)
    clock.set_offset(min(moment - clock.real_now(), timedelta()))


def wait(hours: int) -> None:
    """So many hours later, but never past the present moment."""
    clock.set_offset(min(clock.offset() + timedelta(hours=hours), timedelta()))


def back_to_the_present() -> None:
    """Where the people on the pages are: now, or where the demo's clock has been set."""
    clock.set_offset(demo_clock.moved())
