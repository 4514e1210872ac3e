"""Reading a form: the part of form-js's JSON that we run, and every fault of a file at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import orjson
import re2

from engine import feel
from engine.errors import EngineError

Kind = Literal[
    "textfield", "textarea", "number", "checkbox", "radio", "select", "checklist", "datetime"
]
KINDS = frozenset(Kind.__args__)  # type: ignore[attr-defined]
#: Drawn, never submitted.
DISPLAYED = frozenset(["text", "separator", "spacer"])
CHOOSING = frozenset(["radio", "select", "checklist"])
_DEEPEST = 10
#: Of a limit of a number; more is a slip of the hand.
_DIGITS = 40


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True)
class Field:
    id: str
    key: str
    label: str
    kind: Kind
    description: str = ""
    required: bool = False
    #: Shown, never taken in.
    readonly: bool = False
    default: Any = None
    choices: tuple[Choice, ...] = ()
    #: FEEL: the choices, where the form does not list them.
    choices_expression: str | None = None
    #: FEEL: true hides the field, and then nothing is asked of it.
    hide: str | None = None
    #: date, time or datetime.
    subtype: str = "date"
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    digits: int | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str | None = None
    pattern_message: str = ""
    #: email or phone.
    format: str | None = None


@dataclass(frozen=True)
class Node:
    """One thing of the page in its order: a field, a text, a line, or a group with more of them."""

    id: str
    #: field, text, separator, spacer, group
    kind: str
    text: str = ""
    field: Field | None = None
    hide: str | None = None
    nodes: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Form:
    id: str
    nodes: tuple[Node, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """In the order of the page, those in groups too."""
        return tuple(_fields(self.nodes))


@dataclass(frozen=True)
class Fault:
    """``component``: its id or key, "" for the file."""

    component: str
    rule: str
    reason: str
    way_out: str


class FormRefused(EngineError):
    """这份表单不能使用"""

    code = "form_refused"

    def __init__(self, found: list[Fault]) -> None:
        super().__init__("；".join(f"{f.reason}，{f.way_out}" for f in found))
        self.faults = found


def _fields(nodes: tuple[Node, ...]) -> Iterator[Field]:
    for node in nodes:
        if node.field is not None:
            yield node.field
        yield from _fields(node.nodes)


def read(text: str | bytes) -> Form:
    """The form; ``FormRefused`` with every fault of the file."""
    form, found = _read(text)
    if found:
        raise FormRefused(found)
    return form


def faults(text: str | bytes) -> list[Fault]:
    return _read(text)[1]


def _read(text: str | bytes) -> tuple[Form, list[Fault]]:
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        reason = f"文件不是有效的 JSON（第 {error.lineno} 行）"
        return Form("", ()), [Fault("", "form-json", reason, "请用表单编辑器重新保存")]
    components = content.get("components") if isinstance(content, dict) else None
    if not isinstance(components, list):
        fault = Fault("", "form-json", "文件里没有字段列表 components", "请用表单编辑器重新保存")
        return Form("", ()), [fault]
    reader = _Reader()
    nodes = reader.nodes(components, 0)
    return Form(str(content.get("id") or ""), nodes), reader.found


class _Reader:
    """Collects faults instead of stopping at the first."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self._keys: set[str] = set()

    def fault(self, component: Mapping[str, Any], rule: str, reason: str, way_out: str) -> None:
        label = component.get("label") or component.get("key") or component.get("type")
        self.found.append(Fault(_id(component), rule, f"字段“{label}”{reason}", way_out))

    def nodes(self, components: list[Any], depth: int) -> tuple[Node, ...]:
        if depth > _DEEPEST:
            self.found.append(Fault("", "form-json", "分组嵌套太深", "请减少分组的层数"))
            return ()
        found = []
        for component in components:
            if isinstance(component, dict):
                found.append(self._node(component, depth))
            else:
                self.found.append(Fault("", "form-json", "字段列表里有一项不是字段", "请删去"))
        return tuple(node for node in found if node is not None)

    def _node(self, component: dict[str, Any], depth: int) -> Node | None:
        kind, hide = _text(component.get("type")), self._hide(component)
        if kind in DISPLAYED:
            return Node(_id(component), kind, _text(component.get("text")), None, hide)
        if kind == "group":
            inner = component.get("components")
            nodes = self.nodes(inner if isinstance(inner, list) else [], depth + 1)
            label = _text(component.get("label"))
            return Node(_id(component), "group", label, None, hide, nodes)
        if kind not in KINDS:
            written = component.get("type")
            self.fault(
                component,
                "form-type",
                f"的类型「{written}」不受支持",
                "请改为文本、数字、日期或选择",
            )
            return None
        field = self._field(component, hide)
        return Node(field.id, "field", field.label, field, hide)

    def _field(self, component: dict[str, Any], hide: str | None) -> Field:
        key, kind = self._key(component), component["type"]
        validate = component.get("validate")
        validate = validate if isinstance(validate, dict) else {}
        choices, expression = self._choices(component) if kind in CHOOSING else ((), None)
        return Field(
            id=_id(component),
            key=key,
            label=_text(component.get("label") or component.get("dateLabel")) or key,
            kind=kind,
            description=_text(component.get("description")),
            required=bool(validate.get("required")),
            readonly=bool(component.get("readonly") or component.get("disabled")),
            default=component.get("defaultValue"),
            choices=choices,
            choices_expression=expression,
            hide=hide,
            subtype=self._subtype(component),
            minimum=self._number(component, validate.get("min")),
            maximum=self._number(component, validate.get("max")),
            digits=self._count(component, component.get("decimalDigits")),
            shortest=self._count(component, validate.get("minLength")),
            longest=self._count(component, validate.get("maxLength")),
            pattern=self._pattern(component, validate.get("pattern")),
            pattern_message=_text(validate.get("patternErrorMessage")),
            format=self._format(component, validate.get("validationType")),
        )

    # ------------------------------------------------------------ parts of a field

    def _key(self, component: Mapping[str, Any]) -> str:
        key = component.get("key")
        if not isinstance(key, str) or not key:
            self.fault(component, "form-key", "没有变量名 key", "请填写变量名")
            return ""
        if key in self._keys:
            self.fault(component, "form-key", f"的变量名「{key}」已有另一个字段使用", "请换一个")
        self._keys.add(key)
        return key

    def _hide(self, component: Mapping[str, Any]) -> str | None:
        conditional = component.get("conditional")
        hide = conditional.get("hide") if isinstance(conditional, dict) else None
        return self._expression(component, hide, "隐藏条件") if hide else None

    def _expression(self, component: Mapping[str, Any], written: Any, what: str) -> str:
        text = written.strip().removeprefix("=").strip() if isinstance(written, str) else ""
        try:
            feel.compile(text)
        except feel.FeelError as error:
            self.fault(
                component,
                "expression",
                f"的{what}「{text}」有误（第{error.line}行第{error.column}列，{error.reason}）",
                "请改正表达式",
            )
        return text

    def _choices(self, component: Mapping[str, Any]) -> tuple[tuple[Choice, ...], str | None]:
        if component.get("valuesExpression"):
            return (), self._expression(component, component["valuesExpression"], "选项")
        if component.get("valuesKey"):
            return (), self._expression(component, component["valuesKey"], "选项")
        listed = component.get("values")
        found = tuple(
            Choice(str(v["value"]), str(v.get("label") or v["value"]))
            for v in (listed if isinstance(listed, list) else [])
            if isinstance(v, dict) and v.get("value") not in (None, "")
        )
        if not found:
            self.fault(component, "form-choices", "没有选项", "请至少写一个选项")
        elif len({choice.value for choice in found}) < len(found):
            self.fault(component, "form-choices", "有两个选项的值相同", "请改成不同的值")
        return found, None

    def _subtype(self, component: Mapping[str, Any]) -> str:
        subtype = component.get("subtype") or "date"
        if component.get("type") == "datetime" and subtype not in ("date", "time", "datetime"):
            self.fault(component, "form-value", f"的日期种类「{subtype}」不受支持", "请改为日期")
        return str(subtype)

    def _number(self, component: Mapping[str, Any], value: Any) -> Decimal | None:
        if value in (None, ""):
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
            self.fault(component, "form-value", f"的上下限「{value}」不是数字", "请改为数字")
            return None
        return number

    def _count(self, component: Mapping[str, Any], value: Any) -> int | None:
        number = self._number(component, value)
        if number is None:
            return None
        if number < 0 or number != number.to_integral_value():
            self.fault(
                component, "form-value", f"的长度或位数「{value}」不是整数", "请改为不小于零的整数"
            )
            return None
        return int(number)

    def _pattern(self, component: Mapping[str, Any], value: Any) -> str | None:
        if value in (None, ""):
            return None
        try:
            re2.compile(str(value))
        except re2.error:
            self.fault(
                component,
                "form-value",
                f"的格式「{value}」不是正则表达式",
                "请改正，或删去格式要求",
            )
            return None
        return str(value)

    def _format(self, component: Mapping[str, Any], value: Any) -> str | None:
        if value in (None, "", "custom"):
            return None
        if value not in ("email", "phone"):
            self.fault(
                component, "form-value", f"的校验方式「{value}」不受支持", "请改为邮箱或电话"
            )
            return None
        return str(value)


def _id(component: Mapping[str, Any]) -> str:
    """As it stands in the file; what is no text names nothing."""
    return _text(component.get("id")) or _text(component.get("key"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
