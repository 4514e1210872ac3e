"""Two people act on one case at once: exactly one wins, the other is told in a sentence, and nothing is half done."""

import pytest

from engine import db
from engine.casefile import (
    acceptance,
    access,
    approval_decisions,
    approvals,
    batches,
    documents,
    transfer_desk,
    transfers,
)
from engine.casefile.transfer_sheets import Form, SheetChanged
from engine.errors import EngineError, TaskClosed
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


CLOSING = Form(texts={"notify": "已当面告知。"})


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


def test_the_last_team_closes_the_case_and_sends_it_back_at_once(court, served):
    acts.submit(court, served, acts.PERFORMED)
    returned, closed = acts.in_this_order(
        served, refusing(court, served, "cheng"), submitting(court, served, CLOSING, "cheng")
    )
    one_wins([returned, closed])
    assert court.case(served).stage == "asset_control"
    acts.sound(served)
    acts.submit(court, served, acts.PERFORMED)
    closed, returned = acts.in_this_order(
        served, submitting(court, served, CLOSING, "cheng"), refusing(court, served, "cheng")
    )
    one_wins([closed, returned])
    assert court.case(served).status == "archived"
    acts.sound(served)


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
