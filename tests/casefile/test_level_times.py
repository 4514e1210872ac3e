"""Due times of levels: working time, a whole new one after a return, reminders and one escalation, never a decision."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from engine import clock, db
from engine.casefile.approval import approvals, beside_desk, level_extensions, level_times
from engine.casefile.approval.level_extensions import (
    ExtensionAsked,
    ExtensionIncomplete,
    ExtensionOver,
    NoNextOffice,
    RefusalUnexplained,
)
from engine.casefile.document import documents
from engine.casefile.people import notices
from engine.errors import NotFound
from engine.process import tasks
from tests.casefile.court import Court
from tests.casefile.test_approvals import decide, draft, submit, task_of, vote

#: A Tuesday at nine.
TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nine_on_a_tuesday(court: Court) -> None:
    clock.move(TUESDAY - clock.now())


def at(moment: datetime | None) -> str:
    return f"{moment.astimezone(clock.COURT_ZONE):%m-%d %H:%M}" if moment else ""


def due_of(court: Court, login: str) -> datetime | None:
    task_id = task_of(court, login)
    assert task_id is not None
    return db.read_only(tasks.get, task_id).due_at


def told(court: Court, login: str) -> list[str]:
    """Of due times, the oldest first."""
    found = db.read_only(notices.of_user, court.user(login))
    return [n.text.rpartition(" · ")[2] for n in reversed(found) if n.kind == "due"]


def with_director(court: Court) -> UUID:
    approval_id = submit(court, draft(court, term_days=10)[1])
    for member in ("shen", "lu", "fang"):
        vote(court, member)
    return approval_id


def pass_(by: timedelta) -> None:
    clock.move(by)
    while db.in_transaction(level_times.watch):
        pass


def test_a_level_is_due_in_working_time_and_a_return_gives_a_whole_new_one(court: Court) -> None:
    approval_id = with_director(court)
    assert at(due_of(court, "luo")) == "11-25 09:00"
    clock.move(timedelta(days=3, hours=8))  # Friday at five
    decide(court, "luo", "return", opinion="日期有误")
    submit(court, db.read_only(approvals.get, approval_id).document_id)
    # The text is the same, so it goes straight back to him.
    assert at(due_of(court, "luo")) == "11-30 17:00"


def test_the_holder_is_reminded_twice_and_the_next_office_told_once(court: Court) -> None:
    approval_id = with_director(court)
    pass_(timedelta())
    assert told(court, "luo") == []
    pass_(timedelta(hours=7))  # 16:00, two working hours before
    assert told(court, "luo") == ["请于11月25日 09:00前办理"]
    pass_(timedelta(hours=2))
    assert len(told(court, "luo")) == 1
    pass_(timedelta(days=30))
    assert told(court, "luo")[1:] == ["已超过办理时限，请尽快办理"]
    assert told(court, "qin") == ["执行局局长已超过办理时限"]
    found = db.read_only(approvals.get, approval_id)
    assert (found.state, found.level) == ("running", 1)
    assert db.read_only(documents.get, found.document_id).state == "in_approval"
    assert db.in_transaction(level_times.watch) is False


def test_a_late_panel_is_one_escalation_and_who_has_voted_is_left_alone(court: Court) -> None:
    submit(court, draft(court, term_days=10)[1])
    pass_(timedelta())
    vote(court, "lu")
    pass_(timedelta(days=30))
    assert told(court, "lu") == []
    assert told(court, "fang") == ["已超过办理时限，请尽快办理"]
    assert told(court, "luo") == ["合议庭已超过办理时限"]


def test_the_last_level_has_no_office_above_it(court: Court) -> None:
    with_director(court)
    decide(court, "luo", "approve")
    decide(court, "qin", "approve")
    pass_(timedelta(days=30))
    assert told(court, "shao")[-1:] == ["已超过办理时限，请尽快办理"]


def test_the_worker_looks_by_the_courts_clock(court: Court) -> None:
    with_director(court)
    court.work()
    clock.move(timedelta(days=5))
    court.work()
    assert told(court, "luo")[-1:] == ["已超过办理时限，请尽快办理"]


# ---------------------------------------------------------------- 延期申请


def ask(court: Court, login: str = "luo", days: int = 6, reason: str = "待专业法官会议") -> UUID:
    task_id = task_of(court, login)
    assert task_id is not None
    until = clock.today() + timedelta(days=days)
    return db.in_transaction(level_extensions.ask, court.user(login), task_id, until, reason)


def test_a_granted_extension_moves_the_due_time_and_the_reminders(court: Court) -> None:
    approval_id = with_director(court)
    case = court.case(db.read_only(approvals.get, approval_id).case_id)
    extension_id = ask(court)
    assert [r.kind for r in db.read_only(beside_desk.requests, court.user("qin"))] == ["extension"]
    with pytest.raises(ExtensionAsked):
        ask(court)
    db.in_transaction(level_extensions.decide, court.user("qin"), extension_id, granted=True)
    assert at(due_of(court, "luo")) == "11-30 17:30"
    assert told(court, "luo")[-1:] == ["秦书仪同意罗正平延期至11月30日"]
    assert told(court, "shen") == told(court, "luo")[-1:]
    pass_(timedelta(days=5))
    assert len(told(court, "luo")) == 1
    pass_(timedelta(days=2))
    assert told(court, "luo")[1:] == ["已超过办理时限，请尽快办理"]
    after = court.case(case.id)
    assert (after.stage_due_on, after.filed_on) == (case.stage_due_on, case.filed_on)


def test_a_refused_extension_needs_its_reason_and_changes_nothing(court: Court) -> None:
    with_director(court)
    extension_id = ask(court)
    qin = court.user("qin")
    with pytest.raises(RefusalUnexplained):
        db.in_transaction(level_extensions.decide, qin, extension_id, granted=False)
    db.in_transaction(level_extensions.decide, qin, extension_id, granted=False, words="请当日办理")
    assert at(due_of(court, "luo")) == "11-25 09:00"
    with pytest.raises(ExtensionOver):
        db.in_transaction(level_extensions.decide, qin, extension_id, granted=True)


def test_only_the_next_office_answers_and_an_earlier_decision_ends_it(court: Court) -> None:
    with_director(court)
    extension_id = ask(court)
    with pytest.raises(NotFound):
        db.in_transaction(level_extensions.decide, court.user("shao"), extension_id, granted=True)
    decide(court, "luo", "approve")
    assert db.read_only(beside_desk.count, court.user("qin")) == 0
    with pytest.raises(ExtensionOver):
        db.in_transaction(level_extensions.decide, court.user("qin"), extension_id, granted=True)


def test_the_last_level_has_nobody_to_ask_and_an_earlier_day_is_refused(court: Court) -> None:
    with_director(court)
    with pytest.raises(ExtensionIncomplete):
        ask(court, days=1)
    decide(court, "luo", "approve")
    decide(court, "qin", "approve")
    with pytest.raises(NoNextOffice):
        ask(court, "shao")
