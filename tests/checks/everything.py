"""All fixtures by chapter of ``docs/checks.md``; how to check one; the rules the code can emit."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.process import check
from engine.process.check import lists
from engine.process.operations import Operation, Parameter
from tests.checks import Fixture, folders, nodes, paths, trees

CHAPTERS = {
    "流程线、网关和走法": paths.FIXTURES,
    "任务、事件和文件里的其他元素": nodes.FIXTURES,
    "文件夹和场景": folders.FOLDERS,
    "表单": folders.FORMS,
    "决策表": folders.TABLES,
    "模板、规则和其他文件": trees.FIXTURES,
}
FIXTURES = tuple(fixture for chapter in CHAPTERS.values() for fixture in chapter)
OPERATIONS = {"送达": Operation(name="送达", title="送达文书", params=(Parameter("文书", "文书"),))}
#: Has no fixture on purpose: whatever a library cannot read and no rule has found.
NET = {"unreadable": "各条规则都没有发现问题，而文件仍然读不懂。"}

_ROOT = Path(__file__).parents[2]
_WORD = re.compile(r"[a-z]+(-[a-z]+)*")


def findings_of(fixture: Fixture, files: Mapping[str, str]) -> list[check.Finding]:
    if fixture in trees.FIXTURES:
        return list(trees.findings_of(files))
    known = check.Known(facts={"案件": ["执行标的"]})
    # Which facts are registered depends on what this process has loaded; here they are given.
    found = [f for f in check.folder(files, OPERATIONS) if f.rule != "unknown-fact"]
    if "process.bpmn" in files:
        found += [f.within("process.bpmn") for f in check.diagram_findings(files["process.bpmn"], known) if f.rule == "unknown-fact"]  # fmt: skip
    return found


def emitted() -> set[str]:
    """Every rule id that stands in the code of the checks."""
    found = {rule for rule, *_ in (*lists.REFUSED.values(), *lists.REFUSED_VALUES.values(), *lists.REFUSED_ATTRIBUTES.values())}  # fmt: skip
    for folder in ("engine/process/check", "engine/dmn/check", "engine/process/forms", "webui/cli"):
        for path in (_ROOT / folder).rglob("*.py"):
            found |= set(_rules(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _rules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("finding", "_finding", "Finding", "Fault", "fault"):
                # The element comes first, the rule before the sentence.
                yield from [a.value for a in node.args[1:4] if isinstance(a, ast.Constant) and _is_rule(a.value)][:1]  # fmt: skip
        elif isinstance(node, ast.Tuple) and node.elts and isinstance(node.elts[0], ast.Constant):
            first = node.elts[0].value
            texts = all(isinstance(e, ast.Constant | ast.JoinedStr) for e in node.elts)
            if (
                texts
                and len(node.elts) == 3
                and _is_rule(first)
                and not _is_rule(getattr(node.elts[1], "value", ""))
            ):
                yield str(first)


def _is_rule(value: object) -> bool:
    return isinstance(value, str) and value not in ("error", "warning", "duration") and bool(_WORD.fullmatch(value))  # fmt: skip
