"""Plays an example and judges it: right, refused, wrong or crashed.

Acts: ``甲 a=9`` completes task 甲 and submits a; ``fail 甲 E1``; ``message 来文``; ``signal 中止``; ``write a=9``; ``hours 5``.
What is open then: the elements in order, ``-`` if nothing is; ``end``; ``incident E1`` (the code nobody caught);
``>来文`` behind it for each message or signal sent.
"""

from typing import Any, Literal

from tests.process.proof.playing import DATA, WAYS
from tests.process.proof.rows import Refused, Row, Runs
from tests.process.spiff.player import Player, findings

Verdict = Literal["right", "refused", "wrong", "crashed"]


def judge(example: Runs | Refused) -> tuple[Verdict, str]:
    """The verdict, and why it is not what the standard says."""
    try:
        errors = [f for f in findings(example.diagram) if f.severity == "error"]
        if isinstance(example, Refused):
            named = {(f.element, f.rule) for f in errors}
            if (example.element, example.rule) in named:
                return "refused", ""
            return "wrong", f"{example.element} {example.rule} is not in {named}"
        if errors:
            return "refused", errors[0].message
        for way in WAYS:
            seen = _played(example, way)
            if seen != [view for _, view in example.steps]:
                return "wrong", f"{way}: {seen}, not {[view for _, view in example.steps]}"
    except Exception as error:  # whatever breaks is the verdict
        return "crashed", f"{type(error).__name__}: {error}"
    return "right", ""


def judge_row(row: Row) -> tuple[Verdict, str]:
    """Of a construct that is partly refused: right, if what is not refused is right and what should be refused is."""
    found = [judge(example) for example in (*row.examples, *([row.twin] if row.twin else []))]
    for verdict in ("crashed", "wrong", "right"):
        for each, why in found:
            if each == verdict:
                return each, why
    return "refused", found[0][1]


def _played(example: Runs, way: str) -> list[str]:
    player, seen = Player(way), []
    for act, _ in example.steps:
        sent = len(player.sent)
        _do(player, act, example)
        seen.append(" ".join([_view(player), *(f">{name}" for name in player.sent[sent:])]))
    return seen


def _view(player: Player) -> str:
    if player.incident is not None:
        return f"incident {player.incident.uncaught or player.incident.element}"
    return "end" if player.ended else " ".join(sorted(player.open + player.parked)) or "-"


def _do(player: Player, act: str, example: Runs) -> None:
    if not act:
        player.start(example.diagram, decisions=example.decisions, **DATA)
        return
    kind, *words = act.split()
    if kind == "fail":
        player.fail(*words)
    elif kind == "message":
        player.message(words[0], **_data(words[1:]))
    elif kind == "signal":
        player.signal(words[0])
    elif kind == "write":
        player.write(**_data(words))
    elif kind == "hours":
        player.later(hours=int(words[0]))
    else:
        player.do(kind, **_data(words))


def _data(words: list[str]) -> dict[str, Any]:
    pairs = (word.split("=") for word in words)
    return {name: int(value) for name, value in pairs}
