"""Gates of a stage: what must hold before 提交 (DOMAIN §2.3), as data in ``rules/gates.toml``."""

from dataclasses import dataclass

from engine import db
from engine.casefile import rulebook
from engine.casefile.case.cases import Case
from engine.casefile.matter import facts, matter_facts, matters

#: Imported so that the facts of matters are known wherever gates are asked.
__all__ = ["Gate", "matter_facts", "of_stage"]


@dataclass(frozen=True)
class Gate:
    code: str
    #: What holds, or what is missing and must be done.
    sentence: str
    #: met, missing, not_deployed (shown as 未启用, does not block)
    state: str
    #: Key of the matter where what is missing is done; empty if nowhere in particular.
    matter_key: str

    @property
    def blocks(self) -> bool:
        return self.state == "missing"


def of_stage(
    session: db.Session, case: Case, known: facts.Facts, path: str | None = None
) -> list[Gate]:
    """Every gate of leaving the case's stage on this path, in the order of the data."""
    if case.stage is None:
        return []
    deployed = {t.code: t.key for t in matters.types(session, case.court_id)}
    checked = rulebook.checked_gates(
        session, case.court_id, case.stage, known, list(deployed), path
    )
    return [
        Gate(
            one.gate.code,
            one.gate.missing if one.state == "missing" else one.gate.met,
            one.state,
            next((deployed[code] for code in one.gate.matters if code in deployed), ""),
        )
        for one in checked
    ]
