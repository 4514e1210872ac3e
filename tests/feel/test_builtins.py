"""Built-ins by family: each line is a FEEL expression that must be true."""

import pytest

from engine import feel
from engine.feel.builtins import BUILTINS

FAMILIES = {
    "strings": """
substring("执行裁定书", 3, 2) = "裁定"
substring("abc", -2) = "bc"
substring("abc", 0) = null
string length("😀a") = 2
upper case("ab") + lower case("AB") = "ABab"
contains("abc", "") and starts with("abc", "ab") and ends with("abc", "bc")
substring before("a-b", "-") = "a" and substring after("a-b", "-") = "b"
substring before("ab", "-") = "" and substring after("ab", "-") = ""
matches("2026苏0199执1", "^[0-9]{4}") and matches("ABC", "b", "i")
matches("a", "(") = null
replace("a1b22", "([0-9]+)", "<$1>") = "a<1>b<22>"
replace("aaa", "a*", "b") = null
split("a,b,c", ",") = ["a", "b", "c"]
string join(["甲", null, "乙"], "、") = "甲、乙"
string join([1], "") = null
""",
    "numbers": """
decimal(2.5, 0) = 2 and decimal(1.115, 2) = 1.12
round half up(2.5, 0) = 3 and round half down(2.5, 0) = 2
round up(1.1, 0) = 2 and round down(-1.9, 0) = -1
floor(-1.5) = -2 and ceiling(-1.5) = -1 and floor(1.56, 1) = 1.5
abs(-3) = 3 and abs(@"-P1D") = @"P1D" and abs(@"-P1Y") = @"P1Y"
modulo(-5, 3) = 1 and modulo(5, -3) = -1 and modulo(1, 0) = null
odd(3) and even(4) and not(odd(2.5)) and not(even(2.5)) and even(10 ** 40)
sqrt(16) = 4 and sqrt(-1) = null
log(exp(1)) > 0.9999 and log(0) = null
decimal(1, 100000) = null
""",
    "statistics": """
min(3, 1, 2) = 1 and max(["a", "c", "b"]) = "c" and min([]) = null and max([1, "a"]) = null
max(@"2026-01-01", @"2025-01-01") = @"2026-01-01"
sum([10.1, 20.2]) = 30.3 and sum([]) = null and sum(@"PT1H", @"PT2H") = @"PT3H"
sum([1, "a"]) = null
mean(1, 2, 3) = 2 and median([1, 2, 3, 4]) = 2.5 and product(2, 3) = 6
mode([1, 1, 2, 2]) = [1, 2] and stddev(2, 4, 7, 5) > 2.08 and stddev([1]) = null
all([true, true]) and not(all([true, false, null])) and all([true, null]) = null
any([false, true]) and not(any([])) and any([false, null]) = null
""",
    "lists": """
list contains([1, null], null) and not(list contains([1], 2))
count([]) = 0 and count(1) = 1
append([1], 2, 3) = [1, 2, 3] and concatenate([1], [2], 3) = [1, 2, 3]
insert before([1, 3], 2, 2) = [1, 2, 3] and remove([1, 2], -1) = [1] and remove([1], 2) = null
sublist([1, 2, 3], -2, 1) = [2] and sublist([1], 1, 2) = null
union([1, 2], [2, 3]) = [1, 2, 3] and distinct values([1, 1, null, null]) = [1, null]
reverse([1, 2]) = [2, 1] and index of([1, 2, 1], 1) = [1, 3] and flatten([1, [2, [3]]]) = [1, 2, 3]
sort([3, 1, 2]) = [1, 2, 3] and sort([1, 2], function(a, b) a > b) = [2, 1]
list replace([1, 2], 2, 9) = [1, 9] and list replace([1, 2], function(i, n) i > 1, 9) = [1, 9]
""",
    "contexts": """
get value({a: 1}, "a") = 1 and get value({a: {b: 2}}, ["a", "b"]) = 2
get entries({a: 1}) = [{key: "a", value: 1}]
context([{key: "a", value: 1}]) = {a: 1} and context([{key: "a"}]) = null
context put({a: 1}, "b", 2) = {a: 1, b: 2} and context put({a: {b: 1}}, ["a", "b"], 2) = {a: {b: 2}}
context put({a: 1}, ["a", "b"], 2) = null
context merge([{a: 1}, {a: 2, b: 3}]) = {a: 2, b: 3}
""",
    "conversion": """
number("1 000,5", " ", ",") = 1000.5 and number("x") = null and number("1", ",", ",") = null
string(1.50) = "1.5" and string(null) = null and string([1, "a"]) = "[1, \\"a\\"]"
string(10 ** 5000) = "1E+5000"
string({a: @"2026-01-01", "b c": true}) = "{a: 2026-01-01, \\"b c\\": true}"
date(2026, 2, 28) = @"2026-02-28" and date(2026, 2, 30) = null and date("2026-2-1") = null
date(@"2026-02-28T10:00:00Z") = @"2026-02-28"
time(10, 30, 0) = @"10:30:00" and time("25:00:00") = null
string(time(10, 30, 0, @"PT8H")) = "10:30:00+08:00"
date and time(@"2026-02-28", @"10:00:00") = @"2026-02-28T10:00:00"
date and time("2026-02-28T24:00:00") = @"2026-03-01T00:00:00"
string(date and time("2026-02-28T10:00:00@Asia/Shanghai")) = "2026-02-28T10:00:00@Asia/Shanghai"
duration("P1DT1H") = @"PT25H" and duration("P1Y1D") = null and duration("P") = null
string(@"-P1Y2M") = "-P1Y2M" and string(@"PT90M") = "PT1H30M" and string(@"PT0S") = "PT0S"
not(false) and not(null) = null
is(@"10:00:00Z", @"10:00:00Z") and not(is(@"10:00:00Z", @"10:00:00+08:00")) and not(is(1, "1"))
string(date("12026-01-01")) = "12026-01-01" and date("-0044-03-15").year = -44
""",
    "temporal": """
day of week(@"2024-12-30") = "Monday" and month of year(@"2024-12-30") = "December"
week of year(@"2024-12-30") = 1 and day of year(@"2024-12-31") = 366
years and months duration(@"2024-01-31", @"2026-03-01") = @"P2Y1M"
years and months duration(@"2026-03-01", @"2024-01-31") = @"-P2Y1M"
@"2026-03-01T10:20:30.5Z".second = 30.5 and @"10:00:00+08:00".time offset = @"PT8H"
@"P1DT2H3M4S".hours = 2 and @"P15M".years = 1 and @"P15M".months = 3
@"2026-03-01".weekday = 7
""",
    "ranges": """
before(1, 2) and after([5..6], [1..5)) and meets([1..5], [5..6]) and met by([5..6], [1..5])
overlaps([1..5], [3..8]) and overlaps before([1..5], [3..8]) and overlaps after([3..8], [1..5])
finishes(5, [1..5]) and finished by([1..5], [3..5]) and starts([1..3], [1..5])
started by([1..5], 1) and includes([1..5], 3) and during(3, [1..5]) and coincides([1..2], [1..2])
before(null, 1) = null and before([1], 2) = null
range("[1..5)") = [1..5) and range("[2..1]") = null and range("[a..b]") = null
range("[@\\"2026-01-01\\"..@\\"2026-02-01\\"]").end = @"2026-02-01"
""",
}
LINES = [(family, line) for family, text in FAMILIES.items() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("family", "text"), LINES)
def test_family(family: str, text: str) -> None:
    assert feel.evaluate(text, {}) is True


def test_every_built_in_is_tried_above() -> None:
    tried = "\n".join(text for _, text in LINES)
    assert [name for name in BUILTINS if f"{name}(" not in tried] == ["now", "today"]


@pytest.mark.parametrize("name", sorted(BUILTINS))
@pytest.mark.parametrize("argument", ["null", "1", '"a"', "[]", "{}", "[1..2]", '@"P1D"', "true"])
def test_a_built_in_never_breaks_on_a_wrong_argument(name: str, argument: str) -> None:
    for count in range(5):
        feel.evaluate(f"{name}({', '.join([argument] * count)})", {})
