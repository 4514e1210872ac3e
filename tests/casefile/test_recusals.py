"""回避: it shuts the case at once, what was in hand goes on in the same act, and nobody is given the case back."""

from dataclasses import replace

import pytest
from sqlalchemy import select

import handlers.stages
from engine import audit, clock, db
from engine.casefile.approval import panels
from engine.casefile.case import case_overviews, cases, timeline
from engine.casefile.intake import allocation
from engine.casefile.people import access, notices, recusal_desk, recusals, users
from engine.casefile.people.access import INVOLVEMENT, Forbidden
from engine.casefile.people.recusals import Decision, RecusalIncomplete
from engine.errors import NotFound
from engine.process import tasks

#: 审判员的回避由院长决定.
DECISION = Decision("interest", "", "院长", "（2026）苏0199执回1号", None)


def enter(court, case_id, who, by="luo", successor=None, **changes):
    decision = replace(DECISION, decided_on=clock.today(), **changes)
    return db.in_transaction(
        recusal_desk.enter, court.user(by), case_id, court.user(who).id if who else None, decision,
        successor_id=court.user(successor).id if successor else None,
    )  # fmt: skip


def problems(court, case_id, who, **given):
    with pytest.raises(RecusalIncomplete) as error:
        enter(court, case_id, who, **given)
    return error.value.problems


def test_the_handler_is_shut_out_and_another_judge_goes_on_in_the_same_act(court):
    case_id = court.accept(owner_id=court.user("shen").id)
    done = enter(court, case_id, "shen", successor="lu")
    assert (done.person, done.successor) == ("沈若川", "陆怀瑾")
    case = court.case(case_id)
    assert (case.handler_id, case.owner_id) == (court.user("lu").id, court.user("lu").id)
    with pytest.raises(NotFound):
        db.read_only(access.case, court.user("shen"), case_id)
    visible = select(cases.CASE.c.id).where(access.may_open(court.user("shen")))
    assert db.read_only(lambda s: s.scalars(visible).all()) == []
    events, _ = db.read_only(timeline.of_case, case)
    said = [e.text for e in events]
    assert "沈若川（法官）回避，由陆怀瑾接办，（2026）苏0199执回1号" in said
    assert not any("利害关系" in text for text in said)
    assert db.read_only(audit.verify, case_id) is None


def test_what_is_missing_is_said_at_its_field_and_nothing_happens(court):
    case_id = court.accept()
    assert set(problems(court, case_id, "shen")) == {"successor"}
    assert set(problems(court, case_id, "shen", successor="gu")) == {"successor"}
    assert set(problems(court, case_id, None)) == {"person"}
    given = {"ground": "x", "decided_by": "审判委员会", "decision_no": " "}
    assert set(problems(court, case_id, "xu", **given)) == {"ground", "decided_by", "decision_no"}
    assert db.read_only(recusals.of_case, case_id) == []
    assert court.case(case_id).handler_id == court.user("shen").id


DECIDED = {
    "shen": "院长",
    "xu": "院长",
    "luo": "院长",
    "shao": "审判委员会",
    "tan": "审判长或者独任法官",
}


def test_who_decides_follows_the_law(court):
    known = db.read_only(recusals.rules, court.id)
    assert {who: known.decider(court.user(who)) for who in DECIDED} == DECIDED


def test_who_may_enter_it(court):
    case_id = court.accept()
    db.in_transaction(
        users.add, court.id, login="zu", name="祖望舒", title="法官", team="asset_control",
        roles=["team_leader", "handling_judge"], password="linjiang-2026",
    )  # fmt: skip
    leader = db.read_only(users.by_login, court.id, "zu")
    db.read_only(recusal_desk.desk, leader, case_id)
    db.read_only(recusal_desk.desk, court.user("shao"), case_id)
    for login in ("shen", "xu", "lu"):
        with pytest.raises(Forbidden):
            db.read_only(recusal_desk.desk, court.user(login), case_id)
    listed = db.read_only(case_overviews.overview, court.user("shen"), case_id)
    assert listed.recusals is None


def test_a_task_in_hand_goes_to_a_colleague(court):
    case_id = court.accept()
    clerk, assistant = court.user("xu"), court.user("tan")
    task = db.read_only(tasks.open_of, case_id=case_id)[0]
    db.in_transaction(tasks.reassign, task.id, assistant.actor, actor=clerk.actor, reason="试")
    desk = db.read_only(recusal_desk.desk, court.user("luo"), case_id, assistant.id)
    (hand,) = desk.chosen.hands
    taker = hand.candidates[0]
    decision = replace(DECISION, decided_on=clock.today(), decided_by="审判长或者独任法官")
    done = db.in_transaction(
        recusal_desk.enter, court.user("luo"), case_id, assistant.id, decision, takers={task.id: taker.id}
    )  # fmt: skip
    assert done.tasks == 1
    assert db.read_only(tasks.get, task.id).assignee == taker.id


def test_a_recused_judge_is_never_given_the_case_again_and_leaves_its_panel(court):
    case_id = court.accept()
    case = court.case(case_id)
    panel = db.read_only(panels.proposed, case)
    db.in_transaction(panels.compose, case, panel, by=None, reason="组成")
    enter(court, case_id, panel.members[1].login)
    assert db.read_only(panels.of_case, court.case(case_id)) is None
    told = db.read_only(notices.of_user, court.user("shen"))
    assert f"合议庭成员{panel.members[1].name}回避，合议庭重新组成" in told[0].text
    enter(court, case_id, "shen", successor="lu" if panel.members[1].login == "fang" else "fang")
    chosen = db.read_only(
        allocation.choose, court.case(case_id), "asset_control", accepted_by=court.user("shen").id
    )
    assert chosen.user.name not in ("沈若川", panel.members[1].name)


def test_a_revoked_recusal_gives_back_only_what_there_was(court):
    case_id = court.accept()
    enter(court, case_id, "shen", successor="lu")
    enter(court, case_id, "qin")
    luo = court.user("luo")
    with pytest.raises(recusals.AlreadyRecused):
        enter(court, case_id, "qin")
    for one in db.read_only(recusals.of_case, case_id):
        with pytest.raises(RecusalIncomplete):
            db.in_transaction(recusals.end, luo, case_id, one.id, " ")
        db.in_transaction(recusals.end, luo, case_id, one.id, "复议决定撤销")
        with pytest.raises(recusals.AlreadyEnded):
            db.in_transaction(recusals.end, luo, case_id, one.id, "复议决定撤销")
    db.read_only(access.case, court.user("shen"), case_id)
    assert court.case(case_id).handler_id == court.user("lu").id
    rows = select(INVOLVEMENT.c.user_id).where(INVOLVEMENT.c.case_id == case_id)
    assert court.user("qin").id not in db.read_only(lambda s: s.scalars(rows).all())
    enter(court, case_id, "qin", decided_by="院长")


def test_a_refused_handover_does_not_come_back_to_a_recused_sender(court):
    case_id = court.accept()
    db.in_transaction(access.recuse, court.case(case_id), court.user("shen").id, "回避")
    db.in_transaction(handlers.stages._replace_recused, case_id, "asset_control")
    assert court.case(case_id).handler_id in (court.user("lu").id, court.user("fang").id)
