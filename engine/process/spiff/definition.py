"""From a checked BPMN file to what instances run on: rewritten, parsed once, shared by all instances."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import (
    CallActivityParser,
    ConditionalGatewayParser,
    GatewayParser,
    SubWorkflowParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition

from engine import dmn, xml
from engine.process.spiff import gateways, repeats, specs
from engine.process.spiff.diagram import (
    NODES,
    OURS,
    Trigger,
    index,
    is_event_subprocess,
    local,
    triggers,
)
from engine.process.spiff.rewrite import original_id, rewrite


@dataclass(frozen=True)
class Start:
    """A way to start an instance; the host keeps the timer and listens for the message or signal."""

    process: str
    element: str
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True)
class Definition:
    processes: dict[str, Any]
    #: Subprocesses, event subprocesses and called processes by id.
    inner: dict[str, Any]
    starts: tuple[Start, ...]


def parse(
    text: str | bytes, decisions: Mapping[str, dmn.Model] = MappingProxyType({})
) -> Definition:
    """The definition; ``text`` must have passed ``engine.process.check``, which refuses what would run wrong.

    ``decisions``: the model of each decision that a business rule task may name; without it the task parks.
    """
    root = rewrite(xml.read(text))
    parser = _Parser(decisions, index(root))
    parser.add_bpmn_xml(root)
    names = list(parser.get_process_ids())
    processes = {original_id(name): parser.get_spec(name) for name in names}
    inner: dict[str, Any] = {}
    for name in names:
        inner.update(parser.get_subprocess_specs(name))
    for spec in [*processes.values(), *inner.values()]:
        _leave_reminders_alone(spec)
    starts = tuple(
        Start(name, original_id(start.name), start.triggers)
        for name, spec in processes.items()
        for start in spec.bpmn_start_events
    )
    return Definition(processes, inner, starts)


def _leave_reminders_alone(spec: Any) -> None:
    """The join behind a boundary event serves to cancel; a non-interrupting one has nothing to cancel.

    Without this every reminder that fires leaves a waiting join in the tree until the task ends.
    """
    for task_spec in spec.task_specs.values():
        if isinstance(task_spec, specs.BoundaryEvent) and not task_spec.cancel_activity:
            for name in [n for n in task_spec._outputs if n.endswith(".BoundaryEventJoin")]:
                task_spec._outputs.remove(name)
                spec.task_specs[name]._inputs.remove(task_spec.name)


# ---------------------------------------------------------------- parser classes


class _TaskParser(TaskParser):
    """Makes a task; ``connect`` joins it to what follows when all are made.

    SpiffWorkflow's own follows each flow at once and so recurses as deep as the diagram is long.
    """

    STANDARD_LOOP_CLASS = repeats.StandardLoopTask
    PARALLEL_MI_CLASS = repeats.ParallelMultiInstanceTask
    SEQUENTIAL_MI_CLASS = repeats.SequentialMultiInstanceTask
    EVENT_SUBPROCESS_CLASS = specs.SubProcess

    def parse_node(self) -> Any:
        """The task, or the split in front of it if boundary events are attached."""
        self.task = self.create_task()
        for loop in self.xpath("./bpmn:standardLoopCharacteristics"):
            self._add_loop_task(loop)
        for each in self.xpath("./bpmn:multiInstanceLoopCharacteristics"):
            self._add_multiinstance_task(each)
        self.process_parser.made.append(self)
        events = self.process_parser.get_boundary_events(self.bpmn_id)
        return self._add_boundary_event(events) if events else self.task

    def connect(self) -> None:
        """In the order in which the targets lie on the page, as SpiffWorkflow does."""
        flows = self.process_parser.get_outgoing_sequence_flows(self.bpmn_id)
        default = self.node.get("default")
        if len(flows) == 1 and hasattr(self.task, "ways"):
            # A gateway with one way out that has no condition always takes it.
            default = default or (
                None if self.parse_condition(flows[0]) is not None else flows[0].get("id")
            )
        for flow in sorted(flows, key=self._height):
            target = flow.get("targetRef")
            task_specs = self.spec.task_specs
            following = task_specs.get(f"{target}.BoundaryEventSplit") or task_specs[target]
            self.connect_outgoing(following, flow, flow.get("id") == default)

    def _height(self, flow: Any) -> float:
        return float(
            self.get_position(self.process_parser.get_node_by_id(flow.get("targetRef")))["y"]
        )


class _ReadsTriggers(_TaskParser):
    """Event definitions are read by us; SpiffWorkflow's task spec gets an empty one."""

    def create_task(self) -> Any:
        attributes: dict[str, Any] = {}
        if isinstance(self, BoundaryEventParser):
            attributes["cancel_activity"] = self.node.get("cancelActivity", "true") == "true"
        task = self._create_task(NoneEventDefinition(), **attributes)
        task.triggers = triggers(self.node, self.process_parser.parser.by_id)
        task.needs_all = self.node.get("parallelMultiple") == "true"
        if isinstance(self, StartEventParser):
            self.spec.start.connect(task)
        if isinstance(self, EndEventParser):
            task.connect(self.spec.end)
        return task

    def _create_task(
        self, definition: Any, cancel_activity: Any = None, parallel: Any = None
    ) -> Any:
        extra = {} if cancel_activity is None else {"cancel_activity": cancel_activity}
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=definition, **self.bpmn_attributes, **extra
        )


class _Start(_ReadsTriggers, StartEventParser):
    pass


class _End(_ReadsTriggers, EndEventParser):
    pass


class _Boundary(_ReadsTriggers, BoundaryEventParser):
    pass


class _SubProcess(_TaskParser, SubWorkflowParser):
    pass


class _Call(_TaskParser, CallActivityParser):
    pass


class _Service(_TaskParser):
    def create_task(self) -> Any:
        task = super().create_task()
        for call in self._own("operation"):
            task.operation = call.get("name")
        task.parameters = tuple((p.get("name"), p.get("value")) for p in self._own("parameter"))
        for simulation in self._own("simulation"):
            task.simulation = simulation.get("value")
        return task

    def _own(self, name: str) -> list[Any]:
        return list(self.node.iter(f"{{{OURS}}}{name}"))


class _Decision(_Service):
    def create_task(self) -> Any:
        task = super().create_task()
        task.decision = self.node.get(f"{{{OURS}}}decision", "")
        task.result = self.node.get(f"{{{OURS}}}result")
        task.model = self.process_parser.parser.decisions.get(task.decision)
        return task


class _Gateway(_TaskParser, GatewayParser):
    pass


class _Choice(_TaskParser, ConditionalGatewayParser):
    """Remembers which flow leads where, for conditions that are neither true nor false, and for the audit."""

    def connect_outgoing(
        self, outgoing_task: Any, sequence_flow_node: Any, is_default: Any
    ) -> None:
        self.task.ways = dict(self.task.ways) | {outgoing_task.name: sequence_flow_node.get("id")}
        super().connect_outgoing(outgoing_task, sequence_flow_node, is_default)


class _ProcessParser(ProcessParser):
    def add_tasks(self) -> None:
        """Event subprocesses are parsed and connected to the end, but nothing starts them but us.

        SpiffWorkflow would run those with an error or escalation at once, and has no way to interrupt.
        """
        self.made: list[_TaskParser] = []
        events: list[Any] = []
        others: list[Any] = []
        for node in self.node:
            if local(node) not in NODES or local(node) == "boundaryEvent":
                continue  # boundary events are made with what they are attached to
            (events if is_event_subprocess(node) else others).append(node)
        for node in others:
            self.parse_node(node)
        self.spec.event_subprocesses = [self._listener(node).name for node in events]
        for parser in self.made:
            parser.connect()

    def _listener(self, node: Any) -> Any:
        task_spec = self.parse_node(node)
        start = next(c for c in node if local(c) == "startEvent")
        task_spec.triggers = triggers(start, self.parser.by_id)
        task_spec.interrupting = start.get("isInterrupting", "true") == "true"
        task_spec.needs_all = start.get("parallelMultiple") == "true"
        task_spec._inputs.append(self.spec.start.name)
        task_spec.connect(self.spec.end)
        return task_spec


class _Parser(BpmnParser):
    def __init__(self, decisions: Mapping[str, dmn.Model], by_id: dict[str, Any]) -> None:
        super().__init__()
        self.decisions = decisions
        self.by_id = by_id

    PROCESS_PARSER_CLASS = _ProcessParser
    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        full_tag("startEvent"): (_Start, specs.StartEvent),
        full_tag("endEvent"): (_End, specs.EndEvent),
        full_tag("intermediateCatchEvent"): (_ReadsTriggers, specs.CatchEvent),
        full_tag("intermediateThrowEvent"): (_ReadsTriggers, specs.ThrowEvent),
        full_tag("boundaryEvent"): (_Boundary, specs.BoundaryEvent),
        full_tag("receiveTask"): (_ReadsTriggers, specs.ReceiveTask),
        full_tag("sendTask"): (_ReadsTriggers, specs.SendTask),
        full_tag("eventBasedGateway"): (_Gateway, specs.EventGateway),
        full_tag("exclusiveGateway"): (_Choice, gateways.ExclusiveGateway),
        full_tag("inclusiveGateway"): (_Choice, gateways.InclusiveGateway),
        full_tag("parallelGateway"): (_Gateway, gateways.ParallelGateway),
        full_tag("task"): (_TaskParser, defaults.NoneTask),
        full_tag("userTask"): (_TaskParser, defaults.UserTask),
        full_tag("manualTask"): (_TaskParser, defaults.ManualTask),
        full_tag("serviceTask"): (_Service, specs.ServiceTask),
        full_tag("businessRuleTask"): (_Decision, specs.DecisionTask),
        full_tag("subProcess"): (_SubProcess, specs.SubProcess),
        full_tag("transaction"): (_SubProcess, specs.Transaction),
        full_tag("callActivity"): (_Call, specs.CallActivity),
    }
