"""送达: the times of every delivery as separate facts, and where the clerk enters what came of it."""

from uuid import UUID

from flask import Blueprint, render_template, request

from engine import db
from engine.casefile import delivery_desk
from webui import case_pages, security

blueprint = Blueprint("deliveries", __name__, url_prefix="/cases")


@blueprint.get("/<uuid:case_id>/deliveries")
@security.requires()
def show(case_id: UUID) -> str:
    scope = request.args.get("scope", "all")
    if scope not in delivery_desk.SCOPES:
        scope = "all"
    desk = db.read_only(delivery_desk.desk, security.viewer(), case_id, scope)
    case_pages.stand_at(desk.head.case)
    return render_template("deliveries/show.html", desk=desk)
