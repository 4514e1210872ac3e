"""Routes and approval chains of a case: what the deployed tables decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.casefile.rules import approval, fields, route
from engine.casefile.rules.faults import UnknownDocument, UnknownTable

from .written import Case, Result

if TYPE_CHECKING:
    from engine.casefile.rules import Rules

ROUTE_TRUTHS = tuple(dict.fromkeys(name for names in route.TRUTHS.values() for name in names))
APPROVAL_TRUTHS = ("emergency", "applicant_confirmed", "undisputed", "payee_is_applicant")
APPROVAL = (*APPROVAL_TRUTHS, "document", "subject", "amount", "term_days", "role", "ground", "corrects")  # fmt: skip


def routed(rules: Rules, case: Case) -> Result:
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


def approved(rules: Rules, case: Case) -> Result:
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
