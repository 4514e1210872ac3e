"""Every scenario is played three ways, and must go the same way each time."""

import pytest

from tests.process.spiff.player import Player


@pytest.fixture(params=["in memory", "saved", "saved and pruned"])
def play(request: pytest.FixtureRequest) -> Player:
    return Player(request.param)
