"""The list editor's changes to a form: form-js JSON in, form-js JSON out; what it does not know it keeps.

A component's place is its path: ``2`` is the third of the form, ``2.0`` the first in that group.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from engine.errors import EngineError, NotFound
from engine.ids import new_id

#: Kinds that the editor offers, in its order, with the words of the list.
KINDS: Mapping[str, str] = {
    "textfield": "单行文本",
    "textarea": "多行文本",
    "number": "数字",
    "datetime": "日期",
    "select": "下拉选择",
    "radio": "单选",
    "checklist": "多选",
    "checkbox": "勾选",
    "text": "说明文字",
    "separator": "分隔线",
}
#: What a form may hold beside them.
OTHERS: Mapping[str, str] = {"group": "分组", "spacer": "空白"}
CHOOSING = frozenset({"select", "radio", "checklist"})
SHOWN_ONLY = frozenset({"text", "separator", "spacer", "group"})
_WITH_LENGTH = frozenset({"textfield", "textarea"})
_KEY = re.compile(r"[^\W\d]\w{0,59}")


class FormUnreadable(EngineError):
    """这份表单不是有效的 JSON，请放弃草稿，或者改正后重新上传文件夹"""

    code = "form_unreadable"


class FieldRefused(EngineError):
    """字段填写有误"""

    code = "field_refused"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Row:
    """One component as the list shows it."""

    path: str
    depth: int
    kind: str
    label: str
    key: str
    required: bool
    #: In words: 必填 stands at the label, here the rest.
    rules: str
    conditional: bool
    first: bool
    last: bool


def rows(text: str) -> list[Row]:
    found: list[Row] = []
    _list(_components(_read(text)), "", 0, found)
    return found


def _list(components: Sequence[Any], prefix: str, depth: int, found: list[Row]) -> None:
    for index, component in enumerate(components):
        if not isinstance(component, dict):
            continue
        path = f"{prefix}{index}"
        found.append(_row(component, path, depth, index == 0, index == len(components) - 1))
        inner = component.get("components")
        if isinstance(inner, list):
            _list(inner, f"{path}.", depth + 1, found)


def _row(component: Mapping[str, Any], path: str, depth: int, first: bool, last: bool) -> Row:  # noqa: FBT001
    kind = str(component.get("type") or "")
    label = str(component.get("label") or component.get("dateLabel") or component.get("text") or "")
    return Row(
        path,
        depth,
        kind,
        " ".join(label.split()) or KINDS.get(kind) or OTHERS.get(kind, kind),
        str(component.get("key") or ""),
        bool(_dict(component, "validate").get("required")),
        "，".join(_rules(component)),
        bool(_dict(component, "conditional").get("hide")),
        first,
        last,
    )


def _rules(component: Mapping[str, Any]) -> list[str]:
    asked, told = _dict(component, "validate"), []
    for name, words in (
        ("minLength", "≥{} 字"),
        ("maxLength", "≤{} 字"),
        ("min", "≥{}"),
        ("max", "≤{}"),
    ):
        if asked.get(name) not in (None, ""):
            told.append(words.format(asked[name]))
    listed = component.get("values")
    if isinstance(listed, list):
        told.append(f"{len(listed)} 个选项")
    if component.get("valuesExpression") or component.get("valuesKey"):
        told.append("选项由表达式给出")
    if component.get("readonly"):
        told.append("只读")
    return told


# ---------------------------------------------------------------- one component, for its dialog


def typed(text: str, path: str) -> dict[str, str]:
    """What the dialog's fields hold for this component."""
    component = _at(_read(text), path)
    asked = _dict(component, "validate")
    listed = component.get("values")
    lines = [
        str(v.get("value", ""))
        if v.get("label") in (None, v.get("value"))
        else f"{v.get('value', '')}={v['label']}"
        for v in (listed if isinstance(listed, list) else [])
        if isinstance(v, dict)
    ]
    told = {
        "kind": component.get("type"),
        "label": component.get("label") or component.get("dateLabel"),
        "text": component.get("text"),
        "key": component.get("key"),
        "required": "on" if asked.get("required") else "",
        "readonly": "on" if component.get("readonly") else "",
        "description": component.get("description"),
        "options": "\n".join(lines),
        "min": asked.get("min"),
        "max": asked.get("max"),
        "digits": component.get("decimalDigits"),
        "min_length": asked.get("minLength"),
        "max_length": asked.get("maxLength"),
        "subtype": component.get("subtype"),
        "hide": str(_dict(component, "conditional").get("hide") or "").removeprefix("=").strip(),
    }
    return {name: "" if value is None else str(value) for name, value in told.items()}


def add(text: str, given: Mapping[str, str]) -> str:
    """With a new component at the end."""
    content = _read(text)
    component = _changed({"id": f"Field_{new_id().hex[-7:]}"}, given, _keys(content))
    _components(content).append(component)
    return _written(content)


def change(text: str, path: str, given: Mapping[str, str]) -> str:
    content = _read(text)
    component = _at(content, path)
    taken = _keys(content) - {str(component.get("key"))}
    changed = _changed(component, given, taken)
    component.clear()
    component.update(changed)
    return _written(content)


def move(text: str, path: str, step: int) -> str:
    """One place up (-1) or down (1) among its neighbours."""
    content = _read(text)
    siblings, index = _siblings(content, path)
    to = index + (1 if step > 0 else -1)
    if 0 <= to < len(siblings):
        siblings[index], siblings[to] = siblings[to], siblings[index]
    return _written(content)


def remove(text: str, path: str) -> str:
    content = _read(text)
    siblings, index = _siblings(content, path)
    del siblings[index]
    return _written(content)


# ---------------------------------------------------------------- what was typed


def _changed(old: Mapping[str, Any], given: Mapping[str, str], taken: set[str]) -> dict[str, Any]:
    kind = given.get("kind", "")
    problems = _problems(kind, given, taken)
    if problems:
        raise FieldRefused(problems)
    component = {**old, "type": kind}
    label = given.get("label", "").strip()
    _put(component, "dateLabel" if kind == "datetime" else "label", label if kind != "text" else "")
    if kind != "datetime":
        component.pop("dateLabel", None)
    elif "dateLabel" in component:
        component.pop("label", None)
        component["subtype"] = given.get("subtype") or "date"
    _put(component, "text", given.get("text", "").strip() if kind == "text" else "")
    _put(component, "key", "" if kind in SHOWN_ONLY else given.get("key", "").strip())
    _put(component, "description", given.get("description", "").strip())
    _put(component, "readonly", bool(given.get("readonly")))
    _put(component, "decimalDigits", _number(given.get("digits", "")) if kind == "number" else None)
    if given.get("options", "").strip() and kind in CHOOSING:
        component["values"] = _options(given["options"])
        component.pop("valuesExpression", None)
    elif kind not in CHOOSING:
        component.pop("values", None)
    hide = given.get("hide", "").strip().removeprefix("=").strip()
    _put(component, "conditional", {"hide": f"={hide}"} if hide else None)
    _put(component, "validate", _validate(kind, given, _dict(old, "validate")))
    return component


def _problems(kind: str, given: Mapping[str, str], taken: set[str]) -> dict[str, str]:
    found = {}
    if kind not in KINDS and kind not in OTHERS:
        found["kind"] = "请选择字段类型"
    key = given.get("key", "").strip()
    if kind not in SHOWN_ONLY:
        if not given.get("label", "").strip():
            found["label"] = "请填写名称"
        if not _KEY.fullmatch(key):
            found["key"] = "请填写变量名：以文字或字母开头，只用文字、字母、数字和下划线"
        elif key in taken:
            found["key"] = f"变量名「{key}」已有另一个字段使用，请换一个"
    if kind == "text" and not given.get("text", "").strip():
        found["text"] = "请填写说明文字"
    for name in ("min", "max", "digits", "min_length", "max_length"):
        if given.get(name, "").strip() and _number(given[name]) is None:
            found[name] = "请填写数字"
    return found


def _validate(kind: str, given: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any] | None:
    asked = dict(old)
    _put(asked, "required", bool(given.get("required")) and kind not in SHOWN_ONLY)
    _put(asked, "min", _number(given.get("min", "")) if kind == "number" else None)
    _put(asked, "max", _number(given.get("max", "")) if kind == "number" else None)
    long = kind in _WITH_LENGTH
    _put(asked, "minLength", _number(given.get("min_length", "")) if long else None)
    _put(asked, "maxLength", _number(given.get("max_length", "")) if long else None)
    return asked or None


def _options(written: str) -> list[dict[str, str]]:
    """A line is a value, or ``value=label``."""
    found = []
    for line in written.splitlines():
        value, _, label = line.replace("＝", "=").partition("=")
        if value.strip():
            found.append({"value": value.strip(), "label": label.strip() or value.strip()})
    return found


def _number(written: str) -> int | float | None:
    written = written.strip()
    if re.fullmatch(r"-?\d{1,15}", written):
        return int(written)
    return float(written) if re.fullmatch(r"-?\d{1,15}\.\d{1,6}", written) else None


def _put(content: dict[str, Any], name: str, value: Any) -> None:
    """Nothing to say takes the name away."""
    if value in (None, "", False):
        content.pop(name, None)
    else:
        content[name] = value


# ---------------------------------------------------------------- the file


def _read(text: str) -> dict[str, Any]:
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FormUnreadable from error
    if not isinstance(content, dict) or not isinstance(content.get("components"), list):
        raise FormUnreadable
    return content


def _written(content: Mapping[str, Any]) -> str:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode() + "\n"


def _components(content: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = content["components"]
    return found


def _dict(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def _siblings(content: Mapping[str, Any], path: str) -> tuple[list[Any], int]:
    steps = [int(step) for step in path.split(".") if step.isascii() and step.isdigit()]
    found: Any = content.get("components")
    for step in steps[:-1]:
        inner = found[step] if isinstance(found, list) and step < len(found) else None
        found = inner.get("components") if isinstance(inner, dict) else None
    if not steps or not isinstance(found, list) or steps[-1] >= len(found):
        raise NotFound(path)
    return found, steps[-1]


def _at(content: Mapping[str, Any], path: str) -> dict[str, Any]:
    siblings, index = _siblings(content, path)
    component = siblings[index]
    if not isinstance(component, dict):
        raise NotFound(path)
    return component


def _keys(content: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()

    def look(components: Any) -> None:
        for component in components if isinstance(components, list) else []:
            if isinstance(component, dict):
                found.add(str(component.get("key")))
                look(component.get("components"))

    look(content.get("components"))
    return found
