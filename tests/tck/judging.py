"""Whether a result is the expected one, by the rules of the kit's own runners."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine import feel
from engine.errors import EngineError
from engine.feel.values import KIND_NAMES, FarDate
from tests.tck.cases import Case, Temporal, model_of

_TOLERANCE = Decimal("1e-8")
_TEMPORAL = (date, FarDate, time, datetime, timedelta, feel.YearsMonths)
_FRACTION = re.compile(r"(\d\d:\d\d:\d\d)\.(\d*?)0*(?=$|[Z+@-])")
_UTC = re.compile(r"(Z|\+00:00|-00:00|@Etc/UTC|@UTC)$")
_DURATION = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?"
)


def result_of(case: Case) -> tuple[Any, str]:
    """The engine's answer and its error; an error counts as null, as in the kit's runners."""
    try:
        answer = model_of(case.model).decide(case.asked, case.inputs)
    except EngineError as error:
        return None, str(error)
    if isinstance(answer, Mapping) and not isinstance(case.expected, dict):
        answer = answer.get(case.name.split(" ", 1)[1], answer)
    return answer, ""


def same(expected: Any, answer: Any) -> bool:
    if expected is None or answer is None:
        return expected is answer
    if isinstance(expected, bool) or isinstance(answer, bool):
        return expected is answer
    if isinstance(expected, list):
        return (
            isinstance(answer, list)
            and len(expected) == len(answer)
            and all(map(same, expected, answer))
        )
    if isinstance(expected, dict):
        return _same_context(expected, answer)
    return _same_scalar(expected, answer)


def _same_context(expected: dict[str, Any], answer: Any) -> bool:
    if not isinstance(answer, Mapping) or expected.keys() != answer.keys():
        return False
    return all(same(value, answer[key]) for key, value in expected.items())


def _same_scalar(expected: Any, answer: Any) -> bool:
    if isinstance(expected, Decimal):
        return isinstance(answer, Decimal) and abs(expected - answer) <= _TOLERANCE
    if isinstance(expected, Temporal):
        if not isinstance(answer, _TEMPORAL):
            return False
        return _normal(expected) == _normal(
            Temporal(KIND_NAMES[type(answer)], feel.to_text(answer))
        )
    return type(answer) is str and expected == answer


def _normal(value: Temporal) -> tuple[str, Any]:
    """Without superfluous zeros and with one spelling of UTC."""
    if "duration" not in value.kind:
        text = _FRACTION.sub(lambda m: m[1] + ("." + m[2] if m[2] else ""), value.text)
        return value.kind, _UTC.sub("Z", text)
    found = _DURATION.fullmatch(value.text)
    if not found:
        return value.kind, value.text
    y, months, d, h, m, s = (Decimal(part or 0) for part in found.groups()[1:])
    total = y * 12 + months if "months" in value.kind else d * 86400 + h * 3600 + m * 60 + s
    return value.kind, -total if found[1] else total
