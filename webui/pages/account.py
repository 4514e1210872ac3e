"""我的账户: one's own data, telephone, password and sessions; the only page of who has a one-time password."""

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.people import accounts, duties, passwords, people
from webui import account_history, security, sign_in

blueprint = Blueprint("account", __name__, url_prefix="/account")
REFUSED = 422
_NOTHING: Mapping[str, str] = {}


@blueprint.get("")
@security.requires_sign_in_only
def show() -> str:
    return _page()


def _page(errors: Mapping[str, str] = _NOTHING, phone: str | None = None) -> str:
    viewer, token = security.viewer(), sign_in.session_token()
    return render_template(
        "account/show.html",
        sessions=db.read_only(accounts.sessions, viewer, token),
        history=db.read_only(people.history, viewer.id),
        history_words=account_history,
        duties=duties.words(viewer.roles),
        shortest=passwords.SHORTEST,
        longest=passwords.LONGEST,
        errors=errors,
        phone=viewer.phone if phone is None else phone,
        next=request.values.get("next", ""),
    )


@blueprint.post("/password")
@security.requires_sign_in_only
def change_password() -> Response:
    """On to the page that was wanted, if this one stood before it."""
    viewer, form = security.viewer(), request.form
    change = accounts.Change(*(form.get(name, "") for name in ("current", "new", "again")))
    token = sign_in.session_token()
    errors = db.in_transaction(accounts.change_password, viewer, token, change)
    if errors:
        return make_response(_page(errors), REFUSED)
    flash("密码已修改，其他登录已退出")
    here = url_for(".show")
    return redirect(sign_in.wanted_path() if viewer.must_change_password else here, 303)


@blueprint.post("/phone")
@security.requires()
def change_phone() -> Response:
    phone = request.form.get("phone", "").strip()
    fault = db.in_transaction(accounts.change_phone, security.viewer(), phone)
    if fault:
        return make_response(_page({"phone": fault}, phone), REFUSED)
    flash("电话已保存")
    return redirect(url_for(".show"), 303)


@blueprint.post("/sessions/end")
@security.requires()
def leave_elsewhere() -> Response:
    """退出其他登录."""
    token = sign_in.session_token()
    ended = db.in_transaction(accounts.leave_elsewhere, security.viewer(), token)
    flash(f"已退出其他 {ended} 处登录" if ended else "没有其他登录")
    return redirect(url_for(".show"), 303)
