"""代行职权登记 as people meet it: the list, the form with its errors, revoking, and the decision in another's place."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.approval import approval_seats
from engine.casefile.case import cases
from engine.casefile.people import access
from tests.casefile import test_approvals as steps
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]


def typed(court: Court, **changed: object) -> dict[str, object]:
    day = clock.today()
    return {
        "office": "president",
        "replaced": str(court.user("shao").id),
        "substitute": str(court.user("qin").id),
        "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=6)).isoformat(),
        "authority": "苏0199委〔2026〕7号",
        "scope": "all",
    } | changed


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_the_register_is_read_by_approvers_and_kept_by_the_president(
    court: Court, as_login: Login
) -> None:
    shao, luo = as_login("shao"), as_login("luo")
    assert "没有登记过代行职权" in page(luo, "/substitutions")
    page(as_login("shen"), "/substitutions", 403)
    page(luo, "/substitutions/new", 403)
    assert luo.post("/substitutions", data=typed(court)).status_code == 403
    wrong = typed(court, substitute=str(court.user("luo").id), ends_on="明天", authority="")
    refused = shao.post("/substitutions", data=wrong | {"scope": "some"})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    for said in (
        "罗正平的职务不能代行院长职权",
        "日期请写成",
        "请填写书面授权的文号",
        "请勾选文书",
    ):
        assert said in text
    some = typed(court, scope="some", document=["D043"])
    assert shao.post("/substitutions", data=some).status_code == 303
    shown = page(luo, "/substitutions")
    assert "（代 院长）" in shown
    assert "搜查令" in shown
    assert "撤销" not in shown.split("<tbody>")[1].split("</tbody>")[0]


def test_entering_and_revoking_move_what_is_open(court: Court, as_login: Login) -> None:
    _, document_id = steps.draft(court, "D043", "搜查令")
    approval_id = steps.submit(court, document_id)
    steps.decide(court, "luo", "approve")
    shao, qin = as_login("shao"), as_login("qin")
    mine = steps.task_of(court, "shao")
    answer = shao.post("/substitutions", data=typed(court), follow_redirects=True)
    assert "1 件待审批文书改由" in answer.get_data(as_text=True)
    court.work()
    assert shao.post(f"/tasks/{mine}/decision", data={"outcome": "approve", "confirmed": "1"}).status_code == 409  # fmt: skip
    assert "秦书仪（代 院长）" in page(qin, f"/tasks/{steps.task_of(court, 'qin')}/decision")
    path = page(shao, "/substitutions").split('href="/substitutions/')[2].split('"')[0]
    refused = shao.post(f"/substitutions/{path}", data={"reason": " "})
    assert refused.status_code == 422
    assert "请写明撤销的原因" in refused.get_data(as_text=True)
    assert shao.post(f"/substitutions/{path}", data={"reason": "提前返院"}).status_code == 303
    court.work()
    steps.decide(court, "shao", "approve")
    assert "提前返院" in page(qin, "/substitutions")
    assert "改由依法代行职权的人员办理" in page(qin, f"/approvals/{approval_id}")
    assert shao.post(f"/substitutions/{path}", data={"reason": "再次"}).status_code == 409


def test_the_printed_form_names_the_substitute_and_his_authority(
    court: Court, as_login: Login
) -> None:
    shao = as_login("shao")
    assert shao.post("/substitutions", data=typed(court)).status_code == 303
    _, document_id = steps.draft(court, "D043", "搜查令")
    assert "秦书仪（代 院长）" in page(as_login("shen"), f"/documents/{document_id}/approval")
    approval_id = steps.submit(court, document_id)
    steps.decide(court, "luo", "approve")
    steps.decide(court, "qin", "approve")
    text = page(as_login("shen"), f"/approvals/{approval_id}/form")
    assert "秦书仪（代 院长）" in text
    assert "依据苏0199委〔2026〕7号" in text


def test_a_level_that_stood_still_for_want_of_a_person_goes_on_when_one_is_entered(
    court: Court, as_login: Login
) -> None:
    case_id, document_id = steps.draft(court, "D043", "搜查令")
    steps.submit(court, document_id)
    db.in_transaction(
        lambda session: access.recuse(
            session, cases.get(session, case_id), court.user("luo").id, "回避"
        )
    )
    court.work()
    [incident] = db.read_only(approval_seats.vacant, court.id)
    for_luo = typed(
        court,
        office="bureau_director",
        replaced=str(court.user("luo").id),
        substitute=str(court.user("qin").id),
    )
    assert as_login("shao").post("/substitutions", data=for_luo).status_code == 303
    assert incident not in db.read_only(approval_seats.vacant, court.id)
    steps.decide(court, "qin", "approve")
    assert steps.task_of(court, "shao") is not None
