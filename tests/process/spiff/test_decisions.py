"""Decision tasks: decided at once by a table of the folder, on what the task sees."""

from engine import dmn
from engine.process.spiff import Instance, parse
from tests.process.draw import end, flow, process, start, user, xor

TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL" id="d" name="d" namespace="t">
<decision id="level" name="审批级别"><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i"><inputExpression id="ie" typeRef="number"><text>金额</text></inputExpression></input>
<output id="o" name="级别" typeRef="string"/>
<rule id="r1"><inputEntry id="a"><text>&lt; 100000</text></inputEntry><outputEntry id="b"><text>"法官"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c"><text>&gt;= 100000</text></inputEntry><outputEntry id="e"><text>"局长"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def decide(id, **own):
    attributes = "".join(f' fd:{k}="{v}"' for k, v in own.items())
    return f'<businessRuleTask id="{id}"{attributes}/>'


def drawn(task):
    return process(
        start(),
        task,
        xor("x", "x-小"),
        user("大"),
        user("小"),
        end(),
        end("e2"),
        flow("s", "定", "x"),
        flow("x", "大", "e", when="级别 = &quot;局长&quot;"),
        flow("x", "小", "e2"),
    )


MODELS = {"level": dmn.read(TABLE)}


def test_the_result_goes_to_its_variable_and_the_rows_are_told(play):
    play.start(
        drawn(decide("定", decision="level", result="级别")), decisions=MODELS, 金额=6_000_000
    )
    assert play.open == ["大"] and play.instance.data["级别"] == "局长"
    decided = play.decided[0]
    assert (decided.element, decided.rows, dict(decided.read)) == ("定", (2,), {"金额": 6_000_000})


def test_a_table_without_answer_is_an_incident_and_can_be_tried_again(play):
    play.start(drawn(decide("定", decision="level", result="级别")), decisions=MODELS, 金额="多")
    assert play.incident.element == "定" and play.open == []
    assert play.write(金额=5).retry().open == ["小"]


def test_without_the_tables_it_waits_for_the_host(play):
    play.start(drawn(decide("定", decision="level", result="级别")), 金额=5)
    assert play.parked == ["定"]
    assert play.do("定", 级别="局长").open == ["大"]


def test_two_instances_of_one_definition_decide_each_on_its_own_data():
    from datetime import UTC, datetime

    now = datetime(2026, 3, 1, tzinfo=UTC)
    definition = parse(drawn(decide("定", decision="level", result="级别")), MODELS)
    found = [
        [t.element for t in Instance.start(definition, "p", {"金额": n}, now=now)[1].user_tasks]
        for n in (1, 6_000_000, 2)
    ]
    assert found == [["小"], ["大"], ["小"]]
