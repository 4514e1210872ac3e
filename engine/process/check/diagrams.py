"""Everything that can be found in one BPMN file, all at once; each finding names an element that exists in it."""

from collections.abc import Iterator

from lxml import etree

from engine import xml
from engine.process.check import (
    activities,
    allow,
    events,
    flows,
    gateways,
    lengths,
    loops,
    paths,
    variables,
)
from engine.process.check.activities import Known
from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Scope
from engine.process.spiff import parse
from engine.process.spiff.diagram import local, scopes, tag
from engine.process.spiff.rewrite import inline_definitions


def diagram_findings(text: str | bytes, known: Known = Known()) -> list[Finding]:  # noqa: B008  frozen
    """Every reason not to deploy this diagram, and warnings; [] is a clean file."""
    try:
        root = xml.read(text)
    except xml.XmlRefused as refused:
        return [Finding("", "xml", "error", f"{refused}。")]
    if root.tag != tag("definitions"):
        return [Finding("", "xml", "error", "文件不是 BPMN 2.0 流程图，请用流程设计器导出。")]
    found = list(dict.fromkeys([*allow.allow_findings(root), *_readable(root, known)]))
    if all(f.severity == "warning" for f in found):
        found += _unreadable(root, text)
    return found


def _unreadable(root: etree._Element, text: str | bytes) -> Iterator[Finding]:
    """What no rule has found may still be more than the parser can read; then it must not be deployed."""
    try:
        parse(text)
    except Exception as error:  # a library's parser may break in any way
        yield finding(
            root, "unreadable", f"平台读不懂这份流程图（{error}）", "请撤销最近的改动后再试"
        )


def _readable(root: etree._Element, known: Known) -> Iterator[Finding]:
    """The file as it will run: shared event definitions are read as if they were written in each event."""
    inlined = inline_definitions(root)
    yield from flows.references(inlined)
    running = [s for s in scopes(inlined) if not is_documentation(s)]
    if not any(local(s) == "process" for s in running):
        yield finding(root, "no-process", "文件里没有可执行的流程", "请把流程设为可执行")
    for element in running:
        scope = Scope(element, inlined)
        yield from flows.flow_findings(scope)
        yield from gateways.gateway_findings(scope)
        yield from activities.activity_findings(scope, known)
        yield from events.event_findings(scope)
        yield from loops.loop_findings(scope)
        yield from paths.path_findings(scope)
        yield from lengths.length_findings(scope)
        if local(element) == "process":
            yield from variables.variable_findings(element, inlined, known)


def is_documentation(element: etree._Element) -> bool:
    """A process that is not executable is a drawing, and so is everything in it."""
    return any(
        local(e) == "process" and e.get("isExecutable") == "false"
        for e in (element, *element.iterancestors())
    )
