"""检查 and 场景 of a design: everything that is wrong with its files, and how its own examples run."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from lxml import etree

from engine import db, dmn, xml
from engine.casefile import labels
from engine.casefile.design import designs, shared_files
from engine.casefile.document import document_data, template_samples
from engine.casefile.matter import matters
from engine.casefile.rules import deployed as rules
from engine.casefile.rules.faults import RulesInvalid
from engine.dmn import check as dmn_check
from engine.documents import citations
from engine.documents import template as templates
from engine.errors import EngineError
from engine.process import check, operations, scenarios, spiff
from engine.process.check import Finding
from engine.process.definitions import DIAGRAM
from engine.process.scenarios import Result

#: Scopes of a user task whose people are found by the lane.
_BY_LANE = frozenset({"team", "court"})


@dataclass(frozen=True)
class Trial:
    """What a deployment asks for: no error, no red scenario."""

    findings: list[Finding]
    results: list[Result] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [f for f in self.findings if f.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        return [f for f in self.findings if f.severity != "error"]

    @property
    def failed(self) -> list[Result]:
        return [r for r in self.results if not r.passed]

    @property
    def is_green(self) -> bool:
        return not self.errors and not self.failed


def trial(session: db.Session, court_id: UUID, subject: str, files: Mapping[str, str]) -> Trial:
    """The check, and if it finds no error every scenario."""
    found = Trial(findings(session, court_id, subject, files))
    if found.errors or designs.is_shared(subject):
        return found
    return Trial(found.findings, scenarios.run(files))


def findings(
    session: db.Session, court_id: UUID, subject: str, files: Mapping[str, str]
) -> list[Finding]:
    """Everything that is wrong, errors first; each names its file and an element, or a line, in it."""
    if designs.is_shared(subject):
        name = designs.file_of(subject)
        found = [f.within(name) for f in _of_shared(session, court_id, subject, files[name])]
    else:
        found = check.folder(files, operations.registry())
        found += [f.within(DIAGRAM) for f in _of_process(subject, files.get(DIAGRAM, ""))]
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda f: (f.severity != "error", f.file != DIAGRAM, f.file))


# ---------------------------------------------------------------- what the court asks of a diagram


def _of_process(key: str, text: str) -> Iterator[Finding]:
    try:
        root = xml.read(text)
    except xml.XmlRefused:
        return
    process = next((p for p in spiff.children(root, "process") if p.get("id") == key), None)
    if process is None:
        yield Finding(
            "",
            "process-key",
            "error",
            f"流程图里没有标识为「{key}」的流程，请把流程的标识改回「{key}」。",
        )
        return
    yield from _lanes(process)
    properties = {
        element.get("name", ""): element.get("value") or ""
        for extension in spiff.children(process, "extensionElements")
        for element in extension.iter(f"{{{spiff.OURS}}}property")
    }
    if properties:
        for sentence in _matter(properties):
            yield Finding(key, "matter", "error", sentence)


def _lanes(process: etree._Element) -> Iterator[Finding]:
    """A task for a team or the court goes to those whose role is its lane."""
    held: dict[str, etree._Element] = {}
    for lane in process.iter(spiff.tag("lane")):
        members = [n.text.strip() for n in spiff.children(lane, "flowNodeRef") if n.text]
        held |= dict.fromkeys(members, lane)
    for task in process.iter(spiff.tag("userTask")):
        scope = task.get(f"{{{spiff.OURS}}}scope", "team")
        if scope not in _BY_LANE or task.get(f"{{{spiff.OURS}}}assignee"):
            continue
        id_ = task.get("id", "")
        lane_of = held.get(id_)
        if lane_of is None:
            sentence = f"“{task.get('name') or id_}”不在任何泳道里，不知道由谁办理，请放进泳道，或者把办理人改为承办人。"
            yield Finding(id_, "no-lane", "error", sentence)
        elif lane_of.get("name", "") not in labels.LANES:
            name = lane_of.get("name") or lane_of.get("id")
            sentence = f"泳道“{name}”不是本院的岗位，其中的任务会无人办理，请在属性中选择岗位。"
            yield Finding(lane_of.get("id", ""), "lane-role", "error", sentence)


def _matter(properties: Mapping[str, str]) -> Iterator[str]:
    """What ``matters.register`` needs of a matter's properties."""
    for name, title in (("code", "事项编号"), ("name", "事项名称"), ("stages", "办理阶段")):
        if not properties.get(name, "").strip():
            yield f"事项没有填写{title}，请在流程的属性中填写。"
    if properties.get("group", "") not in matters.GROUPS:
        yield "事项没有选择分组（线上、线下、强制措施、其他事项），请在流程的属性中选择。"
    for name in ("stages", "opens_in"):
        for stage in properties.get(name, "").split():
            if stage not in labels.STAGES:
                yield f"办理阶段「{stage}」不存在，请在流程的属性中重新选择。"
    if not properties.get("position", "0").strip().isdecimal():
        yield "事项的顺序不是整数，请改为整数，小的在前。"


# ---------------------------------------------------------------- shared files


def _of_shared(session: db.Session, court_id: UUID, subject: str, text: str) -> Iterator[Finding]:
    if subject.endswith(".wen"):
        yield from _of_template(session, court_id, subject, text)
        return
    if subject.endswith(".dmn"):
        yield from (found := list(_of_table(text)))
        if any(f.severity == "error" for f in found):
            return
    if sentence := _unreadable(session, court_id, subject, text):
        yield Finding("", "rules", "error", f"{sentence}。")


def _of_table(text: str) -> Iterator[Finding]:
    try:
        model = dmn.read(text)
    except xml.XmlRefused as refused:
        yield Finding("", "xml", "error", f"{refused}。")
        return
    for each in dmn_check.findings(model):
        yield Finding(each.element, each.rule, each.severity, each.message)


def _of_template(session: db.Session, court_id: UUID, subject: str, text: str) -> Iterator[Finding]:
    found = templates.findings(text)
    for each in found:
        yield Finding(str(each.line), "template", "error", f"第{each.line}行：{each.sentence}。")
    if found:
        return
    template = templates.read(text)
    code = designs.file_of(subject).removesuffix(".wen")
    if template.header.code != code:
        yield Finding(
            "1", "template-code", "error", f"说明部分的代码应为「{code}」，与文件名一致。"
        )
    try:
        templates.render(template, template_samples.data(session, court_id))
    except EngineError as error:
        yield Finding("", "template", "error", f"{error}。")


def _unreadable(session: db.Session, court_id: UUID, subject: str, text: str) -> str:
    """Why the rules cannot be used with this text in the place of the deployed one; empty if they can."""
    try:
        if subject == document_data.CITATIONS:
            citations.read(text)
        elif subject == document_data.PERIODS:
            tomllib.loads(text)
        elif subject.startswith("rules/"):
            held = shared_files.in_force(session, court_id, "rules/")
            others = {document_data.CITATIONS, document_data.PERIODS}
            texts = {path: f.text for path, f in held.items() if path not in others}
            rules.load(texts | {subject: text})
    except (citations.CitationsInvalid, RulesInvalid) as error:
        return str(error)
    except tomllib.TOMLDecodeError as error:
        return f"不是有效的 TOML 文件（{error}）"
    return ""
