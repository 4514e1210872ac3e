from datetime import date

import pytest

from engine.casefile.rules import deadlines, delivered, gates, stages
from engine.casefile.rules.spans import Span

from .asking import changed

RULES = delivered()
KEYS = ["asset_control", "asset_disposal", "fund_distribution", "closing_archiving"]


def limits(**more):
    return [str(stages.stage_limit(RULES, key, **more).length.count) for key in KEYS]


def test_the_four_stages_carry_the_words_of_the_manual():
    found = [RULES.stages.by_key[key] for key in KEYS]
    assert [stage.number for stage in found] == [1, 2, 3, 4]
    assert [stage.name for stage in found] == ["财产查控", "财产处置", "案款分配", "结案归档"]
    assert [stage.button for stage in found] == ["查控文书", "处置文书", "案款文书", "结案文书"]


def test_limits_of_a_stage():
    assert limits() == ["30", "90", "30", "30"]
    assert limits(non_litigation=True) == ["15", "45", "15", "15"]
    assert limits(is_return=True) == ["15", "15", "15", "15"]


def test_a_return_never_gets_more_than_the_usual_limit():
    short = changed(
        "rules/deadlines.toml",
        '进入财产查控阶段"\nlength = "30 d"',
        '进入财产查控阶段"\nlength = "10 d"',
    )
    assert stages.stage_limit(short, "asset_control", is_return=True).length.count == 10


def test_a_stage_limit_is_a_rule_that_can_be_paused():
    rule = stages.stage_limit(RULES, "asset_disposal", is_return=True)
    assert deadlines.compute(RULES, rule, date(2026, 3, 2)).due == date(2026, 3, 17)
    assert rule.pausable


def test_on_the_final_path_only_the_clock_of_the_stage_can_be_paused():
    entered, filed = date(2026, 3, 2), date(2026, 2, 10)
    waiting = stages.final_deadline(RULES, entered, filed)
    assert (waiting.rule, waiting.due) == ("STAGE4.final", date(2026, 5, 25))
    short = [Span(date(2026, 3, 10), date(2026, 3, 19))]
    assert stages.final_deadline(RULES, entered, filed, pauses=short).due == waiting.due
    long = [Span(date(2026, 3, 10), date(2026, 5, 31))]
    assert stages.final_deadline(RULES, entered, filed, pauses=long).due == date(2026, 6, 23)


DUE = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("today", "light", "text"),
    [
        (date(2026, 3, 8), "ok", "剩余12天"),
        (date(2026, 3, 12), "ok", "剩余8天"),
        (date(2026, 3, 13), "soon", "剩余7天"),
        (date(2026, 3, 16), "soon", "剩余4天"),
        (date(2026, 3, 17), "urgent", "剩余3天"),
        (date(2026, 3, 20), "urgent", "今日到期"),
        (date(2026, 3, 23), "overdue", "已超期3天"),
    ],
)
def test_the_light_and_the_words_of_what_remains(today, light, text):
    assert stages.remaining(RULES, DUE, today) == (light, text)


def test_a_paused_clock_says_what_was_left():
    assert stages.remaining(RULES, DUE, date(2026, 8, 1), paused_left=12) == (
        "paused",
        "已暂停（剩余12天）",
    )
    assert stages.remaining(RULES, DUE, date(2026, 8, 1), paused_left=-2) == (
        "paused",
        "已暂停（已超期2天）",
    )


def test_the_final_path_waits_for_three_months_until_they_are_over():
    opens = date(2026, 3, 10)
    assert stages.remaining(RULES, DUE, date(2026, 3, 9), waits_until=opens).text == "待满三个月"
    assert stages.remaining(RULES, DUE, date(2026, 3, 10), waits_until=opens).text == "剩余10天"


def test_thresholds_are_data():
    rules = changed("rules/stages.toml", "soon = 7", "soon = 14")
    assert stages.remaining(rules, DUE, date(2026, 3, 8)).light == "soon"


def test_cases_with_an_excluded_flag_stay_outside():
    assert stages.excluded(RULES, frozenset({"涉密", "其他"}))
    assert not stages.excluded(RULES, frozenset({"其他"}))
    assert RULES.stages.court_switch


# --- gates


def state(code, facts, deployed, **more):
    stage = RULES.gates[code].stage
    return {each.gate.code: each for each in gates.check(RULES, stage, facts, deployed, **more)}[
        code
    ]


def test_a_gate_is_met_missing_or_not_deployed():
    assert state("G14", {"notices_served": True}, {"M01"}).state == "met"
    missing = state("G14", {"notices_served": False}, {"M01"})
    assert (missing.state, missing.blocks) == ("missing", True)
    assert missing.sentence == "执行通知书或者报告财产令没有送达，请送达或者公告"
    absent = state("G14", {}, {"M02"})
    assert (absent.state, absent.blocks) == ("not_deployed", False)


def test_a_fact_nobody_gave_is_missing():
    assert state("G14", {}, {"M01"}).state == "missing"


def test_a_gate_is_asked_as_soon_as_one_of_its_matters_is_deployed():
    assert state("G13", {}, {"M10"}).state == "missing"


def test_gates_of_a_closing_method_are_asked_on_that_path_only():
    codes = {
        path: [gate.code for gate in gates.of_stage(RULES, "closing_archiving", path=path)]
        for path in ("执行完毕", "终本", "终结执行")
    }
    assert codes == {
        "执行完毕": ["G41", "G42", "G44"],
        "终本": ["G41", "G43", "G44"],
        "终结执行": ["G41", "G42", "G44"],
    }


def test_every_stage_has_its_gates():
    assert [len(gates.of_stage(RULES, key)) for key in KEYS] == [5, 3, 4, 2]
