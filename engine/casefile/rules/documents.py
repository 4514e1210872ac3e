"""The catalogue of documents as far as rules ask for it: which exist, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import reading
from .faults import UnknownDocument

if TYPE_CHECKING:
    from .deployed import Rules

FILE = "documents.toml"


@dataclass(frozen=True, slots=True)
class Document:
    code: str
    name: str
    #: The facts its approval chain cannot do without.
    facts: tuple[str, ...] = ()
    direct_only: bool = False


def named(rules: Rules, code: str) -> Document:
    document = rules.documents.get(code)
    if document is None:
        raise UnknownDocument(value=code)
    return document


def read(text: str) -> dict[str, Document]:
    return {code: _document(code, node) for code, node in reading.toml(FILE, text).items()}


def _document(code: str, node: reading.Node) -> Document:
    place = f"{FILE} {code}"
    reading.only(place, node, ("name", "facts", "direct_only"))
    return Document(
        code,
        reading.value(place, node, "name", str),
        reading.texts(place, node, "facts"),
        reading.value(place, node, "direct_only", bool, default=False),
    )
