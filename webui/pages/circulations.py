"""传阅: sending a document round with the list of who has read it, and the reader's page, whose opening is the receipt."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.approval import circulation_desk, circulations
from engine.casefile.approval.circulations import (
    CirculationIncomplete,
    RemarkMade,
    RemarkMissing,
    RemarkTooLong,
)
from webui import case_pages, many, security

blueprint = Blueprint("circulations", __name__)


@blueprint.get("/documents/<uuid:document_id>/circulation")
@security.requires()
def new(document_id: UUID) -> str:
    return _form(document_id)


def _form(
    document_id: UUID,
    typed: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
) -> str:
    page = db.read_only(circulation_desk.sending, security.viewer(), document_id)
    case_pages.stand_at(page.head.case)
    usual = {"words": "", "person": []}
    return render_template(
        "circulations/new.html",
        page=page,
        typed=usual | dict(typed or {}),
        problems=problems or {},
        back_url=_back(document_id),
    )


def _back(document_id: UUID) -> str:
    return url_for("drafting.show", document_id=document_id)


@blueprint.post("/documents/<uuid:document_id>/circulation")
@security.requires()
def circulate(document_id: UUID) -> Response:
    people, words = many.ticked("person"), request.form.get("words", "")
    try:
        db.in_transaction(circulations.circulate, security.viewer(), document_id, people, words)
    except CirculationIncomplete as error:
        typed = {"words": words, "person": people}
        return make_response(_form(document_id, typed, error.problems), 422)
    flash(f"已传阅给 {len(people)} 人")
    return redirect(url_for(".new", document_id=document_id), 303)


# ---------------------------------------------------------------- the reader


@blueprint.get("/circulations/<uuid:circulation_id>")
@security.requires()
def show(circulation_id: UUID) -> str:
    return _page(circulation_id)


def _page(circulation_id: UUID, *, typed: str = "", error: str = "") -> str:
    page = db.in_transaction(circulation_desk.reading, security.viewer(), circulation_id)
    g.place = "tasks"
    return render_template("circulations/show.html", page=page, typed=typed, error=error)


@blueprint.post("/circulations/<uuid:circulation_id>")
@security.requires()
def remark(circulation_id: UUID) -> Response:
    typed = request.form.get("remark", "")
    try:
        db.in_transaction(circulations.remark, security.viewer(), circulation_id, typed)
    except (RemarkMissing, RemarkTooLong) as error:
        return make_response(_page(circulation_id, typed=typed, error=str(error)), 422)
    except RemarkMade as made:
        return make_response(_page(circulation_id, typed=typed, error=str(made)), 409)
    flash("意见已提交")
    return redirect(url_for(".show", circulation_id=circulation_id), 303)
