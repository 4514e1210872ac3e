"""How long a way may be without a choice: SpiffWorkflow plans ahead to the next choice, one call inside the other."""

from collections.abc import Iterator

from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Element, Scope
from engine.process.spiff.diagram import id_of, local

#: Elements in a row, an activity with boundary events counted three times; measured to leave room for the host.
LONGEST = 600
_CHOICES = ("exclusiveGateway", "inclusiveGateway")


def length_findings(scope: Scope) -> Iterator[Finding]:
    """One finding at the element with which the longest way grows too long."""
    edges: dict[str, list[str]] = {}
    for event in scope.of("boundaryEvent"):
        edges.setdefault(event.get("attachedToRef", ""), []).append(id_of(event))
    after = {id_of(node): _planned(scope, node, edges) for node in scope.nodes}
    after = {node: [other for other in others if other in after] for node, others in after.items()}
    missing = dict.fromkeys(after, 0)
    for others in after.values():
        for other in others:
            missing[other] += 1
    ready = [node for node, count in missing.items() if count == 0]
    length = dict.fromkeys(after, 0)
    while ready:
        node = ready.pop()
        length[node] += 3 if node in edges else 1
        if length[node] > LONGEST:
            yield finding(
                scope.by_id[node],
                "too-long",
                f"连续超过 {LONGEST} 个元素没有选择网关，平台走不了这么长",
                "请把其中一段放进子流程",
            )
            return
        for other in after[node]:
            length[other] = max(length[other], length[node])
            missing[other] -= 1
            if missing[other] == 0:
                ready.append(other)


def _planned(scope: Scope, node: Element, edges: dict[str, list[str]]) -> list[str]:
    """Ids of what is planned together with this node; nothing behind a choice."""
    if local(node) in _CHOICES:
        return []
    behind = [flow.get("targetRef", "") for flow in scope.outgoing(node)]
    return behind + edges.get(id_of(node), [])
