"""文书报批: submitting with the whole chain known, the submission, deciding on it, 评议笔录 and 审批表 for print."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.approval import (
    approval_answers,
    approval_chains,
    approval_decisions,
    approval_desk,
    approval_seats,
    approval_take_backs,
    approvals,
    beside,
)
from engine.casefile.approval.approval_desk import Submission
from engine.casefile.people import access
from engine.errors import TaskClosed, TaskTaken
from webui import case_pages, many, navigation, security

blueprint = Blueprint("approvals", __name__)

ERRORS = {"already_decided": 409, "content_changed": 409}

#: Somebody was first, or it was never the viewer's.
_NOT_HIS = (TaskClosed, TaskTaken, access.Forbidden, approval_chains.NotLawful)


# ---------------------------------------------------------------- submitting


@blueprint.get("/documents/<uuid:document_id>/approval")
@security.requires()
def new(document_id: UUID) -> str:
    return _plan([document_id])


@blueprint.get("/approvals/new")
@security.requires()
def new_of_several() -> str:
    return _plan(many.ticked("document"))


@blueprint.post("/approvals/new")
@security.requires()
def choose() -> Response:
    """The ticked rows of the matter page, as an address that can be opened again."""
    chosen = [str(id_) for id_ in many.ticked()]
    return redirect(url_for(".new_of_several", document=chosen), 303)


def _plan(ids: list[UUID], *, refused: str = "", **typed: Any) -> str:
    plan = db.read_only(approval_desk.plan, security.viewer(), ids)
    case_pages.stand_at(plan.head.case)
    usual = {"opinion": plan.opinion, "error": "", "unanswered": "", "answers": {}}
    return render_template("approvals/new.html", plan=plan, refused=refused, **(usual | typed))


@blueprint.post("/approvals")
@security.requires()
def submit() -> Response:
    """文书报批; of several each by itself."""
    ids, opinion = many.ticked("document"), request.form.get("opinion", "")
    answers = {id_: request.form.get(f"answer-{id_}", "") for id_ in many.ticked("answered")}
    typed: dict[str, Any] = {"opinion": opinion, "answers": _answers_typed()}
    if not opinion.strip():
        error = str(approval_desk.OpinionMissing())
        return make_response(_plan(ids, error=error, **typed), 422)
    results = many.each(ids, approval_desk.submit, security.viewer(), opinion, answers)
    said = results.sentence("报批", "份")
    if not results.done:
        unanswered = str(approval_answers.RemarksUnanswered())
        if unanswered in results.refused:
            return make_response(_plan(ids, unanswered=unanswered, **typed), 422)
        return make_response(_plan(ids, refused=said, **typed), 422)
    flash("已报批" if len(ids) == 1 else said)
    if len(ids) == 1:
        return redirect(url_for(".submission", approval_id=results.done[0]), 303)
    return redirect(url_for(".new_of_several", document=[str(id_) for id_ in ids]), 303)


def _answers_typed() -> dict[str, tuple[bool, str]]:
    """Remark -> (whether it was ticked, the words beside it), to show them again."""
    ticked = set(request.form.getlist("answered"))
    names = [name for name in request.form if name.startswith("answer-")]
    ids = [name.removeprefix("answer-") for name in names]
    return {id_: (id_ in ticked, request.form[f"answer-{id_}"]) for id_ in ids}


# ---------------------------------------------------------------- one submission


@blueprint.get("/approvals/<uuid:approval_id>")
@security.requires()
def submission(approval_id: UUID) -> str:
    return _submission(approval_id)


def _submission(
    approval_id: UUID, *, refused: str = "", take_back_problem: str = "", reason: str = ""
) -> str:
    page = db.read_only(approval_desk.submission, security.viewer(), approval_id)
    _stand(page)
    return render_template(
        "approvals/submission.html",
        page=page,
        beside=db.read_only(beside.of_approval, security.viewer(), approval_id),
        refused=refused,
        take_back_problem=take_back_problem,
        reason=reason,
        todo_url=_todo_url(),
    )


def _stand(page: Submission) -> None:
    """Who works the case came from its list, who approves from 我的待办."""
    if page.can_work:
        case_pages.stand_at(page.head.case)
    else:
        g.place = "tasks"


def _todo_url() -> str:
    return navigation.url_of("tasks", security.viewer()) or url_for("home")


@blueprint.post("/approvals/<uuid:approval_id>/withdraw")
@security.requires()
def withdraw(approval_id: UUID) -> Response:
    """撤回报批."""
    try:
        db.in_transaction(approvals.withdraw, security.viewer(), approval_id)
    except approvals.AlreadyDecided as error:
        return make_response(_submission(approval_id, refused=str(error)), 409)
    flash("已撤回报批，文书可以修改")
    return redirect(url_for(".submission", approval_id=approval_id), 303)


@blueprint.post("/approvals/<uuid:approval_id>/take-back")
@security.requires()
def take_back(approval_id: UUID) -> Response:
    """拿回 of the viewer's own decision."""
    reason = request.form.get("reason", "")
    viewer = security.viewer()
    try:
        db.in_transaction(approval_take_backs.take_back, viewer, approval_id, reason)
    except approval_take_backs.TakeBackReasonMissing as error:
        problem = {"take_back_problem": str(error), "reason": reason}
        return make_response(_submission(approval_id, **problem), 422)
    except (approval_take_backs.CannotTakeBack, approval_take_backs.NothingToTakeBack) as error:
        return make_response(_submission(approval_id, refused=str(error)), 409)
    flash("已拿回意见，稍后可以在我的待办中重新作出决定")
    return redirect(url_for(".submission", approval_id=approval_id), 303)


@blueprint.get("/approvals/<uuid:approval_id>/minutes")
@security.requires()
def minutes(approval_id: UUID) -> str:
    """评议笔录."""
    page = db.read_only(approval_desk.minutes, security.viewer(), approval_id)
    _stand(page)
    return render_template("approvals/minutes.html", page=page)


@blueprint.get("/approvals/<uuid:approval_id>/form")
@security.requires()
def form(approval_id: UUID) -> str:
    """审批表."""
    page = db.read_only(approval_desk.submission, security.viewer(), approval_id)
    _stand(page)
    return render_template("approvals/form.html", page=page)


# ---------------------------------------------------------------- deciding


@blueprint.get("/tasks/<uuid:task_id>/decision")
@security.requires()
def show(task_id: UUID) -> Response:
    """The task of one person: what he decides on, and how. That he has opened it is noted (已阅)."""
    try:
        db.in_transaction(approval_decisions.open_, security.viewer(), task_id)
        return make_response(_decision(task_id))
    except _NOT_HIS as error:
        approval_id = _submission_of(task_id)
        if isinstance(error, approval_chains.NotLawful):
            db.in_transaction(approval_seats.refresh, approval_id)
            flash(str(error))
        return redirect(url_for(".submission", approval_id=approval_id))


def _decision(
    task_id: UUID,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    template: str = "approvals/show.html",
) -> str:
    page = db.read_only(approval_decisions.deciding, security.viewer(), task_id)
    g.place = "tasks"
    return render_template(
        template,
        page=page,
        beside=db.read_only(beside.of_approval, security.viewer(), page.approval.id),
        typed=page.draft if typed is None else typed,
        problems=problems or {},
        todo_url=_todo_url(),
    )


def _submission_of(task_id: UUID) -> UUID:
    return db.read_only(approval_decisions.submission_of, security.viewer(), task_id)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in approval_decisions.FIELDS}


@blueprint.post("/tasks/<uuid:task_id>/decision/draft")
@security.requires()
def keep(task_id: UUID) -> str:
    """暂存, also by itself while one types."""
    db.in_transaction(approval_decisions.keep, security.viewer(), task_id, _typed())
    return render_template("approvals/_kept.html")


@blueprint.post("/tasks/<uuid:task_id>/decision/confirm")
@security.requires()
def confirm(task_id: UUID) -> Response:
    """The dialog that says what will happen; the form again with what is missing."""
    typed = _typed()
    try:
        page = db.read_only(approval_decisions.checked, security.viewer(), task_id, typed)
    except approval_decisions.DecisionIncomplete as error:
        answer = make_response(
            _decision(task_id, typed, error.problems, "approvals/_form.html"), 422
        )
        answer.headers["HX-Retarget"] = "#decision"
        # Without the pause in which htmx copies style attributes, which the policy forbids.
        answer.headers["HX-Reswap"] = "innerHTML settle:0"
        return answer
    return make_response(render_template("approvals/_confirm.html", page=page, typed=typed))


@blueprint.post("/tasks/<uuid:task_id>/decision")
@security.requires()
def decide(task_id: UUID) -> Response:
    typed = _typed()
    if not request.form.get("confirmed"):
        problems = {"confirmed": "请核对后再确认"}
        return make_response(_decision(task_id, typed, problems), 422)
    try:
        after = db.in_transaction(approval_decisions.decide, security.viewer(), task_id, typed)
    except approval_decisions.DecisionIncomplete as error:
        return make_response(_decision(task_id, typed, error.problems), 422)
    except (TaskClosed, TaskTaken, approvals.ContentChanged, approval_chains.NotLawful) as error:
        if isinstance(error, approval_chains.NotLawful):
            db.in_transaction(approval_seats.refresh, _submission_of(task_id))
        return make_response(_too_late(task_id, typed, str(error)), 409)
    flash(render_template("approvals/_said.txt", typed=typed, after=after))
    return redirect(url_for(".submission", approval_id=after.id), 303)


def _too_late(task_id: UUID, typed: Mapping[str, str], sentence: str) -> str:
    """Somebody was first: the present state, and what was typed to copy it from."""
    approval_id = _submission_of(task_id)
    page = db.read_only(approval_desk.submission, security.viewer(), approval_id)
    g.place = "tasks"
    return render_template(
        "approvals/too_late.html", page=page, typed=typed, sentence=sentence, todo_url=_todo_url()
    )
