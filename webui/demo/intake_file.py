"""An intake file of invented cases, as the filing division would hand it over."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from random import Random

from webui.demo import people

HEADER = (
    "案号", "收案日期", "案由", "执行依据文号", "执行依据名称", "申请执行人", "申请人类型", "申请人证件号码",
    "申请人联系电话", "申请人电子送达地址", "被执行人", "被执行人类型", "被执行人证件号码", "被执行人联系电话",
    "被执行人住所", "申请执行标的", "承办法官", "备注",
)  # fmt: skip
TITLES = ("民事判决书", "民事调解书", "仲裁裁决书", "公证债权文书")


@dataclass(frozen=True)
class Wanted:
    """What the case must be; what is left open is drawn by lot."""

    kind: str = ""
    #: Yuan from, to.
    amount: tuple[int, int] | None = None
    #: The debtors are persons.
    natural: bool = False


def csv_file(random: Random, day: date, number: int, code: str, wanted: Wanted) -> bytes:
    """One case with that number, filed on that day."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerow(_row(random, day, number, code, wanted))
    return out.getvalue().encode("utf-8-sig")


def _row(random: Random, day: date, number: int, code: str, wanted: Wanted) -> list[str]:
    kind = wanted.kind or random.choices(("执", "执恢"), (92, 8))[0]
    applicant = _party(random)
    count = random.choices((1, 2, 3), (65, 27, 8))[0]
    debtors = [_party(random, natural=wanted.natural) for _ in range(count)]
    return [
        f"（{day.year}）{code}{kind}{number}号",
        day.isoformat(),
        random.choice(people.CAUSES),
        f"（{day.year - 1}）{code}民初{random.randrange(500, 9999)}号",
        random.choice(TITLES),
        *applicant[:3],
        people.phone(random),
        f"a{number}@example.invalid" if random.random() < 0.8 else "",
        "；".join(d[0] for d in debtors),
        "；".join(d[1] for d in debtors),
        "；".join(d[2] for d in debtors),
        "；".join(people.phone(random) for _ in debtors),
        "；".join(people.address(random) for _ in debtors),
        str(_amount(random, wanted.amount)),
        "",
        "",
    ]


def _amount(random: Random, bounds: tuple[int, int] | None) -> Decimal:
    if bounds is not None:
        return Decimal(random.randrange(*bounds)) + Decimal(random.randrange(100)) / 100
    return (Decimal(random.randrange(3_000, 100_000)) ** 2 / 3000).quantize(Decimal("0.01"))


def _party(random: Random, *, natural: bool = False) -> tuple[str, str, str]:
    """(name, type, number)"""
    if not natural and random.random() < 0.3:
        return random.choice(people.FIRMS), "法人", people.credit_code(random)
    return people.person(random), "自然人", people.id_number(random)
