"""The model of the standard: a token machine that tries every order in which the automatic steps may come.

Written from BPMN 2.0 chapter 13 (what a token does at each node) and chapter 10 (what each event catches),
with the three choices the platform makes where the standard leaves one: one store of data, an
interruption takes effect before anything else of what it interrupts, conditions are looked at after each write.
It knows neither SpiffWorkflow nor the fence.
"""

from collections.abc import Callable, Iterator

from tests.process.proof import hearing
from tests.process.proof.reading import Level, Node
from tests.process.proof.state import (
    Run,
    Scope,
    State,
    Token,
    copy,
    held,
    key,
    names,
    scopes,
    value,
    write,
)

PEOPLE = ("userTask", "manualTask")
INNER = ("subProcess", "transaction", "callActivity", "eventSubprocess")
ACTIVITIES = (*PEOPLE, *INNER, "task", "serviceTask", "sendTask", "receiveTask")
#: States looked at before a process has too many orders to try.
MOST = 500


#: What to do, and whether it matters to others when.
Move = tuple[Callable[[], None], bool]


class TooMany(Exception):
    """Too many orders to try them all."""


def begin(level: Level, data: dict[str, object]) -> State:
    state = State(Scope(level, None), dict(data))
    open_scope(state, state.root)
    return state


def settle(states: list[State]) -> list[State]:
    """Every state in which only people, services, time and the outside can move something."""
    seen: dict[str, State] = {}
    quiet: dict[str, State] = {}
    stack = list(states)
    while stack:
        state = stack.pop()
        possible = moves(state)
        while len(possible) == 1 or (possible and not any(races for _, races in possible)):
            possible[0][0]()
            possible = moves(state)
        now = key(state)
        if not possible:
            quiet.setdefault(now, state)
        elif now not in seen:
            seen[now] = state
            if len(seen) > MOST:
                raise TooMany
            for number in range(len(possible)):
                other = copy(state)
                moves(other)[number][0]()
                stack.append(other)
    return list(quiet.values())


def moves(state: State) -> list[Move]:
    if state.failure is not None or state.ended:
        return []
    if state.dirty:
        return [(lambda: hearing.look(state), False)]
    found: list[Move] = [(fire, True) for fire in hearing.due(state)]
    for scope in scopes(state.root):
        for token in scope.tokens:
            found += _of_token(state, token)
    return found


def _of_token(state: State, token: Token) -> Iterator[Move]:
    node = token.node
    if token.state == "fired":
        yield lambda: leave(state, token), node.races_out
    elif token.state == "armed":
        yield lambda: act(state, [token]), node.races_in
    elif token.state == "ready":
        if len(node.into) < 2 or node.kind not in ("parallelGateway", "inclusiveGateway"):
            yield lambda: act(state, [token]), node.races_in
        else:
            together = _joined(token)
            if together and together[0] is token:
                yield lambda: act(state, together), node.races_in
    for run in token.runs:
        if run.state == "done":
            yield lambda run=run: count_in(state, run), node.races_out
        elif run.scope is not None and not run.scope.tokens:
            yield lambda run=run: _close(run), node.races_out


def _close(run: Run) -> None:
    run.scope, run.state = None, "done"


# ---------------------------------------------------------------- joins


def _joined(token: Token) -> list[Token]:
    """The tokens a join takes together now, one for each way in; [] if it waits."""
    scope, node = token.scope, token.node
    arrived: dict[str, Token] = {}
    for other in scope.tokens:
        if other.node is node and other.via is not None:
            arrived.setdefault(other.via, other)
    empty = {f.id for f in node.into} - arrived.keys()
    if empty and (node.kind == "parallelGateway" or _may_still_come(scope, node, empty, arrived.keys())):  # fmt: skip
        return []
    return list(arrived.values())


def _may_still_come(scope: Scope, join: Node, empty, filled) -> bool:
    reach = scope.level.reach[join.id]
    places = []
    for token in scope.tokens:
        if token.node is join or token.node.kind == "eventSubprocess":
            continue
        edges = [reach[e.id] for e in scope.level.edges.get(token.node.id, ())]
        if token.state == "ready":
            places.append(reach[token.node.id].union(*edges))
            continue
        places.append(reach[token.node.id])
        if token.state in ("active", "armed"):
            places += [reach[ear.node.id] for ear in token.ears]
    return any(ways & empty and not ways & filled for ways in places)


# ---------------------------------------------------------------- nodes


def act(state: State, tokens: list[Token]) -> None:
    """What the node does with the token that has come (a join: with all it has waited for)."""
    token = tokens[0]
    scope, node = token.scope, token.node
    for other in tokens[1:]:
        scope.tokens.remove(other)
    if node.kind in ACTIVITIES:
        _begin_activity(state, token)
    elif node.kind == "eventBasedGateway":
        token.state = "waiting"
        state.passed.add(node.id)
        token.ears = [hearing.ear(state, scope.level.nodes[f.target]) for f in node.out]
    elif node.kind == "intermediateCatchEvent" and node.triggers[0].kind != "link":
        token.state, token.ears = "waiting", [hearing.ear(state, node)]
    elif node.kind in ("intermediateThrowEvent", "endEvent"):
        _throw(state, token)
    else:
        leave(state, token)


def _throw(state: State, token: Token) -> None:
    scope, node = token.scope, token.node
    state.passed.add(node.id)
    for trigger in node.triggers:
        if trigger.kind == "link":
            scope.tokens.remove(token)
            target = next(n for n in scope.level.nodes.values() if n.kind == "intermediateCatchEvent" and trigger in n.triggers)  # fmt: skip
            scope.tokens.append(Token(scope, target))
            return
        hearing.throw(state, token, trigger)
        if state.failure is not None or not hearing.stands(state, token):
            return
    leave(state, token)


def leave(state: State, token: Token) -> None:
    """The token is taken away, and one put on each flow that is taken."""
    scope, node = token.scope, token.node
    if node.kind not in INNER and node.repeat is None:
        state.passed.add(node.id)
    taken = _ways_out(state, token)
    if taken is None:
        state.failure = (node.id, None)
        return
    scope.tokens.remove(token)
    scope.tokens += [Token(scope, scope.level.nodes[f.target], f.id) for f in taken]


def _ways_out(state: State, token: Token):
    node = token.node
    known = names(state, None, token.scope)
    if node.kind == "parallelGateway" or not any(f.condition for f in node.out):
        return node.out if len(node.out) < 2 or node.kind not in ("exclusiveGateway", "inclusiveGateway") else None  # fmt: skip
    true = [f for f in node.out if f.condition and f.id != node.default and value(f.condition, known) is True]  # fmt: skip
    default = [f for f in node.out if f.id == node.default]
    if node.kind == "exclusiveGateway":
        return (true or default)[:1] or None
    always = []
    if node.kind != "inclusiveGateway":
        always = [f for f in node.out if not f.condition and f.id != node.default]
    return always + (true or default) or None


# ---------------------------------------------------------------- activities


def open_scope(state: State, scope: Scope) -> None:
    assert scope.level.start is not None
    scope.tokens.append(Token(scope, scope.level.start))
    scope.ears = [hearing.ear(state, node) for node in scope.level.handlers]


def _begin_activity(state: State, token: Token) -> None:
    node, scope = token.node, token.scope
    edges = scope.level.edges.get(node.id, ())
    if edges and token.state == "ready":
        # What is true already interrupts before the activity has done anything.
        token.state, token.ears = "armed", [hearing.ear(state, edge) for edge in edges]
        return
    token.state = "active"
    repeat = node.repeat
    if repeat is None:
        start_run(state, token, {})
        return
    known = names(state, None, scope)
    if repeat.number is None and repeat.items is None:
        if repeat.before and value(repeat.condition or "true", known) is not True:
            leave(state, token)
        else:
            _start_item(state, token)
        return
    items = known[repeat.items] if repeat.items else range(int(value(repeat.number or "", known)))
    token.items = list(items)
    if repeat.results:
        write(state, None, scope, {repeat.results: []})
    if not token.items:
        leave(state, token)
    for _ in token.items[: 1 if repeat.sequential else None]:
        _start_item(state, token)


def _start_item(state: State, token: Token) -> None:
    repeat, number = token.node.repeat, token.begun
    local = {"loopCounter": number + 1}
    if repeat.item is not None:
        local[repeat.item] = token.items[number]
    if repeat.result is not None:
        local[repeat.result] = None
    token.begun += 1
    start_run(state, token, local)


def start_run(state: State, token: Token, local: dict) -> None:
    node, run = token.node, Run(token, local)
    token.runs.append(run)
    if node.kind in INNER:
        assert node.level is not None
        run.state, run.scope = "inside", Scope(node.level, run)
        open_scope(state, run.scope)
    elif node.kind == "serviceTask":
        run.state = "parked"
        known = names(state, run, token.scope)
        run.params = {name: value(text, known) for name, text in node.params.items()}
    elif node.kind == "receiveTask":
        run.state, run.ear = "listening", hearing.ear(state, node)
    elif node.kind in ("task", "sendTask"):
        run.state = "done"
        state.passed.add(node.id)
        for trigger in node.triggers:
            hearing.throw(state, token, trigger)


def count_in(state: State, run: Run) -> None:
    """A finished instance: the activity is over, or its next instance begins."""
    token, repeat = run.token, run.token.node.repeat
    token.runs.remove(run)
    if repeat is None:
        leave(state, token)
        return
    known = names(state, run, token.scope)
    token.settled += 1
    if token.items is None:
        over = token.settled == repeat.most or (repeat.condition is not None and value(repeat.condition, known) is not True)  # fmt: skip
    else:
        over = token.settled == len(token.items) or (repeat.condition is not None and value(repeat.condition, known) is True)  # fmt: skip
        if repeat.results:
            results = [*names(state, None, token.scope)[repeat.results], run.local[repeat.result]]
            write(state, None, token.scope, {repeat.results: results})
    if over:
        leave(state, token)
    elif repeat.sequential:
        _start_item(state, token)


# ---------------------------------------------------------------- what the outside may do


def complete(state: State, run: Run, data: dict[str, object]) -> None:
    write(state, run, run.token.scope, data)
    state.passed.add(run.token.node.id)
    run.state = "done"
    if run.token.node.repeat is None:
        count_in(state, run)


def fail(state: State, run: Run, code: str) -> None:
    if held(run):
        hearing.fail(state, run, code)
