"""文书报批: the chain with names, votes hidden until complete, returns, refusals, and nothing that passes by itself."""

import pytest

from engine import db
from engine.audit import SYSTEM
from engine.casefile.approval import (
    approval_chains,
    approval_desk,
    approval_outcomes,
    approval_records,
    approvals,
)
from engine.casefile.case import cases, desk
from engine.casefile.design import shared_files
from engine.casefile.document import batches, documents, drafting
from engine.casefile.matter import matters
from engine.casefile.people import access
from engine.errors import TaskClosed
from engine.process import tasks

TEMPLATE = """+++
code = "{code}"
name = "{name}"
kind = "decision"
volume = "main"
item = "15"
recipients = ["RES"]
approval = ["PR"]
+++
== {{{{ 法院.名称 }}}}
== {name}
>> {{{{ 案号 }}}}
<< {{{{ 被执行人 | 名单 }}}}：
你拒不履行生效法律文书确定的义务，本院依法作出如下决定。
@@ {{{{ 日期 | 中文日期 }}}}
"""
CHAIN = ["lu", "fang", "luo", "qin", "shao"]


def draft(court, code="D067", name="拘留决定书", login="shen", **facts):
    case_id = court.accept(login)

    def make(session):
        text = TEMPLATE.format(code=code, name=name)
        shared_files.deploy(
            session, court.id, f"documents/templates/{code}.wen", text, author="试", reason="试"
        )
        case = cases.get(session, case_id)
        matter = matters.open_of_type(session, case_id, "notify")
        user = court.user(login)
        return drafting.draft(
            session, case, matter.id, code, actor=user.actor, author_id=user.id, facts=facts
        )

    return case_id, db.in_transaction(make)


def planned(court, document_id):
    """The chain as the page of submission shows it."""
    plan = db.read_only(approval_desk.plan, court.user("shen"), [document_id])
    return plan.candidates[0].chain


def submit(court, document_id, login="shen"):
    return db.in_transaction(approvals.submit, court.user(login), document_id)


def task_of(court, login):
    found = [t for t in db.read_only(desk.todos, court.user(login)) if t.screen == "approval"]
    assert len(found) <= 1
    return found[0].task_id if found else None


def decide(court, login, outcome, **reasons):
    task_id = task_of(court, login)
    assert task_id is not None, f"{login} has nothing to decide"
    return db.in_transaction(approvals.decide, court.user(login), task_id, outcome, **reasons)


def vote(court, login, outcome="agree"):
    return decide(
        court, login, outcome, fact_reason="拒不交出车辆", law_reason="民事诉讼法第一百一十四条"
    )


def state(document_id):
    return db.read_only(documents.get, document_id).state


def test_the_chain_with_names_is_known_before_submission_and_is_what_happens(court):
    _case_id, document_id = draft(court, term_days=10)
    chain = planned(court, document_id)
    assert [(one.code, one.kind) for one in chain.levels] == [
        ("P", "VOTE"), ("B", "REVIEW"), ("V", "REVIEW"), ("PR", "APPROVE"),
    ]  # fmt: skip
    assert [p.name for p in chain.levels[0].persons] == ["沈若川", "方知行", "陆怀瑾"]
    approval = db.read_only(approvals.get, submit(court, document_id))
    assert [one.stored() for one in chain.levels] == approval.chain


def test_three_votes_then_three_leaders_and_the_document_may_be_signed(court):
    case_id, document_id = draft(court, term_days=10)
    submit(court, document_id)
    assert state(document_id) == "in_approval"
    for member in ("shen", "lu", "fang"):
        vote(court, member)
    for leader in ("luo", "qin", "shao"):
        decide(court, leader, "approve")
    assert state(document_id) == "approved"
    db.in_transaction(batches.request, court.user("shen"), case_id, "sign", {document_id: []}, "k")
    court.work()
    assert state(document_id) == "signed"


def test_before_approval_nothing_is_signed(court):
    case_id, document_id = draft(court, term_days=10)
    submit(court, document_id)
    with pytest.raises(batches.NothingPossible, match="尚未批准"):
        db.in_transaction(
            batches.request, court.user("shen"), case_id, "sign", {document_id: []}, "k"
        )


def test_the_panel_goes_on_only_when_all_have_voted_and_opinions_stay_hidden_until_then(court):
    _, document_id = draft(court, term_days=10)
    approval_id = submit(court, document_id)
    vote(court, "shen")
    vote(court, "lu")
    found = db.read_only(approvals.get, approval_id)
    assert found.level == 0
    assert [
        d.user_id for d in db.read_only(approval_records.shown, court.user("fang"), found)
    ] == []
    assert len(db.read_only(approval_records.shown, court.user("lu"), found)) == 1
    vote(court, "fang", "disagree")
    found = db.read_only(approvals.get, approval_id)
    # Two of three carry it; the dissent is on record.
    assert found.level == 1
    assert [
        d.outcome for d in db.read_only(approval_records.shown, court.user("luo"), found)
    ].count("disagree") == 1


def test_a_vote_needs_its_reasons_of_fact_and_of_law(court):
    _, document_id = draft(court, term_days=10)
    submit(court, document_id)
    with pytest.raises(approval_outcomes.PanelReasonsMissing):
        decide(court, "shen", "agree", fact_reason="拒不交出车辆")


def test_a_majority_against_sends_the_document_back(court):
    _, document_id = draft(court, term_days=10)
    submit(court, document_id)
    vote(court, "shen")
    vote(court, "lu", "disagree")
    vote(court, "fang", "disagree")
    returned = db.read_only(documents.get, document_id)
    assert (returned.state, returned.problem) == (
        "returned",
        "合议庭多数意见不同意，请按多数意见修改",
    )


def test_a_reviewer_may_ask_the_panel_again_but_not_refuse(court):
    _, document_id = draft(court, term_days=10)
    submit(court, document_id)
    for member in ("shen", "lu", "fang"):
        vote(court, member)
    with pytest.raises(approval_outcomes.OutcomeNotOffered):
        decide(court, "luo", "reject", opinion="不当")
    found = decide(court, "luo", "reconsider", opinion="拘留天数过长，请复议")
    assert (found.level, found.round) == (0, 2)
    for member in ("shen", "lu", "fang"):
        vote(court, member)
    assert task_of(court, "luo") is not None


def test_the_deciding_level_refuses_for_good_with_its_reason(court):
    _, document_id = draft(court, "D043", "搜查令")
    submit(court, document_id)
    decide(court, "luo", "approve")
    with pytest.raises(approval_outcomes.ReasonMissing):
        decide(court, "shao", "reject")
    decide(court, "shao", "reject", opinion="线索不足")
    refused = db.read_only(documents.get, document_id)
    assert refused.state == "rejected"
    assert "线索不足" in refused.problem


def test_a_returned_document_is_mended_and_walks_all_levels_again(court):
    _, document_id = draft(court, "D043", "搜查令")
    first = submit(court, document_id)
    decide(court, "luo", "return", opinion="请写明搜查范围")
    assert "请写明搜查范围" in db.read_only(documents.get, document_id).problem
    db.in_transaction(
        drafting.edit, court.user("shen"), document_id, "搜查其住所。", seen_version=1
    )
    second = submit(court, document_id)
    assert second != first
    decide(court, "luo", "approve")
    decide(court, "shao", "approve")
    assert state(document_id) == "approved"


def test_text_approved_is_text_frozen(court):
    _, document_id = draft(court, "D043", "搜查令")
    submit(court, document_id)
    with pytest.raises(documents.DocumentFrozen):
        db.in_transaction(drafting.edit, court.user("shen"), document_id, "甲", seen_version=1)


def test_a_submission_is_withdrawn_until_somebody_has_decided(court):
    _, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    db.in_transaction(approvals.withdraw, court.user("shen"), approval_id)
    court.work()
    assert state(document_id) == "draft"
    assert task_of(court, "luo") is None
    again = submit(court, document_id)
    decide(court, "luo", "approve")
    db.in_transaction(
        approvals.withdraw, court.user("shen"), again
    )  # the president has not decided yet
    court.work()
    assert task_of(court, "shao") is None


def test_nobody_else_decides_and_nobody_twice(court):
    _, document_id = draft(court, "D043", "搜查令")
    submit(court, document_id)
    task_id = task_of(court, "luo")
    with pytest.raises(access.Forbidden, match="罗正平"):
        db.in_transaction(approvals.decide, court.user("shao"), task_id, "approve")
    decide(court, "luo", "approve")
    with pytest.raises((TaskClosed, access.Forbidden)):
        db.in_transaction(approvals.decide, court.user("luo"), task_id, "approve")


def test_a_recused_leader_leaves_the_office_vacant_and_submission_is_refused(court):
    case_id, document_id = draft(court, "D043", "搜查令")

    def recuse(session):
        access.recuse(session, cases.get(session, case_id), court.user("shao").id, "回避")

    db.in_transaction(recuse)
    with pytest.raises(approval_chains.OfficeVacant, match="院长"):
        submit(court, document_id)


def test_an_operator_cannot_approve_by_completing_the_task_himself(court):
    _, document_id = draft(court, "D043", "搜查令")
    submit(court, document_id)
    with pytest.raises(Exception, match="罗正平"):
        db.in_transaction(tasks.complete, task_of(court, "luo"), {"走向": "granted"}, actor=SYSTEM)
    assert state(document_id) == "in_approval"


def test_a_detention_beyond_fifteen_days_cannot_even_be_drafted(court):
    with pytest.raises(Exception, match="十五日"):
        draft(court, term_days=16)
