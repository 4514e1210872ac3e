"""Intake files for the tests, made from one good row."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl

from engine.casefile.intake import files, rows
from engine.casefile.intake.cells import COLUMNS

#: Cases of an invented court, some rows faulty on purpose: 7, 9, 11, 13, 15, 17, 19, 21, 23.
EXAMPLE = Path(__file__).parent / "intake_example.csv"
TODAY = date(2026, 11, 24)
ROW = {
    "案号": "（2026）苏0199执1号",
    "收案日期": "2026-09-01",
    "案由": "买卖合同纠纷",
    "执行依据文号": "（2025）苏0199民初1号",
    "执行依据名称": "民事判决书",
    "申请执行人": "马永",
    "申请人类型": "自然人",
    "申请人证件号码": "990000196208254605",
    "被执行人": "喻䶮㛃",
    "被执行人类型": "自然人",
    "被执行人证件号码": "990000198601273991",
    "申请执行标的": "10000.00",
}


def written(*lines, columns=COLUMNS, ending="\r\n"):
    made = io.StringIO()
    writer = csv.writer(made, lineterminator=ending)
    writer.writerow(columns)
    for line in lines:
        writer.writerow([(ROW | line).get(name, "") for name in columns])
    return made.getvalue()


def workbook(*lines, columns=COLUMNS, formats=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(columns)
    for line in lines:
        sheet.append([(ROW | line).get(name) for name in columns])
    for place, number_format in dict(formats).items():
        sheet[place].number_format = number_format
    return saved(book)


def saved(book):
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def checked(data):
    return rows.check(files.read(data), court_code="苏0199", today=TODAY)
