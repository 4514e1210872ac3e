"""比较: what differs between two versions of a design's files, as sentences; the diagram's with their elements."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

import orjson

from engine import dmn, xml
from engine.casefile.design.diagram_changes import Change, compare
from engine.casefile.design.form_editing import FormUnreadable, Row, rows
from engine.dmn import definitions as dmn_definitions
from engine.process.definitions import DIAGRAM

_CONTEXT = 2  #: lines around a difference of two texts
_MOST_LINES = 400


@dataclass(frozen=True)
class FileChange:
    """Of a file beside the diagram."""

    kind: str  #: added, changed, removed
    name: str
    sentences: list[str]


@dataclass(frozen=True)
class Changes:
    diagram: list[Change]
    files: list[FileChange]
    #: Files that are the same in both.
    same: int

    @property
    def told(self) -> list[Change]:
        return [change for change in self.diagram if change.sentence]

    def count(self, kind: str) -> int:
        return sum(c.kind == kind for c in self.told) + sum(f.kind == kind for f in self.files)

    def elements(self, kind: str) -> list[str]:
        """Ids of the diagram's elements; one that is moved and changed is changed."""
        return list(dict.fromkeys(c.element for c in self.diagram if c.kind == kind))

    @property
    def sentences(self) -> list[str]:
        """Everything, for a list without a picture."""
        told = [c.sentence for c in self.told]
        for file in self.files:
            told += [f"{file.name}：{sentence}" for sentence in file.sentences]
        if not told and any(c.kind == "moved" for c in self.diagram):
            told.append("只移动了图中的位置，办理不受影响。")
        return told


def between(old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
    diagram = compare(old[DIAGRAM], new[DIAGRAM]) if DIAGRAM in old and DIAGRAM in new else []
    files, same = [], 0
    for name in sorted({*old, *new} - ({DIAGRAM} if diagram or DIAGRAM in old else set())):
        was, now = old.get(name), new.get(name)
        if was == now:
            same += 1
        elif was is None:
            files.append(FileChange("added", name, [_described(name, now or "")]))
        elif now is None:
            files.append(FileChange("removed", name, ["文件删除。"]))
        else:
            files.append(FileChange("changed", name, list(_differences(name, was, now))))
    return Changes(diagram, files, same)


def lines(old: str, new: str) -> list[tuple[str, str]]:
    """Two texts line by line: (``same``, ``added``, ``removed`` or ``gap``, line), with a little context."""
    found: list[tuple[str, str]] = []
    kinds = {"+": "added", "-": "removed", "@": "gap", " ": "same"}
    for line in list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=_CONTEXT))[2:]:
        kind = kinds.get(line[:1], "same")
        found.append((kind, "" if kind == "gap" else line[1:]))
    return found[:_MOST_LINES]


# ---------------------------------------------------------------- one file


def _described(name: str, text: str) -> str:
    if name.endswith(".form"):
        return f"新增表单，{len(_form(text))} 个字段。"
    if name.endswith(".dmn"):
        return f"新增决策表，{sum(len(_table_rows(d)) for d in _decisions(text))} 行。"
    return "新增文件。"


def _differences(name: str, old: str, new: str) -> Iterator[str]:
    told = {".form": _of_form, ".dmn": _of_table}.get(name[name.rfind(".") :])
    sentences = list(told(old, new)) if told else []
    yield from sentences
    if not sentences:
        yield (
            "内容没有变化，只改了写法。" if _means_the_same(name, old, new) else _counted(old, new)
        )


def _counted(old: str, new: str) -> str:
    kinds = [kind for kind, _ in lines(old, new)]
    return f"增加 {kinds.count('added')} 行，删除 {kinds.count('removed')} 行。"


def _means_the_same(name: str, old: str, new: str) -> bool:
    read: Any = {".form": orjson.loads, ".toml": tomllib.loads}.get(name[name.rfind(".") :])
    try:
        return read is not None and bool(read(old) == read(new))
    except ValueError:
        return False


def _form(text: str) -> dict[str, Row]:
    try:
        return {row.key or f"{row.kind} {row.path}": row for row in rows(text)}
    except FormUnreadable:
        return {}


def _of_form(old: str, new: str) -> Iterator[str]:
    before, after = _form(old), _form(new)
    for key, row in after.items():
        if key not in before:
            yield f"增加字段“{row.label}”{'，必填' if row.required else ''}。"
    for key, row in before.items():
        now = after.get(key)
        if now is None:
            yield f"删除字段“{row.label}”。"
        else:
            yield from _of_field(row, now)
    kept = [k for k in before if k in after], [k for k in after if k in before]
    if kept[0] != kept[1]:
        yield "字段的顺序有变化。"


def _of_field(old: Row, new: Row) -> Iterator[str]:
    if old.label != new.label:
        yield f"字段名称由“{old.label}”改为“{new.label}”。"
    if old.required != new.required:
        yield f"字段“{new.label}”改为{'必填' if new.required else '选填'}。"
    if old.kind != new.kind:
        yield f"字段“{new.label}”的类型有变化。"
    if old.rules != new.rules:
        yield f"字段“{new.label}”的规则由“{old.rules or '无'}”改为“{new.rules or '无'}”。"
    if old.conditional != new.conditional:
        yield f"字段“{new.label}”{'增加' if new.conditional else '删去'}隐藏条件。"


# ---------------------------------------------------------------- decision tables


def _decisions(text: str) -> list[dmn_definitions.Decision]:
    try:
        return list(dmn.read(text).decisions)
    except (xml.XmlRefused, dmn.DmnError):
        return []


def _table_rows(decision: dmn_definitions.Decision) -> dict[str, tuple[str, ...]]:
    """Id of each row -> its cells."""
    return {
        rule.element: tuple(cell.text for cell in (*rule.inputs, *rule.outputs))
        for rule in getattr(decision.logic, "rules", ())
    }


def _of_table(old: str, new: str) -> Iterator[str]:
    before = {d.id: d for d in _decisions(old)}
    after = {d.id: d for d in _decisions(new)}
    for id_, decision in after.items():
        if id_ not in before:
            yield f"增加决策“{decision.name}”。"
        else:
            yield from _of_decision(before[id_], decision)
    for id_, decision in before.items():
        if id_ not in after:
            yield f"删除决策“{decision.name}”。"


def _of_decision(old: dmn_definitions.Decision, new: dmn_definitions.Decision) -> Iterator[str]:
    if old.name != new.name:
        yield f"决策名称由“{old.name}”改为“{new.name}”。"
    policies = [str(getattr(d.logic, "hit_policy", "")) for d in (old, new)]
    if policies[0] != policies[1]:
        yield f"命中策略由 {policies[0] or '无'} 改为 {policies[1] or '无'}。"
    yield from _of_columns(old, new)
    before, after = _table_rows(old), _table_rows(new)
    for number, (id_, cells) in enumerate(after.items(), 1):
        if id_ not in before:
            yield f"第 {number} 行为新增：{'，'.join(cells)}。"
        elif before[id_] != cells and len(before[id_]) == len(cells):
            told = [f"“{a}”改为“{b}”" for a, b in zip(before[id_], cells, strict=True) if a != b]
            yield f"第 {number} 行的{'，'.join(told)}。"
    for number, (id_, cells) in enumerate(before.items(), 1):
        if id_ not in after:
            yield f"删除原第 {number} 行：{'，'.join(cells)}。"
    kept = [i for i in before if i in after], [i for i in after if i in before]
    if kept[0] != kept[1]:
        yield "行的顺序有变化。"


def _of_columns(old: dmn_definitions.Decision, new: dmn_definitions.Decision) -> Iterator[str]:
    for words, attribute in (("输入", "inputs"), ("输出", "outputs")):
        names = [
            [c.label or getattr(c, "name", "") for c in getattr(d.logic, attribute, ())]
            for d in (old, new)
        ]
        for name in names[1]:
            if name not in names[0]:
                yield f"增加{words}列“{name}”。"
        for name in names[0]:
            if name not in names[1]:
                yield f"删除{words}列“{name}”。"
