"""Deploy-time rewriting of a checked BPMN file into the part of BPMN that SpiffWorkflow runs right.

The stored original stays the designer's; only the copy that is parsed is rewritten. Every rewriting
is one the standard itself names as equivalent (a link is a jump, a conditional flow is an implicit
gateway), or removes what is documentation here (data objects, because the case file holds the data).
"""

import copy
import re

from lxml import etree

from engine.process.spiff.diagram import (
    ACTIVITIES,
    BPMN,
    children,
    definitions_of,
    flows,
    id_of,
    in_bpmn,
    index,
    local,
    scopes,
    tag,
    text_of,
)

#: Names that SpiffWorkflow gives to its own tasks; an element with such an id would be taken for one.
_TAKEN = re.compile(
    r"Start|End|StartEventSplit|StartEventJoin|.*\.(EndJoin|BoundaryEventSplit|BoundaryEventJoin)|.* \[child\]"
)
_PREFIX = "fence_"

#: Read by SpiffWorkflow in a way we do not want: copies of data, checks of inputs, missing data stores.
_DOCUMENTATION = [
    "dataObject",
    "dataObjectReference",
    "dataStore",
    "dataStoreReference",
    "dataInputAssociation",
    "dataOutputAssociation",
    "ioSpecification",
    "property",
    "association",
    "group",
    "textAnnotation",
    "correlationKey",
    "correlationProperty",
    "correlationSubscription",
]

_ID_ATTRIBUTES = ("id", "sourceRef", "targetRef", "attachedToRef", "default")
_ID_TEXTS = ("incoming", "outgoing", "flowNodeRef")


def rewrite(root: etree._Element) -> etree._Element:
    """A rewritten copy; ``root`` must have passed the check."""
    root = copy.deepcopy(root)
    _keep_executable(root)
    _resolve_lists(root)
    _drop_documentation(root)
    _inline_definitions(root)
    for scope in list(scopes(root)):
        _join_links(scope)
        _split_implicitly(scope)
    _free_taken_ids(root)
    return root


def original_id(element_id: str) -> str:
    """The designer's id; of a gateway made here, that of the element whose ways out it chooses."""
    return re.sub(rf"^{_PREFIX}((exclusive|inclusive|parallel)Gateway_)?", "", element_id)


def inline_definitions(root: etree._Element) -> etree._Element:
    """The check, too, reads shared event definitions as if they were written in each event."""
    root = copy.deepcopy(root)
    _inline_definitions(root)
    return root


def _parent(element: etree._Element) -> etree._Element:
    """Of an element that is not the root."""
    found = element.getparent()
    if found is None:
        raise ValueError(f"{element.tag} has no parent")
    return found


def _keep_executable(root: etree._Element) -> None:
    for process in children(root, "process"):
        if process.get("isExecutable") == "false":
            root.remove(process)


def _resolve_lists(root: etree._Element) -> None:
    """A multi-instance list may be named through the task's data input; we need the variable behind it."""
    by_id = index(root)
    for ref in list(root.iter(tag("loopDataInputRef"), tag("loopDataOutputRef"))):
        activity = _parent(_parent(ref))
        for association in children(activity, "dataInputAssociation", "dataOutputAssociation"):
            ends = [text_of(e) for e in children(association, "sourceRef", "targetRef")]
            if text_of(ref) in ends:
                others = [e for e in ends if e != text_of(ref)]
                ref.text = _variable(others[0], by_id) if others else ref.text
                break
        else:
            ref.text = _variable(text_of(ref), by_id)


def _variable(ref: str, by_id: dict[str, etree._Element]) -> str:
    element = by_id.get(ref)
    if element is None:
        return ref
    element = by_id.get(element.get("dataObjectRef", ""), element)
    return element.get("name") or id_of(element)


def _drop_documentation(root: etree._Element) -> None:
    for element in list(root.iter(*(tag(name) for name in _DOCUMENTATION))):
        if element.getparent() is not None:
            _parent(element).remove(element)


def _inline_definitions(root: etree._Element) -> None:
    by_id = index(root)
    for ref in list(root.iter(tag("eventDefinitionRef"))):
        shared = by_id.get(text_of(ref).split(":")[-1])
        if shared is not None and local(shared).endswith("EventDefinition"):
            inline = copy.deepcopy(shared)
            inline.attrib.pop("id", "")
            _parent(ref).replace(ref, inline)


def _join_links(scope: etree._Element) -> None:
    """Every throwing link gets a flow to its catching twin; both become plain events."""
    targets = {}
    for event in children(scope, "intermediateCatchEvent"):
        for definition in definitions_of(event):
            if local(definition) == "linkEventDefinition":
                targets[definition.get("name", "")] = event
                event.remove(definition)
                event.tag = tag("intermediateThrowEvent")
    for event in children(scope, "intermediateThrowEvent"):
        for definition in definitions_of(event):
            if local(definition) == "linkEventDefinition":
                event.remove(definition)
                _flow(
                    scope,
                    f"{_PREFIX}link_{event.get('id')}",
                    id_of(event),
                    id_of(targets[definition.get("name", "")]),
                )


#: What may have several ways out without a gateway.
_SPLITTING = (
    *ACTIVITIES,
    "startEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
)


def _split_implicitly(scope: etree._Element) -> None:
    """Several flows, or a conditional one, out of an activity or event leave through a gateway."""
    leaving: dict[str, list[etree._Element]] = {}
    for flow in flows(scope):
        leaving.setdefault(flow.get("sourceRef", ""), []).append(flow)
    for node in list(children(scope, *_SPLITTING)):
        out = leaving.get(id_of(node), [])
        default = str(node.attrib.pop("default", ""))
        conditional = [
            flow
            for flow in out
            if children(flow, "conditionExpression") and flow.get("id") != default
        ]
        if conditional:
            gateway = _choose(scope, node, out, conditional, default)
        elif len(out) > 1:
            gateway = _gateway(scope, node, "parallelGateway", out)
        else:
            continue
        _flow(scope, f"{_PREFIX}to_split_{id_of(node)}", id_of(node), id_of(gateway))


def _choose(
    scope: etree._Element,
    node: etree._Element,
    out: list[etree._Element],
    conditional: list[etree._Element],
    default: str,
) -> etree._Element:
    """The gateway that the conditions stand for, or the one before it if other flows always leave, too."""
    chosen = [flow for flow in out if flow in conditional or flow.get("id") == default]
    kind = "inclusiveGateway" if len(out) > 1 else "exclusiveGateway"
    gateway = _gateway(scope, node, kind, chosen)
    if default:
        gateway.set("default", default)
    always = [flow for flow in out if flow not in chosen]
    if always and default:
        # The default is taken if no *condition* holds, whatever else leaves the task.
        always.append(_flow(scope, f"{_PREFIX}to_{id_of(gateway)}", "", id_of(gateway)))
        return _gateway(scope, node, "parallelGateway", always)
    _redirect(always, gateway)
    for flow in always:
        etree.SubElement(flow, tag("conditionExpression")).text = "true"
    return gateway


def _gateway(
    scope: etree._Element, node: etree._Element, kind: str, out: list[etree._Element]
) -> etree._Element:
    gateway = etree.SubElement(
        scope, tag(kind), id=f"{_PREFIX}{kind}_{node.get('id')}", name=node.get("name", "")
    )
    _redirect(out, gateway)
    return gateway


def _redirect(out: list[etree._Element], gateway: etree._Element) -> None:
    for flow in out:
        flow.set("sourceRef", id_of(gateway))


def _flow(scope: etree._Element, flow_id: str, source: str, target: str) -> etree._Element:
    return etree.SubElement(
        scope, tag("sequenceFlow"), id=flow_id, sourceRef=source, targetRef=target
    )


def _free_taken_ids(root: etree._Element) -> None:
    """An element called "End" ends the instance in SpiffWorkflow; a prefix keeps it an element."""
    taken = {id_of(e) for e in root.iter() if in_bpmn(e) and _TAKEN.fullmatch(id_of(e))}
    if not taken:
        return
    for element in root.iter(f"{{{BPMN}}}*"):
        for name in _ID_ATTRIBUTES:
            if element.get(name) in taken:
                element.set(name, _PREFIX + element.get(name, ""))
        if local(element) in _ID_TEXTS and text_of(element) in taken:
            element.text = _PREFIX + text_of(element)
