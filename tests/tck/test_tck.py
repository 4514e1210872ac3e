"""What we promise of the kit: all of level 2, and no less of level 3 than has been reached."""

import pytest

from tests.tck import FOLDER
from tests.tck.cases import cases
from tests.tck.judging import result_of, same
from tests.tck.rates import Rates

LEVEL_3 = 97.8
LEVEL_3_VALUES = 96.0


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no TCK beside the repository ({FOLDER.name})")
def test_the_compatibility_kit_passes_as_far_as_it_ever_did() -> None:
    rates = Rates()
    for case in cases(FOLDER):
        right = same(case.expected, result_of(case)[0])
        rates.count(case.level, right=right, has_value=case.expected is not None)
    assert rates.of_all("compliance-level-2") == 100
    assert rates.of_all("compliance-level-3") >= LEVEL_3
    assert rates.of_values("compliance-level-3") >= LEVEL_3_VALUES
