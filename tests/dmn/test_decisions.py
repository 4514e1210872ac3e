"""What decisions are made of besides tables: boxed expressions, requirements, functions, types."""

from datetime import date

import pytest

from engine import dmn
from engine.xml import XmlRefused
from tests.dmn.drawing import decision, file, function, input_data, knowledge, literal, model, table


def boxed(logic: str, **context: object) -> object:
    return model(decision("d", logic)).decide("d", context)


def _entry(name: str, logic: str) -> str:
    return f'<contextEntry><variable name="{name}"/>{logic}</contextEntry>'


def test_a_context_is_worked_out_entry_by_entry() -> None:
    entries = _entry("a", literal("x + 1")) + _entry("b c", literal("a * 2"))
    assert boxed(f"<context>{entries}</context>", x=1) == {"a": 2, "b c": 4}
    result = f"<contextEntry>{literal('b c + a')}</contextEntry>"
    assert boxed(f"<context>{entries}{result}</context>", x=1) == 6


def test_a_list_and_a_relation() -> None:
    assert boxed(f"<list>{literal('x')}{literal('2')}</list>", x=1) == [1, 2]
    columns = '<column name="名"/><column name="数"/>'
    rows = f"<row>{literal('x')}{literal('1')}</row><row>{literal('null')}{literal('2')}</row>"
    relation = f"<relation>{columns}{rows}</relation>"
    assert boxed(relation, x="甲") == [{"名": "甲", "数": 1}, {"名": None, "数": 2}]


def test_a_conditional() -> None:
    condition, large, small = literal("x > 1"), literal('"大"'), literal('"小"')
    text = f"<if>{condition}</if><then>{large}</then><else>{small}</else>"
    text = f"<conditional>{text}</conditional>"
    assert [boxed(text, x=2), boxed(text, x=1), boxed(text)] == ["大", "小", "小"]


def test_a_filter_wants_a_condition() -> None:
    text = f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('%s')}</match></filter>"
    assert boxed(text % "item &gt; x", x=1) == [2, 3]
    assert boxed(text % "2") is None


def test_loops() -> None:
    source = f"<in>{literal('[1, 2, 3]')}</in>"
    loop = f'<for iteratorVariable="i">{source}<return>{literal("i * x")}</return></for>'
    assert boxed(loop, x=2) == [2, 4, 6]
    some = f'<some iteratorVariable="i">{source}<satisfies>{literal("i > x")}</satisfies></some>'
    assert [boxed(some, x=2), boxed(some, x=3)] == [True, False]
    assert boxed(some.replace("some", "every"), x=0) is True


def test_a_function_of_knowledge_is_called_in_text_and_in_an_invocation() -> None:
    fee = knowledge(
        "费用", "基数:number, 比例:number", literal("decimal(基数 * 比例, 2)"), "number"
    )
    call = decision("甲", literal("费用(标的, 0.015)"), "费用()")
    bindings = "".join(
        f'<binding><parameter name="{name}"/>{literal(text)}</binding>'
        for name, text in (("比例", "0.02"), ("基数", "标的"))
    )
    boxed_call = decision("乙", f"<invocation>{literal('费用')}{bindings}</invocation>", "费用()")
    both = model(fee, call, boxed_call)
    assert both.decide("甲", {"标的": 1000}) == 15
    assert both.decide("乙", {"标的": 1000}) == 20
    assert both.decide("甲", {"标的": "一千"}) is None


def test_knowledge_may_be_a_table_and_require_other_knowledge() -> None:
    level = knowledge("级别", "n:number", table("n => a", "> 5 => 2", "<= 5 => 1"))
    twice = (
        '<businessKnowledgeModel id="倍" name="倍"><encapsulatedLogic>'
        f'<formalParameter name="n"/>{literal("级别(n) * 2")}</encapsulatedLogic>'
        '<knowledgeRequirement><requiredKnowledge href="#级别"/></knowledgeRequirement>'
        "</businessKnowledgeModel>"
    )
    assert model(level, twice, decision("d", literal("倍(x)"), "倍()")).decide("d", {"x": 9}) == 4


def test_a_function_value_sees_where_it_was_made() -> None:
    make = _entry("k", literal("10")) + _entry("f", function("n", literal("n + k")))
    text = f"<context>{make}<contextEntry>{literal('f(x)')}</contextEntry></context>"
    assert boxed(text, x=1) == 11


def test_knowledge_that_calls_itself_for_ever_ends() -> None:
    endless = (
        '<businessKnowledgeModel id="f" name="f"><encapsulatedLogic>'
        f'<formalParameter name="n"/>{literal("f(n + 1) + f(n + 2)")}</encapsulatedLogic>'
        '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'
        "</businessKnowledgeModel>"
    )
    with pytest.raises(dmn.DmnError, match="「f」，嵌套太深"):
        model(endless, decision("d", literal("f(1)"), "f()")).decide("d", {})


def test_required_decisions_are_decided_once_and_explained() -> None:
    base = decision("基数", table("标的 => a", "> 100 => 2", "- => 1", policy="FIRST"))
    above = decision("结果", literal("基数 + 基数 + 别的"), "基数", "别的")
    other = decision("别的", literal("标的 * 基数"), "基数")
    found = model(base, above, other).explain("结果", {"标的": 200})
    assert found.result == 404
    assert found.required["基数"].rows == [1]
    assert found.required["别的"].required["基数"].inputs == {"标的": 200}


def test_a_decision_that_is_not_asked_for_is_not_decided() -> None:
    broken = decision("坏", literal("1 +"))
    lazy = decision("d", literal("if x > 1 then 坏 else 0"), "坏")
    assert model(broken, lazy).decide("d", {"x": 1}) == 0
    with pytest.raises(dmn.DmnError, match="「坏」，这里应当是一个值"):
        model(broken, lazy).decide("d", {"x": 2})


def test_decisions_that_require_each_other_are_refused() -> None:
    circle = model(decision("甲", literal("乙"), "乙"), decision("乙", literal("甲"), "甲"))
    with pytest.raises(dmn.DmnError, match="几个决策互相依据"):
        circle.decide("甲", {})


def test_a_requirement_that_is_not_in_the_file_is_refused() -> None:
    with pytest.raises(dmn.DmnError, match="依据的「#丙」在文件里不存在"):
        model(decision("甲", literal("1"), "丙")).decide("甲", {})


def test_a_decision_service_is_asked_and_called() -> None:
    service = (
        '<decisionService id="s" name="s"><outputDecision href="#出"/>'
        '<inputDecision href="#中"/><inputData href="#输入x"/></decisionService>'
    )
    parts = [
        input_data("输入x", "number"),
        decision("中", literal('"不会被问到"'), type="number"),
        decision("出", literal("输入x + 中"), "输入x", "中"),
        service,
        decision("叫", literal("s(1, 2)"), "s()"),
        decision("错", literal('s("一", 2)'), "s()"),
    ]
    assert model(*parts).decide("s", {"输入x": 5, "中": 7}) == 12
    assert model(*parts).decide("叫", {}) == 3
    assert model(*parts).decide("错", {}) is None


PARTY = (
    '<itemDefinition name="当事人"><itemComponent name="姓名"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="出生"><typeRef>date</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="当事人们" isCollection="true"><typeRef>当事人</typeRef></itemDefinition>'
    '<itemDefinition name="阶段"><typeRef>string</typeRef><allowedValues><text>"查控","处置"</text>'
    "</allowedValues></itemDefinition>"
)


def test_inputs_are_brought_to_their_types_or_are_null() -> None:
    parts = (PARTY, input_data("输入", "当事人们"), decision("d", literal("输入"), "输入"))
    born = {"姓名": "甲", "出生": date(1990, 1, 1)}
    typed = model(*parts)
    assert typed.decide("d", {"输入": [born]}) == [born]
    assert typed.decide("d", {"输入": born}) == [born]
    found = typed.explain("d", {"输入": [{"姓名": "甲", "出生": "1990-01-01"}]})
    assert found.result is None
    assert found.warnings == ("「输入」的值与规定的类型不符，按空值处理",)


def test_allowed_values_and_instance_of_know_the_types_of_the_file() -> None:
    parts = (PARTY, input_data("输入", "阶段"), decision("d", literal("输入"), "输入"))
    assert model(*parts).decide("d", {"输入": "查控"}) == "查控"
    assert model(*parts).decide("d", {"输入": "休息"}) is None
    is_party = model(PARTY, decision("d", literal("x instance of 当事人")))
    assert is_party.decide("d", {"x": {"姓名": "甲", "出生": date(1990, 1, 1)}}) is True
    assert is_party.decide("d", {"x": {"姓名": "甲"}}) is False


def test_names_of_several_words_from_anywhere_in_the_file() -> None:
    monthly = decision("每月 还款", literal("总额 数 / 12"), "总额 数")
    assert model(monthly, decision("总额 数", literal("120"))).decide("每月 还款", {}) == 10


def test_another_file_is_imported_under_a_name() -> None:
    other = dmn.read(
        file(PARTY, decision("底数", literal("x * 2"))).replace("urn:test", "urn:other")
    )
    imports = '<import name="库" namespace="urn:other" importType="http://x/DMN/"/>'
    text = file(decision("d", literal("库.底数 + 1"), "urn:other#底数"), imports=imports)
    assert dmn.read(text, {"urn:other": other}).decide("d", {"x": 3}) == 7


def test_external_functions_are_not_run() -> None:
    java = function("a", literal("1")).replace(
        "<functionDefinition>", '<functionDefinition kind="Java">'
    )
    assert boxed(java) is None


def test_no_decision_logic_is_null() -> None:
    assert boxed("") is None


def test_a_document_type_is_refused() -> None:
    text = '<!DOCTYPE definitions [<!ENTITY a "b">]>' + file(decision("d", literal("1")))
    with pytest.raises(XmlRefused):
        dmn.read(text)
