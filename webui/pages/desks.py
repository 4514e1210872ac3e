"""按人员改派: what each person of a team has on his desk, and moving all of it to a colleague."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import clock, db
from engine.casefile.oversight import interventions, reassignments, supervision
from engine.casefile.oversight.interventions import NoteMissing, NoteTooLong
from engine.casefile.oversight.reassignments import NoTarget
from webui import many, security

blueprint = Blueprint("desks", __name__, url_prefix="/desks")


@blueprint.get("")
@security.requires(*supervision.WATCHERS)
def index() -> str:
    g.place = "instances"
    return render_template(
        "desks/index.html", loads=db.read_only(reassignments.loads, security.viewer())
    )


@blueprint.get("/<uuid:user_id>")
@security.requires(*supervision.WATCHERS)
def show(user_id: UUID) -> str:
    return _page(user_id)


def _page(user_id: UUID, **more: Any) -> str:
    viewer = security.viewer()
    g.place = "instances"
    return render_template(
        "desks/show.html",
        desk=db.read_only(reassignments.desk, viewer, user_id),
        can_act=viewer.has(supervision.OPERATOR),
        today_on=clock.today(),
        **({"errors": {}, "typed": None, "to": ""} | more),
    )


@blueprint.post("/<uuid:user_id>")
@security.requires(supervision.OPERATOR)
def move(user_id: UUID) -> Response:
    """Everything that is on the desk now; what is refused stays there and is named."""
    viewer, note = security.viewer(), request.form.get("note", "")
    to = many.one_id(request.form.get("to", ""))
    errors = {} if to else {"to": str(NoTarget())}
    try:
        interventions.checked(note)
    except (NoteMissing, NoteTooLong) as error:
        errors["note"] = str(error)
    if errors or to is None:
        page = _page(user_id, errors=errors, typed=note, to=str(to or ""))
        return make_response(page, 422)
    desk = db.read_only(reassignments.desk, viewer, user_id)
    cases = many.each(
        [c.id for c in desk.cases], reassignments.move_case, viewer, user_id, to, note
    )
    tasks = many.each(
        [t.id for t in desk.tasks], reassignments.move_task, viewer, user_id, to, note
    )
    said = [cases.sentence("改派", "件案件")] if desk.cases else []
    said += [tasks.sentence("改派", "项任务")] if desk.tasks else []
    flash("，".join(said) or "没有需要改派的案件和任务")
    return redirect(url_for(".show", user_id=user_id), 303)
