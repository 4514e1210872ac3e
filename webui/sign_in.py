"""Signing in and out, and who asks. A session is a row of ours; the cookie carries its token only."""

import hashlib
import hmac
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from engine import config, db
from engine.casefile.people import accounts, courts, users
from engine.casefile.people.courts import Court
from engine.casefile.people.users import SignInRefused, User
from webui import error_pages, labels, security

blueprint = Blueprint("sign_in", __name__)

#: Of every demo user; the demo court is made with it. Without FENDUAN_DEMO=1 nobody has it.
DEMO_PASSWORD = "demo"  # noqa: S105
REFUSED = 422


@blueprint.get("/login")
@security.public
def login() -> str | AnyResponse:
    if g.viewer:
        return redirect(wanted_path())
    return _page()


@blueprint.post("/login")
@security.public
def sign_in() -> AnyResponse | tuple[str, int]:
    login_, password = request.form.get("login", "").strip(), request.form.get("password", "")
    done = db.in_transaction(users.sign_in, login_, password)
    if isinstance(done, SignInRefused):
        return _page(login=login_, error=str(done)), REFUSED
    user, token = done
    session.clear()
    session["csrf_token"] = _form_secret(user)
    response = redirect(wanted_path(), 303)
    https = security.is_https()
    response.set_cookie(
        security.cookie_name("session", https=https),
        token,
        max_age=int(users.SESSION_LENGTH.total_seconds()),
        httponly=True,
        secure=https,
        samesite="Lax",
    )
    return response


@blueprint.post("/logout")
@security.public
def logout() -> AnyResponse:
    token = session_token()
    if token:
        db.in_transaction(users.sign_out, token)
    session.clear()
    flash(labels.SIGNED_OUT)
    response = redirect(url_for("sign_in.login"), 303)
    https = security.is_https()
    response.delete_cookie(security.cookie_name("session", https=https), secure=https)
    # The next person at this computer must not go back to these pages.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _page(login: str = "", error: str = "") -> str:
    found, demo = db.read_only(_courts_and_demo)
    return render_template(
        "login.html",
        court_name="、".join(court.name for court in found[:3]),
        login=login,
        error=error,
        next=request.values.get("next", ""),
        demo=demo,
        demo_password=DEMO_PASSWORD,
    )


def _courts_and_demo(session: db.Session) -> tuple[list[Court], list[User]]:
    found = courts.all_(session)
    demo = users.of_court(session, found[0].id) if found and config.is_demo() else []
    return found, demo


def wanted_path() -> str:
    """Where to go after signing in, or after the first own password: only to a path of ours."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    foreign = (
        parts.scheme or parts.netloc or not wanted.startswith("/") or wanted[1:2] in ("/", "\\")
    )
    return url_for("home") if foreign else wanted


def _form_secret(user: User) -> str:
    """The same for all sessions of a person: pages left open stay usable after signing in again."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"form:" + user.id.bytes, hashlib.sha256).hexdigest()


# ---------------------------------------------------------------- who asks


def load_viewer() -> None:
    """Sets ``g.viewer`` and ``g.court``, and turns away who may not call this route."""
    g.viewer = g.court = None
    token = session_token()
    if token:
        found = db.read_only(_of_token, token)
        if found:
            g.viewer, g.court = found
            if accounts.is_worth_noting(g.viewer):
                db.in_transaction(accounts.note_seen, token)
    rule = security.rule_here()
    if rule is None:
        return
    if rule.kind == "person" and not rule.before_own_password and _has_one_time_password():
        abort(_ask_for_own_password())
    if not rule.allows(g.viewer):
        abort(403 if g.viewer else _ask_to_sign_in())


def _of_token(session: db.Session, token: str) -> tuple[User, Court] | None:
    user = users.of_token(session, token)
    return (user, courts.get(session, user.court_id)) if user else None


def session_token() -> str:
    """Of the session that asks; empty when nobody is signed in."""
    return request.cookies.get(security.cookie_name("session", https=security.is_https()), "")


def _ask_to_sign_in() -> int | Response:
    """A page is asked for: to the sign-in page and back. Something was sent: 401, it stays in the browser."""
    if request.method not in security.SAFE_METHODS or request.headers.get("HX-Request"):
        return 401
    wanted = request.full_path.rstrip("?")
    return make_response(redirect(url_for("sign_in.login", next=wanted if wanted != "/" else None)))


def _has_one_time_password() -> bool:
    return g.viewer is not None and g.viewer.must_change_password


def _ask_for_own_password() -> Response:
    """Nothing else can be read or done with a password that somebody else has set."""
    if request.method not in security.SAFE_METHODS:
        return error_pages.answer(error_pages.refusal(403, labels.ONE_TIME_FIRST))
    wanted = request.full_path.rstrip("?")
    is_page = wanted != "/" and not request.headers.get("HX-Request")
    return make_response(redirect(url_for("account.show", next=wanted if is_page else None)))


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.before_request(load_viewer)
