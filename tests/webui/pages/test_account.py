"""我的账户: what everybody may do with his own account."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.people import accounts, people, users
from tests.casefile.court import PASSWORD, Court

Login = Callable[[str], FlaskClient]
GOOD = {"current": PASSWORD, "new": "four plain words", "again": "four plain words"}


def test_everybody_finds_his_account_in_the_menu(as_login: Login) -> None:
    client = as_login("shen")
    assert "我的账户" in client.get("/todo").get_data(as_text=True)
    page = client.get("/account").get_data(as_text=True)
    assert "承办法官" in page and "财产查控" in page and "当前登录" in page


def test_a_new_password_is_refused_at_its_field(as_login: Login) -> None:
    client = as_login("shen")
    for field, wrong in (
        ("current", {"current": "wrong"}),
        ("new", {"new": "short", "again": "short"}),
        ("new", {"new": "1234567890", "again": "1234567890"}),
        ("new", {"new": PASSWORD, "again": PASSWORD}),
        ("again", {"again": "four other words"}),
    ):
        answer = client.post("/account/password", data=GOOD | wrong)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    court: Court, as_login: Login
) -> None:
    here, there = as_login("shen"), as_login("shen")
    assert here.post("/account/password", data=GOOD).location == "/account"
    assert here.get("/todo").status_code == 200
    assert there.get("/todo").status_code == 302
    judge = court.user("shen")
    acts = db.read_only(people.history, judge.id)
    assert [(act.action, act.actor) for act in acts] == [("password_changed", "沈若川")]
    assert "本人修改密码" in here.get("/account").get_data(as_text=True)


def test_guessing_the_current_password_closes_the_account(as_login: Login) -> None:
    client = as_login("shen")
    for _ in range(users.ATTEMPTS):
        answer = client.post("/account/password", data=GOOD | {"current": "wrong"})
    assert "暂停登录" in answer.get_data(as_text=True)
    assert client.post("/account/password", data=GOOD).status_code == 422


def test_the_telephone_is_ones_own_to_change(court: Court, as_login: Login) -> None:
    client = as_login("shen")
    assert client.post("/account/phone", data={"phone": "0519-80001234"}).status_code == 303
    assert 'value="0519-80001234"' in client.get("/account").get_data(as_text=True)
    refused = client.post("/account/phone", data={"phone": "call me"})
    assert refused.status_code == 422 and 'value="call me"' in refused.get_data(as_text=True)


def test_other_sessions_can_be_left(as_login: Login) -> None:
    here, there = as_login("shen"), as_login("shen")
    assert "退出其他登录" in here.get("/account").get_data(as_text=True)
    assert here.post("/account/sessions/end").status_code == 303
    assert there.get("/todo").status_code == 302
    assert "其他登录</button>" not in here.get("/account").get_data(as_text=True)


def test_when_a_session_was_seen_is_noted_now_and_then(
    court: Court, as_login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_login("shen")
    later = clock.real_now() + accounts.SEEN_EVERY + timedelta(seconds=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    client.get("/todo")
    shown = db.read_only(accounts.sessions, court.user("shen"), "")
    assert [one.seen_at for one in shown] == [later]
