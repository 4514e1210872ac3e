"""The header of a template: what the document is, where it is filed, to whom it goes.

::

    code = "D002"              # of the document catalogue
    name = "执行通知书"
    kind = "notice"
    volume = "main"            # or internal, which parties never see
    item = "8"                 # of the dossier's catalogue
    recipients = ["RES"]
    approval = ["J"]           # unless the decision table says otherwise
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

#: DOMAIN §3.4; the Chinese word is the kind that ends the document's name.
KINDS = frozenset(
    re.findall(
        "[a-z]+",
        "ruling decision notice order warrant summons letter mandate announcement disclosure record"
        " form list plan statement certificate report",
    )
)
VOLUMES = frozenset(("main", "internal"))
RECIPIENTS = frozenset(
    re.findall(
        "[A-Z]+",
        "APP RES LEG AST THIRD OUT INT PUR MORT CRED KEEP PSB UPC CT KCT BCT FILING REV FIN APPR"
        " AUD PLAT GOV CC FAM LAW PET GUAR SUB ARCH PUB NEW JUDGE",
    )
)
_LONGEST_NAME = 60
APPROVALS = frozenset(("J", "P", "B", "V", "PR"))


@dataclass(frozen=True)
class Header:
    code: str
    name: str
    kind: str
    volume: str
    item: str  #: "8" of the main volume, "S1" of the internal one
    recipients: tuple[str, ...]
    approval: tuple[str, ...]  #: levels in their order; empty: nobody has to approve it


class HeaderInvalid(Exception):
    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        self.sentence = sentence
        super().__init__(sentence)


def _code_of(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[A-Z][A-Z0-9]{1,9}", value))


def _name_of(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_NAME


def _item_of(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"S[1-4]|[12]?\d|3[01]", value))


def _one_of(known: frozenset[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in known


def _some_of(known: frozenset[str]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, list)
        and all(isinstance(one, str) and one in known for one in value)
        and len(set(value)) == len(value)
    )


_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "code": (_code_of, "文书编号应写成「D002」这样"),
    "name": (_name_of, f"文书名称不能为空，不超过{_LONGEST_NAME}字"),
    "kind": (_one_of(KINDS), f"文书种类只能是{'、'.join(sorted(KINDS))}"),
    "volume": (_one_of(VOLUMES), "卷别只能是main（正卷）或internal（副卷）"),
    "item": (_item_of, "卷内目录编号应为「0」至「31」或「S1」至「S4」"),
    "recipients": (_some_of(RECIPIENTS), f"送达对象只能从{'、'.join(sorted(RECIPIENTS))}中选"),
    "approval": (_some_of(APPROVALS), "审批级别只能从J、P、B、V、PR中选"),
}


def header(declared: Mapping[str, Any], lines: list[str]) -> Header:
    """The header, or HeaderInvalid with the line that it stands on."""
    for name in declared:
        if name not in _RULES:
            raise HeaderInvalid(_line(name, lines), f"说明中没有「{name}」这一项")
    for name, (right, sentence) in _RULES.items():
        if name not in declared:
            raise HeaderInvalid(1, f"说明中缺少「{name}」：{sentence}")
        if not right(declared[name]):
            raise HeaderInvalid(_line(name, lines), sentence)
    values = {field.name: declared[field.name] for field in fields(Header)}
    for name in ("recipients", "approval"):
        values[name] = tuple(values[name])
    return Header(**values)


def _line(name: str, lines: list[str]) -> int:
    for number, line in enumerate(lines, start=1):
        if line.strip().strip("\"'").startswith(name):
            return number
    return 1
