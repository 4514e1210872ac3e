"""The editor of document templates, with the document of an invented case beside the text."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from engine import db
from engine.casefile.design import designs
from engine.casefile.document import template_samples
from engine.casefile.people.users import User
from engine.documents import layout
from engine.documents import template as templates
from engine.errors import EngineError
from webui import design_frame, security
from webui.design_frame import Opened

blueprint = Blueprint("design_templates", __name__, url_prefix="/designs")


@dataclass(frozen=True)
class Preview:
    #: HTML with every text escaped; empty while something is wrong.
    html: str
    #: (line, sentence); line 0: not of one line.
    faults: list[tuple[int, str]]


@blueprint.get("/<path:subject>/template")
@security.requires("designer")
def show(subject: str) -> str:
    design_frame.place()
    viewer = security.viewer()
    page, fields = db.read_only(_opened, viewer, subject)
    preview = db.read_only(_preview, viewer, page.file.text)
    return render_template("designs/template.html", page=page, fields=fields, preview=preview)


def _opened(session: db.Session, viewer: User, subject: str) -> tuple[Opened, list[str]]:
    page = design_frame.opened(session, viewer, subject)
    return page, _fields(dict(template_samples.data(session, viewer.court_id)))


def _fields(data: object, prefix: str = "") -> list[str]:
    """Every field that a template may read, as it is written there."""
    if isinstance(data, dict):
        return [
            found
            for name, inner in data.items()
            for found in _fields(inner, f"{prefix}.{name}" if prefix else str(name))
        ]
    if isinstance(data, list):
        return _fields(data[0], f"{prefix}[]") if data else []
    return [prefix]


@blueprint.post("/<path:subject>/template/preview")
@security.requires("designer")
def preview(subject: str) -> str:
    """The document for the text as it is being typed; nothing is stored."""
    text = request.form.get("text", "")
    shown = db.read_only(_preview, security.viewer(), text)
    return render_template("designs/_template_preview.html", preview=shown)


def _preview(session: db.Session, viewer: User, text: str) -> Preview:
    designs.must_design(viewer)
    text = text.replace("\r\n", "\n")
    found = templates.findings(text)
    if found:
        return Preview("", [(each.line, each.sentence) for each in found])
    try:
        data = template_samples.data(session, viewer.court_id)
        document = templates.render(templates.read(text), data)
        return Preview(layout.to_html(document), [])
    except EngineError as error:
        return Preview("", [(0, str(error))])
