"""What every editor of designs shows around its file: the draft, who changed it, what the check says."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import g, make_response, url_for
from werkzeug.wrappers import Response

from engine import clock, db
from engine.casefile.design import (
    deploy_requests,
    design_checks,
    design_drafts,
    design_lists,
    designs,
)
from engine.casefile.design.deploy_requests import Request
from engine.casefile.design.design_drafts import Draft, File
from engine.casefile.matter import facts
from engine.casefile.people.users import User
from engine.errors import NotFound
from engine.process import forms
from engine.process.check import Finding
from engine.process.forms import Field

#: bpmn.io's panels and tables have one only.
EDITOR_THEME = "light"
#: View by the ending of the file.
_EDITORS = {
    ".bpmn": "design_editing.diagram",
    ".dmn": "design_tables.show",
    ".form": "design_forms.show",
    ".wen": "design_templates.show",
    ".toml": "design_editing.rules",
}


@dataclass(frozen=True)
class Opened:
    """What every editor shows around its file."""

    subject: str
    name: str
    kind: str
    file: File
    files: list[File]
    draft: Draft | None
    newest: int
    request: Request | None
    #: The last request, if it was sent back and nothing was deployed since.
    returned: Request | None

    @property
    def is_shared(self) -> bool:
        return designs.is_shared(self.subject)


def place() -> None:
    g.place = "designs"


def opened(session: db.Session, viewer: User, subject: str, name: str = "") -> Opened:
    """The file of the draft, or of the newest version; ``NotFound`` without one."""
    designs.must_look(viewer)
    court_id = viewer.court_id
    files = design_drafts.files(session, court_id, subject)
    file = files.get(name or designs.file_of(subject))
    if file is None:
        raise NotFound(name)
    requests = deploy_requests.of_subject(session, court_id, subject)
    last = requests[0] if requests else None
    return Opened(
        subject,
        design_lists.name(session, court_id, subject),
        design_lists.kind_of(subject),
        file,
        list(files.values()),
        design_drafts.find(session, court_id, subject),
        designs.newest_number(session, court_id, subject),
        last if last and last.state == "open" else None,
        last if last and last.state == "returned" else None,
    )


def told(draft: Draft | None) -> str:
    """``10:02 林知夏 保存``."""
    if draft is None:
        return "与现行版本相同"
    at = draft.changed_at.astimezone(clock.COURT_ZONE)
    day = "" if clock.court_day(draft.changed_at) == clock.today() else f"{at:%Y-%m-%d} "
    return f"{day}{at:%H:%M} {draft.changed_by_name} 保存"


def checked(session: db.Session, viewer: User, subject: str) -> list[Finding]:
    """All findings of the draft; their number of errors is kept for the list."""
    texts = design_drafts.texts(session, viewer.court_id, subject)
    found = design_checks.findings(session, viewer.court_id, subject, texts)
    draft = design_drafts.find(session, viewer.court_id, subject)
    if draft is not None:
        errors = sum(f.severity == "error" for f in found)
        if draft.errors != errors:
            design_drafts.note_errors(session, draft.id, draft.revision, errors)
    return found


def as_json(finding: Finding) -> dict[str, str]:
    return {
        "element": finding.element,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "file": finding.file,
    }


def names_for(page: Opened) -> list[tuple[str, str]]:
    """What expressions may name, with what it is: the facts of the case, and fields of the folder's forms."""
    found = [(f"案件.{name}", what) for name, what in facts.names().items()]
    for file in page.files:
        if file.name.endswith(".form"):
            found += [(f.key, f"表单“{file.name}”的{f.label}") for f in _fields(file.text)]
    return found


def _fields(text: str) -> tuple[Field, ...]:
    try:
        return forms.read(text).fields
    except forms.FormRefused:
        return ()


def url_of(subject: str, file: str = "", element: str = "") -> str:
    """The editor of a file; without one that of the diagram or of the shared file itself."""
    file = file or designs.file_of(subject)
    endpoint = _EDITORS.get(PurePosixPath(file).suffix, "design_editing.rules")
    return url_for(endpoint, subject=subject, file=file, element=element or None)


def plain(content: str) -> Response:
    answer = make_response(content)
    answer.mimetype = "text/plain"
    answer.headers["Cache-Control"] = "no-store"
    return answer
