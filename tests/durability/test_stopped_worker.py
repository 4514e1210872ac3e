"""No worker runs: what people do still happens, what waits says so; started again, nothing is lost."""

from datetime import timedelta

from engine import clock, db
from engine.casefile.case import desk
from engine.casefile.document import batch_progress
from tests.durability import acts


def shown(court, batch):
    return db.read_only(batch_progress.progress, court.user("shen"), batch)


def test_receiving_and_handing_on_need_no_worker(court):
    case_id = court.accept()
    acts.serve(court, case_id)
    acts.find_house(court, case_id)
    after = acts.submit(court, case_id, acts.AUCTION)
    case = court.case(case_id)
    assert (case.stage, case.handler_id) == ("asset_disposal", court.user("gu").id)
    assert case.stage_due_on == after.due_on
    found = db.read_only(desk.todos, court.user("gu"))
    assert "transfer" in {t.screen for t in found if t.case_id == case_id}
    assert acts.refuse(court, case_id).stage == "asset_control"
    acts.sound(case_id)


def test_what_was_asked_for_waits_and_happens_when_a_worker_starts(court, post_office):
    case_id = court.accept()
    acts.serve(court, case_id)
    acts.find_house(court, case_id)
    batch = acts.ask(court, case_id, "D001")
    waiting = shown(court, batch)
    assert ([r.code for r in waiting.results], waiting.is_settled) == (["signing"], False)
    assert (waiting.done, waiting.total, waiting.is_slow) == (0, 2, False)
    clock.move(batch_progress.PATIENCE + timedelta(seconds=1))
    assert shown(court, batch).is_slow
    # Nothing of this keeps the case.
    acts.submit(court, case_id, acts.AUCTION)
    assert court.case(case_id).stage == "asset_disposal"
    post_office.mails.clear()
    court.work()
    settled = shown(court, batch)
    assert (settled.done, settled.failed, settled.is_settled) == (2, 0, True)
    assert [m["Subject"].split("：")[1].split()[0] for m in post_office.mails] == ["受理案件通知书"]
    acts.sound(case_id)


def test_deadlines_of_deliveries_that_passed_meanwhile_are_counted_from_their_own_days(
    court, post_office
):
    case_id = court.accept()
    acts.ask(court, case_id, "D002")
    court.work()
    sent_on = clock.today()
    clock.move(timedelta(days=20))
    court.work()
    (delivery,) = acts.rows("SELECT state, deemed_on FROM delivery WHERE case_id = :c", c=case_id)
    assert delivery == {"state": "delivered", "deemed_on": sent_on}
