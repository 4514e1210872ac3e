"""同一人两次: only what the file names, and nothing by omission."""

import pytest

from engine.casefile.rules.faults import RulesInvalid

from .asking import changed


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('review = "separate"', 'review = "skip"', "separate或者merge"),
        ('approve = "substitute"\n', "", "approve"),
        ('["president"]', '["judge"]', "judge"),
        ("by_statute = [", "statute = [", "statute"),
    ],
)
def test_what_it_does_not_know_is_refused(old, new, told):
    with pytest.raises(RulesInvalid) as error:
        changed("rules/same_person.toml", old, new)
    assert told in str(error.value)
