"""延期申请: asking the next office for more time at a level of approval, and its answer."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.approval import level_extension_desk, level_extensions
from engine.casefile.approval.level_extensions import (
    ExtensionIncomplete,
    ExtensionOver,
    RefusalUnexplained,
)
from engine.casefile.oversight import typed_values
from webui import security

blueprint = Blueprint("level_extensions", __name__)

ERRORS = {"extension_asked": 409, "no_next_office": 409}


@blueprint.get("/tasks/<uuid:task_id>/extension")
@security.requires()
def new(task_id: UUID) -> str:
    return _form(task_id, {}, {})


def _form(task_id: UUID, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    page = db.read_only(level_extension_desk.asking, security.viewer(), task_id)
    g.place = "tasks"
    return render_template("level_extensions/new.html", page=page, typed=typed, problems=problems)


@blueprint.post("/tasks/<uuid:task_id>/extension")
@security.requires()
def ask(task_id: UUID) -> Response:
    typed = request.form.to_dict()
    try:
        until = typed_values.day(typed.get("until", ""))
        reason = typed.get("reason", "")
        db.in_transaction(level_extensions.ask, security.viewer(), task_id, until, reason)
    except typed_values.Untidy as error:
        return make_response(_form(task_id, typed, {"until": str(error)}), 422)
    except ExtensionIncomplete as error:
        return make_response(_form(task_id, typed, error.problems), 422)
    flash("延期申请已提交")
    return redirect(url_for("approvals.show", task_id=task_id), 303)


# ---------------------------------------------------------------- the next office


@blueprint.get("/extensions/<uuid:extension_id>")
@security.requires()
def show(extension_id: UUID) -> str:
    return _page(extension_id)


def _page(extension_id: UUID, *, typed: str = "", error: str = "", refused: str = "") -> str:
    page = db.read_only(level_extension_desk.deciding, security.viewer(), extension_id)
    g.place = "tasks"
    return render_template(
        "level_extensions/show.html", page=page, typed=typed, error=error, refused=refused
    )


@blueprint.post("/extensions/<uuid:extension_id>")
@security.requires()
def decide(extension_id: UUID) -> Response:
    """同意延期, 不同意延期: the button says which."""
    granted, words = request.form.get("act") == "grant", request.form.get("words", "")
    viewer = security.viewer()
    try:
        db.in_transaction(
            level_extensions.decide, viewer, extension_id, granted=granted, words=words
        )
    except RefusalUnexplained as error:
        return make_response(_page(extension_id, typed=words, error=str(error)), 422)
    except ExtensionOver as over:
        return make_response(_page(extension_id, typed=words, refused=str(over)), 409)
    flash("已同意延期" if granted else "已答复不同意延期")
    return redirect(url_for("todo.mine"), 303)
