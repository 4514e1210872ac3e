"""One process: diagram, positions, tasks, jobs, incidents, audit, variables; and what an operator does here."""

from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from engine import db
from engine.casefile.oversight import instance_files, interventions, reassignments, supervision
from engine.casefile.oversight.instance_files import File
from engine.casefile.oversight.interventions import (
    MainProcessStays,
    NoteMissing,
    NoteTooLong,
    SuspendedNow,
)
from engine.casefile.oversight.reassignments import (
    AlreadyReassigned,
    NoTarget,
    NotOfTheTeam,
    WasRecused,
)
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound, TaskClosed
from engine.process import tasks
from engine.process.tasks import Task
from webui import many, security, typed_values

blueprint = Blueprint("instance", __name__, url_prefix="/instances/<uuid:instance_id>")
blueprint.add_app_template_filter(typed_values.shown)
blueprint.add_app_template_filter(typed_values.field_name)

ERRORS = {AlreadyReassigned.code: 409}

#: Refusals that are said on the page they came from, with what was typed.
_CONFLICTS = (*interventions.CONFLICTS, TaskClosed, AlreadyReassigned)
_MISTAKES = (NoteMissing, NoteTooLong, MainProcessStays, SuspendedNow)
_REFUSALS = (*_CONFLICTS, *_MISTAKES, NotOfTheTeam, NoTarget, WasRecused)


@blueprint.get("")
@security.requires(*supervision.WATCHERS)
def show(instance_id: UUID) -> str:
    return _page(instance_id)


def _page(instance_id: UUID, **more: Any) -> str:
    viewer, before = security.viewer(), request.args.get("before", type=int)
    found = db.read_only(instance_files.read, viewer, instance_id, before=before)
    g.place = "instances"
    return render_template(
        "instance/show.html",
        file=found,
        before=before,
        can_act=viewer.has(supervision.OPERATOR),
        operation_title=instance_files.operation_title,
        **({"refused": "", "typed": None} | more),
    )


@blueprint.get("/positions.json")
@security.requires(*supervision.WATCHERS)
def positions(instance_id: UUID) -> Response:
    """What the diagram draws (templates/_diagram.html)."""
    found = db.read_only(instance_files.read, security.viewer(), instance_id)
    here = [place.position.element for place in found.places]
    return jsonify(
        flows=sorted(found.way.flows),
        visited=sorted(found.way.elements),
        here=sorted(set(here)),
        incidents=sorted({i.element for i in found.open_incidents}),
    )


@blueprint.get("/revision.json")
@security.requires(*supervision.WATCHERS)
def revision(instance_id: UUID) -> Response:
    """Asked for by a page that shows a job at work (monitor.js), which then loads itself again."""
    return jsonify(revision=db.read_only(instance_files.revision, security.viewer(), instance_id))


# ---------------------------------------------------------------- incidents


@blueprint.post("/incidents/<uuid:incident_id>/retry")
@security.requires(supervision.OPERATOR)
def retry(instance_id: UUID, incident_id: UUID) -> AnyResponse:
    note = request.form.get("note", "")
    try:
        done = db.in_transaction(interventions.retry, security.viewer(), incident_id, note)
    except (*_CONFLICTS, *_MISTAKES) as error:
        return _refused(instance_id, error, typed=note)
    flash(f"已重试，仍未成功：{done.failed_again}" if done.failed_again else "已重试")
    return redirect(url_for(".show", instance_id=instance_id), 303)


def _refused(instance_id: UUID, error: EngineError, *, typed: str) -> AnyResponse:
    """The page as it is now, with the sentence and the note that was typed."""
    status = 409 if isinstance(error, _CONFLICTS) else 422
    return make_response(_page(instance_id, refused=str(error), typed=typed), status)


@blueprint.get("/incidents/<uuid:incident_id>/variable")
@security.requires(supervision.OPERATOR)
def ask_variable(instance_id: UUID, incident_id: UUID) -> str:
    return _variable_form(instance_id, incident_id)


def _variable_form(instance_id: UUID, incident_id: UUID, error: str = "", field: str = "") -> str:
    found = db.read_only(instance_files.read, security.viewer(), instance_id)
    incident = next((i for i in found.open_incidents if i.id == incident_id), None)
    if incident is None:
        raise NotFound(str(incident_id))
    return render_template(
        "instance/variable.html",
        file=found,
        incident=incident,
        kinds=typed_values.KINDS,
        kind_of=typed_values.kind_of,
        typed=request.form,
        error=error,
        field=field,
    )


@blueprint.post("/incidents/<uuid:incident_id>/variable")
@security.requires(supervision.OPERATOR)
def set_variable(instance_id: UUID, incident_id: UUID) -> AnyResponse:
    form = request.form
    name = (form.get("name") or form.get("new_name", "")).strip()
    try:
        value = typed_values.read(form.get("kind", ""), form.get("value", ""))
    except ValueError as error:
        return make_response(_variable_form(instance_id, incident_id, str(error), "value"), 422)
    if not name:
        text = "请选择变量，或者填写新变量的名称"
        return make_response(_variable_form(instance_id, incident_id, text, "name"), 422)
    try:
        done = db.in_transaction(
            interventions.set_variables_and_retry,
            security.viewer(),
            incident_id,
            {name: value},
            form.get("note", ""),
        )
    except _MISTAKES as error:
        return make_response(_variable_form(instance_id, incident_id, str(error), "note"), 422)
    again = done.failed_again
    flash(f"变量已改，重试仍未成功：{again}" if again else "变量已改，已重试")
    return redirect(url_for(".show", instance_id=instance_id), 303)


# ---------------------------------------------------------------- cancelling


@blueprint.get("/cancel")
@security.requires(supervision.OPERATOR)
def ask_cancel(instance_id: UUID) -> str:
    return _cancel_form(instance_id)


def _cancel_form(instance_id: UUID, error: str = "") -> str:
    found: File = db.read_only(instance_files.read, security.viewer(), instance_id)
    return render_template(
        "instance/cancel.html", file=found, error=error, typed=request.form.get("note")
    )


@blueprint.post("/cancel")
@security.requires(supervision.OPERATOR)
def cancel(instance_id: UUID) -> AnyResponse:
    try:
        db.in_transaction(
            interventions.cancel, security.viewer(), instance_id, request.form.get("note", "")
        )
    except (*_CONFLICTS, *_MISTAKES) as error:
        status = 409 if isinstance(error, _CONFLICTS) else 422
        return make_response(_cancel_form(instance_id, str(error)), status)
    flash("流程已撤销")
    return redirect(url_for(".show", instance_id=instance_id), 303)


# ---------------------------------------------------------------- 改派


@blueprint.get("/tasks/<uuid:task_id>/reassign")
@security.requires(supervision.OPERATOR)
def ask_reassign(instance_id: UUID, task_id: UUID) -> str:
    return _reassign_form(instance_id, task_id)


def _reassign_form(instance_id: UUID, task_id: UUID, error: str = "", field: str = "") -> str:
    task, people, holder = db.read_only(_to_reassign, security.viewer(), instance_id, task_id)
    return render_template(
        "instance/reassign.html",
        task=task,
        people=people,
        holder=holder,
        goes_with_case=reassignments.is_transfer(task),
        typed=request.form,
        error=error,
        field=field,
    )


def _to_reassign(
    session: db.Session, viewer: User, instance_id: UUID, task_id: UUID
) -> tuple[Task, list[User], UUID | None]:
    supervision.must_see(session, viewer, instance_id)
    task = tasks.get(session, task_id)
    if task.instance_id != instance_id:
        raise NotFound(str(task_id))
    people = reassignments.candidates(session, viewer, task)
    return task, people, reassignments.holder(session, task)


@blueprint.post("/tasks/<uuid:task_id>/reassign")
@security.requires(supervision.OPERATOR)
def reassign(instance_id: UUID, task_id: UUID) -> AnyResponse:
    form = request.form
    to = many.one_id(form.get("to", ""))
    if to is None:
        return make_response(_reassign_form(instance_id, task_id, str(NoTarget()), "to"), 422)
    try:
        name = db.in_transaction(
            reassignments.reassign,
            security.viewer(),
            task_id,
            to,
            form.get("note", ""),
            seen_holder=many.one_id(form.get("holder", "")),
        )
    except _REFUSALS as error:
        status = 409 if isinstance(error, _CONFLICTS) else 422
        field = "note" if isinstance(error, NoteMissing | NoteTooLong) else "to"
        return make_response(_reassign_form(instance_id, task_id, str(error), field), status)
    flash(f"已改派给{name}")
    return redirect(url_for(".show", instance_id=instance_id), 303)
