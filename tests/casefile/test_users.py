"""Accounts: signing in, being closed after too many wrong passwords, and being signed out everywhere."""

from datetime import timedelta

from engine import clock, db
from engine.casefile.people import users
from tests.casefile.court import PASSWORD


def sign_in(login="shen", password=PASSWORD):
    return db.in_transaction(users.sign_in, login, password)


def test_the_right_password_opens_a_session_that_names_its_user(court):
    user, token = sign_in()
    assert db.read_only(users.of_token, token) == user


def test_a_wrong_password_and_an_unknown_login_are_refused_alike(court):
    assert str(sign_in(password="x")) == str(sign_in(login="nobody"))


def test_five_wrong_passwords_close_the_account_even_for_the_right_one(court, monkeypatch):
    assert [type(sign_in(password="x")) for _ in range(5)][-1] is users.SignInClosed
    assert isinstance(sign_in(), users.SignInClosed)
    later = clock.real_now() + users.CLOSED_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert isinstance(sign_in(), tuple)


def test_a_new_password_ends_every_session(court):
    user, token = sign_in()
    db.in_transaction(users.set_password, user.id, "another-2026")
    assert db.read_only(users.of_token, token) is None
    assert isinstance(sign_in(password="another-2026"), tuple)


def test_a_session_ends_by_itself_but_not_because_the_demo_moves_its_clock(court, monkeypatch):
    user, token = sign_in()
    clock.move(timedelta(days=40))
    assert db.read_only(users.of_token, token) == user
    later = clock.real_now() + users.SESSION_LENGTH + timedelta(seconds=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert db.read_only(users.of_token, token) is None
