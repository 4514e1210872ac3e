"""A clock that stands still: nothing falls due at the old moment, and what resumes has lost exactly the pause."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from engine import clock, db
from engine.casefile import rulebook
from engine.casefile.case import boards, case_deadlines, cases
from engine.casefile.delivery import deliveries
from engine.casefile.oversight import interventions
from engine.casefile.stage import stages, transfers
from engine.casefile.stage.transfer_sheets import Form
from tests.durability import acts

WAITING = Form(follow_up="F17", has_auction=False)


def go_to(day):
    """Ten in the morning of that day."""
    clock.set_offset(datetime.combine(day, time(10), clock.COURT_ZONE) - datetime.now(UTC))


def lights(court):
    found = db.read_only(boards.board, court.user("shen"), boards.Filters("asset_control"))
    return {light: count for light, count in found.counts.items() if light and count}


def test_a_suspended_case_falls_due_later_by_exactly_the_suspension(court):
    go_to(date(2026, 3, 2))
    case_id = court.accept(filed_on=date(2026, 2, 27))
    assert court.case(case_id).stage_due_on == date(2026, 4, 1)
    go_to(date(2026, 3, 10))
    acts.submit(court, case_id, WAITING)
    # The old day comes and goes.
    go_to(date(2026, 4, 20))
    assert court.work() == 0
    assert lights(court) == {"paused": 1}
    paused = court.case(case_id)
    assert db.read_only(rulebook.remaining, paused).light == "paused"
    db.in_transaction(transfers.resume, court.user("shen"), case_id)
    # From March 10th to April 20th, both included: 42 days.
    resumed = court.case(case_id)
    assert resumed.stage_due_on == date(2026, 4, 1) + timedelta(days=42)
    assert lights(court) == {"ok": 1}
    acts.sound(case_id)


def test_a_suspended_process_fires_nothing_and_its_timer_moves_by_exactly_the_suspension(
    court, post_office
):
    case_id = court.accept()
    acts.ask(court, case_id, "D002")
    court.work()
    (delivery,) = db.read_only(deliveries.of_document, acts.document(case_id, "D002").id)
    (before,) = timers(delivery)
    operator = court.user("luo")
    clock.move(timedelta(hours=1))
    db.in_transaction(interventions.suspend, operator, delivery.instance_id, "邮箱待核实")
    held = clock.now()
    assert timers(delivery) == [None]
    clock.move(timedelta(days=10))
    court.work()
    assert db.read_only(deliveries.get, delivery.id).state == "sent", "the old moment is over"
    db.in_transaction(interventions.resume, operator, delivery.instance_id, "已核实")
    (after,) = timers(delivery)
    moved, stood = after - before, clock.now() - held
    assert abs(stood - moved) < timedelta(seconds=30)
    clock.set_offset(clock.offset() + (after - clock.now()) - timedelta(minutes=1))
    court.work()
    assert db.read_only(deliveries.get, delivery.id).state == "sent", "a minute too early"
    clock.move(timedelta(minutes=2))
    court.work()
    settled = db.read_only(deliveries.get, delivery.id)
    assert (settled.state, settled.deemed_on) == ("delivered", clock.court_day(delivery.sent_at))
    acts.sound(case_id)


def timers(delivery):
    found = acts.rows("SELECT due_at FROM timer WHERE instance_id = :i", i=delivery.instance_id)
    return [r["due_at"] for r in found]


def test_a_case_received_on_the_last_day_of_the_loaded_calendar_has_its_six_months(court):
    """Next year's holidays are not announced: the day is there all the same, and says that it may move."""
    go_to(date(2026, 12, 31))
    case_id = court.accept(filed_on=date(2026, 12, 31))
    case = court.case(case_id)
    shown = db.read_only(
        lambda session: case_deadlines.of_case(session, case, stages.current(session, case_id))
    )
    (whole,) = [one for one in shown if one.on == date(2027, 6, 30)]
    assert whole.tentative and "公布后自动重算" in whole.how
    assert (case.stage_due_on, case.stage_due_tentative) == (date(2027, 2, 1), True)


def test_a_refused_hand_over_to_closing_leaves_the_sender_his_own_limit(court):
    """The three months of 终本 belong to the closing stage; back with the sender they count no more."""
    go_to(date(2026, 3, 2))
    case_id = court.accept(filed_on=date(2026, 2, 27))
    due = court.case(case_id).stage_due_on

    def hand_over(session):
        case = cases.lock(session, case_id)
        stages.leave(session, stages.current(session, case_id).id)
        stages.enter(
            session,
            case,
            "closing_archiving",
            handler_id=court.user("cheng").id,
            handler_reason="lightest_load",
            closing_path="终本",
        )
        stages.reopen(session, cases.get(session, case_id), "asset_control")

    db.in_transaction(hand_over)
    case = court.case(case_id)
    assert (case.stage, case.stage_due_on, case.closing_path) == ("asset_control", due, None)
    assert case.stage_earliest_on is None


@pytest.mark.parametrize("cause", ["appraisal", "auction"])
def test_one_cause_pauses_once(court, cause):
    case = court.case(court.accept())
    db.in_transaction(stages.pause, case, cause)
    with pytest.raises(stages.AlreadyPaused):
        db.in_transaction(stages.pause, case, cause)
