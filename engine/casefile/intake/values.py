"""One cell as a value: text, amount, day, list of persons. ``Unfit`` says why it is none."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from string import whitespace

from engine.casefile.case import case_numbers
from engine.casefile.intake.cells import Cell

_SHORT = 200  #: characters of a name, cause or address
_EARLIEST_YEAR = 1990  #: an older filing day is a slip of the pen
_MOST = Decimal(10) ** 12  #: yuan; beyond it the decimal point is missing
#: Carry nothing and come along unseen when text is copied from a web page.
_NOTHING = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
#: By which a spreadsheet knows a formula, with their full-width and small forms.
_FORMULA = tuple("=+-@＝＋－＠﹦﹢﹣﹫−")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋／", "0123456789.,-+/")
_AMOUNT = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
    r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"  # other systems write the hour too
)
MAIL_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+")


class Unfit(Exception):
    """The reason as a Chinese sentence, and the part of the cell it is about (empty: all of it)."""

    def __init__(self, reason: str, part: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.part = part


def text(cell: Cell, *, most: int = _SHORT) -> str:
    """Without blanks around it and line breaks within it; empty if nothing was written."""
    plain = " ".join(_readable(cell).split())
    if len(plain) > most:
        raise Unfit(f"最多 {most} 个字，这里有 {len(plain)} 个")
    return plain


def _readable(cell: Cell) -> str:
    if cell.kind == "formula":
        raise Unfit("单元格是公式，请改为公式的结果")
    if cell.kind == "error":
        raise Unfit("单元格是 Excel 的错误值，请重新填写")
    # Apostrophes in front make a spreadsheet take the rest as text.
    plain = cell.text.translate(_NOTHING).strip().lstrip(f"'{whitespace}")
    for character in plain:
        if character not in "\r\n\t" and (
            character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}
        ):
            raise Unfit("含有无法识别的字符，请重新输入")
    return plain


def name(cell: Cell, what: str = "") -> str:
    """Text that is no formula; ``what`` is asked for when it is missing."""
    written = text(cell)
    if what and not written:
        raise Unfit(f"请填写{what}")
    return _no_formula(written)


def _no_formula(written: str) -> str:
    if written.startswith(_FORMULA):
        raise Unfit(f"不能以「{written[0]}」开头，请填写真实的名称", written)
    return written


def persons(cell: Cell, what: str) -> list[str]:
    """The names of a cell, at least one."""
    names = listed(cell)
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unfit(f"请填写{what}")
    return [_person(written, what) for written in names]


def _person(written: str, what: str) -> str:
    """One name. What may be two is refused, since two persons made one would owe, or be paid, wrongly."""
    if not written:
        raise Unfit(f"两个；之间缺少{what}的名称")
    if len(written) > _SHORT:
        raise Unfit(f"名称最多 {_SHORT} 个字", written)
    _no_formula(written)
    if re.search("[A-Za-z]", written):
        return " ".join(written.split())
    pieces = written.split()
    # 张　三 is one person, spread to the width of three characters.
    if re.search(r"[、，,/\n]", written) or (len(pieces) > 1 and max(map(len, pieces)) > 1):
        raise Unfit("有几人时须用；分隔，只有一人时请去掉中间的空格和标点", written)
    return "".join(pieces)


def title_number(cell: Cell) -> str:
    """Of a court in the canonical writing of a case number; of a notary or arbitrator as it is."""
    written = name(cell)
    canonical = case_numbers.normalise(written)
    of_court = re.fullmatch(r"（(?:19|20)[0-9]{2}）.+[0-9]号(?:之.+)?", canonical)
    return canonical if of_court and not written.startswith(("〔", "[")) else written


def amount(cell: Cell) -> Decimal:
    """Yuan with at most two decimals, more than nothing."""
    plain = text(cell).translate(_FULL_WIDTH)
    if not plain:
        raise Unfit("请填写金额，例如 10000.00")
    if plain.startswith("-") and _AMOUNT.fullmatch(plain[1:]):
        raise Unfit("金额须大于 0")
    found = _AMOUNT.fullmatch(plain)
    if not found:
        raise Unfit("金额须为数字，例如 10000.00")
    if len((found[2] or "").rstrip("0")) > 2:  # noqa: PLR2004  fen
        raise Unfit("金额最多到分，请保留两位小数")
    value = Decimal(plain.replace(",", ""))
    if value <= 0:
        raise Unfit("金额须大于 0")
    if value > _MOST:
        raise Unfit("金额超过一万亿元，请核对小数点")
    return value.quantize(Decimal("0.01"))


def day(cell: Cell, *, today: date) -> date:
    """A calendar day until today; 2026-09-01, 2026/9/1, 2026.9.1, 2026年9月1日 and 20260901 are understood."""
    plain = text(cell).translate(_FULL_WIDTH)
    if not plain:
        raise Unfit("请填写日期，例如 2026-09-01")
    found = _DAY.fullmatch(plain)
    if not found:
        raise Unfit("日期须写作 2026-09-01 或 2026/9/1 的样式")
    year, month, day_ = (int(part) for part in found.groups() if part and part.isdecimal())
    try:
        value = date(year, month, day_)
    except ValueError:
        raise Unfit("没有这一天，请核对月和日") from None
    if value > today:
        raise Unfit(f"晚于今天（{today}），请核对")
    if value.year < _EARLIEST_YEAR:
        raise Unfit("年份过早，请核对")
    return value


def listed(cell: Cell) -> list[str]:
    """What stands between the ；(or ;) of a cell, blanks included; [] for an empty cell."""
    written = _readable(cell)
    return [part.strip() for part in re.split("[；;]", written)] if written else []


def per_person(cell: Cell, count: int) -> list[str]:
    """As many parts as there are persons, or all blank; a ； at the end ends the list."""
    parts = [" ".join(part.split()) for part in listed(cell)]
    while len(parts) > count and not parts[-1]:
        parts.pop()
    if not any(parts):
        return [""] * count
    if len(parts) != count:
        raise Unfit(f"有 {len(parts)} 项，而当事人有 {count} 人；请用；分隔，每人一项，没有的留空")
    for part in parts:
        if len(part) > _SHORT:
            raise Unfit(f"每项最多 {_SHORT} 个字", part)
    return parts


def identity_numbers(cell: Cell, count: int) -> list[str]:
    """Like ``per_person``; refused where a spreadsheet kept a number, of which it keeps 15 digits."""
    if cell.kind in {"number", "date"} or _SCIENTIFIC.fullmatch(cell.text.strip()):
        raise Unfit("单元格是数字格式，Excel 已丢失后面的数字，请设为文本格式后重新填写")
    return per_person(cell, count)
