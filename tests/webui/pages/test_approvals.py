"""文书报批 as people meet it: submission with the whole chain, decisions, a lost race, print, and who finds nothing."""

import re
from collections.abc import Callable
from uuid import UUID

from flask.testing import FlaskClient

from engine import db
from engine.casefile.approval import approval_records, approvals
from engine.casefile.case import cases
from engine.casefile.document import documents, drafting
from engine.casefile.matter import matters
from engine.casefile.people import access
from tests.casefile import test_approvals as steps
from tests.casefile.court import Court

Login = Callable[[str], FlaskClient]
VOTE = {"outcome": "agree", "fact_reason": "转移已查封车辆", "law_reason": "民诉法第一百一十四条"}
OPINION = {"opinion": "线索明确，拟同意搜查"}


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def submit(client: FlaskClient, document_id: UUID) -> str:
    """The submission's path; remarks of an earlier one are ticked."""
    new = page(client, f"/documents/{document_id}/approval")
    ticked = re.findall(r'name="answered" value="([^"]+)"', new)
    typed = {"document": str(document_id), "answered": ticked} | OPINION
    answer = client.post("/approvals", data=typed)
    assert answer.status_code == 303
    return answer.headers["Location"]


def decide(client: FlaskClient, task_id: UUID, **typed: str):
    return client.post(f"/tasks/{task_id}/decision", data={"confirmed": "1"} | typed)


def recuse(court: Court, case_id: UUID, login: str) -> None:
    db.in_transaction(
        lambda session: access.recuse(
            session, cases.get(session, case_id), court.user(login).id, "回避"
        )
    )


def test_before_submission_the_page_shows_every_level_with_its_person_and_its_ground(
    court: Court, as_login: Login
) -> None:
    _, document_id = steps.draft(court, term_days=10)
    shen = as_login("shen")
    text = page(shen, f"/documents/{document_id}/approval")
    names = ("沈若川", "方知行", "陆怀瑾", "罗正平", "秦书仪", "邵启明")
    assert all(name in text for name in names)
    assert "拘留十五日以下" in text
    assert "不予批准" in text
    refused = shen.post("/approvals", data={"document": str(document_id), "opinion": " "})
    assert refused.status_code == 422
    assert "请填写承办意见" in refused.get_data(as_text=True)
    path = submit(shen, document_id)
    shown = page(shen, path)
    assert "0／3 已发表" in shown
    assert OPINION["opinion"] in shown
    assert "查看审批情况" in page(shen, f"/documents/{document_id}/approval")


def test_a_vacant_office_is_named_and_the_button_says_why(court: Court, as_login: Login) -> None:
    case_id, document_id = steps.draft(court, "D043", "搜查令")
    recuse(court, case_id, "shao")
    text = page(as_login("shen"), f"/documents/{document_id}/approval")
    assert re.search(r'disabled title="没有可以办理审批的人员[^"]*院长"', text)


def test_several_documents_are_submitted_each_by_itself(court: Court, as_login: Login) -> None:
    case_id, first = steps.draft(court, "D043", "搜查令")

    def another(session: db.Session) -> UUID:
        matter = matters.open_of_type(session, case_id, "notify")
        assert matter
        shen = court.user("shen")
        case = cases.get(session, case_id)
        return drafting.draft(
            session, case, matter.id, "D043", actor=shen.actor, author_id=shen.id, facts={}
        )

    second = db.in_transaction(another)
    shen = as_login("shen")
    ticked = shen.post("/approvals/new", data={"row": [str(first), str(second)]})
    listed = ticked.headers["Location"]
    assert "文书报批 2 份" in page(shen, listed)
    submit(shen, first)
    sent = shen.post("/approvals", data={"document": [str(first), str(second)]} | OPINION)
    assert sent.headers["Location"] == listed
    text = page(shen, listed)
    assert "已报批 1 份" in text
    assert text.count("已报批，审批中") == 2
    assert steps.state(second) == "in_approval"


def test_a_panel_member_votes_with_reasons_after_confirming_and_others_read_nothing_of_it(
    court: Court, as_login: Login
) -> None:
    _, document_id = steps.draft(court, term_days=10)
    path = submit(as_login("shen"), document_id)
    lu, task_id = as_login("lu"), steps.task_of(court, "lu")
    assert "互不可见" in page(lu, f"/tasks/{task_id}/decision")
    bare = VOTE | {"fact_reason": "同意"}
    asked = {"HX-Request": "true", "HX-Request-Type": "partial"}
    confirm = f"/tasks/{task_id}/decision/confirm"
    refused = lu.post(confirm, data=bare, headers=asked)
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (422, "#decision")
    assert "不能只作同意与否的表态" in refused.get_data(as_text=True)
    assert "以陆怀瑾（法官）的名义" in lu.post(confirm, data=VOTE, headers=asked).get_data(
        as_text=True
    )
    unconfirmed = lu.post(f"/tasks/{task_id}/decision", data=VOTE)
    assert unconfirmed.status_code == 422
    assert VOTE["fact_reason"] in unconfirmed.get_data(as_text=True)
    assert decide(lu, task_id, **VOTE).headers["Location"] == path
    assert VOTE["fact_reason"] in page(lu, path)
    others = page(as_login("fang"), path)
    assert VOTE["fact_reason"] not in others
    assert "1／3 已发表" in others
    assert VOTE["fact_reason"] not in page(as_login("fang"), f"{path}/form")
    page(lu, f"{path}/minutes", 404)


def test_what_is_typed_is_kept_and_stands_there_again(court: Court, as_login: Login) -> None:
    _, document_id = steps.draft(court, "D043", "搜查令")
    submit(as_login("shen"), document_id)
    luo, task_id = as_login("luo"), steps.task_of(court, "luo")
    typed = {"outcome": "return", "opinion": "请写明搜查范围"}
    kept = luo.post(f"/tasks/{task_id}/decision/draft", data=typed, headers={"HX-Request": "true"})
    assert "已暂存" in kept.get_data(as_text=True)
    text = page(luo, f"/tasks/{task_id}/decision")
    assert typed["opinion"] in text
    assert 'value="return" checked' in text
    assert 'value="reconsider"' not in text
    decide(luo, task_id, **typed)
    assert steps.state(document_id) == "returned"


def test_who_loses_the_race_is_told_who_was_first_and_keeps_what_he_typed(
    court: Court, as_login: Login
) -> None:
    _, document_id = steps.draft(court, "D043", "搜查令")
    shen, luo = as_login("shen"), as_login("luo")
    path = submit(shen, document_id)
    task_id = steps.task_of(court, "luo")
    assert "撤回报批" in page(shen, path)
    assert shen.post(f"{path}/withdraw").headers["Location"] == path
    late = decide(luo, task_id, outcome="return", opinion="请写明搜查范围")
    assert late.status_code == 409
    assert "沈若川已于" in late.get_data(as_text=True)
    assert "请写明搜查范围" in late.get_data(as_text=True)
    assert luo.get(f"/tasks/{task_id}/decision").headers["Location"] == path
    assert "上一次撤回报批正在处理" in shen.post(
        "/approvals", data={"document": str(document_id)} | OPINION
    ).get_data(as_text=True)
    court.work()
    again = submit(shen, document_id)
    decide(luo, steps.task_of(court, "luo"), outcome="approve")
    decide(as_login("shao"), steps.task_of(court, "shao"), outcome="reject", opinion="线索不足")
    refused = shen.post(f"{again}/withdraw")
    assert refused.status_code == 409
    assert "不能撤回报批" in refused.get_data(as_text=True)
    shown = page(shen, again)
    assert "线索不足" in shown
    assert "第1稿，已撤回" in shown


def test_the_drafter_cannot_withdraw_once_somebody_of_the_level_has_decided(
    court: Court, as_login: Login
) -> None:
    _, document_id = steps.draft(court, term_days=10)
    shen = as_login("shen")
    path = submit(shen, document_id)
    steps.vote(court, "lu")
    assert "陆怀瑾已经作出决定，不能撤回报批" in page(shen, path)


def test_minutes_and_form_hold_every_submission_and_round(court: Court, as_login: Login) -> None:
    _, document_id = steps.draft(court, term_days=10)
    shen = as_login("shen")
    submit(shen, document_id)
    for member in ("shen", "lu", "fang"):
        steps.vote(court, member, "disagree" if member == "fang" else "agree")
    steps.decide(court, "luo", "return", opinion="请写明经过")
    db.in_transaction(drafting.edit, court.user("shen"), document_id, "经过如上。", seen_version=1)
    path = submit(shen, document_id)
    for member in ("shen", "lu", "fang"):
        steps.vote(court, member)
    steps.decide(court, "luo", "reconsider", opinion="期限过长")
    for member in ("shen", "lu", "fang"):
        steps.vote(court, member)
    form = page(shen, f"{path}/form")
    assert form.count("拒不交出车辆") == 9
    assert "请写明经过" in form
    found = [db.read_only(approvals.get, UUID(path.rpartition("/")[2]))]
    made = db.read_only(approval_records.made, found[0].id)
    assert form.count("期限过长") == 1
    assert len(made) == 7
    minutes = page(shen, f"{path}/minutes")
    assert minutes.count("评议结果：") == 3
    assert "少数人的意见如上记明" in minutes
    assert "执行局局长罗正平：期限过长" in minutes


def test_strangers_and_the_recused_find_nothing_and_colleagues_decide_nothing(
    court: Court, as_login: Login
) -> None:
    case_id, document_id = steps.draft(court, "D043", "搜查令")
    path = submit(as_login("shen"), document_id)
    task_id = steps.task_of(court, "luo")
    decision = f"/tasks/{task_id}/decision"
    chain = f"/documents/{document_id}/approval"
    for login, status in (("gu", 404), ("lin", 404), ("lu", 404), ("xu", 200), ("shao", 200)):
        client = as_login(login)
        page(client, path, status)
        page(client, f"{path}/form", status)
        assert client.get(decision).status_code == (302 if status == 200 else 404)
        may_not = decide(client, task_id, outcome="approve")
        assert may_not.status_code == (409 if status == 200 else 404)
    # A judge of the team reads the case but neither its internal volume nor who decides what.
    page(as_login("lu"), chain, 403)
    page(as_login("gu"), chain, 404)
    for verb in ("withdraw", "form"):
        assert as_login("gu").post(f"{path}/{verb}").status_code in (404, 405)
    assert as_login("shao").post(f"{path}/withdraw").status_code == 403
    recuse(court, case_id, "luo")
    luo = as_login("luo")
    for where in (path, f"{path}/form", f"{path}/minutes", decision, chain):
        page(luo, where, 404)
    assert decide(luo, task_id, outcome="approve").status_code == 404
    assert luo.post(f"{decision}/draft", data=VOTE).status_code == 404
    assert luo.post(f"{decision}/confirm", data=VOTE).status_code == 404
    assert db.read_only(documents.get, document_id).state == "in_approval"


def test_a_decision_is_taken_back_with_a_reason_until_the_next_level_opens_the_page(
    court: Court, as_login: Login
) -> None:
    _, document_id = steps.draft(court, "D043", "搜查令")
    path = submit(as_login("shen"), document_id)
    luo, shao = as_login("luo"), as_login("shao")
    decide(luo, steps.task_of(court, "luo"), outcome="approve", opinion="同意搜查")
    assert "拿回意见" in page(luo, path)
    assert "拿回意见" not in page(shao, path)
    refused = luo.post(f"{path}/take-back", data={"reason": " "})
    assert refused.status_code == 422
    assert "请写明拿回的原因" in refused.get_data(as_text=True)
    assert luo.post(f"{path}/take-back", data={"reason": "漏看附件"}).status_code == 303
    court.work()
    decide(luo, steps.task_of(court, "luo"), outcome="approve")
    shown = page(shao, path)
    assert "<s><b>罗正平</b> 同意" in shown
    assert "拿回：漏看附件" in shown
    assert "前一级拿回意见" in shown
    assert "漏看附件" in page(shao, f"{path}/form")
    page(shao, f"/tasks/{steps.task_of(court, 'shao')}/decision")
    assert "已阅" in page(as_login("shen"), path)
    late = luo.post(f"{path}/take-back", data={"reason": "再看"})
    assert late.status_code == 409
    assert "邵启明已于" in late.get_data(as_text=True)


def test_every_remark_of_a_return_is_ticked_before_the_document_is_submitted_again(
    court: Court, as_login: Login
) -> None:
    _, document_id = steps.draft(court, "D043", "搜查令")
    shen = as_login("shen")
    submit(shen, document_id)
    steps.decide(court, "luo", "return", opinion="请写明搜查范围")
    new = page(shen, f"/documents/{document_id}/approval")
    assert "请写明搜查范围" in new
    [remark] = re.findall(r'name="answered" value="([^"]+)"', new)
    typed = {"document": str(document_id), f"answer-{remark}": "范围为其住所"} | OPINION
    refused = shen.post("/approvals", data=typed)
    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert "退回意见尚未逐条勾选" in text
    assert "范围为其住所" in text
    sent = shen.post("/approvals", data=typed | {"answered": remark})
    assert sent.status_code == 303
    shown = page(as_login("luo"), f"/tasks/{steps.task_of(court, 'luo')}/decision")
    assert "范围为其住所" in shown
    assert "退回次数：执行局局长 1 次" in shown
    assert 'name="answered"' not in page(shen, f"/documents/{document_id}/approval")


def test_unchanged_text_goes_straight_to_who_returned_it_and_changed_text_to_the_first_level(
    court: Court, as_login: Login
) -> None:
    _, document_id = steps.draft(court, "D043", "搜查令")
    shen = as_login("shen")
    submit(shen, document_id)
    steps.decide(court, "luo", "approve")
    steps.decide(court, "shao", "return", opinion="请补线索来源")
    assert "直接送退回本件的院长" in page(shen, f"/documents/{document_id}/approval")
    path = submit(shen, document_id)
    assert steps.task_of(court, "luo") is None
    assert "沿用上次报批的意见" in page(shen, path)
    steps.decide(court, "shao", "return", opinion="请写明搜查范围")
    db.in_transaction(
        drafting.edit, court.user("shen"), document_id, "搜查其住所。", seen_version=1
    )
    submit(shen, document_id)
    assert steps.task_of(court, "shao") is None
    steps.decide(court, "luo", "approve")
    steps.decide(court, "shao", "approve")
    assert steps.state(document_id) == "approved"
