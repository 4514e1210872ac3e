"""代行职权的人员范围: nobody is eligible by omission, and nobody below a vice-president for the president."""

import pytest

from engine.casefile.rules import delivered
from engine.casefile.rules.faults import RulesInvalid

from .asking import changed

FILE = "rules/substitutes.toml"


def test_the_president_is_replaced_by_vice_presidents_alone():
    assert set(delivered().substitutes["president"].roles) == {"president", "vice_president"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[president]", "[presidents]", "presidents"),
        ('roles = ["president", "vice_president"]', "roles = []", "缺少“roles”"),
        ('roles = ["president", "vice_president"]', 'role = ["president"]', "role"),
    ],
)
def test_an_office_without_its_roles_is_refused(old, new, told):
    with pytest.raises(RulesInvalid) as error:
        changed(FILE, old, new)
    assert told in str(error.value)
