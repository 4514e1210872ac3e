"""Forms: what is declared comes in, typed; everything else has a sentence or is left out."""

import json
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from engine.process import forms


def form(*components):
    return forms.read(json.dumps({"type": "default", "id": "f", "components": list(components)}))


def field(kind="textfield", key="x", label="名称", **more):
    return {"type": kind, "key": key, "label": label, "id": f"Field_{key}", **more}


def cleaned(component, value, **context):
    found = forms.clean(form(component), {} if value is ... else {component["key"]: value}, context)
    return found.errors.get(component["key"]) or found.values[component["key"]]


def options(*values):
    return [{"value": v, "label": f"选{v}"} for v in values]


@pytest.mark.parametrize(
    ("component", "value", "wanted"),
    [
        (field(), "  张三 ", "张三"),
        (field(), ["旧", "新"], "新"),
        (field(), "一\r\n二", "一 二"),
        (field("textarea"), "一\r\n二", "一\n二"),
        (field(), "", None),
        (field(), ..., None),
        (field("number"), "1,234.50", Decimal("1234.50")),
        (field("number"), "１２３", Decimal(123)),
        (field("number"), Decimal("0.1"), Decimal("0.1")),
        (field("checkbox"), "on", True),
        (field("checkbox"), ..., False),
        (field("radio", values=options("a", "b")), "b", "b"),
        (field("select", values=options("a", "b")), "a", "a"),
        (field("checklist", values=options("a", "b", "c")), ["c", "a", "c"], ["c", "a"]),
        (field("checklist", values=options("a")), ..., []),
        (field("datetime"), "2026-09-01", date(2026, 9, 1)),
        (field("datetime"), "2026/9/1", date(2026, 9, 1)),
        (field("datetime"), "2026年9月1日", date(2026, 9, 1)),
        (field("datetime"), date(2026, 9, 1), date(2026, 9, 1)),
        (field("datetime", subtype="time"), "09:30", time(9, 30)),
        (field("datetime", subtype="datetime"), "2026-09-01T09:30", datetime(2026, 9, 1, 9, 30, tzinfo=timezone(timedelta(hours=8)))),
        (field("select", valuesExpression="=当事人"), "乙", "乙"),
        (field("select", valuesExpression="= for p in 当事人 return {value: p, label: p}"), "甲", "甲"),
        (field("select", valuesKey="当事人"), "甲", "甲"),
    ],
)  # fmt: skip
def test_values_are_typed(component, value, wanted):
    found = cleaned(component, value, 当事人=["甲", "乙"])
    assert found == wanted and type(found) is type(wanted)


@pytest.mark.parametrize(
    ("component", "value", "sentence"),
    [
        (field(validate={"required": True}), " ", "请填写“名称”"),
        (field("checkbox", validate={"required": True}), ..., "请勾选“名称”"),
        (field("radio", values=options("a"), validate={"required": True}), ..., "请选择“名称”"),
        (field("checklist", values=options("a"), validate={"required": True}), [], "请选择“名称”"),
        (field(validate={"minLength": 3}), "一二", "“名称”至少3个字"),
        (field(validate={"maxLength": 1}), "一二", "“名称”最多1个字，现有2个字"),
        (field(validate={"pattern": "^A"}), "B", "“名称”的格式不对，请重新填写"),
        (field(validate={"pattern": "^A", "patternErrorMessage": "以A开头"}), "B", "以A开头"),
        (field(validate={"validationType": "email"}), "a@", "“名称”不是有效的邮箱地址，请重新填写"),
        (field(validate={"validationType": "phone"}), "12", "“名称”不是有效的电话号码，请重新填写"),
        (field("number"), "壹万", "“名称”不是数字，请只填数字"),
        (field("number"), "NaN", "“名称”不是数字，请只填数字"),
        (field("number"), "1e99", "“名称”不是数字，请只填数字"),
        (field("number", decimalDigits=2), "1.005", "“名称”最多保留2位小数"),
        (field("number", decimalDigits=0), "1.5", "“名称”必须是整数"),
        (field("number", validate={"min": 0.5}), "0.4", "“名称”不能小于0.5"),
        (field("number", validate={"max": "3"}), "4", "“名称”不能大于3"),
        (field("radio", values=options("a")), "z", "“名称”没有「z」这个选项，请重新选择"),
        (field("checklist", values=options("a")), ["a", "z"], "“名称”没有「z」这个选项，请重新选择"),
        (field("datetime"), "2026-02-30", "“名称”不是有效的日期或时间，请重新选择"),
        (field("datetime"), "明天", "“名称”不是有效的日期或时间，请重新选择"),
        (field("datetime", subtype="datetime"), "2026-02-03", "“名称”不是有效的日期或时间，请重新选择"),
        (field("select", valuesExpression="=当事人"), "丙", "“名称”没有「丙」这个选项，请重新选择"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_a_sentence(component, value, sentence):
    assert cleaned(component, value, 当事人=["甲", "乙"]) == sentence


def test_only_declared_writable_visible_fields_come_in():
    one = form(
        field(key="a"),
        field(key="b", readonly=True),
        field(key="c", disabled=True),
        field(key="d", conditional={"hide": '=a = "无"'}, validate={"required": True}),
        {"type": "text", "text": "说明"},
        {"type": "separator"},
    )
    found = forms.clean(one, {"a": "无", "b": "伪", "c": "伪", "d": "伪", "e": "伪", "_csrf": "t"})
    assert found.values == {"a": "无"} and found.errors == {}
    found = forms.clean(one, {"a": "有"})
    assert found.errors == {"d": "请填写“名称”"}


def test_a_condition_sees_fields_below_it_and_the_context():
    one = form(
        field(key="a", conditional={"hide": "=not(b) or 阶段 != 1"}), field("checkbox", key="b")
    )
    assert forms.clean(one, {"a": "1", "b": "on"}, {"阶段": 1}).values == {"a": "1", "b": True}
    assert forms.clean(one, {"a": "1", "b": "on"}, {"阶段": 2}).values == {"b": True}
    assert forms.clean(one, {"a": "1"}, {"阶段": 1}).values == {"b": False}


def test_groups_hide_with_what_is_in_them():
    one = form(
        {"type": "group", "label": "组", "conditional": {"hide": "=n = 1"}, "components": [field(key="a", validate={"required": True})]},
    )  # fmt: skip
    assert [f.key for f in one.fields] == ["a"] and one.nodes[0].kind == "group"
    assert forms.clean(one, {}, {"n": 1}).errors == {}
    assert forms.clean(one, {}, {"n": 2}).errors == {"a": "请填写“名称”"}


def test_every_fault_of_a_file_is_found_at_its_field():
    found = forms.faults(
        json.dumps(
            {
                "components": [
                    field("iframe", key="a"),
                    field(key="b"),
                    field(key="b"),
                    {"type": "textfield", "id": "Field_9"},
                    field("select", key="c"),
                    field("radio", key="d", values=options("1", "1")),
                    field(key="e", conditional={"hide": "=1 +"}),
                    field(key="f", validate={"pattern": "("}),
                    field("number", key="g", validate={"min": "x"}, decimalDigits=-1),
                    field("datetime", key="h", subtype="month"),
                    field(key="i", validate={"validationType": "iban"}),
                    field("select", key="j", valuesExpression="=for"),
                    5,
                ]
            }
        )
    )
    assert [(f.component, f.rule) for f in found] == [
        ("Field_a", "form-type"),
        ("Field_b", "form-key"),
        ("Field_9", "form-key"),
        ("Field_c", "form-choices"),
        ("Field_d", "form-choices"),
        ("Field_e", "expression"),
        ("Field_f", "form-value"),
        ("Field_g", "form-value"),
        ("Field_g", "form-value"),
        ("Field_h", "form-value"),
        ("Field_i", "form-value"),
        ("Field_j", "expression"),
        ("", "form-json"),
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", "5", '{"components": 5}', "null", '"x"'])
def test_what_is_no_form_is_refused_with_a_sentence(text):
    with pytest.raises(forms.FormRefused, match="表单"):
        forms.read(text)


def test_nesting_without_end_is_refused():
    inner = field()
    for _ in range(40):
        inner = {"type": "group", "components": [inner]}
    assert [f.rule for f in forms.faults(json.dumps({"components": [inner]}))] == ["form-json"]
