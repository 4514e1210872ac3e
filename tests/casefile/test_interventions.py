"""What operators do: each act in one transaction with its note in the audit, and the second one told who was first."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from engine import audit, clock, db
from engine.casefile.intake.acceptance import PIPELINE
from engine.casefile.oversight import interventions, reassignments, supervision
from engine.casefile.oversight.interventions import (
    AlreadyCancelled,
    AlreadyResumed,
    AlreadyRetried,
    AlreadySuspended,
    MainProcessStays,
    NoteMissing,
    NoteTooLong,
    SuspendedNow,
)
from engine.casefile.oversight.reassignments import AlreadyReassigned, NotOfTheTeam, WasRecused
from engine.casefile.oversight.supervision import Filters
from engine.casefile.people import access, users
from engine.errors import NotFound
from engine.process import definitions, instances, tasks
from tests.casefile.court import Court
from tests.process.runtime.host import at_once
from tests.webui.pages.bank import (
    bank,
    broken_freeze,
    deploy,
    do,
    give_right,
    incident_of,
    open_freeze,
)

NOTE = "对方系统已恢复，重试"


@pytest.fixture(autouse=True)
def _bank(court: Court):
    bank.__init__()  # type: ignore[misc]
    deploy(court)


def state(instance_id: UUID) -> str:
    return db.read_only(instances.get, instance_id).state


def notes(case_id: UUID) -> list[tuple[str, str, dict]]:
    def read(session):
        rows = session.execute(
            text(
                "SELECT action, actor, detail FROM audit_entry WHERE chain_id = :id ORDER BY number"
            ),
            {"id": case_id},
        )
        return [tuple(row) for row in rows]

    import json

    return [(action, actor, json.loads(detail)) for action, actor, detail in db.read_only(read)]


def sound(case_id: UUID, instance_id: UUID) -> None:
    assert db.read_only(audit.verify, case_id) is None
    assert db.read_only(instances.verify_audit, instance_id) is None


def case_of(instance_id: UUID) -> UUID:
    found = db.read_only(instances.get, instance_id).case_id
    assert found is not None
    return found


# ---------------------------------------------------------------- incidents


def test_a_retry_calls_the_bank_again_and_its_note_stands_in_the_audit(court: Court) -> None:
    instance_id = broken_freeze(court)
    bank.away = False
    luo = court.user("luo")
    done = db.in_transaction(interventions.retry, luo, incident_of(instance_id), NOTE)
    assert done.failed_again == ""
    court.work()
    assert bank.calls == 2 and state(instance_id) == "running"
    action, actor, detail = notes(case_of(instance_id))[-1]
    assert (action, actor) == ("process_incident_retried", "罗正平")
    assert detail["note"] == NOTE and detail["element"] == "send"
    [retried] = [d for a, _, d in notes(instance_id) if a == "incident_retried"]
    assert retried == {"element": "send", "reason": NOTE}
    sound(case_of(instance_id), instance_id)


def test_of_two_who_retry_one_wins_and_the_other_reads_who(court: Court) -> None:
    instance_id = broken_freeze(court)
    give_right(court, "shao", "operator")
    incident = incident_of(instance_id)
    results = at_once(
        *(
            lambda who=who: db.in_transaction(interventions.retry, court.user(who), incident, NOTE)
            for who in ("luo", "shao")
        )
    )
    refused = [r for r in results if isinstance(r, Exception)]
    assert len(refused) == 1 and isinstance(refused[0], AlreadyRetried)
    winner = "罗正平" if isinstance(results[1], Exception) else "邵启明"
    assert re.search(rf"{winner}，\d\d-\d\d \d\d:\d\d", str(refused[0]))
    assert [a for a, _, _ in notes(case_of(instance_id))].count("process_incident_retried") == 1


def test_nothing_is_done_without_a_note(court: Court) -> None:
    instance_id = broken_freeze(court)
    luo, incident = court.user("luo"), incident_of(instance_id)
    with pytest.raises(NoteMissing):
        db.in_transaction(interventions.retry, luo, incident, "  ")
    with pytest.raises(NoteTooLong):
        db.in_transaction(interventions.suspend, luo, instance_id, "重" * 501)
    with pytest.raises(NoteMissing):
        db.in_transaction(interventions.cancel, luo, instance_id, "")
    assert state(instance_id) == "running" and incident_of(instance_id) == incident


def test_acting_needs_the_right_and_seeing_is_not_enough(court: Court) -> None:
    instance_id = broken_freeze(court)
    shao = court.user("shao")
    db.read_only(supervision.must_see, shao, instance_id)
    for act, id_ in (
        (interventions.retry, incident_of(instance_id)),
        (interventions.suspend, instance_id),
        (interventions.cancel, instance_id),
    ):
        with pytest.raises(access.Forbidden):
            db.in_transaction(act, shao, id_, NOTE)


def test_a_changed_variable_is_kept_with_old_and_new_and_decides_anew(court: Court) -> None:
    case_id = court.accept("shen")
    instance_id = open_freeze(court, case_id, court.user("shen"), 金额=None)
    do(instance_id, court.user("shen"))
    assert state(instance_id) == "incident"
    db.in_transaction(
        interventions.set_variables_and_retry,
        court.user("luo"),
        incident_of(instance_id),
        {"金额": 6_000_000},
        "已核对案卷，更正数据后重试",
    )
    [task] = db.read_only(tasks.open_of, instance_id=instance_id)
    assert task.element == "approve" and state(instance_id) == "running"
    assert notes(case_id)[-1][2]["variables"] == ["金额"]
    [changed] = [d for a, _, d in notes(instance_id) if a == "variables_set"]
    assert changed["changes"] == {"金额": {"old": None, "new": 6_000_000}}
    assert changed["reason"] == "已核对案卷，更正数据后重试"


def test_a_suspended_process_is_not_retried_before_it_goes_on(court: Court) -> None:
    instance_id = broken_freeze(court)
    luo = court.user("luo")
    db.in_transaction(interventions.suspend, luo, instance_id, "核实")
    with pytest.raises(SuspendedNow):
        db.in_transaction(interventions.retry, luo, incident_of(instance_id), NOTE)


# ---------------------------------------------------------------- suspend, resume, cancel


def test_suspending_twice_tells_who_was_first(court: Court) -> None:
    instance_id = broken_freeze(court)
    give_right(court, "shao", "operator")
    db.in_transaction(interventions.suspend, court.user("luo"), instance_id, "核实情况")
    with pytest.raises(AlreadySuspended, match="罗正平"):
        db.in_transaction(interventions.suspend, court.user("shao"), instance_id, "核实情况")
    db.in_transaction(interventions.resume, court.user("shao"), instance_id, "情况已核实")
    with pytest.raises(AlreadyResumed, match="邵启明"):
        db.in_transaction(interventions.resume, court.user("luo"), instance_id, "情况已核实")
    assert [a for a, _, _ in notes(case_of(instance_id)) if a.startswith("process_")] == [
        "process_suspended",
        "process_resumed",
    ]
    sound(case_of(instance_id), instance_id)


def test_cancelling_ends_the_process_and_the_second_one_is_told(court: Court) -> None:
    instance_id = broken_freeze(court)
    incident, luo = incident_of(instance_id), court.user("luo")
    db.in_transaction(interventions.cancel, luo, instance_id, "发起有误")
    assert state(instance_id) == "cancelled"
    with pytest.raises(AlreadyCancelled, match="罗正平"):
        db.in_transaction(interventions.retry, luo, incident, NOTE)
    with pytest.raises(AlreadyCancelled, match="罗正平"):
        db.in_transaction(interventions.suspend, luo, instance_id, NOTE)


def test_a_cancelled_draft_is_void_and_its_matter_can_be_begun_anew(court: Court) -> None:
    case_id = court.accept("shen")

    def of(key: str, session) -> UUID:
        query = text("SELECT id FROM process_instance WHERE case_id = :c AND key = :k ORDER BY id")
        return session.execute(query, {"c": case_id, "k": key}).first()[0]

    document = db.read_only(lambda session: of("document_flow", session))
    matter = db.read_only(lambda session: of("notify", session))
    luo = court.user("luo")
    db.in_transaction(interventions.cancel, luo, document, "发起有误")
    db.in_transaction(interventions.cancel, luo, matter, "发起有误")

    def states(session):
        one = session.scalar(
            text("SELECT state FROM document WHERE instance_id = :i"), {"i": document}
        )
        other = session.scalar(
            text("SELECT state FROM matter WHERE instance_id = :i"), {"i": matter}
        )
        return one, other

    assert db.read_only(states) == ("void", "cancelled")


def test_the_four_stages_cannot_be_cancelled(court: Court) -> None:
    pipeline = court.case(court.accept("shen")).instance_id
    assert pipeline is not None
    with pytest.raises(MainProcessStays):
        db.in_transaction(interventions.cancel, court.user("luo"), pipeline, "发起有误")


# ---------------------------------------------------------------- scope


def seen(court: Court, login: str, **filters) -> set[UUID]:
    found = db.read_only(supervision.listing, court.user(login), Filters(**filters))
    return {line.row.id for line in found.lines}


def test_a_team_leader_sees_his_teams_processes_and_leadership_the_courts(court: Court) -> None:
    first = broken_freeze(court)
    give_right(court, "lu", "team_leader")
    give_right(court, "gu", "team_leader")
    assert first in seen(court, "lu", key="freeze_online")
    assert seen(court, "gu") == set()
    assert first in seen(court, "shao") and first in seen(court, "luo")
    with pytest.raises(NotFound):
        db.read_only(supervision.must_see, court.user("gu"), first)


def test_who_only_judges_sees_no_process_at_all(court: Court) -> None:
    instance_id = broken_freeze(court)
    with pytest.raises(NotFound):
        db.read_only(supervision.must_see, court.user("shen"), instance_id)


def test_who_was_recused_finds_neither_row_nor_count(court: Court) -> None:
    instance_id = broken_freeze(court)
    case = court.case(case_of(instance_id))
    luo = court.user("luo")
    db.in_transaction(access.recuse, case, luo.id, "近亲属")
    found = db.read_only(supervision.listing, luo, Filters())
    assert found.lines == [] and found.total == 0 and found.counts["incident"] == 0
    with pytest.raises(NotFound):
        db.in_transaction(interventions.retry, luo, incident_of(instance_id), NOTE)


def test_filters_by_number_person_version_and_overdue(court: Court) -> None:
    first, second = court.accept("shen"), court.accept("lu")
    pipelines = {court.case(first).instance_id, court.case(second).instance_id}
    assert seen(court, "luo", key=PIPELINE) == pipelines
    assert seen(court, "luo", key=PIPELINE, case_no="执6002") == {court.case(second).instance_id}
    assert seen(court, "luo", key=PIPELINE, person="若川") == {court.case(first).instance_id}
    assert seen(court, "luo", key=PIPELINE, person="无此人") == set()
    assert seen(court, "luo", key=PIPELINE, version=1) == pipelines
    assert seen(court, "luo", key=PIPELINE, version=2) == set()
    assert seen(court, "luo", key=PIPELINE, overdue=True) == set()
    clock.move(timedelta(days=40))
    assert seen(court, "luo", key=PIPELINE, overdue=True) == pipelines
    element = "transfer_asset_control"
    assert seen(court, "luo", key=PIPELINE, element=element, overdue=True) == pipelines


# ---------------------------------------------------------------- 改派


def transfer_task(court: Court, case_id: UUID) -> tasks.Task:
    return db.read_only(tasks.find_open, case_id, screen="transfer")


def test_reassigning_the_transfer_gives_the_case_to_the_colleague(court: Court) -> None:
    case_id = court.accept("shen")
    task, luo = transfer_task(court, case_id), court.user("luo")
    people = {u.name for u in db.read_only(reassignments.candidates, luo, task)}
    assert "陆怀瑾" in people and people.isdisjoint({"沈若川", "顾明远", "许佳宁"})
    shen, lu = court.user("shen").id, court.user("lu").id
    db.in_transaction(reassignments.reassign, luo, task.id, lu, "请假", seen_holder=shen)
    assert court.case(case_id).handler_id == lu
    action, actor, detail = notes(case_id)[-1]
    assert (action, actor) == ("case_reassigned", "罗正平")
    assert (detail["old"], detail["new"], detail["note"]) == ("沈若川", "陆怀瑾", "请假")
    with pytest.raises(AlreadyReassigned, match="罗正平"):
        db.in_transaction(reassignments.reassign, luo, task.id, lu, "请假", seen_holder=shen)


def test_a_task_goes_only_to_the_team_and_never_to_who_was_recused(court: Court) -> None:
    case_id = court.accept("shen")
    task, luo, shen = transfer_task(court, case_id), court.user("luo"), court.user("shen").id
    with pytest.raises(NotOfTheTeam):
        db.in_transaction(
            reassignments.reassign, luo, task.id, court.user("gu").id, "请假", seen_holder=shen
        )
    lu = court.user("lu").id
    db.in_transaction(access.recuse, court.case(case_id), lu, "近亲属")
    with pytest.raises(WasRecused, match="陆怀瑾"):
        db.in_transaction(reassignments.reassign, luo, task.id, lu, "请假", seen_holder=shen)
    assert court.case(case_id).handler_id == shen


def test_another_task_is_assigned_with_old_and_new_in_its_audit(court: Court) -> None:
    instance_id = open_freeze(court, court.accept("shen"), court.user("shen"))
    [task] = db.read_only(tasks.open_of, instance_id=instance_id)
    lu = court.user("lu")
    db.in_transaction(
        reassignments.reassign, court.user("luo"), task.id, lu.id, "请假", seen_holder=None
    )
    assert db.read_only(tasks.get, task.id).assignee == lu.id
    [detail] = [d for a, _, d in notes(instance_id) if a == "task_reassigned"]
    assert (detail["new"], detail["reason"]) == ("陆怀瑾", "请假")


def test_a_desk_moves_case_by_case_also_of_who_has_left(court: Court) -> None:
    first, second = court.accept("shen"), court.accept("shen")
    instance_id = open_freeze(court, first, court.user("shen"))
    [task] = db.read_only(tasks.open_of, instance_id=instance_id)
    luo, shen, lu = court.user("luo"), court.user("shen"), court.user("lu")
    db.in_transaction(reassignments.reassign, luo, task.id, shen.id, "请假", seen_holder=None)
    leave = users.USER.update().where(users.USER.c.id == shen.id).values(active=False)
    db.in_transaction(lambda session: session.execute(leave))
    [load] = [x for x in db.read_only(reassignments.loads, luo) if x.user.id == shen.id]
    assert (load.cases, load.tasks) == (2, 1)
    desk = db.read_only(reassignments.desk, luo, shen.id)
    assert {c.id for c in desk.cases} == {first, second} and [t.id for t in desk.tasks] == [task.id]
    assert lu.id in {u.id for u in desk.colleagues}
    for case_id in (first, second):
        db.in_transaction(reassignments.move_case, luo, case_id, shen.id, lu.id, "离岗")
    db.in_transaction(reassignments.move_task, luo, task.id, shen.id, lu.id, "离岗")
    assert {court.case(first).handler_id, court.case(second).handler_id} == {lu.id}
    assert db.read_only(tasks.get, task.id).assignee == lu.id
    assert db.read_only(reassignments.desk, luo, shen.id).cases == []
    with pytest.raises(AlreadyReassigned):
        db.in_transaction(reassignments.move_case, luo, first, shen.id, lu.id, "离岗")


def test_a_team_leader_moves_desks_of_his_team_only(court: Court) -> None:
    court.accept("shen")
    give_right(court, "gu", "team_leader")
    give_right(court, "gu", "operator")
    gu = court.user("gu")
    assert db.read_only(reassignments.loads, gu) == []
    with pytest.raises(NotFound):
        db.read_only(reassignments.desk, gu, court.user("shen").id)


def test_versions_keep_their_own_instances(court: Court) -> None:
    old = broken_freeze(court)
    deploy(court, definitions_text(court).replace("登记冻结结果", "登记结果"), "改名")
    new = open_freeze(court, court.accept("lu"), court.user("lu"))
    assert seen(court, "luo", key="freeze_online", version=1) == {old}
    assert seen(court, "luo", key="freeze_online", version=2) == {new}


def definitions_text(court: Court) -> str:
    def read(session):
        newest = definitions.newest_id(session, court.id, "freeze_online")
        return definitions.files(session, newest)["process.bpmn"]

    return db.read_only(read)
