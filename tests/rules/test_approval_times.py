from datetime import datetime, timedelta

import pytest

from engine.casefile.rules import approval_times, delivered, working_time
from engine.casefile.rules.faults import RulesInvalid
from engine.clock import COURT_ZONE

from .asking import changed


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COURT_ZONE)


def due(opened: str, kind: str = "approve", *, urgent: bool = False) -> str:
    found = approval_times.due(delivered(), kind, at(opened), urgent=urgent)
    return f"{found.at:%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2026-11-24 10:00", "11-25 10:00"),
        # Over lunch, over the weekend, over 国庆 (1 to 7 October, Saturday the 10th is worked).
        ("2026-11-24 12:30", "11-25 12:00"),
        ("2026-11-27 17:00", "11-30 17:00"),
        ("2026-09-30 17:00", "10-08 17:00"),
        # Outside the hours it begins with the next ones.
        ("2026-11-24 20:00", "11-25 17:30"),
        ("2026-11-28 09:00", "11-30 17:30"),
    ],
)
def test_one_working_day_is_a_days_working_time(opened: str, expected: str) -> None:
    assert due(opened) == expected


def test_what_is_urgent_has_four_working_hours() -> None:
    assert due("2026-11-27 16:00", urgent=True) == "11-30 11:00"


def test_the_holder_is_reminded_before_the_end_in_working_time() -> None:
    found = approval_times.due(delivered(), "review", at("2026-11-24 09:00"))
    assert f"{found.remind_at:%m-%d %H:%M}" == "11-24 16:00"
    assert f"{found.at:%m-%d %H:%M}" == "11-25 09:00"


def test_a_day_has_seven_and_a_half_hours() -> None:
    assert working_time.day_length(delivered().approval_times.hours) == timedelta(hours=7.5)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('vote = "1 wd"', 'vote = "1 d"', "须以工作日"),
        ('"08:30-12:00", "13:30-17:30"', '"13:30-17:30", "08:30-12:00"', "不能重叠"),
        ('"08:30-12:00"', '"12:00-08:30"', "无法识别"),
        ('before = "2 h"', "", "缺少“before”"),
        ("[urging]", "[urging_]", "urging_"),
    ],
)
def test_a_wrong_file_is_told_by_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(RulesInvalid, match=told):
        changed(f"rules/{approval_times.FILE}", old, new)
