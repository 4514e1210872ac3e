"""The first account and the way back for a court that locked itself out."""

import pytest

from engine import audit, db
from engine.casefile.people import courts, users
from tests.casefile.court import PASSWORD

INIT = ["init", "--code", "苏0199", "--name", "临江市人民法院", "--short-name", "临江法院"]


def test_the_first_account_manages_and_neither_reads_nor_approves_cases(
    fenduan, database, monkeypatch, tmp_path
):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr("engine.schema.migrate", lambda: "")
    ran = fenduan(*INIT, "--password", "four plain words")
    assert ran.code == 0 and "人员管理" in ran.out, ran
    court = db.read_only(courts.by_code, "苏0199")
    first = db.read_only(users.by_login, court.id, "admin")
    assert first.roles == {"sysadmin", "designer", "deployer", "operator"}
    assert not first.is_leader and not first.must_change_password
    assert db.read_only(audit.verify, first.id) is None


@pytest.mark.parametrize("password", ["short", "admin20261124", "1234567890"])
def test_a_password_that_is_guessed_first_sets_nothing_up(fenduan, own_database, password):
    assert "密码不合要求" in fenduan(*INIT, "--password", password).refuses()
    assert "请先运行 fenduan init" in fenduan("deploy").refuses()


def test_a_court_that_locked_itself_out_gets_back_in(fenduan, court):
    for _ in range(users.ATTEMPTS):
        db.in_transaction(users.sign_in, "lin", "x")
    ran = fenduan("set-password", "lin", "--password", "four plain words")
    assert ran.code == 0 and "须修改密码" in ran.out, ran
    user, _token = db.in_transaction(users.sign_in, "lin", "four plain words")
    assert user.must_change_password
    assert isinstance(db.in_transaction(users.sign_in, "lin", PASSWORD), users.SignInRefused)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nobody", "--password", "four plain words"], "nobody"),
        (["lin", "--password", "short"], "至少 10 个字符"),
        (["lin", "--password", "four plain words", "--court", "浙0101"], "浙0101"),
        (["--password", "four plain words"], "用户名"),
    ],
)
def test_what_cannot_be_set_is_one_line(fenduan, court, arguments, word):
    assert word in fenduan("set-password", *arguments).refuses()
