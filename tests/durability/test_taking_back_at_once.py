"""拿回 and the next level's act at once: exactly one wins, whoever comes first, and the other is told in a sentence."""

import pytest

from engine import db
from engine.casefile.approval import approval_decisions, approval_take_backs, approvals
from tests.casefile.test_approvals import decide, draft, submit, task_of
from tests.durability import acts
from tests.durability.test_two_at_once import once, one_wins
from tests.process.runtime.host import at_once


def racers(court, approval_id, task_id):
    luo, shao = court.user("luo"), court.user("shao")
    taking = once(approval_take_backs.take_back)
    deciding = once(approvals.decide)
    return (
        lambda: db.in_transaction(taking, luo, approval_id, "漏看附件"),
        lambda: db.in_transaction(deciding, shao, task_id, "approve"),
    )


def reported(court):
    case_id, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    decide(court, "luo", "approve")
    return case_id, approval_id, task_of(court, "shao")


@pytest.mark.parametrize("order", [1, -1])
def test_who_comes_first_wins_in_either_order(court, order):
    case_id, approval_id, task_id = reported(court)
    results = acts.in_this_order(case_id, *racers(court, approval_id, task_id)[::order])
    one_wins(results)
    assert not isinstance(results[0], Exception)
    court.work()
    found = db.read_only(approvals.get, approval_id)
    assert (found.state, found.level) == (("running", 0) if order == 1 else ("approved", 1))
    acts.sound(case_id)


def test_really_at_once_one_of_the_two_wins(court):
    _case_id, approval_id, task_id = reported(court)
    one_wins(at_once(*racers(court, approval_id, task_id)))


def test_opening_and_taking_back_at_once(court):
    case_id, approval_id, task_id = reported(court)
    opening = once(approval_decisions.open_)
    taking = racers(court, approval_id, task_id)[0]
    results = acts.in_this_order(
        case_id, lambda: db.in_transaction(opening, court.user("shao"), task_id), taking
    )
    [refused] = one_wins(results)
    assert "邵启明" in str(refused)
