"""The page on what is supported is what the examples show today."""

from tests.conformance.__main__ import main
from tests.conformance.page import PAGE, written


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == written(), "python -m tests.conformance --write"


def test_nothing_is_silently_wrong_and_nothing_crashes(capsys):
    assert main([]) == 0
    told = capsys.readouterr().out
    assert "silently wrong        0" in told and "crashed               0" in told
