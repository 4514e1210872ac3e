"""The web application: put together here, thin everywhere else."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

from flask import Flask, g, redirect, request
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response

from engine import clock, config, db
from engine.casefile.people import notices
from engine.casefile.people.users import User
from webui import assets, compression, error_pages, labels, navigation, pages, security, sign_in

#: Below that the clock counts as not moved.
_MOVED = timedelta(minutes=1)
_THEMES = frozenset({"light", "dark"})
_DENSITIES = frozenset({"normal", "compact"})


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application with every module of ``webui/pages``.

    Raises ``assets.BundleMissing`` when ``make setup`` has not run, ``security.RouteWithoutRule``
    when a view does not say who may call it.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(settings or {})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    assets.register(app)
    compression.register(app)  # after_request runs last to first: compressed when all is said
    error_pages.register(app)
    sign_in.register(app)  # before the origin is checked, so that a refusal knows whom it tells
    security.register(app)
    _register_pages(app)
    app.after_request(redirect_whole_page)
    app.add_url_rule("/", "home", home)
    app.context_processor(page_context)
    app.jinja_env.filters.update(yuan=yuan, day=day, moment=moment)
    app.jinja_env.globals.update(STAGES=labels.STAGES, platform=labels.PLATFORM)
    app.extensions["access"] = security.access_rules(app)
    return app


def page_modules() -> Iterator[ModuleType]:
    """Every module of ``webui/pages`` that has a blueprint."""
    for found in pkgutil.iter_modules(pages.__path__):
        module = importlib.import_module(f"{pages.__name__}.{found.name}")
        if hasattr(module, "blueprint"):
            yield module


def _register_pages(app: Flask) -> None:
    entries: list[navigation.Entry] = []
    for module in page_modules():
        app.register_blueprint(module.blueprint)
        entries += getattr(module, "NAV", [])
        error_pages.STATUS.update(getattr(module, "ERRORS", {}))
    navigation.register(app, entries)


@security.requires()
def home() -> Response | str:
    url = navigation.first_url(security.viewer())
    if url is None:
        return error_pages.answer(error_pages.refusal(403))
    return redirect(url)


def redirect_whole_page(response: Response) -> Response:
    """A view redirects in one way; htmx would follow by itself and put the page into a part of the old one."""
    if response.status_code in (302, 303) and request.headers.get("HX-Request"):
        response.headers["HX-Redirect"] = response.headers.pop("Location")
        response.status_code = 204
        response.set_data(b"")
    return response


# ---------------------------------------------------------------- what every template knows


def page_context() -> dict[str, Any]:
    viewer = g.get("viewer")
    # Who must first choose his own password has no menu: every entry would lead back.
    works = viewer is not None and not viewer.must_change_password
    menu, unread = db.read_only(_standing, viewer) if works and _is_page() else ([], 0)
    return {
        "viewer": viewer,
        "court": g.get("court"),
        "menu": menu,
        "unread_notices": unread,
        "search_url": navigation.url_of("case_search", viewer) if works else None,
        "theme": _chosen("theme", _THEMES, "light"),
        "density": _chosen("density", _DENSITIES, "normal"),
        "clock_moved_to": clock.now() if clock_is_moved() else None,
        "is_demo": config.is_demo(),
        "today": day(clock.today()),
        "printed_at": moment(clock.now()),
    }


def _standing(
    session: db.Session, viewer: User
) -> tuple[list[tuple[str, list[navigation.Link]]], int]:
    """The viewer's menu with its numbers, and how many notices wait unread."""
    return navigation.sections(session, viewer), notices.unread(session, viewer)


def _is_page() -> bool:
    """Not when htmx asks for a part only, and not for the page of a failure, which may be the database's."""
    return request.headers.get("HX-Request-Type") != "partial" and not g.get("failed")


def _chosen(cookie: str, allowed: frozenset[str], usual: str) -> str:
    chosen = request.cookies.get(cookie, usual)
    return chosen if chosen in allowed else usual


def clock_is_moved() -> bool:
    """Only in the demo: every page then says so."""
    return config.is_demo() and abs(clock.now() - clock.real_now()) > _MOVED


# ---------------------------------------------------------------- filters


def yuan(amount: Decimal | None) -> str:
    """``1,234.50``; the unit stands in the head of the column. Nothing for None."""
    return "" if amount is None else f"{amount:,.2f}"


def day(value: Any) -> str:
    """``2026-11-23``, in the court's days. Nothing for None."""
    if value is None:
        return ""
    found = clock.court_day(value) if hasattr(value, "tzinfo") else value
    return f"{found:%Y-%m-%d}"


def moment(value: Any) -> str:
    """``2026-11-23 10:02``, court time. Nothing for None."""
    return "" if value is None else f"{value.astimezone(clock.COURT_ZONE):%Y-%m-%d %H:%M}"
