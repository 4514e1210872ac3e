"""One store for an instance: nothing is copied, nothing is overwritten by a bystander."""

from tests.process.draw import (
    MESSAGE,
    after,
    both,
    boundary,
    called,
    catch,
    each,
    element,
    end,
    flow,
    process,
    start,
    user,
    xor,
)

DECIDE = (
    xor("x", "x-否")
    + user("是")
    + user("否")
    + end()
    + flow("x", "是", when="n &gt; 4")
    + flow("x", "否")
    + flow("是", "e")
    + flow("否", "e")
)
FORK = both("f")


def test_the_branch_finished_last_does_not_revert_what_the_other_entered(play):
    play.start(
        process(
            start(),
            FORK,
            user("甲"),
            user("乙"),
            both("j"),
            DECIDE,
            flow("s", "f", "甲", "j", "x"),
            flow("f", "乙", "j"),
        ),
        n=1,
    )
    play.do("甲", n=9).do("乙", m=1)
    assert play.open == ["是"] and play.instance.data == {"n": 9, "m": 1}


def test_a_branch_sees_what_its_sibling_set(play):
    play.start(
        process(
            start(),
            FORK,
            user("甲"),
            end("e1"),
            user("乙"),
            DECIDE,
            flow("s", "f", "甲", "e1"),
            flow("f", "乙", "x"),
        ),
        n=1,
    )
    assert play.do("甲", n=9).do("乙").open == ["是"]


def test_a_boundary_branch_sets_what_the_task_s_way_out_reads(play):
    play.start(
        process(
            start(),
            user("甲"),
            boundary("b", "甲", after("PT1H"), False),
            user("催"),
            end("e1"),
            DECIDE,
            flow("s", "甲", "x"),
            flow("b", "催", "e1"),
        ),
        n=1,
    )
    assert play.later(hours=1).do("催", n=9).do("甲").open == ["是"]


def test_a_called_process_writes_into_the_same_store(play):
    inner = called(start("s2"), user("内"), end("e2"), flow("s2", "内", "e2"))
    play.start(
        process(
            start(),
            element("callActivity", "c", calledElement="q"),
            DECIDE,
            flow("s", "c", "x"),
            more=inner,
        ),
        n=1,
    )
    assert play.do("内", n=9).open == ["是"]


def test_a_completing_task_writes_only_what_it_submitted(play):
    play.start(
        process(start(), user("甲"), user("乙"), end(), flow("s", "甲", "乙", "e")), a=1, b=[1, 2]
    )
    play.do("甲", c="x")
    assert play.instance.data == {"a": 1, "b": [1, 2], "c": "x"}
    assert not any(t.data for t in play.instance._top.tasks.values())


def test_each_item_has_its_own_scope(play):
    mi = each("当事人", "名", results="结果", result="意见")
    play.start(
        process(start(), user("送", mi), user("后"), end(), flow("s", "送", "后", "e")),
        当事人=["甲", "乙"],
    )
    assert [dict(t.local) for t in play.outcome.user_tasks] == [
        {"loopCounter": 1, "名": "甲", "意见": None},
        {"loopCounter": 2, "名": "乙", "意见": None},
    ]
    play.do("送", 意见="同意").do("送", 意见="反对", 备注="急")
    assert play.instance.data == {"当事人": ["甲", "乙"], "结果": ["同意", "反对"], "备注": "急"}


def test_a_message_brings_its_data(play):
    play.start(process(start(), catch("c", MESSAGE), DECIDE, flow("s", "c", "x")), n=1)
    assert play.message(n=9) and play.open == ["是"]


def test_documents_and_data_stores_are_drawings(play):
    drawn = '<dataObject id="do"/><dataObjectReference id="dor" dataObjectRef="do"/><dataStoreReference id="dsr" dataStoreRef="ds"/><property id="卷"/>'
    links = '<ioSpecification><dataInput id="di"/><inputSet><dataInputRefs>di</dataInputRefs></inputSet><outputSet/></ioSpecification><dataInputAssociation id="da"><sourceRef>dor</sourceRef><targetRef>di</targetRef></dataInputAssociation>'
    play.start(
        process(
            start(),
            user("甲", links),
            end(),
            drawn,
            flow("s", "甲", "e"),
            more='<dataStore id="ds" name="档案"/>',
        )
    )
    assert play.do("甲").ended
