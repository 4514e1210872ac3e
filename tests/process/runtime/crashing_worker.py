"""A worker process that is killed at one point of its first job, as the kernel would. Run by test_crash."""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import engine.process  # noqa: F401
from engine import clock
from engine.process import endings, jobs, operations, worker

point, ledger, minutes = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
clock.move(timedelta(minutes=minutes))


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def provider(inputs, key):
    """Keeps the promise every provider must keep: the same key is the same effect."""
    if point == "in the call":
        die()
    done = ledger.read_text().split() if ledger.exists() else []
    with ledger.open("a") as file:
        if key not in done:
            file.write(f"{key}\n")
    with ledger.with_suffix(".calls").open("a") as file:
        file.write(f"{key}\n")
    if point == "after the call":
        die()
    return {"回执号": key}


operations.outside("送达", attempts=3, backoff=timedelta(seconds=10))(provider)


def dies_after(module, name):
    real = getattr(module, name)

    def wrapped(*args, **kwargs):
        result = real(*args, **kwargs)
        die()
        return result

    setattr(module, name, wrapped)


if point == "after the claim":
    dies_after(worker, "_read")
if point == "before the settlement":
    endings.settle = lambda *_: die()
if point == "in the settlement":
    # Everything is written, nothing is committed.
    dies_after(endings.steps, "go_on")
if point == "in the claim":
    dies_after(jobs, "claim")

worker.run_until_idle()
