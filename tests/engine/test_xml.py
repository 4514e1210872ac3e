"""XML has one door, for reading and for what is written into it."""

import pytest

from engine import xml


@pytest.mark.parametrize("value", ["", "陈志强", "a<b & \"c\" 'd'>", '"/><x y="'])
def test_a_value_written_as_an_attribute_is_read_back_as_it_was(value: str) -> None:
    root = xml.read(f"<a name={xml.attribute(value)}/>")
    assert (root.get("name"), len(root.attrib), len(root)) == (value, 1, 0)
