"""Checks the lines of an intake file one by one: a record, or all that is wrong with the line.

Nothing here asks the database; what only it knows (cases that exist, judges) is ``importing``'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from engine.casefile import labels
from engine.casefile.case import case_numbers, identity_numbers
from engine.casefile.case.case_numbers import CaseNumber, CaseNumberMalformed
from engine.casefile.intake import values
from engine.casefile.intake.cells import COLUMNS, Cell, Cells, Line, Refusal
from engine.casefile.intake.values import Unfit

KINDS = {word: code for code, word in labels.PARTY_KINDS.items()}
#: Role, and of each of its persons' fields the column that lists it.
PARTY_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "applicant": {
        "name": "申请执行人",
        "kind": "申请人类型",
        "id_number": "申请人证件号码",
        "phone": "申请人联系电话",
        "e_address": "申请人电子送达地址",
    },
    "debtor": {
        "name": "被执行人",
        "kind": "被执行人类型",
        "id_number": "被执行人证件号码",
        "phone": "被执行人联系电话",
        "address": "被执行人住所",
    },
}

_LONG = 2000  #: characters of a remark
#: Without one of these the case has nothing to enforce yet; the other types bring their own papers.
_NEED_TITLE = frozenset({"执", "执恢"})

T = TypeVar("T")


@dataclass(frozen=True)
class PartyRecord:
    role: str  #: applicant, debtor
    name: str
    kind: str  #: one of the values of ``KINDS``
    id_number: str = ""
    phone: str = ""
    e_address: str = ""
    address: str = ""


@dataclass(frozen=True)
class CaseRecord:
    line: int
    number: CaseNumber
    filed_on: date
    cause: str
    title_no: str
    title_name: str
    applicants: tuple[PartyRecord, ...]
    debtors: tuple[PartyRecord, ...]
    amount: Decimal  #: yuan
    owner: str  #: 承办法官: a name or a login; empty when nobody was assigned yet
    remark: str

    @property
    def case_no(self) -> str:
        return str(self.number)

    @property
    def parties(self) -> tuple[PartyRecord, ...]:
        return self.applicants + self.debtors


@dataclass(frozen=True)
class Checked:
    good: list[CaseRecord]
    refusals: list[Refusal]


def check(cells: Cells, *, court_code: str, today: date) -> Checked:
    """Every good line as a record, every bad cell as a refusal; in the order of the file."""
    checked = Checked([], [])
    first_lines: dict[CaseNumber, int] = {}
    for line in cells.lines:
        row = _Row(line)
        record = _record(row, first_lines, court_code=court_code, today=today)
        if record:
            checked.good.append(record)
        checked.refusals.extend(row.in_order())
    return checked


class _Row:
    """A line that is being read, with what was refused so far."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.refusals: list[Refusal] = []

    def refuse(self, column: str, reason: str, value: str = "") -> None:
        shown = value or (self.line.cells[column].text if column else "")
        self.refusals.append(Refusal(self.line.number, column, shown, reason))

    def read(self, column: str, reader: Callable[[Cell], T]) -> T | None:
        """None when the cell was refused."""
        try:
            return reader(self.line.cells[column])
        except Unfit as unfit:
            self.refuse(column, unfit.reason, unfit.part)
            return None

    def in_order(self) -> list[Refusal]:
        places = {"": -1} | {name: place for place, name in enumerate(COLUMNS)}
        return sorted(self.refusals, key=lambda refusal: places[refusal.column])


def _record(
    row: _Row, first_lines: dict[CaseNumber, int], *, court_code: str, today: date
) -> CaseRecord | None:
    if row.line.fault:
        row.refuse("", row.line.fault, "；".join(row.line.extra))
        return None
    number = _case_number(row, first_lines, court_code=court_code, year=today.year)
    filed_on = row.read("收案日期", lambda cell: values.day(cell, today=today))
    cause = row.read("案由", lambda cell: values.name(cell, "案由"))
    title_no, title_name = _title(row, needed=number is None or number.type in _NEED_TITLE)
    applicants, debtors = _parties(row, "applicant"), _parties(row, "debtor")
    amount = row.read("申请执行标的", values.amount)
    owner = row.read("承办法官", values.name)
    remark = row.read("备注", lambda cell: values.text(cell, most=_LONG))
    if row.refusals or number is None or filed_on is None or amount is None:
        return None
    return CaseRecord(
        line=row.line.number,
        number=number,
        filed_on=filed_on,
        cause=cause or "",
        title_no=title_no,
        title_name=title_name,
        applicants=applicants,
        debtors=debtors,
        amount=amount,
        owner=owner or "",
        remark=remark or "",
    )


def _case_number(
    row: _Row, first_lines: dict[CaseNumber, int], *, court_code: str, year: int
) -> CaseNumber | None:
    def reader(cell: Cell) -> CaseNumber:
        try:
            number = case_numbers.parse(values.text(cell))
        except CaseNumberMalformed as error:
            raise Unfit(error.reason) from None
        fault = case_numbers.check_new(number, court_code=court_code, year=year)
        if not fault and first_lines.setdefault(number, row.line.number) != row.line.number:
            fault = f"与第{first_lines[number]}行的案号重复，请删去一行或者更正案号"
        if fault:
            raise Unfit(fault)
        return number

    return row.read("案号", reader)


def _title(row: _Row, *, needed: bool) -> tuple[str, str]:
    """执行依据: its number and its kind of document; "" for what was refused."""
    title_no = row.read("执行依据文号", values.title_number)
    title_name = row.read("执行依据名称", values.name)
    if needed and title_no == "":
        row.refuse("执行依据文号", "请填写执行依据文号，例如（2025）苏0199民初1号")
    if needed and title_name == "":
        row.refuse("执行依据名称", "请填写执行依据名称，例如 民事判决书")
    return title_no or "", title_name or ""


# ---------------------------------------------------------------- parties


def _parties(row: _Row, role: str) -> tuple[PartyRecord, ...]:
    columns = PARTY_COLUMNS[role]
    names = row.read(columns["name"], lambda cell: values.persons(cell, columns["name"]))
    if names is None:
        # How long the other lists must be is unknown; to refuse them too would only confuse.
        return ()
    kinds = _kinds(row, columns["kind"], len(names))
    fields = {
        "name": names,
        "kind": kinds,
        "id_number": _id_numbers(row, columns["id_number"], kinds),
    }
    for field in [name for name in columns if name not in fields]:
        listed = row.read(columns[field], lambda cell: values.per_person(cell, len(names)))
        fields[field] = listed or [""] * len(names)
    _check_e_addresses(row, columns.get("e_address", ""), fields.get("e_address", []))
    persons = zip(*fields.values(), strict=True)
    return tuple(PartyRecord(role, **dict(zip(fields, one, strict=True))) for one in persons)


def _kinds(row: _Row, column: str, count: int) -> list[str]:
    """Codes; "" for a person whose kind was refused."""
    written = row.read(column, lambda cell: values.per_person(cell, count))
    if written is None:
        return [""] * count
    choice = "须为" + "、".join(KINDS) + "之一"
    for word in dict.fromkeys(written):
        if word not in KINDS:
            row.refuse(column, choice if word else f"请填写每个人的类型，{choice}", word)
    return [KINDS.get(word, "") for word in written]


def _id_numbers(row: _Row, column: str, kinds: list[str]) -> list[str]:
    """Normalised; blank where none was given. A person who has none yet is queried by name."""
    written = row.read(column, lambda cell: values.identity_numbers(cell, len(kinds)))
    numbers = [identity_numbers.normalise(number) for number in written or [""] * len(kinds)]
    for place, (number, kind) in enumerate(zip(numbers, kinds, strict=True)):
        if not number:
            continue
        if number in numbers[:place]:
            row.refuse(column, "与前面一人的证件号码相同，请核对", number)
        elif fault := identity_numbers.fault_of(number, kind):
            row.refuse(column, fault, number)
    return numbers


def _check_e_addresses(row: _Row, column: str, e_addresses: list[str]) -> None:
    """A mail address must be one; numbers and accounts of other channels are taken as they are."""
    for address in e_addresses:
        if "@" in address and not values.MAIL_ADDRESS.fullmatch(address):
            row.refuse(column, "电子邮箱写法有误，例如 name@example.com", address)
