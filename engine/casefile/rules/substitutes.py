"""Who may be given the approval power of an office while its holder is away (DOMAIN §4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from . import reading
from .faults import RulesInvalid

FILE = "substitutes.toml"
OFFICES = ("bureau_director", "vice_president", "president")


@dataclass(frozen=True, slots=True)
class Eligible:
    office: str
    #: Whoever has one of these roles.
    roles: tuple[str, ...]


def read(text: str) -> Mapping[str, Eligible]:
    """By office; each office must be there, so that nobody is eligible by omission."""
    node = reading.toml(FILE, text)
    reading.only(FILE, node, OFFICES)
    return MappingProxyType({office: _eligible(office, node) for office in OFFICES})


def _eligible(office: str, node: reading.Node) -> Eligible:
    place = f"{FILE} {office}"
    part = reading.value(FILE, node, office, dict)
    reading.only(place, part, ("roles",))
    roles = reading.texts(place, part, "roles")
    if not roles:
        raise RulesInvalid(f"“{place}”缺少“roles”")
    return Eligible(office, roles)
