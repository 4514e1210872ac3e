"""R3: a member of the panel who also holds a later level's office."""

import pytest

from engine import db
from engine.casefile.approval import approval_chains, approvals, panels
from engine.casefile.approval.panels import Panel
from engine.casefile.case import cases
from engine.casefile.design import shared_files
from engine.casefile.document import documents
from engine.casefile.rules import delivered
from engine.casefile.rules.deployed import DELIVERED
from tests.casefile.test_approvals import decide, draft, planned, submit, task_of, vote

FILE = "rules/same_person.toml"


def detention(court, member):
    """A drafted detention, and a panel of the handler, this person and 方知行."""
    case_id, document_id = draft(court, term_days=10)
    shen, other, fang = (court.user(login) for login in ("shen", member, "fang"))

    def compose(session):
        case = cases.get(session, case_id)
        panels.compose(session, case, Panel([shen, other, fang], shen), by=None, reason="试")

    db.in_transaction(compose)
    return document_id


def ruled(court, old, new):
    text = (DELIVERED / FILE).read_text("utf-8")
    assert old in text
    db.in_transaction(
        shared_files.deploy, court.id, FILE, text.replace(old, new), author="试", reason="试"
    )


def test_as_delivered_the_director_votes_and_reviews_as_two_acts(court):
    document_id = detention(court, "luo")
    assert [level.code for level in planned(court, document_id).levels] == ["P", "B", "V", "PR"]
    submit(court, document_id)
    for member in ("shen", "luo", "fang"):
        vote(court, member)
    decide(court, "luo", "approve")
    assert task_of(court, "qin") is not None


def test_where_the_court_says_so_his_vote_contains_the_review_and_the_record_says_it(court):
    ruled(court, 'review = "separate"', 'review = "merge"')
    document_id = detention(court, "luo")
    found = planned(court, document_id)
    assert [level.code for level in found.levels] == ["P", "V", "PR"]
    assert found.levels[0].merged == (("执行局局长", "罗正平"),)
    approval_id = submit(court, document_id)
    stored = db.read_only(approvals.get, approval_id).chain
    assert stored[0]["merged"] == [["执行局局长", "罗正平"]]
    for member in ("shen", "luo", "fang"):
        vote(court, member)
    assert task_of(court, "luo") is None and task_of(court, "qin") is not None


def test_what_a_statute_gives_the_president_is_his_separate_act(court):
    document_id = detention(court, "shao")
    submit(court, document_id)
    for member in ("shen", "shao", "fang"):
        vote(court, member)
    for leader in ("luo", "qin", "shao"):
        decide(court, leader, "approve")
    assert db.read_only(documents.get, document_id).state == "approved"


def test_any_other_approval_is_not_a_members_and_without_a_substitute_it_is_refused(court):
    assert delivered().same_person.by_statute == {"president"}
    ruled(court, 'by_statute = ["president"]', "by_statute = []")
    document_id = detention(court, "shao")
    with pytest.raises(approval_chains.OfficeVacant, match="院长"):
        submit(court, document_id)
