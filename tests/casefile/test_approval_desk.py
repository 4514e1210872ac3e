"""What the pages of 文书报批 read: the trail with what each viewer may know, changes, who may decide and until when."""

import pytest

from engine import db
from engine.casefile.approval import approval_decisions, approval_desk, approval_outcomes, approvals
from engine.casefile.case import cases
from engine.casefile.document import document_changes, documents, drafting
from engine.casefile.people import access
from engine.errors import NotFound, TaskClosed
from tests.casefile.test_approvals import decide, draft, submit, task_of, vote

VOTE = {"outcome": "agree", "fact_reason": "转移已查封车辆", "law_reason": "民诉法第一百一十四条"}


def deciding(court, login, task_id):
    return db.read_only(approval_decisions.deciding, court.user(login), task_id)


def test_nobody_reads_a_vote_before_all_have_voted_and_everybody_sees_who_has(court):
    _, document_id = draft(court, term_days=10)
    approval_id = submit(court, document_id)
    vote(court, "lu", "disagree")
    seats = {
        login: db.read_only(approval_desk.submission, court.user(login), approval_id)
        .shown.current.steps[0]
        .seats
        for login in ("shen", "lu")
    }
    assert [(s.name, s.state, s.decision is None) for s in seats["shen"]] == [
        ("沈若川", "open", True), ("方知行", "open", True), ("陆怀瑾", "decided", True),
    ]  # fmt: skip
    assert [s.decision.outcome for s in seats["lu"] if s.decision] == ["disagree"]
    assert seats["shen"][0].duties == {"handler", "presiding"}


def test_a_round_that_ended_with_reconsideration_stays_in_the_trail(court):
    _, document_id = draft(court, term_days=10)
    approval_id = submit(court, document_id)
    for member in ("shen", "lu", "fang"):
        vote(court, member)
    decide(court, "luo", "reconsider", opinion="请核实车辆去向")
    shown = db.read_only(approval_desk.submission, court.user("luo"), approval_id).shown
    first, second = shown.rounds
    assert [(s.code, s.state) for s in first.steps] == [("P", "done"), ("B", "fail")]
    assert first.reconsideration[1].decision.opinion == "请核实车辆去向"
    assert [(s.code, s.state) for s in second.steps] == [
        ("P", "doing"), ("B", "todo"), ("V", "todo"), ("PR", "todo"),
    ]  # fmt: skip


def test_a_level_without_a_panel_before_it_cannot_ask_for_reconsideration(court):
    _, document_id = draft(court, "D043", "搜查令")
    submit(court, document_id)
    assert deciding(court, "luo", task_of(court, "luo")).outcomes == ("approve", "return")
    with pytest.raises(approval_outcomes.OutcomeNotOffered):
        decide(court, "luo", "reconsider", opinion="请复议")


def test_after_a_return_the_approver_sees_what_was_changed_since_he_read_it(court):
    _, document_id = draft(court, "D043", "搜查令")
    submit(court, document_id)
    decide(court, "luo", "return", opinion="请写明搜查范围")
    db.in_transaction(
        drafting.edit, court.user("shen"), document_id, "搜查其住所和车库。", seen_version=1
    )
    submit(court, document_id)
    page = deciding(court, "luo", task_of(court, "luo"))
    assert page.seen_version == 1
    assert any("搜查其住所和车库" in p.text for c in page.changes for p in c.pieces)
    assert '<ins class="inserted">' in page.html
    assert [one.number for one in page.trail.passes] == [2, 1]


def test_a_person_who_was_recused_after_submission_neither_reads_nor_decides(court):
    case_id, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    task_id = task_of(court, "luo")
    db.in_transaction(
        lambda session: access.recuse(
            session, cases.get(session, case_id), court.user("luo").id, "回避"
        )
    )
    for function in (approval_desk.submission, approval_decisions.deciding):
        with pytest.raises(NotFound):
            db.read_only(
                function,
                court.user("luo"),
                approval_id if function is approval_desk.submission else task_id,
            )
    with pytest.raises(NotFound):
        db.in_transaction(approvals.decide, court.user("luo"), task_id, "approve")


def test_who_comes_too_late_is_told_who_was_first(court):
    _, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    task_id = task_of(court, "luo")
    db.in_transaction(approvals.withdraw, court.user("shen"), approval_id)
    typed = {"outcome": "approve", "opinion": ""}
    with pytest.raises(TaskClosed, match=r"沈若川已于.*撤回报批"):
        db.in_transaction(approval_decisions.decide, court.user("luo"), task_id, typed)
    with pytest.raises(approval_desk.WithdrawalUnderWay):
        db.in_transaction(approval_desk.submit, court.user("shen"), document_id, "拟同意")
    court.work()
    db.in_transaction(approval_desk.submit, court.user("shen"), document_id, "线索明确，拟同意")
    again = task_of(court, "luo")
    db.in_transaction(approval_decisions.decide, court.user("luo"), again, typed)
    with pytest.raises(TaskClosed, match=r"罗正平已于.*作出决定"):
        db.in_transaction(approval_decisions.decide, court.user("luo"), again, typed)


def test_a_bare_yes_is_no_reason_and_what_was_typed_can_be_kept(court):
    _, document_id = draft(court, term_days=10)
    submit(court, document_id)
    task_id = task_of(court, "lu")
    typed = VOTE | {"fact_reason": "同意。"}
    with pytest.raises(approval_decisions.DecisionIncomplete) as refused:
        db.in_transaction(approval_decisions.decide, court.user("lu"), task_id, typed)
    assert list(refused.value.problems) == ["fact_reason"]
    db.in_transaction(approval_decisions.keep, court.user("lu"), task_id, typed)
    assert deciding(court, "lu", task_id).draft["law_reason"] == VOTE["law_reason"]
    with pytest.raises(Exception, match="陆怀瑾"):
        db.in_transaction(approval_decisions.keep, court.user("fang"), task_id, typed)


def test_the_plan_names_the_ground_of_the_chain_or_says_why_it_cannot_be_submitted(court):
    case_id, document_id = draft(court, "D043", "搜查令")
    plan = db.read_only(approval_desk.plan, court.user("shen"), [document_id])
    assert "民事诉讼法第259条" in plan.candidates[0].grounds[0]
    db.in_transaction(
        lambda session: access.recuse(
            session, cases.get(session, case_id), court.user("shao").id, "回避"
        )
    )
    plan = db.read_only(approval_desk.plan, court.user("shen"), [document_id])
    assert "院长" in plan.candidates[0].problem
    assert not plan.ready


def content(*lines):
    return {
        "format": 1, "court": "临江市人民法院", "title": "决定书", "number": "", "date": "",
        "signatures": [], "clerks": [], "annexes": [],
        "body": [{"type": "paragraph", "indent": True, "runs": [{"text": t}]} for t in lines],
    }  # fmt: skip


def test_a_changed_line_is_shown_with_what_went_and_what_came():
    old = content("对陈志强拘留十五日。", "如不服本决定，可以申请复议一次。")
    new = content(
        "对陈志强拘留十日。", "另查明，车辆已被转移。", "如不服本决定，可以申请复议一次。"
    )
    shown = [[(p.kind, p.text) for p in c.pieces] for c in document_changes.between(old, new)]
    assert shown == [
        [("same", "对陈志强拘留十"), ("gone", "五"), ("same", "日。")],
        [("new", "另查明，车辆已被转移。")],
    ]


def test_marks_stay_inside_the_runs_and_texts_are_escaped():
    old, new = content("甲乙丙丁戊己庚辛"), content("")
    new["body"][0]["runs"] = [
        {"text": "甲乙丙丁<b>"},
        {"text": "新增", "style": "bold"},
        {"text": "戊己庚辛\ue000"},
    ]
    html = document_changes.marked_html(old, new)
    assert (
        '<ins class="inserted">&lt;b&gt;</ins><strong><ins class="inserted">新增</ins></strong>'
        in html
    )
    assert html.count("<ins") == html.count("</ins>")


def test_a_submission_keeps_the_version_it_was_made_with(court):
    _, document_id = draft(court, "D043", "搜查令")
    first = submit(court, document_id)
    decide(court, "luo", "return", opinion="重写")
    db.in_transaction(drafting.edit, court.user("shen"), document_id, "搜查。", seen_version=1)
    page = db.read_only(approval_desk.submission, court.user("shen"), first)
    assert "拒不履行" in page.html
    assert db.read_only(documents.get, document_id).version == 2
