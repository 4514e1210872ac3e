"""The check of a DMN file: every fault at its element, none in a file that is right."""

import pytest

from engine import dmn
from tests.dmn.drawing import decision, file, function, input_data, knowledge, literal, model, table


def rules(*elements: str, names: set[str] | None = None) -> list[str]:
    return [each.rule for each in model(*elements).findings(names)]


def only(*elements: str, names: set[str] | None = None) -> dmn.Finding:
    (found,) = model(*elements).findings(names)
    return found


GOOD = table(
    "状态 | 金额 => 级别:number",
    '"立案" | < 100 => 1',
    '"立案" | >= 100 => 2',
    'not("立案") | - => 3',
)


def test_a_complete_table_has_no_findings() -> None:
    assert rules(decision("定级", GOOD), names={"状态", "金额"}) == []


def test_an_empty_cell_asks_nothing() -> None:
    text = table("x | y => a", "> 0 |  => 1", " | 1 => 2", policy="FIRST", defaults="0")
    empty = model(decision("d", text))
    assert empty.findings() == []
    assert [empty.decide("d", {"x": 1, "y": 5}), empty.decide("d", {"x": 0, "y": 1})] == [1, 2]


def test_an_unreadable_cell_is_told_with_its_place_in_the_table_and_in_the_text() -> None:
    found = only(decision("定级", table("状态 => a", '"立案" => 1', "“结案” => 2")))
    assert (found.rule, found.element, found.severity) == ("dmn-feel", "r2i0", "error")
    assert (found.text_line, found.text_column) == (1, 1)
    assert found.message == (
        '「定级」第2行「状态」列：「“」是中文引号，文字请用英文双引号 " 括起来（第1个字符），请改正。'
    )


def test_an_unknown_name_is_found_when_the_names_are_known() -> None:
    text = table("金頟 => a", "> 1 => 金额", policy="FIRST", defaults="0")
    found = only(decision("定级", text), names={"金额"})
    assert found.rule == "dmn-unknown-name"
    assert "没有名为「金頟」的变量，是否想写「金额」" in found.message
    assert rules(decision("定级", text)) == []


def test_names_inside_boxed_expressions_are_known_where_they_are_introduced() -> None:
    entry = '<contextEntry><variable name="{}"/>{}</contextEntry>'
    loop = f'<for iteratorVariable="i"><in>{literal("甲")}</in><return>{literal("i + k")}</return></for>'
    match = f"<filter><in>{literal('甲')}</in><match>{literal('金额 &gt; item.x')}</match></filter>"
    logic = (
        "<context>"
        + "".join(
            (
                entry.format("k", literal("甲")),
                entry.format("f", function("n", literal("n + k + f(1)"))),
                entry.format("l", loop),
                entry.format("m", match.replace("&amp;gt;", "&gt;")),
            )
        )
        + "</context>"
    )
    assert rules(decision("d", logic), names={"甲"}) == []
    assert rules(decision("d", logic), names={"乙"}) == ["dmn-unknown-name"] * 3


def test_a_file_with_input_data_warns_of_names_that_it_does_not_draw() -> None:
    found = only(input_data("输入x", "number"), decision("d", literal("输入x + 乙"), "输入x"))
    assert (found.rule, found.severity) == ("dmn-unknown-name", "warning")


def test_a_gap_is_described_by_a_situation() -> None:
    found = only(decision("d", table("金额 => a", "< 100 => 1", "> 100 => 2")))
    assert (found.rule, found.severity) == ("dmn-gap", "warning")
    assert "「金额」等于 100" in found.message


@pytest.mark.parametrize(
    "complete",
    [
        table("金额 => a", "< 100 => 1", "> 100 => 2", defaults="0"),
        table("金额 => a", "< 100 => 1", "> 100 => 2", policy="COLLECT"),
        table("有拍 => a", "true => 1", "false => 2"),
        table("s => a", '"甲" => 1', '"乙" => 2', allowed='"甲","乙"'),
        table("d => a", '< date("2026-01-01") => 1', '>= date("2026-01-01") => 2'),
        table("x => a", "> y => 1", "<= y => 2"),
    ],
)
def test_no_gap_where_there_is_none_or_nobody_can_know(complete: str) -> None:
    assert rules(decision("d", complete)) == []


def test_gaps_of_two_columns_together() -> None:
    text = table("a | b => r", "true | < 5 => 1", "false | - => 2", "true | > 5 => 3")
    found = only(decision("d", text))
    assert "「a」为 true、「b」等于 5" in found.message


def test_rows_of_a_unique_table_must_not_overlap() -> None:
    found = only(decision("d", table("x => a", "< 6 => 1", ">= 5 => 2")))
    assert (found.rule, found.severity, found.element) == ("dmn-overlap", "error", "r2")
    assert "第2行：与第1行重叠（「x」等于 5）" in found.message.replace("「d」", "")


def test_rows_of_an_any_table_may_overlap_when_they_agree() -> None:
    agree = table("x => a", "< 6 => 1", ">= 5 => 1", policy="ANY")
    assert rules(decision("d", agree)) == []
    assert rules(decision("d", agree.replace("<text>1<", "<text>2<", 1))) == ["dmn-overlap"]


def test_a_row_below_rows_that_take_everything_is_never_reached() -> None:
    text = table("x => a", "< 5 => 1", ">= 5 => 2", "> 7 => 3", policy="FIRST")
    found = only(decision("d", text))
    assert (found.rule, found.element) == ("dmn-unreachable", "r3")


def test_a_cell_that_nothing_fits_makes_its_row_unreachable() -> None:
    text = table("x => a", "< 5 => 1", "[9..7] => 2", ">= 5 => 3")
    assert rules(decision("d", text)) == ["dmn-unreachable"]
    allowed = table("s => a", '"甲" => 1', '"丙" => 2', '"乙" => 3', allowed='"甲","乙"')
    assert rules(decision("d", allowed)) == ["dmn-unreachable"]


def test_values_of_the_wrong_type_are_found_in_cells_and_outputs() -> None:
    text = table("输入x => a:number", '"一" => 1', '- => "二"', policy="FIRST")
    found = model(input_data("输入x", "number"), decision("d", text, "输入x")).findings()
    types = [each for each in found if each.rule == "dmn-type"]
    assert [each.element for each in types] == ["r1i0", "r2o0"]
    assert "「一」 与这一列的类型不符" in types[0].message


def test_an_output_outside_the_listed_values_is_found() -> None:
    text = table("x => a", '> 0 => "丙"', '<= 0 => "甲"', values='"甲", "乙"')
    assert rules(decision("d", text)) == ["dmn-output-values"]


@pytest.mark.parametrize(
    ("elements", "rule"),
    [
        ([], "dmn-no-decision"),
        ([decision("d", "")], "dmn-empty"),
        ([decision("d", literal("1")), decision("d", literal("2"))], "dmn-repeated"),
        ([decision("d", literal("1"), "没有")], "dmn-requirement"),
        ([decision("d", literal("d + 1"), "d")], "dmn-circle"),
        ([decision("d", literal("1", "金额型"))], "dmn-unknown-type"),
        ([decision("d", table("x => a", "- => 1", policy="BEST"))], "dmn-hit-policy"),
        ([decision("d", table("x => a", "- => 1", policy="PRIORITY"))], "dmn-output-order"),
        ([decision("d", table("x => a", "- => 1", aggregation="SUM"))], "dmn-aggregation"),
        (
            [decision("d", table("x => a | b", "- => 1 | 2", policy="COLLECT", aggregation="SUM"))],
            "dmn-aggregation",
        ),
        (
            [decision("d", literal("1").replace(">", ' expressionLanguage="juel">', 1))],
            "dmn-language",
        ),
        ([decision("d", table("x | y => a", "- => 1"))], "dmn-columns"),
        ([decision("d", table("x => | b", "- => 1 | 2"))], "dmn-unnamed"),
        ([decision("d", table(" => a", "1 => 1"))], "dmn-empty"),
        (
            [
                decision(
                    "d",
                    function("n", literal("n")).replace(
                        "<functionDefinition>", '<functionDefinition kind="Java">'
                    ),
                )
            ],
            "dmn-external",
        ),
        ([decision("d", literal("1")), knowledge("f", "n", literal("n +"))], "dmn-feel"),
    ],
)
def test_each_fault_of_structure_has_its_rule(elements: list[str], rule: str) -> None:
    found = model(*elements).findings()
    assert rule in {each.rule for each in found}
    assert all(each.message.endswith("。") and each.line > 0 for each in found)


def test_a_large_table_is_checked_in_good_time() -> None:
    rows = [f'"{n % 7}" | [{n}..{n + 3}] | > {n} | "甲{n % 5}" => {n}' for n in range(200)]
    found = model(decision("d", table("a | b | c | d => r", *rows, policy="FIRST"))).findings()
    assert {each.rule for each in found} <= {"dmn-gap", "dmn-unreachable"}


def test_all_findings_are_told_not_only_the_first() -> None:
    text = file(
        decision("甲", table("x => a", "1 + => 1", "> => 2", "- => 3 3")),
        decision("乙", literal("(")),
    )
    assert [each.rule for each in dmn.read(text).findings()] == ["dmn-feel"] * 4
