"""What a person has submitted, checked and typed: values, or one Chinese sentence for each field."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import re2

from engine import clock, feel
from engine.process.forms.reading import CHOOSING, Choice, Field, Form, Node

_LONGEST_TEXT = 20_000
_DATE = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:时](\d{2})(?:[:分](\d{2}))?[分秒]?")
_FORMATS = {
    "email": (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "不是有效的邮箱地址，请重新填写"),
    "phone": (r"^\+?[0-9][0-9 \-]{5,19}$", "不是有效的电话号码，请重新填写"),
}


@dataclass(frozen=True)
class Cleaned:
    """Without errors, ``values`` has every visible field: text, Decimal, bool, date, time, moment, list or None."""

    values: dict[str, Any]
    errors: dict[str, str]


class _Wrong(Exception):
    """The sentence for the field."""


def clean(
    form: Form, submitted: Mapping[str, Any], context: Mapping[str, Any] | None = None
) -> Cleaned:
    """Takes declared, visible, writable fields; ``context``: process data and facts for conditions."""
    seen = dict(context or {})
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in form.fields:
        if field.readonly:
            continue
        try:
            values[field.key] = _typed(field, submitted.get(field.key), seen)
        except _Wrong as wrong:
            errors[field.key], values[field.key] = str(wrong), None
    # Conditions see what was typed, whatever the order of the fields.
    shown = {field.key for field in visible(form, seen | values)}
    for field in form.fields:
        if field.key not in shown:
            values.pop(field.key, None)
            errors.pop(field.key, None)
        elif field.key in values and field.required and _is_empty(values[field.key]):
            errors.setdefault(field.key, f"请{_verb(field)}“{field.label}”")
    return Cleaned(values, errors)


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [])


def _verb(field: Field) -> str:
    if field.kind == "checkbox":
        return "勾选"
    return "选择" if field.kind in CHOOSING else "填写"


def visible(form: Form, context: Mapping[str, Any]) -> list[Field]:
    """The fields a person sees with these values; a condition that cannot be worked out hides nothing."""
    found: list[Field] = []
    _show(form.nodes, context, found)
    return found


def _show(nodes: tuple[Node, ...], context: Mapping[str, Any], found: list[Field]) -> None:
    for node in nodes:
        if node.hide is not None and _true(node.hide, context):
            continue
        if node.field is not None:
            found.append(node.field)
        _show(node.nodes, context, found)


def _true(text: str, context: Mapping[str, Any]) -> bool:
    try:
        return feel.compile(text).evaluate(context) is True
    except feel.FeelError:
        return False


def choices(field: Field, context: Mapping[str, Any]) -> tuple[Choice, ...]:
    """What can be chosen: as listed, or as the expression says; [] if it says nothing usable."""
    if field.choices_expression is None:
        return field.choices
    try:
        found = feel.compile(field.choices_expression).evaluate(context)
    except feel.FeelError:
        return ()
    return tuple(_choice(item) for item in found or [] if item is not None)


def _choice(item: Any) -> Choice:
    if isinstance(item, Mapping):
        value = feel.to_text(item.get("value"))
        return Choice(value, feel.to_text(item.get("label")) if item.get("label") else value)
    return Choice(feel.to_text(item), feel.to_text(item))


# ---------------------------------------------------------------- one field


def _typed(field: Field, given: Any, context: Mapping[str, Any]) -> Any:
    several = list(given) if isinstance(given, list | tuple) else [given]
    if field.kind == "checklist":
        return _checklist(field, several, context)
    one = several[-1] if several else None
    if field.kind == "checkbox":
        return one is True or (isinstance(one, str) and one.lower() in ("on", "true", "1", "是"))
    if one is None or (isinstance(one, str) and not one.strip()):
        return None
    if field.kind in ("radio", "select"):
        return _chosen(field, one, context)
    read = {"number": _number, "datetime": _moment}.get(field.kind, _text)
    return read(field, one)


def _checklist(field: Field, several: list[Any], context: Mapping[str, Any]) -> list[str]:
    known = {choice.value for choice in choices(field, context)}
    found = list(dict.fromkeys(str(v) for v in several if v not in (None, "")))
    for value in found:
        if value not in known:
            raise _Wrong(f"“{field.label}”没有「{value}」这个选项，请重新选择")
    return found


def _chosen(field: Field, one: Any, context: Mapping[str, Any]) -> str:
    value = str(one).strip()
    if value not in {choice.value for choice in choices(field, context)}:
        raise _Wrong(f"“{field.label}”没有「{value}」这个选项，请重新选择")
    return value


def _number(field: Field, one: Any) -> Decimal:
    written = unicodedata.normalize("NFKC", str(one)).strip().replace(",", "")
    try:
        value = Decimal(written)
    except InvalidOperation:
        raise _Wrong(f"“{field.label}”不是数字，请只填数字") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 30:
        raise _Wrong(f"“{field.label}”不是数字，请只填数字")
    if field.digits is not None and value != round(value, field.digits):
        wanted = f"最多保留{field.digits}位小数" if field.digits else "必须是整数"
        raise _Wrong(f"“{field.label}”{wanted}")
    if field.minimum is not None and value < field.minimum:
        raise _Wrong(f"“{field.label}”不能小于{field.minimum}")
    if field.maximum is not None and value > field.maximum:
        raise _Wrong(f"“{field.label}”不能大于{field.maximum}")
    return value


def _moment(field: Field, one: Any) -> date | time | datetime:
    wrong = _Wrong(f"“{field.label}”不是有效的日期或时间，请重新选择")
    text = unicodedata.normalize("NFKC", one.isoformat() if hasattr(one, "isoformat") else str(one))
    day, hour = _DATE.match(text.strip()), _TIME.search(text.partition("T")[2] or text)
    try:
        if field.subtype == "time" and hour is not None:
            return _clock(hour)
        if day is None or field.subtype == "time":
            raise wrong
        on = date(*(int(part) for part in day.groups()))
        if field.subtype == "date":
            return on
        rest = _TIME.search(text[day.end() :])
        if rest is None:
            raise wrong
        return datetime.combine(on, _clock(rest), clock.COURT_ZONE)
    except ValueError:
        raise wrong from None


def _clock(found: re.Match[str]) -> time:
    hour, minute, second = (int(part or 0) for part in found.groups())
    return time(hour, minute, second)


def _text(field: Field, one: Any) -> str:
    value = str(one).replace("\r\n", "\n").replace("\x00", "").strip()
    if field.kind == "textfield":
        value = " ".join(value.split("\n"))
    longest = min(field.longest or _LONGEST_TEXT, _LONGEST_TEXT)
    if len(value) > longest:
        raise _Wrong(f"“{field.label}”最多{longest}个字，现有{len(value)}个字")
    if field.shortest is not None and len(value) < field.shortest:
        raise _Wrong(f"“{field.label}”至少{field.shortest}个字")
    if field.pattern is not None and not re2.search(field.pattern, value):
        raise _Wrong(field.pattern_message or f"“{field.label}”的格式不对，请重新填写")
    if field.format is not None and not re2.search(_FORMATS[field.format][0], value):
        raise _Wrong(f"“{field.label}”{_FORMATS[field.format][1]}")
    return value
