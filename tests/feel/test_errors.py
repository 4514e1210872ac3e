"""Every fault has a place and a sentence that says what to do."""

import pytest

from engine import feel
from engine.errors import EngineError

FAULTS = [
    ("1 +", 1, 4, "这里应当是一个值，却已到结尾"),
    ("金额＞1", 1, 3, "「＞」是全角符号，请改用半角的 >"),
    ("状态 = “立案”", 1, 6, '「“」是中文引号，文字请用英文双引号 " 括起来'),
    ("a，b", 1, 2, "「，」是全角符号，请改用半角的 ,"),
    ("１", 1, 1, "「１」是全角符号，请改用半角的 1"),
    ("a ≥ 1", 1, 3, "「≥」是全角符号，请改用半角的 >="),
    ("x == 1", 1, 3, "不能写「==」，判断相等只写一个 ="),
    ("x <> 1", 1, 3, "不能写「<>」，判断不相等写作 !="),
    ("a &&\nb", 1, 3, "不能写「&&」，「并且」写作 and"),
    ("状态 = '立案'", 1, 6, "不能写「'」，文字要放在英文双引号 \" 里"),
    ("a\nand\n(b", 3, 3, "这里应当是「)」，却已到结尾"),
    ('"立案', 1, 1, "英文双引号没有成对"),
    ("a b", 1, 3, "表达式到此应当结束，却是「b」"),
    ("if a then b", 1, 12, "这里应当是「else」，却已到结尾"),
    ("f(a: 1, 2)", 1, 2, "参数要么全部写名称，要么全部不写"),
    ("[1..2", 1, 6, "区间没有结束，这里应当是「]」或「)」，却已到结尾"),
    ("#", 1, 1, "不认识的符号「#」"),
    ("", 1, 1, "这里应当是一个值，却已到结尾"),
    ("/* a", 1, 1, "注释没有以 */ 结束"),
]


@pytest.mark.parametrize(("text", "line", "column", "reason"), FAULTS)
def test_a_fault_is_told_with_line_and_column(
    text: str, line: int, column: int, reason: str
) -> None:
    with pytest.raises(feel.FeelError) as found:
        feel.compile(text)
    assert (found.value.line, found.value.column) == (line, column)
    assert found.value.reason == reason
    assert isinstance(found.value, EngineError)
    assert str(found.value) == f"表达式有误：第{line}行第{column}列，{reason}"


def test_full_width_signs_are_welcome_in_texts() -> None:
    assert feel.evaluate('"（元）：“好”！"', {}) == "（元）：“好”！"


def test_a_misspelt_name_is_an_error_when_the_names_are_known() -> None:
    with pytest.raises(feel.FeelError, match="没有名为「金頟」的变量，是否想写「金额」"):
        feel.compile("状态 = 1 and 金頟 > 1", names={"金额", "状态"})
    with pytest.raises(feel.FeelError, match="没有名为「sumn」的变量，是否想写「sum」"):
        feel.compile("sumn(金额)", names={"金额"})


@pytest.mark.parametrize(
    "text",
    [
        "for x in 明细 return x.金额 + count(partial)",
        "some x in 明细, y in x.项 satisfies y > 1",
        "明细[金额 > 1 and item.状态 = 2]",
        "{a: 1, b: a, f: function(n) f(n - 1) + 明细}.b",
        "(function(甲, 乙) 甲 + 乙)(1, 明细)",
        "sort(明细, function(a, b) a.金额 < b.金额)",
        "明细 in (< 1, [2..3])",
    ],
)
def test_names_that_the_expression_introduces_are_known(text: str) -> None:
    assert feel.compile(text, names={"明细"}).names == {"明细"}


def test_an_introduced_name_is_unknown_outside() -> None:
    with pytest.raises(feel.FeelError, match="「x」"):
        feel.compile("(for x in [1] return x) = x", names=())
    with pytest.raises(feel.FeelError, match="「item」"):
        feel.compile("[1][item > 0] = item", names=())
    with pytest.raises(feel.FeelError, match=r"「\?」"):
        feel.compile("? > 1", names=())
    assert feel.unary_tests("? > 1", names=()).matches(2, {}) is True


def test_a_known_variable_hides_a_built_in() -> None:
    expression = feel.compile("count + 1", names={"count"})
    assert expression.names == {"count"}
    assert expression.evaluate({"count": 1}) == 2
