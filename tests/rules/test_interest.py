from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casefile.rules import delivered, interest, money
from engine.casefile.rules.spans import Span

from .asking import asked, changed, refusal, result

SIMPLE = {
    "calc": "interest",
    "principal": "100000.00",
    "expiry": "2025-03-11",
    "until": "2025-12-31",
}


def test_the_example_of_the_contract():
    assert asked(
        """{"calc":"interest","principal":"500000.00","costs":"8800.00","expiry":"2025-03-18","until":"2025-12-31",
        "general":[{"from":"2024-07-01","annual_rate":"3.85"}],"payments":[{"date":"2025-06-30","amount":"200000.00"}]}"""
    ) == {
        "interest": "25563.10",
        "doubled": "19661.51",
        "segments": [
            {"kind": "interest", "from": "2024-07-01", "to": "2025-06-29", "days": 364, "base": "500000.00", "amount": "19197.26"},
            {"kind": "doubled", "from": "2025-03-19", "to": "2025-06-30", "days": 104, "base": "500000.00", "amount": "9100.00"},
            {"kind": "interest", "from": "2025-06-30", "to": "2025-12-30", "days": 184, "base": "327997.26", "amount": "6365.84"},
            {"kind": "doubled", "from": "2025-07-01", "to": "2025-12-31", "days": 184, "base": "327997.26", "amount": "10561.51"},
        ],
        "paid": {"costs": "8800.00", "interest": "19197.26", "principal": "172002.74", "doubled": "0.00"},
        "surplus": "0.00",
        "due": {"costs": "0.00", "interest": "6365.84", "principal": "327997.26", "doubled": "19661.51", "total": "354024.61"},
    }  # fmt: skip


def test_the_rest_of_the_example_paid_on_the_last_day_leaves_nothing():
    found = asked(
        """{"calc":"interest","principal":"500000.00","costs":"8800.00","expiry":"2025-03-18","until":"2025-12-31",
        "general":[{"from":"2024-07-01","annual_rate":"3.85"}],"payments":[{"date":"2025-06-30","amount":"200000.00"},
        {"date":"2025-12-31","amount":"354024.61"}]}"""
    )
    assert (found["due"]["total"], found["surplus"]) == ("0.00", "0.00")


def test_domain_example_1_simple():
    found = result(**SIMPLE)
    assert found["segments"] == [
        {"kind": "doubled", "from": "2025-03-12", "to": "2025-12-31", "days": 295, "base": "100000.00", "amount": "5162.50"}
    ]  # fmt: skip
    assert found["due"]["total"] == "105162.50"


def test_domain_example_3_holiday_excluded_days_and_sale():
    found = result(
        calc="interest",
        principal="1200000",
        expiry="2026-02-24",
        until="2026-12-31",
        excluded=[{"from": "2026-04-01", "to": "2026-05-31"}],
        payments=[{"date": "2026-09-10", "amount": "900000"}],
    )
    # Until the sale the whole debt bears interest, 137 days; afterwards the rest, 112 more.
    assert [(part["days"], part["amount"]) for part in found["segments"]] == [
        (137, "28770.00"),
        (112, "5880.00"),
    ]
    assert found["doubled"] == "34650.00"
    assert found["due"]["principal"] == "300000.00"


def test_excluded_days_at_the_edges_are_not_the_first_or_last_counted():
    found = result(
        **SIMPLE,
        excluded=[
            {"from": "2025-03-01", "to": "2025-03-20"},
            {"from": "2025-03-15", "to": "2025-03-31"},
            {"from": "2025-12-25", "to": "2026-01-05"},
        ],
    )
    segment = found["segments"][0]
    assert (segment["from"], segment["to"], segment["days"]) == ("2025-04-01", "2025-12-24", 268)


def test_days_wholly_excluded_leave_no_segment():
    found = result(**SIMPLE, excluded=[{"from": "2025-03-01", "to": "2026-03-01"}])
    assert (found["segments"], found["doubled"]) == ([], "0.00")


def test_money_of_one_day_is_added_up_and_what_is_left_is_surplus():
    found = result(
        **SIMPLE,
        payments=[
            {"date": "2025-03-11", "amount": "60000"},
            {"date": "2025-03-11", "amount": "60000.50"},
        ],
    )
    assert (found["segments"], found["surplus"], found["due"]["total"]) == ([], "20000.50", "0.00")


def test_the_last_day_counts_for_general_interest_when_asked():
    general = [{"from": "2025-12-01", "annual_rate": "3.65"}]
    days = [
        result(**SIMPLE, general=general, count_last_day=last)["segments"][0]["days"]
        for last in (False, True)
    ]
    assert days == [30, 31]


def test_rates_change_by_segment_and_open_ones_run_to_the_end():
    found = result(
        **{**SIMPLE, "principal": "365000"},
        general=[
            {"from": "2025-07-01", "daily_rate": "0.01"},
            {"from": "2025-01-01", "to": "2025-06-30", "annual_rate": "3.6"},
        ],
        year_days=360,
        doubled_rate="0",
    )
    assert [(part["kind"], part["from"], part["to"], part["days"], part["amount"]) for part in found["segments"]] == [
        ("interest", "2025-01-01", "2025-06-30", 181, "6606.50"),
        ("interest", "2025-07-01", "2025-12-30", 183, "6679.50"),
        ("doubled", "2025-03-12", "2025-12-31", 295, "0.00"),
    ]  # fmt: skip


def test_costs_bear_doubled_interest_only_when_asked():
    assert result(**SIMPLE, costs="10000")["doubled"] == "5162.50"
    assert result(**SIMPLE, costs="10000", costs_in_base=True)["doubled"] == "5678.75"


def test_an_agreed_order_of_payment_is_followed():
    found = result(
        **SIMPLE,
        order=["doubled", "principal", "interest", "costs"],
        payments=[{"date": "2025-12-31", "amount": "6162.50"}],
    )
    assert found["paid"] == {
        "costs": "0.00",
        "interest": "0.00",
        "principal": "1000.00",
        "doubled": "5162.50",
    }


def test_payments_before_the_period_ends_reduce_the_base():
    found = result(**SIMPLE, payments=[{"date": "2025-02-01", "amount": "40000"}])
    assert [part["base"] for part in found["segments"]] == ["60000.00"]


def test_a_debt_not_yet_due_bears_no_doubled_interest():
    assert (
        result(calc="interest", principal="1", expiry="2026-03-11", until="2026-03-11")["segments"]
        == []
    )


def test_changing_the_rate_of_the_law_changes_the_answer():
    rules = changed("rules/interest.toml", 'doubled_rate = "0.0175"', 'doubled_rate = "0.0350"')
    assert result(rules, **SIMPLE)["doubled"] == "10325.00"


RATE = {"from": "2025-01-01", "annual_rate": "3.85"}


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("negative_amount", {"principal": "-1"}),
        ("bad_amount", {"principal": 100}),
        ("bad_amount", {"principal": "1e5"}),
        ("bad_amount", {"costs": "1,000"}),
        ("bad_amount", {"costs": "1.005"}),
        ("bad_amount", {"payments": [{"date": "2025-06-01", "amount": ""}]}),
        ("missing_field", {"principal": None}),
        ("missing_field", {"expiry": None}),
        ("missing_field", {"payments": [{"date": "2025-06-01"}]}),
        ("bad_date", {"until": "2025-02-30"}),
        ("old_law", {"expiry": "2014-07-31"}),
        ("bad_order", {"payments": [{"date": "2026-01-01", "amount": "1"}]}),
        ("bad_order", {"order": ["costs", "interest", "principal"]}),
        ("bad_order", {"order": ["costs", "interest", "principal", "principal"]}),
        ("bad_order", {"order": "costs"}),
        ("bad_pause", {"excluded": [{"from": "2025-06-02", "to": "2025-06-01"}]}),
        ("bad_rate", {"general": [{"from": "2025-01-01"}]}),
        ("bad_rate", {"general": [{**RATE, "daily_rate": "0.01"}]}),
        ("bad_rate", {"general": [{"from": "2025-01-01", "annual_rate": "1000"}]}),
        ("bad_rate", {"general": [{"from": "2025-01-01", "annual_rate": "-1"}]}),
        ("bad_rate", {"general": [{"from": "2025-01-01", "annual_rate": "3.1234567"}]}),
        ("bad_rate", {"general": [{"from": "2025-01-01", "annual_rate": 3.85}]}),
        ("bad_rate", {"doubled_rate": 0.0175}),
        ("bad_rate", {"year_days": 366}),
        ("bad_rate", {"year_days": "365"}),
        ("bad_segment", {"general": [RATE, {"from": "2025-06-01", "annual_rate": "4"}]}),
        ("bad_segment", {"general": [{**RATE, "to": "2024-12-31"}]}),
        ("bad_value", {"count_last_day": 1}),
        ("bad_value", {"payments": {"date": "2025-06-01", "amount": "1"}}),
        ("unknown_field", {"intrest": "1"}),
    ],
)
def test_what_interest_refuses(code, more):
    assert refusal(**{**SIMPLE, **more}) == code


def test_the_first_day_of_the_new_law_is_computed():
    assert (
        result(calc="interest", principal="1", expiry="2014-08-01", until="2014-08-02")["doubled"]
        == "0.00"
    )


CENTS = st.integers(0, 10**8).map(money.of_cents)
PAYMENTS = st.lists(st.tuples(st.dates(date(2025, 1, 1), date(2025, 12, 31)), CENTS), max_size=4)


@given(principal=CENTS, costs=CENTS, payments=PAYMENTS)
def test_every_cent_received_is_paid_on_something_or_left_over(principal, costs, payments):
    debt = interest.Debt(
        principal, date(2025, 3, 1), date(2025, 12, 31), costs, payments=payments,
        general=[interest.Rate(date(2024, 5, 1), None, Decimal("3.85"), by_year=True)],
    )  # fmt: skip
    account = interest.compute(delivered(), debt)
    received = money.total(amount for _, amount in payments)
    assert money.total([*account.paid.values(), account.surplus]) == received
    assert account.open["principal"] == principal - account.paid["principal"]
    for kind in ("interest", "doubled"):
        assert account.accrued(kind) == account.paid[kind] + account.open[kind]
    assert min(account.open.values()) >= 0


@given(
    payments=st.lists(st.tuples(st.dates(date(2025, 1, 1), date(2025, 12, 31)), st.integers(1, 300)), max_size=4),
    gaps=st.lists(st.tuples(st.dates(date(2025, 1, 1), date(2025, 12, 1)), st.integers(0, 60)), max_size=3),
)  # fmt: skip
def test_doubled_interest_equals_a_count_of_single_days(payments, gaps):
    """Each day after the period bears interest on what was open when it began, unless it is excluded."""
    excluded = [Span(first, first + timedelta(days=more)) for first, more in gaps]
    debt = interest.Debt(
        Decimal("1000.00"), date(2025, 3, 1), date(2025, 12, 31), excluded=excluded,
        payments=[(day, Decimal(amount)) for day, amount in payments], order=("principal", "interest", "costs", "doubled"),
    )  # fmt: skip
    account = interest.compute(delivered(), debt)
    left, exact, day = Fraction(1000), Fraction(0), date(2024, 12, 31)
    while day < date(2025, 12, 31):
        day += timedelta(days=1)
        if day > date(2025, 3, 1) and not any(span.first <= day <= span.last for span in excluded):
            exact += left * Fraction("0.000175")
        left -= min(left, sum(amount for paid, amount in payments if paid == day))
    assert abs(Fraction(account.accrued("doubled")) - exact) <= Fraction(len(account.segments), 200)
