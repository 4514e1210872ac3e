"""Terms by the deployed rules: control of property (DL40), detention (DL31), the earliest end (DL43)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from engine import db
from engine.casefile import rulebook
from engine.casefile.case.cases import Case
from engine.casefile.rules import deadlines
from engine.casefile.rules.lengths import Length
from engine.documents import words

#: Kind of property -> its rule (民诉法解释第四百八十五条); every other right counts as ``other``.
_CONTROL: Mapping[str, str] = {
    "deposit": "DL40.deposit",
    "vehicle": "DL40.movable",
    "movable": "DL40.movable",
    "immovable": "DL40.immovable",
}
_UNITS: Mapping[str, str] = {"y": "年", "months": "个月", "d": "日"}


def control_end(session: db.Session, court_id: UUID, kind: str, starts_on: date) -> date:
    """The last day of a control on this kind of property; it is not rolled to a working day."""
    rules = rulebook.of_court(session, court_id)
    return _day(deadlines.compute(rules, _control(kind), starts_on).due)


def control_words(session: db.Session, court_id: UUID, kind: str) -> str:
    """As rulings write it: 一年, 二年, 三年."""
    length = deadlines.named(rulebook.of_court(session, court_id), _control(kind)).length
    return words.numeral(length.count) + _UNITS[length.unit]


def detention_end(session: db.Session, court_id: UUID, begins_on: date, days: int) -> date:
    """The last day; ``days`` must be within the law's limit. It is never rolled and never lengthened."""
    rules = rulebook.of_court(session, court_id)
    rule = deadlines.named(rules, "DL31.detention")
    if not 1 <= days <= rule.length.count:
        raise ValueError(days)
    return _day(deadlines.compute(rules, replace(rule, length=Length(days, "d")), begins_on).due)


def earliest_final(session: db.Session, case: Case) -> date:
    """The first day on which a case may be ended for want of assets: more than three months after filing (DL43)."""
    rules = rulebook.of_court(session, case.court_id)
    return _day(deadlines.compute(rules, "DL43", case.filed_on).earliest)


def _control(kind: str) -> str:
    return _CONTROL.get(kind, "DL40.other")


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"no day: {value!r}")
    return value
