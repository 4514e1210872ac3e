"""回避登记: who, why and by whose decision, with successors for what he has in hand; and 撤销."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.oversight import typed_values
from engine.casefile.people import recusal_desk, recusals
from engine.casefile.people.recusals import Decision, RecusalIncomplete
from webui import case_pages, many, security

blueprint = Blueprint("recusals", __name__, url_prefix="/cases/<uuid:case_id>/recusals")

ERRORS = {"already_recused": 409, "recusal_ended": 409}
_TASK = "task-"


@blueprint.get("")
@security.requires()
def show(case_id: UUID) -> str:
    return _page(case_id, request.args.to_dict())


def _page(case_id: UUID, typed: Mapping[str, str], **more: Any) -> str:
    person_id = many.one_id(typed.get("person", ""))
    desk = db.read_only(recusal_desk.desk, security.viewer(), case_id, person_id)
    case_pages.stand_at(desk.head.case)
    given = {"errors": {}, "ending": None} | more
    return render_template("recusals/show.html", desk=desk, typed=typed, **given)


@blueprint.post("")
@security.requires()
def enter(case_id: UUID) -> Response:
    typed = request.form.to_dict()
    try:
        done = db.in_transaction(
            recusal_desk.enter,
            security.viewer(),
            case_id,
            many.one_id(typed.get("person", "")),
            _decision(typed),
            successor_id=many.one_id(typed.get("successor", "")),
            takers=_takers(typed),
        )
    except RecusalIncomplete as error:
        return make_response(_page(case_id, typed, errors=error.problems), 422)
    said = [f"{done.person}的回避已登记，即时生效"]
    said += [f"案件由{done.successor}接办"] if done.successor else []
    said += [f"{done.tasks}项任务已移交"] if done.tasks else []
    flash("，".join(said))
    return redirect(url_for(".show", case_id=case_id), 303)


def _decision(typed: Mapping[str, str]) -> Decision:
    try:
        decided_on = typed_values.day(typed.get("decided_on", ""))
    except typed_values.Untidy as error:
        raise RecusalIncomplete({"decided_on": str(error)}) from None
    names = ("ground", "note", "decided_by", "decision_no")
    words = {name: typed_values.field(typed, name) for name in names}
    return Decision(**words, decided_on=decided_on)


def _takers(typed: Mapping[str, str]) -> dict[UUID, UUID]:
    """Task -> who takes it."""
    pairs = (
        (many.one_id(name.removeprefix(_TASK)), many.one_id(value))
        for name, value in typed.items()
        if name.startswith(_TASK)
    )
    return {task: to for task, to in pairs if task is not None and to is not None}


@blueprint.post("/<uuid:recusal_id>/end")
@security.requires()
def end(case_id: UUID, recusal_id: UUID) -> Response:
    """撤销."""
    reason = request.form.get("reason", "")
    try:
        name = db.in_transaction(recusals.end, security.viewer(), case_id, recusal_id, reason)
    except RecusalIncomplete as error:
        typed = {"reason": reason}
        return make_response(_page(case_id, typed, ending=recusal_id, errors=error.problems), 422)
    flash(f"{name}的回避已撤销")
    return redirect(url_for(".show", case_id=case_id), 303)
