"""事项交办: giving an errand out from a case, and the officers' own pages, made for a phone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile import case_heads, field_assignments, field_tasks, typed_values
from engine.casefile.field_tasks import OFFICER, Errand
from webui import case_pages, security
from webui.navigation import Entry

blueprint = Blueprint("field_tasks", __name__)

NAV = [Entry("field_tasks", "field_tasks.mine", count=field_tasks.count)]
ERRORS = {"errand_taken": 409, "errand_done": 409}


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
        "field_tasks/new.html", head=head, choices=choices, typed=typed, errors=errors
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


# ---------------------------------------------------------------- officers


@blueprint.get("/field")
@security.requires(OFFICER)
def mine() -> str:
    open_, done = db.read_only(field_tasks.mine, security.viewer())
    return render_template("field_tasks/mine.html", open=open_, done=done)


@blueprint.get("/field/<uuid:task_id>")
@security.requires(OFFICER)
def show(task_id: UUID) -> str:
    return _task(task_id)


def _task(task_id: UUID, **more: Any) -> str:
    g.place = "field_tasks"
    task = db.read_only(field_tasks.of_officer, security.viewer(), task_id)
    return render_template(
        "field_tasks/show.html", task=task, **({"typed": "", "error": ""} | more)
    )


@blueprint.post("/field/<uuid:task_id>/accept")
@security.requires(OFFICER)
def accept(task_id: UUID) -> Response:
    db.in_transaction(field_tasks.accept, security.viewer(), task_id)
    return redirect(url_for(".show", task_id=task_id), 303)


@blueprint.post("/field/<uuid:task_id>")
@security.requires(OFFICER)
def report(task_id: UUID) -> Response:
    """办结."""
    typed = request.form.get("result", "")
    try:
        db.in_transaction(field_tasks.report, security.viewer(), task_id, typed)
    except field_tasks.ResultMissing as error:
        return make_response(_task(task_id, typed=typed, error=str(error)), 422)
    flash("已办结，结果已送回承办人")
    return redirect(url_for(".mine"), 303)
