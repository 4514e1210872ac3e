"""The diagram editor and what all editors share: drafts are saved, checked, tried; files come and go."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db, dmn, xml
from engine.casefile import labels
from engine.casefile.design import design_beginnings, design_checks, design_drafts, designs
from engine.casefile.design.design_checks import Trial
from engine.casefile.design.design_drafts import Draft, File
from engine.casefile.people.users import User
from engine.errors import EngineError
from engine.process import operations
from engine.process.check import Finding
from engine.process.operations import Inside
from webui import design_frame, security

blueprint = Blueprint("design_editing", __name__, url_prefix="/designs")
blueprint.add_app_template_filter(design_frame.told, "saved_by")
blueprint.add_app_template_global(design_frame.url_of, "editor_url")
blueprint.add_app_template_global(design_frame.names_for, "names_for")


@blueprint.get("/<path:subject>/edit")
@security.requires("designer")
def open_(subject: str) -> Response:
    """The editor that fits the file."""
    file, element = request.args.get("file", ""), request.args.get("element", "")
    return redirect(design_frame.url_of(subject, file, element))


@blueprint.get("/<path:subject>/diagram")
@security.styled_inline
@security.requires("designer")
def diagram(subject: str) -> str:
    design_frame.place()
    page = db.read_only(design_frame.opened, security.viewer(), subject)
    return render_template("designs/diagram.html", page=page, theme=design_frame.EDITOR_THEME)


@blueprint.get("/<path:subject>/rules")
@security.requires("designer")
def rules(subject: str) -> str:
    """Text of rules or of a scenario."""
    design_frame.place()
    file = request.args.get("file", "")
    page = db.read_only(design_frame.opened, security.viewer(), subject, file)
    return render_template("designs/rules.html", page=page)


# ---------------------------------------------------------------- the text of a file


@blueprint.get("/<path:subject>/text")
@security.requires("designer", "deployer")
def text(subject: str) -> Response:
    """The file as it is in the draft."""
    page = db.read_only(
        design_frame.opened, security.viewer(), subject, request.args.get("file", "")
    )
    return design_frame.plain(page.file.text)


@dataclass(frozen=True)
class _Saved:
    file: File
    draft: Draft | None
    findings: list[Finding]


@blueprint.post("/<path:subject>/text")
@security.requires("designer")
def save(subject: str) -> tuple[Response, int] | Response:
    """Stores the body as the file's text and answers with all findings; 409 when another was first."""
    name, seen = request.args.get("file", ""), request.args.get("seen", type=int) or 0
    viewer = security.viewer()
    try:
        saved = db.in_transaction(store, viewer, subject, name, _body(), seen)
    except design_drafts.DraftChanged as changed:
        version = db.read_only(design_frame.opened, viewer, subject, name).file.version
        return jsonify(message=str(changed), version=version), 409
    except EngineError as refused:
        return jsonify(message=str(refused)), 422
    return jsonify(
        version=saved.file.version,
        saved=design_frame.told(saved.draft),
        findings=[design_frame.as_json(f) for f in saved.findings],
    )


def _body() -> str:
    if (request.content_length or 0) > designs.LARGEST * 3:
        raise designs.TooLarge
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise designs.BadText from error


def store(
    session: db.Session, viewer: User, subject: str, name: str, content: str, seen: int
) -> _Saved:
    """Saves and checks in one step, so that the list knows of errors too."""
    file = design_drafts.save(session, viewer, subject, name, content, seen=seen)
    found = design_frame.checked(session, viewer, subject)
    return _Saved(file, design_drafts.find(session, viewer.court_id, subject), found)


# ---------------------------------------------------------------- check and scenarios


@blueprint.get("/<path:subject>/check")
@security.requires("designer")
def check(subject: str) -> Response:
    found = db.in_transaction(design_frame.checked, security.viewer(), subject)
    return jsonify(findings=[design_frame.as_json(f) for f in found])


@blueprint.post("/<path:subject>/scenarios")
@security.requires("designer")
def scenarios(subject: str) -> str:
    trial = db.read_only(_trial, security.viewer(), subject)
    return render_template("designs/_scenarios.html", trial=trial, subject=subject)


def _trial(session: db.Session, viewer: User, subject: str) -> Trial:
    texts = design_drafts.texts(session, viewer.court_id, subject)
    return design_checks.trial(session, viewer.court_id, subject, texts)


# ---------------------------------------------------------------- what the panel may choose from


@blueprint.get("/<path:subject>/choices")
@security.requires("designer")
def choices(subject: str) -> Response:
    page = db.read_only(design_frame.opened, security.viewer(), subject)
    return jsonify(
        operations=[_operation(o) for _, o in sorted(operations.registry().items())],
        roles=list(labels.LANES),
        forms=[f.name for f in page.files if f.name.endswith(".form")],
        decisions=[d for f in page.files if f.name.endswith(".dmn") for d in _decisions(f)],
        groups=list(labels.MATTER_GROUPS.items()),
        stages=list(labels.STAGES.items()),
    )


def _operation(operation: operations.Operation) -> dict[str, Any]:
    return {
        "name": operation.name,
        "title": operation.title,
        "inside": isinstance(operation, Inside),
        "results": operation.results,
        "params": None
        if operation.params is None
        else [
            {"name": p.name, "title": p.title, "type": p.type, "required": p.required}
            for p in operation.params
        ],
    }


def _decisions(file: File) -> list[dict[str, str]]:
    try:
        model = dmn.read(file.text)
    except (xml.XmlRefused, dmn.DmnError):
        return []
    return [{"id": d.id, "name": d.name, "file": file.name} for d in model.decisions]


# ---------------------------------------------------------------- files of the folder


@blueprint.get("/<path:subject>/files/new")
@security.requires("designer")
def new_file(subject: str) -> str:
    sort = request.args.get("sort", "form")
    return render_template(
        "designs/_new_file.html", subject=subject, sort=sort, refusal="", name=""
    )


@blueprint.post("/<path:subject>/files/new")
@security.requires("designer")
def create_file(subject: str) -> Response | tuple[str, int]:
    sort, name = request.form.get("sort", ""), request.form.get("name", "").strip()
    if sort not in design_beginnings.SORTS:
        abort(422)
    file, content = design_beginnings.file(sort, name)
    try:
        db.in_transaction(_create, security.viewer(), subject, file, content)
    except EngineError as refused:
        page = render_template(
            "designs/_new_file.html", subject=subject, sort=sort, refusal=str(refused), name=name
        )
        return page, 422
    return redirect(url_for("design_editing.open_", subject=subject, file=file), 303)


def _create(session: db.Session, viewer: User, subject: str, name: str, content: str) -> None:
    if name in design_drafts.files(session, viewer.court_id, subject):
        raise design_drafts.AlreadyThere(name)
    design_drafts.save(session, viewer, subject, name, content, seen=0)


@blueprint.post("/<path:subject>/files/delete")
@security.requires("designer")
def delete_file(subject: str) -> Response:
    name, seen = request.form.get("file", ""), request.form.get("seen", type=int) or 0
    db.in_transaction(design_drafts.delete_file, security.viewer(), subject, name, seen=seen)
    flash(f"已从草稿中删除 {name}")
    return redirect(url_for("design_editing.open_", subject=subject), 303)
