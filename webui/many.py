"""One act on many things: each in a transaction of its own, so that one refusal does not undo the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import request

from engine import db
from engine.errors import EngineError

#: Said in full; of more only how many there were.
_SAID = 3


@dataclass
class Results:
    done: list[Any] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def sentence(self, act: str, counter: str) -> str:
        """已重试 3 项；1 项没有处理：… ."""
        said = f"已{act} {len(self.done)} {counter}" if self.done else f"没有{act}"
        if not self.refused:
            return said
        reasons = "；".join(dict.fromkeys(self.refused[:_SAID]))
        return f"{said}；{len(self.refused)} {counter}没有处理：{reasons}"


def each(ids: Iterable[UUID], function: Callable[..., Any], *args: Any) -> Results:
    """``function(session, viewer …, id, note …)``: ``args`` come around the id, first the viewer."""
    viewer, *rest = args
    results = Results()
    for id_ in ids:
        try:
            results.done.append(db.in_transaction(function, viewer, id_, *rest))
        except EngineError as error:
            results.refused.append(str(error))
    return results


def ticked(name: str = "row") -> list[UUID]:
    """The ids of the ticked rows, in their order; what is no id is left out."""
    found = [one_id(value) for value in request.values.getlist(name)]
    return list(dict.fromkeys(id_ for id_ in found if id_ is not None))


def one_id(text: str) -> UUID | None:
    """None for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None


def back_to(fallback: str) -> str:
    """The list that the dialog was opened from: a path below ours, never another site."""
    wanted = request.values.get("back", "")
    return wanted if wanted.startswith(("/instances", "/incidents")) else fallback
