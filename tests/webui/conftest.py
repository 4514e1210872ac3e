"""A client that signs in as whom you like, reads every page strictly, and notices what was not committed.

``client`` asks as nobody, ``as_user("沈若川")``'s client as that person. Every HTML answer is parsed
by html5lib in strict mode, and no answer may leave changes behind that nobody committed.
"""

import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from engine import db
from engine.casefile.people import courts, users
from engine.casefile.people.users import User
from webui.app import create_app, page_modules

# The tables of all that pages use are known before the test database is made.
list(page_modules())

ORIGIN = "http://localhost"
PASSWORD = "correct horse"


class StrictClient(FlaskClient):
    """Sends what a browser sends: the form token and the origin."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        changes = ChangesWatch()
        method = kwargs.get("method", "GET").upper()
        raw = kwargs.pop("raw", False)
        if method not in ("GET", "HEAD") and not raw:
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("Origin", ORIGIN)
            headers.setdefault("X-CSRFToken", self.form_token())
            kwargs["headers"] = headers
        with changes:
            response = super().open(*args, **kwargs)
        plain = "Content-Encoding" not in response.headers
        if response.mimetype == "text/html" and plain and response.get_data():
            check_html(response.get_data(as_text=True), fragment="HX-Request" in _sent(kwargs))
        return response

    def form_token(self) -> str:
        """Of the session as it is now; asked for once in each, because the page it stands on is not cheap."""
        known = self.__dict__.setdefault("_tokens", {})
        cookie = self.get_cookie("fenduan_session")
        session = cookie.value if cookie else ""
        if session not in known:
            known[session] = self._read_token()
        return str(known[session])

    def _read_token(self) -> str:
        page = super().open("/login", follow_redirects=True).get_data(as_text=True)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found, "no form token on the page"
        return found[1]


def _sent(kwargs: dict[str, Any]) -> dict[str, Any]:
    return dict(kwargs.get("headers") or {})


def check_html(text: str, *, fragment: bool) -> None:
    parser = html5lib.HTMLParser(strict=True)
    if fragment and not text.lstrip().lower().startswith("<!doctype"):
        parser.parseFragment(text)
    else:
        parser.parse(text)


class ChangesWatch:
    """Fails when a connection goes back to the pool with changes that were rolled back silently."""

    CHANGES = re.compile(
        r"\s*(INSERT|UPDATE|DELETE|WITH\b.*\b(INSERT|UPDATE|DELETE))", re.IGNORECASE | re.DOTALL
    )

    def __enter__(self) -> None:
        self.open: dict[int, str] = {}
        self.engine = db.engine()
        event.listen(self.engine, "after_cursor_execute", self.executed)
        event.listen(self.engine, "commit", self.committed)
        event.listen(self.engine, "rollback", self.rolled_back)

    def executed(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self.CHANGES.match(statement):
            self.open[id(connection)] = statement

    def committed(self, connection: Any) -> None:
        self.open.pop(id(connection), None)

    def rolled_back(self, connection: Any) -> None:
        # An exception that flies rolls back on purpose; it is the answer then, never silence.
        if sys.exc_info()[0] is not None:
            self.open.pop(id(connection), None)

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "after_cursor_execute", self.executed)
        event.remove(self.engine, "commit", self.committed)
        event.remove(self.engine, "rollback", self.rolled_back)
        assert not self.open, f"changed but not committed: {list(self.open.values())}"
        assert self.engine.pool.checkedout() == 0, "a connection was not given back"


@pytest.fixture
def app(database: str) -> Flask:
    return _application()


@cache
def _application() -> Flask:
    """One for all tests of a process: its templates are compiled once. A test that changes it makes its own."""
    app = create_app({"SECRET_KEY": "of the tests", "TESTING": False})
    app.test_client_class = StrictClient
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Not signed in."""
    return app.test_client()


@pytest.fixture
def court(database: str) -> UUID:
    return db.in_transaction(
        courts.add,
        code="苏0199",
        name="临江市人民法院",
        short_name="临江法院",
        address="临江市法院路1号",
        phone="0000-0000000",
    )


@pytest.fixture
def make_user(court: UUID) -> Callable[..., User]:
    """``make_user("shenruochuan", "沈若川", "judge", team="property_control")``."""

    def make(login: str = "shenruochuan", name: str = "沈若川", *roles: str, **more: Any) -> User:
        more.setdefault("title", "法官")
        id_ = db.in_transaction(
            users.add, court, login=login, name=name, password=PASSWORD, roles=roles, **more
        )
        return db.read_only(users.get, id_)

    return make


@pytest.fixture
def as_user(app: Flask) -> Callable[[User], FlaskClient]:
    """A client that has signed in as this person."""

    def sign_in(user: User) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/login", data={"login": user.login, "password": PASSWORD})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return client

    return sign_in


@pytest.fixture
def judge(make_user: Callable[..., User]) -> User:
    return make_user("shenruochuan", "沈若川", "judge", team="property_control")


@pytest.fixture(autouse=True)
def no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FENDUAN_DEMO", raising=False)
    monkeypatch.delenv("FENDUAN_BASE_URL", raising=False)
