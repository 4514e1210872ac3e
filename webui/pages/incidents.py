"""异常处理: the incidents within a supervisor's scope; retrying one or many."""

from uuid import UUID

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.oversight import incident_lists, interventions, supervision
from engine.casefile.oversight.interventions import NoteMissing, NoteTooLong
from webui import keyset, many, navigation, security

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")

NAV = [navigation.Entry("incidents", "incidents.index", count=incident_lists.count)]


@blueprint.get("")
@security.requires(*supervision.WATCHERS)
def index() -> str:
    viewer, closed = security.viewer(), request.args.get("closed") == "1"
    after = keyset.unpack(request.args.get("after", ""), keyset.MOMENT, keyset.ID)
    listing = db.read_only(incident_lists.listing, viewer, closed=closed, after=after)
    return render_template(
        "incidents/index.html",
        listing=listing,
        closed=closed,
        after=after,
        can_act=viewer.has(supervision.OPERATOR),
        next_page=keyset.pack(listing.lines[-1].position) if listing.more else "",
    )


@blueprint.get("/retry")
@security.requires(supervision.OPERATOR)
def ask_retry() -> str:
    """The dialog that asks for a note. ``by=instance``: the rows are instances, not incidents."""
    return _form(_asked())


def _asked() -> list[UUID]:
    ids = many.ticked()
    if request.args.get("by") != "instance":
        return ids
    return db.read_only(incident_lists.open_of_instances, security.viewer(), ids)


def _form(ids: list[UUID], *, error: str = "") -> str:
    lines = db.read_only(incident_lists.of_ids, security.viewer(), ids)
    return render_template(
        "incidents/retry.html",
        lines=lines,
        error=error,
        typed=request.values.get("note"),
        back=many.back_to(url_for(".index")),
    )


@blueprint.post("/retry")
@security.requires(supervision.OPERATOR)
def retry() -> Response:
    note, ids = request.form.get("note", ""), many.ticked()
    if not ids:
        abort(400)
    try:
        interventions.checked(note)
    except (NoteMissing, NoteTooLong) as error:
        return make_response(_form(ids, error=str(error)), 422)
    results = many.each(ids, interventions.retry, security.viewer(), note)
    again = [done.failed_again for done in results.done if done.failed_again]
    said = results.sentence("重试", "项")
    flash(f"{said}；{len(again)} 项仍未成功：{again[0]}" if again else said)
    return redirect(many.back_to(url_for(".index")), 303)
