from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casefile.rules import deadlines, delivered, lengths
from engine.casefile.rules.spans import Span

from .asking import ask, changed, refusal, result

RULES = delivered()


def due(rule, trigger, **more):
    return result(calc="deadline", rule=rule, trigger=trigger, **more)


def length(text, trigger, **more):
    return result(calc="deadline", length=text, trigger=trigger, **more)


# --- the examples of the contract


def test_overlapping_pauses_are_merged_and_said():
    pauses = [
        {"from": "2026-01-05", "to": "2026-01-24"},
        {"from": "2026-01-20", "to": "2026-02-03"},
    ]
    assert due("DL42", "2025-11-20", pauses=pauses) == {
        "rule": "DL42",
        "due": "2026-06-22",
        "earliest": None,
        "renew_by": None,
        "rolled_from": "2026-06-19",
        "pause_days": 30,
        "tentative": False,
        "warnings": ["overlapping_pauses"],
    }


@pytest.mark.parametrize(
    ("rule", "trigger", "expected"),
    [
        ("DL43", "2026-01-31", {"due": "2026-04-30", "earliest": "2026-05-01"}),
        ("DL40.deposit", "2025-10-02", {"due": "2026-10-02", "renew_by": "2026-09-30"}),
        ("DL18.immovable", "2026-03-02", {"due": None, "earliest": "2026-04-02"}),
        ("DL22", "2026-03-02T10:20", {"due": "2026-03-03T11:00"}),
        (
            "DL42",
            "2026-08-31",
            {"due": "2027-03-01", "rolled_from": "2027-02-28", "tentative": True},
        ),
    ],
)
def test_examples_of_the_contract(rule, trigger, expected):
    found = due(rule, trigger)
    assert {name: found[name] for name in expected} == expected


def test_a_limit_without_a_rule_is_counted_and_rolled():
    found = length("10 d", "2026-02-05")
    assert (found["rule"], found["due"], found["rolled_from"]) == (None, "2026-02-24", "2026-02-15")


# --- the examples of DOMAIN §9.3


@pytest.mark.parametrize(
    ("rule", "trigger", "expected"),
    [
        ("DL31.reconsideration", "2026-01-05", "2026-01-08"),
        ("DL36.reconsideration", "2026-02-10", "2026-02-24"),
        ("DL30", "2026-04-20", "2026-05-06"),
        ("DL29", "2026-09-01", "2026-10-08"),
        ("DL33.delete", "2026-09-24", "2026-09-30"),
        ("DL29.target", "2026-09-28", "2026-10-16"),
    ],
)
def test_examples_of_the_domain(rule, trigger, expected):
    assert due(rule, trigger)["due"] == expected


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("10 d", "2026-02-05", "2026-02-24"),
        ("10 d", "2026-04-29", "2026-05-09"),
        ("3 d", "2026-09-17", "2026-09-20"),
        ("30 d", "2026-03-02", "2026-04-01"),
        ("30 d", "2026-08-27", "2026-09-28"),
        ("15 wd", "2026-02-12", "2026-03-11"),
    ],
)
def test_examples_of_the_domain_without_a_rule(text, trigger, expected):
    assert length(text, trigger)["due"] == expected


def test_a_freeze_until_a_holiday_is_renewed_on_the_last_working_day_before():
    found = due("DL40.deposit", "2025-10-02")
    assert (found["due"], found["renew_by"], found["rolled_from"]) == (
        "2026-10-02",
        "2026-09-30",
        None,
    )


# --- every rule of the contract is delivered as written there


CONTRACT = """
DL01 limit 7_d
DL02 limit 7_d
DL03.outer limit 10_d
DL03.inner limit 3_d
DL04 limit 3_d
DL05 limit 3_d
DL06 limit 5_d
DL07 limit 7_d
DL07.urgent limit 3_d
DL08 limit 1_month pausable
DL09 limit 10_d
DL10 limit 10_d
DL11 limit 30_d pausable
DL12 limit 3_d +3_d*1
DL13 limit 30_d pausable +15_d*2
DL13.request before 5_d
DL14 limit 3_d
DL14.publicity limit 15_d
DL15 limit 5_d
DL15.firm limit 3_d
DL15.answer limit 5_d
DL16 limit 10_d pausable
DL17 term 1_y
DL17.sale term 6_months
DL18.movable notice 15_d
DL18.immovable notice 30_d
DL18.offline_movable notice 7_d
DL18.offline_immovable notice 15_d
DL19 limit 30_d
DL19.movable notice 7_d
DL19.immovable notice 15_d
DL20 before 3_d
DL20.publicity limit 5_d
DL21 gate_hours 24_h
DL22 hours 24_h
DL23.online limit 5_d
DL23.offline limit 15_d
DL24 limit 10_d
DL25 limit 15_d
DL26 limit 15_d
DL26.window term 60_d
DL27 limit 60_d
DL27.sell_off limit 7_d
DL27.window term 60_d
DL28 limit 3_d
DL28.unidentified workdays 3_wd
DL29 limit 30_d pausable
DL29.target workdays 10_wd
DL30 limit 15_d
DL30.others limit 15_d
DL30.suit limit 15_d
DL31.inquiry hours_exact 8_h
DL31.inquiry_complex hours_exact 24_h
DL31.detention term 15_d
DL31.family hours_exact 24_h
DL31.reconsideration limit 3_d
DL31.decision limit 5_d
DL32 limit 10_d
DL32.decision limit 15_d
DL32.border term 3_months
DL33 term 2_y
DL33.delete workdays 3_wd
DL34 limit 3_d
DL34.reconsideration limit 3_d
DL35 limit 15_d
DL35.file limit 3_d
DL35.tell limit 3_d
DL35.reconsideration limit 10_d
DL35.review limit 30_d +30_d*1
DL35.suit limit 15_d
DL36 limit 60_d
DL36.reconsideration limit 10_d
DL36.review limit 60_d
DL36.suit limit 15_d
DL37 limit 30_d
DL37.served limit 5_d
DL38 workdays 5_wd
DL38.close workdays 30_wd
DL39 limit 7_d
DL39.complex limit 30_d
DL40.deposit term 1_y
DL40.movable term 2_y
DL40.immovable term 3_y
DL40.other term 3_y
DL40.preservation before 7_d
DL41 limit 7_d
DL42 limit 6_months pausable +3_months*2
DL42.non_litigation limit 3_months pausable +3_months*2
DL42.request before 5_d
DL43 gate 3_months
DL44 limit 6_months x10
DL45 limit 60_d
DL46 limit 3_months
DL46.local limit 60_d
DL47 limit 15_d
DL48 gate 15_d
DL48.mortgaged gate 6_months
DL48.dwelling gate 3_months
DL49 gate 6_months pausable
DL50 limit 15_d
DL50.report limit 30_d
DL50.file limit 7_d
DL50.documents limit 30_d
DL50.matter workdays 10_wd
DL51 limit 5_d
DL52 limit 2_y
DL53.before plain -3_d
DL53.after plain 1_d
DL54 term 1_y
DL54.guarantee term 1_y
DL55 gate_roll 15_d
DL55.release limit 7_d
DL56 workdays 2_wd
STAGE1 limit 30_d pausable
STAGE2 limit 90_d pausable
STAGE3 limit 30_d pausable
STAGE4 limit 30_d pausable
STAGE4.final final_path 30_d
"""


def test_every_rule_of_the_contract_is_delivered_as_written_there():
    for line in CONTRACT.strip().splitlines():
        rule_id, kind, written, *more = line.split()
        rule = RULES.deadlines[rule_id]
        extension = next((part for part in more if part.startswith("+")), None)
        occurrences = next((part for part in more if part.startswith("x")), "x1")
        assert rule.kind == kind, rule_id
        assert rule.length == lengths.parse(written.replace("_", " "), signed=True), rule_id
        assert rule.pausable == ("pausable" in more), rule_id
        assert rule.occurrences == int(occurrences[1:]), rule_id
        assert (rule.extension is None) == (extension is None), rule_id
        if extension:
            each, most = extension[1:].split("*")
            assert (rule.extension, rule.extensions) == (
                lengths.parse(each.replace("_", " ")),
                int(most),
            )


def test_every_rule_has_a_chinese_name_trigger_and_source():
    for rule in RULES.deadlines.values():
        for text in (rule.name, rule.trigger, rule.source):
            assert any("一" <= sign <= "鿿" for sign in text), rule.id


# --- kinds


def test_a_gate_opens_the_day_after_and_is_not_rolled():
    found = due("DL48", "2026-09-17")
    assert (found["due"], found["earliest"]) == ("2026-10-02", "2026-10-03")


def test_a_gate_that_rolls_opens_the_day_after_the_rolled_day():
    found = due("DL55", "2026-09-17")
    assert (found["due"], found["earliest"], found["rolled_from"]) == (
        "2026-10-08",
        "2026-10-09",
        "2026-10-02",
    )


def test_before_excludes_both_ends():
    assert due("DL20", "2026-10-12")["due"] == "2026-10-08"


def test_plain_reminders_go_both_ways():
    assert due("DL53.before", "2026-10-04")["due"] == "2026-10-01"
    assert due("DL53.after", "2026-10-04")["due"] == "2026-10-05"


@pytest.mark.parametrize(
    ("rule", "trigger", "expected"),
    [
        ("DL22", "2026-03-02T10:00", "2026-03-03T11:00"),
        ("DL22", "2026-03-02T10:59", "2026-03-03T11:00"),
        ("DL22", "2026-09-30T23:30", "2026-10-02T00:00"),
        ("DL31.inquiry", "2026-03-02T10:20", "2026-03-02T18:20"),
        ("DL31.family", "2026-03-02T10:20", "2026-03-03T10:20"),
        ("DL21", "2026-03-02T10:00", "2026-03-03T10:00"),
    ],
)
def test_hours(rule, trigger, expected):
    found = due(rule, trigger)
    assert found["due"] == expected
    assert found["earliest"] == (expected if rule == "DL21" else None)
    assert not found["tentative"]


def test_detention_ends_on_its_last_day_even_on_a_holiday():
    found = due("DL31.detention", "2026-09-17")
    assert (found["due"], found["rolled_from"]) == ("2026-10-02", None)


def test_the_final_path_takes_the_later_of_entry_and_filing():
    early = due("STAGE4.final", "2026-03-02", filed="2026-02-10")
    late = due("STAGE4.final", "2026-08-03", filed="2026-02-10")
    assert early["due"] == "2026-05-25"
    assert late["due"] == "2026-09-02"


def test_the_final_path_clips_the_month_before_it_adds_days():
    found = due("STAGE4.final", "2026-01-05", filed="2025-11-30")
    assert found["due"] == "2026-03-16"
    assert found["rolled_from"] == "2026-03-15"


def test_occurrences_are_counted_from_the_trigger():
    assert due("DL44", "2025-08-31")["due"] == "2026-02-28"
    assert due("DL44", "2025-08-31", occurrence=2)["due"] == "2026-08-31"


def test_months_and_years_end_on_the_last_day_when_there_is_no_such_day():
    assert lengths.after(date(2024, 2, 29), lengths.parse("1 y")) == date(2025, 2, 28)
    assert lengths.after(date(2025, 8, 31), lengths.parse("6 months")) == date(2026, 2, 28)
    assert lengths.after(date(2026, 12, 31), lengths.parse("2 months")) == date(2027, 2, 28)


# --- pauses and extensions


def test_a_pause_that_begins_after_the_end_does_not_count():
    found = length("10 d", "2026-03-02", pauses=[{"from": "2026-03-13", "to": "2026-03-20"}])
    assert (found["due"], found["pause_days"]) == ("2026-03-12", 0)


def test_a_pause_that_begins_on_the_last_day_counts():
    found = length("10 d", "2026-03-02", pauses=[{"from": "2026-03-12", "to": "2026-03-13"}])
    assert (found["due"], found["rolled_from"], found["pause_days"]) == (
        "2026-03-16",
        "2026-03-14",
        2,
    )


def test_only_pause_days_after_the_trigger_count():
    found = length("10 d", "2026-03-02", pauses=[{"from": "2026-02-20", "to": "2026-03-04"}])
    assert (found["due"], found["pause_days"]) == ("2026-03-16", 2)


def test_a_pause_begins_before_the_end_is_rolled_not_after():
    found = length("10 d", "2026-02-05", pauses=[{"from": "2026-02-16", "to": "2026-02-17"}])
    assert (found["due"], found["pause_days"]) == ("2026-02-24", 0)


def test_pauses_that_only_touch_give_no_warning():
    pauses = [
        {"from": "2026-03-05", "to": "2026-03-06"},
        {"from": "2026-03-07", "to": "2026-03-08"},
    ]
    found = length("10 d", "2026-03-02", pauses=pauses)
    assert (found["pause_days"], found["warnings"]) == (4, [])


def test_extensions_come_on_top_and_let_later_pauses_begin():
    pauses = [{"from": "2026-05-25", "to": "2026-05-29"}]
    without = due("DL42", "2025-11-20", pauses=pauses)
    extended = due("DL42", "2025-11-20", pauses=pauses, extensions=1)
    assert (without["due"], without["pause_days"]) == ("2026-05-20", 0)
    assert (extended["due"], extended["pause_days"]) == ("2026-08-25", 5)


def test_the_second_extension_is_added_to_where_the_first_led():
    found = due("DL13", "2026-03-02", extensions=2)
    assert found["due"] == "2026-05-06"
    assert found["rolled_from"] == "2026-05-01"


# --- tentative


def test_a_year_that_is_not_loaded_counts_as_monday_to_friday():
    found = due("DL42", "2026-07-01")
    assert (found["due"], found["tentative"]) == ("2027-01-01", True)
    assert (
        refusal(calc="deadline", rule="DL42", trigger="2026-07-01", final=True)
        == "calendar_missing"
    )


def test_an_end_that_needs_no_working_day_is_never_tentative():
    assert not due("DL43", "2026-11-30")["tentative"]
    assert not due("DL21", "2027-03-02T10:00")["tentative"]
    assert due("DL43", "2026-11-30", final=True)["due"] == "2027-02-28"


def test_a_renewal_that_looks_back_into_a_year_that_is_not_loaded_is_tentative():
    assert due("DL40.deposit", "2026-01-04")["tentative"]
    assert not due("DL40.deposit", "2026-01-01")["tentative"]


# --- refusals


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("unknown_rule", {"rule": "DL99", "trigger": "2026-01-31"}),
        ("missing_field", {"rule": "DL42"}),
        ("missing_field", {"trigger": "2026-01-31"}),
        ("missing_field", {"rule": "STAGE4.final", "trigger": "2026-01-31"}),
        ("bad_date", {"rule": "DL42", "trigger": "2026-02-30"}),
        ("bad_date", {"rule": "DL42", "trigger": "2026-2-3"}),
        ("bad_date", {"rule": "DL42", "trigger": "2026-02-03T10:00"}),
        ("bad_date", {"rule": "DL22", "trigger": "2026-02-03"}),
        ("bad_date", {"rule": "DL22", "trigger": "2026-02-03T24:00"}),
        ("bad_date", {"rule": "DL42", "trigger": 20260203}),
        ("bad_date", {"rule": "DL42", "trigger": "9999-12-31"}),
        ("bad_date", {"rule": "DL20", "trigger": "0001-01-02"}),
        ("bad_length", {"length": "10", "trigger": "2026-01-31"}),
        ("bad_length", {"length": "0 d", "trigger": "2026-01-31"}),
        ("bad_length", {"length": "-3 d", "trigger": "2026-01-31"}),
        ("bad_length", {"length": "1.5 d", "trigger": "2026-01-31"}),
        ("bad_length", {"length": 10, "trigger": "2026-01-31"}),
        ("bad_value", {"rule": "DL42", "length": "10 d", "trigger": "2026-01-31"}),
        ("bad_value", {"rule": "DL42", "trigger": "2026-01-31", "final": "true"}),
        ("bad_value", {"rule": "DL42", "trigger": "2026-01-31", "pauses": {"from": "2026-02-01"}}),
        ("bad_pause", {"rule": "DL42", "trigger": "2026-01-31", "pauses": [{"from": "2026-02-02", "to": "2026-02-01"}]}),
        ("missing_field", {"rule": "DL42", "trigger": "2026-01-31", "pauses": [{"from": "2026-02-02"}]}),
        ("unknown_field", {"rule": "DL42", "trigger": "2026-01-31", "pauses": [{"from": "2026-02-02", "until": "2026-02-03"}]}),
        ("not_pausable", {"rule": "DL30", "trigger": "2026-01-31", "pauses": [{"from": "2026-02-01", "to": "2026-02-02"}]}),
        ("not_pausable", {"length": "5 wd", "trigger": "2026-01-31", "pauses": [{"from": "2026-02-01", "to": "2026-02-02"}]}),
        ("bad_extension", {"rule": "DL42", "trigger": "2026-01-31", "extensions": 3}),
        ("bad_extension", {"rule": "DL42", "trigger": "2026-01-31", "extensions": -1}),
        ("bad_extension", {"rule": "DL30", "trigger": "2026-01-31", "extensions": 1}),
        ("bad_occurrence", {"rule": "DL44", "trigger": "2026-01-31", "occurrence": 11}),
        ("bad_occurrence", {"rule": "DL44", "trigger": "2026-01-31", "occurrence": 0}),
        ("bad_occurrence", {"rule": "DL42", "trigger": "2026-01-31", "occurrence": 2}),
        ("bad_order", {"rule": "STAGE4.final", "trigger": "2026-01-31", "filed": "2026-02-01"}),
        ("unknown_field", {"rule": "DL42", "trigger": "2026-01-31", "pause": []}),
    ],
)  # fmt: skip
def test_what_a_deadline_refuses(code, case):
    assert refusal(calc="deadline", **case) == code


def test_malformed_input_is_told_before_a_missing_calendar():
    case = {"rule": "DL42", "trigger": "2026-08-31", "final": True}
    assert refusal(calc="deadline", **case, extensions=9) == "bad_extension"


def test_empty_pauses_are_no_pauses():
    assert ask(calc="deadline", rule="DL30", trigger="2026-04-20", pauses=[])["ok"]


# --- data


def test_changing_one_number_changes_the_answer():
    longer = changed(
        "rules/deadlines.toml",
        'trigger = "进入财产查控阶段"\nlength = "30 d"',
        'trigger = "进入财产查控阶段"\nlength = "40 d"',
    )
    case = {"calc": "deadline", "rule": "STAGE1", "trigger": "2026-03-02"}
    assert result(**case)["due"] == "2026-04-01"
    assert result(longer, **case)["due"] == "2026-04-13"
    assert longer.digest != RULES.digest


# --- against a count day by day

DAYS = st.dates(date(2023, 1, 1), date(2026, 9, 30))
SPANS = st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=4)


def runs(days):
    """Days on end, in order of time."""
    found = []
    for day in sorted(days):
        if found and found[-1][-1] == day - timedelta(days=1):
            found[-1].append(day)
        else:
            found.append([day])
    return found


@given(trigger=DAYS, days=st.integers(1, 60), written=SPANS)
def test_pauses_move_the_end_as_a_walk_day_by_day_does(trigger, days, written):
    pauses = [Span(first, first + timedelta(days=more)) for first, more in written]
    rule = deadlines.unnamed(lengths.Length(days, "d"))
    found = deadlines.compute(RULES, rule, trigger, pauses=pauses)
    paused = {span.first + timedelta(days=each) for span in pauses for each in range(span.days)}
    end, moved = trigger + timedelta(days=days), 0
    for run in runs(paused):
        if run[0] > end:
            break
        after = sum(day > trigger for day in run)
        end, moved = end + timedelta(days=after), moved + after
    assert (found.rolled_from or found.due, found.pause_days) == (end, moved)
    assert bool(found.warnings) == (len(paused) < sum(span.days for span in pauses))


@given(trigger=DAYS, days=st.integers(1, 400))
def test_a_limit_ends_on_the_first_working_day_not_before_its_end(trigger, days):
    found = deadlines.compute(RULES, deadlines.unnamed(lengths.Length(days, "d")), trigger)
    end = trigger + timedelta(days=days)
    assert found.due >= end
    assert RULES.calendar.works(found.due)
    between = (end + timedelta(days=number) for number in range((found.due - end).days))
    assert not any(RULES.calendar.works(day) for day in between)


@given(trigger=DAYS, months=st.integers(1, 200))
def test_months_end_on_the_corresponding_day_or_the_last(trigger, months):
    end = lengths.after(trigger, lengths.Length(months, "months"))
    assert (end.year - trigger.year) * 12 + end.month - trigger.month == months
    assert end.day == trigger.day or (end + timedelta(days=1)).month != end.month


@given(trigger=DAYS, days=st.integers(1, 90), first=SPANS, more=SPANS)
def test_more_pauses_never_bring_a_deadline_forward(trigger, days, first, more):
    rule = deadlines.unnamed(lengths.Length(days, "d"))
    few = [Span(day, day + timedelta(days=extra)) for day, extra in first]
    many = [*few, *(Span(day, day + timedelta(days=extra)) for day, extra in more)]
    assert (
        deadlines.compute(RULES, rule, trigger, pauses=many).due
        >= deadlines.compute(RULES, rule, trigger, pauses=few).due
    )
