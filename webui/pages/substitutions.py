"""代行职权登记: the register that every approver reads, kept by the president and the command centre."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import db
from engine.casefile import rulebook
from engine.casefile.approval import approval_seats, substitution_entries, substitutions
from engine.casefile.approval.substitution_entries import KEEPERS, READERS, Choices, Entry
from engine.casefile.approval.substitutions import OFFICES, Substitution
from engine.casefile.people.users import User
from engine.errors import EngineError
from engine.process import incidents
from webui import days, many, navigation, security

blueprint = Blueprint("substitutions", __name__, url_prefix="/substitutions")

ERRORS = {"substitution_over": 409}
NAV = [navigation.Entry("substitutions", "substitutions.index")]


@blueprint.get("")
@security.requires(*READERS)
def index() -> str:
    """What is valid or to come first, then what is over; nothing is ever taken out."""
    viewer = security.viewer()
    rows, names = db.read_only(_register, viewer)
    return render_template(
        "substitutions/index.html",
        rows=rows,
        names=names,
        can_keep=substitution_entries.may_keep(viewer),
    )


def _register(session: db.Session, viewer: User) -> tuple[list[Substitution], Mapping[str, str]]:
    """The rows, and the names of the documents by their codes."""
    rules = rulebook.of_court(session, viewer.court_id)
    names = {code: document.name for code, document in rules.documents.items()}
    return substitutions.of_court(session, viewer.court_id), names


# ---------------------------------------------------------------- entering


@blueprint.get("/new")
@security.requires(*KEEPERS)
def new() -> str:
    return _form(MultiDict(), {})


def _form(typed: MultiDict[str, str], errors: Mapping[str, str]) -> str:
    g.place = "substitutions"
    choices: Choices = db.read_only(substitution_entries.choices, security.viewer())
    return render_template(
        "substitutions/new.html", choices=choices, offices=OFFICES, typed=typed, errors=errors
    )


@blueprint.post("")
@security.requires(*KEEPERS)
def enter() -> Response:
    """登记; what is open in the office then goes to whoever is lawful."""
    viewer = security.viewer()
    entry, errors = _typed(request.form)
    try:
        db.in_transaction(substitution_entries.enter, viewer, entry)
    except substitution_entries.EntryRefused as error:
        return make_response(_form(request.form, {**error.problems, **errors}), 422)
    flash("已登记代行职权" + _moved(viewer))
    return redirect(url_for(".index"), 303)


def _typed(form: MultiDict[str, str]) -> tuple[Entry, dict[str, str]]:
    """The entry, and what is wrong with the way its days are written."""
    found: dict[str, Any] = {}
    errors = {}
    for name in ("starts_on", "ends_on"):
        try:
            found[name] = days.read(form.get(name, ""))
        except days.NoDay as error:
            found[name], errors[name] = None, str(error)
    some = form.get("scope") == "some"
    codes = form.getlist("document") if some else []
    if some and not codes:
        errors["documents"] = "请勾选文书，或者选择全部文书"
        codes = [""]
    entry = Entry(
        office=form.get("office", ""),
        replaced_id=many.one_id(form.get("replaced", "")),
        substitute_id=many.one_id(form.get("substitute", "")),
        starts_on=found["starts_on"],
        ends_on=found["ends_on"],
        documents=codes,
        authority=form.get("authority", ""),
    )
    return entry, errors


def _moved(viewer: User) -> str:
    """Each open level that has lost or found its person, in a transaction of its own; what to tell of it."""
    for incident_id in db.read_only(approval_seats.vacant, viewer.court_id):
        with suppress(EngineError):  # an operator was first, or the process is held
            db.in_transaction(
                incidents.retry, incident_id, actor=viewer.actor, reason="代行职权登记有变更"
            )
    ids = db.read_only(approval_seats.displaced, viewer.court_id)
    count = sum(db.in_transaction(approval_seats.refresh, id_) for id_ in ids)
    return f"，{count} 件待审批文书改由现在依法行使职权的人员办理" if count else ""


# ---------------------------------------------------------------- revoking


@blueprint.get("/<uuid:id_>/revoke")
@security.requires(*KEEPERS)
def ask_revoke(id_: UUID) -> str:
    return _revocation(id_)


def _revocation(id_: UUID, *, reason: str = "", error: str = "") -> str:
    g.place = "substitutions"
    row = db.read_only(substitution_entries.one, security.viewer(), id_)
    return render_template("substitutions/revoke.html", row=row, reason=reason, error=error)


@blueprint.post("/<uuid:id_>/revoke")
@security.requires(*KEEPERS)
def revoke(id_: UUID) -> Response:
    viewer, reason = security.viewer(), request.form.get("reason", "")
    try:
        db.in_transaction(substitution_entries.revoke, viewer, id_, reason)
    except substitution_entries.RevocationReasonMissing as error:
        return make_response(_revocation(id_, reason=reason, error=str(error)), 422)
    flash("已撤销代行职权" + _moved(viewer))
    return redirect(url_for(".index"), 303)
