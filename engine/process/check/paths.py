"""What can be proved by following the flows: no way to an end, rings that never wait, joins that wait for ever."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Element, Scope
from engine.process.spiff.diagram import (
    GATEWAYS,
    children,
    definitions_of,
    id_of,
    is_event_subprocess,
    local,
)

#: Markings looked at before a diagram is too large to prove anything.
_MARKINGS = 20_000
#: More tokens on one flow than this tell nothing new.
_TOKENS = 2
#: Ways out of an inclusive gateway that are combined with each other.
_BRANCHES = 4
_THROWING = frozenset(["intermediateThrowEvent", "sendTask"])


def path_findings(scope: Scope) -> Iterator[Finding]:
    ways = _ways(scope)
    yield from _no_end(scope, ways)
    yield from _rings(scope, ways)
    yield from _deadlocks(scope)


def _ways(scope: Scope) -> dict[str, set[str]]:
    """Node -> nodes behind it, over flows, links and boundary events."""
    found: dict[str, set[str]] = {id_of(node): set() for node in scope.nodes}
    for flow in scope.flows:
        source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
        if source in found and target in found:
            found[source].add(target)
    catches = {
        d.get("name"): id_of(e)
        for e in scope.of("intermediateCatchEvent")
        for d in children(e, "linkEventDefinition")
    }
    for event in scope.of("intermediateThrowEvent"):
        for definition in children(event, "linkEventDefinition"):
            if definition.get("name") in catches:
                found[id_of(event)].add(catches[definition.get("name")])
    for event in scope.of("boundaryEvent"):
        if event.get("attachedToRef", "") in found:
            found[event.get("attachedToRef", "")].add(id_of(event))
    return found


def _no_end(scope: Scope, ways: dict[str, set[str]]) -> Iterator[Finding]:
    """What has nothing behind it has its own finding, so it counts as an end here."""
    back: dict[str, set[str]] = {node: set() for node in ways}
    for node, behind in ways.items():
        for other in behind:
            back[other].add(node)
    stack = [node for node, behind in ways.items() if not behind]
    reached = set(stack)
    while stack:
        for other in back[stack.pop()] - reached:
            reached.add(other)
            stack.append(other)
    lost = [n for n in scope.nodes if id_of(n) not in reached and not is_event_subprocess(n)]
    for lonely in lost[:1]:
        yield finding(
            lonely, "no-way-out", "从这里走不到任何结束事件", "请给这一圈加一条通往结束事件的路"
        )


# ---------------------------------------------------------------- rings


def _rings(scope: Scope, ways: dict[str, set[str]]) -> Iterator[Finding]:
    """A ring without a step that waits or changes data: whoever enters it decides the same for ever."""
    passing = {id_of(node): node for node in scope.nodes if _passes(node)}
    inner = {node: ways[node] & passing.keys() for node in passing}
    done: set[str] = set()
    for node, element in passing.items():
        if node not in done and _comes_back(node, inner):
            done |= _around(node, inner)
            yield finding(
                element,
                "endless-loop",
                "这一圈里没有办理、等待或改变数据的步骤，走进去就停不下来",
                "请在圈里放一个任务或等待事件",
            )


def _passes(node: Element) -> bool:
    if local(node) in GATEWAYS:
        return local(node) != "eventBasedGateway"
    plain_catch = local(node) == "intermediateCatchEvent" and (
        not definitions_of(node) or bool(children(node, "linkEventDefinition"))
    )
    return local(node) in _THROWING or plain_catch


def _reach(start: set[str], inner: dict[str, set[str]]) -> set[str]:
    seen, stack = set(start), list(start)
    while stack:
        for other in inner[stack.pop()] - seen:
            seen.add(other)
            stack.append(other)
    return seen


def _comes_back(node: str, inner: dict[str, set[str]]) -> bool:
    return node in _reach(inner[node], inner)


def _around(node: str, inner: dict[str, set[str]]) -> set[str]:
    return {n for n in _reach({node}, inner) if node in _reach(inner[n], inner)}


# ---------------------------------------------------------------- deadlocks

Marking = frozenset[tuple[str, int]]


class _Net:
    """The scope as a token game: each flow has one node that takes its tokens, so that the order does not matter."""

    def __init__(self, scope: Scope) -> None:
        self.node_of = {id_of(f): scope.by_id.get(f.get("targetRef", "")) for f in scope.flows}
        self.scope = scope
        self.interrupting: dict[str, list[Element]] = {}
        for event in scope.of("boundaryEvent"):
            if event.get("cancelActivity") != "false":
                self.interrupting.setdefault(event.get("attachedToRef", ""), []).append(event)

        graph = _ways(scope)
        #: Node -> nodes it leads to, for inclusive joins.
        self.reach = {node: _reach({node}, graph) for node in graph}

    def after(self, node: Element) -> list[list[str]]:
        """The ways a token may leave this node: lists of flows."""
        out = [id_of(flow) for flow in self.scope.outgoing(node)]
        if local(node) in ("exclusiveGateway", "eventBasedGateway"):
            ways = [[flow] for flow in out]
        elif local(node) == "inclusiveGateway":
            sizes = range(1, min(len(out), _BRANCHES) + 1)
            ways = [list(some) for size in sizes for some in combinations(out, size)]
        else:
            ways = [out]
        for event in self.interrupting.get(id_of(node), []):
            ways.append([id_of(flow) for flow in self.scope.outgoing(event)])
        return ways or [[]]

    def enabled(self, tokens: Counter[str]) -> tuple[Element, list[str]] | None:
        """Some node that can go on, with the flows it takes a token from; inclusive joins when nothing else can."""
        joins = []
        for flow in tokens:
            node = self.node_of.get(flow)
            if node is None:
                continue
            into = [id_of(f) for f in self.scope.incoming(node)]
            if local(node) == "inclusiveGateway" and len(into) > 1:
                joins.append((node, into))
            elif local(node) != "parallelGateway":
                return node, [flow]
            elif all(tokens[f] for f in into):
                return node, into
        for node, into in joins:
            if self._all_have_come(node, into, tokens):
                return node, [f for f in into if tokens[f]]
        return None

    def _all_have_come(self, join: Element, into: list[str], tokens: Counter[str]) -> bool:
        """No token elsewhere can still reach an empty way in."""
        sources = {self._source(f) for f in into if not tokens[f]}
        for flow in tokens:
            node = self.node_of.get(flow)
            if flow not in into and node is not None and sources & self.reach[id_of(node)]:
                return False
        return True

    def _source(self, flow: str) -> str:
        found = self.scope.by_id.get(flow)
        return "" if found is None else found.get("sourceRef", "")


def _deadlocks(scope: Scope) -> Iterator[Finding]:
    joins = [n for n in scope.of("parallelGateway") if len(scope.incoming(n)) > 1]
    if not joins:
        return
    net, stuck = _Net(scope), set[str]()
    for start in scope.of("startEvent"):
        stuck |= _stuck(net, Counter(id_of(flow) for flow in scope.outgoing(start)))
    for join in joins:
        if id_of(join) in stuck:
            yield finding(
                join,
                "deadlock",
                "有一种走法只来了一部分分支，会永远等在这里",
                "请改用排他网关汇合，或让每种走法都到齐",
                warning=True,
            )


def _stuck(net: _Net, first: Counter[str]) -> set[str]:
    """Ids of joins at which some run stops with tokens left; {} if there are too many runs to tell."""
    seen: set[Marking] = set()
    stack, found = [first], set[str]()
    while stack:
        tokens = stack.pop()
        marking = frozenset((f, n) for f, n in tokens.items() if n)
        if marking in seen:
            continue
        seen.add(marking)
        if len(seen) > _MARKINGS:
            return set()
        enabled = net.enabled(tokens)
        if enabled is None:
            waiting = [net.node_of.get(flow) for flow, _ in marking]
            found |= {id_of(node) for node in waiting if node is not None}
            continue
        node, taken = enabled
        if _ends_all(node):
            continue
        for way in net.after(node):
            following = tokens - Counter(taken) + Counter(way)
            if max(following.values(), default=0) <= _TOKENS:
                stack.append(following)
    return found


def _ends_all(node: Element) -> bool:
    """What leaves the scope takes every other token with it."""
    kinds = {local(definition) for definition in definitions_of(node)}
    return local(node) == "endEvent" and bool(
        kinds & {"terminateEventDefinition", "errorEventDefinition", "cancelEventDefinition"}
    )
