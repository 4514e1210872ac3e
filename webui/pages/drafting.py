"""文书制作: choosing a template, editing a draft beside its pages, and the files of a document."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import blobs, db
from engine.casefile.document import document_desk, documents, drafting, previews
from engine.errors import EngineError, NotFound
from webui import case_pages, security, stored_files

blueprint = Blueprint("drafting", __name__)

ERRORS = {
    "document_changed": 409,
    "document_frozen": 409,
    "matter_not_open": 409,
    "preview_too_slow": 503,
}


@blueprint.get("/cases/<uuid:case_id>/documents/new")
@security.requires()
def new(case_id: UUID) -> str:
    key, code = request.args.get("matter", ""), request.args.get("code", "")
    offer = db.read_only(document_desk.offer, security.viewer(), case_id, key, code)
    case_pages.stand_at(offer.head.case)
    return render_template("drafting/new.html", offer=offer)


@blueprint.post("/cases/<uuid:case_id>/documents")
@security.requires()
def create(case_id: UUID) -> Response:
    key, code = request.form.get("matter", ""), request.form.get("code", "")
    document_id = db.in_transaction(document_desk.create, security.viewer(), case_id, key, code)
    return redirect(url_for(".show", document_id=document_id), 303)


@blueprint.get("/documents/<uuid:document_id>")
@security.requires()
def show(document_id: UUID) -> str:
    return _page(document_id)


def _page(document_id: UUID, **more: Any) -> str:
    page = db.read_only(document_desk.page, security.viewer(), document_id)
    case_pages.stand_at(page.head.case)
    usual = {"typed": page.text, "seen": page.document.version, "refused": "", "reason": ""}
    template = "drafting/edit.html" if page.can_edit else "drafting/read.html"
    return render_template(template, page=page, **(usual | more))


@blueprint.post("/documents/<uuid:document_id>")
@security.requires()
def save(document_id: UUID) -> Response:
    """暂存, 完成制作."""
    typed = request.form.get("text", "")
    seen = request.form.get("seen_version", type=int) or 0
    try:
        saved = db.in_transaction(
            drafting.edit, security.viewer(), document_id, typed, seen_version=seen
        )
    except (documents.DocumentChanged, documents.DocumentFrozen, drafting.BodyEmpty) as error:
        return _refused(document_id, error, typed, seen)
    flash(f"已暂存第{saved.version}稿")
    if request.form.get("then") == "matter":
        return redirect(_matter_url(document_id), 303)
    return redirect(url_for(".show", document_id=document_id), 303)


def _refused(document_id: UUID, error: EngineError, typed: str, seen: int) -> Response:
    """The page again with what was typed; after a lost race the next 暂存 is on the present version."""
    if isinstance(error, drafting.BodyEmpty):
        return make_response(_page(document_id, typed=typed, seen=seen, refused=str(error)), 422)
    return make_response(_page(document_id, typed=typed, refused=str(error)), 409)


def _matter_url(document_id: UUID) -> str:
    page = db.read_only(document_desk.page, security.viewer(), document_id)
    return url_for("matters.show", case_id=page.document.case_id, matter=page.matter.key)


@blueprint.post("/documents/<uuid:document_id>/void")
@security.requires()
def void(document_id: UUID) -> Response:
    """作废."""
    reason = request.form.get("reason", "")
    try:
        db.in_transaction(document_desk.void, security.viewer(), document_id, reason)
    except document_desk.ReasonMissing as error:
        return make_response(_page(document_id, refused=str(error), reason=reason), 422)
    flash("文书已作废")
    return redirect(_matter_url(document_id), 303)


# ---------------------------------------------------------------- previews and files


@blueprint.get("/documents/<uuid:document_id>/preview")
@security.requires()
def preview(document_id: UUID) -> str:
    """The pane beside the list of documents."""
    shown = db.read_only(previews.html, security.viewer(), document_id)
    return render_template("matters/_preview.html", preview=shown)


@blueprint.post("/documents/<uuid:document_id>/preview")
@security.requires()
def preview_typed(document_id: UUID) -> str:
    """What is being typed, as it would look."""
    text = request.form.get("text", "")
    try:
        shown = db.read_only(document_desk.typed, security.viewer(), document_id, text)
    except drafting.BodyEmpty as error:
        return render_template("drafting/_paper.html", html="", problem=str(error))
    return render_template("drafting/_paper.html", html=shown.html, problem="")


@blueprint.get("/documents/<uuid:document_id>/versions/<int:number>")
@security.requires()
def version(document_id: UUID, number: int) -> str:
    document, found, html = db.read_only(
        document_desk.version, security.viewer(), document_id, number
    )
    return render_template("drafting/version.html", document=document, version=found, html=html)


@blueprint.get("/documents/<uuid:document_id>/preview.pdf")
@security.requires()
def preview_pdf(document_id: UUID) -> Response:
    """Unsigned, each page marked 草稿."""
    document, content = db.read_only(previews.draft_content, security.viewer(), document_id)
    pdf = stored_files.draft_pdf(content)
    return stored_files.send(pdf, f"{document.name}（草稿）.pdf", etag=document.content_hash)


@blueprint.get("/documents/<uuid:document_id>/file.pdf")
@security.requires()
def file_pdf(document_id: UUID) -> Response:
    """As it was signed and sealed."""
    document = db.read_only(previews.readable, security.viewer(), document_id)
    if document.blob is None:
        raise NotFound(document.name)
    content = blobs.get(document.court_id, document.blob)
    return stored_files.send(content, f"{document.name}.pdf", etag=document.blob)
