import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from engine import db
from engine.casefile.delivery import deliveries
from engine.casefile.document import documents
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.matter import form_tasks
from engine.casefile.party import parties
from engine.process import tasks
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]

OUTCOME = {
    "登记送达方式": "post",
    "送达结果": "received",
    "送达日期": "2026/11/20",
    "送达说明": "EMS 1100",
}


@pytest.fixture
def task_id(court: Court) -> UUID:
    """A document goes to the debtor by post; the clerk records the outcome."""
    case_id = court.accept("shen", e_consent=False)
    return db.in_transaction(_delivered_by_post, court, case_id)


def _delivered_by_post(session: db.Session, court: Court, case_id: UUID) -> UUID:
    document = documents.of_case(session, case_id)[0]
    session.execute(
        update(DOCUMENT).where(DOCUMENT.c.id == document.id).values(state="signed", blob="0" * 64)
    )
    [debtor] = parties.of_case(session, case_id, "debtor")
    signed = documents.get(session, document.id)
    shen = court.user("shen")
    deliveries.request(session, signed, [debtor], actor=shen.actor, requested_by=shen.id)
    return tasks.find_open(session, case_id, "record_outcome").id


def text_of(client: FlaskClient, task_id: UUID) -> str:
    answer = client.get(f"/tasks/{task_id}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def state(task_id: UUID) -> str:
    return db.read_only(tasks.get, task_id).state


def test_the_todo_list_leads_to_the_form(court: Court, as_login: Login, task_id: UUID) -> None:
    client = as_login("xu")
    assert f"/tasks/{task_id}" in client.get("/todo").get_data(as_text=True)
    text = text_of(client, task_id)
    assert "邮寄或直接送达并登记结果" in text
    assert "陈志强" in text
    assert "江州省临江市青石路196号" in text
    assert "已签收" in text


def test_a_filled_form_moves_the_process(court: Court, as_login: Login, task_id: UUID) -> None:
    answer = as_login("xu").post(f"/tasks/{task_id}", data=OUTCOME)
    assert (answer.status_code, answer.location) == (303, "/todo")
    assert state(task_id) == "completed"


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(
    court: Court, as_login: Login, task_id: UUID
) -> None:
    answer = as_login("xu").post(
        f"/tasks/{task_id}", data=OUTCOME | {"送达结果": "", "送达日期": "昨天"}
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "还不能提交，有 2 处需要补充" in text
    assert "请选择“结果”" in text
    assert 'value="EMS 1100"' in text
    assert 'value="昨天"' in text
    assert state(task_id) == "open"


def test_a_draft_is_kept_and_shown_again(court: Court, as_login: Login, task_id: UUID) -> None:
    client = as_login("xu")
    answer = client.post(
        f"/tasks/{task_id}", data={"送达说明": "等回执", "act": "save", "undeclared": "x"}
    )
    assert answer.location == f"/tasks/{task_id}"
    assert 'value="等回执"' in text_of(client, task_id)
    draft = db.read_only(tasks.get, task_id).draft
    assert draft is not None
    assert "undeclared" not in draft


def test_whoever_claims_it_has_it_alone_until_he_gives_it_back(
    court: Court, as_login: Login, task_id: UUID
) -> None:
    client, other = as_login("xu"), court.user("xu")
    client.post(f"/tasks/{task_id}", data={"act": "claim"})
    assert db.read_only(tasks.get, task_id).assignee == other.id
    assert "退回待认领" in text_of(client, task_id)
    client.post(f"/tasks/{task_id}", data={"act": "release"})
    assert db.read_only(tasks.get, task_id).assignee is None


def test_the_second_of_two_is_told_who_was_first_and_keeps_what_he_typed(
    court: Court, as_login: Login, task_id: UUID
) -> None:
    client = as_login("xu")
    db.in_transaction(form_tasks.submit, court.user("xu"), task_id, OUTCOME)
    answer = client.post(f"/tasks/{task_id}", data=OUTCOME | {"送达说明": "我的说明"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "已由 许佳宁 办结" in text
    assert "我的说明" in text


def test_others_of_the_team_may_look_and_not_fill_in(
    court: Court, as_login: Login, task_id: UUID
) -> None:
    text = text_of(as_login("tan"), task_id)
    assert "您可以查看，不能填写" in text
    assert re.search(r"<button[^>]*disabled[^>]*>提交", text)
    assert as_login("tan").post(f"/tasks/{task_id}", data=OUTCOME).status_code == 403
    assert as_login("gu").get(f"/tasks/{task_id}").status_code == 404
    assert as_login("gu").post(f"/tasks/{task_id}", data=OUTCOME).status_code == 404


def test_a_task_with_a_screen_of_its_own_opens_there(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    found = db.read_only(tasks.find_open, case_id, "transfer_asset_control")
    answer = as_login("shen").get(f"/tasks/{found.id}")
    assert (answer.status_code, answer.location) == (302, f"/cases/{case_id}/transfer")


def test_the_fields_alone_come_back_for_what_was_typed(
    court: Court, as_login: Login, task_id: UUID
) -> None:
    answer = as_login("xu").post(
        f"/tasks/{task_id}/fields", data={"送达说明": "甲"}, headers={"HX-Request": "true"}
    )
    text = answer.get_data(as_text=True)
    assert 'value="甲"' in text
    assert "<html" not in text
