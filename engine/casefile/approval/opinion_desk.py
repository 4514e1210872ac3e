"""征求意见 as its two pages need it: asking from a task, and answering with the document and the question alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine import db
from engine.casefile.approval import approval_desk, approvals, opinions
from engine.casefile.approval.approvals import Approval
from engine.casefile.approval.opinions import Opinion
from engine.casefile.case import case_heads
from engine.casefile.case.case_heads import Head
from engine.casefile.document import documents, dossier_access
from engine.casefile.document.documents import Document
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.documents import layout


@dataclass(frozen=True)
class Asking:
    task_id: UUID
    head: Head
    document: Document
    approval: Approval
    candidates: Sequence[User]
    #: Asked from this task before.
    asked: Sequence[Opinion]


@dataclass(frozen=True)
class Answering:
    opinion: Opinion
    head: Head
    document: Document
    approval: Approval
    #: Of the version that was submitted.
    html: str


def asking(session: db.Session, viewer: User, task_id: UUID) -> Asking:
    """``TaskClosed`` when the task is not the viewer's to decide (any more)."""
    task = opinions.held(session, viewer, task_id)
    found = approvals.of_instance(session, task.instance_id)
    case = access.case(session, viewer, found.case_id)
    return Asking(
        task_id=task_id,
        head=case_heads.of(session, viewer, case),
        document=documents.get(session, found.document_id),
        approval=found,
        candidates=opinions.candidates(session, viewer, task),
        asked=opinions.of_task(session, task_id),
    )


def answering(session: db.Session, viewer: User, opinion_id: UUID) -> Answering:
    """For the asked person alone, else ``NotFound``."""
    opinion = opinions.asked(session, viewer, opinion_id)
    case = access.case(session, viewer, opinion.case_id)
    found = approvals.get(session, opinion.approval_id)
    document = documents.get(session, found.document_id)
    dossier_access.must_read(session, viewer, case, document.volume)
    return Answering(
        opinion=opinion,
        head=case_heads.of(session, viewer, case),
        document=document,
        approval=found,
        html=layout.to_html(approval_desk.content(session, document.id, found.version)),
    )
