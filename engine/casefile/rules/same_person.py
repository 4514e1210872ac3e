"""合议庭成员同时担任后面一级的职务: whether he decides twice, in whose vote his level is contained, who decides instead."""

from __future__ import annotations

from dataclasses import dataclass

from . import reading
from .faults import RulesInvalid
from .substitutes import OFFICES

FILE = "same_person.toml"
_CHOICES = {"review": ("separate", "merge"), "approve": ("substitute", "separate")}


@dataclass(frozen=True, slots=True)
class SamePerson:
    #: separate: he reviews as well; merge: his vote contains it.
    review: str
    #: substitute: somebody else who may approves; separate: he approves as well.
    approve: str
    #: Offices to which a statute gives the decision: always a separate act of the holder.
    by_statute: frozenset[str]

    def is_merged(self, kind: str) -> bool:
        return kind == "REVIEW" and self.review == "merge"

    def is_kept_out(self, kind: str, office: str) -> bool:
        """Whether a member of the panel may not decide this level too."""
        is_choice = kind == "APPROVE" and self.approve == "substitute"
        return is_choice and office not in self.by_statute


def read(text: str) -> SamePerson:
    node = reading.toml(FILE, text)
    reading.only(FILE, node, (*_CHOICES, "by_statute"))
    chosen = {key: _choice(node, key) for key in _CHOICES}
    offices = reading.texts(FILE, node, "by_statute")
    unknown = sorted(set(offices) - set(OFFICES))
    if unknown:
        raise RulesInvalid(f"“{FILE} by_statute”中没有“{unknown[0]}”这个职务")
    return SamePerson(chosen["review"], chosen["approve"], frozenset(offices))


def _choice(node: reading.Node, key: str) -> str:
    found = reading.value(FILE, node, key, str)
    if found not in _CHOICES[key]:
        raise RulesInvalid(f"“{FILE} {key}”只能是{'或者'.join(_CHOICES[key])}，这里是“{found}”")
    return found
