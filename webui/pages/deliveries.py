"""送达: the times of every delivery as separate facts, and where the clerk enters what came of it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.delivery import delivery_addresses, delivery_desk
from webui import case_pages, security

blueprint = Blueprint("deliveries", __name__, url_prefix="/cases")

ERRORS = {"nothing_to_send_again": 409}


@blueprint.get("/<uuid:case_id>/deliveries")
@security.requires()
def show(case_id: UUID) -> str:
    scope = request.args.get("scope", "all")
    if scope not in delivery_desk.SCOPES:
        scope = "all"
    desk = db.read_only(delivery_desk.desk, security.viewer(), case_id, scope)
    case_pages.stand_at(desk.head.case)
    return render_template("deliveries/show.html", desk=desk)


@blueprint.post("/<uuid:case_id>/deliveries/<uuid:delivery_id>/again")
@security.requires()
def send_again(case_id: UUID, delivery_id: UUID) -> Response:
    """改发邮件: what came to nothing goes to the electronic address confirmed since."""
    again = delivery_addresses.send_again
    name = db.in_transaction(again, security.viewer(), case_id, delivery_id)
    flash(f"已撤回原送达，改为向{name}发送电子邮件")
    return redirect(url_for(".show", case_id=case_id), 303)
