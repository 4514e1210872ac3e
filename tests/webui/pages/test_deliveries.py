"""送达: times as separate facts; and the page of the addressee, on which only the button counts as reading."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from engine import db
from engine.casefile.delivery import deliveries
from engine.casefile.document import batches, documents
from engine.casefile.party import parties
from tests.casefile.court import Court
from tests.conftest import PostOffice

Login = Callable[[str], FlaskClient]


def send(court: Court, case_id) -> deliveries.Delivery:
    """The first notice, signed and on its way to the applicant."""
    document = db.read_only(documents.of_case, case_id)[0]
    applicant = db.read_only(parties.of_case, case_id, "applicant")[0]
    db.in_transaction(
        batches.request,
        court.user("shen"),
        case_id,
        "sign_and_deliver",
        {document.id: [applicant.id]},
        f"k{case_id}",
    )
    court.work()
    return db.read_only(deliveries.of_document, document.id)[0]


def link(post_office: PostOffice) -> str:
    body = post_office.mails[-1].get_body()
    assert body is not None
    found = re.search(r"/r/[\w-]+", body.get_content())
    assert found
    return found[0]


def test_without_deliveries_the_page_says_how_they_come(court: Court, as_login: Login) -> None:
    text = as_login("shen").get(f"/cases/{court.accept()}/deliveries").get_data(as_text=True)
    assert "还没有送达记录" in text


def test_a_mail_that_was_sent_is_not_yet_delivered(
    court: Court, as_login: Login, post_office: PostOffice
) -> None:
    case_id = court.accept()
    send(court, case_id)
    client = as_login("xu")
    text = client.get(f"/cases/{case_id}/deliveries").get_data(as_text=True)
    assert "周立新" in text
    assert "已送达 <b>0</b>" in text
    assert "未送达 1" in text
    assert "已发" in client.get(f"/cases/{case_id}/deliveries?scope=open").get_data(as_text=True)


def test_a_letter_leads_the_clerk_to_his_task(court: Court, as_login: Login) -> None:
    case_id = court.accept(e_consent=False)
    send(court, case_id)
    assert "登记结果" in as_login("xu").get(f"/cases/{case_id}/deliveries").get_data(as_text=True)
    assert "登记结果" not in as_login("lu").get(f"/cases/{case_id}/deliveries").get_data(
        as_text=True
    )


def test_deliveries_of_a_foreign_case_do_not_exist(court: Court, as_login: Login) -> None:
    assert as_login("gu").get(f"/cases/{court.accept()}/deliveries").status_code == 404


# ---------------------------------------------------------------- the addressee


def test_opening_the_link_is_not_reading(
    court: Court, client: FlaskClient, post_office: PostOffice
) -> None:
    delivery = send(court, court.accept())
    path = link(post_office)
    text = client.get(path).get_data(as_text=True)
    assert "临江市人民法院" in text
    assert "受理案件通知书" in text
    assert "确认阅读" in text
    assert client.get(f"{path}/file.pdf").status_code == 404
    assert db.read_only(deliveries.get, delivery.id).read_at is None


def test_the_button_is_reading_shows_the_document_and_moves_the_delivery(
    court: Court, client: FlaskClient, post_office: PostOffice
) -> None:
    delivery = send(court, court.accept())
    path = link(post_office)
    assert client.post(path).status_code == 303
    read = db.read_only(deliveries.get, delivery.id)
    assert read.read_at is not None
    assert "已确认阅读" in client.get(path).get_data(as_text=True)
    assert client.get(f"{path}/file.pdf").get_data().startswith(b"%PDF")
    court.work()
    delivered = db.read_only(deliveries.get, delivery.id)
    assert (delivered.state, delivered.deemed_on is not None) == ("delivered", True)


def test_pressing_twice_keeps_the_first_moment(
    court: Court, client: FlaskClient, post_office: PostOffice
) -> None:
    delivery = send(court, court.accept())
    path = link(post_office)
    client.post(path)
    first = db.read_only(deliveries.get, delivery.id).read_at
    assert client.post(path).status_code == 303
    court.work()
    assert db.read_only(deliveries.get, delivery.id).read_at == first


def test_a_link_that_is_not_valid_is_not_found(client: FlaskClient, court: Court) -> None:
    for path in ("/r/nonsense", "/r/nonsense/file.pdf"):
        assert client.get(path).status_code == 404
    assert client.post("/r/nonsense").status_code == 404


def test_the_addressee_learns_nothing_else_of_the_case(
    court: Court, client: FlaskClient, post_office: PostOffice
) -> None:
    case_id = court.accept()
    send(court, case_id)
    text = client.get(link(post_office)).get_data(as_text=True)
    assert str(case_id) not in text
    assert "陈志强" not in text
    assert "538,726.55" not in text
