"""The court's rules as one frozen object, read from a directory, from deployed texts, or as delivered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from engine import dmn

from . import (
    approval_times,
    deadlines,
    documents,
    fee,
    follow_ups,
    gates,
    interest,
    numbering,
    route,
    same_person,
    served,
    stages,
    substitutes,
    tables,
    working_days,
)
from .approval_times import Times
from .deadlines import Rule
from .documents import Document
from .faults import RulesInvalid
from .fee import Tariff
from .follow_ups import FollowUp
from .gates import Gate
from .interest import Terms
from .lengths import Length
from .numbering import Numbering
from .same_person import SamePerson
from .stages import Stages
from .substitutes import Eligible
from .working_days import Calendar

#: ``workflows/`` beside ``engine/``.
DELIVERED = Path(__file__).parents[3] / "workflows"
FOLDER = "rules"
CALENDAR = "calendar"
FILES = frozenset(
    (
        deadlines.FILE,
        stages.FILE,
        follow_ups.FILE,
        gates.FILE,
        documents.FILE,
        fee.FILE,
        interest.FILE,
        served.FILE,
        route.REASONS_FILE,
        numbering.FILE,
        substitutes.FILE,
        same_person.FILE,
        approval_times.FILE,
        *tables.FILES,
    )
)


@dataclass(frozen=True, slots=True)
class Rules:
    calendar: Calendar
    deadlines: Mapping[str, Rule]
    stages: Stages
    follow_ups: Mapping[str, FollowUp]
    gates: Mapping[str, Gate]
    documents: Mapping[str, Document]
    fees: Tariff
    interest: Terms
    notices: Mapping[str, Length]
    reasons: Mapping[str, str]
    numbering: Numbering
    #: Office -> who may act in it.
    substitutes: Mapping[str, Eligible]
    same_person: SamePerson
    approval_times: Times
    tables: Mapping[str, dmn.Model]
    #: SHA-256 of every text, stored with what the rules decided.
    digest: str


@cache
def delivered() -> Rules:
    return load(DELIVERED)


def load(source: Path | Mapping[str, str] | None = None) -> Rules:
    """From a directory (``workflows`` or its ``rules``), or texts by path; without either, as delivered.

    Raises RulesInvalid with the file and the place.
    """
    if source is None:
        return delivered()
    texts = _of_rules(_read(source) if isinstance(source, Path) else source)
    limits = deadlines.read(_text(texts, deadlines.FILE))
    found = stages.read(_text(texts, stages.FILE), limits)
    calendar = {name: text for name, text in texts.items() if name not in FILES}
    return Rules(
        calendar=working_days.read(calendar),
        deadlines=MappingProxyType(limits),
        stages=found,
        follow_ups=MappingProxyType(follow_ups.read(_text(texts, follow_ups.FILE), found.by_key)),
        gates=MappingProxyType(gates.read(_text(texts, gates.FILE), found.by_key)),
        documents=MappingProxyType(documents.read(_text(texts, documents.FILE))),
        fees=fee.read(_text(texts, fee.FILE)),
        interest=interest.read(_text(texts, interest.FILE)),
        notices=MappingProxyType(served.read(_text(texts, served.FILE))),
        reasons=MappingProxyType(route.read_reasons(_text(texts, route.REASONS_FILE))),
        numbering=numbering.read(_text(texts, numbering.FILE)),
        substitutes=substitutes.read(_text(texts, substitutes.FILE)),
        same_person=same_person.read(_text(texts, same_person.FILE)),
        approval_times=approval_times.read(_text(texts, approval_times.FILE)),
        tables=MappingProxyType(
            {file: tables.read(file, _text(texts, file)) for file in tables.FILES}
        ),
        digest=digest(texts),
    )


def digest(texts: Mapping[str, str]) -> str:
    whole = hashlib.sha256()
    for name in sorted(texts):
        for part in (name, texts[name]):
            whole.update(f"{len(part)}:{part}".encode())
    return whole.hexdigest()


def _read(directory: Path) -> dict[str, str]:
    folder = directory / FOLDER if (directory / FOLDER).is_dir() else directory
    if not folder.is_dir():
        raise RulesInvalid(f"没有找到目录“{directory}”")
    texts = {}
    for path in sorted([*folder.glob("*"), *(folder / CALENDAR).glob("*.toml")]):
        if path.suffix in {".toml", ".dmn"}:
            try:
                texts[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise RulesInvalid(f"文件“{path.name}”无法读取") from error
    return texts


def _of_rules(given: Mapping[str, str]) -> dict[str, str]:
    """Those that are read here, by their path below ``rules/``; others stand beside them."""
    texts = {}
    for name, text in given.items():
        path = PurePosixPath(name)
        inner = path.relative_to(FOLDER) if path.parts[:1] == (FOLDER,) else path
        if inner.as_posix() in FILES or inner.parent.name == CALENDAR:
            texts[inner.as_posix()] = text
    return texts


def _text(texts: Mapping[str, str], name: str) -> str:
    if name not in texts:
        raise RulesInvalid(f"缺少规则文件“{name}”")
    return texts[name]
