"""``fenduan calc``: one JSON case in, the answer of the court's rules out (references/CALC_CONTRACT.md).

Reads the fields of each kind, calls the function that pages and timers call, and writes the answer down.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from engine.errors import EngineError

from . import (
    approval,
    deadlines,
    distribution,
    fee,
    fields,
    interest,
    lengths,
    money,
    route,
    served,
    working_days,
)
from .faults import (
    BadExtension,
    BadJson,
    BadOccurrence,
    BadOrder,
    BadWorkingDays,
    BadYearDays,
    DayOutOfReach,
    OneRateOnly,
    TwoAnswers,
    UnknownCalc,
    UnknownDocument,
    UnknownRule,
    UnknownTable,
)
from .labels import choices
from .labels import field as field_name

if TYPE_CHECKING:
    from .deployed import Rules

Case = Mapping[str, Any]
Result = dict[str, Any]

#: How far working days may be counted, both ways.
FARTHEST = 2000


def answer(rules: Rules, case: Any) -> dict[str, Any]:
    """The answer line of one case: ``ok`` with ``result``, or ``error`` with ``message``; ``id`` comes back."""
    known = {"id": case["id"]} if isinstance(case, dict) and "id" in case else {}
    try:
        return {**known, "ok": True, "result": _result(rules, case)}
    except OverflowError:
        return {**known, **_refusal(DayOutOfReach())}
    except EngineError as error:
        return {**known, **_refusal(error)}


def answer_lines(rules: Rules, lines: Iterable[str]) -> Iterator[str]:
    """One JSON answer for each line, in order, without line ends; a bad line stops nothing."""
    for line in lines:
        yield _written(answer_line(rules, line))


def answer_line(rules: Rules, line: str) -> dict[str, Any]:
    try:
        case = json.loads(line.removeprefix("\ufeff"), parse_constant=_no_json)
    except (ValueError, RecursionError):
        return _refusal(BadJson())
    return answer(rules, case)


def _no_json(constant: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(constant)


def _written(answered: Mapping[str, Any]) -> str:
    text = json.dumps(answered, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate in what came in
        return json.dumps(answered, separators=(",", ":"))
    return text


def _refusal(error: EngineError) -> dict[str, Any]:
    return {"ok": False, "error": error.code, "message": str(error)}


def _result(rules: Rules, case: Any) -> Result:
    if not isinstance(case, dict):
        raise BadJson
    kind = fields.need(case, "calc")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnknownCalc(value=kind)
    known, compute = KINDS[kind]
    fields.only(case, ("calc", "id", *known))
    return compute(rules, case)


def _day(day: date | None) -> str | None:
    if isinstance(day, datetime):
        return day.isoformat(timespec="minutes")
    return None if day is None else day.isoformat()


def _yuan(amount: Decimal) -> str:
    return str(money.total([amount]))


def _amount(case: Case, name: str) -> Decimal:
    value = case.get(name)
    return money.ZERO if value is None else fields.amount(value, name)


# --- deadline


def _deadline(rules: Rules, case: Case) -> Result:
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
        "due": _day(found.due),
        "earliest": _day(found.earliest),
        "renew_by": _day(found.renew_by),
        "rolled_from": _day(found.rolled_from),
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


# --- workday, calendar


def _workday(rules: Rules, case: Case) -> Result:
    start = fields.day(fields.need(case, "from"), "from")
    days = fields.need(case, "days")
    if isinstance(days, bool) or not isinstance(days, int) or abs(days) > FARTHEST:
        raise BadWorkingDays
    final = fields.flag(case, "final")
    found = working_days.counted(rules.calendar, start, days)
    if final:
        working_days.must_be_final(rules.calendar, tentative=found.tentative)
    return {
        "date": _day(found.day),
        "is_workday": rules.calendar.works(found.day),
        "tentative": found.tentative,
    }


def _calendar(rules: Rules, case: Case) -> Result:
    year = fields.whole(fields.need(case, "year"), "year", least=1)
    off, on = working_days.year(rules.calendar, year)
    return {
        "from": _day(rules.calendar.first),
        "to": _day(rules.calendar.last),
        "weekday_off": [_day(day) for day in off],
        "weekend_on": [_day(day) for day in on],
    }


# --- interest


def _interest(rules: Rules, case: Case) -> Result:
    account = interest.compute(rules, _debt(case))
    return {
        "interest": _yuan(account.accrued("interest")),
        "doubled": _yuan(account.accrued("doubled")),
        "segments": [
            {
                "kind": segment.kind,
                "from": _day(segment.first),
                "to": _day(segment.last),
                "days": segment.days,
                "base": _yuan(segment.base),
                "amount": _yuan(segment.amount),
            }
            for segment in account.segments
        ],
        "paid": {part: _yuan(account.paid[part]) for part in interest.PARTS},
        "surplus": _yuan(account.surplus),
        "due": {
            **{part: _yuan(account.open[part]) for part in interest.PARTS},
            "total": _yuan(account.total),
        },
    }


def _debt(case: Case) -> interest.Debt:
    year_days, rate, order = case.get("year_days"), case.get("doubled_rate"), case.get("order")
    if year_days is not None and (isinstance(year_days, bool) or not isinstance(year_days, int)):
        raise BadYearDays(choices=choices(("365", "360")))
    if order is not None and not (
        isinstance(order, list) and all(isinstance(part, str) for part in order)
    ):
        raise BadOrder
    return interest.Debt(
        principal=fields.amount(fields.need(case, "principal"), "principal"),
        expiry=fields.day(fields.need(case, "expiry"), "expiry"),
        until=fields.day(fields.need(case, "until"), "until"),
        costs=_amount(case, "costs"),
        costs_in_base=fields.flag(case, "costs_in_base"),
        general=[_rate(item) for item in _items(case, "general", RATE)],
        year_days=year_days,
        count_last_day=fields.flag(case, "count_last_day"),
        doubled_rate=None if rate is None else fields.rate(rate, "doubled_rate"),
        excluded=fields.spans(case, "excluded"),
        payments=[_payment(item) for item in _items(case, "payments", ("date", "amount"))],
        order=order,
    )


RATE = ("from", "to", "annual_rate", "daily_rate")


def _items(case: Case, name: str, known: tuple[str, ...]) -> list[Case]:
    value = case.get(name)
    return [] if value is None else fields.items(value, name, known)


def _rate(item: Case) -> interest.Rate:
    given = [name for name in ("annual_rate", "daily_rate") if item.get(name) is not None]
    if len(given) != 1:
        raise OneRateOnly
    return interest.Rate(
        fields.day(fields.need(item, "from"), "from"),
        fields.day(item["to"], "to") if item.get("to") is not None else None,
        fields.rate(item[given[0]], given[0]),
        by_year=given[0] == "annual_rate",
    )


def _payment(item: Case) -> tuple[date, Decimal]:
    return (
        fields.day(fields.need(item, "date"), "date"),
        fields.amount(fields.need(item, "amount"), "amount"),
    )


# --- fee


def _fee(rules: Rules, case: Case) -> Result:
    if fields.flag(case, "no_amount"):
        if case.get("amount") is not None:
            raise TwoAnswers(field=field_name("amount"), other=field_name("no_amount"))
        least, most = fee.without_amount(rules)
        return {"min": _yuan(least), "max": _yuan(most)}
    return {
        "fee": _yuan(fee.of_amount(rules, fields.amount(fields.need(case, "amount"), "amount")))
    }


# --- distribution

CLAIM = ("id", "amount", "class", "doubled", "rank", "seized_on", "seizure_seq")


def _distribution(rules: Rules, case: Case) -> Result:
    costs = [_cost(item) for item in _items(case, "costs", ("name", "amount"))]
    charged = case.get("fee")
    found = distribution.compute(
        rules,
        fields.amount(fields.need(case, "price"), "price"),
        fields.word(fields.need(case, "debtor"), "debtor", distribution.DEBTORS),
        [_claim(item) for item in fields.items(fields.need(case, "claims"), "claims", CLAIM)],
        costs=money.total(costs),
        fee_charged=None if charged in (None, "auto") else fields.amount(charged, "fee"),
        living_costs=_amount(case, "living_costs"),
    )
    return {
        "costs": _yuan(found.costs),
        "fee": _yuan(found.fee),
        "living_costs": _yuan(found.living_costs),
        "distributable": _yuan(found.distributable),
        "shares": [
            {
                "id": share.claim.id,
                "paid": _yuan(share.paid),
                "paid_doubled": _yuan(share.paid_doubled),
                "short": _yuan(share.short),
                "short_doubled": _yuan(share.short_doubled),
            }
            for share in found.shares
        ],
        "surplus": _yuan(found.surplus),
    }


def _cost(item: Case) -> Decimal:
    if item.get("name") is not None:
        fields.text(item["name"], "name")
    return fields.amount(fields.need(item, "amount"), "amount")


def _claim(item: Case) -> distribution.Claim:
    seized = item.get("seized_on")
    rank, sequence, kind = item.get("rank"), item.get("seizure_seq"), item.get("class")
    return distribution.Claim(
        fields.identity(fields.need(item, "id"), "id"),
        fields.amount(fields.need(item, "amount"), "amount"),
        "ordinary" if kind is None else fields.word(kind, "class", distribution.CLASSES),
        _amount(item, "doubled"),
        1 if rank is None else fields.whole(rank, "rank", least=1),
        None if seized is None else fields.day(seized, "seized_on"),
        0 if sequence is None else fields.whole(sequence, "seizure_seq", least=0),
    )


# --- route, approval, served


def _route(rules: Rules, case: Case) -> Result:
    table = fields.need(case, "table")
    if not isinstance(table, str) or table not in route.FILES:
        raise UnknownTable(value=table)
    facts: dict[str, route.Fact] = {
        name: fields.truth(case[name], name) for name in ROUTE_TRUTHS if case.get(name) is not None
    }
    if case.get("funds") is not None:
        facts["funds"] = fields.amount(case["funds"], "funds")
    if case.get("case_type") is not None:
        facts["case_type"] = fields.text(case["case_type"], "case_type")
    found = route.decide(rules, table, facts)
    return {"action": found.action, "to": found.to, "path": found.path, "reason": found.reason}


ROUTE_TRUTHS = tuple(dict.fromkeys(name for names in route.TRUTHS.values() for name in names))
APPROVAL_TRUTHS = ("emergency", "applicant_confirmed", "undisputed", "payee_is_applicant")
APPROVAL = (*APPROVAL_TRUTHS, "document", "subject", "amount", "term_days", "role", "ground", "corrects")  # fmt: skip


def _approval(rules: Rules, case: Case) -> Result:
    facts: dict[str, approval.Fact] = {
        name: fields.truth(case[name], name)
        for name in APPROVAL_TRUTHS
        if case.get(name) is not None
    }
    for name, choice in (("subject", approval.SUBJECTS), ("role", approval.ROLES)):
        if case.get(name) is not None:
            facts[name] = fields.word(case[name], name, choice)
    if case.get("amount") is not None:
        facts["amount"] = fields.amount(case["amount"], "amount")
    if case.get("term_days") is not None:
        facts["term_days"] = fields.whole(case["term_days"], "term_days", least=-(10**6))
    if case.get("ground") is not None:
        facts["ground"] = fields.text(case["ground"], "ground")
    if case.get("corrects") is not None:
        facts["corrects"] = _document(case["corrects"])
    found = approval.chain(rules, _document(fields.need(case, "document")), facts)
    return {
        "chain": list(found.chain),
        "after": found.after,
        "kinds": list(found.kinds),
        "mark": found.mark,
    }


def _document(code: Any) -> str:
    if not isinstance(code, str):
        raise UnknownDocument(value=code)
    return code


ATTEMPT = (
    "channel", "signed_on", "refused_on", "left_on", "proof", "consent", "sent_on", "proved_on",
    "read_on", "acknowledged_on", "received_on", "returned_on", "reason", "no_fault", "posted_on",
    "abroad",
)  # fmt: skip


def _served(rules: Rules, case: Case) -> Result:
    document = case.get("document")
    found = served.compute(
        rules,
        fields.items(fields.need(case, "attempts"), "attempts", ATTEMPT),
        document=None if document is None else _document(document),
        mediation=fields.flag(case, "mediation"),
        final=fields.flag(case, "final"),
    )
    return {
        "served": found.served,
        "deemed_on": _day(found.deemed_on),
        "channel": found.channel,
        "runs_from": _day(found.runs_from),
        "tentative": found.tentative,
    }


#: Each kind with the fields it knows beside ``calc`` and ``id``.
KINDS: Mapping[str, tuple[tuple[str, ...], Callable[[Rules, Case], Result]]] = {
    "deadline": (
        ("rule", "length", "trigger", "pauses", "extensions", "occurrence", "filed", "final"),
        _deadline,
    ),
    "workday": (("from", "days", "final"), _workday),
    "calendar": (("year",), _calendar),
    "interest": (
        (
            "principal", "expiry", "until", "costs", "costs_in_base", "general", "year_days",
            "count_last_day", "doubled_rate", "excluded", "payments", "order",
        ),
        _interest,
    ),
    "fee": (("amount", "no_amount"), _fee),
    "distribution": (("price", "debtor", "claims", "costs", "fee", "living_costs"), _distribution),
    "route": (("table", "case_type", "funds", *ROUTE_TRUTHS), _route),
    "approval": (APPROVAL, _approval),
    "served": (("attempts", "document", "mediation", "final"), _served),
}  # fmt: skip
