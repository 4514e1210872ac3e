"""The door to FEEL: every expression of a diagram goes through here, on stored values, and gives stored values."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from engine import feel
from engine.process import values

#: What the host knows and the process data do not: name -> its entries, asked for when an expression needs them.
Facts = Mapping[str, Callable[[], Mapping[str, Any]]]


class Seen(Mapping[str, Any]):
    """The names of one expression as FEEL sees them; notes in ``read`` what was really asked for.

    Process data hide facts of the same name.
    """

    def __init__(
        self,
        expression: feel.Expression | None,
        data: Mapping[str, Any],
        facts: Facts,
        read: dict[str, Any],
    ) -> None:
        #: None: a decision's, which asks for whatever it needs.
        self._names = None if expression is None else expression.names
        self._data = data
        self._facts = facts
        self._read = read

    def __getitem__(self, name: str) -> Any:
        if name in self._data:
            self._read[name] = self._data[name]
            return values.from_json(self._data[name])
        return _Fact(name, self._facts[name](), self._read)

    def __iter__(self) -> Iterator[str]:
        known = [*self._data, *(name for name in self._facts if name not in self._data)]
        return iter(known if self._names is None else [n for n in known if n in self._names])

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Fact(Mapping[str, Any]):
    """One of the host's facts; FEEL asks for its entries one by one."""

    def __init__(self, name: str, entries: Mapping[str, Any], read: dict[str, Any]) -> None:
        self._name = name
        self._entries = entries
        self._read = read

    def __getitem__(self, key: str) -> Any:
        value = self._entries[key]
        self._read[f"{self._name}.{key}"] = stored(value)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def fault(text: str) -> str | None:
    """Why this text is no FEEL expression; None if it is one."""
    try:
        feel.compile(text)
    except feel.FeelError as error:
        return f"第{error.line}行第{error.column}列，{error.reason}"
    return None


def evaluate(
    text: str, data: Mapping[str, Any], facts: Facts, read: dict[str, Any]
) -> tuple[Any, tuple[str, ...]]:
    """The value as the store keeps it (``values``), and what was odd on the way."""
    expression = feel.compile(text)
    found = expression.run(Seen(expression, data, facts, read))
    return stored(found.value), found.warnings


def stored(value: Any) -> Any:
    """A FEEL value as JSON; unlike a page's or a provider's, its local times are meant as such."""
    if isinstance(value, Mapping):
        return {key: stored(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [stored(inner) for inner in value]
    if isinstance(value, datetime) and value.tzinfo is None:
        return {"$datetime": value.isoformat()}
    return values.to_json(value)
