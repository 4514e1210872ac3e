"""The refused lines come back as a file that can be mended and imported again."""

import csv
import io

from engine.casefile.intake import files, refusals
from engine.casefile.intake.cells import COLUMNS, Cell
from tests.casefile.intake.tables import checked, workbook, written


def exported(data):
    cells = files.read(data)
    return refusals.as_csv(checked(data).refusals, cells)


def test_only_refused_lines_come_back_with_all_their_cells_and_the_reasons():
    data = written({}, {"案号": "x", "申请执行标的": "壹万元", "案由": "含,逗号\n和换行"}).encode()
    back = exported(data)
    assert back.startswith(b"\xef\xbb\xbf")
    header, line = csv.reader(io.StringIO(back.decode("utf-8-sig")))
    assert header == ["拒收原因", "原行号", *COLUMNS]
    assert line[0].split("\n") == [str(refusal) for refusal in checked(data).refusals]
    assert line[1] == "3"
    assert line[4] == "含,逗号\n和换行"


def test_a_mended_file_goes_in():
    back = exported(written({"申请执行标的": "壹万元"}, {"案号": "（2026）苏0199执2号"}).encode())
    mended = back.decode("utf-8-sig").replace("壹万元", "10000").encode("utf-8-sig")
    # The reason still speaks of the amount; it is passed over.
    again = checked(mended)
    assert again.refusals == []
    assert [record.case_no for record in again.good] == ["（2026）苏0199执1号"]


def test_unmended_lines_are_refused_again_in_the_same_columns():
    data = written(
        {"申请执行人": '=HYPERLINK("http://x")'},
        {"被执行人": "'＝cmd", "案号": "（2026）苏0199执2号"},
        {"申请执行标的": "-1", "案号": "（2026）苏0199执3号"},
        {"备注": "\u202e", "案号": "（2026）苏0199执4号"},
    ).encode()
    first, again = checked(data), checked(exported(data))
    assert [r.column for r in first.refusals] == ["申请执行人", "被执行人", "申请执行标的", "备注"]
    assert [r.column for r in again.refusals] == [r.column for r in first.refusals]
    assert again.good == []


def test_no_cell_can_run_as_a_formula():
    marks = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "＝1", "＋1", "－甲", "＠甲", "\t=1", " =1"]
    data = written(
        *({"备注": mark, "案号": f"（2026）苏0106执{n}号"} for n, mark in enumerate(marks, 1))
    ).encode()
    lines = list(csv.reader(io.StringIO(exported(data).decode("utf-8-sig"))))[1:]
    assert [line[-1] for line in lines] == [f"'{mark}" for mark in marks]


def test_long_numbers_stay_text_and_plain_numbers_stay_numbers():
    data = written({"申请执行标的": "-100.00", "申请人联系电话": "05190000000"}).encode()
    (line,) = list(csv.reader(io.StringIO(exported(data).decode("utf-8-sig"))))[1:]
    values = dict(zip(COLUMNS, line[2:], strict=True))
    assert values["申请人证件号码"] == "990000196208254605\t"
    assert values["申请人联系电话"] == "05190000000\t"
    assert values["申请执行标的"] == "-100.00"


def test_an_id_that_lost_its_digits_does_not_come_back_looking_whole():
    data = workbook({"申请人证件号码": 990000196208254605})
    (refusal,) = checked(exported(data)).refusals
    assert refusal.column == "申请人证件号码"
    assert "Excel 已丢失后面的数字" in refusal.reason


def test_a_line_that_could_not_be_divided_keeps_what_was_written():
    data = written({"申请执行标的": "x"}).replace("x", "1,234,567.80").encode()
    (line,) = list(csv.reader(io.StringIO(exported(data).decode("utf-8-sig"))))[1:]
    assert line[2 + COLUMNS.index("申请执行标的") :] == ["1", "234", "567.80", "", ""]
    assert checked(exported(data)).good == []


def test_the_sentence_of_a_cell_without_text_names_only_its_column():
    assert Cell().text == ""
    data = written({"申请执行标的": ""}).encode()
    assert str(checked(data).refusals[0]).startswith("第2行 申请执行标的：请填写金额")
