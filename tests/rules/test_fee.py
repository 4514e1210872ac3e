from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casefile.rules import delivered, fee, money

from .asking import changed, refusal, result


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1234567.89", "14745.68"),
        ("0", "0.00"),
        ("0.01", "50.00"),
        ("8000", "50.00"),
        ("10000", "50.00"),
        ("10000.01", "50.00"),
        ("10000.34", "50.01"),
        ("80000", "1100.00"),
        ("500000", "7400.00"),
        ("600000", "8400.00"),
        ("1200000", "14400.00"),
        ("5000000", "52400.00"),
        ("10000000", "77400.00"),
        ("12000000", "79400.00"),
        ("12000000.5", "79400.00"),
        ("99999999999999999999.99", "100000000000067400.00"),
    ],
)
def test_the_tariff(amount, expected):
    assert result(calc="fee", amount=amount) == {"fee": expected}


def test_a_case_without_an_amount_has_a_range():
    assert result(calc="fee", no_amount=True) == {"min": "50.00", "max": "500.00"}


@given(cents=st.integers(1, 10**12))
def test_the_fee_is_the_sum_of_every_slice_rounded_once(cents):
    amount = Fraction(cents, 100)
    slices = [(10_000, 500_000, "0.015"), (500_000, 5_000_000, "0.01"), (5_000_000, 10_000_000, "0.005"), (10_000_000, None, "0.001")]  # fmt: skip
    exact = Fraction(50) + sum(
        max(Fraction(0), (amount if top is None else min(amount, Fraction(top))) - low)
        * Fraction(rate)
        for low, top, rate in slices
    )
    found = fee.of_amount(delivered(), money.of_cents(cents))
    assert -Fraction(1, 200) <= exact - Fraction(found) < Fraction(1, 200)
    assert found.as_tuple().exponent == -2


def test_half_a_cent_is_rounded_up():
    assert money.half_up(Fraction(5, 1000)) == Decimal("0.01")
    assert money.half_up(Fraction(4999, 1000000)) == Decimal("0.00")
    assert money.half_up(Fraction(-5, 1000)) == Decimal("-0.01")


def test_changing_one_number_changes_the_fee():
    rules = changed("rules/fees.toml", 'rate = "1.5"', 'rate = "1.2"')
    assert result(rules, calc="fee", amount="80000")["fee"] == "890.00"


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("negative_amount", {"amount": "-0.01"}),
        ("bad_amount", {"amount": "-0.001"}),
        ("bad_amount", {"amount": 8}),
        ("bad_amount", {"amount": "1e5"}),
        ("bad_amount", {"amount": "1,000"}),
        ("bad_amount", {"amount": "8.123"}),
        ("bad_amount", {"amount": "８"}),
        ("bad_amount", {"amount": " 8"}),
        ("bad_amount", {"amount": "8."}),
        ("bad_amount", {"amount": "+8"}),
        ("bad_amount", {"amount": ""}),
        ("bad_amount", {"amount": "9" * 10000}),
        ("bad_amount", {"amount": ["8"]}),
        ("missing_field", {}),
        ("missing_field", {"no_amount": False}),
        ("bad_value", {"amount": "8", "no_amount": True}),
        ("bad_value", {"no_amount": "true"}),
        ("unknown_field", {"amont": "8"}),
    ],
)
def test_what_a_fee_refuses(code, case):
    assert refusal(calc="fee", **case) == code


@pytest.mark.parametrize("amount", ["8", "8.5", "8.50", "08"])
def test_amounts_may_be_written_short(amount):
    assert result(calc="fee", amount=amount) == {"fee": "50.00"}
