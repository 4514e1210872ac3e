"""Signing and sealing (签章): the judge's signature and the court's seal on the frozen content.

Approval state and content hash are checked when the job reads and again when it records; the click
alone signs nothing. What cannot be signed ends as SIGN_REFUSED with a sentence for the drafter.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine import blobs, clock, config, db
from engine.casefile.case import cases
from engine.casefile.document import documents, dossier
from engine.casefile.people import courts, users
from engine.documents import layout, pki, signature
from engine.documents.fonts import FontsMissing
from engine.errors import EngineError
from engine.process import operations
from engine.process.operations import BpmnError, Context
from handlers import matter_news


def _read(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    document = documents.get(session, UUID(str(params["文书"])))
    if document.content_hash != params["正文校验值"]:
        raise BpmnError("SIGN_REFUSED", {"原因": "正文在签章前被修改，请核对后重新签章"})
    if not document.may_be_signed:
        raise BpmnError("SIGN_REFUSED", {"原因": "文书尚未批准，不能签章"})
    judge = users.get(session, UUID(str(params["签署人"])))
    return {
        "document": str(document.id),
        "court_id": str(document.court_id),
        "court": courts.get(session, document.court_id).name,
        "content": documents.content(session, document),
        "hash": document.content_hash,
        "judge": judge.name,
        "judge_id": str(judge.id),
        "at": clock.now().isoformat(),
    }


def _record(session: db.Session, context: Context, result: Mapping[str, Any]) -> None:
    """The document is signed and stands in the dossier; both or neither."""
    document = documents.lock(session, UUID(str(result["文书"])))
    if document.content_hash != result["正文校验值"] or not document.may_be_signed:
        raise operations.PermanentError("文书在签章过程中发生变化，已签文件没有采用")
    documents.change(
        session,
        document.id,
        state="signed",
        blob=result["文件"],
        pages=int(result["页数"]),
        signed_at=context.now,
        signed_by=UUID(str(result["签署人"])),
        problem="",
    )
    case = cases.get(session, document.case_id)
    dossier.add(
        session,
        document.court_id,
        document.case_id,
        volume=document.volume,
        item=document.item,
        title=document.name,
        source="document",
        blob=str(result["文件"]),
        pages=int(result["页数"]),
        document_id=document.id,
        matter_id=document.matter_id,
        # In the dossier of the stay in which it is signed.
        stage_entry_id=case.stage_entry_id or document.stage_entry_id,
    )
    matter_news.signed(session, context, document.matter_id)
    # The others may have been delivered before this one was signed.
    matter_news.delivered(session, context, document.matter_id)


@operations.outside(
    "documents.sign",
    title="签名并加盖院印",
    read=_read,
    record=_record,
    timeout=timedelta(minutes=2),
)
def sign(inputs: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Lays the content out, signs and seals it, stores the file; a repeated call may make another file of equal right."""
    at = datetime.fromisoformat(str(inputs["at"]))
    court_id = UUID(str(inputs["court_id"]))
    try:
        laid = layout.to_pdf(inputs["content"], issued_at=at)
    except FontsMissing:
        raise  # the installation's fault, not the text's: for the operator
    except EngineError as error:
        raise BpmnError("SIGN_REFUSED", {"原因": str(error)}) from error
    authority = pki.load(config.data_dir() / "pki" / str(court_id))
    judge = pki.judge(authority, str(inputs["judge_id"]), str(inputs["judge"]))
    try:
        signed = signature.sign(laid.pdf, laid.anchors, judge, pki.court_seal(authority), at=at)
    except (signature.NoSealPlace, signature.SealOverlaps, signature.SignerNotNamed) as error:
        raise BpmnError("SIGN_REFUSED", {"原因": str(error)}) from error
    return {
        "文书": inputs["document"],
        "正文校验值": inputs["hash"],
        "签署人": inputs["judge_id"],
        "文件": blobs.put(court_id, signed),
        "页数": laid.pages,
    }
