"""Drafting documents for a matter, and what a document's own process notes about it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile.case import cases
from engine.casefile.document import documents, drafting
from engine.casefile.matter import matters
from engine.process import operations
from engine.process.operations import Context, Parameter
from handlers import matter_news

_DRAFTED = (
    Parameter("事项", "事项编号", "text"),
    Parameter("文书代码", "文书代码"),
    Parameter("内容", "写入文书的内容，模板中写作“事项.名称”", "context", required=False),
    Parameter("审批事实", "确定审批级别的事实，如 { amount: 金额 }", "context", required=False),
)


@operations.inside("documents.draft_set", title="拟制一组文书", params=_DRAFTED, results=())
def draft_set(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """One draft for each code in ``文书代码`` that the matter has not yet; each with its own process."""
    matter_id = UUID(str(params["事项"]))
    case_id = matters.get(session, matter_id).case_id
    present = {d.code for d in documents.of_case(session, case_id, matter_id)}
    for code in params["文书代码"]:
        if code not in present:
            _draft(session, context, matter_id, str(code), params)
    return {}


@operations.inside("documents.draft", title="拟制文书", params=_DRAFTED, results=())
def draft(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """One more draft of this kind, also where the matter has one: a notice for each bank."""
    _draft(session, context, UUID(str(params["事项"])), str(params["文书代码"]), params)
    return {}


def _draft(
    session: db.Session, context: Context, matter_id: UUID, code: str, params: Mapping[str, Any]
) -> None:
    case = cases.get(session, matters.get(session, matter_id).case_id)
    entries = params.get("内容")
    drafting.draft(
        session,
        case,
        matter_id,
        code,
        actor=context.actor,
        author_id=None,
        facts=params.get("审批事实"),
        entries=entries if isinstance(entries, Mapping) else {},
    )


@operations.inside("documents.void", title="文书作废")
def void(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    document_id = UUID(str(params["文书"]))
    documents.change(session, document_id, state="void")
    # The others may all be signed by now.
    matter_news.signed(session, context, documents.get(session, document_id).matter_id)
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
