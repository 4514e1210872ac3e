"""A worker process is killed at every point; the effect outside happens exactly once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process.draw import end, flow, process, service, start, user

ONE = process(start(), service("送", "送达"), user("看"), end(), flow("s", "送", "看", "e"))


@pytest.fixture(autouse=True)
def _once(request):
    if "not pruned" in request.node.name:
        pytest.skip("other processes always prune")


def run(point, ledger, minutes=0):
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONPATH": str(root)}
    script = Path(__file__).with_name("crashing_worker.py")
    return subprocess.run(
        [sys.executable, script, point, ledger, str(minutes)], env=environment, check=False
    ).returncode


@pytest.mark.parametrize(
    "point",
    [
        "in the claim",
        "after the claim",
        "in the call",
        "after the call",
        "before the settlement",
        "in the settlement",
    ],
)
def test_a_killed_worker_loses_nothing_and_repeats_nothing(host, tmp_path, point):
    ledger = tmp_path / "ledger"
    instance = host.start(ONE)
    assert run(point, ledger) == -9
    assert host.open() == [] and host.state(instance) == "running"
    host.sound()
    assert run("nowhere", ledger) == 0
    if point != "in the claim":
        assert host.open() == [], "the lease of the dead worker still runs"
    assert run("nowhere", ledger, minutes=20) == 0
    assert host.open() == ["看"] and host.history() == ["done"]
    assert len(ledger.read_text().split()) == 1, "the effect"
    calls = len(ledger.with_suffix(".calls").read_text().split())
    assert calls == (
        2 if point in ("after the call", "before the settlement", "in the settlement") else 1
    )


def test_a_job_that_kills_every_worker_becomes_an_incident(host, tmp_path):
    ledger = tmp_path / "ledger"
    host.start(ONE)
    for number in range(3):
        assert run("in the call", ledger, minutes=20 * number) == -9
    assert run("in the call", ledger, minutes=60) == 0
    assert host.incidents()[0]["error"].endswith("WorkerLost") and not ledger.exists()
    assert host.jobs()[0]["state"] == "failed"
