"""征求意见: asking from a level of approval, and the page of the asked person, which decides nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.approval import opinion_desk, opinions
from engine.casefile.approval.opinions import (
    AnswerMissing,
    AnswerTooLong,
    OpinionIncomplete,
    OpinionOver,
)
from engine.casefile.oversight import typed_values
from webui import many, security

blueprint = Blueprint("opinions", __name__)

ERRORS = {"opinion_stays": 409}


@blueprint.get("/tasks/<uuid:task_id>/opinions/new")
@security.requires()
def new(task_id: UUID) -> str:
    return _form(task_id)


def _form(
    task_id: UUID, typed: Mapping[str, Any] | None = None, problems: Mapping[str, str] | None = None
) -> str:
    page = db.read_only(opinion_desk.asking, security.viewer(), task_id)
    g.place = "tasks"
    usual = {"question": "", "due_on": "", "person": []}
    return render_template(
        "opinions/new.html", page=page, typed=usual | dict(typed or {}), problems=problems or {}
    )


@blueprint.post("/tasks/<uuid:task_id>/opinions")
@security.requires()
def ask(task_id: UUID) -> Response:
    people, question = many.ticked("person"), request.form.get("question", "")
    try:
        due_on = _day(request.form.get("due_on", ""))
        db.in_transaction(opinions.ask, security.viewer(), task_id, people, question, due_on)
    except OpinionIncomplete as error:
        typed = {**request.form.to_dict(), "person": people}
        return make_response(_form(task_id, typed, error.problems), 422)
    flash("已发出征求，本件仍由您决定")
    return redirect(url_for("approvals.show", task_id=task_id), 303)


def _day(typed: str) -> date | None:
    try:
        return typed_values.day(typed)
    except typed_values.Untidy as error:
        raise OpinionIncomplete({"due_on": str(error)}) from None


@blueprint.post("/opinions/<uuid:opinion_id>/withdrawal")
@security.requires()
def withdraw(opinion_id: UUID) -> Response:
    """撤回征求."""
    found = db.in_transaction(opinions.withdraw, security.viewer(), opinion_id)
    flash(f"已撤回对{found.asked}的征求")
    return redirect(url_for("approvals.submission", approval_id=found.approval_id), 303)


# ---------------------------------------------------------------- the asked person


@blueprint.get("/opinions/<uuid:opinion_id>")
@security.requires()
def show(opinion_id: UUID) -> str:
    return _page(opinion_id)


def _page(opinion_id: UUID, *, typed: str = "", error: str = "", refused: str = "") -> str:
    page = db.read_only(opinion_desk.answering, security.viewer(), opinion_id)
    g.place = "tasks"
    return render_template(
        "opinions/show.html", page=page, typed=typed, error=error, refused=refused
    )


@blueprint.post("/opinions/<uuid:opinion_id>")
@security.requires()
def answer(opinion_id: UUID) -> Response:
    """回复."""
    typed = request.form.get("answer", "")
    try:
        found = db.in_transaction(opinions.answer, security.viewer(), opinion_id, typed)
    except (AnswerMissing, AnswerTooLong) as error:
        return make_response(_page(opinion_id, typed=typed, error=str(error)), 422)
    except OpinionOver as over:
        return make_response(_page(opinion_id, typed=typed, refused=str(over)), 409)
    flash(f"已回复{found.asker}")
    return redirect(url_for(".show", opinion_id=opinion_id), 303)
