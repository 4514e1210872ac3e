"""文书制作: a draft from a template and the case; editing its text; what the viewer shows before signing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from engine import db
from engine.audit import Actor
from engine.casefile import rulebook
from engine.casefile.case.cases import Case
from engine.casefile.design import shared_files
from engine.casefile.document import document_data, documents
from engine.casefile.document.documents import Document
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.documents import template as templates
from engine.errors import EngineError
from engine.process import values
from engine.process.jobs import JOB

TEMPLATES = "documents/templates/"
#: Variable of a matter's process with what the approval table asks for, by its English names.
FACTS = "审批事实"


#: The operation that signs and seals.
SIGN = "documents.sign"


class DocumentAtTheSeal(documents.DocumentFrozen):
    """文书正在签章，您填写的内容没有保存，请待签章结束后再处理"""

    code = "document_at_the_seal"


class BodyEmpty(EngineError):
    """正文不能为空"""

    code = "body_empty"


class NoTemplate(EngineError):
    """没有这种文书的模板，请联系流程设计人员"""

    code = "no_template"


def available(
    session: db.Session, court_id: UUID, codes: Sequence[str]
) -> list[templates.Template]:
    """Templates in force for these codes, in their order; a code without a template is left out."""
    found = shared_files.in_force(session, court_id, TEMPLATES)
    paths = [f"{TEMPLATES}{code}.wen" for code in codes]
    return [templates.read(found[path].text) for path in paths if path in found]


def draft(
    session: db.Session,
    case: Case,
    matter_id: UUID,
    code: str,
    *,
    actor: Actor,
    author_id: UUID | None,
    facts: Mapping[str, Any] | None = None,
    entries: Mapping[str, Any] | None = None,
) -> UUID:
    """A new document of this kind, filled from the case file; its approval chain from the deployed table.

    ``facts`` is what that table asks for (amount, term_days …). ``entries`` is what templates read as
    ``事项``; without it, what was filled in so far in the matter's own process.
    """
    path = f"{TEMPLATES}{code}.wen"
    file = shared_files.in_force(session, case.court_id, path).get(path)
    if file is None:
        raise NoTemplate(code)
    template = templates.read(file.text)
    if entries is None:
        entries = document_data.filled_in(session, matter_id)
        facts = facts or entries.get(FACTS)
    data = {**document_data.collect(session, case), "事项": dict(entries)}
    content = templates.render(template, data)
    approval = rulebook.approval(session, case.court_id, code, facts)
    return documents.add(
        session,
        case,
        matter_id,
        content,
        code=code,
        name=template.title,
        volume=template.header.volume,
        item=int(template.header.item.removeprefix("S")),
        recipients=template.header.recipients,
        chain=approval.chain,
        mark=approval.mark,
        facts=values.to_json(facts or {}),
        template=f"{path}@{file.version}:{file.digest[:16]}",
        actor=actor,
        author_id=author_id,
    )


def body_text(content: Mapping[str, Any]) -> str:
    """The body's paragraphs and headings as plain lines for the editor; tables stay where they are."""
    lines = []
    for block in content["body"]:
        if block["type"] == "paragraph":
            lines.append("".join(run["text"] for run in block["runs"]))
        elif block["type"] == "heading":
            lines.append("## " + block["text"])
        else:
            lines.append(_TABLE)
    return "\n".join(lines)


#: Stands for a table in the editor; what is typed in its place moves or removes the table.
_TABLE = "〔表格〕"


def with_body(content: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The content with its body as typed: a line is a paragraph, ``## `` a heading, 〔表格〕 the next table."""
    tables = [block for block in content["body"] if block["type"] == "table"]
    first = next((b for b in content["body"] if b["type"] == "paragraph"), None)
    body: list[dict[str, Any]] = []
    for line in (piece.strip() for piece in text.splitlines()):
        if line == _TABLE:
            if tables:
                body.append(tables.pop(0))
        elif line.startswith("## "):
            body.append({"type": "heading", "text": line.removeprefix("## ").strip()})
        elif line:
            # The line that names the addressee keeps its place at the margin.
            indent = not (first and not first["indent"] and not body)
            body.append({"type": "paragraph", "runs": [{"text": line}], "indent": indent})
    if not body:
        raise BodyEmpty
    return {**content, "body": body}


def edit(
    session: db.Session, viewer: User, document_id: UUID, text: str, *, seen_version: int
) -> Document:
    """Saves the typed body as a new version; who may work on the case may edit its drafts."""
    found = documents.get(session, document_id)
    access.must_work(viewer, access.case(session, viewer, found.case_id, lock=True))
    _must_not_be_at_the_seal(session, found)
    changed = with_body(documents.content(session, found), text)
    documents.save(session, document_id, changed, seen_version=seen_version, author_id=viewer.id)
    return documents.get(session, document_id)


def _must_not_be_at_the_seal(session: db.Session, found: Document) -> None:
    """While its content lies before the signer it stays as it is. The case is locked, so no job is added.

    A job that nobody has begun waits for this edit (its row is locked) and refuses to sign the new text.
    """
    begun = session.scalar(
        select(or_(JOB.c.state.in_(("running", "held")), JOB.c.ending.is_not(None)))
        .where(JOB.c.instance_id == found.instance_id, JOB.c.operation == SIGN)
        .with_for_update()
    )
    if begun:
        raise DocumentAtTheSeal
