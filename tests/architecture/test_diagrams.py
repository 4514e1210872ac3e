"""The delivered diagrams can be read: no line runs through a node or a label, no label lies on another thing."""

from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from engine import config, xml

DIAGRAMS = sorted(config.WORKFLOWS.rglob("*.bpmn"))
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_DI = "{http://www.omg.org/spec/DD/20100524/DI}"
_BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
#: Drawn around other nodes.
_AROUND = ("participant", "lane", "subProcess", "transaction")


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def within(self, margin: float) -> "Box":
        return Box(self.left + margin, self.top + margin, self.right - margin, self.bottom - margin)

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Line(NamedTuple):
    name: str
    ends: tuple[str, ...]
    points: list[tuple[float, float]]

    def runs_through(self, box: Box) -> bool:
        return any(
            Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])).meets(box)
            for a, b in pairwise(self.points)
        )


def _box(bounds) -> Box:
    x, y = float(bounds.get("x")), float(bounds.get("y"))
    return Box(x, y, x + float(bounds.get("width")), y + float(bounds.get("height")))


def read(path: Path) -> tuple[dict[str, Box], dict[str, Box], list[Line]]:
    """(nodes, labels, lines) of a diagram, by their elements' ids."""
    root = xml.read(path.read_bytes())
    elements = {e.get("id"): e for e in root.iter() if e.get("id")}
    nodes, labels, lines = {}, {}, []
    for drawn in root.iter(_BPMNDI + "BPMNShape", _BPMNDI + "BPMNEdge"):
        key = drawn.get("bpmnElement")
        element = elements[key]
        kind = element.tag.removeprefix(_BPMN)
        label = drawn.find(f"{_BPMNDI}BPMNLabel/{_DC}Bounds")
        if label is not None and element.get("name"):
            labels[key] = _box(label)
        if drawn.tag == _BPMNDI + "BPMNEdge":
            points = [(float(p.get("x")), float(p.get("y"))) for p in drawn.iter(_DI + "waypoint")]
            ends = tuple(filter(None, (element.get("sourceRef"), element.get("targetRef"))))
            lines.append(Line(key, ends, points))
        elif not (kind in _AROUND and drawn.get("isExpanded", "true") == "true"):
            nodes[key] = _box(drawn.find(_DC + "Bounds"))
    return nodes, labels, lines


def faults(path: Path) -> list[str]:
    nodes, labels, lines = read(path)
    root = xml.read(path.read_bytes())
    host = {e.get("id"): e.get("attachedToRef") for e in root.iter(_BPMN + "boundaryEvent")}
    found = []
    for line in lines:
        found += [
            f"{line.name} 穿过 {k}" for k, b in nodes.items() if line.runs_through(b.within(1))
        ]
        found += [
            f"{line.name} 压住 {k} 的名称"
            for k, b in labels.items()
            if line.runs_through(b.within(2))
        ]
    for (one, a), (other, b) in combinations(nodes.items(), 2):
        if a.meets(b.within(1)) and host.get(one) != other and host.get(other) != one:
            found.append(f"{one} 与 {other} 重叠")
    for key, label in labels.items():
        found += [f"{key} 的名称压住 {k}" for k, b in nodes.items() if label.meets(b.within(2))]
    for (one, a), (other, b) in combinations(labels.items(), 2):
        if a.meets(b.within(1)):
            found.append(f"{one} 与 {other} 的名称重叠")
    return found


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda p: p.parent.name)
def test_a_delivered_diagram_can_be_read(path):
    assert faults(path) == []


def test_the_control_finds_a_line_through_a_node():
    line = Line("f", ("a", "b"), [(0, 10), (100, 10)])
    assert line.runs_through(Box(40, 0, 60, 20))
    assert not line.runs_through(Box(40, 11, 60, 20))
