"""Deadlines, working days, the calendar and deemed delivery of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.casefile.rules import deadlines, fields, lengths, served, working_days
from engine.casefile.rules.faults import (
    BadExtension,
    BadOccurrence,
    BadWorkingDays,
    TwoAnswers,
    UnknownDocument,
    UnknownRule,
)
from engine.casefile.rules.labels import field as field_name

from .written import Case, Result, day

if TYPE_CHECKING:
    from engine.casefile.rules import Rules

#: How far working days may be counted, both ways.
FARTHEST = 2000


def deadline(rules: Rules, case: Case) -> Result:
    rule = _rule(rules, case)
    read = fields.moment if rule.by_the_hour else fields.day
    found = deadlines.compute(
        rules,
        rule,
        read(fields.need(case, "trigger"), "trigger"),
        pauses=fields.spans(case, "pauses"),
        extensions=fields.count(case, "extensions", 0, BadExtension(most=rule.extensions)),
        occurrence=fields.count(case, "occurrence", 1, BadOccurrence(most=rule.occurrences)),
        filed=fields.day(case["filed"], "filed") if case.get("filed") is not None else None,
        final=fields.flag(case, "final"),
    )
    return {
        "rule": found.rule,
        "due": day(found.due),
        "earliest": day(found.earliest),
        "renew_by": day(found.renew_by),
        "rolled_from": day(found.rolled_from),
        "pause_days": found.pause_days,
        "tentative": found.tentative,
        "warnings": list(found.warnings),
    }


def _rule(rules: Rules, case: Case) -> deadlines.Rule:
    if case.get("length") is None:
        rule_id = fields.need(case, "rule")
        if not isinstance(rule_id, str):
            raise UnknownRule(value=rule_id)
        return deadlines.named(rules, rule_id)
    if case.get("rule") is not None:
        raise TwoAnswers(field=field_name("rule"), other=field_name("length"))
    return deadlines.unnamed(lengths.parse(case["length"]))


def workday(rules: Rules, case: Case) -> Result:
    start = fields.day(fields.need(case, "from"), "from")
    days = fields.need(case, "days")
    if isinstance(days, bool) or not isinstance(days, int) or abs(days) > FARTHEST:
        raise BadWorkingDays
    final = fields.flag(case, "final")
    found = working_days.counted(rules.calendar, start, days)
    if final:
        working_days.must_be_final(rules.calendar, tentative=found.tentative)
    return {
        "date": day(found.day),
        "is_workday": rules.calendar.works(found.day),
        "tentative": found.tentative,
    }


def calendar(rules: Rules, case: Case) -> Result:
    year = fields.whole(fields.need(case, "year"), "year", least=1)
    off, on = working_days.year(rules.calendar, year)
    return {
        "from": day(rules.calendar.first),
        "to": day(rules.calendar.last),
        "weekday_off": [day(each) for each in off],
        "weekend_on": [day(each) for each in on],
    }


ATTEMPT = (
    "channel", "signed_on", "refused_on", "left_on", "proof", "consent", "sent_on", "proved_on",
    "read_on", "acknowledged_on", "received_on", "returned_on", "reason", "no_fault", "posted_on",
    "abroad",
)  # fmt: skip


def served_on(rules: Rules, case: Case) -> Result:
    document = case.get("document")
    if document is not None and not isinstance(document, str):
        raise UnknownDocument(value=document)
    found = served.compute(
        rules,
        fields.items(fields.need(case, "attempts"), "attempts", ATTEMPT),
        document=document,
        mediation=fields.flag(case, "mediation"),
        final=fields.flag(case, "final"),
    )
    return {
        "served": found.served,
        "deemed_on": day(found.deemed_on),
        "channel": found.channel,
        "runs_from": day(found.runs_from),
        "tentative": found.tentative,
    }
