"""A folder as a whole: diagram, forms, tables, scenarios, and what each says of the others."""

import json

import pytest

from engine.process import check, facts, operations
from engine.process.operations import Operation, Parameter
from tests.process.draw import each, end, flow, process, service, start, user, xor
from tests.process.spiff.test_decisions import TABLE, decide

FORM = json.dumps(
    {"type": "default", "components": [{"type": "textfield", "key": "结论", "label": "结论"}]}
)
VARIABLES = '<extensionElements><fd:variable name="金额" type="number"/></extensionElements>'


def line(*parts, more=""):
    ids = [p.split('id="')[1].split('"')[0] for p in parts]
    return process(more, start(), *parts, end(), flow("s", *ids, "e"))


def found(files, known=None):
    return [(f.file, f.rule, f.element) for f in check.folder(files, known)]


def test_a_clean_folder_has_no_findings():
    files = {
        "process.bpmn": line(
            user("甲"), decide("定", decision="level", result="级别"), more=VARIABLES
        ),
        "甲.form": FORM,
        "approval.dmn": TABLE,
        "scenarios/a.toml": '[[step]]\ncomplete = "甲"',
    }
    assert found(files, {}) == []


def test_everything_wrong_in_every_file_comes_at_once():
    files = {
        "process.bpmn": line(user("甲"), service("送", "无"), decide("定", decision="别的")).replace("endEvent", "complexGateway"),
        "甲.form": "{",
        "乙.form": FORM,
        "a.dmn": "<x",
        "scenarios/a.toml": "titel = 1",
        "x.exe": "",
    }  # fmt: skip
    assert {(file, rule) for file, rule, _ in found(files, {})} >= {
        ("process.bpmn", "unknown-operation"),
        ("process.bpmn", "unknown-decision"),
        ("process.bpmn", "complex-gateway"),
        ("甲.form", "form-json"),
        ("乙.form", "unused-form"),
        ("a.dmn", "xml"),
        ("scenarios/a.toml", "scenario"),
        ("x.exe", "unknown-file"),
    }


def test_a_folder_without_diagram():
    assert found({}) == [("process.bpmn", "no-diagram", "")]


def test_a_form_that_is_not_there():
    text = line(user("甲")).replace('<userTask id="甲"', '<userTask id="甲" fd:form="无.form"')
    assert found({"process.bpmn": text}) == [("process.bpmn", "unknown-form", "甲")]


@pytest.mark.parametrize(
    ("attributes", "rule"),
    [
        ('fd:due="三天"', "task-due"),
        ('fd:priority="高"', "task-priority"),
        ('fd:screen="其他"', "extension-value"),
        ('fd:scope="all"', "extension-value"),
        ('fd:assignee="1 +"', "expression"),
        ('fd:form="f.form" fd:screen="transfer"', "form-and-screen"),
        ('fd:colour="red"', "unknown-extension"),
    ],
)
def test_our_own_attributes_are_checked(attributes, rule):
    text = line(user("甲")).replace('<userTask id="甲"', f'<userTask id="甲" {attributes}')
    assert ("甲", rule) in {(f.element, f.rule) for f in check.diagram_findings(text)}


@pytest.mark.parametrize(
    ("extension", "rule"),
    [
        ("<fd:operation/>", "extension-value"),
        ("<fd:property name='x'/>", "unknown-extension"),
        ("<fd:anything/>", "unknown-extension"),
        ("<fd:operation name='a' retries='3'/>", "unknown-extension"),
    ],
)
def test_our_own_elements_are_checked(extension, rule):
    text = line(
        f'<serviceTask id="送"><extensionElements>{extension}</extensionElements></serviceTask>'
    )
    assert ("送", rule) in {(f.element, f.rule) for f in check.diagram_findings(text)}


def test_parameters_are_those_the_operation_declares():
    known = {
        "送达": Operation(
            name="送达",
            title="送达文书",
            params=(Parameter("文书", "文书", "text"), Parameter("备注", "备注", required=False)),
        )
    }
    text = line(service("送", "送达", 收件人="1"))
    assert found({"process.bpmn": text}, known) == [
        ("process.bpmn", "unknown-parameter", "送"),
        ("process.bpmn", "missing-parameter", "送"),
    ]
    assert found({"process.bpmn": line(service("送", "送达", 文书="1", 备注="2"))}, known) == []


# ---------------------------------------------------------------- names


def route(condition, more=VARIABLES):
    return process(
        more,
        start(),
        user("甲"),
        decide("定", decision="level", result="级别"),
        service("送", "送达"),
        user("表", each("名单", "人", results="票", result="一票")),
        xor("x", "x-乙"),
        user("乙"),
        user("丙"),
        end(),
        end("e2"),
        flow("s", "甲", "定", "送", "表", "x", "乙", "e"),
        flow("x", "丙", when=condition),
        flow("丙", "e2"),
    )


def names(condition, more=VARIABLES):
    known = {"送达": Operation(name="送达", title="送达", params=(), results=("送达日", "名单"))}
    files = {"process.bpmn": route(condition, more), "甲.form": FORM, "a.dmn": TABLE}
    return [(f.rule, f.element, f.message) for f in check.folder(files, known)]


@pytest.mark.parametrize(
    "condition",
    [
        "金额 &gt; 1",
        "结论 = &quot;同意&quot;",
        "级别 = &quot;局长&quot;",
        "送达日 &gt; today()",
        "count(票) &gt; 1",
        "some n in 名单 satisfies n = 1",
    ],
)
def test_every_source_of_a_name_counts(condition):
    assert names(condition) == []


def test_a_misspelt_name_is_found_at_its_flow_with_what_was_probably_meant():
    ((rule, element, message),) = names("结沦 = 1")
    assert (rule, element) == ("unknown-name", "x-丙") and "请改为「结论」" in message


def test_a_process_that_declares_nothing_is_not_asked():
    assert names("任意 = 1", more="") == []


def test_entries_of_facts_are_known_in_any_case(monkeypatch):
    monkeypatch.setattr(facts._registry, "providers", {})
    monkeypatch.setattr(facts._registry, "entries", {})
    facts.provide("案件", lambda session, subject: {}, entries=lambda: ["执行标的", "财产数"])
    assert names("案件.执行标的 &gt; 1", more="") == []
    ((rule, element, message),) = names("案件.执行标得 &gt; 1", more="")
    assert (rule, element) == ("unknown-fact", "x-丙") and "请改为「案件.执行标的」" in message


def test_the_registry_is_what_the_check_takes():
    assert all(isinstance(o, Operation) for o in operations.registry().values())
