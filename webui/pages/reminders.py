"""催办 of a level of approval and of a matter's waiting task; refused with the next possible time."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.approval import reminders
from engine.errors import TaskClosed
from engine.process import tasks
from webui import security

blueprint = Blueprint("reminders", __name__)

#: Said on the page one comes from, which shows the present state.
_REFUSED = (reminders.RemindedAlready, reminders.NobodyToRemind, TaskClosed)


@blueprint.post("/approvals/<uuid:approval_id>/reminder")
@security.requires()
def of_level(approval_id: UUID) -> Response:
    _said(reminders.remind_level, approval_id)
    return redirect(url_for("approvals.submission", approval_id=approval_id), 303)


@blueprint.post("/tasks/<uuid:task_id>/reminder")
@security.requires()
def of_task(task_id: UUID) -> Response:
    case_id = db.read_only(tasks.get, task_id).case_id
    if case_id is None:
        return redirect(url_for("todo.mine"), 303)
    _said(reminders.remind, case_id, [task_id])
    matter = request.form.get("matter", "")
    return redirect(url_for("matters.show", case_id=case_id, matter=matter or None), 303)


def _said(function: Callable[..., list[str]], *about: Any) -> None:
    try:
        names = db.in_transaction(function, security.viewer(), *about)
    except _REFUSED as refused:
        flash(str(refused))
        return
    flash(f"已催办{'、'.join(names)}")
