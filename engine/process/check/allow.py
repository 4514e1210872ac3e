"""The allow-list: every element and attribute of a diagram is interpreted, harmless, or refused.

SpiffWorkflow's parser reads what it knows and skips the rest, so nothing may be left to it.
"""

from collections.abc import Iterator

from lxml import etree

from engine.process.check import lists
from engine.process.check.findings import Finding, finding
from engine.process.spiff.diagram import BPMN, OURS, in_bpmn, local


def allow_findings(root: etree._Element) -> Iterator[Finding]:
    yield from _ids(root)
    stack = [root]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        if _namespace(element.tag) in lists.DRAWING or _is_drawing(element):
            continue
        yield from _bpmn(element) if in_bpmn(element) else _ours(element)
        if _namespace(element.tag) == OURS or local(element) in lists.INTERPRETED:
            stack.extend(element)


def _namespace(name: str) -> str | None:
    return etree.QName(name).namespace


def _is_drawing(element: etree._Element) -> bool:
    """A process that is not executable, and so everything in it."""
    return (
        in_bpmn(element) and local(element) == "process" and element.get("isExecutable") == "false"
    )


def _ids(root: etree._Element) -> Iterator[Finding]:
    seen: set[str] = set()
    # Nothing refers to the id of the file itself.
    for element in root.iterdescendants(f"{{{BPMN}}}*"):
        id_ = element.get("id")
        if id_ is None:
            continue
        if id_ in seen:
            yield finding(
                element,
                "duplicate-id",
                "这个编号在文件里出现了两次，只有一个会被执行",
                "请给其中一个换一个编号",
            )
        seen.add(id_)


def _bpmn(element: etree._Element) -> Iterator[Finding]:
    name = local(element)
    if name in lists.REFUSED:
        yield finding(element, *lists.REFUSED[name])
    elif name in lists.INTERPRETED:
        yield from _place(element)
        yield from _attributes(element)
    elif name not in lists.HARMLESS:
        yield finding(element, "unknown-element", f"平台不支持「{name}」", "请改用平台支持的元素")


def _place(element: etree._Element) -> Iterator[Finding]:
    around = element.getparent()
    place = "" if around is None else local(around)
    if local(element) in lists.PLACES and place not in lists.PLACES[local(element)]:
        yield finding(
            element,
            "misplaced",
            f"「{local(element)}」不能放在「{place}」里",
            "请删去，或移到它应在的地方",
        )


def _attributes(element: etree._Element) -> Iterator[Finding]:
    allowed = lists.INTERPRETED[local(element)]
    for key, value in element.attrib.items():
        name = etree.QName(str(key))
        if name.namespace in lists.DRAWING or key in ("id", "name"):
            continue
        if name.namespace == OURS:
            yield from _our_attribute(element, name.localname, str(value))
        elif key not in allowed:
            rule = lists.REFUSED_ATTRIBUTES.get(
                str(key),
                ("unknown-attribute", f"平台不认识属性「{name.localname}」", "请删去这个属性"),
            )
            yield finding(element, *rule)
        elif allowed[str(key)] and value not in allowed[str(key)]:
            rule = lists.REFUSED_VALUES.get(
                str(key),
                ("value", f"平台不支持 {name.localname}=「{value!s}」", "请改为平台支持的值"),
            )
            yield finding(element, *rule)


# ---------------------------------------------------------------- our own extensions


def _our_attribute(element: etree._Element, name: str, value: str) -> Iterator[Finding]:
    allowed = lists.OUR_ATTRIBUTES.get(local(element), {})
    if name not in allowed:
        yield finding(
            element, "unknown-extension", f"这种元素没有平台属性「{name}」", "请删去这个属性"
        )
    elif allowed[name] and value not in allowed[name]:
        choices = "、".join(sorted(allowed[name]))
        yield finding(
            element,
            "extension-value",
            f"{name} 的值「{value}」不在可选范围内",
            f"请改为 {choices} 之一",
        )


def _ours(element: etree._Element) -> Iterator[Finding]:
    if _namespace(str(element.tag)) != OURS:
        yield finding(
            element, "foreign-element", f"平台不认识扩展元素「{local(element)}」", "请删去这个扩展"
        )
        return
    holder = element.getparent()
    while holder is not None and local(holder) == "extensionElements":
        holder = holder.getparent()
    place = local(holder) if holder is not None else ""
    allowed = lists.OUR_ELEMENTS.get(local(element))
    if allowed is None or place not in allowed.places:
        yield finding(
            element,
            "unknown-extension",
            f"平台扩展「{local(element)}」不能写在这里",
            "请删去这个扩展",
        )
        return
    for key in element.attrib:
        if key not in allowed.attributes:
            yield finding(
                element,
                "unknown-extension",
                f"平台扩展「{local(element)}」没有属性「{key!s}」",
                "请删去这个属性",
            )
    for key in allowed.required:
        if not element.get(key):
            yield finding(
                element,
                "extension-value",
                f"平台扩展「{local(element)}」没有写 {key}",
                f"请补上 {key}",
            )
