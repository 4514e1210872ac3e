"""``fenduan web``, ``worker``, ``up``, ``stop``: processes that start, say so, and end when they are told to."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.durability import acts

ROOT = Path(__file__).parents[2]


def start(*command, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "webui.cli", *command],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def end(process):
    """Told to end it does, without a traceback."""
    process.send_signal(signal.SIGTERM)
    try:
        said = process.communicate(timeout=30)[0]
    finally:
        process.kill()
    assert "Traceback" not in said, said
    return process.returncode


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def test_a_worker_works_and_ends_in_order(court, post_office):
    case_id = court.accept()
    acts.ask(court, case_id, "D002")
    worker = start("worker")
    try:
        assert worker.stdout.readline().strip() == "后台服务已启动"
        _until(lambda: post_office.mails)
    finally:
        assert end(worker) == 0
    _until(lambda: acts.rows("SELECT 1 FROM delivery WHERE state = 'sent'"))
    acts.sound(case_id)


def test_the_web_server_says_where_it_is(court):
    port = free_port()
    web = start("web", FENDUAN_PORT=port)
    try:
        line = web.stdout.readline().strip()
        if "make setup" in line:
            pytest.skip(line)
        assert line == f"http://127.0.0.1:{port}"
        assert httpx.get(f"{line}/login").status_code == 200
        other = start("web", FENDUAN_PORT=port)
        said = other.communicate(timeout=30)[0]
        assert other.returncode == 1 and port in said and "Traceback" not in said
    finally:
        assert end(web) == 0


def test_up_keeps_web_and_worker_running_and_ends_both(fenduan, own_database):
    port = free_port()
    up = start("up", FENDUAN_PORT=port)
    children = Path(f"/proc/{up.pid}/task/{up.pid}/children")
    if not children.exists():
        pytest.skip("the kernel does not tell whose children are whose")
    try:
        _until(lambda: len(children.read_text().split()) == 2)
        first = children.read_text().split()
        for line in up.stdout:
            if "make setup" in line:
                pytest.skip(line)
            if "后台服务已启动" in line:
                break
        # The second is the worker; somebody kills it.
        os.kill(int(first[1]), signal.SIGKILL)
        assert any("worker 意外结束（-9），正在重新启动" in line for line in up.stdout)
        _until(lambda: len(children.read_text().split()) == 2)
        _until(lambda: _answers(f"http://127.0.0.1:{port}/login"))
        last = children.read_text().split()
        assert first[0] in last and first[1] not in last
    finally:
        assert end(up) == 0
    assert not any(Path(f"/proc/{child}").exists() for child in last)


def _answers(url):
    try:
        return httpx.get(url).status_code < 500
    except httpx.TransportError:
        return False


def test_stopping_a_database_that_does_not_run_says_so(fenduan, monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    ran = fenduan("stop")
    assert (ran.code, ran.out.strip()) == (0, "数据库没有运行")


def _until(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it never happened")
