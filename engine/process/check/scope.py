"""One process or subprocess as the check sees it: its nodes, the flows between them, what hangs on them."""

from lxml import etree

from engine.process.check import lists
from engine.process.spiff.diagram import NODES, children, flows, index, local, nodes

Element = etree._Element


class Scope:
    """One process or subprocess with its nodes, the flows between them and what hangs on them."""

    def __init__(self, element: Element, root: Element) -> None:
        self.element = element
        self.root = root
        self.by_id = index(root)
        self.nodes = nodes(element)
        self.flows = flows(element)
        #: Refused elements count, so that one mistake is one finding.
        self.ids = {n.get("id") for n in children(element) if _may_be_node(n)}
        self.into: dict[str, list[Element]] = {}
        self.out_of: dict[str, list[Element]] = {}
        for flow in self.flows:
            self.out_of.setdefault(flow.get("sourceRef", ""), []).append(flow)
            self.into.setdefault(flow.get("targetRef", ""), []).append(flow)

    def of(self, *names: str) -> list[Element]:
        return [n for n in self.nodes if local(n) in names]

    def incoming(self, node: Element) -> list[Element]:
        return self.into.get(node.get("id", ""), [])

    def outgoing(self, node: Element) -> list[Element]:
        return self.out_of.get(node.get("id", ""), [])


def _may_be_node(element: Element) -> bool:
    name = local(element)
    return name in NODES or (name not in lists.INTERPRETED and name not in lists.HARMLESS)
