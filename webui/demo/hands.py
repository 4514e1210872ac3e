"""The worker of the demo's cases: this process and a second one that takes jobs beside it.

Signing takes most of the time and keeps one core busy, so the second process halves it. Both go by the same
moved clock: the second gets the moment with every call, and rests when it has no more jobs. Messages, timers
and receipts are this process's alone.

``python -m webui.demo.hands`` is the second process; it ends when its input does.
"""

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from engine import clock
from engine.process import operations, worker

Work = Callable[[], None]
#: Where the worker tells of calls that it will try again; the demo's incidents are made of such calls.
_log = logging.getLogger("engine.process.worker")


@contextmanager
def two() -> Iterator[Work]:
    """While it lasts: a function that does all that is due by now, on two cores; only what breaks is logged."""
    level = _log.level
    _log.setLevel(logging.ERROR)
    # Leaving it closes its input, which ends it.
    with subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        start_new_session=True,
    ) as second:
        try:
            yield lambda: _until_idle(second)
        finally:
            _log.setLevel(level)


def one() -> None:
    """All that is due by now, in this process alone."""
    worker.run_until_idle()


def _until_idle(second: "subprocess.Popen[str]") -> None:
    while True:
        moved = _move_on()
        _say(second, clock.offset())
        jobs = 0
        while worker.run_job():
            jobs += 1
        jobs += _heard(second)
        if not moved and not jobs:
            return


def _move_on() -> int:
    """Timers, messages and receipts until there are none; how many, so that jobs queue up before they are run."""
    count = 0
    # A list: every kind has its turn.
    while any(
        [
            worker.start_by_timer(),
            worker.fire_timer(),
            worker.deliver_message(),
            worker.read_receipt(),
        ]
    ):
        count += 1
    return count


def _say(second: "subprocess.Popen[str]", offset: timedelta) -> None:
    if second.stdin is None or second.poll() is not None:
        return
    try:
        second.stdin.write(f"{offset.total_seconds()}\n")
    except BrokenPipeError:
        return  # it has died; this process does the work alone


def _heard(second: "subprocess.Popen[str]") -> int:
    """How many jobs the second process has done; 0 if it is no more."""
    if second.stdout is None:
        return 0
    return int(second.stdout.readline() or 0)


def _serve() -> None:
    _log.setLevel(logging.ERROR)
    operations.load()
    for line in sys.stdin:
        clock.set_offset(timedelta(seconds=float(line)))
        count = 0
        while worker.run_job():
            count += 1
        sys.stdout.write(f"{count}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
