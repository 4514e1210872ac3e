"""What changed between two versions, in sentences and by element."""

from pathlib import Path

import pytest

from engine import config
from engine.casefile.design import deployment, design_changes, diagram_changes
from engine.casefile.design.diagram_changes import compare

NOTIFY = (config.ROOT / "workflows/matters/notify/process.bpmn").read_text("utf-8")
DELIVERY = (config.ROOT / "workflows/documents/delivery.bpmn").read_text("utf-8")


def told(old: str, new: str) -> list[str]:
    return [change.sentence for change in compare(old, new) if change.sentence]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'name="核对、签章并送达告知文书"',
            'name="核对"',
            "用户任务的名称由“核对、签章并送达告知文书”改为“核对”。",
        ),
        ('fd:due="P3D"', 'fd:due="PT4H"', "办理期限由“3天”改为“4小时”。"),
        ('fd:scope="handler"', 'fd:scope="team"', "办理人由“本案承办人”改为“团队中该岗位的人”。"),
        ('fd:screen="document"', 'fd:form="a.form"', "增加表单“a”。"),
        ('name="承办法官"', 'name="书记员"', "泳道的名称由“承办法官”改为“书记员”。"),
        (
            'name="matters.finish"',
            'name="matters.other"',
            "操作由“matters.finish”改为“matters.other”。",
        ),
        ('cancelActivity="true"', 'cancelActivity="false"', "增加触发后“不中断任务”。"),
        (
            'name="position" value="10"',
            'name="position" value="20"',
            "性质position由“10”改为“20”。",
        ),
    ],
)
def test_each_property_has_its_sentence(old: str, new: str, sentence: str) -> None:
    assert old in NOTIFY
    assert any(one.endswith(sentence) for one in told(NOTIFY, NOTIFY.replace(old, new)))


def test_a_condition_is_told_with_its_line() -> None:
    changed = DELIVERY.replace('送达方式 = "electronic"', '送达方式 = "email"')
    assert told(DELIVERY, changed) == [
        '“电子送达”的条件由“送达方式 = "electronic"”改为“送达方式 = "email"”。'
    ]


def test_a_task_put_between_two_others_is_one_sentence() -> None:
    changed = NOTIFY.replace(
        '<sequenceFlow id="draft_notices_to_issue_notices" sourceRef="draft_notices" targetRef="issue_notices"/>',
        '<userTask id="check" name="复核" fd:scope="handler"/>'
        '<sequenceFlow id="draft_notices_to_issue_notices" sourceRef="draft_notices" targetRef="check"/>'
        '<sequenceFlow id="new" sourceRef="check" targetRef="issue_notices"/>',
    )
    found = compare(NOTIFY, changed)
    assert [c.sentence for c in found if c.sentence] == [
        "“核对、签章并送达告知文书”前增加用户任务“复核”，办理人“本案承办人”。"
    ]
    assert {c.element for c in found if c.kind == "added"} == {"check", "new"}
    assert {c.element for c in found if c.kind == "changed"} == {"draft_notices_to_issue_notices"}
    gone = compare(changed, NOTIFY)
    assert [c.sentence for c in gone if c.sentence] == ["删除用户任务“复核”。"]


def test_a_moved_shape_is_only_moved() -> None:
    changed = NOTIFY.replace('<dc:Bounds x="205" y="92"', '<dc:Bounds x="225" y="92"')
    assert [(c.kind, c.element, c.sentence) for c in compare(NOTIFY, changed)] == [
        ("moved", "draft_notices", "")
    ]


def test_the_same_file_written_otherwise_is_the_same() -> None:
    spaced = NOTIFY.replace("/>", " />").replace("\n    ", "\n  ")
    assert compare(NOTIFY, spaced) == []


@pytest.mark.parametrize(
    "broken", ["", "<a", "<a/>", "no xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>']
)
def test_a_broken_diagram_is_no_crash(broken: str) -> None:
    compare(NOTIFY, broken)
    compare(broken, NOTIFY)


def test_everything_delivered_differs_from_nothing_in_sentences() -> None:
    for key, files in deployment.definition_folders(Path(config.ROOT / "workflows")).items():
        changes = design_changes.between({}, files)
        assert changes.count("added") > 0, key
        assert design_changes.between(files, files).sentences == []
        assert len(diagram_changes.compare("<a/>", files["process.bpmn"])) > 0


def test_a_form_and_a_table_are_told_field_by_field_and_row_by_row() -> None:
    old = '{"components": [{"type": "textfield", "key": "a", "label": "甲"}]}'
    new = (
        '{"components": [{"type": "textfield", "key": "a", "label": "乙", "validate": {"required": true}},'
        ' {"type": "number", "key": "b", "label": "丙"}]}'
    )
    (form,) = design_changes.between({"a.form": old}, {"a.form": new}).files
    assert form.sentences == ["增加字段“丙”。", "字段名称由“甲”改为“乙”。", "字段“乙”改为必填。"]
    table = (config.ROOT / "workflows/rules/stage1_route.dmn").read_text("utf-8")
    (changed,) = design_changes.between(
        {"t.dmn": table}, {"t.dmn": table.replace("&gt; 0", "&gt; 100", 1)}
    ).files
    assert changed.sentences == ["第 1 行的“> 0”改为“> 100”。"]
