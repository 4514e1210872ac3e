"""What 办理过程 says of changes of the parties, old → new, and of recusals; numbers are masked, everybody reads it."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.casefile import labels
from engine.casefile.case import identity_numbers

_NOTHING = "无"


def contact_changed(detail: Mapping[str, Any]) -> str:
    return f"更新{detail['name']}的送达地址和联系方式：{_changes(detail)}"


def corrected(detail: Mapping[str, Any]) -> str:
    return f"更正{detail['name']}的身份信息：{_changes(detail)}，理由：{detail['reason']}"


def joined(detail: Mapping[str, Any]) -> str:
    return f"追加{_role(detail)}{detail['name']}，依据：{detail['basis']}"


def left(detail: Mapping[str, Any]) -> str:
    return f"{_role(detail)}{detail['name']}退出，{detail['reason']}"


def recused(detail: Mapping[str, Any]) -> str:
    """Not the ground, which is for those who lead."""
    to = f"，由{detail['successor']}接办" if detail["successor"] else ""
    return f"{detail['name']}（{detail['title']}）回避{to}，{detail['decision_no']}"


def readmitted(detail: Mapping[str, Any]) -> str:
    return f"撤销{detail['name']}的回避"


def _role(detail: Mapping[str, Any]) -> str:
    return labels.PARTY_ROLES.get(detail["role"], "")


def _changes(detail: Mapping[str, Any]) -> str:
    return "；".join(
        f"{labels.PARTY_COLUMNS[column]} {_shown(column, change['old'])} → {_shown(column, change['new'])}"
        for column, change in detail["changes"].items()
    )


_AS_READ: Mapping[str, Callable[[str], str]] = {
    "phone": identity_numbers.mask_phone,
    "id_number": identity_numbers.mask,
    "role": lambda code: labels.PARTY_ROLES.get(code, code),
    "kind": lambda code: labels.PARTY_KINDS.get(code, code),
}


def _shown(column: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    text = _AS_READ.get(column, str)(str(value)) if value else ""
    return text or _NOTHING
