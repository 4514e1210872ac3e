"""Where the order of automatic steps may matter; everywhere else one order is as good as any."""

from collections.abc import Iterator
from typing import Any

_WAITS = frozenset(["userTask", "manualTask", "serviceTask", "receiveTask", "eventBasedGateway"])


def mark_races(levels: list[Any]) -> None:
    """Sets ``races_in`` and ``races_out`` of every node, until nothing changes."""
    everything = list({id(level): level for top in levels for level in _levels(top)}.values())
    owners = {id(level): [n for other in everything for n in other.nodes.values() if n.level is level] for level in everything}  # fmt: skip
    changed = True
    while changed:
        changed = False
        for level in everything:
            for node in level.nodes.values():
                before = node.races_in, node.races_out
                node.races_out |= _out(level, node, owners[id(level)])
                node.races_in |= _in(node)
                changed |= before != (node.races_in, node.races_out)


def _levels(level: Any) -> Iterator[Any]:
    yield level
    for node in level.nodes.values():
        if node.level is not None and node.calls is None:
            yield from _levels(node.level)


def _out(level: Any, node: Any, owners: list[Any]) -> bool:
    links = [t.says for t in node.triggers if t.kind == "link"]
    jumps = [n for n in level.nodes.values() if n is not node and any(t.kind == "link" and t.says in links for t in n.triggers)]  # fmt: skip
    after = [level.nodes[flow.target] for flow in node.out] + jumps
    if any(other.races_in for other in after):
        return True
    if node.repeat is not None and node.races_in:
        return True
    return not after and any(owner.races_out for owner in owners)


def _in(node: Any) -> bool:
    if node.kind in ("endEvent", "intermediateThrowEvent") and any(t.kind not in ("message", "link") for t in node.triggers):  # fmt: skip
        return True
    if node.kind == "inclusiveGateway" and len(node.into) > 1:
        return True
    if node.level is not None and node.level.start.races_in:
        return True
    caught = node.kind == "intermediateCatchEvent" and any(t.kind != "link" for t in node.triggers)
    return not caught and node.kind not in _WAITS and node.races_out
