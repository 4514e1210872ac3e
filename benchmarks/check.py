"""How long a diagram is checked: ``python benchmarks/check.py``. A usual matter and one of a thousand elements."""

import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from engine.process import check, spiff

ROOT = Path(__file__).parent.parent
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="f" targetNamespace="t"><process id="p" isExecutable="true">'


def _flow(source: str, target: str, when: str = "") -> str:
    condition = f"<conditionExpression>{when}</conditionExpression>" if when else ""
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'


def large(tasks: int = 330) -> str:
    """Tasks in a row, each with a gateway behind it that may lead back to the first: about 4 elements a task."""
    parts = ['<startEvent id="s"/><endEvent id="e"/>', _flow("s", "t0")]
    for n in range(tasks):
        following = f"t{n + 1}" if n + 1 < tasks else "e"
        parts.append(
            f'<userTask id="t{n}"/><exclusiveGateway id="x{n}" default="x{n}-{following}"/>'
        )
        parts += [
            _flow(f"t{n}", f"x{n}"),
            _flow(f"x{n}", following),
            _flow(f"x{n}", "t0", "a &gt; 1"),
        ]
    return HEAD + "".join(parts) + "</process></definitions>"


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1000)
    return statistics.median(taken)


def main() -> None:
    matters = sorted((ROOT / "workflows" / "matters").glob("*/process.bpmn"))
    usual = [path.read_text(encoding="utf-8") for path in matters]
    for name, text, limit in (
        *((p.parent.name, t, 100) for p, t in zip(matters, usual, strict=True)),
        ("1000 elements", large(), 3000),
    ):
        checked = milliseconds(lambda text=text: check.diagram_findings(text))
        parsed = milliseconds(lambda text=text: spiff.parse(text))
        print(f"{name:24} check {checked:7.1f} ms  parse {parsed:7.1f} ms  limit {limit} ms")


if __name__ == "__main__":
    main()
