from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from engine import db, secret_keys
from engine.casefile.people import users
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound, TaskTaken
from tests.webui.conftest import ORIGIN, StrictClient, check_html
from webui import security
from webui.app import create_app

PASSWORD = "correct horse"


class NotYet(EngineError):
    """说明还没有填写"""

    code = "not_yet"


@pytest.fixture
def app(database: str) -> Flask:
    """The application and a few views that go wrong."""
    app = create_app({"SECRET_KEY": "of the tests"})
    app.test_client_class = StrictClient
    blueprint = Blueprint("wrong", __name__, url_prefix="/wrong")

    @blueprint.get("/<kind>")
    @security.requires()
    def fail(kind: str) -> str:
        kinds: dict[str, Exception] = {
            "not_found": NotFound(),
            "taken": TaskTaken("陆怀瑾 10:01"),
            "not_yet": NotYet(),
            "bug": ZeroDivisionError("the secret detail"),
            "unforeseen": EngineError("the secret detail"),
        }
        raise kinds[kind]

    @blueprint.post("/change")
    @security.requires("operator")
    def change() -> dict[str, bool]:
        return {"done": True}

    @blueprint.post("/program")
    @security.signed
    def program() -> dict[str, bool]:
        return {"done": True}

    @blueprint.get("/editor")
    @security.requires()
    @security.styled_inline
    def editor() -> dict[str, bool]:
        return {"editor": True}

    @blueprint.post("/leave")
    @security.requires()
    def leave() -> object:
        from flask import redirect

        return redirect("/wrong/editor", 303)

    app.register_blueprint(blueprint)
    return app


@pytest.fixture
def judges(as_user: Callable[[User], FlaskClient], judge: User) -> FlaskClient:
    return as_user(judge)


# ---------------------------------------------------------------- who may call


def test_every_route_has_a_rule_and_only_sign_in_and_secret_links_are_open(app: Flask) -> None:
    rules = security.access_rules(app)
    assert set(rules) == set(app.view_functions)
    open_to_all = {name for name, rule in rules.items() if rule.kind == "public"}
    by_secret_link = {
        rule.endpoint for rule in app.url_map.iter_rules() if "token" in rule.arguments
    }
    signing_in = {"sign_in.login", "sign_in.sign_in", "sign_in.logout"}
    assert open_to_all - by_secret_link == signing_in


def test_a_view_without_a_rule_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/silent", "silent", lambda: "")
    with pytest.raises(security.RouteWithoutRule, match="silent"):
        security.access_rules(app)


def test_a_role_that_the_viewer_lacks_is_403(
    judges: FlaskClient, as_user: Callable[[User], FlaskClient], make_user: Callable[..., User]
) -> None:
    assert judges.post("/wrong/change").status_code == 403
    operator = as_user(make_user("heyuan", "何予安", "operator"))
    assert operator.post("/wrong/change").json == {"done": True}


def test_something_sent_after_the_session_ended_is_401_and_not_lost(
    judges: FlaskClient, judge: User
) -> None:
    token = judges.form_token()  # type: ignore[attr-defined]
    db.in_transaction(users.revoke_sessions, judge.id)
    page = judges.post("/wrong/change", headers={"X-CSRFToken": token})
    assert page.status_code == 401
    part = judges.post("/wrong/change", headers={"X-CSRFToken": token, "HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Retarget"]) == (401, "#toasts")
    assert "没有丢失" in part.get_data(as_text=True)


# ---------------------------------------------------------------- the database


def test_after_a_restart_of_the_database_the_next_page_is_there(judges: FlaskClient) -> None:
    url = db.url()
    with psycopg.connect(url, autocommit=True) as outside:
        outside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert judges.get("/wrong/taken").status_code == 409


def test_while_the_database_is_away_a_page_says_so_without_a_menu(
    judges: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = judges.form_token()  # type: ignore[attr-defined]
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    monkeypatch.setattr(db, "_PATIENCE", 0.2)
    page = judges.post("/wrong/change", headers={"X-CSRFToken": token})
    text = page.get_data(as_text=True)
    assert page.status_code == 503 and "没有丢失" in text and "错误号" not in text
    monkeypatch.undo()
    assert judges.get("/login").status_code == 302


# ---------------------------------------------------------------- where from


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": ORIGIN}, 403),  # passes the origin check, then lacks the role
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": ORIGIN}, 403),
    ],
)
def test_changes_come_only_from_our_own_pages(
    app: Flask,
    as_user: Callable[[User], FlaskClient],
    make_user: Callable[..., User],
    headers: dict[str, str],
    status: int,
) -> None:
    operator = as_user(make_user("heyuan", "何予安", "operator"))
    token = operator.form_token()  # type: ignore[attr-defined]
    answer = operator.post("/wrong/change", headers=headers | {"X-CSRFToken": token}, raw=True)
    expected = 200 if headers == {"Origin": ORIGIN} else status
    assert answer.status_code == expected


def test_a_change_that_does_not_say_where_it_comes_from_is_refused(judges: FlaskClient) -> None:
    token = judges.form_token()  # type: ignore[attr-defined]
    assert judges.post("/logout", headers={"X-CSRFToken": token}, raw=True).status_code == 403


def test_a_change_without_form_token_is_refused_with_what_to_do(judges: FlaskClient) -> None:
    answer = judges.post("/logout", headers={"Origin": ORIGIN}, raw=True)
    assert answer.status_code == 400
    assert "请刷新后再试" in answer.get_data(as_text=True)


def test_programs_need_neither_origin_nor_form_token(client: FlaskClient) -> None:
    assert client.post("/wrong/program", raw=True).json == {"done": True}


# ---------------------------------------------------------------- what is said


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("not_found", 404, "没有找到，可能已被删除或编号有误。"),
        ("taken", 409, "该事项已由他人认领：陆怀瑾 10:01。"),
        ("not_yet", 422, "说明还没有填写。"),
    ],
)
def test_a_refusal_is_its_sentence_as_a_page_and_as_a_toast(
    judges: FlaskClient, kind: str, status: int, sentence: str
) -> None:
    page = judges.get(f"/wrong/{kind}")
    assert page.status_code == status
    assert sentence in page.get_data(as_text=True)
    assert "<html" in page.get_data(as_text=True)
    part = judges.get(f"/wrong/{kind}", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Reswap"]) == (status, "beforeend")
    assert sentence in part.get_data(as_text=True)
    assert "<html" not in part.get_data(as_text=True)


@pytest.mark.parametrize("kind", ["bug", "unforeseen"])
def test_a_failure_shows_a_number_that_the_log_carries_and_nothing_else(
    judges: FlaskClient, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = judges.get(f"/wrong/{kind}")
    text, number = answer.get_data(as_text=True), answer.headers["X-Error-Number"]
    assert answer.status_code == 500
    assert number in text
    assert "secret detail" not in text
    assert "Traceback" not in text
    assert number in capsys.readouterr().out


def test_errors_are_never_kept(judges: FlaskClient) -> None:
    for path in ("/nowhere", "/wrong/bug", "/wrong/taken"):
        assert judges.get(path).headers["Cache-Control"] == "no-store"


def test_a_file_that_is_too_large_is_said_to_be(app: Flask, judges: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 2000
    answer = judges.post("/logout", data={"text": "x" * 3000}, headers={"X-CSRFToken": "x"})
    assert answer.status_code == 413
    assert "文件太大" in answer.get_data(as_text=True)


def test_a_redirect_reaches_htmx_as_a_page_move(judges: FlaskClient) -> None:
    answer = judges.post("/wrong/leave", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/wrong/editor")
    assert "Location" not in answer.headers


# ---------------------------------------------------------------- headers


def test_pages_carry_a_policy_without_inline_anything(judges: FlaskClient) -> None:
    headers = judges.get("/login").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_only_the_editors_may_write_style_attributes(judges: FlaskClient) -> None:
    policy = judges.get("/wrong/editor").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy


def test_pages_are_compressed_for_whoever_understands_it(client: FlaskClient) -> None:
    import brotli

    answer = client.get("/login", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br"
    check_html(brotli.decompress(answer.get_data()).decode(), fragment=False)
    assert "Content-Encoding" not in client.get("/login").headers


def test_the_secret_is_made_once_and_kept_private(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    made = secret_keys.of_platform()
    assert secret_keys.of_platform() == made
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert len(made) > 40


# ---------------------------------------------------------------- the tests themselves


def test_the_client_notices_broken_html(app: Flask, judges: FlaskClient) -> None:
    import html5lib

    app.view_functions["wrong.editor"] = security.requires()(lambda: "<p><div></p>")
    with pytest.raises(html5lib.html5parser.ParseError):
        judges.get("/wrong/editor")


def test_the_client_notices_changes_that_nobody_committed(
    app: Flask, judges: FlaskClient, judge: User
) -> None:
    def careless() -> str:
        with db.engine().connect() as session:
            users.sign_out(session, "no such token")
        return "<p>looks fine"

    app.view_functions["wrong.editor"] = security.requires()(careless)
    with pytest.raises(AssertionError, match="not committed"):
        judges.get("/wrong/editor")
