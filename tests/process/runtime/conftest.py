"""The runtime on a real PostgreSQL."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from engine.process import spiff
from tests.process.runtime.host import Host, Provider, provider


@pytest.fixture(params=["pruned", "not pruned"])
def host(
    database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Host]:
    """Everything is played twice; a process must not notice whether its finished branches are kept."""
    if request.param == "not pruned":
        monkeypatch.setattr(spiff.Instance.save, "__kwdefaults__", {"prune": False})
    provider.__init__()  # type: ignore[misc]
    host = Host(uuid4())
    yield host
    host.sound()


@pytest.fixture
def outside() -> Provider:
    return provider
