"""One evaluation and what it may cost: steps, time of its own thread, size, depth of calls.

Whatever makes or walks a text or a list charges its size here, so that a short expression can
neither run for long nor fill the memory, whichever built-in it uses and whichever thread runs it.
"""

from collections.abc import Sized
from time import thread_time
from typing import Any

from engine.feel.errors import FeelLimit

MAX_TEXT = 20_000
MAX_NESTING = 60
#: Operators in a row, as in ``1 + 1 + 1``; each costs a Python frame.
MAX_CHAIN = 200
MAX_STEPS = 500_000
MAX_CALLS = 150
MAX_ITEMS = 100_000
MAX_STRING = 1_000_000
#: Seconds of processor time, so that a busy machine never makes a right expression fail.
MAX_SECONDS = 1.0
MAX_WARNINGS = 50
_CLOCK_EVERY = 255


class Run:
    """Counts what one evaluation has used, and keeps its warnings with their offset in the text."""

    __slots__ = ("calls", "until", "used", "warnings")

    def __init__(self) -> None:
        self.warnings: list[tuple[str, int | None]] = []
        self.used = 0
        self.calls = 0
        self.until: float | None = None

    def step(self, count: int = 1) -> None:
        self.used += count
        if self.used > MAX_STEPS:
            raise FeelLimit("步骤太多，请改得简单些")
        if count > 1 or not self.used & _CLOCK_EVERY:
            self.look_at_clock()

    def look_at_clock(self) -> None:
        moment = thread_time()
        if self.until is None:
            self.until = moment + MAX_SECONDS
        elif moment > self.until:
            raise FeelLimit("用时太长，请改得简单些")

    def charge(self, value: Any) -> Any:
        """The value itself, after its size has been counted."""
        kind = type(value)
        if kind is list or kind is dict:
            self.step(1 + len(value) // 10)
        elif kind is str and len(value) > 99:  # noqa: PLR2004
            self.step(len(value) // 100)
        return value

    def read(self, value: Sized) -> None:
        """Count an argument that a built-in is going to walk through."""
        size = len(value)
        if size > 99:  # noqa: PLR2004
            self.step(size // (1000 if type(value) is str else 100) + 1)

    def call(self) -> None:
        self.step()
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise FeelLimit("函数互相调用的层数太多")

    def warn(self, reason: str, position: int | None = None) -> None:
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append((reason, position))


def check_string(size: int) -> None:
    if size > MAX_STRING:
        raise FeelLimit("文字太长")


def check_items(size: int) -> None:
    if size > MAX_ITEMS:
        raise FeelLimit("列表太长")
