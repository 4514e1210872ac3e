"""Amounts and dates as courts write them: 壹拾贰万元整, 二〇二六年十一月二十三日."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import EngineError

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_NUMERALS = "〇一二三四五六七八九"
_FULL_GROUP = 1000  #: a group of four digits that begins with none of 零
_LARGEST_NUMERAL = 99
_LARGEST = Decimal(10) ** 16
_AMOUNT = re.compile(r"\d{1,16}(?:\.\d{1,2})?", re.ASCII)


class AmountInvalid(EngineError):
    """金额应为不小于零、最多两位小数的数"""

    code = "amount_invalid"


class DateInvalid(EngineError):
    """日期应为年、月、日齐全的真实日期"""

    code = "date_invalid"


class NumberInvalid(EngineError):
    """汉字数字只能写零至九十九的整数"""

    code = "number_invalid"


def amount(value: Any) -> Decimal:
    """Yuan with exactly two places. Half a 分, a negative sum and a float are refused, never rounded."""
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise AmountInvalid(str(value))
    yuan = Decimal(value)
    if not yuan.is_finite() or not 0 <= yuan < _LARGEST or yuan * 100 % 1:
        raise AmountInvalid(str(value))
    return yuan.quantize(Decimal("0.01"))


def figures(value: Any) -> str:
    """``1230456.70``: two places, no separators, so that a search for the number finds it."""
    return f"{amount(value):f}"


def capitals(value: Any) -> str:
    """The amount in the characters of 《正确填写票据和结算凭证的基本规定》, with 元, 角, 分."""
    fen = int(amount(value) * 100)
    yuan, jiao, cent = fen // 100, fen // 10 % 10, fen % 10
    if not fen:
        return "零元整"
    text = f"{_capital_integer(yuan)}元" if yuan else ""
    if not jiao and not cent:
        return f"{text}整"
    if jiao:
        text += f"{_CAPITALS[jiao]}角"
    elif yuan:
        text += "零"
    return text + (f"{_CAPITALS[cent]}分" if cent else "")


def _capital_integer(number: int) -> str:
    groups = []
    while number:
        groups.append(number % 10000)
        number //= 10000
    text, gap = "", False
    for position in reversed(range(len(groups))):
        group = groups[position]
        # One 零 stands for any run of noughts inside the number, never for those at its end.
        if group and text and (gap or group < _FULL_GROUP):
            text += "零"
        if group:
            text += _capital_group(group) + _group_name(position, groups)
        gap = not group
    return text


def _group_name(position: int, groups: list[int]) -> str:
    # 万亿 before more 亿 is written once: 壹万零伍佰亿, not 壹万亿零伍佰亿.
    if position == len(_GROUPS) - 1 and groups[2]:
        return "万"
    return _GROUPS[position]


def _capital_group(group: int) -> str:
    text, gap = "", False
    for power in reversed(range(4)):
        digit = group // 10**power % 10
        if digit:
            text += ("零" if gap else "") + _CAPITALS[digit] + _PLACES[power]
            gap = False
        else:
            gap = bool(text)
    return text


def numeral(value: Any) -> str:
    """十五 for 15: days, counts and the numbers of items, 0 to 99."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}", value, re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_NUMERAL:
        raise NumberInvalid(str(value))
    if not value:
        return "零"
    tens, ones = divmod(value, 10)
    head = ("" if tens == 1 else _NUMERALS[tens]) + "十" if tens else ""
    return head + (_NUMERALS[ones] if ones else "")


def day(value: Any) -> date:
    """The court's day of a date, an aware moment (Asia/Shanghai) or ``2026-11-23``."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise DateInvalid(f"{value}没有时区")
        return value.astimezone(_SHANGHAI).date()
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and len(value) == len("2026-11-23"):
            return date.fromisoformat(value)
        if isinstance(value, str) and "T" in value:
            return day(datetime.fromisoformat(value))
    except ValueError:
        raise DateInvalid(value) from None
    raise DateInvalid(str(value))


def written_date(value: Any) -> str:
    """二〇二六年十一月二十三日, as on the line that is sealed."""
    found = day(value)
    year = "".join(_NUMERALS[int(digit)] for digit in f"{found.year:04d}")
    return f"{year}年{numeral(found.month)}月{numeral(found.day)}日"


def plain_date(value: Any) -> str:
    """2026年11月23日, as inside a sentence."""
    found = day(value)
    return f"{found.year}年{found.month}月{found.day}日"
