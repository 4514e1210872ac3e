"""What a phone says of place and time is read with limits; nonsense is no position, never an error."""

from datetime import timedelta

import pytest

from engine import clock
from engine.casefile.errand import whereabouts


def test_a_position_reads_as_people_write_it() -> None:
    sent = {"latitude": "31.23456749", "longitude": "-121.4737", "accuracy": "11.6"}
    assert str(whereabouts.position(sent)) == "北纬31.234567°，西经121.473700°，误差约12米"


@pytest.mark.parametrize("latitude", ["", "x", "nan", "Infinity", "90.1", "1e999"])
def test_nonsense_is_no_position(latitude: str) -> None:
    assert whereabouts.position({"latitude": latitude, "longitude": "121"}) is None


@pytest.mark.parametrize("accuracy", ["", "-1", "nan", "9999999"])
def test_a_position_stands_without_a_credible_accuracy(accuracy: str) -> None:
    found = whereabouts.position({"latitude": "31", "longitude": "121", "accuracy": accuracy})
    assert found is not None
    assert found.accuracy is None


@pytest.mark.parametrize(("sent", "seconds"), [("90", 90), ("", 0), ("-5", 0), ("nan", 0)])
def test_a_moment_is_counted_back_from_now(sent: str, seconds: int) -> None:
    at = whereabouts.happened_at({"seconds_ago": sent})
    waited = clock.now() - at
    assert timedelta(seconds=seconds) <= waited < timedelta(seconds=seconds + 2)


def test_nothing_waits_for_ever() -> None:
    at = whereabouts.happened_at({"seconds_ago": "1e12"})
    waited = clock.now() - at
    assert waited < timedelta(days=31)
