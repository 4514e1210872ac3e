"""Whether tokens can ever stand together in a scope as they do: the token game of its diagram, whatever its conditions say.

A marking that no run of the diagram can reach would wait at a join for ever, or lack a branch that
everybody else goes through. Gateways may choose any way here, events may come or not.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import combinations
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, _EndJoin

from engine.process.spiff import gateways, specs

#: A token: the name of the spec where it is; at a join also the way it came by, until the join takes it.
Token = tuple[str, str | None]
Marking = Mapping[Token, int]

#: Markings looked at; a diagram with more is not decided.
MOST = 3000
#: Tokens beyond those looked for that may be about on the way there.
_SPARE = 5
_FAR = 1000
#: An end event that ends its scope: nothing stands there any more.
_FINAL = frozenset({"error", "terminate", "cancel"})


def reachable(scope: Any, wanted: Iterable[Token]) -> bool | None:
    """Whether a run can come to exactly these tokens; None: not found among as many markings as are looked at.

    ``scope``: the spec of a process or subprocess. Looks first where least is lacking.
    """
    game, goal = _Game(scope), Counter(wanted)
    far = {token: game.distances(token) for token in goal}
    limit, goal_key, cut, number = goal.total() + _SPARE, _key(goal), False, 0
    begin = [Counter(game.arrive("Start", [n])) for n in game.starts]
    waiting = [(0, n, marking) for n, marking in enumerate(begin)]
    seen = {_key(marking) for marking in begin}
    while waiting:
        _, _, marking = heappop(waiting)
        if _key(marking) == goal_key:
            return True
        for following in game.moves(marking):
            key = _key(following)
            if key in seen:
                continue
            if len(seen) >= MOST or following.total() > limit:
                cut = True
                continue
            seen.add(key)
            number += 1
            heappush(waiting, (_lacking(following, goal, far), -number, following))
    return None if cut else False


def _lacking(marking: Counter[Token], goal: Counter[Token], far: Mapping[Token, Mapping[str, int]]) -> int:  # fmt: skip
    """Steps from the nearest tokens to those that are lacking, and tokens too many."""
    steps = (marking - goal).total()
    for token in goal - marking:
        steps += min((far[token].get(name, _FAR) for name, _ in marking), default=_FAR)
    return steps


def _key(marking: Marking) -> frozenset[tuple[Token, int]]:
    return frozenset(item for item in marking.items() if item[1])


class _Game:
    def __init__(self, scope: Any) -> None:
        self.specs = scope.task_specs
        handlers = set(scope.event_subprocesses)
        self.starts = [n for n in scope.start._outputs if n not in handlers]
        self.ends = {"End"} | {n for n, s in self.specs.items() if isinstance(s, _EndJoin)}

    # ------------------------------------------------------------ where tokens go

    def arrive(self, source: str, targets: Iterable[str]) -> list[Token]:
        """The tokens that leave ``source`` for these specs."""
        found: list[Token] = []
        for name in targets:
            spec = self.specs[name]
            if isinstance(spec, BoundaryEventSplit):
                spec = self._activity(spec)
            if spec.name not in self.ends and not isinstance(spec, BoundaryEventJoin):
                found.append((spec.name, source if is_join(spec) else None))
        return found

    def _activity(self, split: Any) -> Any:
        return next(self.specs[n] for n in split._outputs if not self._is_edge(n))

    def _is_edge(self, name: str) -> bool:
        return isinstance(self.specs[name], specs.BoundaryEvent)

    def moves(self, marking: Counter[Token]) -> Iterator[Counter[Token]]:
        for token in list(marking):
            if token[1] is not None:
                if self._is_enabled(marking, token):
                    yield self._joined(marking, token[0])
                continue
            for made in self._after(token[0]):
                yield marking - Counter([token]) + Counter(made)

    def _after(self, name: str) -> Iterator[list[Token]]:
        """What may take the place of a token here."""
        spec = self.specs[name]
        if _final(spec):
            return
        if isinstance(spec, specs.EventGateway):
            for branch in spec._outputs:
                yield [(branch, None)]
            return
        again = any(t.form == "cycle" for t in getattr(spec, "triggers", ()))
        for ways in _ways(spec):
            yield self.arrive(name, ways)
            if again and isinstance(spec, specs.Waits):
                yield [(name, None), *self.arrive(name, ways)]
        split = self.specs.get(f"{name}.BoundaryEventSplit")
        for edge in split._outputs if split is not None else []:
            if self._is_edge(edge):
                fired: list[Token] = [(edge, None)]
                yield fired if self.specs[edge].cancel_activity else [(name, None), *fired]

    def distances(self, token: Token) -> dict[str, int]:
        """Spec -> steps from there until the token may be where it is wanted."""
        name, way = token
        before: dict[str, set[str]] = {}
        for spec in self.specs.values():
            for output in spec._outputs:
                before.setdefault(output, set()).add(spec.name)
                if isinstance(spec, BoundaryEventSplit):
                    before.setdefault(output, set()).add(self._activity(spec).name)
        found = {way or name: 0}
        queue = deque(found)
        while queue:
            here = queue.popleft()
            for other in before.get(here, set()) - found.keys():
                found[other] = found[here] + 1
                queue.append(other)
        return found

    # ------------------------------------------------------------ joins

    def _is_enabled(self, marking: Marking, token: Token) -> bool:
        """Whether the join where this token waits goes on."""
        join = self.specs[token[0]]
        arrived = {way for name, way in marking if name == token[0] and way is not None}
        empty = set(join._inputs) - arrived
        if isinstance(join, gateways.ParallelGateway) or not empty:
            return not empty
        for name in {origin for at, _ in marking if at != token[0] for origin in self._origins(at)}:
            ways = gateways.reachable_from(self.specs, name, token[0]) & set(join._inputs)
            if ways & empty and not ways & arrived:
                return False
        return True

    def _origins(self, name: str) -> list[str]:
        """From where a token here may go on: itself, events on its edge, the branches of an event gateway."""
        if isinstance(self.specs[name], specs.EventGateway):
            return list(self.specs[name]._outputs)
        split = self.specs.get(f"{name}.BoundaryEventSplit")
        return [name, *(n for n in (split._outputs if split else []) if self._is_edge(n))]

    def _joined(self, marking: Counter[Token], name: str) -> Counter[Token]:
        taken = Counter(t for t in marking if t[0] == name and t[1] is not None)
        return marking - taken + Counter([(name, None)])


def same_shape(scope: Any, other: Any) -> bool:
    """Whether both have the same elements and flows, so that what stands in one can stand in the other."""
    return _shape(scope) == _shape(other)


def _shape(scope: Any) -> dict[str, Any]:
    return {
        name: (type(s), sorted(s._outputs), getattr(s, "cancel_activity", None), _final(s))
        for name, s in scope.task_specs.items()
    }


def _final(spec: Any) -> bool:
    return isinstance(spec, specs.EndEvent) and any(t.kind in _FINAL for t in spec.triggers)


def is_join(spec: Any) -> bool:
    """A gateway with one way in waits for nobody."""
    return len(spec._inputs) > 1 and isinstance(spec, gateways.Joins)


def _ways(spec: Any) -> Iterator[list[str]]:
    """Each choice of outputs."""
    outputs = [n for n in spec._outputs if not n.endswith(".BoundaryEventJoin")]
    if isinstance(spec, gateways.ExclusiveGateway):
        yield from ([name] for name in outputs)
    elif isinstance(spec, gateways.InclusiveGateway):
        for number in range(1, len(outputs) + 1):
            yield from map(list, combinations(outputs, number))
    else:
        yield outputs
