"""延期申请 as its two pages need it: asking from a task, and answering for the next office."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine import db
from engine.casefile.approval import approval_chains, approvals, level_extensions, opinions
from engine.casefile.approval.approvals import Approval
from engine.casefile.approval.level_extensions import Extension
from engine.casefile.case import case_heads
from engine.casefile.case.case_heads import Head
from engine.casefile.document import documents
from engine.casefile.document.documents import Document
from engine.casefile.people import access
from engine.casefile.people.users import User


@dataclass(frozen=True)
class Asking:
    task_id: UUID
    head: Head
    document: Document
    due_at: datetime | None
    #: Level and person that will answer.
    next_level: str
    decider: str


@dataclass(frozen=True)
class Deciding:
    extension: Extension
    head: Head
    document: Document
    approval: Approval
    #: The level that asks.
    level: str


def asking(session: db.Session, viewer: User, task_id: UUID) -> Asking:
    """``TaskClosed`` when the task is not the viewer's, ``NoNextOffice`` at the last level."""
    task = opinions.held(session, viewer, task_id)
    found = approvals.of_instance(session, task.instance_id)
    following = found.chain[found.level + 1 : found.level + 2]
    people = [p for level in following for p in level["persons"] if p["id"] != str(viewer.id)]
    if not people:
        raise level_extensions.NoNextOffice
    case = access.case(session, viewer, found.case_id)
    return Asking(
        task_id=task_id,
        head=case_heads.of(session, viewer, case),
        document=documents.get(session, found.document_id),
        due_at=task.due_at,
        next_level=approval_chains.NAMES[following[0]["code"]],
        decider=people[0]["name"],
    )


def deciding(session: db.Session, viewer: User, extension_id: UUID) -> Deciding:
    """For the person of the next office alone, else ``NotFound``."""
    extension = level_extensions.to_decide(session, viewer, extension_id)
    found = approvals.get(session, extension.approval_id)
    case = access.case(session, viewer, found.case_id)
    level = found.chain[found.level]["code"]
    return Deciding(
        extension=extension,
        head=case_heads.of(session, viewer, case),
        document=documents.get(session, found.document_id),
        approval=found,
        level=approval_chains.NAMES[level],
    )
