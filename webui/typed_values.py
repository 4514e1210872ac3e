"""Values of process variables: as people read them, and as an operator types them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from engine import clock
from engine.casefile import labels
from engine.casefile.rules.labels import FIELDS

#: A list or structure is cut here; the rest is in its title.
_DEEPEST = 4

#: Decisions keep the facts they saw as text.
_WRITTEN = {"True": "是", "False": "否", "None": "空"}


def shown(  # noqa: PLR0911  one line per kind
    value: Any, names: Mapping[str, str] | None = None, depth: int = 0
) -> str:
    """One line. ``names``: what ids are called; codes of stages read as their names."""
    known = names or {}
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.COURT_ZONE):%Y-%m-%d %H:%M}"
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        parts = (
            f"{field_name(name)}：{shown(inner, known, depth + 1)}" for name, inner in value.items()
        )
        return "；".join(parts) or "空"
    if isinstance(value, list):
        return "、".join(shown(inner, known, depth + 1) for inner in value) or "空"
    text = str(value)
    return known.get(text) or labels.STAGES.get(text) or _WRITTEN.get(text) or text


#: What a decision keeps beside the values it read.
_OF_DECISIONS = {"facts": "事实", "rows": "适用的行", "rules": "规则校验值", "reason": "理由"}


def field_name(name: str) -> str:
    """The Chinese name of a fact or field of the rules; what the designer named stays as it is."""
    return _OF_DECISIONS.get(name) or FIELDS.get(name, name)


# ---------------------------------------------------------------- typed


def _yes_or_no(text: str) -> bool:
    found = {"是": True, "true": True, "否": False, "false": False}.get(text.lower())
    if found is None:
        raise ValueError("请填写“是”或者“否”")
    return found


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError("请填写数字，例如 1200.50") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("请填写日期，例如 2026-11-23") from None


def _structure(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise ValueError("结构须是完整的 JSON，例如 [1, 2]") from None


#: Kind -> its word, and how a typed text becomes such a value.
KINDS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "text": ("文字", str),
    "number": ("数字", _number),
    "day": ("日期", _day),
    "boolean": ("是或否", _yes_or_no),
    "none": ("空", lambda _text: None),
    "structure": ("结构（JSON）", _structure),
}


def read(kind: str, text: str) -> Any:
    """The typed text as a value of this kind; ``ValueError`` says what to write instead."""
    if kind not in KINDS:
        raise ValueError("请选择值的类型")
    return KINDS[kind][1](text.strip())


def kind_of(value: Any) -> str:
    """Which kind a variable has now, so that the form proposes it."""
    if value is None:
        return "none"
    for kind, types in (
        ("boolean", bool),
        ("text", str),
        ("number", (int, float, Decimal)),
        ("day", date),
    ):
        if isinstance(value, types):
            return kind
    return "structure"
