"""Who is told what of an approval: the level that is reached, the drafter at the end, whoever loses the task."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from engine import db
from engine.casefile.approval import approval_chains
from engine.casefile.case import cases
from engine.casefile.document import documents
from engine.casefile.people import notices

if TYPE_CHECKING:
    from engine.casefile.approval.approvals import Approval

#: What the diagram does next -> what the level's people read.
_DUE = {"vote": "待您评议", "review": "待您阅核", "approve": "待您审批"}
#: How the submission ended -> what the drafter reads after the level's name.
_ENDS = {"granted": "已批准，可以签章", "returned": "退回修改", "rejected": "不予批准"}


def moved(session: db.Session, found: "Approval", step: str, persons: Iterable[UUID]) -> None:
    """After a submission or a decision. ``step``: what the diagram does next; ``persons``: who decides then."""
    if step in _DUE:
        again = "建议复议，" if step == "vote" and found.round > 1 else ""
        _tell(session, found, persons, "approval", again + _DUE[step])
        return
    if step not in _ENDS:
        return
    level = found.chain[found.level]
    said = _ENDS[step] if step == "granted" else approval_chains.NAMES[level["code"]] + _ENDS[step]
    handler = cases.get(session, found.case_id).handler_id
    _tell(session, found, [found.submitted_by, handler], "result", said)
    if step == "rejected":
        # Whoever agreed below learns that it came to nothing (CHINESE_WORKFLOW §2.4).
        earlier = _people(found, range(found.level)) - {found.submitted_by, handler}
        _tell(session, found, earlier, "result", said)


def withdrawn(session: db.Session, found: "Approval") -> None:
    """The level that had it need not decide any more."""
    lost = _people(found, [found.level]) - {found.submitted_by}
    _tell(session, found, lost, "result", "已撤回报批，不再需要您办理")


def taken_back(session: db.Session, found: "Approval", by: str) -> None:
    """The next level, before it has opened the document, loses it again."""
    _tell(session, found, _people(found, [found.level]), "result", f"{by}拿回意见，暂不需要您办理")


def _people(found: "Approval", levels: Iterable[int]) -> set[UUID | None]:
    return {UUID(p["id"]) for level in levels for p in found.chain[level]["persons"]}


def _tell(
    session: db.Session, found: "Approval", persons: Iterable[UUID | None], kind: str, happened: str
) -> None:
    notices.tell(
        session,
        found.court_id,
        persons,
        kind,
        subject(session, found, happened),
        case_id=found.case_id,
        link=f"/approvals/{found.id}",
    )


def subject(session: db.Session, found: "Approval", happened: str) -> str:
    """案号 · 《文书》 · what happened."""
    case_no = cases.get(session, found.case_id).case_no
    name = documents.get(session, found.document_id).name
    return notices.line(case_no, f"《{name}》", happened)
