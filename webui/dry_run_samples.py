"""What a dry run proposes: the values of one of the folder's scenarios, and facts of an invented case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_origin

from engine import clock
from engine.casefile.matter import facts
from engine.process import folder, forms, scenarios
from engine.process.dry_runs import sketch
from engine.process.scenarios import ScenarioRefused
from webui import dry_run_rows
from webui.dry_run_rows import Row

#: The one fact whose entries the case file knows.
CASE = "案件"
_LIST = [{"value": "A1", "label": "示例一"}, {"value": "A2", "label": "示例二"}]
_INVENTED: Mapping[str, Any] = {
    "案号": "（2026）苏0199执1号",
    "案件类型": "执",
    "当前阶段": "asset_control",
}


@dataclass
class Sample:
    """What one scenario says, by the place it says it of."""

    #: When it begins; None: now.
    begin: datetime | None = None
    start: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: Service task -> its results, each time.
    results: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    #: User task -> what was submitted, each time.
    submitted: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    #: Message or signal -> its data.
    sent: dict[str, Mapping[str, Any]] = field(default_factory=dict)


def titles(files: Mapping[str, str]) -> dict[str, str]:
    """File of each scenario that can be read -> its title."""
    found = {}
    for name, text in sorted(files.items()):
        if folder.is_scenario(name):
            try:
                found[name] = scenarios.read(text).title or name
            except ScenarioRefused:
                continue
    return found


def read(files: Mapping[str, str], name: str) -> Sample:
    """Nothing at all, if there is no such scenario."""
    if name not in titles(files):
        return Sample()
    scenario = scenarios.read(files[name])
    found = Sample(
        scenario.begin,
        scenarios.plain(scenario.start.get("data", {})),
        scenarios.plain(scenario.start.get("facts", {})),
    )
    for element, given in scenario.operations.items():
        answers = given if isinstance(given, list) else [given]
        found.results[element] = [
            scenarios.plain(a.get("result", {})) for a in answers if isinstance(a, dict)
        ]
    for step in scenario.steps:
        data = scenarios.plain(step.get("data", {}))
        if "complete" in step:
            found.submitted.setdefault(step["complete"], []).append(data)
        for kind in ("message", "signal"):
            if kind in step:
                found.sent.setdefault(step[kind], data)
    return found


def turn(answers: list[Mapping[str, Any]] | None, before: int) -> Mapping[str, Any]:
    """The answer of this turn; the last one for every further turn."""
    return answers[min(before, len(answers) - 1)] if answers else {}


# ---------------------------------------------------------------- facts of the case


def fact_rows(files: Mapping[str, str], known: Mapping[str, Any], sample: Sample) -> list[Row]:
    """One for each fact that the folder names, with its value."""
    used = dict.fromkeys(sketch.facts_used(files).get(CASE, ()))
    used |= dict.fromkeys(known)
    told, types = facts.names(), facts.types()
    invented = {name: _invented(name, types.get(name)) for name in used}
    invented |= _chosen(files, sample)
    return [
        dry_run_rows.row(name, {**invented, **known}[name], told=told.get(name, ""))
        for name in used
    ]


def _chosen(files: Mapping[str, str], sample: Sample) -> dict[str, Any]:
    """Lists that forms offer, with the entries that the scenario chooses from them."""
    found: dict[str, Any] = {}
    for name, text in files.items():
        for one in forms.read(text).fields if name.endswith(".form") else ():
            fact = (one.choices_expression or "").strip().removeprefix(f"{CASE}.")
            given = [d.get(one.key) for step in sample.submitted.values() for d in step]
            values = [v for each in given for v in (each if isinstance(each, list) else [each])]
            texts = list(dict.fromkeys(str(v) for v in values if v is not None))
            if texts and f"{CASE}.{fact}" == (one.choices_expression or "").strip():
                found[fact] = [{"value": text, "label": text} for text in texts]
    return found


def _invented(name: str, kind: Any) -> Any:
    if name in _INVENTED:
        return _INVENTED[name]
    if get_origin(kind) is list:
        return _LIST
    simple: Mapping[Any, Any] = {
        bool: False,
        int: 0,
        Decimal: 0,
        date: clock.today(),
        datetime: clock.now().replace(microsecond=0),
    }
    return simple.get(kind)
