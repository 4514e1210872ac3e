from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents import words


@pytest.mark.parametrize(
    ("yuan", "capitals"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("10.5", "壹拾元伍角"),
        ("1004", "壹仟零肆元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("1000000", "壹佰万元整"),
        ("10500000", "壹仟零伍拾万元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("100000001", "壹亿零壹元整"),
        ("1230456.78", "壹佰贰拾叁万零肆佰伍拾陆元柒角捌分"),
        ("1000500000000", "壹万零伍亿元整"),
        ("1000000000000", "壹万亿元整"),
    ],
)
def test_amounts_are_written_in_capitals(yuan, capitals):
    assert words.capitals(Decimal(yuan)) == capitals
    assert words.capitals(yuan) == capitals


NOT_MONEY = [Decimal("1230456.785"), Decimal("-0.01"), Decimal("NaN"), Decimal("Infinity")]
NOT_MONEY += [Decimal(10) ** 16, 1.5, 100000.0, -1, True, None, "1,000", "１００", "", "1e5"]


@pytest.mark.parametrize("wrong", NOT_MONEY)
def test_amounts_that_are_no_sum_of_money_are_refused_not_rounded(wrong):
    with pytest.raises(words.AmountInvalid):
        words.capitals(wrong)
    with pytest.raises(words.AmountInvalid):
        words.figures(wrong)


def test_figures_always_have_two_places():
    assert words.figures(Decimal("1E+5")) == "100000.00"
    assert words.figures("100000") == "100000.00"
    assert words.figures(Decimal("0.5")) == "0.50"


def _amount_in_capitals(text: str) -> int:
    """An independent reading of the capitals, in 分."""
    digits = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
    text = text.removesuffix("整")
    whole, _, rest = text.partition("元") if "元" in text else ("", "", text)
    total = group = digit = 0
    for sign in whole:
        if sign in digits:
            digit = digits[sign]
        elif sign in "拾佰仟":
            group += digit * {"拾": 10, "佰": 100, "仟": 1000}[sign]
            digit = 0
        else:
            scale = 10**4 if sign == "万" else 10**8
            total = (
                (total + group + digit) * scale if sign == "亿" else total + (group + digit) * scale
            )
            group = digit = 0
    fen = (total + group + digit) * 100
    for sign, unit in zip(
        rest[::2] if not rest.startswith("零") else rest[1::2],
        rest[1::2] if not rest.startswith("零") else rest[2::2],
        strict=False,
    ):
        fen += digits[sign] * {"角": 10, "分": 1}[unit]
    return fen


@given(st.integers(0, 10**14 - 1))
def test_capitals_can_be_read_back(fen):
    assert _amount_in_capitals(words.capitals(Decimal(fen) / 100)) == fen


def test_dates_are_written_as_courts_write_them():
    assert words.written_date(date(2026, 11, 23)) == "二〇二六年十一月二十三日"
    assert words.written_date("2030-10-20") == "二〇三〇年十月二十日"
    assert words.plain_date("2026-01-05") == "2026年1月5日"


def test_a_moment_falls_on_the_courts_day():
    assert words.day(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    "wrong", ["2026-02-30", "2026/1/5", "昨天", "", None, 20260105, datetime(2026, 1, 1)]
)
def test_dates_that_do_not_exist_are_refused(wrong):
    with pytest.raises(words.DateInvalid):
        words.written_date(wrong)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (15, "十五"), ("20", "二十"), (99, "九十九")]
)
def test_small_numbers_are_written_in_words(number, text):
    assert words.numeral(number) == text


@pytest.mark.parametrize("wrong", [-1, 100, 1.5, "十", None, True])
def test_numbers_beyond_two_digits_are_refused(wrong):
    with pytest.raises(words.NumberInvalid):
        words.numeral(wrong)
