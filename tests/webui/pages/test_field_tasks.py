"""事项交办: given out on the case, taken, photographed, recorded and reported by an officer, who never sees the case."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from engine import audit, blobs, clock, db
from engine.casefile.document import dossier
from engine.casefile.errand import field_assignments, field_photos, field_records, field_tasks
from engine.casefile.matter import matters
from engine.casefile.oversight import interventions
from engine.casefile.people import access, users
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


def jpeg(shade: int = 0, *, taken: str = "2026:11:24 10:21:07") -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken
    Image.new("RGB", (1600, 1200), (40 * shade, 90, 60)).save(out, "JPEG", exif=exif)
    return out.getvalue()


PLACE = {"latitude": "31.2345671", "longitude": "121.4737012", "accuracy": "11.7"}


def shoot(officer: FlaskClient, task_id: UUID, content: bytes, **more: str) -> TestResponse:
    """What the page's script sends of one photo."""
    data = {"upload_id": str(uuid4()), **PLACE, **more, "photo": (io.BytesIO(content), "../x.html")}
    url = f"/field/{task_id}/photos"
    return officer.post(url, data=data, headers={"Accept": "application/json"})


def begun(court: Court, as_login: Login, **more) -> tuple[UUID, field_tasks.FieldTask, FlaskClient]:
    """(case, errand, officer's client) of an errand that 马骁 has taken."""
    case_id = court.accept()
    wanted = errand(**more)
    wanted |= {"matter_key": wanted.pop("matter"), "due_on": clock.today() + timedelta(days=3)}
    given_out = field_tasks.Errand(**wanted)
    db.in_transaction(field_assignments.assign, court.user("shen"), case_id, given_out)
    task, officer = only(case_id), as_login("ma")
    assert officer.post(f"/field/{task.id}/accept").status_code == 303
    return case_id, task, officer


def record(**more: str) -> dict[str, str]:
    return {
        "arrived_at": f"{clock.now().astimezone(clock.COURT_ZONE):%Y-%m-%dT%H:%M}",
        "people": "王秀兰、社区工作人员",
        "course": "敲门后由王秀兰开门，查看各房间。",
        "result": "家中有人居住",
    } | more


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
    assert officer.post(f"/field/{task.id}", data=record()).status_code == 303
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


def test_what_is_missing_or_cannot_be_printed_is_named_and_a_report_is_final(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id, task, officer = begun(court, as_login)
    refused = officer.post(f"/field/{task.id}", data={"people": "王秀兰", "result": " "})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "请填写办理结果" in text
    assert "请记录到场时间" in text
    assert "王秀兰" in officer.get(f"/field/{task.id}").get_data(as_text=True)
    data = record(course="现场有标牌\U0001f600", version="1")
    refused = officer.post(f"/field/{task.id}", data=data, headers={"Accept": "application/json"})
    assert refused.status_code == 422
    assert "U+1F600" in refused.get_json()["error"]
    assert "现场有标牌" in officer.get(f"/field/{task.id}").get_data(as_text=True)
    officer.post(f"/field/{task.id}", data=record(result="已张贴", version="2"))
    assert officer.post(f"/field/{task.id}", data=record(result="改")).status_code == 409
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


# ---------------------------------------------------------------- photos


def test_a_photo_is_kept_as_it_came_with_place_moment_and_hash(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id, task, officer = begun(court, as_login)
    content = jpeg()
    answer = shoot(officer, task.id, content, seconds_ago="600")
    assert answer.status_code == 200
    (photo,) = db.read_only(field_photos.of_task, task.id)
    assert blobs.get(court.id, photo.blob) == content
    assert photo.blob == hashlib.sha256(content).hexdigest()
    assert (photo.width, photo.height, photo.taken_at) == (1600, 1200, "2026-11-24 10:21:07")
    assert str(photo.position) == "北纬31.234567°，东经121.473701°，误差约12米"
    assert timedelta(seconds=599) < photo.received_at - photo.chosen_at < timedelta(seconds=660)
    url = f"/cases/{case_id}/field-tasks/{task.id}/photos/{photo.id}"
    judge = as_login("shen")
    page = judge.get(f"/cases/{case_id}/field-tasks/{task.id}").get_data(as_text=True)
    assert photo.blob in page
    assert "北纬31.234567°" in page
    assert "恢复后提交" in page
    original = judge.get(f"{url}?size=original")
    assert original.data == content
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert (original.mimetype, original.headers["X-Content-Type-Options"]) == (
        "image/jpeg",
        "nosniff",
    )
    small = Image.open(io.BytesIO(judge.get(url).data))
    assert small.size == (640, 480)
    assert not small.getexif(), "what the camera wrote, its place too, stays in the original"


def test_only_who_may_see_them_sees_the_photos(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id, task, officer = begun(court, as_login)
    shoot(officer, task.id, jpeg())
    (photo,) = db.read_only(field_photos.of_task, task.id)
    own = f"/field/{task.id}/photos/{photo.id}"
    of_case = f"/cases/{case_id}/field-tasks/{task.id}/photos/{photo.id}"
    assert officer.get(own).mimetype == "image/jpeg"
    assert officer.get(f"{own}?size=original").status_code == 404
    assert officer.get(of_case).status_code == 404
    assert as_login("ding").get(own).status_code == 409
    assert as_login("shen").get(own).status_code == 403
    assert as_login("gu").get(of_case).status_code == 404
    other = court.accept("lu")
    foreign = f"/cases/{other}/field-tasks/{task.id}"
    assert as_login("lu").get(foreign).status_code == 404
    assert as_login("lu").get(f"{foreign}/photos/{photo.id}").status_code == 404


def test_an_upload_sent_twice_is_one_photo_and_a_removed_one_stays_removed(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id, task, officer = begun(court, as_login)
    upload = str(uuid4())
    first = shoot(officer, task.id, jpeg(), upload_id=upload).get_json()
    assert shoot(officer, task.id, jpeg(), upload_id=upload).get_json()["id"] == first["id"]
    assert shoot(officer, task.id, jpeg()).get_json()["id"] == first["id"], "the same file again"
    officer.post(f"/field/{task.id}/photos/{first['id']}/remove")
    assert shoot(officer, task.id, jpeg(), upload_id=upload).get_json()["html"] == ""
    assert db.read_only(field_photos.of_task, task.id) == []
    page = as_login("shen").get(f"/cases/{case_id}/field-tasks/{task.id}/photos/{first['id']}")
    assert page.status_code == 404
    actions = _actions(case_id)
    assert actions.count("field_photo_added") == 1
    assert actions.count("field_photo_removed") == 1


def _actions(case_id: UUID) -> list[str]:
    def read(session: db.Session) -> list[str]:
        entry = audit.ENTRY.c
        rows = session.execute(audit.ENTRY.select().where(entry.chain_id == case_id))
        return [row.action for row in rows]

    return db.read_only(read)


# ---------------------------------------------------------------- record


def test_a_draft_is_kept_complete_or_not_and_a_second_device_is_told(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    _, task, officer = begun(court, as_login)
    url, phone, tablet = f"/field/{task.id}/record", str(uuid4()), str(uuid4())
    script = {"Accept": "application/json"}
    sent = {"course": "敲门无人应", "device_id": phone, "version": "0"}
    assert officer.post(url, data=sent, headers=script).get_json()["version"] == 1
    # The answer was lost: the same again changes nothing, and more of the same device is taken.
    assert officer.post(url, data=sent, headers=script).get_json()["version"] == 1
    more = sent | {"course": "敲门无人应，邻居在场"}
    assert officer.post(url, data=more, headers=script).get_json()["version"] == 2
    late = {"course": "另写的", "device_id": tablet, "version": "1"}
    refused = officer.post(url, data=late, headers=script)
    assert refused.status_code == 409
    assert refused.get_json()["theirs"]["course"] == "敲门无人应，邻居在场"
    assert officer.post(url, data=late | {"version": "2"}, headers=script).status_code == 200


def test_arrival_notes_moment_and_place_and_typing_is_marked(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    _, task, officer = begun(court, as_login)
    answer = officer.post(f"/field/{task.id}/arrive", data=PLACE | {"seconds_ago": "90"})
    assert answer.status_code == 303
    noted = db.read_only(field_records.of_task, task.id)
    waited = clock.now() - noted.arrived_at
    assert timedelta(seconds=89) < waited < timedelta(seconds=120)
    assert str(noted.position).startswith("北纬31.234567°")
    officer.post(
        f"/field/{task.id}/record", data=record(arrived_at="2026-11-20T08:15", version="1")
    )
    assert db.read_only(field_records.of_task, task.id).arrival_typed
    tomorrow = f"{clock.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    refused = officer.post(f"/field/{task.id}", data=record(arrived_at=tomorrow, version="2"))
    assert "到场时间不能晚于现在" in refused.get_data(as_text=True)


def test_done_means_record_and_photos_in_the_dossier_and_twice_is_once(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id, task, officer = begun(court, as_login)
    shoot(officer, task.id, jpeg(1))
    shoot(officer, task.id, jpeg(2))
    (first, _) = db.read_only(field_photos.of_task, task.id)
    submission = {"submission_id": str(uuid4())}
    script = {"Accept": "application/json"}
    for _ in range(2):
        answer = officer.post(f"/field/{task.id}", data=record(**submission), headers=script)
        assert answer.get_json() == {"location": "/field"}
    assert shoot(officer, task.id, jpeg(3)).status_code == 409
    assert officer.post(f"/field/{task.id}/photos/{first.id}/remove").status_code == 409
    items = [i for i in db.read_only(dossier.of_case, case_id) if i.source in ("record", "proof")]
    assert [i.title for i in items] == [
        "外勤记录（现场调查）",
        "现场照片1（现场调查）",
        "现场照片2（现场调查）",
    ]
    assert items[1].blob == first.blob
    judge = as_login("shen")
    pdf = judge.get(f"/cases/{case_id}/dossier/{items[0].id}.pdf").data
    assert pdf.startswith(b"%PDF-")
    assert b"pdfaid" in pdf
    assert judge.get(f"/cases/{case_id}/dossier/{items[1].id}.pdf").data.startswith(b"%PDF-")
    assert "外勤记录（现场调查）" in judge.get(f"/cases/{case_id}/dossier").get_data(as_text=True)


def test_a_posting_needs_its_photo_and_there_is_a_most_of_them(
    court: Court, as_login: Login, officers: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, task, officer = begun(court, as_login, kind="post_notice")
    refused = officer.post(f"/field/{task.id}", data=record())
    assert "还差1张照片" in refused.get_data(as_text=True)
    monkeypatch.setattr(field_photos, "MOST", 1)
    assert shoot(officer, task.id, jpeg(1)).status_code == 200
    one_more = shoot(officer, task.id, jpeg(2))
    assert one_more.status_code == 422
    assert "最多1张" in one_more.get_json()["error"]
    again = record(version="1")
    assert officer.post(f"/field/{task.id}", data=again).status_code == 303
    assert only(case_id).state == "done"


# ---------------------------------------------------------------- withdrawn


def test_a_withdrawn_errand_says_so_and_keeps_what_was_recorded(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id, task, officer = begun(court, as_login)
    officer.post(f"/field/{task.id}/record", data=record())
    judge, url = as_login("shen"), f"/cases/{case_id}/field-tasks/{task.id}"
    assert judge.post(f"{url}/withdraw", data={"reason": " "}).status_code == 422
    assert as_login("lu").post(f"{url}/withdraw", data={"reason": "x"}).status_code == 403
    assert judge.post(f"{url}/withdraw", data={"reason": "已经履行"}).status_code == 303
    assert "已撤回" in officer.get("/notices").get_data(as_text=True)
    refused = shoot(officer, task.id, jpeg())
    assert refused.status_code == 409
    assert "已由承办人撤回" in refused.get_json()["error"]
    assert "已经履行" in officer.get(f"/field/{task.id}").get_data(as_text=True)
    assert "已撤回" in officer.get("/field").get_data(as_text=True)
    assert "家中有人居住" in judge.get(url).get_data(as_text=True)


def test_an_errand_ends_with_its_cancelled_matter(
    court: Court, as_login: Login, officers: list[UUID]
) -> None:
    case_id, task, officer = begun(court, as_login)
    matter = db.read_only(matters.get, task.matter_id)
    reason = "重复发起"
    db.in_transaction(interventions.cancel, court.user("luo"), matter.instance_id, reason)
    assert only(case_id).state == "withdrawn"
    assert shoot(officer, task.id, jpeg()).status_code == 409
    assert db.read_only(field_tasks.count, users_of(court, "ma")) == 0


def users_of(court: Court, login: str) -> users.User:
    return next(u for u in db.read_only(users.of_court, court.id) if u.login == login)
