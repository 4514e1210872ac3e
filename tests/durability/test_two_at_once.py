"""Two people act on one case at once: exactly one wins, the other is told in a sentence, and nothing is half done."""

import pytest

from engine import db
from engine.casefile.approval import approval_decisions, approvals
from engine.casefile.document import batches, documents, drafting
from engine.casefile.intake import acceptance
from engine.casefile.people import access
from engine.casefile.stage import stages, transfer_desk, transfers
from engine.casefile.stage.transfer_sheets import Form, SheetChanged
from engine.errors import EngineError, TaskClosed
from engine.process import endings, jobs, worker
from tests.casefile.test_approvals import draft, task_of
from tests.casefile.test_approvals import submit as report
from tests.durability import acts
from tests.process.runtime.host import at_once


def one_wins(results):
    """The one that was refused; its sentence is Chinese and tells no ids."""
    refused = [r for r in results if isinstance(r, Exception)]
    assert len(refused) == len(results) - 1, results
    for error in refused:
        assert isinstance(error, EngineError), error
        assert "\u4e00" <= str(error)[0] <= "\u9fff"
        assert not any(str(id_) in str(error) for id_ in _ids()), str(error)
    return refused


def _ids():
    return [r["id"] for r in acts.rows("SELECT id FROM court_case UNION SELECT id FROM user_task")]


def test_two_judges_receive_one_case(court):
    for _ in range(5):
        case_id = court.file()
        results = at_once(
            *(
                lambda login=login: db.in_transaction(acceptance.accept, court.user(login), case_id)
                for login in ("shen", "lu", "fang")
            )
        )
        refused = one_wins(results)
        assert all(isinstance(error, acceptance.AlreadyAccepted) for error in refused)
        winner = next(r for r in results if not isinstance(r, Exception))
        assert court.case(case_id).handler_id == winner.case.handler_id
        assert acts.rows(
            "SELECT count(*) AS n FROM process_instance WHERE case_id = :c AND key = 'case_enforcement'",
            c=case_id,
        ) == [{"n": 1}]
        acts.sound(case_id)


CLUE = Form(follow_up="F24", texts={"notify": "已当面告知。"})


@pytest.fixture
def served(court):
    case_id = court.accept()
    acts.serve(court, case_id)
    return case_id


def submitting(court, case_id, form, login="shen"):
    return _sending(transfer_desk.submit, court, case_id, form, login)


def saving(court, case_id, text, login):
    return _sending(transfer_desk.save, court, case_id, Form(other_text=text), login)


def _sending(act, court, case_id, form, login):
    """The button of a page that is open now."""
    page = db.in_transaction(transfers.page, court.user(login), case_id)
    return lambda: db.in_transaction(
        once(act), court.user(login), case_id, page.entry.id, form, seen_version=page.sheet.version
    )


def refusing(court, case_id, login):
    return lambda: acts.refuse(court, case_id, login)


def test_submitting_and_saving_at_once(court, served):
    acts.find_house(court, served)
    _, submitted = acts.in_this_order(
        served, saving(court, served, "甲", "xu"), submitting(court, served, acts.AUCTION)
    )
    assert isinstance(submitted, SheetChanged) and "许佳宁" in str(submitted)
    assert court.case(served).stage == "asset_control"
    assert acts.rows("SELECT other_text, state FROM transfer_sheet") == [
        {"other_text": "甲", "state": "draft"}
    ]
    submitted, late = acts.in_this_order(
        served, submitting(court, served, acts.AUCTION), saving(court, served, "乙", "xu")
    )
    one_wins([submitted, late])
    assert isinstance(late, transfer_desk.AlreadyTransferred) and "沈若川" in str(late)
    assert court.case(served).stage == "asset_disposal"
    assert acts.rows("SELECT other_text FROM transfer_sheet WHERE state = 'submitted'") == [
        {"other_text": ""}
    ]
    acts.sound(served)


def test_submitting_twice_at_once_moves_the_case_once(court, served):
    acts.find_house(court, served)
    _, second = acts.in_this_order(
        served, submitting(court, served, acts.AUCTION), submitting(court, served, acts.AUCTION)
    )
    assert isinstance(second, transfer_desk.AlreadyTransferred) and "沈若川" in str(second)
    assert court.case(served).stage == "asset_disposal"
    acts.sound(served)


def test_the_receiving_team_returns_the_case_by_its_sheet_and_refuses_it_at_once(court, served):
    """Both lead back to the first team: the one as a stay of its own, the other as if nothing had been handed over."""
    acts.find_house(court, served)
    acts.submit(court, served, acts.AUCTION)
    refused, returned = acts.in_this_order(
        served, refusing(court, served, "gu"), submitting(court, served, CLUE, "gu")
    )
    one_wins([refused, returned])
    assert stays(served) == [("asset_control", "open", False), ("asset_disposal", "undone", False)]
    acts.sound(served)
    acts.submit(court, served, acts.AUCTION)
    returned, refused = acts.in_this_order(
        served, submitting(court, served, CLUE, "gu"), refusing(court, served, "gu")
    )
    one_wins([returned, refused])
    assert stays(served)[2:] == [("asset_disposal", "left", False), ("asset_control", "open", True)]
    acts.sound(served)


def stays(case_id):
    return [(e.stage, e.state, e.is_return) for e in db.read_only(stages.of_case, case_id)]


def deciding(court, login, outcome, opinion):
    task_id, typed = task_of(court, login), {"outcome": outcome, "opinion": opinion}
    return lambda: db.in_transaction(
        once(approval_decisions.decide), court.user(login), task_id, typed
    )


def once(act):
    """The act, which must not run again: a second run would say that two met in a deadlock."""
    runs = []

    def run(*args, **kwargs):
        assert runs == []
        runs.append(args)
        return act(*args, **kwargs)

    return run


def withdrawing(court, approval_id):
    return lambda: db.in_transaction(once(approvals.withdraw), court.user("shen"), approval_id)


def test_the_approver_decides_while_the_drafter_withdraws(court):
    case_id, document_id = draft(court, "D043", "搜查令")
    approval_id = report(court, document_id)
    withdrawn, decided = acts.in_this_order(
        case_id, withdrawing(court, approval_id), deciding(court, "luo", "return", "缺清单")
    )
    one_wins([withdrawn, decided])
    assert isinstance(decided, TaskClosed) and "沈若川" in str(decided)
    assert db.read_only(approvals.get, approval_id).state == "withdrawn"
    court.work()
    assert task_of(court, "luo") is None
    approval_id = report(court, document_id)
    decided, withdrawn = acts.in_this_order(
        case_id, deciding(court, "luo", "return", "缺清单"), withdrawing(court, approval_id)
    )
    one_wins([decided, withdrawn])
    assert isinstance(withdrawn, approvals.AlreadyDecided)
    court.work()
    assert db.read_only(documents.get, document_id).state == "returned"
    acts.sound(case_id)


def test_a_click_to_sign_and_a_hand_over_at_once_lose_neither(court, served):
    acts.find_house(court, served)
    document = acts.document(served, "D001")
    asked, submitted = acts.in_this_order(
        served,
        lambda: db.in_transaction(
            batches.request, court.user("shen"), served, "sign", {document.id: []}, "k"
        ),
        submitting(court, served, acts.AUCTION),
    )
    assert not isinstance(asked, Exception) and submitted.stage == "asset_disposal"
    late = acts.in_this_order(
        served,
        lambda: db.in_transaction(
            batches.request, court.user("shen"), served, "sign", {document.id: []}, "l"
        ),
    )
    assert isinstance(late[0], access.Forbidden)
    court.work()
    assert acts.document(served, "D001").state == "signed"
    acts.sound(served)


def test_what_lies_before_the_signer_cannot_be_edited_and_what_does_not_yet_can(court):
    case_id = court.accept()
    document = acts.document(case_id, "D002")
    acts.ask(court, case_id, "D002", kind="sign")
    assert worker.deliver_message()

    def edit():
        db.in_transaction(
            drafting.edit, court.user("xu"), document.id, "改过。", seen_version=document.version
        )

    job = db.in_transaction(jobs.claim)
    ending = worker._end(job)
    with pytest.raises(drafting.DocumentAtTheSeal):
        edit()
    db.in_transaction(endings.settle, job, ending)
    assert acts.document(case_id, "D002").state == "signed"
    document = acts.document(case_id, "D001")
    acts.ask(court, case_id, "D001", kind="sign")
    assert worker.deliver_message()
    edit()
    court.work()
    refused = acts.document(case_id, "D001")
    assert refused.state == "draft" and "重新签章" in refused.problem
    acts.sound(case_id)
