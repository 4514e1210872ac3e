"""What each kind of level may decide on a document, and what must be written for it (CHINESE_WORKFLOW R2, R4)."""

from collections.abc import Mapping, Sequence

from engine.errors import EngineError

OUTCOMES: Mapping[str, frozenset[str]] = {
    "VOTE": frozenset({"agree", "disagree"}),
    "REVIEW": frozenset({"approve", "return", "reconsider"}),
    "APPROVE": frozenset({"approve", "return", "reject"}),
}


class ReasonMissing(EngineError):
    """请写明理由"""

    code = "reason_missing"


class PanelReasonsMissing(EngineError):
    """评议意见须分别写明事实认定和法律适用的理由"""

    code = "panel_reasons_missing"


class OutcomeNotOffered(EngineError):
    """本级不能作出这种决定"""

    code = "outcome_not_offered"


def offered(kinds: Sequence[str], level: int) -> frozenset[str]:
    """What this level of a chain of these kinds may decide; 建议复议 only where a panel has voted before it."""
    outcomes = OUTCOMES[kinds[level]]
    return outcomes if "VOTE" in kinds[:level] else outcomes - {"reconsider"}


def must_give_reasons(kind: str, outcome: str, opinion: str, fact: str, law: str) -> None:
    if kind == "VOTE" and not (fact.strip() and law.strip()):
        raise PanelReasonsMissing
    if kind != "VOTE" and outcome != "approve" and not opinion.strip():
        raise ReasonMissing
