"""Lists as XLSX files: typed cells, a head that stays, and no cell that a spreadsheet would run."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import xlsxwriter

from engine import db
from engine.casefile import labels, rulebook
from engine.casefile.case import boards, queries
from engine.casefile.case.boards import Filters
from engine.casefile.case.cases import Case
from engine.casefile.case.queries import Conditions
from engine.casefile.people.users import User
from engine.casefile.rules.deployed import Rules
from engine.errors import EngineError

#: Above that a file is of no use to anybody and slow for everybody.
MAX_ROWS = 20_000
#: What makes a spreadsheet run a text, also when the file is later saved as CSV; with the full-width
#: forms that it also accepts.
_RUNS = re.compile(r"[\s']*[=+\-@＝＋－＠﹦﹢﹣﹫−]")

Value = str | Decimal | date | int | None


class TooManyRows(EngineError):
    """结果超过 20000 件，请缩小条件后再导出"""

    code = "too_many_rows"


@dataclass(frozen=True)
class Column:
    title: str
    #: Characters.
    width: int = 12


def workbook(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet of that name. Amounts are numbers of yuan with two places, days are dates."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F7"})
    formats = {
        Decimal: book.add_format({"num_format": "#,##0.00"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.title, head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            _write(sheet, last, index, value, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return made.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    index: int,
    value: Value,
    formats: dict[type, xlsxwriter.format.Format],
) -> None:
    if isinstance(value, Decimal):
        sheet.write_number(row, index, float(value), formats[Decimal])
    elif isinstance(value, date):
        sheet.write_datetime(row, index, value, formats[date])
    elif isinstance(value, int):
        sheet.write_number(row, index, value)
    elif value:
        sheet.write_string(row, index, harmless(value))


def harmless(text: str) -> str:
    """The text, after an apostrophe if a spreadsheet would run it."""
    return f"'{text}" if _RUNS.match(text) else text


# ---------------------------------------------------------------- lists of cases

_BOARD = (
    Column("案号", 24),
    Column("阶段期限", 20),
    Column("届满日", 12),
    Column("案由", 22),
    Column("申请执行人", 24),
    Column("被执行人", 30),
    Column("执行标的（元）", 16),
    Column("财产线索", 24),
    Column("承办人", 10),
    Column("收案日期", 12),
    Column("进入本阶段", 12),
)
_QUERY = (
    Column("案号", 24),
    Column("当前阶段", 12),
    Column("阶段期限", 20),
    Column("届满日", 12),
    Column("案由", 22),
    Column("申请执行人", 24),
    Column("被执行人", 30),
    Column("执行标的（元）", 16),
    Column("承办人", 10),
    Column("收案日期", 12),
    Column("状态", 10),
)


def of_board(session: db.Session, viewer: User, filters: Filters) -> bytes:
    """Every row that the filters of 执行实体化 let through, as an XLSX file."""
    found = boards.board(session, viewer, replace(filters, size=MAX_ROWS, after=None))
    if found.more:
        raise TooManyRows
    rules = rulebook.of_court(session, viewer.court_id)
    rows = (
        (
            row.case.case_no,
            deadline_words(rules, row.case),
            row.case.stage_due_on,
            row.case.cause,
            "、".join(party.name for party in row.applicants),
            "、".join(party.name for party in row.debtors),
            row.case.amount,
            clues(row),
            row.handler,
            row.case.filed_on,
            row.case.stage_entered_on,
        )
        for row in found.rows
    )
    return workbook(labels.STAGES[filters.stage], _BOARD, rows)


def of_query(session: db.Session, viewer: User, conditions: Conditions) -> bytes:
    """Every case of 案件查询 under these conditions, as an XLSX file."""
    everything = replace(conditions, size=MAX_ROWS, after=None)
    found = queries.cases_of_viewer(session, viewer, everything)
    if found.more:
        raise TooManyRows
    rules = rulebook.of_court(session, viewer.court_id)
    rows = (
        (
            row.case.case_no,
            labels.STAGES.get(row.case.stage or "", ""),
            deadline_words(rules, row.case),
            row.case.stage_due_on,
            row.case.cause,
            "、".join(row.applicants),
            "、".join(row.debtors),
            row.case.amount,
            row.handler,
            row.case.filed_on,
            labels.CASE_STATUS[row.case.status],
        )
        for row in found.rows
    )
    return workbook("案件查询", _QUERY, rows)


def deadline_words(rules: Rules, case: Case) -> str:
    """阶段期限 as the lists show it: 剩余12天, 剩余39天（暂定）; empty while the case is in no stage."""
    left = rulebook.remaining_by(rules, case)
    if left is None:
        return ""
    return f"{left.text}（暂定）" if case.stage_due_tentative else left.text


def clues(row: boards.Row) -> str:
    """``银行存款 2、不动产 1``."""
    return "、".join(f"{labels.ASSET_KINDS[kind]} {count}" for kind, count in row.clues.items())
