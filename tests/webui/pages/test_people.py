"""人员管理: what a system administrator can do with people, and that it is all he can see."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine import db
from engine.casefile.document import documents
from engine.casefile.people import people_changes, users
from engine.casefile.people.users import User
from tests.casefile.court import PASSWORD, Court

Login = Callable[[str], FlaskClient]
NEW = {
    "login": "wen",
    "name": "温时雨",
    "title": "书记员",
    "team": "asset_control",
    "roles": ["clerk"],
}


@pytest.fixture
def court(court: Court) -> Court:
    db.in_transaction(
        users.add,
        court.id,
        login="admin",
        name="安管宁",
        title="系统管理员",
        password=PASSWORD,
        roles=["sysadmin"],
    )
    return court


@pytest.fixture
def admin(as_login: Login) -> FlaskClient:
    return as_login("admin")


def text(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def one_time(page: str) -> str:
    found = re.search(r'one-time">([^<]+)<', page)
    assert found, page
    return found[1]


def form_of(client: FlaskClient, user: User, **changes: object) -> dict[str, object]:
    seen = re.search(r'name="seen" value="(\d+)"', text(client, f"/people/{user.id}"))
    assert seen
    given = {"name": user.name, "title": user.title, "team": user.team or "", "phone": user.phone}
    return {**given, "roles": sorted(user.roles), "seen": seen[1], **changes}


# ---------------------------------------------------------------- who


def test_only_a_system_administrator_comes_here(app: Flask, as_login: Login) -> None:
    rules = {n: r for n, r in app.extensions["access"].items() if n.startswith("people.")}
    assert len(rules) == 11
    assert {rule.roles for rule in rules.values()} == {frozenset({"sysadmin"})}
    president = as_login("shao")
    assert president.get("/people").status_code == 403
    assert president.post("/people/new", data=NEW).status_code == 403
    assert "人员管理" not in text(president, "/todo")


def test_a_system_administrator_sees_no_case(court: Court, admin: FlaskClient) -> None:
    case_id = court.accept("shen")
    court.work()
    document = db.read_only(documents.of_case, case_id)[0]
    for path in (f"/cases/{case_id}", f"/cases/{case_id}/dossier", f"/cases/{case_id}/matters"):
        assert admin.get(path).status_code == 404
    assert admin.get(f"/documents/{document.id}").status_code == 404
    for path in ("/queries/cases", "/queries/court", "/instances", "/desks", "/intake"):
        assert admin.get(path).status_code == 403
    number = court.case(case_id).case_no
    for path in ("/people", f"/people/{court.user('shen').id}", "/todo", "/notices", "/account"):
        assert number not in text(admin, path)


def test_who_once_handled_cases_opens_none_as_administrator(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    judge = court.user("shen")
    assert as_login("shen").get(f"/cases/{case_id}").status_code == 200
    db.in_transaction(users.set_roles, court.id, judge.id, ["sysadmin"])
    assert as_login("shen").get(f"/cases/{case_id}").status_code == 404


# ---------------------------------------------------------------- the acts


def test_a_person_is_added_with_a_password_shown_once(court: Court, admin: FlaskClient) -> None:
    answer = admin.post("/people/new", data=NEW)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    password = one_time(answer.get_data(as_text=True))
    listed = text(admin, "/people?q=温")
    assert "温时雨" in listed and "书记员" in listed and "从未登录" in listed
    user = db.read_only(users.by_login, court.id, "wen")
    shown = text(admin, f"/people/{user.id}")
    assert "添加人员" in shown and "安管宁" in shown and password not in shown


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(admin: FlaskClient) -> None:
    answer = admin.post("/people/new", data=NEW | {"login": "shen", "team": "", "name": "温时雨"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="login-error"' in page and 'id="team-error"' in page
    assert 'value="温时雨"' in page and 'value="clerk" checked' in page


def test_a_change_is_saved_and_its_old_and_new_words_stay(court: Court, admin: FlaskClient) -> None:
    clerk = court.user("xu")
    form = form_of(admin, clerk, title="法官助理", roles=["assistant"])
    assert admin.post(f"/people/{clerk.id}", data=form).status_code == 303
    assert "书记员 → 法官助理" in text(admin, f"/people/{clerk.id}")
    assert admin.post(f"/people/{clerk.id}", data=form).status_code == 409


def test_a_person_with_cases_is_led_to_reassignment(court: Court, admin: FlaskClient) -> None:
    court.accept("shen")
    judge = court.user("shen")
    page = text(admin, f"/people/{judge.id}")
    assert "承办 1 件案件" in page and "/desks" not in page
    refused = admin.post(f"/people/{judge.id}/disable")
    assert refused.status_code == 422 and "承办 1 件案件" in refused.get_data(as_text=True)
    administrator = db.read_only(users.by_login, court.id, "admin")
    db.in_transaction(users.set_roles, court.id, administrator.id, ["sysadmin", "operator"])
    assert f"/desks/{judge.id}" in text(admin, f"/people/{judge.id}")


def test_disabling_ends_the_sessions_and_enabling_lets_back_in(
    court: Court, admin: FlaskClient, as_login: Login
) -> None:
    clerk, working = court.user("xu"), as_login("xu")
    assert admin.post(f"/people/{clerk.id}/disable").status_code == 303
    assert working.get("/todo").status_code == 302
    assert "已停用" in text(admin, "/people?state=disabled")
    assert admin.post(f"/people/{clerk.id}/disable").status_code == 409
    assert admin.post(f"/people/{clerk.id}/enable").status_code == 303
    assert as_login("xu").get("/todo").status_code == 200


def test_an_administrator_cannot_change_his_own_rights(court: Court, admin: FlaskClient) -> None:
    own = db.read_only(users.by_login, court.id, "admin")
    form = form_of(admin, own, roles=["sysadmin", "designer"])
    answer = admin.post(f"/people/{own.id}", data=form)
    assert answer.status_code == 422 and "其他系统管理人员" in answer.get_data(as_text=True)
    assert admin.post(f"/people/{own.id}/password").status_code == 422
    assert 'data-open="dialog-disable"' not in text(admin, f"/people/{own.id}")


def test_a_closed_account_is_shown_and_opened(court: Court, admin: FlaskClient) -> None:
    for _ in range(users.ATTEMPTS):
        db.in_transaction(users.sign_in, "xu", "x")
    clerk = court.user("xu")
    assert "暂停登录" in text(admin, "/people?state=closed&q=xu")
    assert admin.post(f"/people/{clerk.id}/unlock").status_code == 303
    assert "解除暂停登录" in text(admin, f"/people/{clerk.id}")


def test_the_list_pages_and_says_when_nobody_fits(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.pages.people.SIZE", 5)
    found = re.search(r'href="(/people\?after=[^"]+)" rel="next"', text(admin, "/people"))
    assert found
    assert "首页" in text(admin, found[1].replace("&amp;", "&"))
    assert "没有符合条件的人员" in text(admin, "/people?q=nobody")


# ---------------------------------------------------------------- a one-time password


@pytest.fixture
def newcomer(court: Court, app: Flask) -> FlaskClient:
    """Signed in with the one-time password that the administrator has just set."""
    clerk = court.user("xu")
    administrator = db.read_only(users.by_login, court.id, "admin")
    password = db.in_transaction(people_changes.reset_password, administrator, clerk.id)
    client = app.test_client()
    sent = {"login": "xu", "password": password, "next": "/todo?kind=form"}
    assert client.post("/login", data=sent).location == "/todo?kind=form"
    client.one_time = password
    return client  # type: ignore[no-any-return]


def test_a_one_time_password_opens_nothing_but_the_page_to_change_it(
    court: Court, newcomer: FlaskClient
) -> None:
    for path in ("/", "/todo", "/notices", "/people", f"/cases/{court.file()}"):
        answer = newcomer.get(path)
        assert answer.status_code == 302 and answer.location.startswith("/account")
    part = newcomer.get("/todo", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, "/account")
    json = newcomer.get("/todo", headers={"Accept": "application/json"})
    assert json.status_code == 302
    for path in ("/notices/read", "/account/phone", "/account/sessions/end"):
        sent = newcomer.post(path, data={"phone": "1"})
        assert sent.status_code == 403 and "一次性密码" in sent.get_data(as_text=True)
    page = text(newcomer, "/account")
    assert "一次性密码" in page and 'href="/todo"' not in page


def test_after_the_change_comes_the_page_that_was_wanted(newcomer: FlaskClient) -> None:
    wanted = newcomer.get("/todo?kind=form").location
    assert wanted == "/account?next=/todo?kind%3Dform"
    page = text(newcomer, wanted)
    found = re.search(r'name="next" value="([^"]+)"', page)
    assert found
    form = {"current": newcomer.one_time, "new": "four plain words", "again": "four plain words"}
    done = newcomer.post("/account/password", data=form | {"next": found[1]})
    assert (done.status_code, done.location) == (303, "/todo?kind=form")
    assert newcomer.get("/todo").status_code == 200


# ---------------------------------------------------------------- a file of people

HEAD = "姓名,用户名,职务,电话,团队,岗位和权限\n"


def sent(client: FlaskClient, rows: str) -> tuple[int, str]:
    file = (BytesIO((HEAD + rows).encode()), "人员.csv")
    answer = client.post("/people/import", data={"file": file})
    return answer.status_code, answer.get_data(as_text=True)


def test_a_file_adds_everybody_with_a_password_each(court: Court, admin: FlaskClient) -> None:
    rows = "温时雨,wen,书记员,,财产查控,书记员\n金予舟,Jin,法官,0519-80001234,财产处置,承办法官、团队负责人\n"
    status, page = sent(admin, rows)
    assert status == 200 and "已添加 2 人" in page
    assert len(set(re.findall(r'one-time-cell">([^<]+)<', page))) == 2
    judge = db.read_only(users.by_login, court.id, "jin")
    assert (judge.team, judge.roles) == ("asset_disposal", {"handling_judge", "team_leader"})


def test_one_bad_row_and_nobody_is_added(court: Court, admin: FlaskClient) -> None:
    rows = (
        "温时雨,wen,书记员,,财产查控,书记员\n金予舟,wen,法官,,财产查控,承办法官\n"
        "裴思源,pei,法官,,后勤,扫地\n"
    )
    status, page = sent(admin, rows)
    assert status == 422
    for said in ("没有添加任何人员", "已经有人使用", "团队须为", "没有“扫地”这个岗位"):
        assert said in page
    assert "没有符合条件的人员" in text(admin, "/people?q=温")


def test_what_is_no_file_of_people_is_refused_with_the_columns(admin: FlaskClient) -> None:
    answer = admin.post("/people/import", data={"file": (BytesIO(b"a,b\n1,2\n"), "a.csv")})
    assert answer.status_code == 422 and "姓名、用户名、职务" in answer.get_data(as_text=True)
    assert admin.post("/people/import").status_code == 422
