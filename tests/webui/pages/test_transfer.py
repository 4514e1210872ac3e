"""事项信息: 暂存, the outlook, 提交 and its refusals, conflicts, 退回."""

from collections.abc import Callable

from flask.testing import FlaskClient

from engine import clock, db
from engine.casefile.stage import stages, transfers
from tests.casefile.court import Court
from tests.casefile.test_transfers import find_house, serve_notices

Login = Callable[[str], FlaskClient]


def sheet(court: Court, case_id, login: str = "shen"):
    return db.in_transaction(transfers.page, court.user(login), case_id).sheet


def form(court: Court, case_id, act: str = "save", login: str = "shen", **more):
    shown = sheet(court, case_id, login)
    data = {"entry": shown.stage_entry_id, "seen_version": shown.version, "act": act}
    return data | more


def ready(court: Court):
    """A case whose notices are delivered and whose house is sealed."""
    case_id = court.accept()
    serve_notices(court, case_id)
    find_house(court, case_id)
    return case_id


AUCTION = {"follow_up": "F11", "items-F11": "immovable", "has_auction": "1"}


def test_the_page_shows_matters_choices_and_checks(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    text = as_login("shen").get(f"/cases/{case_id}/transfer").get_data(as_text=True)
    for words in ("完成情况说明", "其他情况说明", "后续事项", "是否有拍", "提交后", "提交前检查"):
        assert words in text
    assert "未启用" in text
    assert 'id="note-notify"' in text


def test_saving_collects_three_documents_and_folds_the_rest(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    serve_notices(court, case_id)
    client = as_login("xu")
    answer = client.post(f"/cases/{case_id}/transfer", data=form(court, case_id))
    assert answer.status_code == 303
    text = client.get(answer.location).get_data(as_text=True)
    assert "抓取 6 份文书" in text
    assert "其余 3 份" in text


def test_typed_text_is_kept_and_only_sent_back_when_it_was_changed(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    client, path = as_login("shen"), f"/cases/{case_id}/transfer"
    client.post(path, data=form(court, case_id, **{"text-notify": "已电话告知。"}))
    serve_notices(court, case_id)
    unchanged = {"text-notify": "已电话告知。", "was-notify": "已电话告知。"}
    client.post(path, data=form(court, case_id, **unchanged))
    (note,) = sheet(court, case_id).notes
    assert (note.typed, note.text, len(note.offered)) == (True, "已电话告知。", 6)
    text = client.get(path).get_data(as_text=True)
    assert "卷宗中新增 6 份" in text
    assert "写入说明" in text
    client.post(
        path, data=form(court, case_id, **{"text-notify": "", "was-notify": "已电话告知。"})
    )
    (note,) = sheet(court, case_id).notes
    assert (note.typed, len(note.found)) == (False, 6)


def test_the_outlook_follows_the_choices_without_saving(court: Court, as_login: Login) -> None:
    case_id = ready(court)
    client = as_login("shen")
    text = client.post(
        f"/cases/{case_id}/transfer/preview",
        data=form(court, case_id, **AUCTION),
        headers={"HX-Request": "true"},
    ).get_data(as_text=True)
    assert "财产处置" in text
    assert "顾明远" in text
    assert "90 天" in text
    assert sheet(court, case_id).follow_up is None


def test_a_choice_that_disagrees_with_the_case_is_named_before_submitting(
    court: Court, as_login: Login
) -> None:
    case_id = ready(court)
    text = (
        as_login("shen")
        .post(
            f"/cases/{case_id}/transfer/preview",
            data=form(court, case_id, follow_up="F13", has_auction="1"),
            headers={"HX-Request": "true"},
        )
        .get_data(as_text=True)
    )
    assert "与案件情况不一致" in text


def test_submitting_too_early_lists_everything_with_links_and_keeps_the_text(
    court: Court, as_login: Login
) -> None:
    case_id = court.accept()
    data = form(court, case_id, act="submit", other_text="被执行人下落不明。")
    answer = as_login("shen").post(f"/cases/{case_id}/transfer", data=data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#follow_up">请选择后续事项' in text
    assert 'href="#has_auction">请选择是否有拍' in text
    assert 'href="#note-notify"' in text
    assert "被执行人下落不明。" in text
    assert court.case(case_id).stage == "asset_control"


def test_submitting_moves_the_case_and_says_where_to(court: Court, as_login: Login) -> None:
    case_id = ready(court)
    client = as_login("shen")
    answer = client.post(
        f"/cases/{case_id}/transfer", data=form(court, case_id, act="submit", **AUCTION)
    )
    assert (answer.status_code, answer.location) == (303, f"/cases/{case_id}")
    assert court.case(case_id).stage == "asset_disposal"
    page = client.get(answer.location).get_data(as_text=True)
    assert "已流转至财产处置，承办人顾明远" in page


def test_only_the_handler_submits(court: Court, as_login: Login) -> None:
    case_id = ready(court)
    client, path = as_login("xu"), f"/cases/{case_id}/transfer"
    assert "只有本阶段承办人可以提交流转" in client.get(path).get_data(as_text=True)
    answer = client.post(path, data=form(court, case_id, act="submit", **AUCTION))
    assert answer.status_code == 403
    assert as_login("gu").get(path).status_code == 404
    assert as_login("lu").post(path, data=form(court, case_id)).status_code == 403


def test_of_two_who_save_the_second_is_told_who_was_first(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    path = f"/cases/{case_id}/transfer"
    old = form(court, case_id, other_text="沈若川的说明")
    as_login("xu").post(path, data=form(court, case_id, other_text="许佳宁的说明"))
    answer = as_login("shen").post(path, data=old)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "许佳宁于" in text
    assert "沈若川的说明" in text
    assert sheet(court, case_id).other_text == "许佳宁的说明"


def test_a_page_of_a_stay_that_is_over_moves_nothing_and_keeps_the_text(
    court: Court, as_login: Login
) -> None:
    case_id = ready(court)
    client, path = as_login("shen"), f"/cases/{case_id}/transfer"
    old = form(court, case_id, act="submit", other_text="再次提交", **AUCTION)
    client.post(path, data=form(court, case_id, act="submit", **AUCTION))
    answer = client.post(path, data=old)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "沈若川于" in text
    assert "流转至财产处置" in text
    assert "再次提交" in text
    assert court.case(case_id).stage == "asset_disposal"


def test_the_receiving_team_may_refuse_with_a_reason(court: Court, as_login: Login) -> None:
    case_id = ready(court)
    path = f"/cases/{case_id}/transfer"
    as_login("shen").post(path, data=form(court, case_id, act="submit", **AUCTION))
    client = as_login("gu")
    assert "前退回" in client.get(path).get_data(as_text=True)
    refused = client.post(f"{path}/refusal", data={"reason": "", "words": ""})
    assert refused.status_code == 422
    data = {"reason": "RET_MISSING_DOC", "words": "缺查封裁定送达回证"}
    assert client.post(f"{path}/refusal", data=data).status_code == 303
    case = court.case(case_id)
    assert (case.stage, case.handler_id) == ("asset_control", court.user("shen").id)
    assert "退回" not in as_login("shen").get(path).get_data(as_text=True).split("<main")[1]


def test_suspending_keeps_the_case_and_resuming_goes_on(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    client, path = as_login("shen"), f"/cases/{case_id}/transfer"
    data = form(court, case_id, act="submit", follow_up="F17", has_auction="0")
    assert client.post(path, data=data | {"items-F17": "suspension"}).status_code == 303
    assert court.case(case_id).status == "suspended"
    assert "恢复办理" in client.get(path).get_data(as_text=True)
    assert client.post(f"{path}/resumption").status_code == 303
    assert court.case(case_id).status == "in_stage"


def test_the_last_stage_asks_for_no_follow_up(court: Court, as_login: Login) -> None:
    case_id = court.accept()
    with db.engine().begin() as session:
        entry = stages.current(session, case_id)
        assert entry is not None
        stages.leave(session, entry.id)
        stages.enter(
            session,
            court.case(case_id),
            "closing_archiving",
            handler_id=court.user("cheng").id,
            handler_reason="lightest_load",
        )
    text = as_login("cheng").get(f"/cases/{case_id}/transfer").get_data(as_text=True)
    assert "后续事项" not in text
    assert "是否有拍" not in text
    assert "分段执行结束" in text


def test_a_case_in_no_stage_cannot_be_transferred(court: Court, as_login: Login) -> None:
    case_id = court.accept(case_type="执保")
    answer = as_login("shen").get(f"/cases/{case_id}/transfer")
    assert answer.status_code == 409
    assert "本案不在分段办理中" in answer.get_data(as_text=True)
    assert clock.offset().total_seconds() == 0
