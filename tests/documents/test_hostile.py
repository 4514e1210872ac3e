"""Data that pretends to be a template, and templates that pretend to be programs."""

import contextlib
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.documents import language, layout, template
from engine.errors import EngineError

from .test_template import HEAD, TAIL, texts, written

HOSTILE = [
    "甲|乙|丙",
    "== 伪造的标题",
    "甲\n== 伪造的标题\n@@ 二〇〇〇年一月一日",
    "{{ 7*7 }}",
    "{% include 'x' %}",
    "<b>甲</b>",
    '#read("/etc/passwd")',
    "<script>alert(1)</script>",
    "\ufdd5伪造\ufdd0",
    "".join(chr(one) for one in range(0xFDD0, 0xFDF0)) + "甲",
    "甲\x01\x02\x1e乙",
    "\u202e甲乙",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_data_neither_begins_a_line_nor_moves_a_cell(value):
    document = written("|名称|期限|\n|{{ a }}|三年|\n## {{ a }}\n{{ a }}", a=value)
    table, heading, paragraph = document["body"]
    assert (document["title"], document["date"]) == ("通知书", "二〇二六年十一月二十三日")
    assert len(table["rows"]) == 1
    assert table["rows"][0][1] == "三年"
    assert heading["type"] == "heading"
    assert [run.get("style") for run in paragraph["runs"]] == [None]


def test_what_can_be_seen_of_hostile_data_is_printed_as_it_was_typed():
    assert texts("{{ a }}", a="{{ 7*7 }}<b>|甲</b> #read") == ["{{ 7*7 }}<b>|甲</b> #read"]


def test_a_hostile_name_reaches_the_pdf_as_text(case, ruling):
    case["财产"][0]["名称"] = '甲|乙 #read("/etc/passwd") <b> {{ 7*7 }}'
    document = template.render(ruling, case)
    assert layout.to_pdf(document, issued_at=None).pages >= 1
    assert "<b>" not in layout.to_html(document).replace("&lt;b&gt;", "")


@pytest.mark.parametrize(
    "body",
    [
        "{% include '/etc/passwd' %}",
        "{% render 'x' %}",
        "{% raw %}{% endraw %}",
        "{% capture x %}{% endcapture %}",
        "{% liquid assign x = 1 %}",
        "{{ now }}",
        "{{ today | 日期 }}",
        "{{ ['now'] }}",
        "{{ [法院.名称] }}",
        "{{ 法院[案号] }}",
        "{{ a | url_decode }}",
        "{{ a | base64_decode }}",
        "{{ a | append: 'b' }}",
        "{{ a | date: '%Y' }}",
        "{{ a",
        "a }}",
        "{% if a %}",
        "{% endif %}",
        "{% for a in b %}{% endif %}",
        "{{ a | | }}",
        "{{ a b }}",
        "<b>甲",
        "<b><k>甲</k></b>",
        "x" * 20_000,
    ],
)
def test_a_template_that_is_no_template_is_refused_at_its_line(body):
    found = template.findings(HEAD + body + TAIL)
    assert {one.line for one in found} == {12}
    with pytest.raises(template.TemplateInvalid, match="第12行"):
        template.read(HEAD + body + TAIL)


def test_all_that_is_wrong_is_found_at_once():
    found = template.findings(HEAD + "{{ a\n<b>甲\n{% include 'x' %}" + TAIL)
    assert [one.line for one in found] == [12, 13, 14]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('code = "D900"', 'code = "../x"', 2),
        ('kind = "notice"', 'kind = "virus"', 4),
        ('item = "7"', "item = 7", 6),
        ("recipients = []", 'recipients = ["NOBODY"]', 7),
        ("approval = []", 'approval = ["J", "J"]', 8),
        ('name = "试写"', "", 1),
        ('name = "试写"', 'name = "试写"\nextra = 1', 4),
        ('name = "试写"', "name = ", 3),
        ("+++", "---", 1),
    ],
)
def test_a_wrong_header_is_refused_at_its_line(old, new, line):
    found = template.findings(HEAD.replace(old, new) + TAIL)
    assert found[0].line == line


def test_a_template_without_title_or_date_is_refused():
    assert template.findings(HEAD.replace("== 通知书\n", "") + TAIL)
    assert template.findings(HEAD)


def test_a_title_that_the_data_take_away_is_refused():
    text = HEAD.replace("== 通知书", "{% if a %}\n== 通知书\n{% endif %}") + TAIL
    with pytest.raises(template.DocumentIncomplete):
        template.render(template.read(text), {"a": None})


@pytest.mark.parametrize(
    "body",
    [
        "{% for i in (1..1000000000) %}甲{% endfor %}",
        "{% for i in (1..4000) %}{% for j in (1..4000) %}甲{% endfor %}{% endfor %}",
        "{% for i in (1..99999999999999999999999) %}甲{% endfor %}",
        "{% for i in (1..5000) %}{{ 长 }}{% endfor %}",
    ],
)
def test_an_endless_document_ends_at_once(body):
    started = time.monotonic()
    with pytest.raises((template.TemplateTooLarge, template.TemplateInvalid)):
        written(body, 长="甲" * 1000)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "text", ["{{" * 50_000, "{% if a %}" * 5_000, "<b>" * 30_000, "|" * 99_000]
)
def test_a_monstrous_template_is_read_in_no_time(text):
    started = time.monotonic()
    template.findings(text)
    template.findings(HEAD + text + TAIL)
    assert time.monotonic() - started < 2


def test_conditions_nested_too_deep_are_refused():
    body = "\n".join(["{% if a %}"] * 40 + ["甲"] + ["{% endif %}"] * 40)
    assert [one.sentence for one in template.findings(HEAD + body + TAIL)] == ["条件和循环套得太深"]


def test_data_nested_too_deep_and_texts_too_long_are_refused():
    deep: object = "甲"
    for _ in range(30):
        deep = [deep]
    for value in (deep, "甲" * 300_000, object(), b"bytes"):
        with pytest.raises(language.FieldInvalid):
            written("{{ a }}", a=value)


_TOKENS = (
    "{{ }} {% %} {%- -%} if a endif for i in endfor | 或: 1 <b> </b> == @@ ~~ ^^ 甲 ' \" . [ ] (1..9)"
    " 金额 名单 段落 first"
)
pieces = st.sampled_from([*re.findall(r"\S+", _TOKENS), " ", "\n", "\ufdd0", "\x00"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(pieces, max_size=25).map("".join), st.text(max_size=20))
def test_no_template_and_no_data_crash_the_reader(body, value):
    _template_is_answered(body, value)


@pytest.mark.soak
@settings(max_examples=60_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(pieces, max_size=60).map("".join), st.text(max_size=40))
def test_many_templates(body, value):
    _template_is_answered(body, value)


def _template_is_answered(body, value):
    text = HEAD + body + TAIL
    found = template.findings(text)
    assert all(1 <= one.line <= text.count("\n") + 1 for one in found)
    if not found:
        with contextlib.suppress(EngineError):
            template.render(template.read(text), {"a": value, "i": [value]})
