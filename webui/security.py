"""Who may call a route, from where a request may come, and which headers an answer carries.

Every view says who may call it, with exactly one of::

    @public                      everybody, also without signing in
    @signed                      programs: the view itself checks a signature; no form token, no Origin
    @requires()                  everybody who is signed in
    @requires("judge", "operator")   whoever has one of these roles or rights
    @requires_sign_in_only       everybody who is signed in, even with a one-time password

The decorator stands directly under ``@blueprint.get(…)``. A view that says nothing stops the start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from engine import config, secret_keys
from engine.casefile.people.users import User

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_UPLOAD = 64 << 20  #: bytes
LARGEST_FORM = 2 << 20  #: bytes of typed text; files are counted apart
FIRST_ERROR = 400  #: the lowest status of a refusal


# ---------------------------------------------------------------- access


@dataclass(frozen=True)
class Access:
    """The rule of one view. ``roles`` empty: any signed-in person."""

    kind: str  #: public, signed or person
    roles: frozenset[str] = frozenset()
    #: Also for people whose password somebody else has set, to whom every other page is closed.
    before_own_password: bool = False

    def allows(self, viewer: User | None) -> bool:
        if self.kind != "person":
            return True
        return viewer is not None and (not self.roles or viewer.has(*self.roles))


class RouteWithoutRule(RuntimeError):
    """A programming error: these views say nothing about who may call them."""


def public(view: View) -> View:
    """Everybody, also without signing in."""
    return _mark(view, Access("public"))


def signed(view: View) -> View:
    """Programs. The view must check a signature or a secret in the address by itself."""
    return _mark(view, Access("signed"))


def requires(*roles_or_rights: str) -> Callable[[View], View]:
    """Signed-in people; with names, whoever has one of these roles or rights."""
    return lambda view: _mark(view, Access("person", frozenset(roles_or_rights)))


def requires_sign_in_only(view: View) -> View:
    """Signed-in people, even with a password that somebody else has set: what they need to choose their own."""
    return _mark(view, Access("person", before_own_password=True))


def styled_inline(view: View) -> View:
    """For the pages of bpmn.io's editors, which write ``style`` attributes; scripts stay strict."""
    view.styled_inline = True  # type: ignore[attr-defined]
    return view


def _mark(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def access_rules(app: Flask) -> dict[str, Access]:
    """Endpoint to rule, of every route; raises ``RouteWithoutRule`` naming those without."""
    rules = {name: getattr(view, "access", None) for name, view in app.view_functions.items()}
    silent = sorted(name for name, rule in rules.items() if rule is None)
    if silent:
        raise RouteWithoutRule(", ".join(silent))
    return {name: rule for name, rule in rules.items() if rule is not None}


def rule_of(endpoint: str | None) -> Access | None:
    """The rule of a view; None when there is no such view."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "access", None)


def rule_here() -> Access | None:
    """The rule of the view that will answer; None when no route fits."""
    return rule_of(request.endpoint)


# ---------------------------------------------------------------- origin and form token


csrf = CSRFProtect()


def refuse_foreign_origin() -> None:
    """403 unless a change comes from our own pages.

    ``Origin`` is what counts: ``Sec-Fetch-Site`` is absent on plain HTTP. One of them must be there.
    """
    rule = rule_here()
    if request.method in SAFE_METHODS or (rule and rule.kind == "signed"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in (None, "same-origin", "none") or (origin and origin not in _our_origins()):
        abort(403)
    if not site and not origin:
        abort(403)
    csrf.protect()


def _our_origins() -> set[str]:
    base = urlsplit(config.base_url())
    return {request.host_url.rstrip("/"), f"{base.scheme}://{base.netloc}"}


# ---------------------------------------------------------------- headers

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}


def content_security_policy(*, inline_styles: bool = False) -> str:
    policy = _POLICY | ({"style-src": "'self' 'unsafe-inline'"} if inline_styles else {})
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def add_headers(response: Response) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    relaxed = getattr(view, "styled_inline", False) and response.status_code < FIRST_ERROR
    headers = response.headers
    headers["Content-Security-Policy"] = content_security_policy(inline_styles=relaxed)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # The officers' pages photograph and note the place; nothing else of the device is used.
    headers["Permissions-Policy"] = "camera=(self), geolocation=(self), microphone=()"
    if is_https():
        headers["Strict-Transport-Security"] = "max-age=31536000"
    _say_how_long_to_keep(response)
    return response


def _say_how_long_to_keep(response: Response) -> None:
    """Errors never; pages not without asking. No ETag on pages: each carries a fresh form token,
    so they would never match. What a view sends with its own ETag (a stored document) keeps it.
    """
    if response.status_code >= FIRST_ERROR:
        response.headers["Cache-Control"] = "no-store"
        response.headers.pop("ETag", None)
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.update(("Cookie", "HX-Request"))


def is_https() -> bool:
    return request.is_secure


# ---------------------------------------------------------------- set-up


def register(app: Flask) -> None:
    """Origin, token and headers for the whole application."""
    https = config.base_url().startswith("https:")
    app.config.setdefault("SECRET_KEY", None)
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or secret_keys.of_platform()
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SESSION_COOKIE_NAME=cookie_name("form", https=https),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_CHECK_DEFAULT=False,  # refuse_foreign_origin calls it: programs are exempt by rule
        WTF_CSRF_TIME_LIMIT=None,  # a page opened in the morning may be sent in the evening
        WTF_CSRF_SSL_STRICT=False,  # the Origin check is stricter than the Referer
    )
    csrf.init_app(app)
    app.before_request(refuse_foreign_origin)
    app.after_request(add_headers)


def cookie_name(purpose: str, *, https: bool) -> str:
    """``__Host-`` binds a cookie to this host and to HTTPS; browsers refuse the prefix without it."""
    return f"__Host-fenduan_{purpose}" if https else f"fenduan_{purpose}"


def viewer() -> User:
    """Who asks; only in views that require a person."""
    found: User | None = g.get("viewer")
    if found is None:
        abort(401)
    return found


__all__ = [
    "Access",
    "CSRFError",
    "RouteWithoutRule",
    "access_rules",
    "public",
    "requires",
    "requires_sign_in_only",
    "signed",
    "styled_inline",
    "viewer",
]
