"""What is wrong with an expression, and where."""

from typing import Self

from engine.errors import EngineError


class FeelError(EngineError):
    """表达式有误"""

    code = "feel_error"

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        #: The Chinese sentence without the place.
        self.reason = reason
        #: Both count from 1.
        self.line = line
        self.column = column
        super().__init__(self._detail())

    def _detail(self) -> str:
        return located(self.reason, self.line, self.column)

    @classmethod
    def at(cls, reason: str, text: str, position: int) -> Self:
        return cls(reason, *place(text, position))


class FeelLimit(FeelError):
    """表达式的计算量超出限制"""

    code = "feel_limit"

    def _detail(self) -> str:
        return self.reason


def located(reason: str, line: int, column: int) -> str:
    return f"第{line}行第{column}列，{reason}"


def place(text: str, position: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
