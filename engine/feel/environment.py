"""Where a running expression finds its names: scopes in scopes, the host's context outermost."""

from collections.abc import Mapping
from typing import Any

from engine.feel.limits import Run
from engine.feel.values import from_python


class Environment(dict[str, Any]):
    """A scope; what it does not hold is asked of the one around it."""

    __slots__ = ("outer", "run")

    def __init__(self, outer: Mapping[str, Any], run: Run) -> None:
        super().__init__()
        self.outer = outer
        self.run = run

    def __missing__(self, name: str) -> Any:
        return self.outer[name]


class Outermost(Environment):
    """Reads the host's context one name at a time, when it is asked for, and keeps what it read."""

    __slots__ = ()

    def __missing__(self, name: str) -> Any:
        value = self[name] = from_python(self.outer[name])
        return value
