"""浏览总卷, 浏览分表, 上传材料 and 文书打印."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import blobs, db
from engine.casefile.document import catalogue, dossier_view, scans
from engine.casefile.document.dossier_view import UploadIncomplete
from engine.documents import merge
from webui import case_pages, security, stored_files

blueprint = Blueprint("dossier", __name__, url_prefix="/cases")


@blueprint.get("/<uuid:case_id>/dossier")
@security.requires()
def show(case_id: UUID) -> str:
    item_id = request.args.get("item", type=UUID)
    found = db.read_only(dossier_view.show, security.viewer(), case_id, item_id)
    case_pages.stand_at(found.head.case)
    return render_template("dossier/show.html", dossier=found, names=catalogue.VOLUMES)


@blueprint.get("/<uuid:case_id>/matters/<key>/view")
@security.requires()
def matter_view(case_id: UUID, key: str) -> str:
    """浏览分表."""
    document_id = request.args.get("document", type=UUID)
    found = db.read_only(dossier_view.matter_view, security.viewer(), case_id, key, document_id)
    case_pages.stand_at(found.head.case)
    return render_template("dossier/matter.html", view=found)


# ---------------------------------------------------------------- files


@blueprint.get("/<uuid:case_id>/dossier/<uuid:item_id>.pdf")
@security.requires()
def item_pdf(case_id: UUID, item_id: UUID) -> Response:
    """An item's pages; a signed document byte for byte."""
    item = db.read_only(dossier_view.item, security.viewer(), case_id, item_id)
    pdf = dossier_view.pages_of(item)
    return stored_files.send(pdf, f"{item.title}.pdf", etag=item.blob)


@blueprint.get("/<uuid:case_id>/dossier.pdf")
@security.requires()
def whole_pdf(case_id: UUID) -> Response:
    """The whole dossier as one file with catalogue and page numbers, for printing and taking away."""
    case, items = db.read_only(dossier_view.items, security.viewer(), case_id)
    pdf = merge.dossier([(item.title, dossier_view.pages_of(item)) for item in items])
    return stored_files.send(
        pdf, f"{case.case_no}电子卷宗.pdf", download=request.args.get("download") == "1"
    )


@blueprint.post("/<uuid:case_id>/print")
@security.requires()
def print_documents(case_id: UUID) -> Response:
    """文书打印: noted in the audit, then shown by the browser, which prints it."""
    ids = request.form.getlist("row", type=UUID)
    chosen = db.in_transaction(dossier_view.note_print, security.viewer(), case_id, ids)
    return redirect(url_for(".printed_pdf", case_id=case_id, document=chosen), 303)


@blueprint.get("/<uuid:case_id>/print.pdf")
@security.requires()
def printed_pdf(case_id: UUID) -> Response:
    """Signed documents as they are on paper, unsigned ones marked 草稿."""
    ids = request.args.getlist("document", type=UUID)
    chosen = db.read_only(dossier_view.printed, security.viewer(), case_id, ids)
    files = [
        (
            document.name,
            blobs.get(document.court_id, document.blob)
            if document.blob
            else stored_files.draft_pdf(content),
        )
        for document, content in chosen
    ]
    return stored_files.send(merge.dossier(files, catalogue=False), "文书打印.pdf")


# ---------------------------------------------------------------- 上传材料


@blueprint.get("/<uuid:case_id>/dossier/upload")
@security.requires()
def upload_form(case_id: UUID) -> str:
    return _form(case_id, request.args.to_dict(), {})


def _form(case_id: UUID, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    head, matters, volumes = db.read_only(dossier_view.matter_choices, security.viewer(), case_id)
    case_pages.stand_at(head.case)
    return render_template(
        "dossier/upload.html",
        head=head,
        matters=matters,
        items={volume: catalogue.ITEMS[volume] for volume in volumes},
        names=catalogue.VOLUMES,
        typed=typed,
        errors=errors,
    )


@blueprint.post("/<uuid:case_id>/dossier")
@security.requires()
def upload(case_id: UUID) -> Response:
    typed = request.form.to_dict()
    given = request.files.get("file")
    content = given.read() if given else b""
    try:
        case, _, _, title = db.read_only(dossier_view.target, security.viewer(), case_id, typed)
        examined = scans.examine(content)
    except UploadIncomplete as error:
        return make_response(_form(case_id, typed, error.problems), 422)
    except scans.UploadRefused as error:
        return make_response(_form(case_id, typed, {"file": str(error)}), 422)
    # On disk before the row that names it commits.
    blob = blobs.put(case.court_id, content)
    item_id = db.in_transaction(dossier_view.add, security.viewer(), case_id, typed, blob, examined)
    flash(f"《{title}》已入卷")
    return redirect(url_for(".show", case_id=case_id, item=item_id), 303)
