import pytest

from tests.casefile.court import Court, make


@pytest.fixture
def court(database: str) -> Court:
    return make()
