"""What a browser sends of a play, read strictly: it is played on a web process, so nothing is taken on trust."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import clock
from engine.errors import EngineError, NotStorable
from engine.process import values

#: Commands of one play.
MOST = 300
_DEEPEST = 40
_LONGEST_NAME = 200

Command = Mapping[str, Any]

#: What each command holds: the name and class of its entries; those with ``?`` may be left out.
_COMMANDS: Mapping[str, Mapping[str, type]] = {
    "complete": {"element": str, "number": int, "item": int, "data": dict},
    "error": {"element": str, "number": int, "item": int, "code": str},
    "wait": {"for": str},
    "next": {},
    "message": {"name": str, "data": dict},
    "signal": {"name": str, "data": dict},
    "facts": {"facts": dict},
}


class PlayRefused(EngineError):
    """试运行的记录不能读取，请重新开始"""

    code = "play_refused"


@dataclass(frozen=True)
class Play:
    """A whole play: how it begins and what was done since."""

    at: datetime
    start: Mapping[str, Any]
    facts: Mapping[str, Mapping[str, Any]]
    commands: tuple[Command, ...] = ()
    #: Every service task waits, not only those with something to decide.
    stops: bool = False


def read(given: Any) -> Play:
    """From JSON; ``PlayRefused`` for anything that is not exactly a play."""
    if not isinstance(given, dict) or given.keys() - {"at", "start", "facts", "commands", "stops"}:
        raise PlayRefused
    commands = given.get("commands", [])
    if not isinstance(commands, list):
        raise PlayRefused
    if len(commands) > MOST:
        raise PlayRefused(f"试运行最多 {MOST} 步，请重新开始")
    return Play(
        _moment(given.get("at")),
        mapping(given.get("start", {})),
        _facts(given.get("facts", {})),
        tuple(command(each) for each in commands),
        given.get("stops") is True,
    )


def command(given: Any) -> Command:
    wanted = _COMMANDS.get(given.get("do", "")) if isinstance(given, dict) else None
    if wanted is None or given.keys() != {"do", *wanted}:
        raise PlayRefused
    for name, kind in wanted.items():
        if type(given[name]) is not kind:
            raise PlayRefused
    return dict(_entries(given))


def _entries(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if name == "data":
            yield name, mapping(value)
        elif name == "facts":
            yield name, _facts(value)
        elif isinstance(value, str) and len(value) > _LONGEST_NAME:
            raise PlayRefused
        else:
            yield name, value


def _facts(given: Any) -> dict[str, Mapping[str, Any]]:
    found = mapping(given)
    if not all(isinstance(entries, dict) for entries in found.values()):
        raise PlayRefused
    return found


def _moment(given: Any) -> datetime:
    try:
        at = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise PlayRefused from None
    if at.tzinfo is None:
        raise PlayRefused
    return at.astimezone(clock.COURT_ZONE)


def mapping(given: Any) -> dict[str, Any]:
    """Names and values, of the classes that process data have."""
    if not isinstance(given, dict) or not _is_shallow(given, _DEEPEST):
        raise PlayRefused
    try:
        found: dict[str, Any] = values.from_json(given)
        values.to_json(found)
    except (NotStorable, ValueError, TypeError, ArithmeticError, AttributeError):
        raise PlayRefused from None
    if not isinstance(found, dict):
        raise PlayRefused
    return found


def _is_shallow(given: Any, left: int) -> bool:
    if not isinstance(given, dict | list):
        return True
    inner = given.values() if isinstance(given, dict) else given
    return left > 0 and all(_is_shallow(each, left - 1) for each in inner)


def as_json(play: Play) -> dict[str, Any]:
    """What ``read`` reads."""
    return {
        "at": play.at.isoformat(),
        "start": values.to_json(play.start),
        "facts": values.to_json(play.facts),
        "commands": [values.to_json(each) for each in play.commands],
        "stops": play.stops,
    }
