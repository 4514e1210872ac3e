"""部署: asking for it with a reason, and the second person's page."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import clock, db
from engine.casefile.design import (
    deploy_decisions,
    deploy_requests,
    design_changes,
    design_checks,
    design_drafts,
    design_lists,
    designs,
)
from engine.casefile.design.deploy_requests import Request
from engine.casefile.design.design_changes import Changes
from engine.casefile.design.design_checks import Trial
from engine.casefile.design.design_drafts import Draft
from engine.casefile.design.designs import Version
from engine.casefile.people.users import User
from engine.errors import EngineError
from webui import design_frame, security

blueprint = Blueprint("deployments", __name__, url_prefix="/designs")


@dataclass(frozen=True)
class Asked:
    """What both pages show of a deployment."""

    subject: str
    name: str
    #: (number that it will be or became)
    next: int
    #: The version that comes back; None: the draft.
    old_version: int | None
    changes: Changes
    trial: Trial
    running: int
    versions: list[Version]
    people: dict[UUID, str]
    seconds: dict[int, str]
    draft: Draft | None
    request: Request | None
    confirmers: list[User]

    @property
    def is_shared(self) -> bool:
        return designs.is_shared(self.subject)

    @property
    def current(self) -> int:
        return self.versions[0].number if self.versions else 0


@blueprint.get("/<path:subject>/deploy")
@security.requires("designer")
def ask(subject: str) -> str:
    return _page(subject)


def _page(subject: str, refusal: str = "") -> str:
    design_frame.place()
    number = request.values.get("version", type=int)
    asked = db.read_only(_asked, security.viewer(), subject, number)
    return render_template(
        "designs/deploy.html",
        asked=asked,
        refusal=refusal,
        given=request.form,
        day=clock.today(),
        second=False,
    )


def _asked(session: db.Session, viewer: User, subject: str, number: int | None) -> Asked:
    designs.must_look(viewer)
    court_id = viewer.court_id
    draft = design_drafts.find(session, court_id, subject)
    if number is not None:
        texts = dict(designs.files(session, court_id, subject, number))
    elif draft is None:
        raise design_drafts.NoDraft
    else:
        texts = design_drafts.texts(session, court_id, subject)
    found = deploy_requests.open_of_court(session, court_id).get(subject)
    return _described(session, viewer, subject, texts, number, draft, found)


def _described(
    session: db.Session,
    viewer: User,
    subject: str,
    texts: dict[str, str],
    number: int | None,
    draft: Draft | None,
    found: Request | None,
) -> Asked:
    court_id = viewer.court_id
    versions = designs.versions(session, court_id, subject)
    before = found.base_version if found else (versions[0].number if versions else 0)
    old = dict(designs.files(session, court_id, subject, before)) if before else {}
    people = deploy_requests.people(session, court_id)
    return Asked(
        subject,
        design_lists.name(session, court_id, subject),
        found.version if found and found.version else before + 1,
        number,
        design_changes.between(old, texts),
        design_checks.trial(session, court_id, subject, texts),
        sum(n for (key, _), n in designs.running(session, court_id).items() if key == subject),
        versions,
        people,
        {
            one.version: people.get(one.decided_by, "")
            for one in deploy_requests.of_subject(session, court_id, subject)
            if one.version and one.decided_by
        },
        draft,
        found,
        deploy_requests.confirmers(session, viewer, subject),
    )


@blueprint.post("/<path:subject>/deploy")
@security.requires("designer")
def submit(subject: str) -> Response | tuple[str, int]:
    given, viewer = request.form, security.viewer()
    number, asked = given.get("version", type=int), given.get("asked", type=UUID)
    reason, first_day = given.get("reason", ""), _day(given.get("valid_from", ""))
    try:
        if number is not None:
            id_ = db.in_transaction(
                deploy_requests.submit_old,
                viewer,
                subject,
                number,
                reason=reason,
                asked=asked,
                valid_from=first_day,
            )
        else:
            id_ = db.in_transaction(
                deploy_requests.submit,
                viewer,
                subject,
                reason=reason,
                asked=asked,
                seen=given.get("seen", type=int) or 0,
                valid_from=first_day,
            )
    except design_drafts.NoDraft:
        raise
    except EngineError as refused:
        conflict = isinstance(
            refused, design_drafts.DraftChanged | deploy_requests.AlreadyRequested
        )
        return _page(subject, str(refused)), 409 if conflict else 422
    flash("已提交，等待第二人确认")
    return redirect(url_for("deployments.show", request_id=id_), 303)


def _day(written: str) -> date | None:
    """None for nothing, or for what is no day: then the first possible one holds."""
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        return None


# ---------------------------------------------------------------- the second person


@blueprint.get("/requests/<uuid:request_id>")
@security.requires("designer", "deployer")
def show(request_id: UUID) -> str:
    return _request_page(request_id)


def _request_page(request_id: UUID, refusal: str = "") -> str:
    design_frame.place()
    viewer = security.viewer()
    asked = db.read_only(_requested, viewer, request_id)
    found = asked.request
    return render_template(
        "designs/deploy.html",
        asked=asked,
        refusal=refusal,
        given=request.form,
        day=clock.today(),
        second=True,
        may_confirm=found is not None and deploy_requests.may_confirm(viewer, found),
    )


def _requested(session: db.Session, viewer: User, request_id: UUID) -> Asked:
    found = deploy_requests.get(session, viewer, request_id)
    texts = dict(deploy_requests.files(session, request_id))
    draft = design_drafts.find(session, viewer.court_id, found.subject)
    return _described(session, viewer, found.subject, texts, found.old_version, draft, found)


@blueprint.post("/requests/<uuid:request_id>/confirm")
@security.requires("deployer")
def confirm(request_id: UUID) -> Response | tuple[str, int]:
    try:
        number = db.in_transaction(deploy_decisions.confirm, security.viewer(), request_id)
    except deploy_requests.NotGreen as refused:
        return _request_page(request_id, str(refused)), 422
    flash(f"已部署 v{number}")
    return redirect(url_for("deployments.show", request_id=request_id), 303)


@blueprint.post("/requests/<uuid:request_id>/return")
@security.requires("deployer")
def send_back(request_id: UUID) -> Response | tuple[str, int]:
    note = request.form.get("note", "")
    try:
        db.in_transaction(deploy_decisions.send_back, security.viewer(), request_id, note)
    except deploy_requests.ReasonMissing:
        return _request_page(request_id, "请写明要修改什么，再退回"), 422
    flash("已退回修改")
    return redirect(url_for("designs.index"), 303)


@blueprint.post("/requests/<uuid:request_id>/withdraw")
@security.requires("designer")
def withdraw(request_id: UUID) -> Response:
    db.in_transaction(deploy_decisions.withdraw, security.viewer(), request_id)
    flash("已撤回部署申请，草稿没有改动")
    return redirect(url_for("designs.index"), 303)
