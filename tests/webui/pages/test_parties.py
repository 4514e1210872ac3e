"""当事人: what a clerk and the handler enter about a party, with errors at the field, and the second of two editors."""

import io
from collections.abc import Callable
from uuid import UUID

from flask.testing import FlaskClient
from PIL import Image

from engine import clock, db
from engine.casefile.document import dossier
from engine.casefile.party import parties
from tests.casefile.court import Court
from tests.conftest import PostOffice
from tests.webui.pages.test_deliveries import send

Login = Callable[[str], FlaskClient]
GOOD = {
    "phone": "19911112222",
    "address": "江州省临江市柳荫街8号",
    "e_address": "chen@example.invalid",
    "e_consent": "yes",
}


def debtor(case_id: UUID) -> parties.Party:
    return db.read_only(parties.of_case, case_id, "debtor")[0]


def url(case_id: UUID, act: str) -> str:
    return f"/cases/{case_id}/parties/{debtor(case_id).id}/{act}"


def tab(client: FlaskClient, case_id: UUID) -> str:
    return client.get(f"/cases/{case_id}?tab=parties").get_data(as_text=True)


def test_a_clerk_enters_the_signed_confirmation_and_its_scan(court: Court, as_login: Login) -> None:
    case_id, client = court.accept(e_consent=False), as_login("xu")
    assert url(case_id, "contact") in tab(client, case_id)
    assert url(case_id, "correction") not in tab(client, case_id)
    assert "19900000365" in client.get(url(case_id, "contact")).get_data(as_text=True)
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    picture.seek(0)
    data = GOOD | {
        "version": "1",
        "confirmed_on": str(clock.today()),
        "file": (picture, "确认书.png"),
    }
    answer = client.post(url(case_id, "contact"), data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    text = tab(client, case_id)
    assert "chen@example.invalid" in text
    assert f"{clock.today()} 送达地址确认书，同意电子送达" in text
    assert "199****2222" in text, "masked for who does not handle the case"
    (item,) = [i for i in db.read_only(dossier.of_case, case_id) if i.item == 30]
    assert item.title == "送达地址确认书（陈志强）"


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(
    court: Court, as_login: Login
) -> None:
    case_id, client = court.accept(), as_login("shen")
    data = GOOD | {"version": "1", "phone": "12", "confirmed_on": "2026-13-01"}
    answer = client.post(url(case_id, "contact"), data=data)
    assert answer.status_code == 422
    assert 'id="confirmed_on-error"' in answer.get_data(as_text=True)
    answer = client.post(url(case_id, "contact"), data=data | {"confirmed_on": ""})
    text = answer.get_data(as_text=True)
    assert 'id="phone-error"' in text
    assert 'id="confirmed_on-error"' in text
    assert 'value="江州省临江市柳荫街8号"' in text
    file = (io.BytesIO(b"word"), "确认书.doc")
    answer = client.post(
        url(case_id, "contact"),
        data=data | {"confirmed_on": "2026-11-20", "file": file},
        content_type="multipart/form-data",
    )
    assert 'id="file-error"' in answer.get_data(as_text=True)
    assert debtor(case_id).version == 1


def test_the_second_of_two_sees_what_is_stored_and_saves_after_reading_it(
    court: Court, as_login: Login
) -> None:
    case_id, clerk, judge = court.accept(), as_login("xu"), as_login("shen")
    data = GOOD | {"version": "1", "confirmed_on": str(clock.today())}
    assert clerk.post(url(case_id, "contact"), data=data).status_code == 303
    mine = data | {"address": "江州省临江市青石路1号"}
    answer = judge.post(url(case_id, "contact"), data=mine)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "当事人信息刚刚被他人修改（许佳宁" in text
    assert 'value="江州省临江市青石路1号"' in text
    assert "现在登记的是：江州省临江市柳荫街8号" in text
    assert 'name="version" value="2"' in text
    assert judge.post(url(case_id, "contact"), data=mine | {"version": "2"}).status_code == 303
    assert debtor(case_id).address == "江州省临江市青石路1号"


def test_the_handler_corrects_adds_and_takes_out_parties(court: Court, as_login: Login) -> None:
    case_id, client = court.accept(), as_login("shen")
    old = debtor(case_id)
    identity = {"role": "debtor", "name": "陈志刚", "kind": "natural", "id_number": "990000196208254605"}  # fmt: skip
    answer = client.post(url(case_id, "correction"), data=identity | {"version": "1"})
    assert 'id="reason-error"' in answer.get_data(as_text=True)
    given = identity | {"version": "1", "reason": "身份证登记有误"}
    assert client.post(url(case_id, "correction"), data=given).status_code == 303
    assert "份未签章文书写的仍是更正前的信息" in tab(client, case_id)
    new = {"role": "debtor", "name": "林海潮", "kind": "foreign", "basis": "（2026）苏0199执异12号执行裁定书", "joined_on": "2026-11-20"}  # fmt: skip
    path = f"/cases/{case_id}/parties/new"
    assert 'id="basis-error"' in client.post(path, data=new | {"basis": ""}).get_data(as_text=True)
    answer = client.post(path, data=new)
    assert answer.status_code == 303
    assert "在中国境内没有住所" in client.get(answer.location).get_data(as_text=True)
    leaving = f"/cases/{case_id}/parties/{old.id}/leaving"
    given = {"version": "2", "reason": "由林海潮接替", "left_on": "2026-11-20"}
    assert client.post(leaving, data=given).status_code == 303
    text = tab(client, case_id)
    assert "无国内住所" in text
    assert "已退出" in text
    assert "被执行人</span> <b>林海潮" in text


def test_only_the_handler_corrects_and_nobody_else_sees_the_forms(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    wanted = {"gu": (404, 404), "lu": (403, 403), "luo": (403, 403), "tan": (200, 403)}
    for login, statuses in wanted.items():
        client = as_login(login)
        found = [client.get(url(case_id, act)).status_code for act in ("contact", "correction")]
        assert tuple(found) == statuses, login


def test_what_came_to_nothing_is_sent_by_mail_from_the_page(
    court: Court, as_login: Login, post_office: PostOffice
) -> None:
    case_id, client = court.accept(e_consent=False), as_login("xu")
    letter = send(court, case_id)
    again = f"/cases/{case_id}/deliveries/{letter.id}/again"
    assert again not in client.get(f"/cases/{case_id}/deliveries").get_data(as_text=True)
    applicant = db.read_only(parties.of_case, case_id, "applicant")[0]
    data = GOOD | {"version": "1", "confirmed_on": str(clock.today())}
    path = f"/cases/{case_id}/parties/{applicant.id}/contact"
    assert client.post(path, data=data).status_code == 303
    assert again in client.get(f"/cases/{case_id}/deliveries").get_data(as_text=True)
    assert client.post(again).status_code == 303
    court.work()
    assert post_office.mails[-1]["To"] == "chen@example.invalid"
    assert client.post(again).status_code == 409
