"""Every refusal and failure as a page, or as a message when htmx asked for a part of one.

A view lets ``EngineError`` fly; its sentence is shown and its kind decides the status. What nobody
foresaw gets a number, which the page shows and the log carries with the true exception.
"""

import secrets
from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.errors import EngineError
from webui import labels

log = structlog.get_logger("webui")

INTERNAL = 500
UNSIGNED = 401
AWAY = 503
#: Status by ``EngineError.code``; page modules add theirs with ``ERRORS``. Everything else is 422.
STATUS = {
    "not_found": 404,
    "forbidden": 403,
    # Somebody else was first.
    "busy": 409,
    "stale": 409,
    "task_closed": 409,
    "task_taken": 409,
    "instance_closed": 409,
    "instance_stands_still": 409,
    "incident_closed": 409,
    "commit_unknown": 409,
    "database_away": 503,
    # Nothing the reader could mend.
    "engine_error": 500,
    "state_damaged": 500,
    "no_operation": 500,
    "no_such_asset": 500,
}
_ICONS = {403: "ban", 404: "file-search", 409: "users", 413: "file-x", 503: "hourglass"}


@dataclass(frozen=True)
class Refusal:
    """What the page says."""

    status: int
    title: str
    text: str
    number: str = ""  #: only for failures of ours

    @property
    def icon(self) -> str:
        return _ICONS.get(self.status, "circle-x")


def refusal(status: int, text: str = "", number: str = "") -> Refusal:
    title, usual = labels.ERROR_PAGES.get(status, labels.ERROR_PAGES[500])
    return Refusal(status, title, text or usual, number)


def answer(refused: Refusal) -> Response:
    """The page; for htmx a toast, whatever the request wanted to replace."""
    if request.headers.get("HX-Request"):
        response = make_response(render_template("_error.html", error=refused))
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
        response.headers["HX-Reselect"] = ".toast"
    else:
        response = make_response(render_template("error.html", error=refused))
    response.status_code = refused.status
    if refused.number:
        response.headers["X-Error-Number"] = refused.number
    return response


def on_engine_error(error: EngineError) -> Response:
    status = STATUS.get(error.code, 422)
    if status >= INTERNAL and status != AWAY:
        return on_failure(error)
    log.info("refused", code=error.code, path=request.path, status=status)
    if status == AWAY:
        g.viewer = None  # his menu counts in the database
    return answer(refusal(status, _sentence(str(error))))


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "？")) else f"{text}。"


def on_http_error(error: HTTPException) -> Response:
    """404 for a wrong address, 403 for a foreign origin, 413 for a file that is too large, …"""
    if error.response is not None:  # abort(redirect(…)) or a finished answer
        return make_response(error.response)
    status = error.code or INTERNAL
    if status >= INTERNAL:
        return on_failure(error)
    log.info("refused", path=request.path, status=status)
    expired = status == UNSIGNED and request.headers.get("HX-Request")
    response = answer(refusal(status, labels.SESSION_EXPIRED if expired else ""))
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def on_stale_form(error: CSRFError) -> Response:
    log.warning("form token refused", path=request.path, reason=str(error.description))
    return answer(refusal(400, labels.FORM_EXPIRED))


def on_failure(error: Exception) -> Response:
    number = f"E{secrets.token_hex(3).upper()}"
    viewer = g.get("viewer")
    log.error(
        "request failed",
        number=number,
        method=request.method,
        path=request.path,
        endpoint=request.endpoint,
        viewer=str(viewer.id) if viewer else None,
        exc_info=error,
    )
    g.failed = True
    try:
        return answer(refusal(INTERNAL, number=number))
    except Exception:  # the page itself is broken: a sentence is better than a stack trace
        log.exception("error page failed", number=number)
        title, text = labels.ERROR_PAGES[INTERNAL]
        plain = Response(f"{title}：{text}（错误号 {number}）", INTERNAL, mimetype="text/plain")
        plain.headers["X-Error-Number"] = number
        return plain


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, on_stale_form)
    app.register_error_handler(EngineError, on_engine_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_failure)
