"""查控文书 / 处置文书 / 案款文书 / 结案文书: the matters of a case's stage, their documents and property records."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.asset import property_records
from engine.casefile.case.remarks import RemarkEmpty, RemarkTooLong
from engine.casefile.document import batch_preview, batches, previews
from engine.casefile.document.previews import Shown
from engine.casefile.matter import matter_desk, matter_levels
from engine.casefile.matter.matter_desk import Desk
from engine.errors import EngineError, NotFound
from engine.ids import new_id
from webui import case_pages, security

blueprint = Blueprint("matters", __name__, url_prefix="/cases")

ERRORS = {"matter_already_open": 409}

#: What a click may be refused for; said on the page it came from.
_REFUSALS = (batches.NothingChosen, batches.NoAddressee, batches.NothingPossible)


@blueprint.get("/<uuid:case_id>/matters")
@security.requires()
def show(case_id: UUID) -> str:
    return _page(case_id, request.args.get("group", ""), request.args.get("matter", ""))


def _page(
    case_id: UUID,
    group: str,
    key: str,
    *,
    refused: str = "",
    picks: Mapping[UUID, Sequence[UUID]] | None = None,
) -> str:
    desk = db.read_only(
        matter_desk.desk, security.viewer(), case_id, group=group, key=key, picks=picks
    )
    case_pages.stand_at(desk.case)
    return render_template(
        "matters/show.html",
        desk=desk,
        preview=_preview(desk),
        refused=refused,
        ticked=frozenset(picks or ()),
    )


def _preview(desk: Desk) -> Shown | None:
    """The first document, for the pane that wide screens have."""
    if not desk.rows:
        return None
    return db.read_only(previews.html, security.viewer(), desk.rows[0].document.id)


@blueprint.post("/<uuid:case_id>/matters")
@security.requires()
def open_(case_id: UUID) -> Response:
    """发起."""
    key = request.form.get("matter", "")
    db.in_transaction(matter_desk.open_matter, security.viewer(), case_id, key)
    flash("已发起")
    return redirect(url_for(".show", case_id=case_id, matter=key), 303)


@blueprint.post("/<uuid:case_id>/matters/tasks/<uuid:task_id>")
@security.requires()
def finish(case_id: UUID, task_id: UUID) -> Response:
    """办结."""
    db.in_transaction(matter_desk.finish, security.viewer(), case_id, task_id)
    flash("已办结")
    return redirect(url_for(".show", case_id=case_id, matter=request.form.get("matter", "")), 303)


@blueprint.get("/<uuid:case_id>/matters/<key>/levels")
@security.requires()
def levels(case_id: UUID, key: str) -> str:
    """文书审批级别说明."""
    name, found = db.read_only(matter_levels.of_matter, security.viewer(), case_id, key)
    return render_template("matters/levels.html", name=name, levels=found)


# ---------------------------------------------------------------- 一键…


@blueprint.post("/<uuid:case_id>/batches/confirm")
@security.requires()
def confirm(case_id: UUID) -> str:
    """The dialog that shows documents and addressees before the legal act. POST, for the ticks may be many."""
    kind, picks = _kind(), picks_of(request.form)
    preview = db.read_only(batch_preview.preview, security.viewer(), case_id, kind, picks)
    return render_template(
        "matters/confirm.html",
        preview=preview,
        key=str(new_id()),
        matter=request.form.get("matter", ""),
    )


@blueprint.post("/<uuid:case_id>/batches")
@security.requires()
def request_batch(case_id: UUID) -> Response:
    kind, picks = _kind(), picks_of(request.form)
    key = request.form.get("key", "") or str(new_id())
    try:
        batch_id = db.in_transaction(batches.request, security.viewer(), case_id, kind, picks, key)
    except _REFUSALS as error:
        return _refused(case_id, error, picks)
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


def _refused(case_id: UUID, error: EngineError, picks: Mapping[UUID, Sequence[UUID]]) -> Response:
    """The matter page again, with the sentence and what was ticked."""
    matter = request.form.get("matter", "")
    page = _page(case_id, "", matter, refused=str(error), picks=picks)
    return make_response(page, 422)


def _kind() -> str:
    kind = request.form.get("kind", "")
    if kind not in batches.KINDS:
        raise NotFound(kind)
    return kind


def picks_of(form: MultiDict[str, str]) -> dict[UUID, list[UUID]]:
    """Document -> addressees, of the rows ticked."""
    return {
        UUID(row): [UUID(party) for party in form.getlist(f"to-{row}")]
        for row in form.getlist("row")
        if _is_id(row) and all(_is_id(party) for party in form.getlist(f"to-{row}"))
    }


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


# ---------------------------------------------------------------- 备注, 登记财产, 登记控制措施


@blueprint.get("/<uuid:case_id>/remarks/<subject>/<uuid:subject_id>")
@security.requires()
def remarks(case_id: UUID, subject: str, subject_id: UUID) -> str:
    return _remark_form(case_id, subject, subject_id)


def _remark_form(
    case_id: UUID, subject: str, subject_id: UUID, *, typed: str = "", error: str = ""
) -> str:
    name, said = db.read_only(matter_desk.remarked, security.viewer(), case_id, subject, subject_id)
    return render_template(
        "matters/remark.html",
        case_id=case_id,
        subject=subject,
        subject_id=subject_id,
        name=name,
        said=said,
        typed=typed,
        error=error,
        matter=request.values.get("matter", ""),
    )


@blueprint.post("/<uuid:case_id>/remarks/<subject>/<uuid:subject_id>")
@security.requires()
def add_remark(case_id: UUID, subject: str, subject_id: UUID) -> Response:
    typed = request.form.get("text", "")
    try:
        db.in_transaction(
            matter_desk.remark, security.viewer(), case_id, subject, subject_id, typed
        )
    except (RemarkEmpty, RemarkTooLong) as error:
        form = _remark_form(case_id, subject, subject_id, typed=typed, error=str(error))
        return make_response(form, 422)
    flash("备注已保存")
    return redirect(url_for(".show", case_id=case_id, matter=request.form.get("matter", "")), 303)


@blueprint.get("/<uuid:case_id>/assets/new")
@security.requires()
def new_asset(case_id: UUID) -> str:
    return _asset_form(case_id, {}, {})


def _asset_form(case_id: UUID, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    people = db.read_only(property_records.owners, security.viewer(), case_id)
    return render_template(
        "matters/asset.html",
        case_id=case_id,
        people=people,
        typed=typed,
        errors=errors,
        matter=request.values.get("matter", ""),
    )


@blueprint.post("/<uuid:case_id>/assets")
@security.requires()
def add_asset(case_id: UUID) -> Response:
    """登记财产."""
    typed = request.form.to_dict()
    try:
        db.in_transaction(property_records.add, security.viewer(), case_id, typed)
    except property_records.RecordIncomplete as error:
        return make_response(_asset_form(case_id, typed, error.problems), 422)
    flash("财产已登记")
    return redirect(url_for(".show", case_id=case_id, matter=request.form.get("matter", "")), 303)


@blueprint.get("/<uuid:case_id>/assets/<uuid:asset_id>/measures/new")
@security.requires()
def new_measure(case_id: UUID, asset_id: UUID) -> str:
    return _measure_form(case_id, asset_id, {}, {})


def _measure_form(
    case_id: UUID, asset_id: UUID, typed: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    asset = db.read_only(property_records.asset, security.viewer(), case_id, asset_id)
    return render_template(
        "matters/measure.html",
        case_id=case_id,
        asset=asset,
        typed=typed,
        errors=errors,
        matter=request.values.get("matter", ""),
    )


@blueprint.post("/<uuid:case_id>/assets/<uuid:asset_id>/measures")
@security.requires()
def add_measure(case_id: UUID, asset_id: UUID) -> Response:
    """登记控制措施."""
    typed = request.form.to_dict()
    try:
        db.in_transaction(property_records.control, security.viewer(), case_id, asset_id, typed)
    except property_records.RecordIncomplete as error:
        return make_response(_measure_form(case_id, asset_id, typed, error.problems), 422)
    flash("控制措施已登记")
    return redirect(url_for(".show", case_id=case_id, matter=request.form.get("matter", "")), 303)
