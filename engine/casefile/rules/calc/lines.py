"""``fenduan calc``: one JSON case in, the answer of the court's rules out (references/CALC_CONTRACT.md).

Reads the fields of each kind, calls the function that pages and timers call, and writes the answer down.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from engine.casefile.rules import fields
from engine.casefile.rules.faults import BadJson, DayOutOfReach, UnknownCalc
from engine.errors import EngineError

from . import days, decisions, sums
from .written import Case, Result

if TYPE_CHECKING:
    from engine.casefile.rules import Rules


def answer(rules: Rules, case: Any) -> dict[str, Any]:
    """The answer line of one case: ``ok`` with ``result``, or ``error`` with ``message``; ``id`` comes back."""
    known = {"id": case["id"]} if isinstance(case, dict) and "id" in case else {}
    try:
        return {**known, "ok": True, "result": _result(rules, case)}
    except OverflowError:
        return {**known, **_refusal(DayOutOfReach())}
    except EngineError as error:
        return {**known, **_refusal(error)}


def answer_lines(rules: Rules, lines: Iterable[str | bytes]) -> Iterator[str]:
    """One JSON answer for each line, in order, without line ends; a bad line, also one that is no UTF-8, stops nothing."""
    for line in lines:
        yield _written(answer_line(rules, line))


def answer_line(rules: Rules, line: str | bytes) -> dict[str, Any]:
    """The answer of a case written as JSON."""
    try:
        line = line.decode() if isinstance(line, bytes) else line
        case = json.loads(
            line.removeprefix("\ufeff"), parse_constant=_no_json, object_pairs_hook=_once
        )
    except (ValueError, RecursionError):
        return _refusal(BadJson())
    return answer(rules, case)


def _no_json(constant: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice would silently drop one of its values."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(pairs)
    return found


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


#: Each kind with the fields it knows beside ``calc`` and ``id``.
KINDS: Mapping[str, tuple[tuple[str, ...], Callable[[Rules, Case], Result]]] = {
    "deadline": (
        ("rule", "length", "trigger", "pauses", "extensions", "occurrence", "filed", "final"),
        days.deadline,
    ),
    "workday": (("from", "days", "final"), days.workday),
    "calendar": (("year",), days.calendar),
    "interest": (
        (
            "principal", "expiry", "until", "costs", "costs_in_base", "general", "year_days",
            "count_last_day", "doubled_rate", "excluded", "payments", "order",
        ),
        sums.interest_on,
    ),
    "fee": (("amount", "no_amount"), sums.fee_on),
    "distribution": (("price", "debtor", "claims", "costs", "fee", "living_costs"), sums.distributed),
    "route": (("table", "case_type", "funds", *decisions.ROUTE_TRUTHS), decisions.routed),
    "approval": (decisions.APPROVAL, decisions.approved),
    "served": (("attempts", "document", "mediation", "final"), days.served_on),
}  # fmt: skip
