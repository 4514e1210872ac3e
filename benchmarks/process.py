"""What a step of a process costs: ``python benchmarks/process.py``. Plain SpiffWorkflow beside it, in one run.

plain        SpiffWorkflow as its manual shows it: JSON with its specs
state only   the same, specs parsed once and kept, JSON of the state only
ours         the fence

No database here; ``completing.py`` has the whole of a completion. Medians; only ratios within one run mean anything.
"""

import statistics
import warnings
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter
from SpiffWorkflow.util.task import TaskState

warnings.simplefilter("ignore")

from engine.process import check, spiff  # noqa: E402

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 3, 1, tzinfo=UTC)
STAGES = ["收案", "分案", "办理", "结案"]
DATA = {f"v{i}": f"第{i}项的值，大约二十个字左右的中文内容" for i in range(20)} | {"n": 0}


def diagram(*, back: bool, plain: bool = False, names: Sequence[str] = STAGES) -> str:
    """Tasks in a row, each with a reminder and a gateway behind it; ``back``: in a ring."""
    timer = '"P15D"' if plain else "P15D"
    parts = [
        '<startEvent id="s"/><endEvent id="e"/>',
        _xor("m"),
        _flow("s", "m"),
        _flow("m", names[0]),
    ]
    for number, name in enumerate(names):
        last = number + 1 == len(names)
        following = ("m" if back else "e") if last else names[number + 1]
        ways = f"x{number}"
        parts += [
            f'<userTask id="{name}"/><userTask id="催{number}"/><endEvent id="e{number}"/>',
            _reminder(f"b{number}", name, timer),
            _xor(ways, f"{ways}-y{number}"),
            _xor(f"y{number}"),
            _flow(name, ways),
            _flow(ways, f"y{number}"),
            _flow(f"y{number}", following),
            _flow(f"b{number}", f"催{number}"),
            _flow(f"催{number}", f"e{number}"),
            _flow(ways, "e", "n &gt; 4"),
        ]
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="f" targetNamespace="t">'
        f'<process id="p" isExecutable="true">{"".join(parts)}</process></definitions>'
    )


def _reminder(id_: str, on: str, timer: str) -> str:
    when = f"<timerEventDefinition><timeDuration>{timer}</timeDuration></timerEventDefinition>"
    return f'<boundaryEvent id="{id_}" attachedToRef="{on}" cancelActivity="false">{when}</boundaryEvent>'


def _xor(id_: str, default: str = "") -> str:
    return f'<exclusiveGateway id="{id_}"' + (f' default="{default}"/>' if default else "/>")


def _flow(source: str, target: str, when: str = "") -> str:
    inside = f"<conditionExpression>{when}</conditionExpression>" if when else ""
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


# ---------------------------------------------------------------- without a database


class Fence:
    def __init__(self, *, back: bool) -> None:
        self.definition = spiff.parse(diagram(back=back))
        instance, self.outcome = spiff.Instance.start(self.definition, "p", DATA, now=NOW)
        self.blob = instance.save()

    def step(self, value: str) -> None:
        task = next(t for t in self.outcome.user_tasks if t.element in STAGES)
        instance = spiff.Instance.load(self.definition, self.blob)
        self.outcome = instance.complete(task.id, {"v1": value}, now=NOW)
        self.blob = instance.save()

    def size(self) -> int:
        return len(self.blob)


class Plain:
    serializer = BpmnWorkflowSerializer()

    def __init__(self, *, back: bool, names: Sequence[str] = STAGES) -> None:
        self.names = names
        parser = BpmnParser()
        parser.add_bpmn_str(diagram(back=back, plain=True, names=names).encode())
        self.prepare(parser.get_spec("p"))
        workflow = BpmnWorkflow(parser.get_spec("p"))
        workflow.get_next_task(state=TaskState.READY).set_data(**DATA)
        workflow.do_engine_steps()
        self.blob = self.serializer.serialize_json(workflow)

    def prepare(self, spec: Any) -> None:
        """Nothing is kept between steps."""

    def step(self, value: str) -> None:
        workflow = self.serializer.deserialize_json(self.blob)
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        task = next(t for t in ready if t.task_spec.bpmn_id in self.names)
        task.data["v1"] = value
        task.run()
        workflow.do_engine_steps()
        self.blob = self.serializer.serialize_json(workflow)

    def size(self) -> int:
        return len(zlib.compress(self.blob.encode(), 1))


class _StateOnly(BpmnWorkflowConverter):
    spec: Any = None

    def to_dict(self, workflow: Any) -> dict[str, Any]:
        kept = workflow.spec, workflow.subprocess_specs
        workflow.spec, workflow.subprocess_specs = None, {}
        try:
            return super().to_dict(workflow)
        finally:
            workflow.spec, workflow.subprocess_specs = kept

    def from_dict(self, dct: dict[str, Any]) -> Any:
        return super().from_dict(dct | {"spec": type(self).spec})


class StateOnly(Plain):
    serializer = BpmnWorkflowSerializer(
        BpmnWorkflowSerializer.configure(DEFAULT_CONFIG | {BpmnWorkflow: _StateOnly})
    )

    def prepare(self, spec: Any) -> None:
        _StateOnly.spec = spec


def steps(
    make: Callable[..., Any], count: int, *, back: bool, repeats: int = 9
) -> tuple[float, int]:
    """Milliseconds of a step, and the bytes of the state at the end."""
    times, host = [], None
    for _ in range(repeats):
        host = make(back=back)
        for number in range(count):
            began = perf_counter()
            host.step(f"值{number}")
            times.append(perf_counter() - began)
    return statistics.median(times) * 1e3, host.size()


def without_database() -> None:
    print("load, step, save (no database), four tasks, 20 variables")
    for title, count, back, repeats in (("in a row", 3, False, 30), ("40 in a ring", 40, True, 3)):
        found = {
            name: steps(make, count, back=back, repeats=repeats)
            for name, make in (("plain", Plain), ("state only", StateOnly), ("ours", Fence))
        }
        ours = found["ours"][0]
        for name, (took, size) in found.items():
            print(
                f"  {title:>12} {name:>10}: {took:6.2f} ms, ours {ours / took:4.2f}×, state {size} B zlib 1"
            )
    print(
        f"  {'1000 tasks':>12} {'ours':>10}: state {steps(Fence, 1000, back=True, repeats=1)[1]} B zlib 1"
    )


def deployment() -> None:
    for path in sorted((ROOT / "workflows").rglob("*.bpmn")):
        written = path.read_text("utf-8")
        took = []
        for _ in range(5):
            began = perf_counter()
            check.diagram_findings(written)
            spiff.parse(written)
            took.append(perf_counter() - began)
        print(f"check and parse {path.stem}: {statistics.median(took) * 1e3:.1f} ms")


def main() -> None:
    without_database()
    deployment()


if __name__ == "__main__":
    main()
