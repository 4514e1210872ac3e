"""文书制作: choosing a template, the page of one document with its versions, 暂存 and 作废."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from engine import audit, db
from engine.audit import Actor
from engine.casefile import rulebook
from engine.casefile.case import case_heads
from engine.casefile.case.case_heads import Head
from engine.casefile.design import shared_files
from engine.casefile.document import document_data, document_progress, documents, drafting, previews
from engine.casefile.document.document_progress import Progress
from engine.casefile.document.documents import EDITABLE, VERSION, Document, DocumentFrozen
from engine.casefile.matter import matters
from engine.casefile.matter.matter_desk import Choice, rows
from engine.casefile.matter.matters import MatterType
from engine.casefile.party import parties
from engine.casefile.people import access
from engine.casefile.people.users import USER, User
from engine.documents import layout
from engine.documents import template as templates
from engine.errors import EngineError, NotFound
from engine.process import tasks

#: The user task of ``document_flow`` that a draft waits at; completing it by hand voids the draft.
ISSUE = "issue_document"
LONGEST_REASON = 500


class MatterNotOpen(EngineError):
    """该事项还没有发起或者已经办结，请先发起事项再制作文书"""

    code = "matter_not_open"


class ReasonMissing(EngineError):
    """请填写作废原因"""

    code = "reason_missing"


@dataclass(frozen=True)
class Version:
    number: int
    author: str
    at: datetime


@dataclass(frozen=True)
class Page:
    """One document as its page shows it."""

    head: Head
    document: Document
    matter: MatterType
    text: str
    html: str
    versions: Sequence[Version]
    progress: Progress
    choices: Sequence[Choice]
    #: The latest submission for approval, if there was any.
    approval_id: UUID | None
    can_edit: bool
    can_void: bool


@dataclass(frozen=True)
class Offer:
    """What can be made in a matter, and how the chosen kind would look."""

    head: Head
    matter: MatterType
    templates: Sequence[templates.Template]
    code: str
    html: str
    #: Why the chosen kind cannot be made yet; a sentence.
    problem: str
    #: Kinds of which the matter holds a document already.
    present: frozenset[str]


def page(session: db.Session, viewer: User, document_id: UUID) -> Page:
    found = previews.readable(session, viewer, document_id)
    head = case_heads.head(session, viewer, found.case_id)
    matter = matters.get(session, found.matter_id)
    content = documents.content(session, found)
    row = rows(session, [found], parties.of_case(session, found.case_id))[0]
    works = access.can_work(viewer, head.case)
    return Page(
        head=head,
        document=found,
        matter=matters.type_of(session, found.court_id, matter.type_key),
        text=drafting.body_text(content),
        html=layout.to_html(content),  # type: ignore[arg-type]
        versions=versions(session, document_id),
        progress=row.progress,
        choices=row.choices,
        approval_id=row.approval_id,
        can_edit=works and found.state in EDITABLE and row.progress.code != "signing",
        can_void=works and found.state in EDITABLE and row.progress.code != "signing",
    )


def versions(session: db.Session, document_id: UUID) -> list[Version]:
    """Newest first; made by nobody: drafted by the process itself."""
    found = session.execute(
        select(VERSION.c.number, USER.c.name, VERSION.c.at)
        .outerjoin(USER, USER.c.id == VERSION.c.author_id)
        .where(VERSION.c.document_id == document_id)
        .order_by(VERSION.c.number.desc())
    )
    return [Version(row.number, row.name or audit.SYSTEM.name, row.at) for row in found]


def version(
    session: db.Session, viewer: User, document_id: UUID, number: int
) -> tuple[Document, Version, str]:
    """(document, version, its text as HTML)."""
    found = previews.readable(session, viewer, document_id)
    content = session.scalar(
        select(VERSION.c.content).where(
            VERSION.c.document_id == document_id, VERSION.c.number == number
        )
    )
    if content is None:
        raise NotFound(str(number))
    listed = {one.number: one for one in versions(session, document_id)}
    return found, listed[number], layout.to_html(content)


def typed(session: db.Session, viewer: User, document_id: UUID, text: str) -> previews.Shown:
    """How the document would look with this body, without saving it."""
    found = previews.readable(session, viewer, document_id)
    content = drafting.with_body(documents.content(session, found), text)
    return previews.Shown(found, layout.to_html(content))  # type: ignore[arg-type]


def offer(session: db.Session, viewer: User, case_id: UUID, key: str, code: str = "") -> Offer:
    """Without ``code`` the first kind of which the matter has none yet."""
    head = case_heads.head(session, viewer, case_id)
    access.must_work(viewer, head.case)
    matter = _open_matter(session, case_id, key)
    kind = matters.type_of(session, head.case.court_id, key)
    offered = drafting.available(session, head.case.court_id, kind.documents)
    present = frozenset(d.code for d in documents.of_case(session, case_id, matter.id))
    codes = [one.header.code for one in offered]
    fresh = [one for one in codes if one not in present]
    chosen = code if code in codes else next(iter(fresh or codes), "")
    html, problem = _as_it_would_be(session, head, matter.id, chosen) if chosen else ("", "")
    return Offer(head, kind, offered, chosen, html, problem, present)


def _as_it_would_be(session: db.Session, head: Head, matter_id: UUID, code: str) -> tuple[str, str]:
    """(HTML, ""), or ("", why it cannot be made yet)."""
    path = f"{drafting.TEMPLATES}{code}.wen"
    file = shared_files.get(session, head.case.court_id, path)
    entries = document_data.filled_in(session, matter_id)
    data = {**document_data.collect(session, head.case), "事项": dict(entries)}
    try:
        rulebook.approval(session, head.case.court_id, code, entries.get(drafting.FACTS))
        return layout.to_html(templates.render(templates.read(file.text), data)), ""
    except EngineError as error:
        return "", str(error)


def _open_matter(session: db.Session, case_id: UUID, key: str) -> matters.Matter:
    matter = matters.open_of_type(session, case_id, key)
    if matter is None:
        raise MatterNotOpen
    return matter


def create(session: db.Session, viewer: User, case_id: UUID, key: str, code: str) -> UUID:
    """A draft of this kind in the matter that runs."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    matter = _open_matter(session, case_id, key)
    kind = matters.type_of(session, case.court_id, key)
    if code not in kind.documents:
        raise NotFound(code)
    return drafting.draft(session, case, matter.id, code, actor=viewer.actor, author_id=viewer.id)


def void(session: db.Session, viewer: User, document_id: UUID, reason: str) -> Document:
    """作废: the draft's own process ends; the reason stays with it and in the audit."""
    found = documents.get(session, document_id)
    case = access.case(session, viewer, found.case_id, lock=True)
    access.must_work(viewer, case)
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    if len(reason) > LONGEST_REASON:
        raise ReasonMissing(f"不能超过{LONGEST_REASON}字")
    if found.state not in EDITABLE or _is_being_signed(session, found):
        raise DocumentFrozen
    _end(session, found, reason, viewer.actor)
    return documents.get(session, document_id)


def void_drafts(session: db.Session, case_id: UUID, matter_id: UUID, *, actor: Actor) -> None:
    """作废 of whatever is still a draft of a matter that came to nothing."""
    for found in documents.of_case(session, case_id, matter_id):
        if found.state in EDITABLE and not _is_being_signed(session, found):
            _end(session, found, "事项已经终止", actor)


def _end(session: db.Session, found: Document, reason: str, actor: Actor) -> None:
    task = tasks.find_open(session, found.case_id, ISSUE, instance_id=found.instance_id)
    tasks.complete(session, task.id, {"处理": "作废", "作废原因": reason}, actor=actor)
    documents.change(session, found.id, problem=f"作废原因：{reason}")


def _is_being_signed(session: db.Session, found: Document) -> bool:
    return document_progress.of_documents(session, [found])[found.id].code == "signing"
