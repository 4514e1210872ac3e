"""Bytes become cells: encodings, line numbers, headers, spreadsheets, and whatever else is dropped here."""

import csv
import io
import zipfile
from datetime import date, datetime
from unicodedata import category

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.casefile.intake import files, spreadsheets
from engine.casefile.intake.cells import COLUMNS, FileRefused
from tests.casefile.intake.tables import ROW, checked, saved, workbook, written


def texts(data, column):
    return [line.cells[column].text for line in files.read(data).lines]


def refused(data):
    with pytest.raises(FileRefused) as caught:
        files.read(data)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_rare_characters_survive_every_encoding_and_line_ending(encoding, ending):
    data = written({}, ending=ending).encode(encoding)
    assert texts(data, "被执行人") == ["喻䶮㛃"]


def test_a_gb18030_file_may_begin_with_its_bom():
    assert texts(b"\x84\x31\x95\x33" + written({}).encode("gb18030"), "案由") == ["买卖合同纠纷"]


def test_a_damaged_byte_costs_only_its_own_row():
    data = written({"案由": "追偿权纠纷"}, {"案号": "（2026）苏0199执2号"}).encode()
    data = data.replace("追偿权".encode(), "追偿权".encode()[:-1] + b"\xff")
    found = checked(data)
    assert [record.line for record in found.good] == [3]
    assert [(r.line, r.column, r.reason) for r in found.refusals] == [
        (2, "案由", "含有无法识别的字符，请重新输入")
    ]


def test_lines_are_counted_as_in_the_file_also_after_a_cell_with_line_breaks():
    data = written({"备注": "第一行\r\n第二行\n第三行"}, {}, {"申请执行标的": "壹万元"}).encode()
    assert [line.number for line in files.read(data).lines] == [2, 5, 6]


def test_blank_lines_are_passed_over_and_counted():
    data = (written({}) + "\r\n" + "," * 17 + "\r\n" + written({}).split("\r\n", 1)[1]).encode()
    assert [line.number for line in files.read(data).lines] == [2, 5]


def test_an_unclosed_quotation_mark_costs_only_its_own_row():
    first, broken, last = written({}, {"案由": "坏"}, {}).split("\r\n")[1:4]
    data = "\r\n".join([",".join(COLUMNS), first, broken.replace("坏", '"坏'), last]).encode()
    found = checked(data)
    assert [record.line for record in found.good] == [2]
    assert [(r.line, r.column) for r in found.refusals] == [(3, ""), (4, "案号")]
    assert "双引号是否成对" in found.refusals[0].reason
    assert "与第2行的案号重复" in found.refusals[1].reason


def test_a_comma_that_was_not_quoted_is_explained():
    data = written({"申请执行标的": "x"}).replace("x", "1,234,567.80").encode()
    (refusal,) = checked(data).refusals
    assert refusal.reason == "比列名多出 2 格，含逗号的内容（例如金额）须用双引号括起来"


def test_the_order_of_the_columns_is_free_and_blanks_in_their_names_do_not_matter():
    columns = tuple(f" {name} " for name in reversed(COLUMNS))
    data = written({}).replace(",".join(COLUMNS), ",".join(COLUMNS))
    assert texts(data.encode(), "案由") == ["买卖合同纠纷"]
    data = written({}, columns=tuple(reversed(COLUMNS)))
    data = data.replace(",".join(reversed(COLUMNS)), ",".join(columns))
    assert texts(data.encode(), "案由") == ["买卖合同纠纷"]


def test_missing_unknown_and_doubled_columns_are_all_named():
    columns = [name for name in COLUMNS if name not in {"案由", "备注"}] + ["案由名", "案号"]
    sentence = refused(written({}, columns=columns).encode())
    assert "缺少列「案由」「备注」" in sentence
    assert "多出列「案由名」" in sentence
    assert "重复了列「案号」" in sentence


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b" \r\n ", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版（.xls）或者加了密码"),
        ("案号,收案日期".encode("utf-16"), "UTF-16"),
        (b"%PDF-1.7\n%\xe2\xe3", "第1行须为列名"),
        (b"\r\n" + written({}).encode(), "第1行须为列名"),
        (written({}).replace(",", "\t").encode(), "半角逗号"),
        (b"PK\x03\x04 no archive", "已损坏"),
        (b"x" * (files.MAX_BYTES + 1), "超过 20 MB"),
    ],
)
def test_what_is_no_intake_file_is_refused_with_a_way_out(data, sentence):
    assert sentence in refused(data)


def test_a_file_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_ROWS", 2)
    assert len(files.read(written({}, {}).encode()).lines) == 2
    assert "超过 2 行" in refused(written({}, {}, {}).encode())
    assert "超过 2 行" in refused(workbook({}, {}, {}))


# ---------------------------------------------------------------- spreadsheets


def test_a_spreadsheet_with_text_numbers_and_dates_is_read_like_the_csv():
    data = workbook(
        {"收案日期": date(2026, 9, 1), "申请执行标的": 1234567.8, "申请人联系电话": 19900000365},
        {"收案日期": datetime(2026, 9, 1, 15, 30), "案号": "(2026)苏0199执2号"},
    )
    found = checked(data)
    assert found.refusals == []
    assert [str(record.filed_on) for record in found.good] == ["2026-09-01", "2026-09-01"]
    assert str(found.good[0].amount) == "1234567.80"
    assert found.good[0].applicants[0].phone == "19900000365"


def test_a_number_cell_in_an_id_column_is_refused_because_its_digits_are_lost():
    found = checked(workbook({"申请人证件号码": 990000196208254605}))
    assert found.good == []
    assert [(r.line, r.column) for r in found.refusals] == [(2, "申请人证件号码")]
    assert "Excel 已丢失后面的数字" in found.refusals[0].reason


def test_an_id_that_a_spreadsheet_wrote_in_powers_of_ten_is_refused_in_a_csv_too():
    (refusal,) = checked(written({"申请人证件号码": "9.90000196208255E+17"}).encode()).refusals
    assert "Excel 已丢失后面的数字" in refusal.reason


def test_rounding_noise_of_a_spreadsheet_is_no_part_of_an_amount():
    assert str(checked(workbook({"申请执行标的": 0.1 + 0.2})).good[0].amount) == "0.30"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("申请执行人", '=HYPERLINK("http://x")', "公式"),
        ("申请执行标的", "=1+1", "公式"),
        ("案由", "#N/A", "错误值"),
        ("收案日期", 46266, "日期须写作"),
        ("收案日期", True, "日期须写作"),
    ],
)
def test_formulas_errors_and_bare_numbers_of_a_spreadsheet_are_refused(column, value, reason):
    (refusal,) = checked(workbook({column: value})).refusals
    assert (refusal.line, refusal.column) == (2, column)
    assert reason in refusal.reason


def test_rows_of_a_spreadsheet_keep_their_numbers():
    book = openpyxl.Workbook()
    book.active.append(COLUMNS)
    for place, name in enumerate(COLUMNS, start=1):
        book.active.cell(row=40, column=place, value=ROW.get(name))
    assert [line.number for line in files.read(saved(book)).lines] == [40]


def test_of_several_sheets_only_one_may_hold_cases():
    book = openpyxl.load_workbook(io.BytesIO(workbook({})))
    book.create_sheet("说明", 0).append(["填写说明"])
    assert texts(saved(book), "案由") == ["买卖合同纠纷"]
    book.create_sheet("十月").append(COLUMNS)
    assert "有 2 张工作表「Sheet」「十月」" in refused(saved(book))
    book["十月"].sheet_state = "hidden"
    assert texts(saved(book), "案由") == ["买卖合同纠纷"]


def repacked(data, change):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(part, old.read(part)))
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_spreadsheet_with_a_document_type_is_refused(encoding):
    def change(part, content):
        if not part.endswith("sheet1.xml"):
            return content
        plain = content.decode().split("?>", 1)[-1]
        return ('<!DOCTYPE x [<!ENTITY a "b">]>' + plain).encode(encoding)

    assert "不允许的内容" in refused(repacked(workbook({}), change))


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(spreadsheets, "_MAX_UNPACKED", 10_000)
    assert "展开后过大" in refused(workbook({}))


def test_another_archive_is_no_spreadsheet():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "不是 .xlsx" in refused(made.getvalue())


# ---------------------------------------------------------------- anything at all


def survives(data):
    try:
        found = checked(data)
    except FileRefused:
        return
    for refusal in found.refusals:
        assert str(refusal).startswith(f"第{refusal.line}行")
        assert not {category(c) for c in str(refusal)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    survives(data)
    survives(",".join(COLUMNS).encode() + b"\n" + data)
    survives(",".join(COLUMNS).encode("gb18030") + b"\n" + data)
    survives(b"PK\x03\x04" + data)


#: What the readers look at, so that random rows get past the first check.
_CELLS = st.lists(
    st.sampled_from(
        [*ROW.values(), "；", ";", "'", '"', "=", "\n", "\0", "\u202e", "9" * 400, "1e9"]
    )
    | st.text(max_size=20),
    max_size=4,
).map("".join)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(_CELLS, min_size=10, max_size=20), max_size=3))
def test_any_rows_are_checked_or_refused(table):
    made = io.StringIO()
    csv.writer(made).writerows([COLUMNS, *table])
    survives(made.getvalue().encode(errors="replace"))


WORKBOOK = workbook({}, {"收案日期": date(2026, 9, 1), "申请执行标的": 5.5, "案由": "=1+1"})


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_damage_to_a_spreadsheet_is_read_or_refused(data):
    place = data.draw(st.integers(0, len(WORKBOOK) - 1))
    noise = data.draw(st.binary(min_size=1, max_size=8))
    survives(WORKBOOK[:place] + noise + WORKBOOK[place + len(noise) :])

    def change(part, content):
        if not part.endswith(("sheet1.xml", "sharedStrings.xml", "styles.xml", "workbook.xml")):
            return content
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from([b"9" * 30, b"-1", b"<c/>", b'"', b"", b"d", b"r", b"e9"])
        )
        return content[:at] + piece + content[at + len(piece) + 1 :]

    survives(repacked(WORKBOOK, change))
