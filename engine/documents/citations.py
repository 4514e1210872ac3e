"""Articles of law by key, as they are quoted on a given day: the law is data, templates hold keys.

The table is ``workflows/rules/citations.toml``; a court edits it there when numbers change.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from engine.errors import EngineError


class CitationsInvalid(EngineError):
    """法条对照表有误"""

    code = "citations_invalid"


@dataclass(frozen=True)
class Citation:
    key: str
    law: str  #: the full name, without book-title marks
    article: str  #: 第二百五十一条
    valid_from: date

    @property
    def text(self) -> str:
        return f"《{self.law}》{self.article}"


def read(text: str) -> tuple[Citation, ...]:
    """All citations of the table. Raises CitationsInvalid."""
    try:
        rows = tomllib.loads(text)["citation"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise CitationsInvalid(str(error)) from error
    names = {field.name: field.type for field in fields(Citation)}
    found = []
    for number, row in enumerate(rows, start=1):
        if row.keys() != names.keys() or not all(
            isinstance(value, date if name == "valid_from" else str) and value
            for name, value in row.items()
        ):
            raise CitationsInvalid(f"第{number}条应写明{'、'.join(names)}")
        found.append(Citation(**row))
    pairs = [(one.key, one.valid_from) for one in found]
    if len(set(pairs)) != len(pairs):
        raise CitationsInvalid("同一个键在同一天有两条")
    return tuple(found)


def on(citations: Iterable[Citation], day: date) -> dict[str, str]:
    """Key → text, as ``法条`` for a template: of each key the last that is in force on ``day``."""
    in_force = sorted(
        (one for one in citations if one.valid_from <= day), key=lambda one: one.valid_from
    )
    return {one.key: one.text for one in in_force}
