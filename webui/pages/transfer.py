"""事项信息 (流转): 暂存, what 提交 would do, 提交, 退回 by the receiving team, 恢复办理."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import db
from engine.casefile import labels
from engine.casefile.stage import transfer_desk, transfers
from engine.casefile.stage.transfer_desk import AlreadyTransferred
from engine.casefile.stage.transfer_sheets import Form, SheetChanged, SheetFrozen
from engine.casefile.stage.transfers import After, CannotSubmit, Problem
from webui import case_pages, security

blueprint = Blueprint("transfer", __name__, url_prefix="/cases/<uuid:case_id>/transfer")

ERRORS = {"not_in_stage": 409, "refusal_too_late": 409, "already_paused": 409}


@blueprint.get("")
@security.requires()
def show(case_id: UUID) -> str:
    return _page(case_id)


def _page(
    case_id: UUID,
    form: Form | None = None,
    *,
    problems: list[Problem] | None = None,
    conflict: str = "",
) -> str:
    # The first look makes the empty sheet, so this page is no mere reading.
    desk = db.in_transaction(transfer_desk.desk, security.viewer(), case_id, form)
    case_pages.stand_at(desk.case)
    return render_template(
        "transfer/show.html", desk=desk, problems=problems or [], conflict=conflict
    )


@blueprint.post("/preview")
@security.requires()
def preview(case_id: UUID) -> str:
    """提交后 and 提交前检查 for what is filled in, without saving it."""
    form = form_of(request.form)
    desk = db.in_transaction(transfer_desk.desk, security.viewer(), case_id, form)
    return render_template("transfer/_outlook.html", desk=desk)


@blueprint.post("")
@security.requires()
def send(case_id: UUID) -> Response:
    """暂存 or 提交, by the button that was pressed."""
    form, entry_id = form_of(request.form), _entry_id()
    seen = request.form.get("seen_version", type=int) or 0
    act = transfer_desk.submit if request.form.get("act") == "submit" else transfer_desk.save
    try:
        after = db.in_transaction(
            act, security.viewer(), case_id, entry_id, form, seen_version=seen
        )
    except CannotSubmit as error:
        return make_response(_page(case_id, form, problems=error.problems), 422)
    except (SheetChanged, SheetFrozen) as error:
        who = db.in_transaction(transfer_desk.last_saved, security.viewer(), case_id)
        return make_response(_page(case_id, form, conflict=who or str(error)), 409)
    except AlreadyTransferred as error:
        return _moved(case_id, str(error), form)
    if after is None:
        flash("已暂存，说明已按电子卷宗更新，您录入的文字没有改动")
        return redirect(url_for(".show", case_id=case_id), 303)
    flash(_done(after))
    return redirect(url_for("case.show", case_id=case_id), 303)


def _moved(case_id: UUID, sentence: str, form: Form) -> Response:
    """The stay is over: what was typed can be copied, nothing can be sent."""
    page = render_template("transfer/moved.html", case_id=case_id, sentence=sentence, typed=form)
    return make_response(page, 409)


def _done(after: After) -> str:
    if after.kind == "close":
        return "已提交，本案已结案归档"
    if after.kind == "stay":
        return "已提交，本案留在本阶段"
    return f"已流转至{labels.STAGES[str(after.stage)]}，承办人{after.handler}"


def _entry_id() -> UUID:
    return request.form.get("entry", type=UUID) or UUID(int=0)


def form_of(sent: MultiDict[str, str]) -> Form:
    """What was filled in. A text counts as typed only where it differs from what the page showed."""
    texts = {}
    for name in sent:
        key = name.removeprefix("text-")
        if key != name and sent[name].strip() != sent.get(f"was-{key}", "").strip():
            texts[key] = sent[name]
    follow_up = sent.get("follow_up") or None
    return Form(
        other_text=sent.get("other_text", ""),
        follow_up=follow_up,
        follow_up_items=sent.getlist(f"items-{follow_up}"),
        has_auction={"1": True, "0": False}.get(sent.get("has_auction", "")),
        texts=texts,
    )


@blueprint.post("/refusal")
@security.requires()
def refuse(case_id: UUID) -> Response:
    """退回 by the team that received the case."""
    reason, words = request.form.get("reason", ""), request.form.get("words", "")
    try:
        db.in_transaction(transfers.refuse, security.viewer(), case_id, reason, words)
    except transfers.RefusalNeedsReason as error:
        problem = Problem("refusal", str(error))
        return make_response(_page(case_id, problems=[problem]), 422)
    flash("已退回移送团队")
    return redirect(url_for("case.show", case_id=case_id), 303)


@blueprint.post("/resumption")
@security.requires()
def resume(case_id: UUID) -> Response:
    """恢复办理."""
    db.in_transaction(transfers.resume, security.viewer(), case_id)
    flash("已恢复办理，阶段期限继续计算")
    return redirect(url_for(".show", case_id=case_id), 303)
