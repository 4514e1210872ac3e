"""A definition's folder as a whole: diagram, forms, tables and scenarios, and what each says of the others."""

from collections.abc import Collection, Iterator, Mapping

from engine import dmn, xml
from engine.dmn import check as dmn_check
from engine.process import facts, forms, scenarios
from engine.process.check.activities import Known
from engine.process.check.diagrams import diagram_findings
from engine.process.check.findings import Finding
from engine.process.folder import DIAGRAM, is_scenario
from engine.process.operations import Operation
from engine.process.spiff.diagram import OURS, id_of, tag

_KNOWN_ENDINGS = (".bpmn", ".form", ".dmn", ".toml", ".wen", ".md", ".txt")


def folder(
    files: Mapping[str, str], operations: Mapping[str, Operation] | None = None
) -> list[Finding]:
    """Every finding in a definition's files. ``operations``: those a service task may name; None: not asked."""
    found: list[Finding] = []
    if DIAGRAM not in files:
        found.append(
            Finding("", "no-diagram", "error", f"文件夹里没有流程图 {DIAGRAM}，请补上。", DIAGRAM)
        )
    models = {name: _model(text) for name, text in files.items() if name.endswith(".dmn")}
    known = Known(
        operations=operations,
        decisions=_decisions(models),
        forms=_forms(files),
        facts=facts.names(),
    )
    for name, text in files.items():
        found += [f.within(name) for f in _of_file(name, text, known, models.get(name))]
    if DIAGRAM in files:
        found += [f.within(name) for name, f in _unused(files)]
    return found


def _of_file(
    name: str, text: str, known: Known, model: "dmn.Model | Finding | None"
) -> Iterator[Finding]:
    if name.endswith(".bpmn"):
        yield from diagram_findings(text, known)
    elif name.endswith(".form"):
        yield from _form(name, text)
    elif is_scenario(name):
        yield from _scenario(name, text)
    elif isinstance(model, Finding):
        yield model
    elif model is not None:
        yield from _table(model)
    elif not name.endswith(_KNOWN_ENDINGS):
        yield Finding("", "unknown-file", "warning", f"平台不使用文件「{name}」，请删去。")


def _model(text: str) -> "dmn.Model | Finding":
    try:
        return dmn.read(text)
    except xml.XmlRefused as refused:
        return Finding("", "xml", "error", f"{refused}。")


def _decisions(models: Mapping[str, "dmn.Model | Finding"]) -> dict[str, Collection[str]]:
    found: dict[str, Collection[str]] = {}
    for model in models.values():
        if isinstance(model, dmn.Model):
            for decision in model.decisions:
                outputs = getattr(decision.logic, "outputs", ())
                found[decision.id] = [output.name for output in outputs] or [decision.name]
    return found


def _forms(files: Mapping[str, str]) -> dict[str, Collection[str]]:
    found: dict[str, Collection[str]] = {}
    for name, text in files.items():
        if name.endswith(".form"):
            try:
                found[name] = [field.key for field in forms.read(text).fields]
            except forms.FormRefused:
                found[name] = []
    return found


def _form(name: str, text: str) -> Iterator[Finding]:
    for fault in forms.faults(text):
        where = fault.component or name
        message = f"“{where}”：{fault.reason}，{fault.way_out}。"
        yield Finding(fault.component, fault.rule, "error", message)


def _scenario(name: str, text: str) -> Iterator[Finding]:
    try:
        scenarios.read(text)
    except scenarios.ScenarioRefused as refused:
        yield Finding("", "scenario", "error", f"“{name}”：{refused}。")


def _table(model: dmn.Model) -> Iterator[Finding]:
    for each in dmn_check.findings(model):
        yield Finding(each.element, each.rule, each.severity, each.message)


def _unused(files: Mapping[str, str]) -> Iterator[tuple[str, Finding]]:
    """Forms that no task opens, and forms that a renamed task has left behind."""
    try:
        root = xml.read(files[DIAGRAM])
    except xml.XmlRefused:
        return
    opened = set()
    for task in root.iter(tag("userTask")):
        opened |= {task.get(f"{{{OURS}}}form"), f"{id_of(task)}.form"}
    for name in files:
        if name.endswith(".form") and name not in opened:
            message = f"没有任务打开表单「{name}」，请在任务上选择它，或删去。"
            yield name, Finding("", "unused-form", "warning", message)
