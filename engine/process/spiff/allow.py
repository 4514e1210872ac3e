"""The check before deployment: every element and attribute is interpreted, harmless, or refused.

SpiffWorkflow's parser reads what it knows and skips the rest, so nothing may be left to it. All
findings come at once, each names an existing element and says in Chinese what to do instead.
"""

from collections.abc import Iterable, Iterator

from lxml import etree

from engine.process.spiff import lists, rules
from engine.process.spiff.diagram import BPMN, OURS, in_bpmn, local, read, scopes, tag
from engine.process.spiff.findings import Finding, finding
from engine.process.spiff.rewrite import inline_definitions


def check(text: str | bytes, *, operations: Iterable[str] | None = None) -> list[Finding]:
    """Every reason not to deploy this file, and warnings; [] is a clean file."""
    try:
        root = read(text)
    except etree.XMLSyntaxError as error:
        return [Finding("", "xml", f"文件不是有效的 XML：{error}。")]
    if root.tag != tag("definitions") or root.getroottree().docinfo.doctype:
        return [Finding("", "xml", "文件不是 BPMN 2.0 流程图，请用流程设计器导出。")]
    findings = [*_ids(root), *_elements(root)]
    inlined = inline_definitions(root)
    findings += rules.references(inlined)
    found = list(scopes(inlined))
    if not any(local(s) == "process" and s.get("isExecutable") != "false" for s in found):
        findings.append(finding(root, "no-process", "文件里没有可执行的流程", "请把流程设为可执行"))
    for scope in found:
        if not _documentation(scope):
            findings += rules.scope_findings(scope, inlined, operations)
    return _unique(findings)


def _unique(findings: list[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def _documentation(element: etree._Element) -> bool:
    """A process that is not executable is a drawing, and so is everything in it."""
    return any(
        local(e) == "process" and e.get("isExecutable") == "false"
        for e in (element, *element.iterancestors())
    )


def _ids(root: etree._Element) -> Iterator[Finding]:
    seen: set[str] = set()
    for element in root.iterdescendants(
        f"{{{BPMN}}}*"
    ):  # nothing refers to the id of the file itself
        id_ = element.get("id")
        if id_ is not None and id_ in seen:
            yield finding(
                element,
                "duplicate-id",
                "这个编号在文件里出现了两次，只有一个会被执行",
                "请给其中一个换一个编号",
            )
        seen.add(id_)


def _elements(root: etree._Element) -> Iterator[Finding]:
    stack = [root]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        namespace = etree.QName(element).namespace
        if namespace in lists.DRAWING:
            continue
        if not in_bpmn(element):
            if namespace != OURS:
                yield finding(
                    element,
                    "foreign-element",
                    f"平台不认识扩展元素「{local(element)}」",
                    "请删去这个扩展",
                )
                continue
        elif local(element) in lists.HARMLESS:
            continue
        elif local(element) == "process" and element.get("isExecutable") == "false":
            continue
        elif local(element) in lists.REFUSED:
            yield finding(element, *lists.REFUSED[local(element)])
            continue
        elif local(element) not in lists.INTERPRETED:
            yield finding(
                element,
                "unknown-element",
                f"平台不支持「{local(element)}」",
                "请改用平台支持的元素",
            )
            continue
        else:
            yield from _attributes(element)
        stack.extend(element)


def _attributes(element: etree._Element) -> Iterator[Finding]:
    allowed = lists.INTERPRETED[local(element)]
    for key, value in element.attrib.items():
        name = etree.QName(key)
        if name.namespace in lists.DRAWING or name.namespace == OURS or key in ("id", "name"):
            continue
        if key in allowed:
            if allowed[key] and value not in allowed[key]:
                rule = lists.REFUSED_VALUES.get(
                    key, ("value", f"平台不支持 {key}=「{value}」", "请改为平台支持的值")
                )
                yield finding(element, *rule)
        else:
            rule = lists.REFUSED_ATTRIBUTES.get(
                key, ("unknown-attribute", f"平台不认识属性「{name.localname}」", "请删去这个属性")
            )
            yield finding(element, *rule)
