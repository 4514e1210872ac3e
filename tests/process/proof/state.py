"""Where the tokens of the model are. All of it can be copied and compared, because the model tries every order."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.process.proof.reading import Level, Node


@dataclass(eq=False, slots=True)
class Ear:
    """What listens: a catching event, a boundary event, an event subprocess."""

    node: Node
    #: Number of the trigger -> (hour it is due, firings left after it, hours between).
    due: dict[int, tuple[int, int, int]]
    seen: frozenset[int] = frozenset()
    truth: frozenset[int] = frozenset()


@dataclass(eq=False, slots=True)
class Run:
    """One instance of an activity; a plain one has one, a loop or multi-instance several."""

    token: "Token"
    local: dict[str, Any] = field(default_factory=dict)
    #: open (a person), parked (a service), listening (receive), inside (``scope``), done.
    state: str = "open"
    params: dict[str, Any] = field(default_factory=dict)
    ear: Ear | None = None
    scope: "Scope | None" = None


@dataclass(eq=False, slots=True)
class Token:
    scope: "Scope"
    node: Node
    via: str | None = None
    #: ready (about to act), fired (caught, about to leave), waiting (catch, event gateway), active (an activity).
    state: str = "ready"
    #: Of a catch, the branches of an event gateway, the boundary events of an activity.
    ears: list[Ear] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    items: list[Any] | None = None
    begun: int = 0
    settled: int = 0


@dataclass(eq=False, slots=True)
class Scope:
    level: Level
    owner: Run | None
    tokens: list[Token] = field(default_factory=list)
    ears: list[Ear] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return 0 if self.owner is None else self.owner.token.scope.depth + 1


@dataclass(eq=False, slots=True)
class State:
    root: Scope
    data: dict[str, Any]
    hour: int = 0
    #: Conditions must be looked at.
    dirty: bool = True
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)
    #: (element, code of the uncaught error)
    failure: tuple[str, str | None] | None = None

    @property
    def ended(self) -> bool:
        return not self.root.tokens


def scopes(scope: Scope):
    """This scope and all inside it, outermost first."""
    found = [scope]
    for each in found:
        found.extend(r.scope for t in each.tokens for r in t.runs if r.scope is not None)
    return found


def alive(scope: Scope, root: Scope) -> bool:
    while scope.owner is not None:
        run = scope.owner
        if run.scope is not scope or not held(run):
            return False
        scope = run.token.scope
    return scope is root


def held(run: Run) -> bool:
    return any(r is run for r in run.token.runs) and any(t is run.token for t in run.token.scope.tokens)  # fmt: skip


# ---------------------------------------------------------------- data


def around(run: Run | None, scope: Scope):
    """Local names from the innermost outwards."""
    while True:
        if run is not None:
            yield run.local
        if scope.owner is None:
            return
        run = scope.owner
        scope = run.token.scope


def names(state: State, run: Run | None, scope: Scope) -> dict[str, Any]:
    found = dict(state.data)
    for local in reversed(list(around(run, scope))):
        found |= local
    return found


def write(state: State, run: Run | None, scope: Scope, values: dict[str, Any]) -> None:
    for name, value in values.items():
        target = next((local for local in around(run, scope) if name in local), state.data)
        target[name] = value
        state.dirty = True


_COMPARISON = re.compile(r"(\w+) (>=|<=|>|<|=) (-?\d+)")
_COMPARE = {
    ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    "<": lambda a, b: a < b, "=": lambda a, b: a == b,
}  # fmt: skip


def value(text: str, known: dict[str, Any]) -> Any:
    """``name``, a whole number, ``true``, ``false`` or one comparison of a name with a number."""
    text = text.strip()
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    match = _COMPARISON.fullmatch(text)
    if match is None:
        return known.get(text)
    return _COMPARE[match[2]](known[match[1]], int(match[3]))


# ---------------------------------------------------------------- copies and comparison


def copy(state: State) -> State:
    return State(_scope(state.root, None), _plain(state.data), state.hour, state.dirty, list(state.sent), set(state.passed), state.failure)  # fmt: skip


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, list) else v for k, v in values.items()}


def _ear(ear: Ear) -> Ear:
    return Ear(ear.node, dict(ear.due), ear.seen, ear.truth)


def _scope(scope: Scope, owner: Run | None) -> Scope:
    new = Scope(scope.level, owner, ears=[_ear(e) for e in scope.ears])
    for t in scope.tokens:
        token = Token(new, t.node, t.via, t.state, [_ear(e) for e in t.ears], [], t.items, t.begun, t.settled)  # fmt: skip
        for r in t.runs:
            run = Run(token, _plain(r.local), r.state, r.params, r.ear and _ear(r.ear))
            run.scope = r.scope and _scope(r.scope, run)
            token.runs.append(run)
        new.tokens.append(token)
    return new


def key(state: State) -> str:
    """Equal for two states from which the same can come, however they were reached."""
    return repr((_scope_key(state.root), sorted(state.data.items()), state.dirty, sorted(state.sent), sorted(state.passed), state.failure))  # fmt: skip


def _ear_key(ear: Ear | None) -> Any:
    return ear and (ear.node.id, sorted(ear.due.items()), sorted(ear.seen), sorted(ear.truth))


def _scope_key(scope: Scope | None) -> Any:
    if scope is None:
        return None
    tokens = [
        (
            t.node.id, t.via, t.state, t.begun, t.settled, t.items, [_ear_key(e) for e in t.ears],
            [(sorted(r.local.items()), r.state, _ear_key(r.ear), _scope_key(r.scope)) for r in t.runs],
        )
        for t in scope.tokens
    ]  # fmt: skip
    return sorted(map(repr, tokens)), [_ear_key(e) for e in scope.ears]
