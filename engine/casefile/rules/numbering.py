"""The parts of a 案号 and of document numbers, as the court's data (DOMAIN §6.3–6.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import reading
from .faults import RulesInvalid

FILE = "numbering.toml"


@dataclass(frozen=True, slots=True)
class Numbering:
    """``second`` is written after the 案号 of a second and later ruling, with ``{number}`` in Chinese."""

    #: The first year whose numbers follow this grammar.
    first_year: int
    supreme: str
    provinces: str
    #: Type codes with their names.
    types: Mapping[str, str]
    second: str
    seal_register: str


def read(text: str) -> Numbering:
    node = reading.toml(FILE, text)
    reading.only(
        FILE, node, ("first_year", "supreme", "provinces", "type", "document", "seal_register")
    )
    first_year = reading.value(FILE, node, "first_year", int)
    if first_year < 1:
        raise RulesInvalid(f"“{FILE}”的“first_year”须为年度")
    types = reading.value(FILE, node, "type", dict)
    document = reading.value(FILE, node, "document", dict)
    register = reading.value(FILE, node, "seal_register", dict)
    return Numbering(
        first_year,
        reading.value(FILE, node, "supreme", str),
        reading.value(FILE, node, "provinces", str),
        {code: reading.value(FILE, types, code, str) for code in types},
        reading.value(FILE, document, "second", str),
        reading.value(FILE, register, "format", str),
    )
