"""What expressions give, written as FEEL on both sides where that can be."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, getcontext

import pytest

from engine import clock, feel

TRUE = [
    "0.1 + 0.2 = 0.3",
    "12345678901234567890 + 1 = 12345678901234567891",
    "-2 ** 2 = 4",
    "2 + 3 * 4 ** 2 / 8 = 8",
    "10 - 4 - 3 = 3",
    "5 - - 3 = 8",
    "7 between 5 and 9",
    "1 in [1..3)",
    "not(3 in [1..3))",
    "2 in (1..3)",
    "5 in (> 3, < 2)",
    "4 in ((1 + 1) * 2)",
    "3 in ]1..5[",
    '"b" in ["a", "b"]',
    "(1 in (0..2)) and (2 in (< 3))",
    '"2024-02-01" > "2024-01-31"',
    "if 1 > 2 then false else true",
    "(if null then 1 else 2) = 2",
    "[1, 2, 3][item > 1] = [2, 3]",
    "[1, 2, 3][-1] = 3",
    "[1, 2, 3][7] = null",
    "[{a: 1, b: 2}, {a: 3, b: 4}][a > 1].b = [4]",
    "{a: 1, b: a + 1}.b = 2",
    '{"甲 乙": 7}.甲 乙 = 7',
    "(for i in 1..3, j in i..3 return i * j) = [1, 2, 3, 4, 6, 9]",
    "(for i in 3..1 return i) = [3, 2, 1]",
    "(for i in 1..4 return if i < 3 then i else partial[-1] + partial[-2]) = [1, 2, 3, 5]",
    "every x in [] satisfies false",
    "some x in [1, 2] satisfies x > 1",
    "(some x in [1, null] satisfies x > 5) = null",
    "{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(20)}.r = 2432902008176640000",
    "(function(a: number, b: number) a - b)(b: 1, a: 3) = 2",
    '(function(a: number) a)("x") = null',
    "1 instance of number and not(null instance of number)",
    "[1, 2] instance of list<number>",
    '{a: "x"} instance of context<a: string>',
    '@"2024-03-01" instance of date',
    "(1 and true) = null and (false and null) = false and (true or null) = true",
    '("a" + 1) = null and (null > 1) = null and (1 / 0) = null',
    'date("2024-01-31") + duration("P1M") = date("2024-02-29")',
    '(date("2024-03-01") - date("2024-02-01")).days = 29',
    'date("2024-02-30") = null',
    'date and time("2024-01-01T00:00:00+08:00") = date and time("2023-12-31T16:00:00Z")',
    'time("23:00:00") + duration("PT2H") = time("01:00:00")',
    '@"P1Y2M" > @"P13M"',
    "[1..3] = [1..3] and (< 3) = (< 3)",
    "[1..5].start = 1 and not((1..5].start included)",
    "// a remark\n1 = /* another */ 1",
]


@pytest.mark.parametrize("text", TRUE)
def test_holds(text: str) -> None:
    assert feel.evaluate(text, {}) is True


def test_numbers_keep_34_digits_and_the_threads_own_context_is_left_alone() -> None:
    before = getcontext().prec
    assert feel.evaluate("1 / 3", {}) == Decimal("0." + "3" * 34)
    assert getcontext().prec == before


def test_chinese_names_are_names() -> None:
    context = {"金额": 200_000, "状态": "立案", "案 号": "x", "金额（元）": 3}
    assert feel.evaluate('金额 > 100000 and 状态 = "立案"', context) is True
    assert feel.evaluate('案 号 + "y"', context) == "xy"
    assert feel.evaluate("金额（元） * 2", context) == 6


def test_a_name_with_a_sign_in_it_is_one_name_where_it_is_known() -> None:
    assert feel.evaluate("执行-标的", {"执行": 7, "标的": 2}) == 5
    assert feel.evaluate("执行-标的", {"执行": 7, "标的": 2, "执行-标的": 99}) == 99


def test_an_expression_tells_what_it_reads() -> None:
    expression = feel.compile(
        "案件.执行标的 > 限额 and (for x in 明细 return x.金额)[1] > count(案件.当事人.姓名)"
    )
    assert expression.names == {"案件", "限额", "明细"}
    assert expression.paths == {"案件.执行标的", "案件.当事人", "案件.当事人.姓名"}


def test_what_was_taken_as_null_is_told_with_its_place() -> None:
    found = feel.compile('甲 > 1\nor "a" < 2').run({})
    assert found.value is None
    assert found.warnings == (
        "第1行第1列，没有变量「甲」，按空值处理",
        "第1行第3列，空值与数字之间不能比较 >，按空值处理",
        "第2行第8列，文字与数字之间不能比较 <，按空值处理",
    )


class Facts(dict):  # type: ignore[type-arg]
    """Counts what is asked for; refuses to be read as a whole."""

    def __init__(self, **entries: object) -> None:
        super().__init__()
        self.entries = entries
        self.asked: list[str] = []

    def __getitem__(self, name: str) -> object:
        self.asked.append(name)
        return self.entries[name]

    def __iter__(self):
        raise AssertionError("read as a whole")

    keys = values = items = __len__ = __iter__  # type: ignore[assignment]


def test_a_lazy_context_is_asked_only_for_what_is_needed_and_once() -> None:
    case = Facts(标的=5, 期限=date(2026, 3, 1))
    context = Facts(案件=case, 限额=3, 别的=1)
    assert feel.compile("案件.标的 > 限额 and 案件.标的 < 9").evaluate(context) is True
    assert context.asked == ["案件", "限额"]
    assert case.asked == ["标的"]


def test_an_error_of_the_host_is_not_taken_for_null() -> None:
    class Broken(Facts):
        def __getitem__(self, name: str) -> object:
            raise ValueError("the database is away")

    with pytest.raises(ValueError, match="away"):
        feel.evaluate("(function(x) x + 甲)(1)", Broken())


def test_now_is_the_engines_clock_in_court_time() -> None:
    clock.move(timedelta(days=400))
    try:
        moment = feel.evaluate("now()", {})
        assert abs(moment - clock.now()) < timedelta(seconds=5)
        assert moment.utcoffset() == timedelta(hours=8)
        assert feel.evaluate("today()", {}) == moment.date()
    finally:
        clock.reset()


def test_the_date_of_a_stored_moment_is_the_courts_day() -> None:
    evening = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
    assert feel.evaluate("date(送达时间)", {"送达时间": evening}) == date(2026, 3, 2)
    assert feel.evaluate("送达时间", {"送达时间": evening}) == evening


@pytest.mark.parametrize(
    ("text", "value", "passes"),
    [
        ("-", None, True),
        ('"拘留","罚款"', "罚款", True),
        ('not("拘留","罚款")', "罚款", False),
        ("[1..5]", 5, True),
        ("[1..5)", 5, False),
        ("> 100000", 100_000, False),
        ("< 3, > 7", 8, True),
        ("? * 2 > 10", 6, True),
        ('contains(?, "市")', "临江市", True),
        ("null", None, True),
        ("> 5", None, None),
        ("> 5", "六", None),
        ('date("2026-01-01")', date(2026, 1, 1), True),
        ('>= date("2026-01-01")', date(2025, 12, 31), False),
        ("not(true)", True, False),
        ("not(?) and false", True, False),
        ("[1, 2, 3]", 2, True),
        ("true", True, True),
    ],
)
def test_cells(text: str, value: object, passes: bool | None) -> None:
    assert feel.unary_tests(text).matches(value, {}) is passes
