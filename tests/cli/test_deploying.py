"""``fenduan init`` and ``deploy``: brought in once, never over what a court has changed itself."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine import db
from engine.audit import Actor
from engine.casefile.design import deployment, designs, shared_files
from engine.process import definitions

WORKFLOWS = Path(__file__).parents[2] / "workflows"
TEMPLATE, KEY = "documents/templates/D002.wen", "notify"
OURS = Actor(None, "林知夏")


def newest(court):
    return {v.subject: (v.number, v.author) for v in db.read_only(designs.newest, court.id)}


def test_deploying_twice_changes_nothing(fenduan, court):
    before = newest(court)
    ran = fenduan("deploy")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip() == f"新版本 0 项，没有变化 {len(before)} 项"
    assert newest(court) == before


@pytest.fixture
def delivered(tmp_path):
    folder = tmp_path / "workflows"
    shutil.copytree(WORKFLOWS, folder)
    return folder


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_is_new_in_the_delivery_becomes_a_version(fenduan, court, delivered):
    change(delivered / TEMPLATE, "+++\n", "+++\n# 新的一行\n")
    change(delivered / "matters" / KEY / "process.bpmn", 'name="事项发起"', 'name="事项开始"')
    ran = fenduan("deploy", delivered)
    assert ran.code == 0 and ran.out.startswith("新版本 2 项")
    assert newest(court)[TEMPLATE] == (2, "随版本交付")
    assert newest(court)[KEY] == (2, "随版本交付")


def test_what_the_court_has_changed_is_kept_and_the_difference_listed(fenduan, court, delivered):
    def edit(session):
        ours = shared_files.get(session, court.id, TEMPLATE).text + "本院加的一行。\n"
        shared_files.deploy(
            session, court.id, TEMPLATE, ours, author=OURS.name, reason="本院的惯例"
        )
        files = dict(designs.files(session, court.id, KEY))
        files["process.bpmn"] = files["process.bpmn"].replace('name="事项发起"', 'name="本院的"')
        definitions.deploy(session, court.id, KEY, files, author=OURS, reason="改名")

    db.in_transaction(edit)
    kept = newest(court)
    change(delivered / TEMPLATE, "+++\n", "+++\n# 新的一行\n")
    change(delivered / "rules" / "gates.toml", "# 流转关口", "# 各阶段的流转关口")
    ran = fenduan("deploy", delivered)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("新版本 1 项") and "没有覆盖 2 项" in ran.out
    for line in (
        f"{TEMPLATE} 第2版，林知夏，",
        "：本院的惯例",
        "-本院加的一行。",
        "+# 新的一行",
        f"{KEY} 第2版，林知夏，",
        'name="本院的"',
        'name="事项发起"',
    ):
        assert line in ran.out, line
    assert newest(court) == kept | {"rules/gates.toml": (2, "随版本交付")}
    # Nor by any later delivery, until the court takes the delivered text over itself.
    assert "没有覆盖 2 项" in fenduan("deploy", delivered).out
    assert newest(court)[TEMPLATE] == kept[TEMPLATE]


def test_what_the_court_has_taken_over_word_for_word_is_no_difference(court, delivered):
    change(delivered / TEMPLATE, "+++\n", "+++\n# 新的一行\n")

    def take_over(session):
        text = (delivered / TEMPLATE).read_text("utf-8")
        shared_files.deploy(session, court.id, TEMPLATE, text, author=OURS.name, reason="采用")

    db.in_transaction(take_over)
    report = db.in_transaction(deployment.deploy, court.id, delivered)
    assert (report.new, report.kept) == ([], [])


def test_a_faulty_diagram_deploys_nothing_at_all(fenduan, court, delivered):
    before = newest(court)
    change(delivered / TEMPLATE, "+++\n", "+++\n# 新的一行\n")
    change(
        delivered / "matters" / KEY / "process.bpmn",
        'name="documents.draft_set"',
        'name="documents.no_such"',
    )
    ran = fenduan("deploy", delivered)
    assert ran.code == 1 and "documents.no_such" in ran.err and "Traceback" not in ran.err
    assert newest(court) == before


def test_a_court_is_set_up_once(fenduan, own_database, monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    court = ["--code", "苏0199", "--name", "临江市人民法院", "--short-name", "临江法院"]
    ran = fenduan("init", *court, "--password", "linjiang-2026")
    assert ran.code == 0 and "已建立临江市人民法院（苏0199）" in ran.out, ran
    assert any((tmp_path / "pki").iterdir())
    assert "苏0199" in fenduan("init", *court, "--password", "linjiang-2026").refuses()
    assert fenduan("deploy").out.startswith("新版本 0 项")
    assert "数据库版本：" in fenduan("migrate").out
    other = ["--code", "苏0198", "--name", "乙法院", "--short-name", "乙法院"]
    assert fenduan("init", *other, "--password", "linjiang-2026").code == 0
    assert "苏0198" in fenduan("deploy").refuses()
    assert fenduan("deploy", "--court", "苏0198").code == 0


def test_without_a_password_nothing_is_set_up(fenduan, own_database):
    ran = subprocess.run(
        [sys.executable, "-m", "webui.cli", "init", "--code", "苏0199", "--name", "甲", "--short-name", "甲"],
        cwd=WORKFLOWS.parent,
        stdin=subprocess.DEVNULL,
        # Without a terminal to ask at.
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 1 and ran.stderr.strip().endswith("已取消，没有改动"), ran
    assert "Traceback" not in ran.stderr
    assert "请先运行 fenduan init" in fenduan("deploy").refuses()
