"""The batch page: what one click did, per document and addressee."""

from collections.abc import Callable

from flask.testing import FlaskClient

from engine import db
from engine.casefile.document import documents
from engine.casefile.party import parties
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]


def ask(
    client: FlaskClient, case_id, kind: str = "sign_and_deliver", key: str = "k", count: int = 2
):
    chosen = db.read_only(documents.of_case, case_id)[:count]
    people = [p.id for p in db.read_only(parties.of_case, case_id)]
    data = {"kind": kind, "key": key, "row": [d.id for d in chosen]}
    return client.post(
        f"/cases/{case_id}/batches", data=data | {f"to-{d.id}": people for d in chosen}
    )


def test_a_click_leads_to_its_batch_and_the_same_click_to_the_same(
    court: Court, as_login: Login
) -> None:
    client, case_id = as_login("shen"), court.accept()
    first = ask(client, case_id)
    assert first.status_code == 303
    assert ask(client, case_id).location == first.location
    # Another page of the same documents, before the worker came to them.
    assert ask(client, case_id, key="another").location == first.location


def test_without_a_worker_the_page_says_that_it_is_being_done_and_asks_again(
    court: Court, as_login: Login
) -> None:
    client, case_id = as_login("shen"), court.accept()
    text = client.get(ask(client, case_id).location).get_data(as_text=True)
    assert "处理中，完成 0／6 步" in text
    assert text.count("正在签章") == 2
    assert text.count("等待签章") == 4
    assert 'hx-trigger="load delay:2s"' in text


def test_when_the_worker_has_come_everything_is_told_and_nothing_refreshes(
    court: Court, as_login: Login
) -> None:
    client, case_id = as_login("shen"), court.accept()
    path = ask(client, case_id).location
    court.work()
    text = client.get(f"{path}/progress", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert text.count("已签章") == 2
    assert text.count("已发<") == 4
    assert "hx-trigger" not in text


def test_documents_left_out_stand_beside_with_their_reason(court: Court, as_login: Login) -> None:
    client, case_id = as_login("shen"), court.accept()
    ask(client, case_id, kind="sign", count=1)
    court.work()
    text = client.get(ask(client, case_id, key="both").location).get_data(as_text=True)
    assert "未纳入本批" in text
    assert "已经签章" in text


def test_a_letter_waits_for_the_clerk_and_the_page_comes_to_rest(
    court: Court, as_login: Login
) -> None:
    client, case_id = as_login("shen"), court.accept(e_consent=False)
    path = ask(client, case_id, count=1).location
    court.work()
    text = client.get(path).get_data(as_text=True)
    assert text.count("待邮寄或者直接送达") == 2
    assert "load delay" not in text


def test_a_batch_of_a_case_that_one_may_not_open_does_not_exist(
    court: Court, as_login: Login
) -> None:
    path = ask(as_login("shen"), court.accept()).location
    stranger = as_login("gu")
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}/progress").status_code == 404
