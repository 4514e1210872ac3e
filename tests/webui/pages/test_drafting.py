"""文书制作: from the template to a draft, its versions, previews, 作废, and the signed file."""

from collections.abc import Callable
from uuid import uuid4

from flask.testing import FlaskClient

from engine import blobs, db
from engine.casefile.document import batches, documents, drafting
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]


def first(case_id) -> documents.Document:
    return db.read_only(documents.of_case, case_id)[0]


def signed(court: Court, case_id) -> documents.Document:
    found = first(case_id)
    db.in_transaction(
        batches.request, court.user("shen"), case_id, "sign", {found.id: []}, f"k{case_id}"
    )
    court.work()
    return first(case_id)


def test_templates_of_the_matter_are_offered_with_a_preview_from_the_case(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    page = as_login("tan").get(f"/cases/{case_id}/documents/new?matter=notify")
    text = page.get_data(as_text=True)
    assert "案款账户告知书" in text
    assert "尚未保存" in text
    assert court.case(case_id).case_no in text


def test_a_draft_is_made_from_the_chosen_template(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    answer = as_login("tan").post(
        f"/cases/{case_id}/documents", data={"matter": "notify", "code": "D009"}
    )
    assert answer.status_code == 303
    made = db.read_only(documents.of_case, case_id)[-1]
    assert (made.code, made.state) == ("D009", "draft")
    assert answer.location == f"/documents/{made.id}"


def test_a_kind_that_is_not_of_the_matter_is_not_found(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    data = {"matter": "notify", "code": "D999"}
    assert as_login("shen").post(f"/cases/{case_id}/documents", data=data).status_code == 404


def test_drafting_belongs_to_who_works_the_case(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    path = f"/cases/{case_id}/documents/new?matter=notify"
    assert as_login("lu").get(path).status_code == 403
    assert as_login("gu").get(path).status_code == 404


def test_saving_makes_a_version_and_leads_back_to_the_draft(court: Court, as_login: Login) -> None:
    document = first(court.accept())
    client, path = as_login("xu"), f"/documents/{document.id}"
    typed = db.read_only(lambda s: drafting.body_text(documents.content(s, document)))
    answer = client.post(path, data={"text": f"{typed}\n以上由书记员补充。", "seen_version": "1"})
    assert (answer.status_code, answer.location) == (303, path)
    text = client.get(path).get_data(as_text=True)
    assert "第2稿" in text
    assert "以上由书记员补充。" in text
    assert "许佳宁" in text
    old = client.get(f"{path}/versions/1", headers={"HX-Request": "true"})
    assert "以上由书记员补充。" not in old.get_data(as_text=True)
    assert client.get(f"{path}/versions/9").status_code == 404


def test_finishing_leads_to_the_matter(court: Court, as_login: Login) -> None:
    document = first(court.accept())
    data = {"text": "正文", "seen_version": "1", "then": "matter"}
    answer = as_login("shen").post(f"/documents/{document.id}", data=data)
    assert answer.location == f"/cases/{document.case_id}/matters?matter=notify"


def test_who_saves_second_is_told_and_keeps_what_he_typed(court: Court, as_login: Login) -> None:
    document = first(court.accept())
    path = f"/documents/{document.id}"
    as_login("xu").post(path, data={"text": "许佳宁的正文", "seen_version": "1"})
    answer = as_login("shen").post(path, data={"text": "沈若川的正文", "seen_version": "1"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "文书刚刚被他人修改" in text
    assert "许佳宁" in text
    assert "沈若川的正文" in text
    assert 'name="seen_version" value="2"' in text


def test_an_empty_body_is_refused(court: Court, as_login: Login) -> None:
    document = first(court.accept())
    answer = as_login("shen").post(
        f"/documents/{document.id}", data={"text": " \n ", "seen_version": "1"}
    )
    assert answer.status_code == 422
    assert "正文不能为空" in answer.get_data(as_text=True)


def test_the_preview_follows_what_is_typed_and_escapes_it(court: Court, as_login: Login) -> None:
    document = first(court.accept())
    answer = as_login("shen").post(
        f"/documents/{document.id}/preview",
        data={"text": "一段<script>alert(1)</script>"},
        headers={"HX-Request": "true"},
    )
    text = answer.get_data(as_text=True)
    assert "一段&lt;script&gt;" in text
    assert db.read_only(documents.get, document.id).version == 1


def test_a_draft_is_voided_with_a_reason_and_leaves_the_list(court: Court, as_login: Login) -> None:
    document = first(court.accept())
    client = as_login("shen")
    refused = client.post(f"/documents/{document.id}/void", data={"reason": " "})
    assert refused.status_code == 422
    answer = client.post(f"/documents/{document.id}/void", data={"reason": "当事人信息有误"})
    assert answer.status_code == 303
    found = db.read_only(documents.get, document.id)
    assert (found.state, found.problem) == ("void", "作废原因：当事人信息有误")
    again = client.post(f"/documents/{document.id}/void", data={"reason": "再次"})
    assert again.status_code == 409
    assert "已作废" in client.get(f"/documents/{document.id}").get_data(as_text=True)


def test_the_unsigned_pages_are_marked_as_a_draft(court: Court, as_login: Login) -> None:
    document = first(court.accept())
    answer = as_login("shen").get(f"/documents/{document.id}/preview.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.get_data().startswith(b"%PDF")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_the_signed_file_is_served_byte_for_byte_and_in_pieces(
    court: Court, as_login: Login
) -> None:
    document = signed(court, court.accept())
    client, path = as_login("xu"), f"/documents/{document.id}/file.pdf"
    whole = client.get(path)
    assert whole.get_data() == blobs.get(court.id, str(document.blob))
    assert whole.headers["Accept-Ranges"] == "bytes"
    piece = client.get(path, headers={"Range": "bytes=0-99"})
    assert piece.status_code == 206
    assert piece.get_data() == whole.get_data()[:100]
    assert piece.headers["Content-Range"].startswith("bytes 0-99/")
    same = client.get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert same.status_code == 304


def test_a_signed_document_can_be_read_but_not_changed(court: Court, as_login: Login) -> None:
    document = signed(court, court.accept())
    client, path = as_login("shen"), f"/documents/{document.id}"
    text = client.get(path).get_data(as_text=True)
    assert "data-pdf-viewer" in text
    assert "<textarea" not in text
    assert client.post(path, data={"text": "改", "seen_version": "1"}).status_code == 409


def test_an_unsigned_document_has_no_file(court: Court, as_login: Login) -> None:
    document = first(court.accept())
    assert as_login("shen").get(f"/documents/{document.id}/file.pdf").status_code == 404


def test_documents_of_a_foreign_case_do_not_exist(court: Court, as_login: Login) -> None:
    document = signed(court, court.accept())
    client = as_login("gu")
    for path in ("", "/preview", "/preview.pdf", "/file.pdf", "/versions/1"):
        assert client.get(f"/documents/{document.id}{path}").status_code == 404
    assert client.get(f"/documents/{uuid4()}").status_code == 404
