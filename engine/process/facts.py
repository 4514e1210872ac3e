"""What the host knows and process data do not: names such as ``案件`` that every expression of a diagram sees.

    facts.provide("案件", lambda session, subject: Facts(session, subject.case_id), entries=facts.titles)

A provider gives a mapping, which may work each entry out when it is asked for. It is called in the
transaction of the step, at the moment an expression names it, so a condition decides on the case as
it is then. What a gateway read is stored with its decision in the audit of the instance.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from engine import db


@dataclass(frozen=True)
class Subject:
    """Whose facts are asked for."""

    court_id: UUID
    instance_id: UUID
    case_id: UUID | None
    #: Key of the process definition, i.e. the matter.
    key: str
    stage: str | None
    now: datetime


Provider = Callable[[db.Session, Subject], Mapping[str, Any]]


@dataclass
class _Registry:
    providers: dict[str, Provider] = field(default_factory=dict)
    entries: dict[str, Callable[[], Collection[str]]] = field(default_factory=dict)


_registry = _Registry()


def provide(
    name: str, provider: Provider, *, entries: Callable[[], Collection[str]] | None = None
) -> None:
    """Makes ``name`` known in every diagram. ``entries``: all its entries, so that the check finds misspelt ones."""
    known = _registry.providers.get(name)
    if known is not None and known is not provider:
        raise ValueError(f"facts {name} are provided twice")
    _registry.providers[name] = provider
    if entries is not None:
        _registry.entries[name] = entries


def of(session: db.Session, subject: Subject) -> Mapping[str, Callable[[], Mapping[str, Any]]]:
    """Name -> its entries, worked out when called."""
    return {
        name: partial(provider, session, subject) for name, provider in _registry.providers.items()
    }


def names() -> Mapping[str, Collection[str] | None]:
    """Every name a diagram may use beside its own variables, with its entries; None: any."""
    return {
        name: _registry.entries[name]() if name in _registry.entries else None
        for name in _registry.providers
    }
