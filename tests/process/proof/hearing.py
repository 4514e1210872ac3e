"""Events of the model: who listens, who hears, what is interrupted (BPMN 2.0, 10.4 and 13.5)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.process.proof.reading import Node, Trigger
from tests.process.proof.state import (
    Ear,
    Run,
    Scope,
    State,
    Token,
    alive,
    held,
    names,
    scopes,
    value,
    write,
)


@dataclass(frozen=True, eq=False)
class Place:
    """An ear where it is: of a token, of one run of a receive task, or of a scope (event subprocess)."""

    scope: Scope
    ear: Ear
    token: Token | None = None
    run: Run | None = None


def ear(state: State, node: Node) -> Ear:
    due = {n: _first(t.says or "", state.hour) for n, t in enumerate(node.triggers) if t.kind == "timer"}  # fmt: skip
    if any(t.kind == "condition" for t in node.triggers):
        state.dirty = True
    return Ear(node, due)


def _first(text: str, hour: int) -> tuple[int, int, int]:
    match = re.fullmatch(r"(?:R(\d*)/)?PT(\d+)H", text)
    assert match is not None, text
    every = int(match[2])
    left = 0 if match[1] is None else int(match[1]) - 1 if match[1] else -1
    return hour + every, left, every


def places(state: State) -> list[Place]:
    """Outermost first; in one scope event subprocesses before its activities."""
    found = []
    for scope in scopes(state.root):
        found += [Place(scope, e) for e in scope.ears]
        for token in scope.tokens:
            found += [Place(scope, e, token) for e in token.ears]
            found += [Place(scope, r.ear, token, r) for r in token.runs if r.ear is not None]
    return sorted(found, key=lambda p: p.scope.depth)


def stands(state: State, token: Token) -> bool:
    return any(t is token for t in token.scope.tokens) and alive(token.scope, state.root)


def _listens(state: State, place: Place) -> bool:
    if place.token is None:
        return any(e is place.ear for e in place.scope.ears) and alive(place.scope, state.root)
    if place.run is not None:
        return held(place.run) and place.run.ear is place.ear and stands(state, place.token)
    return any(e is place.ear for e in place.token.ears) and stands(state, place.token)


# ---------------------------------------------------------------- firing


def hear(state: State, place: Place, number: int, data: dict[str, Any] | None = None) -> None:
    if not _listens(state, place):
        return
    node = place.ear.node
    if node.needs_all:
        place.ear.seen |= {number}
        place.ear.due.pop(number, None)
        if len(place.ear.seen) < len(node.triggers):
            return
    if data:
        write(state, place.run, place.scope, data)
    if place.token is None:
        _start_handler(state, place, number)
    elif place.run is not None:
        place.run.ear, place.run.state = None, "done"
        state.passed.add(node.id)
    elif node.kind == "boundaryEvent":
        _leave_by_edge(state, place, number)
    else:
        place.scope.tokens.remove(place.token)
        place.scope.tokens.append(Token(place.scope, node, state="fired"))


def _leave_by_edge(state: State, place: Place, number: int) -> None:
    assert place.token is not None
    if place.ear.node.interrupting:
        place.scope.tokens.remove(place.token)
    elif not _listen_on(place.ear, number):
        place.token.ears.remove(place.ear)
    place.scope.tokens.append(Token(place.scope, place.ear.node, state="fired"))


def _start_handler(state: State, place: Place, number: int) -> None:
    from tests.process.proof.machine import start_run

    scope = place.scope
    if place.ear.node.interrupting:
        scope.tokens.clear()
        scope.ears.clear()
    elif not _listen_on(place.ear, number):
        scope.ears.remove(place.ear)
    token = Token(scope, place.ear.node, state="active")
    scope.tokens.append(token)
    start_run(state, token, {})


def _listen_on(ear: Ear, number: int) -> bool:
    """What does not interrupt goes on listening, a timer as often as its cycle says."""
    ear.seen = frozenset()
    if number in ear.due:
        hour, left, every = ear.due.pop(number)
        if left != 0:
            ear.due[number] = (hour + every, left - 1 if left > 0 else -1, every)
    return bool(ear.due) or any(t.kind != "timer" for t in ear.node.triggers)


# ---------------------------------------------------------------- time and conditions


def due(state: State) -> list[Callable[[], None]]:
    hour = state.hour
    if not any(at <= hour for each in _ears(state) for at, _, _ in each.due.values()):
        return []
    return [
        lambda p=place, n=number: hear(state, p, n)
        for place in places(state)
        for number, (at, _, _) in place.ear.due.items()
        if at <= hour
    ]


def _ears(state: State) -> Iterator[Ear]:
    for scope in scopes(state.root):
        yield from scope.ears
        for token in scope.tokens:
            yield from token.ears
            for run in token.runs:
                if run.ear is not None:
                    yield run.ear


def next_hour(state: State) -> int | None:
    return min((hour for each in _ears(state) for hour, _, _ in each.due.values()), default=None)


def look(state: State) -> None:
    """Conditions are judged on the same data; those that have become true fire."""
    state.dirty = False
    risen = []
    for place in places(state):
        known = None
        for number, trigger in enumerate(place.ear.node.triggers):
            if trigger.kind == "condition":
                known = known or names(state, place.run, place.scope)
                if value(trigger.says or "", known) is not True:
                    place.ear.truth -= {number}
                elif number not in place.ear.truth:
                    place.ear.truth |= {number}
                    risen.append((place, number))
    for place, number in risen:
        hear(state, place, number)


# ---------------------------------------------------------------- throwing


def throw(state: State, token: Token, trigger: Trigger) -> None:
    scope, node = token.scope, token.node
    if trigger.kind in ("message", "signal"):
        state.sent.append((trigger.kind, trigger.says or "", node.id))
        if trigger.kind == "signal":
            broadcast(state, trigger.says or "")
    elif trigger.kind == "terminate":
        scope.tokens.clear()
        scope.ears.clear()
    elif not _climb(state, scope, trigger) and trigger.kind == "error":
        state.failure = (node.id, trigger.says)


def broadcast(state: State, name: str, data: dict[str, Any] | None = None) -> None:
    for place, number in _hearing(places(state), "signal", name):
        hear(state, place, number, data)


def takers(state: State, name: str) -> list[tuple[Place, int]]:
    """A message goes to one of these."""
    return _hearing(places(state), "message", name)


def _hearing(found: list[Place], kind: str, name: str | None) -> list[tuple[Place, int]]:
    return [
        (place, number)
        for place in found
        for number, trigger in enumerate(place.ear.node.triggers)
        if trigger == Trigger(kind, name) and number not in place.ear.seen
    ]


def fail(state: State, run: Run, code: str) -> None:
    trigger, token = Trigger("error", code), run.token
    edges = [Place(token.scope, e, token) for e in token.ears]
    if not _caught(state, edges, trigger) and not _climb(state, token.scope, trigger):
        state.failure = (token.node.id, code)


def _climb(state: State, scope: Scope, trigger: Trigger) -> bool:
    """Outwards from the scope it was thrown in; never to a neighbour."""
    beside = True
    while True:
        if beside and _caught(state, [Place(scope, e) for e in scope.ears], trigger):
            return True
        if scope.owner is None:
            return False
        token = scope.owner.token
        if _caught(state, [Place(token.scope, e, token) for e in token.ears], trigger):
            return True
        # What an event subprocess throws is thrown out of the scope it handles.
        beside = token.node.kind != "eventSubprocess"
        scope = token.scope


def _caught(state: State, found: list[Place], trigger: Trigger) -> bool:
    for name in (trigger.says, None):
        for place, number in _hearing(found, trigger.kind, name):
            hear(state, place, number)
            return True
    return False
