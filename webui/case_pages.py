"""What the pages of cases share: their place in the menu, and the words and signs of a case in templates."""

from flask import g
from flask.blueprints import BlueprintSetupState

from engine import clock
from engine.casefile import labels
from engine.casefile.case import case_deadlines
from engine.casefile.case.cases import Case

#: Stage -> the menu's place of its list.
PLACES = {
    "asset_control": "property_control",
    "asset_disposal": "property_disposal",
    "fund_distribution": "fund_distribution",
    "closing_archiving": "closing_archive",
}
#: Days over from which a deadline is drawn stronger.
LONG = 5


def stand_at(case: Case) -> None:
    """Marks in the menu where this case is found: its stage's list, else 案件查询."""
    g.place = PLACES.get(case.stage or "", "case_search")


def is_long_overdue(case: Case) -> bool:
    """More than five days over a limit that runs."""
    due, paused = case.stage_due_on, case.stage_paused_on
    return due is not None and paused is None and (clock.today() - due).days > LONG


def register(state: BlueprintSetupState) -> None:
    """For every template: ``words`` (the words of the case file's codes), ``is_long_overdue``, ``pause_name``."""
    environment = state.app.jinja_env
    environment.globals.update(words=labels, is_long_overdue=is_long_overdue)
    environment.filters.update(pause_name=pause_name)


def pause_name(cause: str) -> str:
    """Why the clock stands still: 中止执行."""
    return case_deadlines.PAUSES.get(cause, cause)
