"""The door to FEEL: every expression of a diagram goes through here, on stored values, and gives stored values."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.process import values
from engine.process.spiff import _feelpy


def fault(text: str) -> str | None:
    """Why this text is no FEEL expression; None if it is one."""
    try:
        _feelpy.Expression(text)
    except (_feelpy.FeelSyntaxError, _feelpy.FeelLimitError, ValueError) as error:
        return str(error)
    return None


def evaluate(text: str, context: Mapping[str, Any]) -> Any:
    """The value as the store keeps it (``values``): exact decimals, typed dates."""
    seen = {name: values.from_json(value) for name, value in context.items()}
    return _stored(_feelpy.evaluate(text, seen))


def _stored(value: Any) -> Any:  # noqa: PLR0911
    if isinstance(value, Decimal):
        return values.to_json(value)
    if isinstance(value, dict):
        return {key: _stored(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_stored(inner) for inner in value]
    if isinstance(value, datetime) and value.tzinfo is not None:
        return values.to_json(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return values.to_json(value)
    if isinstance(value, datetime | time | timedelta | _feelpy.YM):
        return _feelpy.to_string(value)
    return value
