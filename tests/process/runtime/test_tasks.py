"""Whose a task is, what each person sees, and finding it."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from engine import clock, db
from engine.errors import TaskClosed, TaskTaken
from engine.process import assignments, tasks
from engine.process.assignments import Assignment
from tests.process.draw import both, each, end, flow, process, start
from tests.process.runtime.host import person


def lane(role, *tasks_):
    refs = "".join(f"<flowNodeRef>{t}</flowNodeRef>" for t in tasks_)
    return f'<lane id="lane_{role}" name="{role}">{refs}</lane>'


def task(id, inside="", **own):
    attributes = "".join(f' fd:{k}="{v}"' for k, v in own.items())
    return f'<userTask id="{id}" name="{id}办理"{attributes}>{inside}</userTask>'


ONE = process(
    f'<laneSet id="ls">{lane("judge", "甲")}{lane("clerk", "乙")}</laneSet>',
    start(),
    both("f"),
    task("甲", screen="transfer", scope="handler", due="P3D", priority="7"),
    task("乙", form="登记.form"),
    both("j"),
    end(),
    flow("s", "f", "甲", "j", "e"),
    flow("f", "乙", "j"),
)


def begin(host):
    host.deploy(ONE, **{"登记.form": '{"components": []}'})
    return host.start()


@pytest.fixture
def assigns(monkeypatch):
    monkeypatch.setattr(assignments, "_assigns", [*assignments._assigns])
    return assignments.assigns


def mine(host, name, roles=(), teams=(), **page):
    return db.read_only(tasks.mine, host.court, person(name).id, roles, teams, **page)


def test_the_row_carries_what_the_diagram_says(host):
    begin(host)
    one = db.read_only(tasks.find_open, host.case, "甲")
    assert (one.screen, one.scope, one.priority, one.role) == ("transfer", "handler", 7, "judge")
    assert abs(one.due_at - clock.now() - timedelta(days=3)) < timedelta(minutes=1)
    other = db.read_only(tasks.find_open, host.case, "乙")
    assert (other.screen, other.scope, other.form, other.due_at) == (
        None,
        "team",
        "登记.form",
        None,
    )
    assert db.read_only(tasks.find_open, host.case, screen="transfer").id == one.id
    assert [t.element for t in db.read_only(tasks.open_of, case_id=host.case)] == ["甲", "乙"]
    assert db.read_only(tasks.get, one.id) == one
    with pytest.raises(TaskClosed):
        db.read_only(tasks.find_open, host.case, "无")
    with pytest.raises(TaskClosed):
        db.read_only(tasks.find_open, uuid4(), "甲")


def test_the_host_says_whose_a_task_is_and_which_team_sees_it(host, assigns):
    openings = []

    @assigns
    def whose(session, opening):
        openings.append(opening)
        return Assignment(person("王五") if opening.scope == "handler" else None, "control")

    begin(host)
    assert {(o.element, o.role, o.screen, o.matter) for o in openings} == {
        ("甲", "judge", "transfer", "p"),
        ("乙", "clerk", None, "p"),
    }
    assert [t.element for t in mine(host, "王五")] == ["甲"]
    assert [t.element for t in mine(host, "李四", ["judge", "clerk"], ["control"])] == ["乙"]
    assert mine(host, "李四", ["judge", "clerk"], ["disposal"]) == []
    with pytest.raises(TaskTaken, match="王五"):
        host.do("甲", actor=person("李四"))


def test_a_diagram_may_name_the_account_of_each_item(host):
    panel = [person("审甲"), person("审乙")]
    host.start(
        process(
            start(),
            task("表决", each("合议庭", "成员"), assignee="成员"),
            end(),
            flow("s", "表决", "e"),
        ),
        合议庭=[str(p.id) for p in panel],
    )
    for member in panel:
        found = mine(host, member.name)
        assert len(found) == 1 and found[0].local["成员"] == str(member.id)
    assert mine(host, "别人", ["judge"]) == []


def test_an_expression_that_names_nobody_is_an_incident_and_the_task_stays_with_its_role(host):
    host.start(process(start(), task("甲", assignee="谁"), end(), flow("s", "甲", "e")), 谁="张三")
    assert host.incidents()[0]["element"] == "甲"
    host.do("甲")
    assert host.incidents() == []


def test_reassigning_is_in_the_audit_and_binds(host):
    begin(host)
    id_ = host.task("甲")
    db.in_transaction(tasks.claim, id_, actor=person("张三"))
    db.in_transaction(tasks.reassign, id_, person("李四"), actor=person("局长"), reason="休假")
    with pytest.raises(TaskTaken, match="李四"):
        host.do("甲", actor=person("张三"))
    row = host.rows("SELECT actor, detail FROM audit_entry WHERE action = 'task_reassigned'")[0]
    detail = json.loads(row["detail"])
    assert row["actor"] == "局长" and (detail["old"], detail["new"]) == ("张三", "李四")
    db.in_transaction(tasks.reassign, id_, None, actor=person("局长"), reason="退回")
    host.do("甲", actor=person("王五"))
    done = db.read_only(tasks.get, id_)
    assert (done.state, done.closed_by, done.closed_by_id) == (
        "completed",
        "王五",
        person("王五").id,
    )
    with pytest.raises(TaskClosed, match="王五"):
        db.in_transaction(tasks.reassign, id_, None, actor=person("局长"), reason="迟")


def test_pages_by_due_date_show_every_task_once(host):
    dues = ["P2D", "P1D", "", "P1D", "", "P3D"]
    for number, due in enumerate(dues):
        key = f"k{number}"
        written = task("甲", scope="court", **({"due": due} if due else {}))
        host.start(
            process(
                f'<laneSet id="ls">{lane("judge", "甲")}</laneSet>',
                start(),
                written,
                end(),
                flow("s", "甲", "e"),
                id=key,
            ),
            key,
        )
    seen, after = [], None
    while page := mine(host, "王五", ["judge"], after=after, limit=2):
        assert len(page) <= 2
        seen += page
        after = (page[-1].due_at, page[-1].id)
    assert len({t.id for t in seen}) == len(dues)
    assert [t.matter for t in seen] == ["k1", "k3", "k0", "k5", "k2", "k4"]


def test_tasks_of_another_court_are_never_shown(host):
    begin(host)
    assert db.read_only(tasks.mine, uuid4(), person("王五").id, ["judge", "clerk"], []) == []
