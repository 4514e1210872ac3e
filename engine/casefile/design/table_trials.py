"""试算: a decision table decided for values that a designer types in, before anybody is affected by it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine import dmn, feel, xml
from engine.dmn import definitions
from engine.errors import EngineError

_NAME = re.compile(r"[^\W\d]\w*(\s*\.\s*[^\W\d]\w*)*")
_YES, _NO = "是", "否"


class TrialRefused(EngineError):
    """不能试算"""

    code = "trial_refused"


@dataclass(frozen=True)
class Asked:
    """One value that a table reads."""

    #: ``案件.执行标的``
    name: str
    label: str
    #: number, boolean, text, or a FEEL expression for everything else
    kind: str


@dataclass(frozen=True)
class Answer:
    #: (column, value) of the result.
    outputs: list[tuple[str, str]]
    #: Numbers of the rows that applied, from 1.
    rows: list[int]
    warnings: tuple[str, ...]


def decisions(text: str) -> list[tuple[str, str]]:
    """(id, name) of every decision of a file."""
    return [(d.id, d.name) for d in _model(text).decisions]


def asked(text: str) -> list[Asked]:
    """What the tables of a file read and none of its decisions gives, each once."""
    model = _model(text)
    given = {d.name for d in model.decisions}
    found: dict[str, Asked] = {}
    for decision in model.decisions:
        for column in getattr(decision.logic, "inputs", ()):
            name = re.sub(r"\s*\.\s*", ".", column.expression.text.strip())
            if _NAME.fullmatch(name) and name.split(".")[0] not in given:
                found.setdefault(name, Asked(name, column.label or name, _kind(column)))
    return list(found.values())


def _kind(column: definitions.Input) -> str:
    return {"number": "number", "boolean": "boolean", "string": "text"}.get(
        column.expression.type, "feel"
    )


def decide(text: str, decision: str, typed: Mapping[str, str]) -> Answer:
    """The answer for what was typed; an empty field is null. Raises ``TrialRefused``."""
    context: dict[str, Any] = {}
    for one in asked(text):
        _place(context, one.name.split("."), _value(one, typed.get(one.name, "").strip()))
    try:
        decided = _model(text).explain(decision, context)
    except EngineError as error:
        raise TrialRefused(str(error)) from error
    return Answer(list(_outputs(decided.result)), decided.rows, decided.warnings)


def _place(context: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        inner = context.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        context = inner
    context[path[-1]] = value


def _value(one: Asked, typed: str) -> Any:
    if not typed:
        return None
    if one.kind == "text":
        return typed.strip('"')
    if one.kind == "boolean":
        return {_YES: True, _NO: False}.get(typed)
    try:
        return feel.compile(typed.replace(",", "") if one.kind == "number" else typed).evaluate({})
    except feel.FeelError as error:
        raise TrialRefused(f"“{one.label}”的值「{typed[:40]}」有误，{error.reason}") from error


def _outputs(result: Any) -> Iterator[tuple[str, str]]:
    if isinstance(result, Mapping):
        for name, value in result.items():
            yield str(name), _words(value)
    elif isinstance(result, list):
        for number, value in enumerate(result, 1):
            yield f"结果 {number}", _words(value)
    else:
        yield "结果", _words(result)


def _words(value: Any) -> str:
    if value is None:
        return "（无）"
    if isinstance(value, bool):
        return _YES if value else _NO
    return feel.to_text(value)


def _model(text: str) -> dmn.Model:
    try:
        return dmn.read(text)
    except xml.XmlRefused as refused:
        raise TrialRefused(str(refused)) from refused
