"""The page of a user task with a form: claim, fill in, 暂存, 提交."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.matter import form_tasks
from engine.casefile.matter.form_tasks import FormInvalid, Page
from engine.errors import TaskClosed, TaskTaken
from webui import security, task_pages

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks/<uuid:task_id>")

REFUSED, CONFLICT = 422, 409
#: Somebody else was first; what was typed stays on the page.
_LOST = (TaskClosed, TaskTaken)


@blueprint.get("")
@security.requires()
def show(task_id: UUID) -> str | Response:
    page = db.read_only(form_tasks.page, security.viewer(), task_id)
    task = page.task
    if task.screen and task.state == "open":
        url = task_pages.url_of(task_id, task.screen, case_id=page.head.case.id)
        if url != url_for("tasks.show", task_id=task_id):
            return redirect(url)
    return _render(page)


@blueprint.post("")
@security.requires()
def submit(task_id: UUID) -> Response:
    """提交, 暂存, 认领 and 退回待认领: the button says which."""
    typed = _typed()
    acts: Mapping[str, Callable[[], None]] = {
        "submit": lambda: _submit(task_id, typed),
        "save": lambda: db.in_transaction(form_tasks.save, security.viewer(), task_id, typed),
        "claim": lambda: db.in_transaction(form_tasks.claim, security.viewer(), task_id),
        "release": lambda: db.in_transaction(form_tasks.release, security.viewer(), task_id),
    }
    said = {"submit": "已提交", "save": "已暂存", "claim": "已认领", "release": "已退回待认领"}
    act = request.form.get("act", "submit")
    act = act if act in acts else "submit"
    try:
        acts[act]()
    except FormInvalid as invalid:
        return _again(task_id, typed, REFUSED, errors=invalid.errors)
    except _LOST as lost:
        return _again(task_id, typed, CONFLICT, lost=str(lost))
    flash(said[act])
    if act in ("submit", "release"):
        return redirect(url_for("todo.mine"), 303)
    return redirect(url_for("tasks.show", task_id=task_id), 303)


def _submit(task_id: UUID, typed: Mapping[str, Any]) -> None:
    db.in_transaction(form_tasks.submit, security.viewer(), task_id, typed)


@blueprint.post("/fields")
@security.requires()
def fields(task_id: UUID) -> str:
    """The fields again, as the conditions say with what was typed; for htmx."""
    page = db.read_only(form_tasks.page, security.viewer(), task_id, _typed())
    return render_template("tasks/_fields.html", page=page, errors={})


def _again(task_id: UUID, typed: Mapping[str, Any], status: int, **more: Any) -> Response:
    page = db.read_only(form_tasks.page, security.viewer(), task_id, typed)
    return make_response(_render(page, **more), status)


def _render(page: Page, *, errors: Mapping[str, str] | None = None, lost: str = "") -> str:
    g.place = "tasks"
    return render_template(
        "tasks/show.html",
        page=page,
        task=page.task,
        errors=errors or {},
        lost=lost,
        is_claimed=page.task.assignee == security.viewer().id,
    )


def _typed() -> dict[str, Any]:
    """Every field of the request; several values as a list."""
    sent = request.form
    return {
        key: sent.getlist(key) if len(sent.getlist(key)) > 1 else sent[key]
        for key in sent
        if key not in ("csrf_token", "act")
    }
