"""The pipeline enters a stage, and closes the case at its end."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile.case import cases
from engine.casefile.intake import allocation
from engine.casefile.matter import matters
from engine.casefile.people import access, notices
from engine.casefile.stage import stages
from engine.process import operations
from engine.process.operations import Context

#: Path of the route tables -> closing method (执行规定第六十四条).
_METHODS = {
    "执行完毕": "full_performance",
    "终本": "end_this_enforcement",
    "终结执行": "terminated",
}


def _case_id(context: Context) -> UUID:
    if context.case_id is None:
        raise operations.PermanentError("这个流程没有关联案件")
    return context.case_id


@operations.inside("stages.enter", title="进入阶段")
def enter(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leaves the present stay, if any, and opens the next one with clock and handler.

    ``方式`` = ``reopen``: the receiving team refused, so the sender's stay goes on (DOMAIN §2.6).
    """
    case, stage = cases.get(session, _case_id(context)), str(params["阶段"])
    before = stages.current(session, case.id)
    if params.get("方式") == "reopen":
        stages.reopen(session, case, stage)
        _replace_recused(session, case.id, stage)
        _tell_handler(session, case.id, "移交的案件被退回，由您继续办理")
        return {}
    if before is not None:
        stages.leave(session, before.id)
    accepted_by = UUID(str(params["接收人"])) if before is None and params.get("接收人") else None
    choice = allocation.choose(session, case, stage, accepted_by=accepted_by)
    is_return = params.get("方式") == "return"
    stages.enter(
        session,
        case,
        stage,
        handler_id=choice.user.id,
        handler_reason=choice.reason,
        is_return=is_return,
        closing_path=params.get("结案方式"),
    )
    matters.open_initial(session, cases.get(session, case.id), actor=context.actor)
    if choice.user.id != accepted_by:
        _tell_handler(session, case.id, "案件退回您处办理" if is_return else "案件流转到您处办理")
    return {"承办人": choice.user.name}


def _replace_recused(session: db.Session, case_id: UUID, stage: str) -> None:
    """The sender was recused meanwhile: the case does not come back to him."""
    case = cases.get(session, case_id)
    if case.handler_id is not None and access.is_recused(session, case_id, case.handler_id):
        choice = allocation.choose(session, case, stage)
        stages.reassign(session, case, choice.user.id, choice.reason)


def _tell_handler(session: db.Session, case_id: UUID, happened: str) -> None:
    case = cases.get(session, case_id)
    words = notices.line(case.case_no, happened)
    told = [case.handler_id]
    link = f"/cases/{case.id}"
    notices.tell(session, case.court_id, told, "handover", words, case_id=case.id, link=link)


@operations.inside("stages.close", title="结案归档")
def close(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The case leaves its last stage: closed today, its dossier archived."""
    case = cases.get(session, _case_id(context))
    entry = stages.current(session, case.id)
    if entry is not None:
        stages.leave(session, entry.id)
    cases.change(
        session,
        case.id,
        status="archived",
        stage=None,
        stage_entry_id=None,
        stage_due_on=None,
        stage_paused_on=None,
        stage_days_left=None,
        stage_earliest_on=None,
        closed_on=clock.today(),
        closing_method=_METHODS.get(str(case.closing_path)),
    )
    return {}
