"""Interest, fees and distributions of a case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.casefile.rules import distribution, fee, fields, interest, money
from engine.casefile.rules.faults import BadOrder, BadYearDays, OneRateOnly, TwoAnswers
from engine.casefile.rules.labels import choices
from engine.casefile.rules.labels import field as field_name

from .written import Case, Result, day, yuan

if TYPE_CHECKING:
    from engine.casefile.rules import Rules

RATE = ("from", "to", "annual_rate", "daily_rate")
CLAIM = ("id", "amount", "class", "doubled", "rank", "seized_on", "seizure_seq")


def interest_on(rules: Rules, case: Case) -> Result:
    account = interest.compute(rules, _debt(case))
    return {
        "interest": yuan(account.accrued("interest")),
        "doubled": yuan(account.accrued("doubled")),
        "segments": [
            {
                "kind": segment.kind,
                "from": day(segment.first),
                "to": day(segment.last),
                "days": segment.days,
                "base": yuan(segment.base),
                "amount": yuan(segment.amount),
            }
            for segment in account.segments
        ],
        "paid": {part: yuan(account.paid[part]) for part in interest.PARTS},
        "surplus": yuan(account.surplus),
        "due": {
            **{part: yuan(account.open[part]) for part in interest.PARTS},
            "total": yuan(account.total),
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


def fee_on(rules: Rules, case: Case) -> Result:
    if fields.flag(case, "no_amount"):
        if case.get("amount") is not None:
            raise TwoAnswers(field=field_name("amount"), other=field_name("no_amount"))
        least, most = fee.without_amount(rules)
        return {"min": yuan(least), "max": yuan(most)}
    return {"fee": yuan(fee.of_amount(rules, fields.amount(fields.need(case, "amount"), "amount")))}


def distributed(rules: Rules, case: Case) -> Result:
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
        "costs": yuan(found.costs),
        "fee": yuan(found.fee),
        "living_costs": yuan(found.living_costs),
        "distributable": yuan(found.distributable),
        "shares": [
            {
                "id": share.claim.id,
                "paid": yuan(share.paid),
                "paid_doubled": yuan(share.paid_doubled),
                "short": yuan(share.short),
                "short_doubled": yuan(share.short_doubled),
            }
            for share in found.shares
        ],
        "surplus": yuan(found.surplus),
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


def _amount(case: Case, name: str) -> Decimal:
    value = case.get(name)
    return money.ZERO if value is None else fields.amount(value, name)
