"""What the check says, and where."""

from dataclasses import dataclass

from lxml import etree

from engine.process.spiff.diagram import SCOPES, local


@dataclass(frozen=True)
class Finding:
    element: str
    #: Stable id of the rule, for tests and documentation.
    rule: str
    sentence: str
    #: Runs, but probably not as meant.
    warning: bool = False


#: What the designer can click on stands directly in one of these.
_HOLDERS = SCOPES | {"definitions", "adHocSubProcess", "collaboration", "laneSet"}


def finding(
    element: etree._Element, rule: str, reason: str, way_out: str, *, warning: bool = False
) -> Finding:
    """At the element the designer sees: a fault in an event definition is one of the event."""
    named = element
    while (parent := named.getparent()) is not None and (
        local(parent) not in _HOLDERS
        or not named.get("id")
        or local(named).endswith("Characteristics")
    ):
        named = parent
    name, id_ = named.get("name") or local(named), named.get("id", local(named))
    return Finding(id_, rule, f"“{name}”（{id_}）：{reason}，{way_out}。", warning)
