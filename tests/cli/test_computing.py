"""``fenduan calc`` and ``feel``: sentences for people, JSON for programs."""

import json

import pytest


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["deadline", "--rule", "DL42", "--trigger", "2026-03-02"], "2026年9月2日"),
        (["deadline", "--length", "30 d", "--trigger", "2026-03-02"], "2026年4月1日"),
        (
            ["deadline", "--length", "30 d", "--trigger", "2026-03-02", "--pause", "2026-03-10..2026-04-20"],
            "2026年5月13日",
        ),
        (["fee", "--amount", "10000"], "50"),
    ],
)  # fmt: skip
def test_people_get_a_sentence(fenduan, arguments, answer):
    ran = fenduan("calc", *arguments)
    assert (ran.code, ran.err) == (0, "")
    assert answer in ran.out


def test_programs_get_json_and_an_error_is_one_too(fenduan):
    case = {"calc": "deadline", "length": "30 d", "trigger": "2026-03-02"}
    ran = fenduan("calc", "--json", "-", given=json.dumps(case))
    assert ran.code == 0 and json.loads(ran.out)["result"]["due"] == "2026-04-01"
    ran = fenduan("calc", "--json", "-", given="{")
    assert ran.code == 1 and json.loads(ran.out)["ok"] is False
    ran = fenduan("calc", "deadline", "--rule", "DL99", "--trigger", "2026-03-02")
    assert "DL99" in ran.refuses()


def test_line_by_line_a_bad_line_is_answered_and_the_next_is_read(fenduan):
    case = json.dumps({"calc": "deadline", "length": "30 d", "trigger": "2026-03-02"})
    ran = fenduan("calc", "--jsonl", given=f"{case}\nno json\n{case}\n")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.code, [a["ok"] for a in answers]) == (0, [True, False, True])


@pytest.mark.parametrize(
    ("expression", "context", "answer"),
    [
        ("1 + 2 * 3", "{}", "7"),
        ("0.1 + 0.2 = 0.3", "{}", "true"),
        ("金额 * 2", '{"金额": 5.5}', "11"),
        ('date("2026-03-02") + duration("P30D")', "{}", "2026-04-01"),
        ("[1, 2, 3][item > 1]", "{}", "[2, 3]"),
    ],
)
def test_feel_is_evaluated(fenduan, expression, context, answer):
    ran = fenduan("feel", expression, "--context", context)
    assert (ran.code, answer in ran.out) == (0, True), ran


@pytest.mark.parametrize("expression", ["1 +", "金额 ＋ 1", "“甲”", "(", "__import__('os')"])
def test_what_is_no_feel_is_refused_with_its_place(fenduan, expression):
    fenduan("feel", expression).refuses()
