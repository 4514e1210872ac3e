"""The runtime on a real PostgreSQL."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from engine.process import assignments, definitions, facts, spiff, starts, steps
from tests.process.runtime.host import Host, Provider, provider


def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runtime without what a court has hung on it."""
    monkeypatch.setattr(assignments, "_assigns", [assignments._as_drawn])
    monkeypatch.setattr(definitions, "_hooks", [starts.listen])
    monkeypatch.setattr(facts, "_registry", facts._Registry())
    monkeypatch.setattr(steps, "_lock_first", [])
    monkeypatch.setattr(steps, "_statements", {})


@pytest.fixture(params=["pruned", "not pruned"])
def host(
    database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Host]:
    """Everything is played twice; a process must not notice whether its finished branches are kept."""
    if request.param == "not pruned":
        monkeypatch.setattr(spiff.Instance.save, "__kwdefaults__", {"prune": False})
    _alone(monkeypatch)
    provider.__init__()  # type: ignore[misc]
    host = Host(uuid4())
    yield host
    host.sound()


@pytest.fixture
def outside() -> Provider:
    return provider
