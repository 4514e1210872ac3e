"""拿回: until the next level has opened the document; the opinion stays, struck through, with its reason."""

import pytest

from engine import db
from engine.casefile.approval import (
    approval_decisions,
    approval_desk,
    approval_take_backs,
    approvals,
)
from engine.casefile.document import batches, documents
from engine.casefile.oversight import interventions
from engine.casefile.people import access
from engine.errors import TaskClosed
from tests.casefile.test_approvals import decide, draft, submit, task_of, vote
from tests.durability import acts


def take_back(court, login, approval_id, reason="漏看附件"):
    db.in_transaction(approval_take_backs.take_back, court.user(login), approval_id, reason)


def open_(court, login):
    task_id = task_of(court, login)
    db.in_transaction(approval_decisions.open_, court.user(login), task_id)
    return task_id


def steps(court, login, approval_id):
    page = db.read_only(approval_desk.submission, court.user(login), approval_id)
    return page.shown.current.steps


def test_the_decision_is_taken_back_and_made_anew_and_the_first_stays_on_record(court):
    _, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    decide(court, "luo", "approve", opinion="同意搜查")
    late = task_of(court, "shao")
    with pytest.raises(approval_take_backs.TakeBackReasonMissing):
        take_back(court, "luo", approval_id, " ")
    take_back(court, "luo", approval_id)
    with pytest.raises(TaskClosed, match=r"罗正平已于.*拿回意见"):
        db.in_transaction(approval_decisions.open_, court.user("shao"), late)
    with pytest.raises(TaskClosed, match="拿回"):
        db.in_transaction(approvals.decide, court.user("shao"), late, "approve")
    court.work()
    assert task_of(court, "shao") is None
    assert acts.rows("SELECT state, reason FROM user_task WHERE id = :t", t=late) == [
        {"state": "withdrawn", "reason": "taken_back"}
    ]
    decide(court, "luo", "return", opinion="请补附件")
    assert db.read_only(documents.get, document_id).state == "returned"
    first = steps(court, "luo", approval_id)[0]
    assert [(s.name, s.decision.opinion, s.decision.taken_back_reason) for s in first.struck] == [
        ("罗正平", "同意搜查", "漏看附件")
    ]
    assert [seat.decision.outcome for seat in first.seats] == ["return"]
    ended = db.read_only(approval_desk.submission, court.user("luo"), approval_id).shown.ended
    assert [(one.name, one.reason) for one in ended] == [("邵启明", "taken_back")]


def test_once_the_next_level_has_opened_it_nothing_is_taken_back(court):
    _, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    decide(court, "luo", "approve")
    open_(court, "shao")
    with pytest.raises(
        approval_take_backs.CannotTakeBack, match=r"邵启明已于\d\d月\d\d日 \d\d:\d\d打开"
    ):
        take_back(court, "luo", approval_id)
    [_, seat] = [step.seats[0] for step in steps(court, "shen", approval_id)]
    assert seat.opened_at is not None


def test_nobody_takes_back_what_another_has_decided_and_no_vote_is_taken_back(court):
    _, document_id = draft(court, term_days=10)
    approval_id = submit(court, document_id)
    for member in ("lu", "fang", "shen"):
        vote(court, member)
    with pytest.raises(approval_take_backs.NothingToTakeBack):
        take_back(court, "qin", approval_id)
    assert (
        db.read_only(
            lambda s: approval_take_backs.offered(
                s, court.user("shen"), approvals.get(s, approval_id)
            )
        )
        is None
    )
    decide(court, "luo", "approve")
    decide(court, "qin", "approve")
    with pytest.raises(approval_take_backs.CannotTakeBack, match=r"分管副院长秦书仪已于.*作出决定"):
        take_back(court, "luo", approval_id)
    with pytest.raises(access.Forbidden):
        db.in_transaction(approvals.withdraw, court.user("qin"), approval_id)


def test_a_reconsideration_is_taken_back_before_the_panel_has_opened_it(court):
    _, document_id = draft(court, term_days=10)
    approval_id = submit(court, document_id)
    for member in ("lu", "fang", "shen"):
        vote(court, member)
    decide(court, "luo", "reconsider", opinion="期限过长")
    assert task_of(court, "lu") is not None
    take_back(court, "luo", approval_id)
    court.work()
    assert task_of(court, "lu") is None
    found = db.read_only(approvals.get, approval_id)
    assert (found.level, found.round, found.reopening) == (1, 1, None)
    decide(court, "luo", "approve")
    assert task_of(court, "qin") is not None


def test_the_drafter_may_withdraw_again_after_a_decision_was_taken_back(court):
    _, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    decide(court, "luo", "approve")
    take_back(court, "luo", approval_id)
    court.work()
    db.in_transaction(approvals.withdraw, court.user("shen"), approval_id)
    court.work()
    assert db.read_only(documents.get, document_id).state == "draft"
    assert acts.rows(
        "SELECT DISTINCT reason FROM user_task WHERE state = 'withdrawn' AND screen = 'approval'"
        " ORDER BY reason"
    ) == [{"reason": "taken_back"}, {"reason": "withdrawn_by_drafter"}]


def test_every_task_of_a_document_ends_with_a_coded_reason(court):
    case_id, document_id = draft(court, "D043", "搜查令")
    first = submit(court, document_id)
    db.in_transaction(approvals.withdraw, court.user("shen"), first)
    court.work()
    second = submit(court, document_id)
    decide(court, "luo", "approve")
    take_back(court, "luo", second)
    court.work()
    decide(court, "luo", "approve")
    decide(court, "shao", "approve")
    db.in_transaction(batches.request, court.user("shen"), case_id, "sign", {document_id: []}, "k")
    court.work()
    ended = acts.rows(
        "SELECT DISTINCT t.state, t.reason FROM user_task t JOIN document d"
        " ON d.instance_id = t.instance_id WHERE d.id = :d ORDER BY t.state, t.reason",
        d=document_id,
    )
    assert [(row["state"], row["reason"]) for row in ended] == [
        ("completed", None),
        ("withdrawn", "decided"),
        ("withdrawn", "taken_back"),
        ("withdrawn", "withdrawn_by_drafter"),
    ]


def test_a_submission_ends_with_its_process_when_an_operator_cancels_that(court):
    _, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    instance_id = db.read_only(documents.get, document_id).instance_id
    db.in_transaction(interventions.cancel, court.user("luo"), instance_id, "重复制作")
    assert db.read_only(approvals.get, approval_id).state == "cancelled"
    page = db.read_only(approval_desk.submission, court.user("luo"), approval_id)
    assert [(one.name, one.reason) for one in page.shown.ended] == [
        ("罗正平", "instance_cancelled")
    ]
    assert page.why_not_take_back is None
