"""换版: one process to another version with its plan before the operator, or many of a version at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.oversight import interventions, supervision, version_changes
from engine.casefile.oversight.interventions import NoteMissing, NoteTooLong
from engine.casefile.oversight.version_changes import Many, Offer
from engine.errors import EngineError
from engine.process.version_plans import Plan
from webui import many, security

blueprint = Blueprint("version_moves", __name__)
ERRORS = {error.code: 409 for error in version_changes.CONFLICTS}

_MISTAKES = (NoteMissing, NoteTooLong)
#: There is nothing to move to, or nothing left to move; said where one came from.
_NOWHERE = (version_changes.OneVersion, version_changes.Ended)


@dataclass(frozen=True)
class Result:
    """What came of one of many; empty: it was moved."""

    refused: str = ""


# ---------------------------------------------------------------- one


@blueprint.get("/instances/<uuid:instance_id>/version")
@security.requires(supervision.OPERATOR)
def ask(instance_id: UUID) -> str | Response:
    try:
        return _page(instance_id)
    except _NOWHERE as error:
        flash(str(error))
        return redirect(url_for("instance.show", instance_id=instance_id), 303)


def _page(instance_id: UUID, error: EngineError | None = None) -> str:
    g.place = "instances"
    offer = _offer(instance_id)
    return render_template(
        "version_moves/one.html",
        offer=offer,
        line=db.read_only(_line, instance_id),
        places=_grouped(offer.plan),
        error=error,
        note_error=str(error) if isinstance(error, _MISTAKES) else "",
        typed=request.form.get("note"),
    )


def _offer(instance_id: UUID) -> Offer:
    return db.read_only(version_changes.offer, security.viewer(), instance_id, _target(), _chosen())


def _line(session: db.Session, instance_id: UUID) -> supervision.Line:
    return supervision.of_ids(session, security.viewer(), [instance_id])[0]


def _target() -> int | None:
    return request.values.get("to", type=int)


def _chosen() -> Mapping[str, str]:
    """Element -> element of the target, of those that the operator has set apart from their own id."""
    pairs = zip(request.values.getlist("from"), request.values.getlist("onto"), strict=False)
    return {element: onto for element, onto in pairs if onto and onto != element}


def _grouped(plan: Plan) -> dict[str, list[Any]]:
    """Element -> what becomes of the events that wait there; those of the plan's own places first."""
    found: dict[str, list[Any]] = {}
    for event in plan.listening:
        found.setdefault(event.element, []).append(event)
    return found


@blueprint.post("/instances/<uuid:instance_id>/version")
@security.requires(supervision.OPERATOR)
def move(instance_id: UUID) -> Response:
    revision, note = request.form.get("revision", type=int), request.form.get("note", "")
    agreed = _agreed(instance_id, revision)
    try:
        db.in_transaction(version_changes.move, security.viewer(), instance_id, agreed, note)
    except version_changes.AlreadyMoved as error:
        flash(str(error))
        return redirect(url_for("instance.show", instance_id=instance_id), 303)
    except (*version_changes.CONFLICTS, *version_changes.REFUSALS, *_MISTAKES) as error:
        status = 409 if isinstance(error, version_changes.CONFLICTS) else 422
        return make_response(_page(instance_id, error), status)
    flash(f"已从 v{agreed.from_version} 换到 v{agreed.to_version}")
    return redirect(url_for("instance.show", instance_id=instance_id), 303)


def _agreed(instance_id: UUID, revision: int | None) -> Plan:
    """The plan that the operator has read: versions, mapping and the state it was made for."""
    old, to = request.form.get("version", type=int), _target()
    if revision is None or old is None or to is None:
        abort(400)
    return Plan(instance_id, old, to, revision, _chosen(), (), (), ())


# ---------------------------------------------------------------- many


@blueprint.get("/definitions/<key>/v<int:version>/move")
@security.requires(supervision.OPERATOR)
def ask_many(key: str, version: int) -> str | Response:
    try:
        return _many_page(key, version)
    except version_changes.OneVersion as error:
        flash(str(error))
        return redirect(url_for("definitions.show", key=key), 303)


def _many_page(
    key: str, version: int, error: str = "", results: Mapping[UUID, Result] | None = None
) -> str:
    g.place = "definitions"
    found = _many(key, version)
    return render_template(
        "version_moves/many.html",
        key=key,
        many=found,
        lines=[row.line for row in found.rows],
        error=error,
        results=results,
        ticked=set(many.ticked()),
        typed=request.form.get("note"),
    )


def _many(key: str, version: int) -> Many:
    return db.read_only(version_changes.of_version, security.viewer(), key, version, _target())


@blueprint.post("/definitions/<key>/v<int:version>/move")
@security.requires(supervision.OPERATOR)
def move_many(key: str, version: int) -> Response:
    """Each in its own transaction; the answer says of each what came of it."""
    note, to, ids = request.form.get("note", ""), _target(), many.ticked()
    try:
        interventions.checked(note)
    except _MISTAKES as error:
        return make_response(_many_page(key, version, str(error)), 422)
    if not ids or to is None:
        return make_response(_many_page(key, version, "请先勾选要换版的流程"), 422)
    g.place = "definitions"
    lines = {line.row.id: line for line in db.read_only(_ticked_lines, ids)}
    results = {id_: _moved(id_, to, note) for id_ in ids}
    return make_response(
        render_template(
            "version_moves/results.html",
            key=key,
            version=version,
            to=to,
            results=results,
            lines=lines,
            done=sum(not r.refused for r in results.values()),
        )
    )


def _ticked_lines(session: db.Session, ids: list[UUID]) -> list[supervision.Line]:
    return supervision.of_ids(session, security.viewer(), ids)


def _moved(instance_id: UUID, to: int, note: str) -> Result:
    try:
        db.in_transaction(version_changes.move_unremarked, security.viewer(), instance_id, to, note)
    except EngineError as error:
        return Result(str(error))
    return Result()
