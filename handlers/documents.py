"""Drafting sets of documents, and what a document's own process notes about it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile import cases, documents, drafting, matters
from engine.process import operations
from engine.process.operations import Context


@operations.inside("documents.draft_set", title="拟制一组文书")
def draft_set(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """One draft for each code in ``文书代码`` that the matter has not yet; each with its own process."""
    matter_id = UUID(str(params["事项"]))
    case = cases.get(session, matters.get(session, matter_id).case_id)
    present = {d.code for d in documents.of_case(session, case.id, matter_id)}
    for code in params["文书代码"]:
        if code not in present:
            drafting.draft(session, case, matter_id, str(code), actor=context.actor, author_id=None)
    return {}


@operations.inside("documents.void", title="文书作废")
def void(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    documents.change(session, UUID(str(params["文书"])), state="void")
    return {}


@operations.inside("documents.note_refusal", title="记录不能签章的原因")
def note_refusal(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The document stays a draft; its page shows the reason until it is changed or signed."""
    documents.change(
        session, UUID(str(params["文书"])), problem=str(params.get("原因") or "不能签章")
    )
    return {}
