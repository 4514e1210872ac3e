"""The court's clock of the demo: one row that moves it for web and workers alike (FENDUAN_DEMO=1 only)."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, Table, delete, insert, select

from engine import clock, config, db
from engine.errors import EngineError

DEMO_CLOCK = Table(
    "demo_clock",
    db.metadata,
    Column("id", Integer, primary_key=True),
    Column("moved_seconds", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)


class OnlyInDemo(EngineError):
    """只有演示环境可以调整时钟"""

    code = "only_in_demo"


class BackInTime(EngineError):
    """时钟只能向后调，已经发生的事项不能退回"""

    code = "back_in_time"


def set_to(session: db.Session, moment: datetime) -> timedelta:
    """By how much the clock is moved from now on; only forward, because what happened has happened."""
    if not config.is_demo():
        raise OnlyInDemo
    by = moment - clock.real_now()
    if by < _stored(session):
        raise BackInTime
    session.execute(delete(DEMO_CLOCK))
    session.execute(insert(DEMO_CLOCK).values(id=1, moved_seconds=int(by.total_seconds())))
    return by


def _stored(session: db.Session) -> timedelta:
    seconds = session.scalar(select(DEMO_CLOCK.c.moved_seconds))
    return timedelta(seconds=seconds or 0)


def moved() -> timedelta:
    """By how much the clock is moved; for ``clock.follow``."""
    return db.read_only(_stored)
