"""What the approval loop of ``document_flow`` does between its user tasks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile.approval import approval_levels, approval_news, approvals
from engine.casefile.document import documents
from engine.process import operations
from engine.process.operations import Context
from handlers import matter_news


@operations.inside("approvals.open", title="开始审批")
def open_(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document is frozen from here on."""
    documents.change(session, UUID(str(params["文书"])), state="in_approval", problem="")
    return {}


@operations.inside("approvals.advance", title="判定下一级审批")
def advance(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """``走向`` and who decides next; the reason where the document comes back."""
    approval_id = UUID(str(params["报批"]))
    following = approval_levels.advance(session, approval_id)
    found = approvals.get(session, approval_id)
    approval_news.moved(session, found, following.step, following.persons)
    people = [str(id_) for id_ in following.persons]
    return {
        "走向": following.step,
        "评议人员": people,
        "审批人": people[0] if people else None,
        "原因": following.problem,
    }


@operations.inside("approvals.grant", title="批准")
def grant(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every level has agreed: the document may be signed."""
    documents.change(session, UUID(str(params["文书"])), state="approved", problem="")
    return {}


@operations.inside("approvals.give_back", title="退回修改")
def give_back(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    documents.change(
        session, UUID(str(params["文书"])), state="returned", problem=str(params["原因"])
    )
    return {}


@operations.inside("approvals.reject", title="不予批准")
def reject(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Told to the matter too: its process goes on without the document."""
    document_id, reason = UUID(str(params["文书"])), str(params["原因"])
    documents.change(session, document_id, state="rejected", problem=reason)
    matter_news.refused(session, context, document_id, reason)
    return {}
