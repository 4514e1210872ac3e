"""The kit's files: models, and test cases with their inputs and expected results."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from engine import dmn, xml
from engine.feel import temporal

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_KIND = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NUMBERS = ("decimal", "double", "integer", "int", "long", "float")
_READERS = {
    "date": temporal.read_date,
    "time": temporal.read_time,
    "dateTime": temporal.read_datetime,
    "duration": temporal.read_duration,
}


class Temporal(NamedTuple):
    """An expected date, time or duration as the kit writes it."""

    kind: str
    text: str


@dataclass(frozen=True)
class Case:
    """One expected result."""

    level: str
    suite: str
    name: str
    model: Path
    asked: str
    inputs: dict[str, Any]
    expected: Any


def cases(folder: Path) -> Iterator[Case]:
    """Every expected result of every test file below a folder, in the order of the levels."""
    for path in sorted(folder.rglob("*test*.xml")):
        level = next(
            (p.name for p in path.parents if "level-" in p.name or p.name[:2] == "cl"), "?"
        )
        root = xml.read(path.read_bytes())
        model = path.parent / (_text(root, "modelName") or "")
        if _local(root) == "testCases" and model.is_file():
            yield from _cases_of(root, level, path.parent.name, model)


def _cases_of(root: etree._Element, level: str, suite: str, model: Path) -> Iterator[Case]:
    for case in _children(root, "testCase"):
        inputs = {i.get("name", ""): _input(i) for i in _children(case, "inputNode")}
        for result in _children(case, "resultNode"):
            expected = _children(result, "expected")
            service = case.get("type") == "decisionService"
            yield Case(
                level=level,
                suite=suite,
                name=f"{case.get('id')} {result.get('name')}",
                model=model,
                asked=(case.get("invocableName") if service else result.get("name")) or "",
                inputs=inputs,
                expected=_expected(expected[0]) if expected else None,
            )


@cache
def model_of(path: Path) -> dmn.Model:
    """The model of a file, with the files beside it that it imports."""
    beside = {}
    for other in path.parent.glob("*.dmn"):
        if other != path:
            beside[xml.read(other.read_bytes()).get("namespace", "")] = other
    wanted = [
        each.get("namespace", "") for each in _children(xml.read(path.read_bytes()), "import")
    ]
    imported = {name: model_of(beside[name]) for name in wanted if name in beside}
    return dmn.read(path.read_bytes(), imported)


def _value(tag: etree._Element) -> tuple[str, str | None]:
    """The kind and text of a ``<value>``; no text for nil."""
    values = _children(tag, "value")
    if not values or values[0].get(_NIL) == "true":
        return "", None
    kind = (values[0].get(_KIND) or "xsd:string").split(":")[-1]
    text = values[0].text or ""
    return kind, text if kind == "string" else text.strip()


def _structure(tag: etree._Element, read: Any) -> Any:
    """Lists and components; ``read`` does the rest."""
    lists = _children(tag, "list")
    if lists:
        nil = lists[0].get(_NIL) == "true"
        return None if nil else [_structure(i, read) for i in _children(lists[0], "item")]
    components = _children(tag, "component")
    if components:
        return {c.get("name", ""): _structure(c, read) for c in components}
    kind, text = _value(tag)
    if text is None:
        return None
    if kind == "boolean":
        return text in ("true", "1")
    return Decimal(text) if kind in _NUMBERS else read(kind, text)


def _input(tag: etree._Element) -> Any:
    return _structure(tag, lambda kind, text: _READERS.get(kind, str)(text))


def _expected(tag: etree._Element) -> Any:
    def read(kind: str, text: str) -> Any:
        if kind == "duration":
            months = re.fullmatch(r"-?P(\d+Y)?(\d+M)?", text)
            kind = "years and months duration" if months else "days and time duration"
        known = kind in _READERS or "duration" in kind
        return Temporal(kind.replace("dateTime", "date and time"), text) if known else text

    return _structure(tag, read)


def _local(tag: etree._Element) -> str:
    return etree.QName(tag).localname if isinstance(tag.tag, str) else ""


def _children(tag: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in tag if _local(child) == name]


def _text(tag: etree._Element, name: str) -> str | None:
    found = _children(tag, name)
    return (found[0].text or "").strip() if found else None
