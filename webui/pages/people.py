"""人员管理: the court's people with their accounts. Configuration only; nothing here leads to a case."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile import labels
from engine.casefile.intake.cells import FileRefused, Refusal
from engine.casefile.oversight import supervision
from engine.casefile.people import duties, people, people_changes, people_import, users
from engine.casefile.people.people import File, Filters
from engine.casefile.people.people_changes import Given, HoldsWork, PersonIncomplete
from engine.casefile.people.people_import import RowsRefused
from webui import account_history, keyset, navigation, security

blueprint = Blueprint("people", __name__, url_prefix="/people")
NAV = [navigation.Entry("people", "people.index")]
ERRORS = {"changed_meanwhile": 409, "account_already_so": 409}
SIZE = 50
REFUSED = 422
#: Refused cells of a file that the page names; who mends these finds the rest the next time.
_SHOWN = 100


# ---------------------------------------------------------------- the list


@blueprint.get("")
@security.requires(users.SYSADMIN)
def index() -> str:
    filters = Filters(
        text=request.args.get("q", "").strip(),
        team=_known("team", {**labels.STAGES, people.NO_TEAM: ""}),
        role=_known("role", labels.ROLES),
        state=_known("state", people.STATES),
        after=_after(),
    )
    listing = db.read_only(people.listing, security.viewer(), filters, SIZE)
    last = listing.people[-1] if listing.more else None
    return render_template(
        "people/index.html",
        listing=listing,
        filters=filters,
        given={k: v for k, v in request.args.items() if v and k in ("q", "team", "role", "state")},
        next_page=keyset.pack((last.name, last.id)) if last else "",
        duties=duties,
        states=people.STATES,
        no_team=people.NO_TEAM,
    )


def _known(name: str, words: Mapping[str, str]) -> str:
    value = request.args.get(name, "")
    return value if value in words else ""


def _after() -> tuple[str, UUID] | None:
    found = keyset.unpack(request.args.get("after", ""), str, keyset.ID)
    return (found[0], found[1]) if found else None


# ---------------------------------------------------------------- a new person


@blueprint.get("/new")
@security.requires(users.SYSADMIN)
def new() -> str:
    return _new(Given(), {})


def _new(given: Given, errors: Mapping[str, str]) -> str:
    g.place = "people"
    return render_template("people/new.html", given=given, errors=errors, duties=duties)


@blueprint.post("/new")
@security.requires(users.SYSADMIN)
def add() -> Response:
    """The one-time password is in this answer and nowhere else."""
    given = _given()
    try:
        id_, password = db.in_transaction(people_changes.add, security.viewer(), given)
    except PersonIncomplete as error:
        return make_response(_new(given, error.problems), REFUSED)
    return _once(id_, password, "已添加")


def _given() -> Given:
    form = request.form
    return people_changes.tidied(
        Given(
            login=form.get("login", ""),
            name=form.get("name", ""),
            title=form.get("title", ""),
            phone=form.get("phone", ""),
            team=form.get("team") or None,
            roles=frozenset(form.getlist("roles")),
        )
    )


def _once(person_id: UUID, password: str, done: str) -> Response:
    g.place = "people"
    person = db.read_only(people.person, security.viewer(), person_id)
    page = render_template("people/password.html", person=person, password=password, done=done)
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/import")
@security.requires(users.SYSADMIN)
def import_form() -> str:
    return _import_page()


def _import_page(error: str = "", refusals: Sequence[Refusal] = ()) -> str:
    g.place = "people"
    return render_template(
        "people/import.html",
        error=error,
        refusals=refusals[:_SHOWN],
        hidden=max(0, len(refusals) - _SHOWN),
        columns=list(people_import.COLUMNS),
        most=people_import.MOST,
        duties=duties,
    )


@blueprint.post("/import")
@security.requires(users.SYSADMIN)
def import_file() -> Response:
    """All of the file or nobody; the one-time passwords are in this answer and nowhere else."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return make_response(_import_page("请选择要导入的文件"), REFUSED)
    try:
        added = db.in_transaction(people_import.import_file, security.viewer(), file.read())
    except RowsRefused as refused:
        return make_response(_import_page(str(refused), refused.refusals), REFUSED)
    except FileRefused as refused:
        return make_response(_import_page(f"{file.filename}：{refused}"), REFUSED)
    g.place = "people"
    answer = make_response(render_template("people/imported.html", added=added))
    answer.headers["Cache-Control"] = "no-store"
    return answer


# ---------------------------------------------------------------- one person


@blueprint.get("/<uuid:person_id>")
@security.requires(users.SYSADMIN)
def show(person_id: UUID) -> str:
    return _page(person_id)


def _page(person_id: UUID, given: Given | None = None, **more: Any) -> str:
    g.place = "people"
    viewer = security.viewer()
    file = db.read_only(people.file, viewer, person_id)
    return render_template(
        "people/show.html",
        file=file,
        given=given or _stored(file),
        duties=duties,
        states=people.STATES,
        history_words=account_history,
        sees_desks=viewer.has(*supervision.WATCHERS),
        **({"errors": {}, "refusal": ""} | more),
    )


def _stored(file: File) -> Given:
    one = file.person
    return Given(one.name, one.title, one.phone, one.team, one.roles, one.login)


@blueprint.post("/<uuid:person_id>")
@security.requires(users.SYSADMIN)
def change(person_id: UUID) -> Response:
    given, seen = _given(), request.form.get("seen", 0, type=int)
    try:
        db.in_transaction(people_changes.change, security.viewer(), person_id, given, seen)
    except PersonIncomplete as error:
        return make_response(_page(person_id, given, errors=error.problems), REFUSED)
    flash("已保存，立即生效")
    return redirect(url_for(".show", person_id=person_id), 303)


@blueprint.post("/<uuid:person_id>/password")
@security.requires(users.SYSADMIN)
def reset_password(person_id: UUID) -> Response:
    """The one-time password is in this answer and nowhere else."""
    password = db.in_transaction(people_changes.reset_password, security.viewer(), person_id)
    return _once(person_id, password, "已重置密码")


@blueprint.post("/<uuid:person_id>/disable")
@security.requires(users.SYSADMIN)
def disable(person_id: UUID) -> Response:
    try:
        return _done(people_changes.disable, person_id, "账号已停用，登录已全部退出")
    except HoldsWork as error:
        return make_response(_page(person_id, refusal=str(error)), REFUSED)


@blueprint.post("/<uuid:person_id>/enable")
@security.requires(users.SYSADMIN)
def enable(person_id: UUID) -> Response:
    return _done(people_changes.enable, person_id, "账号已启用")


@blueprint.post("/<uuid:person_id>/unlock")
@security.requires(users.SYSADMIN)
def unlock(person_id: UUID) -> Response:
    return _done(people_changes.unlock, person_id, "已解除暂停登录")


def _done(act: Callable[..., None], person_id: UUID, said: str) -> Response:
    db.in_transaction(act, security.viewer(), person_id)
    flash(said)
    return redirect(url_for(".show", person_id=person_id), 303)
