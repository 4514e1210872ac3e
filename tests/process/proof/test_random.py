"""Random processes, played in one go, saved at each step, saved and pruned at each step, against the model of the standard."""

from collections import Counter
from random import Random

import pytest

from tests.process.proof.drawing import random_process
from tests.process.proof.playing import play

#: Another run may look elsewhere: every seed is one process and what people do with it.
CHUNK = 50


def proved(seeds: range) -> Counter[str]:
    """What happened in these processes, counted; a difference names its seed."""
    total: Counter[str] = Counter()
    for seed in seeds:
        try:
            total += play(random_process(seed), Random(seed))
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}\n{error}") from error
    print(f"seeds {seeds.start} to {seeds.stop - 1}: {dict(total)}")
    return total


@pytest.mark.parametrize("first", range(0, 300, CHUNK))
def test_random_processes_go_as_the_standard_says(first):
    total = proved(range(first, first + CHUNK))
    assert total["complete"] > CHUNK and total["ended"] > CHUNK // 4
    assert total["too many orders"] < CHUNK // 10


@pytest.mark.soak
@pytest.mark.parametrize("first", range(1000, 11000, 500))
def test_ten_thousand_random_processes_go_as_the_standard_says(first):
    assert proved(range(first, first + 500))["too many orders"] < 50


def test_the_same_seed_is_the_same_process():
    assert random_process(7) == random_process(7) != random_process(8)
