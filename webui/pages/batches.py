"""The result of 一键签章并送达, 一键签章, 一键送达: per document and addressee, until nothing moves by itself."""

from uuid import UUID

from flask import Blueprint, render_template

from engine import db
from engine.casefile.document import batch_progress
from webui import case_pages, security

blueprint = Blueprint("batches", __name__, url_prefix="/batches")


@blueprint.get("/<uuid:batch_id>")
@security.requires()
def show(batch_id: UUID) -> str:
    progress = db.read_only(batch_progress.progress, security.viewer(), batch_id)
    case_pages.stand_at(progress.head.case)
    return render_template("batches/show.html", progress=progress)


@blueprint.get("/<uuid:batch_id>/progress")
@security.requires()
def results(batch_id: UUID) -> str:
    """The part that refreshes itself."""
    progress = db.read_only(batch_progress.progress, security.viewer(), batch_id)
    return render_template("batches/_results.html", progress=progress)
