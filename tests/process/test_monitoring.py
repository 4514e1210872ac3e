"""Lists, counts and positions agree with each other and with what each instance really waits for."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text, true

from engine import clock, db
from engine.process import chronicle, instances, monitoring, outlines, positions, spiff, steps
from engine.process.instances import INSTANCE
from engine.process.monitoring import Conditions
from engine.process.tasks import TASK
from tests.process.draw import (
    MESSAGE,
    after,
    both,
    boundary,
    catch,
    element,
    end,
    flow,
    process,
    service,
    start,
    sub,
    user,
    xor,
)
from tests.process.runtime.host import Host, person, provider

#: Every way of standing somewhere, side by side.
EVERYWHERE = process(
    start(),
    both("f"),
    user("甲"),
    boundary("催", "甲", after("P9D")),
    service("送", "送达"),
    element("eventBasedGateway", "g"),
    catch("来", MESSAGE),
    catch("三日", after("P3D")),
    sub("内", start("is"), user("乙"), end("ie"), flow("is", "乙", "ie")),
    end(),
    end("e2"),
    end("e3"),
    end("e4"),
    end("e5"),
    end("e6"),
    flow("s", "f", "甲", "e"),
    flow("催", "e2"),
    flow("f", "送", "e3"),
    flow("f", "g", "来", "e4"),
    flow("g", "三日", "e5"),
    flow("f", "内", "e6"),
)


@pytest.fixture
def host(database: str) -> Iterator[Host]:
    provider.__init__()  # type: ignore[misc]
    host = Host(uuid4())
    yield host
    host.sound()


def asked(**more) -> Conditions:
    return Conditions(scope=true(), **more)


def waits(host):
    def read(session):
        ids = session.execute(INSTANCE.select().with_only_columns(INSTANCE.c.definition_id))
        return tuple(w for id_ in {r[0] for r in ids} for w in outlines.of(session, id_).waits())

    return db.read_only(read)


def listed(conditions: Conditions, **options):
    return [r.id for r in db.read_only(monitoring.page, conditions, **options)]


def at(host, instance):
    found = db.read_only(positions.positions, [instance], waits(host), TASK.c.due_at < func.now())
    return sorted((p.element, p.kind) for p in found[instance])


def test_positions_are_where_the_tokens_are(host):
    instance = host.start(EVERYWHERE)
    assert at(host, instance) == [
        ("三日", "timer"),
        ("乙", "task"),
        ("来", "message"),
        ("甲", "task"),
        ("送", "job"),
    ]


def test_a_boundary_timer_is_no_position(host):
    instance = host.start(
        process(
            start(),
            user("甲"),
            boundary("催", "甲", after("P9D")),
            end(),
            end("e2"),
            flow("s", "甲", "e"),
            flow("催", "e2"),
        )
    )
    assert host.rows("SELECT element FROM timer") == [{"element": "催"}]
    assert at(host, instance) == [("甲", "task")]


def test_every_count_of_an_element_lists_exactly_its_instances(host):
    host.deploy(EVERYWHERE)
    for _ in range(3):
        host.start()
    host.do("甲")
    counted = db.read_only(positions.element_counts, asked(key="p", waits=waits(host)))
    assert {e: c.active for e, c in counted.items()} == {
        "甲": 2,
        "乙": 3,
        "送": 3,
        "来": 3,
        "三日": 3,
    }
    for element_, count in counted.items():
        rows = listed(asked(key="p", element=element_, waits=waits(host)))
        assert len(rows) == len(set(rows)) == count.active


def test_three_votes_of_one_instance_count_once(host):
    many = '<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>'
    instance = host.start(process(start(), user("投票", many), end(), flow("s", "投票", "e")))
    counted = db.read_only(positions.element_counts, asked(key="p"))
    assert counted["投票"].active == 1
    assert at(host, instance) == [("投票", "task")] * 3


def test_a_name_heard_at_two_places_is_told_by_version(host):
    first = process(start(), catch("旧", MESSAGE), end(), flow("s", "旧", "e"))
    second = process(start(), catch("新", MESSAGE), end(), flow("s", "新", "e"))
    old, new = host.start(first), host.start(second)
    assert at(host, old) == [("旧", "message")] and at(host, new) == [("新", "message")]
    assert listed(asked(key="p", element="旧", waits=waits(host))) == [old]


def test_incidents_come_first_then_what_was_started_first(host, outside_away):
    waits_long = host.start(process(start(), user("甲"), end(), flow("s", "甲", "e")), key="p")
    host.later(days=2)
    waits_short = host.start()
    host.later(days=1)
    broken = host.start(
        process(start(), service("签", "签名"), end(), flow("s", "签", "e"), id="q"), key="q"
    )
    _give_up(host)
    assert listed(asked()) == [broken, waits_long, waits_short]
    assert listed(asked(state="incident")) == [broken]
    assert db.read_only(monitoring.state_counts, asked()) == {
        "open": 3,
        "incident": 1,
        "waiting": 0,
        "suspended": 0,
    }


@pytest.fixture
def outside_away():
    def away(inputs, key):
        raise OSError("away")

    provider.behaviour = away


def _give_up(host):
    for _ in range(5):
        host.work()
        host.later(hours=7)


def test_a_court_finds_its_rows_by_an_index(host):
    """With rows enough for the planner to choose; of a small table any way is cheap."""
    host.deploy(process(start(), user("甲"), end(), flow("s", "甲", "e")))
    for _ in range(200):
        host.start()
    open_ones = select(INSTANCE.c.id).where(INSTANCE.c.court_id == uuid4(), monitoring._IS_OPEN)
    done = select(TASK.c.id).where(TASK.c.court_id == uuid4(), TASK.c.closed_at > clock.now())
    at_element = [TASK.c.matter == "p", TASK.c.element == "甲", TASK.c.state == "completed"]
    used = {
        "ix_process_instance_court_open": open_ones.order_by(INSTANCE.c.id).limit(51),
        "ix_user_task_element_completed": done.where(*at_element),
        "ix_user_task_court_id_closed_by_id": done.where(TASK.c.closed_by_id == uuid4()),
    }
    for index, query in used.items():
        plan = db.read_only(_plan, query)
        assert index in plan and "Sort" not in plan


def _plan(session, query) -> str:
    for table in (INSTANCE, TASK):
        session.execute(text(f"ANALYZE {table.name}"))
    for way in ("seqscan", "bitmapscan", "sort"):
        session.execute(text(f"SET LOCAL enable_{way} = off"))
    compiled = query.compile(session.engine, compile_kwargs={"literal_binds": True})
    return "\n".join(session.scalars(text(f"EXPLAIN {compiled}".replace(":", "\\:"))))


def test_pages_follow_each_other_without_gap_or_repeat(host):
    host.deploy(process(start(), user("甲"), end(), flow("s", "甲", "e")))
    made = [host.start() for _ in range(7)]
    seen, after_ = [], None
    while True:
        rows = db.read_only(monitoring.page, asked(), after=after_, limit=3)
        seen += [r.id for r in rows[:3]]
        if len(rows) <= 3:
            break
        after_ = rows[2].position
    assert seen == made


def test_finished_ones_are_listed_the_last_started_first(host):
    host.deploy(process(start(), user("甲"), end(), flow("s", "甲", "e")))
    first, second, third = host.start(), host.start(), host.start()
    host.do("甲")
    host.later(hours=1)
    host.do("甲")
    assert listed(asked(state="ended")) == [second, first]
    assert listed(asked()) == [third]


def test_overdue_is_asked_of_the_task_at_the_element(host):
    late = user("甲", **{"fd:due": "P1D"})
    host.start(
        process(
            start(),
            both("f"),
            late,
            user("乙"),
            end(),
            end("e2"),
            flow("s", "f", "甲", "e"),
            flow("f", "乙", "e2"),
        )
    )
    host.later(days=2)
    over = TASK.c.due_at < clock.now()
    assert len(listed(asked(overdue=True, is_overdue=over))) == 1
    assert len(listed(asked(key="p", element="甲", overdue=True, is_overdue=over))) == 1
    assert listed(asked(key="p", element="乙", overdue=True, is_overdue=over)) == []
    counted = db.read_only(positions.element_counts, asked(key="p", is_overdue=over))
    assert (counted["甲"].overdue, counted["乙"].overdue) == (1, 0)


def test_suspended_ones_are_found_and_wait_no_more(host):
    instance = host.start(process(start(), service("送", "送达"), end(), flow("s", "送", "e")))
    assert listed(asked(state="waiting")) == [instance]
    db.in_transaction(instances.suspend, instance, actor=person("运维"), reason="核实")
    assert listed(asked(state="waiting")) == [] and listed(asked(state="suspended")) == [instance]
    db.in_transaction(instances.resume, instance, actor=person("运维"))


def test_average_times_are_those_of_finished_work(host):
    host.deploy(
        process(start(), user("甲"), service("送", "送达"), end(), flow("s", "甲", "送", "e"))
    )
    host.start(), host.start()
    began = clock.now() - timedelta(days=1)
    host.later(days=2)
    host.do("甲")
    host.later(days=2)
    host.do("甲")
    host.work()
    spent = db.read_only(positions.durations, "p", true(), began)
    assert spent["甲"].done == 2 and abs(spent["甲"].seconds - 3 * 86400) < 60
    assert spent["送"].done == 2
    assert db.read_only(positions.durations, "p", true(), clock.now() + timedelta(days=1)) == {}


# ---------------------------------------------------------------- the way


ROUTE = process(
    start(),
    user("甲"),
    xor("x", "x-小"),
    service("大", "送达"),
    user("小"),
    xor("合"),
    user("乙"),
    end(),
    flow("s", "甲", "x"),
    flow("x", "大", "合", when="金额 &gt; 5"),
    flow("x", "小", "合", "乙", "e"),
)


def way(instance):
    def read(session):
        definition = instances.get(session, instance).definition_id
        outline = outlines.of(session, definition)
        found = chronicle.entries(session, instance)
        here = positions.positions(session, [instance], outline.waits(), true()).get(instance, [])
        return chronicle.way(outline, found, {p.element for p in here})

    return db.read_only(read)


def test_the_way_is_what_was_gone_through_and_nothing_beyond(host):
    instance = host.start(ROUTE, 金额=9)
    assert way(instance).elements == {"s", "甲"} and way(instance).flows == {"s-甲"}
    host.do("甲")
    assert way(instance).elements == {"s", "甲", "x", "大"}
    host.work()
    assert way(instance).elements == {"s", "甲", "x", "大", "合", "乙"}
    assert way(instance).flows == {"s-甲", "甲-x", "x-大", "大-合", "合-乙"}
    host.do("乙")
    assert "e" in way(instance).elements and "小" not in way(instance).elements


def test_the_way_leaves_by_the_boundary_event_that_fired(host):
    instance = host.start(
        process(
            start(),
            user("甲"),
            boundary("催", "甲", after("P1D")),
            boundary("来", "甲", MESSAGE),
            user("乙"),
            user("丙"),
            end(),
            end("e2"),
            end("e3"),
            flow("s", "甲", "e"),
            flow("催", "乙", "e2"),
            flow("来", "丙", "e3"),
        )
    )
    host.later(days=2)
    host.work()
    assert way(instance).elements == {"s", "甲", "催", "乙"}
    assert way(instance).flows == {"s-甲", "催-乙"}


def test_the_way_ends_where_an_incident_stands(host):
    instance = host.start(ROUTE, 金额=None)
    host.do("甲")
    assert host.state(instance) == "incident"
    assert at(host, instance) == [("x", "incident")]
    assert way(instance).elements == {"s", "甲", "x"}
    db.in_transaction(instances.cancel, instance, actor=person("运维"), reason="试")


def test_jobs_open_and_settled_are_told_with_their_attempts(host, outside_away):
    instance = host.start(
        process(start(), service("签", "签名"), user("甲"), end(), flow("s", "签", "甲", "e"))
    )
    _give_up(host)
    [job] = db.read_only(chronicle.jobs, instance)
    assert (job.state, job.attempt, job.is_settled) == ("failed", 3, False)
    assert "away" in job.error
    provider.behaviour = lambda inputs, key: {}
    host.retry()
    host.work()
    done, redone = db.read_only(chronicle.jobs, instance)
    assert (done.state, done.redo_of, redone.state) == ("done", redone.id, "redone")
    [closed] = db.read_only(chronicle.incidents, instance)
    assert (closed.resolution, closed.closed_by) == ("retried", "运维")


# ---------------------------------------------------------------- outlines


def test_an_outline_names_elements_and_says_where_a_token_can_wait(host):
    xml = process(
        start(),
        user("甲", name="核对&#10;并签发"),
        catch("来", MESSAGE),
        end(),
        flow("s", "甲", "来", "e"),
    ).replace('isExecutable="true">', 'name="文书流转" isExecutable="true">')
    deployed = host.deploy(xml)
    outline = db.read_only(outlines.of, deployed.id)
    assert outline.name == "文书流转" and outline.name_of("甲") == "核对 并签发"
    assert [(w.kind, w.name, w.element) for w in outline.waits()] == [("message", "来文", "来")]
    assert outline.flows["甲-来"].target == "来"


def test_rows_say_what_the_state_says(host):
    """The fence is asked directly: every waiting place is a position, unless it is a boundary event."""
    instance = host.start(EVERYWHERE)

    def really(session):
        opened = steps.look(session, instance)
        outcome = spiff.look(opened.fence)
        timed = {e for e, _ in spiff.due_times(opened.fence).values()}
        return (
            {t.element for t in outcome.user_tasks} | {p.element for p in outcome.parked},
            timed,
        )

    standing, timed = db.read_only(really)
    found = {e for e, _ in at(host, instance)}
    assert standing <= found and timed - found == {"催"}
