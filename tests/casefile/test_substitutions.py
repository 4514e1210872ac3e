"""代行职权: who may be entered, who then decides and in whose place, and what happens to a level that loses its person."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from engine import audit, clock, db
from engine.casefile.approval import (
    approval_chains,
    approval_desk,
    approval_records,
    approval_take_backs,
    approvals,
    office_watch,
    substitution_entries,
    substitutions,
)
from engine.casefile.approval.substitution_entries import Entry, EntryRefused
from engine.casefile.case import cases
from engine.casefile.document import documents
from engine.casefile.oversight import reassignments
from engine.casefile.people import access, users
from engine.errors import TaskClosed
from engine.process import tasks
from tests.casefile.court import PASSWORD
from tests.casefile.test_approvals import decide, draft, planned, submit, task_of, vote
from tests.durability import acts
from tests.process.runtime.host import at_once

TODAY = 0


def entry(court, office, replaced, substitute, *, start=TODAY, end=6, codes=()):
    day = clock.today()
    return Entry(
        office,
        court.user(replaced).id,
        court.user(substitute).id,
        day + timedelta(days=start),
        day + timedelta(days=end),
        codes,
        "苏0199委〔2026〕7号",
    )


def enter(court, *args, by="shao", **more):
    return db.in_transaction(
        substitution_entries.enter, court.user(by), entry(court, *args, **more)
    )


def problems(court, *args, **more):
    with pytest.raises(EntryRefused) as refused:
        enter(court, *args, **more)
    return refused.value.problems


def another(court, login, name, role):
    db.in_transaction(
        users.add, court.id, login=login, name=name, title="领导", password=PASSWORD, roles=[role]
    )
    court.people[login] = db.read_only(users.by_login, court.id, login)


def refresh_all(court):
    office_watch.sweep()
    court.work()


def test_the_substitute_of_the_president_decides_and_the_record_says_for_whom(court):
    row_id = enter(court, "president", "shao", "qin")
    _, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    found = db.read_only(approvals.get, approval_id)
    assert found.chain[1]["persons"][0]["acting_for"] == {
        "id": str(court.user("shao").id), "name": "邵启明", "office": "院长", "authority": "苏0199委〔2026〕7号",
    }  # fmt: skip
    decide(court, "luo", "approve")
    decide(court, "qin", "approve")
    assert db.read_only(documents.get, document_id).state == "approved"
    *_, last = db.read_only(approval_records.made, approval_id)
    assert (last.user_id, last.acting_for, last.substitution_id) == (
        court.user("qin").id, court.user("shao").id, row_id,
    )  # fmt: skip


def test_nobody_below_a_vice_president_acts_for_the_president(court):
    assert "罗正平" in problems(court, "president", "shao", "luo")["substitute"]


def test_what_a_row_must_say(court):
    typed = Entry("president", None, court.user("shao").id, None, None, ["D999"], " ")
    with pytest.raises(EntryRefused) as refused:
        db.in_transaction(substitution_entries.enter, court.user("shao"), typed)
    assert set(refused.value.problems) == {
        "replaced", "authority", "documents", "starts_on", "ends_on",
    }  # fmt: skip
    assert "不能补登" in problems(court, "president", "shao", "qin", start=-9, end=-1)["ends_on"]
    assert "早于" in problems(court, "president", "shao", "qin", start=3, end=2)["ends_on"]
    assert "不是院长" in problems(court, "president", "luo", "qin")["replaced"]


def test_only_the_president_and_the_command_centre_keep_the_register(court):
    with pytest.raises(access.Forbidden, match="指挥中心"):
        enter(court, "president", "shao", "qin", by="luo")


def test_no_chains_no_mutual_pairs_and_no_two_substitutes_for_the_same_documents(court):
    another(court, "yu", "于副院长", "vice_president")
    enter(court, "president", "shao", "qin", codes=["D043"])
    assert "不能互相代行" in problems(court, "vice_president", "qin", "shao")["substitute"]
    assert "不能有两名" in problems(court, "president", "shao", "yu")["replaced"]
    assert "请先撤销" in problems(court, "vice_president", "qin", "yu")["replaced"]
    enter(court, "president", "shao", "yu", codes=["D065"])
    enter(court, "vice_president", "qin", "yu", start=7, end=9)
    assert "不能再代行" in problems(court, "president", "shao", "qin", start=8, end=9)["substitute"]


def test_the_row_counts_from_its_first_to_its_last_court_day_and_for_its_documents_alone(court):
    enter(court, "president", "shao", "qin", start=1, end=2, codes=["D043"])
    _, document_id = draft(court, "D043", "搜查令")
    names = []
    for _ in range(4):
        names.append(planned(court, document_id).levels[-1].persons[0].name)
        clock.move(timedelta(days=1))
    assert names == ["邵启明", "秦书仪", "秦书仪", "邵启明"]
    assert [a.user.name for a in db.read_only(substitutions.acting, court.id, "president", "D065")] == [
        "邵启明"
    ]  # fmt: skip


def test_a_substitute_who_drafted_the_document_leaves_the_office_vacant(court):
    enter(court, "president", "shao", "qin")
    case_id, document_id = draft(court, "D043", "搜查令")
    db.in_transaction(
        lambda s: access.recuse(s, cases.get(s, case_id), court.user("qin").id, "回避")
    )
    with pytest.raises(approval_chains.OfficeVacant, match="院长"):
        submit(court, document_id)


def test_a_substitution_that_begins_moves_the_open_task_with_a_coded_reason(court):
    case_id, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    decide(court, "luo", "approve")
    task_id = task_of(court, "shao")
    enter(court, "president", "shao", "qin")
    with pytest.raises(approval_chains.NotLawful, match="秦书仪"):
        db.in_transaction(approvals.decide, court.user("shao"), task_id, "approve")
    refresh_all(court)
    assert task_of(court, "shao") is None
    assert acts.rows("SELECT state, reason FROM user_task WHERE id = :t", t=task_id) == [
        {"state": "withdrawn", "reason": "reassigned"}
    ]
    noted = acts.rows(
        "SELECT detail::json->>'new' AS new FROM audit_entry WHERE chain_id = :c"
        " AND action = 'approver_changed'",
        c=case_id,
    )
    assert noted == [{"new": "秦书仪"}]
    decide(court, "qin", "approve")
    assert db.read_only(approvals.get, approval_id).state == "approved"


def test_a_revoked_substitute_may_not_act_any_more_and_the_row_stays(court):
    row_id = enter(court, "president", "shao", "qin")
    _, document_id = draft(court, "D043", "搜查令")
    submit(court, document_id)
    decide(court, "luo", "approve")
    with pytest.raises(substitution_entries.RevocationReasonMissing):
        db.in_transaction(substitution_entries.revoke, court.user("shao"), row_id, " ")
    db.in_transaction(substitution_entries.revoke, court.user("shao"), row_id, "提前返院")
    with pytest.raises(approval_chains.NotLawful, match="邵启明"):
        decide(court, "qin", "approve")
    refresh_all(court)
    decide(court, "shao", "approve")
    [row] = db.read_only(substitutions.of_court, court.id)
    assert (row.state, row.revoked_reason, row.revoked_by) == ("revoked", "提前返院", "邵启明")
    with pytest.raises(substitution_entries.AlreadyOver):
        db.in_transaction(substitution_entries.revoke, court.user("shao"), row_id, "再次")
    assert db.read_only(audit.verify, court.id) is None


def test_recusal_without_a_substitute_is_an_incident_that_names_the_office(court):
    case_id, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    task_id = task_of(court, "luo")
    db.in_transaction(
        lambda s: access.recuse(s, cases.get(s, case_id), court.user("luo").id, "回避")
    )
    court.work()
    [row] = acts.rows("SELECT message FROM incident WHERE closed_at IS NULL")
    assert "执行局局长" in row["message"]
    assert acts.rows("SELECT reason FROM user_task WHERE id = :t", t=task_id) == [
        {"reason": "recused"}
    ]
    with pytest.raises(TaskClosed, match="回避"):
        approvals.must_be_open(db.read_only(approvals.get, approval_id))


def test_a_substitution_that_ends_gives_the_open_task_back_to_the_holder(court):
    enter(court, "president", "shao", "qin", end=1)
    _, document_id = draft(court, "D043", "搜查令")
    submit(court, document_id)
    decide(court, "luo", "approve")
    assert office_watch.sweep() == 0
    clock.move(timedelta(days=2))
    refresh_all(court)
    assert task_of(court, "qin") is None
    decide(court, "shao", "approve")


def test_whoever_is_next_is_asked_anew_when_his_level_opens(court):
    _, document_id = draft(court, "D043", "搜查令")
    submit(court, document_id)
    enter(court, "president", "shao", "qin")
    decide(court, "luo", "approve")
    assert task_of(court, "shao") is None
    assert task_of(court, "qin") is not None


def test_two_rows_entered_at_once_see_each_other(court):
    another(court, "yu", "于副院长", "vice_president")
    results = at_once(
        *(lambda who=who: enter(court, "president", "shao", who) for who in ("qin", "yu"))
    )
    assert sorted(isinstance(r, EntryRefused) for r in results) == [False, True]


def test_an_approval_task_is_given_only_to_who_lawfully_holds_the_office(court):
    another(court, "yu", "于副院长", "vice_president")
    another(court, "gao", "高院长", "president")
    _, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    decide(court, "luo", "approve")
    task = db.read_only(tasks.get, task_of(court, "shao"))
    offered = db.read_only(reassignments.candidates, court.user("luo"), task)
    assert [u.name for u in offered] == ["高院长"]

    def give(login):
        db.in_transaction(
            reassignments.reassign, court.user("luo"), task.id, court.user(login).id, "院长出差",
            seen_holder=court.user("shao").id,
        )  # fmt: skip

    with pytest.raises(reassignments.NotOfTheTeam):
        give("yu")
    give("gao")
    assert office_watch.sweep() == 0
    decide(court, "gao", "approve")
    found = db.read_only(approvals.get, approval_id)
    assert (found.state, found.chain[1]["persons"][0]["name"]) == ("approved", "高院长")


def older_diagram(document_id):
    """A process that was started with a diagram in which a level cannot open anew listens to no such message."""

    def deafen(session):
        instance_id = documents.get(session, document_id).instance_id
        session.execute(
            text("DELETE FROM subscription WHERE instance_id = :i AND name = 'level_reopened'"),
            {"i": instance_id},
        )

    db.in_transaction(deafen)


def test_in_a_process_with_an_older_diagram_the_task_itself_goes_to_the_substitute(court):
    _, document_id = draft(court, "D043", "搜查令")
    approval_id = submit(court, document_id)
    decide(court, "luo", "approve")
    older_diagram(document_id)
    found = db.read_only(approvals.get, approval_id)
    assert "较早版本" in db.read_only(approval_take_backs.offered, court.user("luo"), found)
    enter(court, "president", "shao", "qin")
    assert office_watch.sweep() == 1
    assert task_of(court, "shao") is None
    decide(court, "qin", "approve")
    assert db.read_only(approvals.get, approval_id).state == "approved"


def test_a_recused_member_of_the_panel_is_replaced_and_the_vote_starts_anew(court):
    case_id, document_id = draft(court, term_days=10)
    approval_id = submit(court, document_id)
    vote(court, "lu")
    db.in_transaction(
        users.add, court.id, login="wei", name="魏书仪", title="法官", password=PASSWORD,
        roles=["panel_member"], team="asset_control",
    )  # fmt: skip
    court.people["wei"] = db.read_only(users.by_login, court.id, "wei")
    db.in_transaction(
        lambda s: access.recuse(s, cases.get(s, case_id), court.user("fang").id, "回避")
    )
    court.work()
    found = db.read_only(approvals.get, approval_id)
    assert (found.round, {p["name"] for p in found.chain[0]["persons"]}) == (
        2, {"沈若川", "陆怀瑾", "魏书仪"},
    )  # fmt: skip
    for member in ("shen", "lu", "wei"):
        vote(court, member)
    assert task_of(court, "luo") is not None
    db.read_only(approval_desk.minutes, court.user("shen"), approval_id)
