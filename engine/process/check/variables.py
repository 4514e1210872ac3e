"""Names that no variable and no fact has, in every expression of a diagram.

Which variables there are is known only if the process declares what it starts with (``fd:variable``);
then forms, operations, decisions and messages must account for every other name. The entries of a fact
are known in any case.
"""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from engine import feel
from engine.process.check.activities import Known
from engine.process.check.findings import Finding, finding
from engine.process.check.scope import Element
from engine.process.spiff.diagram import OURS, children, first, id_of, local, tag, text_of

_TEXTS = (
    "conditionExpression",
    "condition",
    "loopCondition",
    "loopCardinality",
    "loopDataInputRef",
    "completionCondition",
)
_TIMES = ("timeDate", "timeDuration", "timeCycle")
_LOCAL = frozenset(["loopCounter"])


def variable_findings(process: Element, root: Element, known: Known) -> Iterator[Finding]:
    declared = set(_declared(process))
    names = declared | set(_written(process, root, known)) if declared else None
    for element, text in expressions(process):
        try:
            read = feel.compile(text)
        except feel.FeelError:
            continue  # has its own finding
        yield from _unknown_names(element, text, read, names, known.facts)
        yield from _unknown_entries(element, text, read, names or (), known.facts)


def expressions(process: Element) -> Iterator[tuple[Element, str]]:
    """Every FEEL text of a process, with the element it stands in."""
    for name in _TEXTS:
        for element in process.iter(tag(name)):
            yield element, text_of(element)
    for name in _TIMES:
        for element in process.iter(tag(name)):
            if text_of(element).startswith("="):
                yield element, text_of(element)[1:]
    for element in process.iter(f"{{{OURS}}}parameter", f"{{{OURS}}}simulation"):
        yield element, element.get("value", "")
    for task in process.iter(tag("userTask")):
        if task.get(f"{{{OURS}}}assignee"):
            yield task, task.get(f"{{{OURS}}}assignee", "")


def _unknown_names(
    element: Element,
    text: str,
    read: feel.Expression,
    names: set[str] | None,
    facts: Mapping[str, Collection[str] | None],
) -> Iterator[Finding]:
    if names is None:
        return
    for name in sorted(read.names - names - facts.keys() - _LOCAL):
        near = get_close_matches(name, [*names, *facts], 1, 0.5)
        hint = f"请改为「{near[0]}」" if near else "请改正名称，或在流程的启动数据里声明它"
        yield finding(element, "unknown-name", f"表达式「{text}」里的「{name}」没有任何来源", hint)


def _unknown_entries(
    element: Element,
    text: str,
    read: feel.Expression,
    names: Collection[str],
    facts: Mapping[str, Collection[str] | None],
) -> Iterator[Finding]:
    for path in sorted(read.paths):
        name, _, rest = path.partition(".")
        entries = facts.get(name)
        entry = rest.split(".")[0].strip()
        if not entry or entries is None or name in names or entry in entries:
            continue
        near = get_close_matches(entry, list(entries), 1, 0.5)
        hint = f"请改为「{name}.{near[0]}」" if near else "请从事实清单中选择"
        yield finding(
            element, "unknown-fact", f"表达式「{text}」里的「{name}.{entry}」不是已有的事实", hint
        )


# ---------------------------------------------------------------- where names come from


def _declared(holder: Element) -> Iterator[str]:
    for extension in children(holder, "extensionElements"):
        for variable in extension.iter(f"{{{OURS}}}variable"):
            yield variable.get("name", "")


def _written(process: Element, root: Element, known: Known) -> Iterator[str]:
    for message in children(root, "message"):
        yield from _declared(message)
    for each in process.iter(tag("multiInstanceLoopCharacteristics")):
        yield from (e.get("name") or id_of(e) for e in children(each, "inputDataItem"))
        yield from (e.get("name") or id_of(e) for e in children(each, "outputDataItem"))
        yield text_of(first(each, "loopDataOutputRef"))
    for task in process.iter(tag("userTask")):
        form = task.get(f"{{{OURS}}}form") or f"{id_of(task)}.form"
        yield from (known.forms or {}).get(form, ())
    for task in process.iter(tag("businessRuleTask")):
        yield from _decided(task, known)
    for call in process.iter(f"{{{OURS}}}operation"):
        operation = (known.operations or {}).get(call.get("name", ""))
        yield from (operation.results or () if operation else ())
    # What a called process writes goes into the same data.
    for call in process.iter(tag("callActivity")):
        called = next(
            (p for p in children(root, "process") if id_of(p) == call.get("calledElement")), None
        )
        if called is not None and called is not process and local(called) == "process":
            yield from _declared(called)


def _decided(task: Element, known: Known) -> Iterator[str]:
    result = task.get(f"{{{OURS}}}result")
    if result:
        yield result
    else:
        yield from (known.decisions or {}).get(task.get(f"{{{OURS}}}decision", ""), ())
