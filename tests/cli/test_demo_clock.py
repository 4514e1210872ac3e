"""``fenduan clock set``: only in the demo, only forward; and nothing else of the demo without it."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import clock, db, demo_clock


@pytest.fixture
def demo(monkeypatch, database):
    monkeypatch.setenv("FENDUAN_DEMO", "1")


def moved():
    return db.read_only(demo_clock._stored)


@pytest.mark.parametrize(
    "command", [["clock", "set", "2030-01-05T09:00"], ["demo"], ["mail"], ["bank"]], ids=" ".join
)
def test_without_the_demo_it_is_refused(fenduan, database, monkeypatch, command):
    monkeypatch.delenv("FENDUAN_DEMO", raising=False)
    assert "演示环境" in fenduan(*command).refuses()
    assert moved() == timedelta()


def test_the_clock_moves_forward_for_every_process(fenduan, demo):
    day = clock.today() + timedelta(days=400)
    ran = fenduan("clock", "set", f"{day}T09:00")
    assert ran.code == 0 and f"{day} 09:00" in ran.out
    expected = datetime.combine(day, datetime.min.time(), clock.COURT_ZONE) + timedelta(hours=9)
    assert abs(datetime.now(UTC) + moved() - expected) < timedelta(minutes=1)


def test_and_never_back(fenduan, demo):
    now = datetime.now(clock.COURT_ZONE)
    later, earlier = now + timedelta(days=40), now + timedelta(days=39)
    assert fenduan("clock", "set", later.isoformat()).code == 0
    before = moved()
    assert "只能向后调" in fenduan("clock", "set", earlier.isoformat()).refuses()
    assert moved() == before


@pytest.mark.parametrize("moment", ["明天", "2027-13-40", "", "9"])
def test_what_is_no_moment_is_refused(fenduan, demo, moment):
    assert "2027-01-05T09:00" in fenduan("clock", "set", moment).refuses()
