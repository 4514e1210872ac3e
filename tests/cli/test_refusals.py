"""What goes wrong is one clear line and exit code 1, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine import db

NEEDS_DATABASE = [
    ["deploy"],
    ["migrate"],
    ["audit", "verify"],
    ["verify", __file__],
    ["import-cases", __file__],
    ["clock", "set", "2030-01-05T09:00"],
    ["demo"],
    ["up"],
]


@pytest.fixture
def no_database(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nowhere?connect_timeout=2")
    monkeypatch.setenv("FENDUAN_DEMO", "1")
    monkeypatch.setattr(db, "_PATIENCE", 0.2)
    yield
    db._engines.pop(os.environ["DATABASE_URL"], None)


@pytest.mark.parametrize("command", NEEDS_DATABASE, ids=" ".join)
def test_without_a_database_it_says_what_to_do(fenduan, no_database, command):
    assert fenduan(*command).refuses().startswith("数据库连接不上，请检查 DATABASE_URL")


def test_an_empty_database_wants_to_be_set_up(fenduan, own_database):
    assert "请先运行 fenduan init" in fenduan("deploy").refuses()


@pytest.mark.parametrize("command", [["deploy"], ["verify", __file__], ["import-cases", __file__]])
def test_an_unknown_court_is_named(fenduan, court, command):
    assert "浙0101" in fenduan(*command, "--court", "浙0101").refuses()


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (["nope"], "nope"),
        (["audit", "nope"], "nope"),
        (["feel", "1", "--nope"], "--nope"),
        (["feel"], "EXPRESSION"),
        (["init", "--name", "甲"], "--code"),
        (["up", "--workers", "两个"], "--workers"),
        (["verify", "/no/such.pdf"], "/no/such.pdf"),
        (["verify", "/"], "/"),
        (["import-cases", "/no/such.csv"], "/no/such.csv"),
        (["deploy", "/no/such"], "/no/such"),
        (["check", "/no/such"], "/no/such"),
        (["play", "/no/such.bpmn"], "/no/such.bpmn"),
        (["play"], "流程文件"),
        (["calc", "--rules", "/no/such"], "/no/such"),
        (["calc", "--json", "/no/such"], "/no/such"),
        (["calc", "deadline", "--nope", "1"], "--nope"),
        (["feel", "a", "--context", "{"], "--context"),
        (["feel", "a", "--context", "[1]"], "--context"),
        (["play", __file__, "--variables", "{"], "--variables"),
        (["clock"], None),
    ],
)
def test_a_wrong_command_line_names_what_is_wrong(fenduan, command, word):
    if word is None:
        assert fenduan(*command).code == 1
    else:
        assert word in fenduan(*command).refuses()


def test_a_file_without_the_right_to_read_it_is_named(fenduan, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    file = tmp_path / "a.pdf"
    file.touch(mode=0)
    assert str(file) in fenduan("verify", file).refuses()


def test_a_process_of_its_own_ends_with_the_line_and_no_traceback(tmp_path):
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-m", "webui.cli", "feel", "1 +"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.count("\n") == 1 and "Traceback" not in ran.stderr
