"""What an intake file holds, whatever its format: lines of named cells, and what is said of a bad one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from unicodedata import category

from engine.errors import EngineError

#: The columns of an intake file; their order in a file is free.
COLUMNS = (
    "案号",
    "收案日期",
    "案由",
    "执行依据文号",
    "执行依据名称",
    "申请执行人",
    "申请人类型",
    "申请人证件号码",
    "申请人联系电话",
    "申请人电子送达地址",
    "被执行人",
    "被执行人类型",
    "被执行人证件号码",
    "被执行人联系电话",
    "被执行人住所",
    "申请执行标的",
    "承办法官",
    "备注",
)

#: Unicode categories of what is no character to read: controls, surrogates, line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_SHOWN = 60  #: characters of a value in a printed refusal

#: A spreadsheet's own type of a cell; a CSV file knows only text.
Kind = Literal["text", "number", "date", "formula", "error"]


class FileRefused(EngineError):
    """文件无法导入"""

    code = "intake_file_refused"


@dataclass(frozen=True)
class Cell:
    text: str = ""  #: as written; of a number or date of a spreadsheet, its plain writing
    kind: Kind = "text"


@dataclass(frozen=True)
class Line:
    number: int  #: of the line in the file on which the row begins; the header is on 1
    cells: Mapping[str, Cell]  #: by column, all of ``COLUMNS``
    extra: tuple[str, ...] = ()  #: cells under no column
    fault: str = ""  #: why the line cannot be divided into its columns


@dataclass(frozen=True)
class Cells:
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Refusal:
    line: int
    column: str  #: empty when the whole line is meant
    value: str
    reason: str

    def __str__(self) -> str:
        """第7行 申请执行标的「壹万元」：金额须为数字，例如 10000.00"""
        # Whoever wrote the file must not steer the terminal of whoever reads this.
        shown = "".join(" " if category(c) in _UNSEEN else c for c in self.value).strip()
        if len(shown) > _SHOWN:
            shown = shown[:_SHOWN] + "…"
        place = f" {self.column}" if self.column else ""
        return f"第{self.line}行{place}{f'「{shown}」' if shown else ''}：{self.reason}"
