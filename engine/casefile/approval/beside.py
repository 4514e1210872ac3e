"""What stands beside a decision: opinions asked for, copies to read, reminders; for the pages of an approval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine import clock, db
from engine.casefile.approval import (
    approvals,
    circulations,
    level_extensions,
    level_times,
    opinions,
    reminders,
)
from engine.casefile.approval.approvals import Approval
from engine.casefile.approval.circulations import Circulation
from engine.casefile.approval.level_extensions import Extension
from engine.casefile.approval.opinions import Opinion
from engine.casefile.approval.reminders import Reminded
from engine.casefile.case import desk
from engine.casefile.document import documents
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.process.tasks import Task


@dataclass(frozen=True)
class Beside:
    approval_id: UUID
    document_id: UUID
    opinions: Sequence[Opinion]
    circulations: Sequence[Circulation]
    extensions: Sequence[Extension]
    #: Of the viewer's own task.
    due_at: datetime | None
    #: Whether 延期申请 is offered from it.
    may_extend: bool
    #: Of the level that decides now.
    reminded: Reminded | None
    #: The viewer's own open task of this submission, from which he may ask.
    task_id: UUID | None
    may_circulate: bool
    #: Whether 催办 is offered, and why it cannot be pressed; a sentence.
    may_remind: bool
    why_not_remind: str

    @property
    def is_waiting(self) -> bool:
        """等待意见."""
        return any(one.state == "open" for one in self.opinions)

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at < clock.now()


def of_approval(session: db.Session, viewer: User, approval_id: UUID) -> Beside:
    """For who may read the submission; the caller has asked."""
    found = approvals.get(session, approval_id)
    case = access.case(session, viewer, found.case_id)
    document = documents.get(session, found.document_id)
    waiting = reminders.level_tasks(session, found) if found.state == "running" else []
    mine = [task for task in waiting if desk.is_mine(session, viewer, task.id)]
    reminded = reminders.of_tasks(session, found.court_id, [task.id for task in waiting])
    lately = [one for one in reminded.values() if one.must_wait]
    others = [task for task in waiting if task not in mine]
    may_remind = bool(others) and reminders.may_remind(viewer, case, found.submitted_by)
    extended = level_extensions.of_approval(session, approval_id)
    last = max(reminded.values(), key=lambda one: one.last_at, default=None)
    return Beside(
        approval_id=approval_id,
        document_id=document.id,
        opinions=[
            one
            for one in opinions.of_approval(session, approval_id)
            if not _is_hidden(viewer, found, waiting, one)
        ],
        circulations=circulations.of_document(session, document.id),
        extensions=extended,
        due_at=mine[0].due_at if mine else None,
        may_extend=bool(
            mine
            and set(level_times.next_office(found)) - {viewer.id}
            and not any(one.state == "open" and one.task_id == mine[0].id for one in extended)
        ),
        reminded=last,
        task_id=mine[0].id if mine else None,
        may_circulate=circulations.may_send(session, viewer, case, document),
        may_remind=may_remind,
        why_not_remind=reminders.wait_words(lately) if len(lately) >= len(others) > 0 else "",
    )


def _is_hidden(viewer: User, found: Approval, waiting: Sequence[Task], one: Opinion) -> bool:
    """What a member of the panel asks tells of his view; the others read it when all have voted (R4)."""
    is_voting = bool(waiting) and found.chain[found.level]["kind"] == "VOTE"
    now = is_voting and one.asked_at >= min(task.opened_at for task in waiting)
    return now and viewer.id not in (one.asked_by, one.asked_id)
