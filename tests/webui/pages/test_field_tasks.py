"""事项交办: given out on the case, taken and reported by an officer, who never sees the case."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile import access, field_tasks, users
from tests.casefile.court import PASSWORD, Court

Login = Callable[[str], FlaskClient]


@pytest.fixture
def officers(court: Court) -> list[UUID]:
    """马骁 and 丁海波, field officers."""
    return [
        db.in_transaction(
            users.add,
            court.id,
            login=login,
            name=name,
            title="司法警察",
            password=PASSWORD,
            roles=["field_officer"],
        )
        for login, name in (("ma", "马骁"), ("ding", "丁海波"))
    ]


def errand(**more) -> dict[str, str]:
    due = (clock.today() + timedelta(days=3)).isoformat()
    return {
        "matter": "notify",
        "kind": "investigate",
        "place": "东湖镇望江路88号",
        "target": "陈志强",
        "request": "核实居住情况",
        "due_on": due,
    } | {name: str(value) for name, value in more.items()}


def only(case_id) -> field_tasks.FieldTask:
    (found,) = db.read_only(field_tasks.of_case, case_id)
    return found


def test_an_errand_stands_on_the_matter_page_with_its_result(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id = court.accept()
    judge = as_login("shen")
    answer = judge.post(f"/cases/{case_id}/field-tasks", data=errand())
    assert answer.status_code == 303
    task = only(case_id)
    officer = as_login("ma")
    assert "待领取" in officer.get("/field").get_data(as_text=True)
    assert officer.post(f"/field/{task.id}/accept").status_code == 303
    assert officer.post(f"/field/{task.id}", data={"result": "家中有人居住"}).status_code == 303
    page = judge.get(answer.location).get_data(as_text=True)
    assert "现场调查" in page
    assert "家中有人居住" in page
    assert "马骁" in page
    assert only(case_id).state == "done"


def test_an_incomplete_errand_names_every_field_and_keeps_the_rest(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    data = errand(place=" ", target="", kind="", due_on="明天")
    answer = as_login("xu").post(f"/cases/{case_id}/field-tasks", data=data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "日期请写成" in text
    assert "核实居住情况" in text
    answer = as_login("xu").post(f"/cases/{case_id}/field-tasks", data=errand(place="", kind=""))
    text = answer.get_data(as_text=True)
    assert "请选择交办事项" in text
    assert "请填写地点" in text


def test_a_day_that_is_past_is_refused(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    data = errand(due_on="2026-01-05")
    answer = as_login("shen").post(f"/cases/{case_id}/field-tasks", data=data)
    assert "办结期限不能早于今天" in answer.get_data(as_text=True)


def test_only_a_field_officer_can_be_chosen(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    data = errand(assignee=court.user("gu").id)
    answer = as_login("shen").post(f"/cases/{case_id}/field-tasks", data=data)
    assert answer.status_code == 422
    assert "不是外勤人员" in answer.get_data(as_text=True)


def test_giving_out_belongs_to_who_works_the_case(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    for login, status in (("lu", 403), ("gu", 404)):
        client = as_login(login)
        assert client.get(f"/cases/{case_id}/field-tasks/new").status_code == status
        assert client.post(f"/cases/{case_id}/field-tasks", data=errand()).status_code == status


def test_the_officers_pages_are_for_officers(court: Court, as_login: Login) -> None:
    assert as_login("shen").get("/field").status_code == 403


def test_an_errand_of_one_officer_is_not_shown_to_another(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id = court.accept()
    as_login("shen").post(f"/cases/{case_id}/field-tasks", data=errand(assignee=officers[0]))
    task = only(case_id)
    other = as_login("ding")
    assert "没有待办的外勤事项" in other.get("/field").get_data(as_text=True)
    assert other.get(f"/field/{task.id}").status_code == 409
    assert other.post(f"/field/{task.id}", data={"result": "x"}).status_code == 409


def test_of_two_officers_the_second_is_told_who_took_it(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id = court.accept()
    as_login("shen").post(f"/cases/{case_id}/field-tasks", data=errand())
    task = only(case_id)
    as_login("ma").post(f"/field/{task.id}/accept")
    answer = as_login("ding").post(f"/field/{task.id}/accept")
    assert answer.status_code == 409
    assert "马骁" in answer.get_data(as_text=True)


def test_a_report_is_needed_and_final(court: Court, as_login: Login, officers: list[UUID]) -> None:
    case_id = court.accept()
    as_login("shen").post(f"/cases/{case_id}/field-tasks", data=errand())
    task, officer = only(case_id), as_login("ma")
    officer.post(f"/field/{task.id}/accept")
    refused = officer.post(f"/field/{task.id}", data={"result": " "})
    assert refused.status_code == 422
    assert "请填写办理结果" in refused.get_data(as_text=True)
    officer.post(f"/field/{task.id}", data={"result": "已张贴"})
    assert officer.post(f"/field/{task.id}", data={"result": "改"}).status_code == 409
    assert only(case_id).result == "已张贴"


def test_the_officer_cannot_open_the_case_and_recusal_ends_the_errand(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id = court.accept()
    as_login("shen").post(f"/cases/{case_id}/field-tasks", data=errand(assignee=officers[0]))
    officer = as_login("ma")
    assert officer.get(f"/cases/{case_id}/matters").status_code == 404
    db.in_transaction(access.recuse, court.case(case_id), officers[0], "回避")
    assert "没有待办的外勤事项" in officer.get("/field").get_data(as_text=True)
