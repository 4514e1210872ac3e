"""Lists as files that a spreadsheet opens and does not run."""

import io
from decimal import Decimal

import openpyxl

from engine.casefile.case import exports
from engine.casefile.case.exports import Column


def test_no_cell_of_a_list_runs_as_a_formula() -> None:
    marks = ["=1+1", "+1", "-1+1", "@A1", "＝1", "＋1", "－甲", "＠甲", "\t=1", " =1", "'=1"]
    made = exports.workbook("案件", [Column("备注")], [[mark] for mark in marks])
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [f"'{mark}" for mark in marks]
    assert {cell.data_type for cell in cells} == {"s"}


def test_ordinary_texts_and_amounts_stay_as_they_are() -> None:
    made = exports.workbook(
        "案件", [Column("名称"), Column("金额")], [["甲-乙=丙", Decimal("-1.50")]]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    assert [cell.value for cell in sheet[2]] == ["甲-乙=丙", -1.5]
