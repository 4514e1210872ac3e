"""How far the matters of a case are: for each group of the stage, which are done, running or not begun."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.casefile.matter.matters import GROUPS, Matter, MatterType


@dataclass(frozen=True)
class Group:
    #: online, offline, coercive, other
    key: str
    #: done, doing, open: one for each matter type of the stage
    states: list[str]

    @property
    def done(self) -> int:
        return self.states.count("done")


def of(types: Sequence[MatterType], worked: Iterable[Matter]) -> list[Group]:
    """The groups that have matter types, in the order of the page; a type counts by its last matter."""
    last = {matter.type_key: matter for matter in worked if matter.state != "cancelled"}
    states = {"open": "doing", "done": "done"}
    found = []
    for key in GROUPS:
        kinds = [kind for kind in types if kind.group == key]
        if kinds:
            marks = [states[last[k.key].state] if k.key in last else "open" for k in kinds]
            found.append(Group(key, marks))
    return found
