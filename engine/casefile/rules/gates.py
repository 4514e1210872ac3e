"""流转关口: what must hold before a stage can be left, as data, each with its state and its sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import reading
from .faults import RulesInvalid

if TYPE_CHECKING:
    from .deployed import Rules

FILE = "gates.toml"

State = Literal["met", "missing", "not_deployed"]


@dataclass(frozen=True, slots=True)
class Gate:
    code: str
    stage: str
    fact: str
    met: str
    missing: str
    matters: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    gate: Gate
    state: State

    @property
    def sentence(self) -> str:
        return self.gate.met if self.state == "met" else self.gate.missing

    @property
    def blocks(self) -> bool:
        return self.state == "missing"


def of_stage(rules: Rules, stage: str, *, path: str | None = None) -> list[Gate]:
    """The gates of leaving ``stage`` on ``path`` (a closing method, or none)."""
    return [
        gate
        for gate in rules.gates.values()
        if gate.stage == stage and (not gate.paths or path in gate.paths)
    ]


def check(
    rules: Rules,
    stage: str,
    facts: Mapping[str, bool],
    deployed: Collection[str],
    *,
    path: str | None = None,
) -> list[Checked]:
    """Each gate with its state. ``deployed`` holds matter codes; a gate none of whose matters is there does not block.

    A fact that is absent or not exactly true is missing.
    """
    return [
        Checked(gate, _state(gate, facts, deployed)) for gate in of_stage(rules, stage, path=path)
    ]


def _state(gate: Gate, facts: Mapping[str, bool], deployed: Collection[str]) -> State:
    if gate.matters and not any(matter in deployed for matter in gate.matters):
        return "not_deployed"
    return "met" if facts.get(gate.fact) is True else "missing"


def read(text: str, stages: Mapping[str, object]) -> dict[str, Gate]:
    node = reading.toml(FILE, text)
    reading.only(FILE, node, ("gate",))
    found: dict[str, Gate] = {}
    for part in reading.tables(FILE, node, "gate"):
        gate = _gate(part)
        if gate.code in found:
            raise RulesInvalid(f"“{FILE}”的编号“{gate.code}”重复")
        if gate.stage not in stages:
            raise RulesInvalid(f"“{FILE} {gate.code}”的阶段“{gate.stage}”不存在")
        found[gate.code] = gate
    return found


def _gate(node: reading.Node) -> Gate:
    place = f"{FILE} {reading.value(FILE, node, 'code', str)}"
    words = ("code", "stage", "fact", "met", "missing")
    reading.only(place, node, (*words, "matters", "paths"))
    code, stage, fact, met, missing = (reading.value(place, node, name, str) for name in words)
    matters, paths = (reading.texts(place, node, name) for name in ("matters", "paths"))
    return Gate(code, stage, fact, met, missing, matters, paths)
