"""The demo's cases, made by the real engine: money to the archive, documents at every state, and nothing stops the filling."""

from collections import Counter
from datetime import timedelta

import pytest

from engine import clock, db
from engine.casefile import (
    approvals,
    case_funds,
    cases,
    courts,
    deploy_requests,
    design_drafts,
    documents,
    field_tasks,
    incident_lists,
    queries,
)
from handlers.simulators import bank_beside
from webui.demo import court, hands, plan
from webui.demo.scenes import CLOSING, CONTROL, DISPOSAL, FUNDS, SCENES, WAYS


@pytest.fixture
def demo(database, monkeypatch):
    monkeypatch.setenv("FENDUAN_DEMO", "1")
    court.set_up()
    found = db.read_only(courts.by_code, court.CODE)
    return court.people_of(found.id)


@pytest.fixture
def make(demo):
    """``make(scene)``: the case of that scene, made as ``fenduan demo`` makes it."""
    with bank_beside.running() as take_receipts:
        numbers = iter(range(99))

        def work():
            hands.one()
            while take_receipts():
                hands.one()

        def made(scene):
            one = next(p for p in plan.of_all() if p.scene == scene)
            case_id = court.make(demo, one, next(numbers), work)
            clock.reset()
            return db.read_only(cases.get, case_id)

        yield made


def states(case):
    return Counter(d.state for d in db.read_only(documents.of_case, case.id))


def test_money_arrives_is_paid_out_and_the_case_is_archived(make):
    case = make("finished_paid")
    assert (case.status, case.closing_method) == ("archived", "full_performance")
    kinds = [kind for _, kind, _, _ in db.read_only(case_funds.of_case, case.id)]
    assert kinds == ["voluntary", "voluntary", "pay_out", "fee"]
    assert db.read_only(case_funds.balance, case.id) == 0
    assert set(states(case)) == {"signed"}
    assert (clock.today() - case.filed_on).days > 40


def test_a_thing_seized_is_in_disposal_and_its_due_day_is_where_the_plan_wants_it(make):
    case = make("two_things")
    one = next(p for p in plan.of_all() if p.scene == "two_things")
    left = (case.stage_due_on - clock.today()).days
    assert case.stage == DISPOSAL
    assert (left < 0, 0 <= left <= 7) == (one.light == "o", one.light == "s")


def test_documents_stand_at_every_state(make, demo):
    found = {scene: make(scene) for scene in ("drafts", "mail_busy", "detention_voting")}
    assert states(found["drafts"]) == {"draft": 6}
    assert states(found["mail_busy"])["signed"] == 1
    assert states(found["detention_voting"])["in_approval"] == 1
    listed = db.read_only(incident_lists.count, demo["he"])
    assert listed > 0, "the busy mailbox is an incident for the operator"
    case = found["detention_voting"]
    document = next(d for d in db.read_only(documents.of_case, case.id) if d.state == "in_approval")
    submitted = db.read_only(approvals.of_document, document.id)[0]
    assert len(db.read_only(approvals.decisions, submitted.id)) == 2, "one of three has not voted"


def test_an_errand_is_on_its_way_with_its_thing_and_the_judges_remark(make, demo):
    case = make("errand_accepted")
    errand = db.read_only(field_tasks.of_case, case.id)[0]
    assert (errand.state, errand.assignee) == ("accepted", demo["ma"].name)
    assert "查封" in errand.request or "封条" in errand.request


def test_a_new_case_waits_and_one_of_another_kind_is_in_no_stage(make):
    assert make("pending").status == "pending_acceptance"
    assert make("unsegmented").status == "unsegmented"


def test_one_design_is_a_draft_and_one_waits_for_the_second_person(demo):
    court_id = demo["lin"].court_id
    assert set(db.read_only(design_drafts.of_court, court_id)) == {"detain", "notify"}
    assert set(db.read_only(deploy_requests.open_of_court, court_id)) == {"notify"}
    assert db.read_only(deploy_requests.count_for, demo["he"]) == 1


def test_a_case_that_breaks_is_told_on_one_line_and_the_next_one_follows(demo, monkeypatch, capsys):
    whole = court.make

    def breaks_once(people, one, number, work):
        if number == 1:
            raise RuntimeError("the second\nof three")
        return whole(people, one, number, work)

    pending = next(p for p in plan.of_all() if p.scene == "pending")
    monkeypatch.setattr(plan, "of_all", lambda: [pending] * 3)
    monkeypatch.setattr(court, "make", breaks_once)
    told = []
    court.fill(3, lambda made, count: told.append((made, count)), lambda: 0)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert db.read_only(queries.count_of_court, demo["lin"].court_id) == 2
    said = capsys.readouterr().err
    assert said.splitlines() == ["演示案件第2件没有做完，已跳过：RuntimeError the second of three"]
    assert clock.offset() == timedelta()


# ---------------------------------------------------------------- the plan


def stage_of(one):
    if one.scene in ("pending", "unsegmented") or one.scene.startswith("finished"):
        return "outside"
    return WAYS[SCENES[one.scene].way].stage


def test_two_hundred_cases_over_all_stages_and_lights():
    plans = plan.of_all()
    assert plans == plan.of_all()
    assert Counter(map(stage_of, plans)) == {
        CONTROL: 70, DISPOSAL: 45, FUNDS: 30, CLOSING: 30, "outside": 25,
    }  # fmt: skip
    lights = Counter(one.light for one in plans if stage_of(one) != "outside")
    shares = {light: round(100 * count / 175) for light, count in lights.items()}
    assert 55 <= shares["f"] <= 66 and 20 <= shares["s"] <= 28 and 12 <= shares["o"] <= 18, shares


def test_the_first_twenty_have_something_of_everything():
    first = plan.of_all()[: court.FIRST]
    assert len(first) == 20
    assert {stage_of(one) for one in first} == {CONTROL, DISPOSAL, FUNDS, CLOSING, "outside"}
    assert {one.light for one in first} == set("fso")


def test_no_judge_takes_over_much_more_than_the_others():
    taken = Counter(p.judge for p in plan.of_all() if stage_of(p) == CONTROL)
    assert max(taken.values()) - min(taken.values()) <= 1
    assert max(taken.values()) <= 15
