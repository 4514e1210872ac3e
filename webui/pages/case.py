"""案件详情: who is in the case, where it stands, its property, documents and all that happened."""

from uuid import UUID

from flask import Blueprint, render_template

from engine import db
from engine.casefile import case_heads
from webui import case_pages, security

blueprint = Blueprint("case", __name__, url_prefix="/cases")
blueprint.record_once(lambda state: case_pages.register(state.app))


@blueprint.get("/<uuid:case_id>")
@security.requires()
def show(case_id: UUID) -> str:
    head = db.read_only(case_heads.head, security.viewer(), case_id)
    case_pages.stand_at(head.case)
    return render_template("case/show.html", head=head)
