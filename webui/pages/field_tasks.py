"""事项交办: giving an errand out from a case, reading what came back, taking it back."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.case import case_heads
from engine.casefile.errand import field_assignments, field_photos, field_records
from engine.casefile.errand.field_tasks import KINDS, Errand
from engine.casefile.oversight import typed_values
from webui import case_pages, photo_files, security

blueprint = Blueprint("field_tasks", __name__)


@blueprint.get("/cases/<uuid:case_id>/field-tasks/new")
@security.requires()
def new(case_id: UUID) -> str:
    return _form(case_id, {"matter": request.args.get("matter", "")}, {})


def _form(case_id: UUID, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    viewer = security.viewer()
    head = db.read_only(case_heads.head, viewer, case_id)
    case_pages.stand_at(head.case)
    choices = db.read_only(field_assignments.choices, viewer, case_id)
    return render_template(
        "field_tasks/new.html", head=head, choices=choices, kinds=KINDS, typed=typed, errors=errors
    )


@blueprint.post("/cases/<uuid:case_id>/field-tasks")
@security.requires()
def assign(case_id: UUID) -> Response:
    """交办."""
    typed = request.form.to_dict()
    try:
        errand = _errand(typed)
        db.in_transaction(field_assignments.assign, security.viewer(), case_id, errand)
    except field_assignments.ErrandIncomplete as error:
        return make_response(_form(case_id, typed, error.problems), 422)
    flash("已交办")
    return redirect(url_for("matters.show", case_id=case_id, matter=typed.get("matter", "")), 303)


def _errand(typed: Mapping[str, str]) -> Errand:
    try:
        due_on = typed_values.day(typed.get("due_on", ""))
        assignee = UUID(typed["assignee"]) if typed.get("assignee") else None
    except typed_values.Untidy as error:
        raise field_assignments.ErrandIncomplete({"due_on": str(error)}) from None
    except ValueError:
        raise field_assignments.ErrandIncomplete({"assignee": "请重新选择外勤人员"}) from None
    return Errand(
        matter_key=typed.get("matter", ""),
        kind=typed.get("kind", ""),
        place=typed.get("place", ""),
        target=typed.get("target", ""),
        request=typed.get("request", ""),
        due_on=due_on,
        assignee_id=assignee,
    )


# ---------------------------------------------------------------- what came back


@blueprint.get("/cases/<uuid:case_id>/field-tasks/<uuid:task_id>")
@security.requires()
def show(case_id: UUID, task_id: UUID) -> str:
    """The record with its photos, also while the officer is still at it."""
    return _page(case_id, task_id)


def _page(case_id: UUID, task_id: UUID, typed: str = "", error: str = "") -> str:
    shown = db.read_only(field_records.of_case, security.viewer(), case_id, task_id)
    head = db.read_only(case_heads.head, security.viewer(), case_id)
    case_pages.stand_at(head.case)
    return render_template(
        "field_tasks/show.html", head=head, shown=shown, typed=typed, error=error
    )


@blueprint.get("/cases/<uuid:case_id>/field-tasks/<uuid:task_id>/photos/<uuid:photo_id>")
@security.requires()
def photo(case_id: UUID, task_id: UUID, photo_id: UUID) -> Response:
    """``size``: small, screen, or original, which is the file as it came, to be saved."""
    viewer = security.viewer()
    found = db.read_only(field_photos.of_case, viewer, case_id, task_id, photo_id)
    return photo_files.send(found, request.args.get("size", "small"), original=True)


@blueprint.post("/cases/<uuid:case_id>/field-tasks/<uuid:task_id>/withdraw")
@security.requires()
def withdraw(case_id: UUID, task_id: UUID) -> Response:
    """撤回."""
    reason = request.form.get("reason", "")
    viewer = security.viewer()
    try:
        db.in_transaction(field_assignments.withdraw, viewer, case_id, task_id, reason)
    except field_assignments.WithdrawalRefused as error:
        return make_response(_page(case_id, task_id, reason, str(error)), 422)
    flash("已撤回")
    return redirect(url_for(".show", case_id=case_id, task_id=task_id), 303)
