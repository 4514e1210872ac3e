"""An intake file of invented cases, as the filing division would hand it over."""

import csv
from collections.abc import Iterator
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


def csv_file(random: Random, days: Iterator[date], first: int, count: int, code: str) -> bytes:
    """``count`` cases numbered from ``first``, filed on the given days."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for number in range(first, first + count):
        writer.writerow(_row(random, next(days), number, code))
    return out.getvalue().encode("utf-8-sig")


def _row(random: Random, day: date, number: int, code: str) -> list[str]:
    kind = random.choices(("执", "执恢", "执保"), (90, 7, 3))[0]
    applicant = _party(random)
    debtors = [_party(random) for _ in range(random.choices((1, 2, 3), (65, 27, 8))[0])]
    amount = (Decimal(random.randrange(3_000, 100_000)) ** 2 / 3000).quantize(Decimal("0.01"))
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
        str(amount),
        "",
        "",
    ]


def _party(random: Random) -> tuple[str, str, str]:
    """(name, type, number)"""
    if random.random() < 0.3:
        return random.choice(people.FIRMS), "法人", people.credit_code(random)
    return people.person(random), "自然人", people.id_number(random)
