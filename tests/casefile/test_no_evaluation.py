"""No text is run as Python: every delivered process is played with ``eval`` and ``exec`` taken away."""

import builtins
from datetime import timedelta

import pytest

from engine import clock, db
from engine.casefile.document import batches, documents
from engine.casefile.party import parties


class Evaluated(AssertionError):
    pass


def _refuse(*_args, **_kwargs):
    raise Evaluated


@pytest.fixture
def nothing_evaluates(court, post_office, monkeypatch):
    # Played once before, because what is imported on the way is run by exec, as imports are.
    _play(court)
    post_office.mails.clear()
    monkeypatch.setattr(builtins, "eval", _refuse)
    monkeypatch.setattr(builtins, "exec", _refuse)
    return court


def test_the_control_notices_an_evaluation(nothing_evaluates):
    with pytest.raises(Evaluated):
        eval("1")


def test_a_case_runs_from_acceptance_to_delivery_without_eval_and_exec(
    nothing_evaluates, post_office
):
    assert _play(nothing_evaluates) == {"signed"}
    assert post_office.mails


def _play(court):
    """States of the notices of a new case after one click and four days."""
    case_id = court.accept()
    everybody = [p.id for p in db.read_only(parties.of_case, case_id)]
    drafted = db.read_only(documents.of_case, case_id)
    picks = {d.id: everybody for d in drafted}
    db.in_transaction(
        batches.request, court.user("shen"), case_id, "sign_and_deliver", picks, str(case_id)
    )
    court.work()
    clock.move(timedelta(days=4))
    court.work()
    return {d.state for d in db.read_only(documents.of_case, case_id)}
