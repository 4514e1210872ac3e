import json
from decimal import Decimal

import pytest

from engine.documents import language, template, words

HEAD = """+++
code = "D900"
name = "试写"
kind = "notice"
volume = "main"
item = "7"
recipients = []
approval = []
+++
== 临江市人民法院
== 通知书
"""
TAIL = "\n@@ 二〇二六年十一月二十三日\n"


def written(body, **data):
    return template.render(template.read(HEAD + body + TAIL), data)


def texts(body, **data):
    return [
        "".join(run["text"] for run in block["runs"]) for block in written(body, **data)["body"]
    ]


def test_a_document_is_json_and_holds_what_the_template_says(ruling, case):
    document = template.render(ruling, case)
    assert json.loads(json.dumps(document)) == document
    assert document["court"] == "临江市人民法院"
    assert document["title"] == "执行裁定书"
    assert document["number"] == "（2026）苏0199执1234号"
    assert document["signatures"] == [{"role": "审判员", "name": "张建军"}]
    assert document["date"] == "二〇二六年十一月二十三日"
    assert document["clerks"] == [{"role": "书记员", "name": "周倩"}]


def test_the_header_says_where_the_document_is_filed_and_to_whom_it_goes(ruling):
    assert ruling.title == "执行裁定书"
    assert (ruling.header.code, ruling.header.volume, ruling.header.item) == ("D020", "main", "19")
    assert ruling.header.recipients == ("APP", "RES", "AST")
    assert ruling.header.approval == ("J",)


def test_the_fields_that_a_template_reads_are_known_without_rendering(ruling):
    assert {"法院.名称", "被执行人[].名称", "财产[].权证", "承办人.姓名"} <= set(ruling.fields)
    assert not {"人.名称", "物.名称", "forloop.index"} & set(ruling.fields)


def test_a_field_under_another_name_is_still_that_field():
    read = template.read(
        HEAD + "{% assign 首 = 被执行人 | first %}\n{{ 首.名称 }}{{ 被执行人[1].住所 }}" + TAIL
    )
    assert set(read.fields) == {"被执行人", "被执行人[].名称", "被执行人[].住所"}


def test_a_field_that_the_case_does_not_have_is_named(ruling, case):
    del case["书记员"]
    with pytest.raises(language.FieldUnknown, match="「书记员」"):
        template.render(ruling, case)


def test_a_field_missing_in_the_second_of_a_list_is_named_with_its_place(ruling, case):
    del case["被执行人"][1]["证件号码"]
    with pytest.raises(language.FieldUnknown, match="被执行人（第2项）的证件号码"):
        template.render(ruling, case)


@pytest.mark.parametrize("empty", [None, "", "  \u200b"])
def test_a_document_has_no_holes(ruling, case, empty):
    case["承办人"]["姓名"] = empty
    with pytest.raises(language.FieldEmpty, match="「承办人的姓名」"):
        template.render(ruling, case)


def test_an_empty_field_is_false_and_can_have_a_substitute():
    assert texts('{% if a %}有{% else %}无{% endif %}，{{ a | 或: "—" }}', a="") == ["无，—"]


def test_an_empty_date_is_reported_as_empty_not_as_a_wrong_date():
    with pytest.raises(language.FieldEmpty, match="「日子」"):
        written("{{ 日子 | 中文日期 }}", 日子=None)


def test_floats_are_refused_anywhere_in_the_data():
    with pytest.raises(language.FieldInvalid, match="标的"):
        written("{{ 标的 | 金额 }}", 标的=100000.0)


def test_amounts_never_print_in_scientific_notation():
    assert texts("{{ a }}元，{{ a | 金额 }}元", a=Decimal("1E+5")) == ["100000元，100000.00元"]


def test_half_a_fen_is_refused():
    with pytest.raises(words.AmountInvalid):
        written("{{ a | 大写金额 }}", a=Decimal("1230456.785"))


def test_names_are_listed_with_the_chinese_comma():
    assert texts("{{ 人 | 名单 }}：", 人=[{"名称": "甲"}, {"名称": "乙"}]) == ["甲、乙："]


def test_a_long_text_becomes_paragraphs_only_where_the_template_says_so():
    loop = "{% assign 各段 = 事实 | 段落 %}\n{% for 段 in 各段 %}\n{{ 段 }}\n{% endfor %}"
    assert texts(loop, 事实="一。\r\n\n二。") == ["一。", "二。"]
    assert texts("{{ 事实 }}", 事实="一。\n二。") == ["一。 二。"]


def test_an_addressee_is_not_indented():
    blocks = written("<< 张三：\n正文。")["body"]
    assert [block["indent"] for block in blocks] == [False, True]


def test_a_blank_line_begins_another_table():
    body = written("|a|b|\n|1|2|\n\n|c|\n|3|")["body"]
    assert [block["head"] for block in body] == [["a", "b"], ["c"]]


def test_bold_and_kai_are_runs():
    (block,) = written("依照<b>法</b>，<k>注意</k>。")["body"]
    assert [run.get("style", "") for run in block["runs"]] == ["", "bold", "", "kai", ""]


def test_an_annex_stands_apart_from_the_body():
    document = written("正文。\n^^ 申报表\n|a|\n|1|")
    assert [annex["title"] for annex in document["annexes"]] == ["申报表"]
    assert len(document["body"]) == 1


def test_white_space_control_cannot_swallow_the_end_of_a_line():
    assert texts("甲。{% if a -%}\n{%- endif %}\n乙。", a=True) == ["甲。", "乙。"]
