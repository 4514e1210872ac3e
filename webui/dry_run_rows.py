"""Names with values as a designer types them in a dry run: start data, results of services, facts.

A row has a name, a kind and a text; an empty text gives nothing. What no simple kind can hold is a
FEEL expression, which reads no names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine import clock, feel
from engine.errors import NotStorable
from engine.feel import FeelError
from engine.process import values
from engine.process.dry_runs.sketch import Asked
from engine.process.forms import Choice
from webui import typed_values

KINDS: Mapping[str, str] = {
    "text": "文字",
    "number": "数字",
    "day": "日期",
    "moment": "日期时间",
    "boolean": "是或否",
    "feel": "表达式",
    "none": "空",
}
_MOST = 200


@dataclass(frozen=True)
class Row:
    name: str
    kind: str = "text"
    text: str = ""
    #: What the name is, for its title.
    told: str = ""
    choices: tuple[Choice, ...] = ()
    error: str = ""
    #: The name is known; otherwise the designer writes it.
    fixed: bool = True


class RowsWrong(ValueError):
    """Has the rows again, each with its sentence."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__("还有填写有误的值，请按提示改正")
        self.rows = rows


def row(name: str, value: Any, **more: Any) -> Row:
    """A row that shows this value."""
    kind, text = written(value)
    return Row(name, kind, text, **more)


def rows(asked: Iterable[Asked], known: Mapping[str, Any]) -> list[Row]:
    """One for each name, with the value that is known; names known beside them follow."""
    names = {each.name: each.choices for each in asked}
    names |= {name: () for name in known if name not in names}
    return [
        row(name, known[name], choices=choices) if name in known else Row(name, choices=choices)
        for name, choices in names.items()
    ]


def read(given: Any, known: Sequence[Row] = ()) -> dict[str, Any]:
    """Name -> value of what was typed; ``RowsWrong`` with a sentence at each row. ``known``: the rows as they were asked."""
    asked = {each.name: each for each in known}
    found: dict[str, Any] = {}
    checked: list[Row] = []
    for name, kind, text in _entries(given):
        wrong = ""
        if kind == "none" or text.strip():
            try:
                found[name] = _value(name, kind, text)
            except ValueError as error:
                wrong = str(error)
        before = asked.get(name, Row(name, fixed=False))
        checked.append(
            Row(name, kind, text, before.told, before.choices, wrong, fixed=before.fixed)
        )
    if any(each.error for each in checked):
        raise RowsWrong(checked)
    return found


def _entries(given: Any) -> Iterable[tuple[str, str, str]]:
    for each in (given if isinstance(given, list) else [])[:_MOST]:
        parts = (
            [each.get(part) for part in ("name", "kind", "value")] if isinstance(each, dict) else []
        )
        if parts and all(isinstance(part, str) for part in parts):
            name, kind, text = (str(part) for part in parts)
            if name.strip() or text.strip():
                yield name.strip(), kind, text


def _value(name: str, kind: str, text: str) -> Any:
    if not name:
        raise ValueError("请填写名称")
    if kind == "feel":
        return _evaluated(text)
    if kind == "moment":
        return _moment(text)
    if kind not in KINDS:
        raise ValueError("请选择值的类型")
    return typed_values.read(kind, text)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("请填写日期和时间，例如 2026-11-23 09:00") from None
    return found if found.tzinfo else found.replace(tzinfo=clock.COURT_ZONE)


def _evaluated(text: str) -> Any:
    try:
        expression = feel.compile(text)
        if expression.names:
            name = min(expression.names)
            raise ValueError(f'「{name}」没有值；文字要加英文引号，例如 "{name}"')
        value = expression.evaluate({})
        values.to_json(value)
    except FeelError as error:
        raise ValueError(str(error)) from None
    except NotStorable:
        raise ValueError("这个值不能作为流程数据，请改写") from None
    return value


# ---------------------------------------------------------------- values as typed


def written(value: Any) -> tuple[str, str]:  # noqa: PLR0911  one line per kind
    """Kind and text that ``read`` reads as this value."""
    if value is None:
        return "none", ""
    if isinstance(value, bool):
        return "boolean", "是" if value else "否"
    if isinstance(value, str):
        return "text", value
    if isinstance(value, int | Decimal):
        return "number", format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, datetime):
        exact = "auto" if value.second or value.microsecond else "minutes"
        local = value.astimezone(clock.COURT_ZONE).replace(tzinfo=None)
        return "moment", local.isoformat(" ", exact)
    if isinstance(value, date):
        return "day", value.isoformat()
    return "feel", as_feel(value)


def as_feel(value: Any) -> str:
    """The expression of a value: unlike FEEL's own text it gives dates and times again."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{feel.to_text([k])[1:-1]}: {as_feel(v)}" for k, v in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(as_feel(each) for each in value)}]"
    if isinstance(value, datetime):
        return f'date and time("{value.astimezone(clock.COURT_ZONE).isoformat()}")'
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    text = feel.to_text([value])[1:-1]
    plain = value is None or isinstance(value, str | bool | int | Decimal)
    return text if plain else f'@"{text}"'
