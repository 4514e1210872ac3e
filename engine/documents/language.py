"""Liquid, cut down to what a court clerk needs: conditions, loops and our own filters.

No files, no code, no clock, no attribute access. A field that the data do not have is an error that
names it, and so is printing one that is empty: a legal document must not have holes in it.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from liquid import Environment, Undefined
from liquid.builtin import content, illegal, output
from liquid.builtin.tags import (
    assign_tag,
    case_tag,
    for_tag,
    if_tag,
    inline_comment_tag,
    unless_tag,
)
from liquid.undefined import UNDEFINED

from engine.documents import words
from engine.errors import EngineError

#: Tag names that may follow ``{%``. Everything else of Liquid (include, render, raw, capture …) is refused.
TAGS = frozenset(
    re.findall(
        r"\S+",
        "if elsif else endif unless endunless case when endcase for endfor break continue assign #",
    )
)

# Unicode noncharacters: no text may hold them, and unlike control characters they are not white
# space, so `{%-` cannot swallow them.
BREAK = "\ufdef"  #: a line break inside a value; never a line of the document

_DEEPEST = 12
_LONGEST = 200_000  #: characters of one value
#: Control, zero-width and bidirectional characters, lone surrogates, noncharacters (ours too).
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_BREAKS = re.compile(r"\s*(?:\r\n|[\n\r\v\f\x85\u2028\u2029])\s*")
_LISTED = re.compile(r"\[(\d+)\]")


class FieldUnknown(EngineError):
    """案件数据中没有模板要用的字段"""

    code = "field_unknown"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"「{readable(path)}」")


class FieldEmpty(EngineError):
    """模板要用的内容尚未填写"""

    code = "field_empty"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"「{readable(path)}」，请补充后再制作文书")


class FieldInvalid(EngineError):
    """这项内容不能写入文书"""

    code = "field_invalid"


def readable(path: str) -> str:
    """``被执行人[1].住所`` as a clerk says it: 被执行人（第2项）的住所."""
    named = _LISTED.sub(lambda found: f"（第{int(found[1]) + 1}项）", path)
    return named.replace(".", "的")


class Record(dict[str, Any]):
    """One level of the case data; asking for a key that it lacks is an error with the whole path."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def __missing__(self, key: str) -> Any:
        raise FieldUnknown(joined(self.path, key))


class Empty(Undefined):  # type: ignore[misc]
    """A field that is there and has no content: false in a condition, an error in print."""

    __slots__ = ()

    def __str__(self) -> str:
        raise FieldEmpty(self.name)

    def __liquid__(self) -> None:
        return None


class Absent(Undefined):  # type: ignore[misc]
    """What Liquid makes of a name that is nowhere: the error, at once."""

    def __init__(
        self, name: str, *, token: Any = None, obj: object = UNDEFINED, hint: str | None = None
    ) -> None:
        if name == "parentloop" and hint is None:
            # Liquid makes one for every outermost loop, whether the template asks for it or not.
            super().__init__(name, token=token)
            return
        path = (hint or name).removesuffix(" is undefined").strip("'\"")
        raise FieldUnknown(name if path == "index out of range" else path)


def joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def inert(value: Any, path: str = "", depth: int = 0) -> Any:
    """Case data as values that can only be printed: no marks, no control characters, no floats."""
    if depth > _DEEPEST:
        raise FieldInvalid(f"「{readable(path)}」层次太深")
    if value is None or value == "":
        return Empty(path)
    if isinstance(value, Mapping):
        record = Record(path)
        for key, inner in value.items():
            record[str(key)] = inert(inner, joined(path, str(key)), depth + 1)
        return record
    if isinstance(value, list | tuple):
        return [inert(inner, f"{path}[{i}]", depth + 1) for i, inner in enumerate(value)]
    return _inert_single(value, path)


def _inert_single(value: Any, path: str) -> Any:
    if isinstance(value, str):
        return _inert_text(value, path)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        # str(Decimal("1E+5")) is no amount that anyone would sign.
        return Decimal(f"{value:f}")
    if isinstance(value, datetime | date):
        return words.day(value).isoformat()
    raise FieldInvalid(f"「{readable(path)}」的类型是{type(value).__name__}")


def _inert_text(value: str, path: str) -> Any:
    if len(value) > _LONGEST:
        raise FieldInvalid(f"「{readable(path)}」超过{_LONGEST}字")
    text = UNPRINTABLE.sub("", value).strip()
    return _LINE_BREAKS.sub(BREAK, text).replace("\t", " ") or Empty(path)


# ---------------------------------------------------------------- filters


def _names(value: Any) -> str:
    """甲、乙、丙, from a list of parties or of names."""
    if not isinstance(value, list) or not value:
        raise FieldInvalid("「名单」用于至少有一人的名单")
    return "、".join(str(one["名称"] if isinstance(one, Record) else one) for one in value)


def _paragraphs(value: Any) -> list[str]:
    """The lines of a long text, to be looped over: each becomes a paragraph."""
    return [] if isinstance(value, Undefined) else str(value).split(BREAK)


def _or(value: Any, other: Any) -> Any:
    return other if isinstance(value, Undefined) else value


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str | list | dict) else 0


def _first(value: Any) -> Any:
    return _member(value, 0)


def _last(value: Any) -> Any:
    return _member(value, -1)


def _member(value: Any, index: int) -> Any:
    if not isinstance(value, list) or not value:
        raise FieldInvalid("「first」「last」用于至少有一项的名单")
    return value[index]


def _of_printed(function: Any) -> Any:
    """The filter, with a missing value reported as such and not as a wrong amount or date."""

    def filtered(value: Any) -> str:
        if isinstance(value, Undefined):
            raise FieldEmpty(value.name)
        return str(function(value))

    return filtered


FILTERS: dict[str, Any] = {
    "中文日期": _of_printed(words.written_date),
    "日期": _of_printed(words.plain_date),
    "大写金额": _of_printed(words.capitals),
    "金额": _of_printed(words.figures),
    "中文数字": _of_printed(words.numeral),
    "名单": _names,
    "段落": _paragraphs,
    "或": _or,
    "size": _size,
    "first": _first,
    "last": _last,
}


class Language(Environment):  # type: ignore[misc]
    block_nesting_limit: ClassVar[int] = 15
    context_depth_limit: ClassVar[int] = 15
    loop_iteration_limit: ClassVar[int | None] = 5_000
    output_stream_limit: ClassVar[int | None] = 1_000_000
    local_namespace_limit: ClassVar[int | None] = 500_000
    suppress_blank_control_flow_blocks = False

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (
            content.Literal,
            output.Output,
            illegal.Illegal,
            if_tag.IfTag,
            unless_tag.UnlessTag,
            for_tag.ForTag,
            for_tag.BreakTag,
            for_tag.ContinueTag,
            case_tag.CaseTag,
            assign_tag.AssignTag,
            inline_comment_tag.InlineCommentTag,
        ):
            self.add_tag(tag)
        self.filters.update(FILTERS)


LANGUAGE = Language(undefined=Absent)
