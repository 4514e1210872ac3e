"""What new processes and files begin with: something that passes the check and that one goes on from."""

from dataclasses import dataclass
from uuid import uuid4

import orjson

from engine.casefile import labels
from engine.casefile.matter import matters
from engine.errors import EngineError
from engine.process.definitions import DIAGRAM
from engine.xml import attribute

_LANE = "承办法官"


class NameMissing(EngineError):
    """请填写流程名称"""

    code = "name_missing"


class MatterIncomplete(EngineError):
    """事项要填写编号、分组和至少一个办理阶段"""

    code = "matter_incomplete"


@dataclass(frozen=True)
class Matter:
    """What makes a process a matter of the judges' matter page."""

    code: str
    group: str
    stages: tuple[str, ...]


def folder(key: str, name: str, matter: Matter | None = None) -> dict[str, str]:
    """The files of a new process; ``matter`` None: a process that other processes start."""
    name = " ".join(name.split())
    if not name:
        raise NameMissing
    if matter is not None and not _is_whole(matter):
        raise MatterIncomplete
    properties = "" if matter is None else _properties(name, matter)
    text = _DIAGRAM.replace("{key}", key).replace("{properties}", properties)
    return {DIAGRAM: text.replace("{lane}", attribute(_LANE)).replace("{name}", attribute(name))}


def _is_whole(matter: Matter) -> bool:
    known = bool(matter.stages) and all(stage in labels.STAGES for stage in matter.stages)
    return bool(matter.code.strip()) and matter.group in matters.GROUPS and known


def _properties(name: str, matter: Matter) -> str:
    told = {
        "code": matter.code.strip(),
        "name": name,
        "group": matter.group,
        "stages": " ".join(matter.stages),
        "position": "900",
        "documents": "",
        "opens_in": "",
    }
    lines = "".join(
        f"\n      <fd:property name={attribute(key)} value={attribute(value)}/>"
        for key, value in told.items()
    )
    variable = '\n      <fd:variable name="事项" title="事项编号" type="text"/>'
    return f"<extensionElements>{lines}{variable}\n    </extensionElements>"


# ---------------------------------------------------------------- files of a folder

#: Kind of file -> how its name ends.
SORTS = {"form": ".form", "table": ".dmn", "scenario": ".toml"}


def file(sort: str, name: str) -> tuple[str, str]:
    """Name and text of a new form, decision table or scenario."""
    bare = name.strip().removesuffix(SORTS[sort])
    if sort == "form":
        content = {"type": "default", "schemaVersion": 18, "id": bare, "components": []}
        return f"{bare}.form", orjson.dumps(content, option=orjson.OPT_INDENT_2).decode() + "\n"
    if sort == "scenario":
        bare = bare.removeprefix("scenarios/")
        return f"scenarios/{bare}.toml", _SCENARIO.replace("{title}", bare.replace('"', ""))
    text = _TABLE.replace("{id}", f"decision_{uuid4().hex[:8]}")
    return f"{bare}.dmn", text.replace("{name}", attribute(bare))


_SCENARIO = """title = "{title}"

# 启动时带入的数据和案件事实
start = { data = {}, facts = { "案件" = {} } }

# 每一步：办结哪个任务（写任务的标识），填写什么，之后应当是什么情况
# [[step]]
# complete = "work"
# data = { "结论" = "同意" }
# ended = true
"""

_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="{id}_file" name={name} namespace="urn:fenduan:decisions">
  <decision id="{id}" name={name}>
    <variable id="{id}_variable" name={name}/>
    <decisionTable id="{id}_table" hitPolicy="FIRST">
      <input id="{id}_input" label="条件">
        <inputExpression id="{id}_expression" typeRef="number">
          <text>案件.执行标的</text>
        </inputExpression>
      </input>
      <output id="{id}_output" label="结果" name="结果" typeRef="string"/>
      <rule id="{id}_row">
        <inputEntry id="{id}_row_input">
          <text>-</text>
        </inputEntry>
        <outputEntry id="{id}_row_output">
          <text>"其他"</text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram>
      <dmndi:DMNShape dmnElementRef="{id}">
        <dc:Bounds height="80" width="180" x="160" y="100"/>
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""

_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:fd="urn:fenduan:bpmn:1" id="{key}_file" targetNamespace="urn:fenduan:workflows">
  <process id="{key}" name={name} isExecutable="true">
    {properties}
    <laneSet id="lanes">
      <lane id="lane_1" name={lane}>
        <flowNodeRef>opened</flowNodeRef>
        <flowNodeRef>work</flowNodeRef>
        <flowNodeRef>finished</flowNodeRef>
      </lane>
    </laneSet>
    <startEvent id="opened" name="开始"/>
    <userTask id="work" name="办理" fd:scope="handler"/>
    <endEvent id="finished" name="办结"/>
    <sequenceFlow id="opened_to_work" sourceRef="opened" targetRef="work"/>
    <sequenceFlow id="work_to_finished" sourceRef="work" targetRef="finished"/>
  </process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="{key}">
      <bpmndi:BPMNShape id="lane_1_shape" bpmnElement="lane_1" isHorizontal="true">
        <dc:Bounds x="120" y="60" width="760" height="200"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="opened_shape" bpmnElement="opened">
        <dc:Bounds x="212" y="132" width="36" height="36"/>
        <bpmndi:BPMNLabel>
          <dc:Bounds x="218" y="174" width="24" height="14"/>
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="work_shape" bpmnElement="work">
        <dc:Bounds x="400" y="110" width="120" height="80"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="finished_shape" bpmnElement="finished">
        <dc:Bounds x="702" y="132" width="36" height="36"/>
        <bpmndi:BPMNLabel>
          <dc:Bounds x="708" y="174" width="24" height="14"/>
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="opened_to_work_edge" bpmnElement="opened_to_work">
        <di:waypoint x="248" y="150"/>
        <di:waypoint x="400" y="150"/>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="work_to_finished_edge" bpmnElement="work_to_finished">
        <di:waypoint x="520" y="150"/>
        <di:waypoint x="702" y="150"/>
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</definitions>
"""
