import json
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.casefile.rules import approval, delivered, distribution, interest, served
from engine.casefile.rules.calc import KINDS, answer, answer_lines, days, sentence, sums
from engine.casefile.rules.labels import FIELDS, WORDS

from .asking import ask, refusal

RULES = delivered()

ONE_OF_EACH = [
    {"calc": "deadline", "rule": "DL43", "trigger": "2026-01-31"},
    {"calc": "workday", "from": "2026-09-25", "days": 15},
    {"calc": "calendar", "year": 2026},
    {"calc": "interest", "principal": "100000.00", "expiry": "2025-03-11", "until": "2025-12-31"},
    {"calc": "fee", "amount": "1234567.89"},
    {"calc": "distribution", "price": "1000", "debtor": "citizen", "claims": [{"id": "A", "amount": "500"}]},
    {"calc": "route", "table": "stage1", "no_property": True},
    {"calc": "approval", "document": "D149", "amount": "250000", "undisputed": True, "payee_is_applicant": True},
    {"calc": "served", "attempts": [{"channel": "public", "posted_on": "2026-03-02"}]},
]  # fmt: skip


def lines(*texts):
    return [json.loads(line) for line in answer_lines(RULES, texts)]


def test_each_line_is_answered_in_order_and_ids_come_back_unchanged():
    ids = ["a1", 7, 1.5, None, {"第": [1]}, True]
    asked = [json.dumps({"id": name, "calc": "fee", "amount": "8"}) for name in ids]
    assert [found["id"] for found in lines(*asked)] == ids
    assert lines('{"calc":"fee","amount":"8"}') == [{"ok": True, "result": {"fee": "50.00"}}]


def test_the_lines_of_the_contract():
    assert list(
        answer_lines(
            RULES,
            [
                '{"id":"a1","calc":"fee","amount":"1234567.89"}\n',
                '{"id":"a2","calc":"deadline","rule":"DL99","trigger":"2026-01-31"}\n',
            ],
        )
    ) == [
        '{"id":"a1","ok":true,"result":{"fee":"14745.68"}}',
        '{"id":"a2","ok":false,"error":"unknown_rule","message":"没有编号为“DL99”的期限规则，请核对"}',
    ]


@pytest.mark.parametrize(
    "line",
    ["", "{", "fee", "[1]", "1", "null", '{"calc":"fee","amount":NaN}', '{"a":1,"a":2}', "[" * 100_000, "\x00", "1" * 10_000],
)  # fmt: skip
def test_a_line_that_is_no_case_is_answered_and_the_next_is_read(line):
    bad, good = lines(line, '{"calc":"fee","amount":"8"}')
    assert bad["error"] == "bad_json"
    assert good["ok"]


def test_lines_may_be_bytes_and_need_not_be_utf_8():
    case = '{"id":"执行","calc":"fee","amount":"8"}'
    bad, good = lines(case.encode("gb18030"), case.encode())
    assert (bad["error"], good["id"]) == ("bad_json", "执行")


def test_a_byte_order_mark_before_the_first_line_does_no_harm():
    assert lines('\ufeff{"calc":"fee","amount":"8"}')[0]["ok"]


def test_a_lone_surrogate_is_written_back_as_it_came():
    line = next(answer_lines(RULES, ['{"id":"\\ud800","calc":"fee","amount":"8"}']))
    assert line.encode()
    assert json.loads(line)["id"] == "\ud800"


@pytest.mark.parametrize(
    ("code", "case"),
    [
        ("unknown_calc", {"calc": "fees"}),
        ("unknown_calc", {"calc": 1}),
        ("unknown_calc", {"calc": ["fee"]}),
        ("missing_field", {}),
        ("missing_field", {"calc": None}),
    ],
)
def test_what_every_kind_refuses(code, case):
    assert refusal(**case) == code


def test_a_refusal_repeats_only_so_much_of_what_was_typed():
    found = ask(calc="deadline", rule="X" * 10_000, trigger="2026-01-31")
    assert len(found["message"]) < 200


def test_words_typed_are_never_read_as_blanks_of_a_sentence():
    assert "{0}{field.__class__}" in ask(calc="fee", **{"{0}{field.__class__}": 1})["message"]


def test_null_is_as_good_as_absent():
    case = {"calc": "deadline", "rule": "DL43", "trigger": "2026-01-31"}
    everything = dict.fromkeys(("length", "pauses", "extensions", "occurrence", "filed", "final"))
    assert ask(**case, **everything) == ask(**case)


SAID = {
    "deadline": "到期日：2026年4月30日（星期四）；最早可以办理：2026年5月1日（星期五）",
    "workday": "2026年10月22日（星期四），工作日",
    "calendar": "2026年星期一至星期五放假19天，周末上班6天；工作日历自2004年1月1日至2026年12月31日",
    "interest": "截至2025年12月31日尚欠105162.50元：费用0.00元、利息0.00元、本金100000.00元、加倍部分5162.50元",
    "fee": "申请执行费：14745.68元",
    "distribution": "可分配950.00元：A受偿500.00元；余款450.00元",
    "route": "进入结案归档，结案方式为终本",
    "approval": "审批：执行局局长、分管副院长",
    "served": "视为送达：2026年4月1日（星期三），公告送达；期限自2026年4月2日（星期四）起算",
}


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=[case["calc"] for case in ONE_OF_EACH])
def test_people_are_told_in_a_sentence(case):
    assert sentence(case, answer(RULES, case)) == SAID[case["calc"]]


def test_there_is_an_example_of_every_kind():
    assert [case["calc"] for case in ONE_OF_EACH] == list(KINDS)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"calc": "deadline", "rule": "DL22", "trigger": "2026-03-02T10:20"}, "到期日：2026年3月3日11时00分"),
        (
            {"calc": "deadline", "rule": "DL42", "trigger": "2026-08-31"},
            "到期日：2027年3月1日（星期一）；原为2027年2月28日（星期日），遇休息日顺延（暂定，放假安排公布后重新计算）",
        ),
        ({"calc": "route", "table": "stage2"}, "不能提交：请说明案件下一步"),
        ({"calc": "route", "table": "stage3", "instalments_running": True}, "留在本阶段"),
        ({"calc": "route", "table": "stage2", "new_clue": True}, "退回财产查控"),
        ({"calc": "approval", "document": "D067", "term_days": 3, "emergency": True}, "先行执行，立即报院长补批"),
        ({"calc": "fee", "no_amount": True}, "没有执行金额的，每件50.00元至500.00元"),
        ({"calc": "fee", "amount": 8}, "金额不是有效金额，请填写以元为单位、最多两位小数的数字"),
        ({"calc": "served", "attempts": []}, "尚未送达"),
    ],
)  # fmt: skip
def test_other_sentences(case, said):
    assert sentence(case, answer(RULES, case)) == said


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.sampled_from(["2026-01-31", "9999-12-31", "0001-01-01", "100.00", "DL42", "10 d", "entry", "D067", "public", "citizen", "2026-01-31T10:20"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["from", "to", "id", "amount", "channel", "posted_on", "signed_on", "annual_rate", "date"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(data=st.data())
@settings(max_examples=400, deadline=None)
def test_no_input_whatever_makes_it_fail(data):
    kind = data.draw(st.sampled_from(list(KINDS)))
    names = data.draw(st.lists(st.sampled_from(KINDS[kind][0]), unique=True))
    case = {"calc": kind, **{name: data.draw(JSON) for name in names}}
    found = answer(RULES, case)
    assert found["ok"] in (True, False)
    assert sentence(case, found)
    assert json.loads(next(answer_lines(RULES, [json.dumps(case)])))["ok"] == found["ok"]


def test_every_field_has_a_name_people_know():
    nested = {*sums.RATE, *sums.CLAIM, *days.ATTEMPT, "from", "to", "date", "amount", "name"}
    for name in {"calc", "id", *nested, *(field for known, _ in KINDS.values() for field in known)}:
        assert name in FIELDS, name


def test_every_word_a_case_may_hold_has_a_name_people_know():
    words = {
        *distribution.DEBTORS, *distribution.CLASSES, *approval.SUBJECTS, *approval.ROLES,
        *served.REASONS, *served.CHANNELS, *interest.PARTS, *get_args(approval.Level),
    }  # fmt: skip
    assert words <= set(WORDS)
