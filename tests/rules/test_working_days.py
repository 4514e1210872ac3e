from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casefile.rules import delivered, load, working_days
from engine.casefile.rules.faults import RulesInvalid

from .asking import changed, refusal, result, texts

CALENDAR = delivered().calendar


def workday(start, days, **more):
    return result(calc="workday", **{"from": start}, days=days, **more)


def test_the_example_of_the_contract():
    assert workday("2026-09-25", 15) == {
        "date": "2026-10-22",
        "is_workday": True,
        "tentative": False,
    }


def test_zero_days_give_the_day_itself_and_say_whether_it_works():
    assert workday("2026-10-01", 0) == {
        "date": "2026-10-01",
        "is_workday": False,
        "tentative": False,
    }
    assert workday("2026-10-10", 0)["is_workday"]
    assert workday("2027-01-04", 0)["tentative"]


def test_negative_days_count_backwards():
    assert workday("2026-10-08", -1)["date"] == "2026-09-30"


@given(start=st.dates(date(2022, 1, 1), date(2026, 6, 1)), days=st.integers(1, 120))
def test_counting_forth_and_back_leads_to_the_same_working_days(start, days):
    day = working_days.counted(CALENDAR, start, days).day
    between = [start + timedelta(days=n) for n in range(1, (day - start).days + 1)]
    assert sum(CALENDAR.works(each) for each in between) == days
    assert (
        working_days.counted(CALENDAR, day + timedelta(days=1), -days).day
        == between[next(n for n, each in enumerate(between) if CALENDAR.works(each))]
    )


def test_the_calendar_of_2026_is_the_notice_of_the_state_council():
    assert result(calc="calendar", year=2026) == {
        "from": "2004-01-01",
        "to": "2026-12-31",
        "weekday_off": [
            "2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19",
            "2026-02-20", "2026-02-23", "2026-04-06", "2026-05-01", "2026-05-04", "2026-05-05",
            "2026-06-19", "2026-09-25", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06",
            "2026-10-07",
        ],
        "weekend_on": [
            "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
        ],
    }  # fmt: skip


def test_the_delivered_file_of_2026_says_what_the_library_says():
    library = working_days.read({})
    assert (library.off, library.on) == (CALENDAR.off, CALENDAR.on)


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025, 2026])
def test_five_years_are_loaded(year):
    assert len(result(calc="calendar", year=year)["weekday_off"]) >= 17


NEXT = """
year = 2027
whole = true
off = ["2027-01-01..2027-01-03"]
work = ["2027-01-10"]
"""


def test_loading_a_year_makes_its_dates_final():
    rules = load({**texts(), "rules/calendar/2027.toml": NEXT})
    case = {"calc": "deadline", "rule": "DL42", "trigger": "2026-07-01"}
    assert (result(**case)["due"], result(**case)["tentative"]) == ("2027-01-01", True)
    assert (result(rules, **case)["due"], result(rules, **case)["tentative"]) == (
        "2027-01-04",
        False,
    )
    assert result(rules, calc="calendar", year=2027)["to"] == "2027-12-31"


def test_single_days_of_a_loaded_year_can_be_mended():
    text = 'year = 2025\nwhole = false\noff = ["2025-03-04"]\n'
    rules = load({**texts(), "rules/calendar/2025.toml": text})
    assert result(rules, calc="workday", **{"from": "2025-03-03"}, days=1)["date"] == "2025-03-05"
    assert result(rules, calc="workday", **{"from": "2025-01-27"}, days=1)["date"] == "2025-02-05"


def test_changing_one_day_of_the_calendar_changes_the_answer():
    rules = changed(
        "rules/calendar/2026.toml", '"2026-10-01..2026-10-07"', '"2026-10-01..2026-10-08"'
    )
    assert result(rules, calc="deadline", rule="DL29", trigger="2026-09-01")["due"] == "2026-10-09"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('year = 2028\nwhole = false\noff = ["2028-01-03"]', "2028年的放假安排尚未导入"),
        ('year = 2027\nwhole = true\noff = ["2026-01-01"]', "不属于2027年"),
        ('year = 2027\nwhole = true\noff = ["2027-13-01"]', "2027-13-01"),
        ('year = 2027\nwhole = true\noff = ["2027-01-05..2027-01-03"]', "无法识别"),
        ('year = 2027\nwhole = true\noff = ["2027-01-05"]\nwork = ["2027-01-05"]', "既放假又上班"),
        ("year = 2027\nwhole = true\nholidays = []", "holidays"),
        ("year 2027", "TOML"),
        ("whole = true", "缺少“year”"),
    ],
)
def test_a_calendar_file_that_is_wrong_is_refused_with_its_place(text, told):
    with pytest.raises(RulesInvalid) as error:
        load({**texts(), "rules/calendar/2027.toml": text})
    assert told in str(error.value)
    assert "2027.toml" in str(error.value)


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("bad_length", {"from": "2026-09-25", "days": "15"}),
        ("bad_length", {"from": "2026-09-25", "days": 1.5}),
        ("bad_length", {"from": "2026-09-25", "days": True}),
        ("bad_length", {"from": "2026-09-25", "days": 2001}),
        ("bad_length", {"from": "2026-09-25", "days": -2001}),
        ("bad_date", {"from": "2026-09-31", "days": 1}),
        ("bad_date", {"from": "9999-12-30", "days": 10}),
        ("missing_field", {"days": 1}),
        ("missing_field", {"from": "2026-09-25"}),
        ("calendar_missing", {"from": "2026-12-30", "days": 5, "final": True}),
        ("calendar_missing", {"from": "2004-01-02", "days": -5, "final": True}),
    ],
)
def test_what_a_working_day_refuses(code, case):
    assert refusal(calc="workday", **case) == code


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("calendar_missing", {"year": 2027}),
        ("calendar_missing", {"year": 2003}),
        ("bad_value", {"year": "2026"}),
        ("missing_field", {}),
    ],
)
def test_what_a_calendar_refuses(code, case):
    assert refusal(calc="calendar", **case) == code
