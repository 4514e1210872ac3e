"""What is understood in a row, what is refused, and in which words."""

from datetime import date
from decimal import Decimal

import pytest

from engine.casefile.intake import files, rows
from engine.casefile.intake.cells import COLUMNS, Cell, Cells, Line
from tests.casefile.intake.tables import EXAMPLE, ROW, TODAY

#: Two debtors, so that there are lists.
TWO = ROW | {
    "被执行人": "昌杰；鲁利",
    "被执行人类型": "自然人；自然人",
    "被执行人证件号码": "990000198601273991；990000197212262346",
}


def checked(*changes, today=TODAY):
    lines = [
        Line(number, {name: Cell((TWO | change).get(name, "")) for name in COLUMNS})
        for number, change in enumerate(changes, start=2)
    ]
    return rows.check(Cells(tuple(lines)), court_code="苏0199", today=today)


def record(change):
    found = checked(change)
    assert found.refusals == []
    return found.good[0]


def refusals(change):
    found = checked(change)
    assert found.good == []
    return [(refusal.column, refusal.value, refusal.reason) for refusal in found.refusals]


def reason(change):
    ((column, _, sentence),) = refusals(change)
    assert column in change
    return sentence


def test_the_example_is_divided_into_its_good_and_its_faulty_lines():
    found = rows.check(files.read(EXAMPLE.read_bytes()), court_code="苏0199", today=TODAY)
    faulty = {7, 9, 11, 13, 15, 17, 19, 21, 23}
    assert {record.line for record in found.good} == set(range(2, 42)) - faulty
    assert [str(refusal) for refusal in found.refusals] == [
        "第7行 申请执行标的「壹万元」：金额须为数字，例如 10000.00",
        (
            "第9行 被执行人证件号码「91990000W9056UARJ0」："
            "末位校验码应为 E，这里是 0，请对照证件核对全部号码"
        ),
        "第11行 案号「2026苏0199执九号」：须以带括号的四位收案年度开头，例如（2026）苏0199执1号",
        "第13行 案号「（2026）苏0199执6010号」：与第12行的案号重复，请删去一行或者更正案号",
        "第15行 被执行人：请填写被执行人",
        "第17行 收案日期「2026-13-40」：没有这一天，请核对月和日",
        "第19行 申请执行标的「-100.00」：金额须大于 0",
        '第21行 申请执行人「=HYPERLINK("http://x")」：不能以「=」开头，请填写真实的名称',
        (
            "第23行 案号「（2026）苏0106执6021号」："
            "法院代字「苏0106」不是本院的「苏0199」，请核对是否为其他法院的案件"
        ),
    ]
    by_line = {record.line: record for record in found.good}
    assert by_line[5].case_no == "（2026）苏0199执6003号"
    assert by_line[25].filed_on == date(2026, 9, 1)
    assert by_line[27].amount == Decimal("1234567.80")
    assert [debtor.id_number for debtor in by_line[29].debtors] == [
        "990000199208041320",
        "990000197312062042",
    ]


def test_a_row_becomes_a_record_with_its_persons():
    found = record(
        {
            "申请执行人": "临江瑞丰纺织有限公司",
            "申请人类型": "法人",
            "申请人证件号码": "91990000yfh7b7m7ql",
            "申请人联系电话": "19900004655",
            "申请人电子送达地址": "a6001@example.invalid",
            "被执行人联系电话": "19900008181；",
            "被执行人住所": "江州省临江市青石路202号；江州省临江市青石路18号",
            "承办法官": "陆怀瑾",
            "备注": "涉民生",
        }
    )
    assert (found.number.type, found.number.seq) == ("执", 1)
    assert (found.owner, found.remark) == ("陆怀瑾", "涉民生")
    (applicant,) = found.applicants
    assert applicant == rows.PartyRecord(
        "applicant",
        "临江瑞丰纺织有限公司",
        "legal",
        "91990000YFH7B7M7QL",
        "19900004655",
        "a6001@example.invalid",
    )
    assert [(d.name, d.phone, d.address) for d in found.debtors] == [
        ("昌杰", "19900008181", "江州省临江市青石路202号"),
        ("鲁利", "", "江州省临江市青石路18号"),
    ]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("10000", "10000.00"),
        ("0.01", "0.01"),
        ("1,234,567.80", "1234567.80"),
        ("１２，３４５．６", "12345.60"),
        (" 5.000 ", "5.00"),
        ("'5", "5.00"),
    ],
)
def test_amounts_are_understood(text, yuan):
    assert str(record({"申请执行标的": text}).amount) == yuan


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请填写金额"),
        ("壹万元", "金额须为数字"),
        ("1e5", "金额须为数字"),
        ("1,23", "金额须为数字"),
        ("12,34.00", "金额须为数字"),
        ("10000元", "金额须为数字"),
        ("nan", "金额须为数字"),
        ("٣", "金额须为数字"),
        ("0", "金额须大于 0"),
        ("0.00", "金额须大于 0"),
        ("-100.00", "金额须大于 0"),
        ("－1", "金额须大于 0"),
        ("0.001", "金额最多到分"),
        ("1000000000000.01", "请核对小数点"),
    ],
)
def test_other_amounts_are_refused(text, sentence):
    assert sentence in reason({"申请执行标的": text})


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01",
        "2026/9/1",
        "2026.9.1",
        "2026年9月1日",
        "20260901",
        "２０２６－０９－０１",
        "2026/9/1 0:00",
        "2026-09-01 15:30:00",
    ],
)
def test_days_are_understood(text):
    assert record({"收案日期": text}).filed_on == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请填写日期"),
        ("2026-13-40", "没有这一天"),
        ("2026-02-29", "没有这一天"),
        ("2026-11-25", "晚于今天（2026-11-24）"),
        ("0206-09-01", "年份过早"),
        ("9/1/2026", "日期须写作"),
        ("2026-9/1", "日期须写作"),
        ("46266", "日期须写作"),
    ],
)
def test_other_days_are_refused(text, sentence):
    assert sentence in reason({"收案日期": text})


def test_today_is_no_future_day():
    assert record({"收案日期": "2026-11-24"}).filed_on == TODAY


def test_a_repeated_number_is_refused_in_any_writing_and_names_the_first_line():
    found = checked({}, {"案号": "(2026) 苏0199执１号"}, {"案号": "（2026）苏0199执2号"})
    assert [r.line for r in found.good] == [2, 4]
    assert [(r.line, r.column) for r in found.refusals] == [(3, "案号")]
    assert "与第2行的案号重复" in found.refusals[0].reason


@pytest.mark.parametrize("mark", "=+-@＝＋－＠")
@pytest.mark.parametrize("column", ["申请执行人", "被执行人", "案由", "承办法官"])
def test_no_name_may_begin_like_a_formula(mark, column):
    change = {column: f" {mark}cmd"}
    if column == "被执行人":
        change = {column: f"昌杰；{mark}cmd"}
    assert f"不能以「{mark}」开头" in reason(change)


def test_an_apostrophe_hides_no_formula():
    assert "不能以「=」开头" in reason({"申请执行人": "''=1+1"})


def test_a_remark_may_begin_with_a_dash():
    assert record({"备注": "－"}).remark == "－"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("", "请填写被执行人"),
        ("；", "请填写被执行人"),
        ("昌杰；；鲁利", "缺少被执行人的名称"),
        ("昌杰、鲁利", "有几人时须用；分隔"),
        ("昌杰\n鲁利", "有几人时须用；分隔"),
        ("昌杰 鲁利", "有几人时须用；分隔"),
        ("昌\u202e杰", "无法识别的字符"),
        ("昌\0杰", "无法识别的字符"),
        ("昌" * 201, "最多 200 个字"),
    ],
)
def test_names_that_may_be_wrong_are_refused_without_refusing_what_follows_from_them(
    names, sentence
):
    ((column, _, found),) = refusals({"被执行人": names})
    assert column == "被执行人"
    assert sentence in found


def test_spread_and_foreign_names_keep_what_belongs_to_them():
    change = {"被执行人类型": "自然人;境外人员;", "被执行人证件号码": "；E1234567;"}
    found = record(change | {"被执行人": "昌　\u200b杰; Smith,  John ;"})
    assert [(d.name, d.kind, d.id_number) for d in found.debtors] == [
        ("昌杰", "natural", ""),
        ("Smith, John", "foreign", "E1234567"),
    ]


@pytest.mark.parametrize(
    "column", ["被执行人类型", "被执行人证件号码", "被执行人联系电话", "被执行人住所"]
)
@pytest.mark.parametrize("text", ["自然人", "甲；乙；丙"])
def test_lists_of_other_lengths_are_refused(column, text):
    count = len(text.split("；"))
    assert f"有 {count} 项，而当事人有 2 人" in reason({column: text})


def test_lists_may_be_empty_but_for_the_kinds():
    found = record({"被执行人证件号码": " ", "被执行人联系电话": "；", "被执行人住所": ""})
    assert [d.id_number for d in found.debtors] == ["", ""]
    assert "请填写每个人的类型" in reason({"被执行人类型": ""})
    assert "须为自然人、法人、非法人组织、境外人员之一" in reason({"被执行人类型": "自然人；公司"})


def test_every_wrong_id_is_named_by_itself():
    change = {"被执行人证件号码": "990000198601273990；990000197212262340"}
    assert [value for _, value, _ in refusals(change)] == [
        "990000198601273990",
        "990000197212262340",
    ]


def test_one_number_for_two_persons_is_refused():
    change = {"被执行人证件号码": "990000198601273991；990000198601273991"}
    assert "与前面一人的证件号码相同" in reason(change)


def test_an_unincorporated_organisation_has_a_credit_code():
    change = {"申请人类型": "非法人组织", "申请人证件号码": "91990000YFH7B7M7QM"}
    ((_, _, sentence),) = refusals(change)
    assert "末位校验码应为 L" in sentence


@pytest.mark.parametrize(
    ("kind", "needed"), [("执", True), ("执恢", True), ("执保", False), ("执协", False)]
)
def test_enforcement_itself_needs_its_title(kind, needed):
    change = {"案号": f"（2026）苏0199{kind}1号", "执行依据文号": "", "执行依据名称": ""}
    found = checked(change)
    columns = [refusal.column for refusal in found.refusals]
    assert columns == (["执行依据文号", "执行依据名称"] if needed else [])


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("(2025) 苏0199民初 1号", "（2025）苏0199民初1号"),
        ("临仲裁字〔2025〕第12号", "临仲裁字〔2025〕第12号"),
        ("〔2025〕临证字第12号", "〔2025〕临证字第12号"),
    ],
)
def test_the_numbers_of_courts_are_brought_to_one_writing_and_those_of_others_left(text, stored):
    assert record({"执行依据文号": text}).title_no == stored


def test_all_bad_cells_of_a_row_are_told_in_the_order_of_the_columns():
    change = {"申请执行标的": "x", "案号": "x", "收案日期": "x", "申请人电子送达地址": "a@b"}
    assert [column for column, _, _ in refusals(change)] == [
        "案号",
        "收案日期",
        "申请人电子送达地址",
        "申请执行标的",
    ]


def test_a_refusal_is_one_printable_line():
    found = checked({"备注": "第一行\n\x1b[31m" + "长" * 100})
    (sentence,) = map(str, found.refusals)
    assert sentence.isprintable()
    assert "…」" in sentence
