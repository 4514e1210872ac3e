"""Pauses, resumptions and refused hand-overs in any order: the due day is the one that counting days by hand gives."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import clock, db
from engine.casefile import rulebook
from engine.casefile.case import cases
from engine.casefile.rules import working_days
from engine.casefile.stage import stages
from tests.durability.test_paused_clock import go_to

ENTERED, LIMIT = date(2026, 3, 2), 30
CAUSES = ["suspension", "appraisal", "auction"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 25)),
        st.tuples(st.just("pause"), st.sampled_from(CAUSES), st.integers(-8, 8)),
        st.tuples(st.just("resume"), st.sampled_from(CAUSES), st.integers(-4, 8)),
        st.tuples(st.just("refused hand-over"), st.integers(0, 6)),
    ),
    max_size=12,
)


class Sheet:
    """The stay on paper: the days from which and to which its clock stood still."""

    def __init__(self):
        self.spans: list[list] = []

    def running(self, cause):
        return next((s for s in self.spans if s[0] == cause and s[2] is None), None)

    def end_all(self, day):
        for span in self.spans:
            span[2] = span[2] or day

    def last_day(self, rules):
        """The thirtieth day after the entry on which the clock ran, rolled to a working day."""
        today, stood = clock.today(), set()
        for _, first, last in self.spans:
            days = ((last or max(first, today)) - first).days + 1
            stood |= {first + timedelta(days=n) for n in range(days)}
        day, left = ENTERED, LIMIT
        while left:
            day += timedelta(days=1)
            left -= day not in stood
        return working_days.rolled(rules.calendar, day).day


@pytest.fixture
def case_id(court):
    go_to(ENTERED)
    case_id = court.accept(filed_on=ENTERED)
    assert db.read_only(stages.current, case_id).length == f"{LIMIT} d"
    return case_id


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_the_due_day_is_the_limit_of_days_on_which_the_clock_ran(court, case_id, steps):
    go_to(ENTERED)
    sheet = Sheet()
    # Each try starts from the same case: nothing of it is committed.
    with db.engine().connect() as session, session.begin() as nothing:
        rules = rulebook.of_court(session, court.id)
        for step, *given_ in steps:
            ACTS[step](session, cases.get(session, case_id), sheet, *given_)
            if step == "wait":
                stages.recompute(session, cases.get(session, case_id))
            case = cases.get(session, case_id)
            assert case.stage == "asset_control"
            assert case.stage_due_on == sheet.last_day(rules), sheet.spans
            open_ = [first for _, first, last in sheet.spans if last is None]
            assert case.stage_paused_on == min(open_, default=None)
        nothing.rollback()


def _wait(session, case, sheet, days):
    go_to(clock.today() + timedelta(days=days))


def _pause(session, case, sheet, cause, after):
    first = clock.today() + timedelta(days=after)
    if sheet.running(cause):
        with pytest.raises(stages.AlreadyPaused):
            stages.pause(session, case, cause, first)
        return
    stages.pause(session, case, cause, first)
    sheet.spans.append([cause, first, None])


def _resume(session, case, sheet, cause, after):
    last = clock.today() + timedelta(days=after)
    stages.resume(session, case, cause, last)
    running = sheet.running(cause)
    if running:
        running[2] = last


def _refused(session, case, sheet, days):
    sent_on = clock.today()
    stages.leave(session, stages.current(session, case.id).id)
    sheet.end_all(sent_on)
    stages.enter(session, case, "asset_disposal", handler_id=None, handler_reason="lightest_load")
    go_to(sent_on + timedelta(days=days))
    stages.reopen(session, cases.get(session, case.id), "asset_control")
    if days:
        sheet.spans.append(["refused_transfer", sent_on + timedelta(days=1), clock.today()])


ACTS = {"wait": _wait, "pause": _pause, "resume": _resume, "refused hand-over": _refused}
