"""Due times of levels: working time, a whole new one after a return, reminders and one escalation, never a decision."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from engine import clock, db
from engine.casefile import approvals, documents, level_times, notices
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
    assert at(due_of(court, "lu")) == "11-30 17:00"


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
