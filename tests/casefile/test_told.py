"""Column "told" beside approvals: who had a task and who has it, the new handler, who gave an errand, letters that came back."""

from datetime import timedelta
from uuid import UUID

import pytest

from engine import clock, db
from engine.audit import SYSTEM
from engine.casefile.approval import reminders
from engine.casefile.case import timeline
from engine.casefile.errand import field_tasks
from engine.casefile.errand.field_assignments import Errand, assign
from engine.casefile.matter import form_tasks, matter_desk
from engine.casefile.oversight import reassignments
from engine.casefile.people import notices, users
from engine.process import tasks
from engine.process.operations import Context
from handlers import stages as stage_steps
from tests.casefile.court import PASSWORD, Court
from tests.webui.pages.test_tasks import OUTCOME, _delivered_by_post


def told(court: Court, login: str) -> list[str]:
    """The newest first, without the case's number."""
    found = db.read_only(notices.of_user, court.user(login))
    return [n.text.partition(" · ")[2] for n in found]


def enter(court: Court, case_id: UUID, stage: str, way: str = "advance") -> None:
    case = court.case(case_id)
    assert case.instance_id is not None
    context = Context(court.id, case.instance_id, case_id, "enter", SYSTEM, clock.now())
    db.in_transaction(stage_steps.enter, context, {"阶段": stage, "方式": way})


def test_who_accepts_a_case_knows_it_and_the_next_handler_is_told(court: Court) -> None:
    case_id = court.accept("shen")
    assert told(court, "shen") == []
    enter(court, case_id, "asset_disposal")
    assert told(court, "gu") == ["案件流转到您处办理"]
    enter(court, case_id, "asset_control", "reopen")
    assert told(court, "shen") == ["移交的案件被退回，由您继续办理"]


def test_both_are_told_of_a_reassignment(court: Court) -> None:
    task = db.read_only(tasks.find_open, court.accept("shen"), screen="transfer")
    shen, lu = court.user("shen").id, court.user("lu").id
    db.in_transaction(
        reassignments.reassign, court.user("luo"), task.id, lu, "请假", seen_holder=shen
    )
    assert told(court, "shen") == ["案件已改派给陆怀瑾"]
    assert told(court, "lu") == ["案件已改派给您办理"]


def test_who_gave_an_errand_is_told_that_it_is_done(court: Court) -> None:
    case_id = court.accept("shen")
    db.in_transaction(
        users.add,
        court.id,
        login="ma",
        name="马骁",
        title="司法警察",
        password=PASSWORD,
        roles=["field_officer"],
    )
    officer = db.read_only(users.by_login, court.id, "ma")
    due_on = clock.today() + timedelta(days=3)
    errand = Errand("notify", "investigate", "望江路88号", "陈志强", "核实居住情况", due_on)
    errand_id = db.in_transaction(assign, court.user("shen"), case_id, errand)
    db.in_transaction(field_tasks.report, officer, errand_id, "已核实")
    [said] = told(court, "shen")
    assert said.endswith("已由马骁办结")


@pytest.fixture
def letter(court: Court) -> UUID:
    """The clerk's task of entering what came of a letter."""
    case_id = court.accept("shen", e_consent=False)
    return db.in_transaction(_delivered_by_post, court, case_id)


def test_a_letter_that_did_not_arrive_is_told_to_the_handler_once(
    court: Court, letter: UUID
) -> None:
    db.in_transaction(
        form_tasks.submit, court.user("xu"), letter, OUTCOME | {"送达结果": "not_found"}
    )
    [said] = told(court, "shen")
    assert "陈志强" in said
    assert "未能送达" in said or "退回" in said


def test_a_waiting_task_of_the_team_reminds_whoever_may_take_it(court: Court, letter: UUID) -> None:
    case_id = db.read_only(tasks.get, letter).case_id
    assert case_id is not None
    names = db.in_transaction(reminders.remind, court.user("shen"), case_id, [letter])
    assert names == ["许佳宁"]
    assert "沈若川催办，请及时办理" in told(court, "xu")[0]
    task = db.read_only(tasks.get, letter)
    case, shen = court.case(case_id), court.user("shen")
    assert db.read_only(reminders.remindable, shen, case, [task]) == {letter}
    assert db.read_only(reminders.remindable, court.user("xu"), case, [task]) == frozenset()
    assert db.read_only(matter_desk.desk, shen, case_id).remindable == frozenset()


def test_the_cases_history_tells_of_a_reminder(court: Court, letter: UUID) -> None:
    case_id = db.read_only(tasks.get, letter).case_id
    assert case_id is not None
    db.in_transaction(reminders.remind, court.user("shen"), case_id, [letter])
    events, _ = db.read_only(timeline.of_case, court.case(case_id))
    assert events[0].text == "催办“邮寄或直接送达并登记结果”：许佳宁"
    assert events[0].who == "沈若川"
