"""查控文书: who sees and does what, ticks and refusals, 备注, property records."""

from collections.abc import Callable
from uuid import uuid4

from flask.testing import FlaskClient

from engine import db
from engine.casefile.asset import assets
from engine.casefile.case import remarks
from engine.casefile.document import documents
from engine.casefile.matter import matters
from engine.casefile.party import parties
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]
BUTTONS = (
    "一键签章并送达",
    "一键签章",
    "一键送达",
    "浏览分表",
    "浏览总卷",
    "文书制作",
    "文书报批",
    "事项交办",
    "文书打印",
    "文书审批级别说明",
)


def drafted(case_id):
    return db.read_only(documents.of_case, case_id)


def people(case_id):
    return [p.id for p in db.read_only(parties.of_case, case_id)]


def test_the_matter_page_lists_the_documents_with_all_ten_buttons_of_the_manual(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    text = as_login("shen").get(f"/cases/{case_id}/matters").get_data(as_text=True)
    assert all(name in text for name in BUTTONS)
    assert all(document.name in text for document in drafted(case_id))
    assert "6 份文书，6 份待签章" in text
    assert all(group in text for group in ("线上", "线下", "强制措施", "其他事项"))
    assert "所选文书由承办法官签发，无需报批" in text


def test_addressees_are_ticked_as_the_recipient_list_says(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    text = as_login("shen").get(f"/cases/{case_id}/matters").get_data(as_text=True)
    applicant, debtor = people(case_id)
    order = next(d for d in drafted(case_id) if d.code == "D002")
    assert f'name="to-{order.id}" value="{debtor}" checked' in text
    assert f'name="to-{order.id}" value="{applicant}">' in text


def test_whoever_may_not_open_the_case_finds_nothing(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    client = as_login("gu")
    for path in ("matters", "matters?group=online", "matters/notify/levels", "assets/new"):
        assert client.get(f"/cases/{case_id}/{path}").status_code == 404


def test_a_colleague_sees_the_page_with_buttons_that_say_why_they_are_off(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    text = as_login("lu").get(f"/cases/{case_id}/matters").get_data(as_text=True)
    assert "只有本阶段承办人可以签章" in text
    assert "本案由承办人及其团队的法官助理、书记员办理" in text
    assert "assets/new" not in text


def test_a_group_without_deployed_matters_says_so(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    with db.engine().begin() as session:
        session.execute(matters.TYPE.delete().where(matters.TYPE.c.group == "coercive"))
    page = as_login("shen").get(f"/cases/{case_id}/matters?group=coercive")
    assert "强制措施没有可以发起的事项" in page.get_data(as_text=True)


def test_an_unknown_matter_is_not_found(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    assert as_login("shen").get(f"/cases/{case_id}/matters?matter=nothing").status_code == 404


def test_a_finished_matter_can_be_opened_again_but_a_running_one_cannot(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    client = as_login("shen")
    again = client.post(f"/cases/{case_id}/matters", data={"matter": "notify"})
    assert again.status_code == 409
    with db.engine().begin() as session:
        running = matters.open_of_type(session, case_id, "notify")
        assert running is not None
        matters.close(session, running.id)
    opened = client.post(f"/cases/{case_id}/matters", data={"matter": "notify"})
    assert opened.status_code == 303
    assert len(db.read_only(matters.of_case, case_id)) == 2


def test_a_colleague_cannot_open_a_matter(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    answer = as_login("lu").post(f"/cases/{case_id}/matters", data={"matter": "notify"})
    assert answer.status_code == 403


def test_finishing_by_hand_ends_the_matter_and_keeps_its_documents(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    client = as_login("shen")
    page = client.get(f"/cases/{case_id}/matters").get_data(as_text=True)
    path = page.split("/matters/tasks/")[1].split('"')[0]
    answer = client.post(f"/cases/{case_id}/matters/tasks/{path}", data={"matter": "notify"})
    assert answer.status_code == 303
    assert db.read_only(matters.of_case, case_id)[0].state == "done"
    assert len(drafted(case_id)) == 6


def test_the_dialog_shows_documents_addressees_and_what_is_left_out(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    first, second = drafted(case_id)[:2]
    applicant, debtor = people(case_id)
    data = {"kind": "sign_and_deliver", "row": [first.id, second.id], f"to-{first.id}": applicant}
    client = as_login("shen")
    text = client.post(
        f"/cases/{case_id}/batches/confirm", data=data, headers={"HX-Request": "true"}
    ).get_data(as_text=True)
    assert f"《{second.name}》" in text
    assert "没有选择受送达人" in text
    assert "data-gated" not in text
    text = client.post(
        f"/cases/{case_id}/batches/confirm",
        data=data | {f"to-{second.id}": debtor},
        headers={"HX-Request": "true"},
    ).get_data(as_text=True)
    assert "确认签章并送达 2 份" in text
    assert "2 名受送达人" in text
    assert "data-close data-focus>返回核对" in text


def test_delivering_unsigned_documents_is_refused_with_each_reason(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    first = drafted(case_id)[0]
    data = {"kind": "deliver", "row": first.id, f"to-{first.id}": people(case_id)[0]}
    text = (
        as_login("xu")
        .post(f"/cases/{case_id}/batches/confirm", data=data, headers={"HX-Request": "true"})
        .get_data(as_text=True)
    )
    assert "尚未签章，不能送达" in text
    assert "data-gated" not in text


def test_a_clerk_may_not_ask_for_signatures(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    first = drafted(case_id)[0]
    answer = as_login("xu").post(
        f"/cases/{case_id}/batches", data={"kind": "sign", "row": first.id}
    )
    assert answer.status_code == 403


def test_a_refused_click_comes_back_with_its_ticks_and_names_the_document(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    first = drafted(case_id)[0]
    answer = as_login("shen").post(
        f"/cases/{case_id}/batches", data={"kind": "sign_and_deliver", "row": first.id}
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f"《{first.name}》没有选择受送达人" in text
    assert (
        f'value="{first.id}" data-row data-state="to_sign" aria-label="选择 {first.name}" checked'
        in text
    )


def test_nothing_chosen_is_said_in_a_sentence(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    answer = as_login("shen").post(f"/cases/{case_id}/batches", data={"kind": "sign"})
    assert answer.status_code == 422
    assert "请先选择文书" in answer.get_data(as_text=True)


def test_levels_come_from_the_table_that_routes(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    text = (
        as_login("shen")
        .get(f"/cases/{case_id}/matters/notify/levels", headers={"HX-Request": "true"})
        .get_data(as_text=True)
    )
    assert "承办法官签发，不报批" in text
    assert "执行通知书" in text


# ---------------------------------------------------------------- 备注, 登记财产


def test_a_remark_on_a_matter_is_kept_with_author_and_time(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    matter = db.read_only(matters.of_case, case_id)[0]
    path = f"/cases/{case_id}/remarks/matter/{matter.id}"
    client = as_login("xu")
    assert client.post(path, data={"text": "当事人电话已核对"}).status_code == 303
    said = db.read_only(remarks.of_subjects, case_id, [matter.id])[matter.id]
    assert [(one.author, one.text) for one in said] == [("许佳宁", "当事人电话已核对")]
    dialog = client.get(path, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "当事人电话已核对" in dialog
    page = client.get(f"/cases/{case_id}/matters").get_data(as_text=True)
    assert "备注，1 条" in page


def test_an_empty_remark_is_refused_beside_the_field(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    matter = db.read_only(matters.of_case, case_id)[0]
    answer = as_login("shen").post(
        f"/cases/{case_id}/remarks/matter/{matter.id}",
        data={"text": "  "},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.get_data(as_text=True)


def test_a_remark_needs_a_subject_of_this_case(court: Court, as_login: Login) -> None:
    case_id, other = court.accept(), court.accept()
    foreign = db.read_only(matters.of_case, other)[0]
    client = as_login("shen")
    for path in (f"matter/{foreign.id}", f"asset/{uuid4()}", f"case/{case_id}"):
        assert client.get(f"/cases/{case_id}/remarks/{path}").status_code == 404


def test_property_is_recorded_and_controlled_from_the_page(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    client = as_login("tan")
    record = {
        "owner": people(case_id)[1],
        "kind": "deposit",
        "name": "临江农商行 尾号4471",
        "value": "186,420.55",
        "disposition": "deduct",
    }
    assert client.post(f"/cases/{case_id}/assets", data=record).status_code == 303
    (asset,) = db.read_only(assets.of_case, case_id)
    measure = {"kind": "freeze", "rank": "1", "starts_on": "2026/11/24", "ends_on": "20271123"}
    path = f"/cases/{case_id}/assets/{asset.id}/measures"
    assert client.post(path, data=measure).status_code == 303
    page = client.get(f"/cases/{case_id}/matters").get_data(as_text=True)
    assert "已冻结" in page
    assert "186,420.55 元" in page
    assert "至 2027-11-23" in page


def test_an_incomplete_record_names_every_field(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    answer = as_login("shen").post(
        f"/cases/{case_id}/assets", data={"value": "壹万"}, headers={"HX-Request": "true"}
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert all(f'id="{name}-error"' in text for name in ("owner", "kind", "name", "value"))
    assert "壹万" in text


def test_a_first_measure_needs_its_last_day(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    client = as_login("shen")
    record = {"owner": people(case_id)[1], "kind": "vehicle", "name": "车", "disposition": "none"}
    client.post(f"/cases/{case_id}/assets", data=record)
    (asset,) = db.read_only(assets.of_case, case_id)
    path = f"/cases/{case_id}/assets/{asset.id}/measures"
    for ends_on, sentence in (("", "必须填写届满日"), ("2026-01-01", "不能早于起始日")):
        answer = client.post(
            path,
            data={"kind": "seize", "rank": "1", "starts_on": "2026-11-24", "ends_on": ends_on},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
