"""浏览总卷, 浏览分表, 上传材料, 文书打印."""

import io
from collections.abc import Callable
from uuid import uuid4

import pikepdf
from flask.testing import FlaskClient
from PIL import Image

from engine import audit, blobs, db
from engine.casefile.document import batches, documents, dossier
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]


def sign(court: Court, case_id, count: int = 1) -> list[documents.Document]:
    chosen = db.read_only(documents.of_case, case_id)[:count]
    picks = {d.id: [] for d in chosen}
    db.in_transaction(batches.request, court.user("shen"), case_id, "sign", picks, f"k{case_id}")
    court.work()
    return chosen


def pdf(pages: int = 1) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(out)
    return out.getvalue()


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, kind)
    return out.getvalue()


def send(client: FlaskClient, case_id, content: bytes, name: str = "扫描件.pdf", **more):
    data = {"title": "申请执行书", "place": "main-3", "file": (io.BytesIO(content), name)} | more
    return client.post(f"/cases/{case_id}/dossier", data=data)


def internal_item(court: Court, case_id) -> dossier.Item:
    """An item of the internal volume."""
    item_id = db.in_transaction(
        dossier.add,
        court.id,
        case_id,
        volume="internal",
        item=1,
        title="合议庭评议笔录",
        source="upload",
        blob=blobs.put(court.id, pdf()),
        pages=1,
    )
    return db.read_only(dossier.get, case_id, item_id)


def test_an_empty_dossier_says_what_comes_into_it(court: Court, as_login: Login) -> None:
    text = as_login("shen").get(f"/cases/{court.accept()}/dossier").get_data(as_text=True)
    assert "卷宗还没有材料" in text
    assert "上传材料" in text


def test_signed_documents_stand_under_their_catalogue_number(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    sign(court, case_id, 2)
    client = as_login("shen")
    text = client.get(f"/cases/{case_id}/dossier").get_data(as_text=True)
    assert "受理案件通知书" in text
    assert "执行通知书、财产申报表、报告财产令、被执行人报告财产责任书" in text
    item = db.read_only(dossier.of_case, case_id)[0]
    chosen = client.get(f"/cases/{case_id}/dossier?item={item.id}").get_data(as_text=True)
    assert f"/cases/{case_id}/dossier/{item.id}.pdf" in chosen
    file = client.get(f"/cases/{case_id}/dossier/{item.id}.pdf")
    assert file.get_data() == blobs.get(court.id, item.blob)


def test_the_internal_volume_is_shown_by_role(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    item = internal_item(court, case_id)
    for login in ("shen", "xu", "luo"):
        text = as_login(login).get(f"/cases/{case_id}/dossier").get_data(as_text=True)
        assert "合议庭评议笔录" in text
    colleague = as_login("lu")
    text = colleague.get(f"/cases/{case_id}/dossier").get_data(as_text=True)
    assert "合议庭评议笔录" not in text
    assert colleague.get(f"/cases/{case_id}/dossier?item={item.id}").status_code == 404
    assert colleague.get(f"/cases/{case_id}/dossier/{item.id}.pdf").status_code == 404


def test_the_whole_dossier_is_one_file_without_what_one_may_not_read(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    sign(court, case_id)
    internal_item(court, case_id)

    def pages(login: str, query: str = "") -> int:
        answer = as_login(login).get(f"/cases/{case_id}/dossier.pdf{query}")
        assert answer.status_code == 200
        with pikepdf.open(io.BytesIO(answer.get_data())) as whole:
            return len(whole.pages)

    assert pages("shen") == pages("lu") + 1
    download = as_login("shen").get(f"/cases/{case_id}/dossier.pdf?download=1")
    assert download.headers["Content-Disposition"].startswith("attachment")


def test_the_partial_view_holds_exactly_the_documents_of_the_matter_page(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    sign(court, case_id, 2)
    send(as_login("shen"), case_id, pdf())
    client = as_login("shen")
    text = client.get(f"/cases/{case_id}/matters/notify/view").get_data(as_text=True)
    listed = db.read_only(documents.of_case, case_id)
    assert all(d.name in text for d in listed)
    assert "6 份" in text
    assert "申请执行书" not in text
    unsigned = client.get(f"/cases/{case_id}/matters/notify/view?document={listed[-1].id}")
    assert f"/documents/{listed[-1].id}/preview.pdf" in unsigned.get_data(as_text=True)
    assert client.get(f"/cases/{case_id}/matters/notify/view?document={uuid4()}").status_code == 404


def test_a_scan_is_stored_as_it_came_and_noted(court: Court, as_login: Login) -> None:
    case_id, content = court.accept(), pdf(3)
    client = as_login("xu")
    assert send(client, case_id, content).status_code == 303
    (item,) = db.read_only(dossier.of_case, case_id)
    assert (item.title, item.item, item.source, item.pages) == ("申请执行书", 3, "upload", 3)
    assert blobs.get(court.id, item.blob) == content
    with db.engine().connect() as session:
        actions = session.scalars(
            audit.ENTRY.select()
            .with_only_columns(audit.ENTRY.c.action)
            .where(audit.ENTRY.c.chain_id == case_id)
        ).all()
    assert "dossier_item_uploaded" in actions


def test_a_picture_becomes_a_page(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    client = as_login("xu")
    for kind, name in (("PNG", "a.png"), ("JPEG", "a.jpg")):
        assert send(client, case_id, picture(kind), name).status_code == 303
    for item in db.read_only(dossier.of_case, case_id):
        shown = client.get(f"/cases/{case_id}/dossier/{item.id}.pdf")
        assert shown.get_data().startswith(b"%PDF")
    assert client.get(f"/cases/{case_id}/dossier.pdf").status_code == 200


def test_what_is_no_readable_file_is_refused_beside_the_field(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    client = as_login("xu")
    for content, sentence in (
        (b"", "请选择文件"),
        (b"MZ\x90\x00", "只能上传PDF、JPG和PNG"),
        (b"%PDF-1.7 not really", "PDF打不开"),
        (b"\xff\xd8\xff\xe0 not really", "图片打不开"),
    ):
        answer = send(client, case_id, content)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    answer = send(client, case_id, pdf(), title=" ", place="main-77")
    text = answer.get_data(as_text=True)
    assert "请填写材料名称" in text
    assert "请选择目录项" in text
    assert db.read_only(dossier.of_case, case_id) == []


def test_uploading_belongs_to_who_works_the_case(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    assert as_login("lu").get(f"/cases/{case_id}/dossier/upload").status_code == 403
    assert send(as_login("lu"), case_id, pdf()).status_code == 403
    assert send(as_login("gu"), case_id, pdf()).status_code == 404


def test_printing_notes_who_printed_and_merges_signed_and_unsigned(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    sign(court, case_id)
    chosen = db.read_only(documents.of_case, case_id)[:2]
    client = as_login("xu")
    answer = client.post(f"/cases/{case_id}/print", data={"row": [d.id for d in chosen]})
    assert answer.status_code == 303
    printed = client.get(answer.location)
    with pikepdf.open(io.BytesIO(printed.get_data())) as file:
        assert len(file.pages) >= 2
    refused = client.post(f"/cases/{case_id}/print", data={})
    assert refused.status_code == 422
    assert "请先勾选要打印的文书" in refused.get_data(as_text=True)


def test_a_foreign_dossier_does_not_exist(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    client = as_login("gu")
    for path in ("dossier", "dossier.pdf", "dossier/upload", "matters/notify/view", "print.pdf"):
        assert client.get(f"/cases/{case_id}/{path}").status_code == 404
