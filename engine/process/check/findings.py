"""What the check says, and where."""

from dataclasses import dataclass, replace
from typing import Literal

from lxml import etree

from engine.process.spiff.diagram import SCOPES, local

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One fault at one element of one file, in Chinese, with the way out."""

    element: str
    #: Stable id of the rule; ``docs/checks.md`` explains each.
    rule: str
    #: A warning runs, but probably not as meant; an error refuses the deployment.
    severity: Severity
    message: str
    file: str = ""

    def within(self, file: str) -> "Finding":
        return replace(self, file=file)


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
    name, id_ = named.get("name") or local(named), named.get("id") or local(named)
    message = f"“{name}”（{id_}）：{reason}，{way_out}。"
    return Finding(id_, rule, "warning" if warning else "error", message)
