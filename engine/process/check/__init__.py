"""The check before deployment: all findings of a definition's folder at once, each at an element, never a crash."""

from collections.abc import Mapping

from engine.process.check.activities import Known
from engine.process.check.diagrams import diagram_findings
from engine.process.check.findings import Finding
from engine.process.operations import Operation

__all__ = ["Finding", "Known", "diagram_findings", "folder"]

DIAGRAM = "process.bpmn"


def folder(
    files: Mapping[str, str], operations: Mapping[str, Operation] | None = None
) -> list[Finding]:
    """Every finding in a definition's files. ``operations``: those a service task may name; None: not asked."""
    found: list[Finding] = []
    known = Known(operations=operations)
    if DIAGRAM not in files:
        found.append(
            Finding("", "no-diagram", "error", "文件夹里没有流程图 process.bpmn，请补上。")
        )
    for name, text in files.items():
        if name.endswith(".bpmn"):
            found += [f.within(name) for f in diagram_findings(text, known)]
    return found
