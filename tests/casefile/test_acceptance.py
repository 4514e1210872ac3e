"""接收: an eligible case is in its stage at once, one that is not is 未分段 with the row that decided."""

from decimal import Decimal

from engine import db
from engine.casefile import rulebook
from engine.casefile.case import desk
from engine.casefile.document import documents
from engine.casefile.intake import intake_desk
from engine.casefile.matter import matters
from engine.casefile.matter.facts import Facts
from engine.process import chronicle


def test_an_eligible_case_is_in_its_stage_with_clock_and_handler_without_any_worker(court):
    case = court.case(court.accept("shen"))
    assert (case.status, case.stage) == ("in_stage", "asset_control")
    assert case.handler_id == court.user("shen").id
    assert case.stage_due_on is not None
    assert case.entry_reason.startswith("第6行")


def test_the_notices_are_drafted_and_wait_on_the_judges_desk(court):
    case_id = court.accept("shen")
    drafted = db.read_only(documents.of_case, case_id)
    assert [d.code for d in drafted] == ["D001", "D002", "D003", "D004", "D005", "D006"]
    assert all(d.state == "draft" and d.mark for d in drafted)
    todo = db.read_only(desk.todos, court.user("shen"))
    assert "核对、签章并送达告知文书" in {t.name for t in todo}
    assert [m.type_key for m in db.read_only(matters.of_case, case_id)] == ["notify"]


def test_a_preservation_case_is_received_but_not_segmented(court):
    case = court.case(court.accept("shen", case_type="执保"))
    assert (case.status, case.stage) == ("unsegmented", None)
    assert case.entry_reason.startswith("第2行")
    assert case.handler_id == court.user("shen").id


def test_the_facts_of_the_decision_are_kept_as_truths_and_read_as_words(court):
    case = court.case(court.accept("shen"))
    [entry] = db.read_only(chronicle.entries, case.id, actions=["case_accepted"])
    assert entry.detail["decision"]["facts"] == {
        "court_switch": True,
        "case_type": "执",
        "excluded": False,
        "funds_on_account": False,
        "disposable_asset": False,
    }
    steps = db.read_only(intake_desk.eligibility, case)
    words = [fact for step in steps for fact in step.facts]
    assert any(word.endswith("：是") for word in words)
    assert any(word.endswith("：否") for word in words)
    assert not any("True" in word or "False" in word for word in words)


def test_amounts_a_route_read_are_kept_digit_by_digit(court):
    case = court.case(court.accept("shen"))

    class Sheet:
        follow_up = None
        has_auction = False

    def route(session):
        known = dict.fromkeys(Facts(session, case), False) | {"funds": Decimal("538726.50")}
        return rulebook.stage_route(session, case, Sheet, known)

    kept = db.read_only(route).detail["facts"]
    assert kept["funds"] == "538726.50"
    assert kept["has_auction"] is False
