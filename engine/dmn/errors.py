"""What is wrong with a decision, and where in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from engine.errors import EngineError
from engine.feel import FeelError


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a DMN file, as precise as it is known; ``row`` counts from 1."""

    decision: str = ""
    row: int | None = None
    column: str = ""
    #: The id of the XML element nearest to it that has one.
    element: str = ""

    def at_row(self, row: int) -> "Place":
        return replace(self, row=row)

    def at_column(self, column: str, element: str = "") -> "Place":
        return replace(self, column=column, element=element or self.element)

    def __str__(self) -> str:
        decision = f"「{self.decision}」" if self.decision else ""
        row = f"第{self.row}行" if self.row is not None else ""
        column = f"「{self.column}」" if self.column else ""
        return f"{decision}{row}{column}{'列' if row and column else ''}"


class DmnError(EngineError):
    """决策无法得出结果"""

    code = "dmn_error"

    def __init__(self, reason: str, place: Place | None = None) -> None:
        #: The Chinese sentence without the place.
        self.reason = reason
        self.place = place or Place()
        where = str(self.place)
        super().__init__(f"{where}，{reason}" if where else reason)


class NoDecision(EngineError):
    """这个文件里没有这样的决策"""

    code = "no_decision"


@contextmanager
def placed(place: Place) -> Iterator[None]:
    """A fault of an expression in here becomes one that names its place in the file."""
    try:
        yield
    except FeelError as error:
        raise DmnError(error.reason, place) from error
