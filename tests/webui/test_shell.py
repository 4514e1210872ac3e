from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from engine import clock
from engine.casefile.people.users import User
from webui.sign_in import DEMO_PASSWORD

PASSWORD = "correct horse"


def test_the_sign_in_page_names_the_court_and_the_four_stages(
    client: FlaskClient, judge: User
) -> None:
    text = client.get("/login").get_data(as_text=True)
    assert "临江市人民法院" in text
    assert all(stage in text for stage in ("财产查控", "财产处置", "案款分配", "结案归档"))


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(
    client: FlaskClient, judge: User
) -> None:
    answer = client.get("/?x=1")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/?x%3D1"
    signed = client.post(
        "/login", data={"login": judge.login, "password": PASSWORD, "next": "/?x=1"}
    )
    assert (signed.status_code, signed.location) == (303, "/?x=1")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "x"]
)
def test_signing_in_never_leads_to_another_site(
    client: FlaskClient, judge: User, target: str
) -> None:
    answer = client.post(
        "/login", data={"login": judge.login, "password": PASSWORD, "next": target}
    )
    assert answer.location == "/"


def test_a_wrong_password_says_so_and_keeps_the_name(client: FlaskClient, judge: User) -> None:
    answer = client.post("/login", data={"login": judge.login, "password": "wrong"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "用户名或者密码不正确" in text
    assert f'value="{judge.login}"' in text
    assert "wrong" not in text


def test_signing_out_ends_the_session_on_the_server(
    as_user: Callable[[User], FlaskClient], judge: User
) -> None:
    client = as_user(judge)
    cookie = client.get_cookie("fenduan_session")
    assert cookie is not None
    assert client.post("/logout").status_code == 303
    client.set_cookie("fenduan_session", cookie.value)
    assert client.get("/").status_code == 302


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(
    client: FlaskClient, judge: User
) -> None:
    answer = client.post("/login", data={"login": judge.login, "password": PASSWORD})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "fenduan_session" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_bound_to_host_and_https(client: FlaskClient, judge: User) -> None:
    answer = client.post(
        "/login",
        data={"login": judge.login, "password": PASSWORD},
        base_url="https://localhost",
        headers={"Origin": "https://localhost"},
    )
    # The form token came over http, so its cookie is there too; the session's is what counts.
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "__Host-fenduan_session" in c)
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_demo_users_are_listed_only_in_the_demo(
    client: FlaskClient, judge: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "演示用户" not in client.get("/login").get_data(as_text=True)
    monkeypatch.setenv("FENDUAN_DEMO", "1")
    text = client.get("/login").get_data(as_text=True)
    assert "演示用户" in text
    assert DEMO_PASSWORD in text
    assert judge.name in text


def test_a_page_is_drawn_in_the_theme_and_row_height_of_the_cookies(client: FlaskClient) -> None:
    client.set_cookie("theme", "dark")
    client.set_cookie("density", "<compact>")
    text = client.get("/login").get_data(as_text=True)
    assert 'data-theme="dark" data-density="normal"' in text


def test_a_moved_demo_clock_is_said_on_every_page(
    as_user: Callable[[User], FlaskClient], judge: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user(judge)
    assert "演示时钟" not in client.get("/nowhere").get_data(as_text=True)
    monkeypatch.setenv("FENDUAN_DEMO", "1")
    assert "演示时钟" not in client.get("/nowhere").get_data(as_text=True)
    clock.move(timedelta(days=40))
    assert "演示时钟" in client.get("/nowhere").get_data(as_text=True)


def test_an_unknown_address_says_so_inside_the_frame_of_the_platform(
    as_user: Callable[[User], FlaskClient], judge: User
) -> None:
    answer = as_user(judge).get("/nowhere")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "没有找到这个页面" in text
    assert judge.name in text


def test_the_form_token_survives_signing_in_again(
    app: Flask, as_user: Callable[[User], FlaskClient], judge: User
) -> None:
    client = as_user(judge)
    left_open = client.form_token()  # type: ignore[attr-defined]
    client.post("/login", data={"login": judge.login, "password": PASSWORD})
    answer = client.post("/logout", headers={"X-CSRFToken": left_open})
    assert answer.status_code == 303


def test_pages_without_a_blueprint_are_no_menu_entries(
    as_user: Callable[[User], FlaskClient], judge: User, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "navigation", [])
    client = as_user(judge)
    answer = client.get("/")
    assert answer.status_code == 403
    assert "流程设计" not in answer.get_data(as_text=True)


def test_a_menu_entry_is_shown_to_whom_the_view_allows(
    judge: User, make_user: Callable[..., User]
) -> None:
    from webui import navigation, security
    from webui.app import create_app

    blueprint = Blueprint("watch", __name__)

    @blueprint.get("/watched")
    @security.requires("operator")
    def incidents() -> str:
        return ""

    app = create_app({"SECRET_KEY": "x"})
    app.register_blueprint(blueprint)
    navigation.register(
        app, [navigation.Entry("incidents", "watch.incidents", count=lambda _s, _u: 3)]
    )
    operator = make_user("heyuan", "何予安", "operator")
    from engine import db

    with app.test_request_context("/watched"):
        assert db.read_only(navigation.sections, judge) == []
        [(section, [link])] = db.read_only(navigation.sections, operator)
    assert (section, link.text, link.count, link.current) == ("监督", "异常处理", 3, True)


def test_macros_work_with_and_without_a_body(app: Flask) -> None:
    template = """{% from '_macros.html' import empty_state, note %}
    {{ note('info', '只有标题') }}{% call note('bad', role='alert') %}正文{% endcall %}
    {{ empty_state('inbox', '没有待办') }}
    {% call empty_state('inbox', '没有案件') %}<a href="/">清除条件</a>{% endcall %}"""
    with app.test_request_context("/"):
        text = app.jinja_env.from_string(template).render()
    assert text.count('class="button-row"') == 1
    assert all(words in text for words in ("只有标题", "正文", "没有待办", "清除条件"))
