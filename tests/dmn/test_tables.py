"""Decision tables: hit policies, aggregation, defaults, and refusals that name the place."""

from decimal import Decimal

import pytest

from engine import dmn
from tests.dmn.drawing import decision, file, model, table

ROWS = ("> 10 => 1", "> 5 => 2", "> 5 => 3", "[5..8] => 2")


def decide(policy: str, amount: object, **more: str) -> dmn.Decided:
    text = table("金额 => 级别", *ROWS, policy=policy, **more)
    return model(decision("定级", text)).explain("定级", {"金额": amount})


def test_first_takes_the_topmost_row_and_looks_no_further() -> None:
    found = decide("FIRST", 20)
    assert (found.result, found.rows, found.inputs) == (1, [1], {"金额": 20})


def test_unique_gives_the_one_row_and_refuses_two() -> None:
    assert decide("UNIQUE", 5).rows == [4]
    with pytest.raises(dmn.DmnError) as error:
        decide("UNIQUE", 20)
    assert str(error.value) == (
        "决策无法得出结果：「定级」，第1、2、3行同时符合，而命中策略只许一行符合"
    )


def test_any_wants_equal_outputs() -> None:
    text = table("金额 => 级别", "> 1 => 7", "> 2 => 3 + 4", "> 3 => 8", policy="ANY")
    anyway = model(decision("定级", text))
    assert anyway.explain("定级", {"金额": 3}).rows == [1, 2]
    assert anyway.decide("定级", {"金额": 3}) == 7
    with pytest.raises(dmn.DmnError, match="第1行与第3行同时符合，输出却不一样"):
        anyway.decide("定级", {"金额": 4})


def test_priority_takes_the_output_that_is_listed_first() -> None:
    found = decide("PRIORITY", 20, values="3, 2, 1")
    assert (found.result, found.rows) == (3, [3, 2, 1])


def test_priority_without_listed_outputs_is_refused_when_it_matters() -> None:
    assert decide("PRIORITY", 5).result == 2
    with pytest.raises(dmn.DmnError, match="请在输出列里填写可能的取值"):
        decide("PRIORITY", 20)


def test_the_orders() -> None:
    assert decide("RULE ORDER", 7).result == [2, 3, 2]
    found = decide("OUTPUT ORDER", 7, values="3, 2, 1")
    assert (found.result, found.rows) == ([3, 2, 2], [3, 2, 4])


@pytest.mark.parametrize(
    ("aggregation", "result"), [("", [2, 3, 2]), ("SUM", 7), ("MIN", 2), ("MAX", 3), ("COUNT", 3)]
)
def test_collect(aggregation: str, result: object) -> None:
    found = decide("COLLECT", 7, aggregation=aggregation)
    assert (found.result, found.rows) == (result, [2, 3, 4])


@pytest.mark.parametrize(
    ("policy", "aggregation", "result"),
    [
        ("UNIQUE", "", None),
        ("FIRST", "", None),
        ("COLLECT", "", []),
        ("COLLECT", "COUNT", Decimal(0)),
        ("COLLECT", "SUM", None),
    ],
)
def test_no_row_applies(policy: str, aggregation: str, result: object) -> None:
    found = decide(policy, 0, aggregation=aggregation)
    assert (found.result, found.rows) == (result, [])


def test_no_row_applies_but_there_is_a_default() -> None:
    assert decide("UNIQUE", 0, defaults='"无"').result == "无"


def test_several_outputs_are_a_context_by_name() -> None:
    text = table(
        "状态 | 天数 => 级别:number | 说明:string",
        '"立案" | < 5 => 1 | "早"',
        '"立案" | >= 5 => 2 | "晚" + string(天数)',
        defaults='0 | "无"',
        policy="FIRST",
    )
    several = model(decision("定级", text))
    assert several.decide("定级", {"状态": "立案", "天数": 6}) == {"级别": 2, "说明": "晚6"}
    assert several.decide("定级", {"状态": "结案", "天数": 6}) == {"级别": 0, "说明": "无"}
    found = several.explain("定级", {"状态": "立案", "天数": 6})
    assert found.inputs == {"状态": "立案", "天数": 6}


def test_priority_of_several_outputs_goes_by_the_first_then_the_second() -> None:
    text = table(
        "x => a | b",
        '> 0 => 1 | "乙"',
        '> 0 => 2 | "甲"',
        '> 0 => 2 | "乙"',
        policy="OUTPUT ORDER",
        values='2, 1 | "乙", "甲"',
    )
    assert model(decision("d", text)).explain("d", {"x": 1}).rows == [3, 2, 1]


def test_several_outputs_cannot_be_summed() -> None:
    text = table("x => a | b", "> 0 => 1 | 2", policy="COLLECT", aggregation="SUM")
    with pytest.raises(dmn.DmnError, match="有多个输出列的表不能汇总"):
        model(decision("d", text)).decide("d", {"x": 1})


def test_an_input_that_is_not_allowed_is_refused_by_name() -> None:
    text = table("状态 => a", '"立案" => 1', allowed='"立案","结案"')
    restricted = model(decision("定级", text))
    assert restricted.decide("定级", {"状态": "结案"}) is None
    with pytest.raises(dmn.DmnError, match="「定级」「状态」，值 销案 不在允许的取值里"):
        restricted.decide("定级", {"状态": "销案"})


def test_a_wrong_cell_is_told_with_decision_row_and_column() -> None:
    text = table("金额 | 状态 => 级别", "> 5 | - => 1", "> 6 | “立案” => 2")
    with pytest.raises(dmn.DmnError) as error:
        model(decision("定级", text)).decide("定级", {"金额": 1, "状态": "x"})
    assert str(error.value) == (
        '决策无法得出结果：「定级」第2行「状态」列，「“」是中文引号，文字请用英文双引号 " 括起来'
    )
    assert (error.value.place.row, error.value.place.column) == (2, "状态")
    assert error.value.place.element == "r2i1"


def test_a_wrong_output_is_told_with_decision_row_and_column() -> None:
    text = table("金额 => 级别", "> 5 => 1 +")
    with pytest.raises(dmn.DmnError, match="「定级」第1行「级别」列，这里应当是一个值"):
        model(decision("定级", text)).decide("定级", {"金额": 1})


def test_a_cell_that_runs_for_ever_is_told_with_its_place() -> None:
    endless = "count(for a in 1..90000, b in 1..90000 return ?) > 0"
    text = table("x | y => a", "1 | - => 1", f"- | {endless} => 2", policy="FIRST")
    with pytest.raises(dmn.DmnError, match="「d」第2行「y」列，"):
        model(decision("d", text)).decide("d", {"x": 2, "y": 1})


def test_an_unknown_hit_policy_is_refused() -> None:
    with pytest.raises(dmn.DmnError, match="不认识命中策略 BEST"):
        model(decision("d", table("x => a", "- => 1", policy="BEST"))).decide("d", {})


def test_a_result_of_another_type_is_null_and_told() -> None:
    text = table("x => a:number", '- => "一"')
    found = model(decision("d", text)).explain("d", {"x": 1})
    assert found.result is None
    assert found.warnings == ("「d」第1行「a」列的值与规定的类型不符，按空值处理",)


def test_only_what_the_table_asks_for_is_read() -> None:
    asked = []

    class Facts(dict):  # type: ignore[type-arg]
        def __missing__(self, name: str) -> object:
            asked.append(name)
            return {"标的": 5}

    text = table("案件.标的 => a", "> 3 => 1")
    assert model(decision("d", text)).decide("d", Facts()) == 1
    assert asked == ["案件"]


def test_several_decisions_stand_in_one_file_and_are_found_by_id_and_name() -> None:
    both = model(
        decision("甲", table("x => a", "> 0 => 1")), decision("乙", table("x => a", "- => 2"))
    )
    assert [each.name for each in both.decisions] == ["甲", "乙"]
    assert both.decide("乙", {"x": 1}) == 2
    with pytest.raises(dmn.NoDecision, match="丙"):
        both.decide("丙", {})


@pytest.mark.parametrize("year", ["20151101/dmn.xsd", "20180521/MODEL/", "20230324/MODEL/"])
def test_every_version_of_the_format_is_read(year: str) -> None:
    text = file(decision("d", table("x => a", "> 0 => 1")))
    old = text.replace("https://www.omg.org/spec/DMN/20191111/MODEL/", f"http://x/DMN/{year}")
    assert dmn.read(old).decide("d", {"x": 1}) == 1
