import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.people import access
from engine.casefile.stage import stages
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]


def page(client: FlaskClient, url: str = "/todo") -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def rows(text: str) -> list[str]:
    return re.findall(r"<tr data-id=.*?</tr>", text, re.DOTALL)


def test_the_first_page_is_what_waits_for_me(court: Court, as_login: Login) -> None:
    assert as_login("shen").get("/").location == "/todo"


def test_nothing_to_do_is_said_and_leads_on(court: Court, as_login: Login) -> None:
    text = page(as_login("shen"))
    assert "没有待办" in text
    assert "/queries/cases" in text


def test_a_received_case_brings_its_transfer_and_its_notices(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    text = page(as_login("shen"))
    transfer = next(row for row in rows(text) if f"/cases/{case_id}/transfer" in row)
    assert "剩余30天" in transfer
    assert "周立新申请执行陈志强" in transfer
    documents = [row for row in rows(text) if "/matters?matter=notify" in row]
    assert documents
    assert len(rows(page(as_login("lu")))) == 0


def test_documents_of_one_matter_stand_in_one_row(court: Court, as_login: Login) -> None:
    court.accept("shen")
    text = page(as_login("shen"), "/todo?kind=document")
    [row] = rows(text)
    assert re.search(r"6 份：《[^》]+》、《", row)
    assert "共 <b>1</b> 项" in text


def test_tabs_exist_only_for_what_waits_and_count_their_rows(court: Court, as_login: Login) -> None:
    court.accept("shen")
    text = page(as_login("shen"))
    tabs = re.search(r'<nav class="tabs".*?</nav>', text, re.DOTALL)
    assert tabs
    assert "流转" in tabs[0]
    assert "审批" not in tabs[0]
    assert len(rows(page(as_login("shen"), "/todo?kind=transfer"))) == 1
    assert "这一类没有待办" in page(as_login("shen"), "/todo?kind=approval")


def test_a_paused_stage_is_not_shown_as_overdue(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    db.in_transaction(lambda s: stages.pause(s, court.case(case_id), "suspension"))
    clock.move(timedelta(days=60))
    [row] = rows(page(as_login("shen"), "/todo?kind=transfer"))
    assert "已暂停" in row


def test_the_list_pages_by_keyset_and_the_soonest_come_first(
    court: Court, as_login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.pages.todo.SIZE", 2)
    numbers = []
    for _ in range(3):
        numbers.append(court.case(court.accept("shen")).case_no)
        clock.move(timedelta(days=1))
    client = as_login("shen")
    first = page(client, "/todo?kind=transfer")
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = page(client, following[1].replace("&amp;", "&"))
    found = [re.search(r"（2026）[^<]+号", row) for row in rows(first) + rows(second)]
    assert [match[0] for match in found if match] == numbers


def test_a_recused_person_has_nothing_of_the_case(court: Court, as_login: Login) -> None:
    case_id = court.accept("shen")
    db.in_transaction(
        lambda s: access.recuse(s, court.case(case_id), court.user("shen").id, "亲属关系")
    )
    assert rows(page(as_login("shen"))) == []
