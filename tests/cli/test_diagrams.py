"""``fenduan check`` and ``play``: whole trees, single files, files of any kind; dry runs for people and programs."""

import json
from pathlib import Path

import pytest

WORKFLOWS = Path(__file__).parents[2] / "workflows"
MATTER = WORKFLOWS / "matters" / "notify" / "process.bpmn"
EMPTY = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="f" targetNamespace="t"/>'
)


def test_what_is_delivered_has_no_error(fenduan):
    ran = fenduan("check", WORKFLOWS)
    assert ran.code == 0, ran.out
    assert "错误" not in ran.out and ran.out.strip().endswith("个问题")


def test_a_faulty_tree_lists_every_fault_with_its_file(fenduan, tmp_path):
    matter = tmp_path / "matters" / "x"
    matter.mkdir(parents=True)
    (matter / "process.bpmn").write_text(
        MATTER.read_text("utf-8").replace('name="documents.draft_set"', 'name="documents.no_such"')
    )
    (matter / "a.form").write_text("{")
    (tmp_path / "t.wen").write_text("没有说明部分")
    (tmp_path / "b.bpmn").write_text("<broken")
    (tmp_path / "c.dmn").write_bytes(b"\xff\xfe\x00")
    ran = fenduan("check", tmp_path)
    assert ran.code == 1
    for place, words in (
        ("matters/x/process.bpmn", "documents.no_such"),
        ("matters/x/a.form", ""),
        ("t.wen [template]", "第"),
        ("b.bpmn [xml]", ""),
        ("c.dmn [encoding]", "UTF-8"),
    ):
        assert any(place in line and words in line for line in ran.out.splitlines()), place
    assert "no-diagram" not in ran.out


def test_one_file_and_json(fenduan, tmp_path):
    assert fenduan("check", MATTER).code == 0
    copy = tmp_path / "别的名字.bpmn"
    copy.write_bytes(MATTER.read_bytes())
    assert fenduan("check", copy).code == 0
    copy.write_text(EMPTY)
    ran = fenduan("check", "--json", copy)
    said = json.loads(ran.out)
    assert ran.code == 1 and said["files"] == 1 and said["findings"]
    for found in said["findings"]:
        assert list(found) == ["file", "element", "rule", "severity", "message"]
        assert found["file"] == str(copy) and found["message"].endswith("。") and found["rule"]


def test_json_of_a_folder_names_each_file_and_counts_all(fenduan, tmp_path):
    (tmp_path / "a.bpmn").write_text(EMPTY)
    (tmp_path / "b.bpmn").write_text("<broken")
    said = json.loads(fenduan("check", "--json", tmp_path).out)
    assert said["files"] == 2
    named = {f["file"] for f in said["findings"]}
    assert named == {str(tmp_path / "a.bpmn"), str(tmp_path / "b.bpmn")}
    assert json.loads(fenduan("check", "--json", MATTER).out) == {"files": 1, "findings": []}


def test_what_cannot_be_read_is_another_exit_code(fenduan, tmp_path):
    ran = fenduan("check", "--json", tmp_path / "没有.bpmn")
    assert (ran.code, ran.out) == (2, "") and "没有找到" in ran.err


def test_a_folder_of_forms_without_a_diagram_is_told(fenduan, tmp_path):
    (tmp_path / "a.form").write_text('{"type": "default", "components": []}')
    (tmp_path / "b.form").write_text('{"type": "default", "components": []}')
    assert "[no-diagram]" in fenduan("check", tmp_path).out


def test_broken_rules_are_told(fenduan, tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    for file in (WORKFLOWS / "rules").glob("*.*"):
        (rules / file.name).write_bytes(file.read_bytes())
    calendar = rules / "calendar"
    calendar.mkdir()
    for file in (WORKFLOWS / "rules" / "calendar").iterdir():
        (calendar / file.name).write_bytes(file.read_bytes())
    assert fenduan("check", tmp_path).code == 0
    (rules / "stages.toml").write_text("[[stage]]\n")
    ran = fenduan("check", tmp_path)
    assert ran.code == 1 and "[rules]" in ran.out and "stages.toml" in ran.out


def test_a_dry_run_tells_each_step_to_its_end(fenduan):
    ran = fenduan("play", MATTER)
    assert (ran.code, ran.err.count("错误")) == (0, 0)
    lines = ran.out.splitlines()
    assert lines[0].strip().startswith("1") and "启动" in lines[0]
    assert any("核对、签章并送达告知文书" in line and "承办法官" in line for line in lines)
    assert lines[-1] == "流程已经走完"


def test_a_faulty_diagram_is_not_played_but_explained(fenduan, tmp_path):
    file = tmp_path / "a.bpmn"
    for text in (EMPTY, "<broken", "不是 XML"):
        file.write_text(text)
        ran = fenduan("play", file)
        assert (ran.code, ran.out) == (1, "") and ran.err.startswith("[")
        assert "Traceback" not in ran.err
    file.write_bytes(b"\xff\xfe")
    assert "UTF-8" in fenduan("play", file).refuses()


def test_programs_get_an_answer_to_everything(fenduan):
    job = {"mode": "check", "bpmn": MATTER.read_text("utf-8")}
    ran = fenduan("play", "--json", given=json.dumps(job))
    assert ran.code == 0 and json.loads(ran.out)["kind"] in ("ran", "refused")
    ran = fenduan("play", "--json", given="{")
    assert ran.code == 0 and json.loads(ran.out)["kind"] == "error"
    ran = fenduan("play", "--jsonl", given=f"{json.dumps(job)}\n[]\nno json\n\n{json.dumps(job)}\n")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0 and [a["kind"] == "error" for a in answers] == [False, True, True, False]


@pytest.mark.parametrize("variables", ['{"甲": 1}', "{}"])
def test_variables_are_given_as_json(fenduan, variables):
    assert fenduan("play", MATTER, "--variables", variables).code == 0
