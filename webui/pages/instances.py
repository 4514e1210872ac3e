"""流程实例: the list of processes within a supervisor's scope, and holding or letting go many at once."""

from dataclasses import asdict
from functools import partial
from typing import Any

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
from engine.casefile.oversight import interventions, supervision
from engine.casefile.oversight.interventions import NoteMissing, NoteTooLong
from engine.casefile.oversight.supervision import Choices, Filters, Line, Listing
from engine.casefile.people.users import User
from engine.process import monitoring
from webui import keyset, many, moments, navigation, security

blueprint = Blueprint("instances", __name__, url_prefix="/instances")
blueprint.add_app_template_filter(moments.stay)
blueprint.add_app_template_filter(moments.when)
blueprint.add_app_template_filter(moments.lasting)

NAV = [navigation.Entry("instances", "instances.index")]
ERRORS = {error.code: 409 for error in interventions.CONFLICTS}

_ACTS = {"suspend": interventions.suspend, "resume": interventions.resume}
_WORDS = {"suspend": "暂停", "resume": "恢复"}


@blueprint.get("")
@security.requires(*supervision.WATCHERS)
def index() -> str:
    viewer, filters = security.viewer(), _filters()
    listing, choices = db.read_only(_read, viewer, filters)
    last = listing.lines[-1].row.position if listing.more else None
    return render_template(
        "instances/index.html",
        filters=filters,
        listing=listing,
        choices=choices,
        can_act=viewer.has(supervision.OPERATOR),
        link=partial(_link, filters),
        next_page=keyset.pack(last) if last else "",
    )


def _read(session: db.Session, viewer: User, filters: Filters) -> tuple[Listing, Choices]:
    return (
        supervision.listing(session, viewer, filters),
        supervision.choices(session, viewer, filters),
    )


def _filters() -> Filters:
    """From the address; what is unknown there counts as not given."""
    given = request.args.get
    state = given("state", "open")
    return Filters(
        case_no=given("case_no", "").strip(),
        key=given("key", ""),
        version=given("version", type=int),
        state=state if state in monitoring.STATES else "open",
        element=given("element", "") if given("key") else "",
        person=given("person", "").strip(),
        overdue=given("overdue") == "1",
        after=keyset.unpack(given("after", ""), keyset.NUMBER, keyset.ID),
    )


def _link(filters: Filters, **changes: Any) -> str:
    """Address of the list with some filters changed; without ``after`` it begins on the first page."""
    named = asdict(filters) | {"after": ""} | changes
    named["overdue"] = "1" if named["overdue"] else ""
    named["state"] = named["state"] if named["state"] != "open" else ""
    return url_for(".index", **{name: value for name, value in named.items() if value})


# ---------------------------------------------------------------- many at once


@blueprint.get("/<any(suspend, resume):act>")
@security.requires(supervision.OPERATOR)
def ask(act: str) -> str:
    """The dialog that asks for a note."""
    return _form(act)


def _form(act: str, *, error: str = "") -> str:
    lines = db.read_only(_lines, security.viewer(), act)
    return render_template(
        "instances/act.html",
        act=act,
        lines=lines,
        error=error,
        typed=request.values.get("note"),
        back=many.back_to(url_for(".index")),
    )


def _lines(session: db.Session, viewer: User, act: str) -> list[Line]:
    """Of the ticked ones those that the act is for."""
    wanted = {"suspend": ("running", "incident"), "resume": ("suspended",)}[act]
    found = supervision.of_ids(session, viewer, many.ticked())
    return [line for line in found if line.row.state in wanted]


@blueprint.post("/<any(suspend, resume):act>")
@security.requires(supervision.OPERATOR)
def act(act: str) -> Response:
    note = request.form.get("note", "")
    try:
        interventions.checked(note)
    except (NoteMissing, NoteTooLong) as error:
        return make_response(_form(act, error=str(error)), 422)
    ids = many.ticked()
    if not ids:
        abort(400)
    results = many.each(ids, _ACTS[act], security.viewer(), note)
    flash(results.sentence(_WORDS[act], "个流程"))
    return redirect(many.back_to(url_for(".index")), 303)
