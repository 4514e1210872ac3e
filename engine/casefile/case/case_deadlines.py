"""期限 of a case: the stage's, the case's and those of its property measures, each with how it was computed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine import clock, db
from engine.casefile import labels, rulebook
from engine.casefile.asset import assets
from engine.casefile.asset.assets import Asset
from engine.casefile.case.cases import Case
from engine.casefile.rules import deadlines, lengths
from engine.casefile.rules import stages as stage_rules
from engine.casefile.rules.deadlines import Deadline, Rule
from engine.casefile.rules.deployed import Rules
from engine.casefile.rules.lengths import Length
from engine.casefile.rules.spans import Span
from engine.casefile.rules.stages import Remaining
from engine.casefile.stage import stages
from engine.casefile.stage.stages import Entry

#: Why a stage's clock stands still.
PAUSES: Mapping[str, str] = {
    "suspension": "中止执行",
    "stay": "暂缓执行",
    "superior_stay": "上级法院暂缓执行",
    "appraisal": "评估",
    "auction": "网络拍卖",
    "public_notice": "公告",
    "refused_transfer": "流转被退回",
}
_UNITS: Mapping[str, str] = {"d": "日", "wd": "个工作日", "months": "个月", "y": "年", "h": "小时"}
#: The statutory period of the whole case, and the shortest before 终本.
_CASE, _FINAL = "DL42", "DL43"


@dataclass(frozen=True)
class Limit:
    """One line; ``how`` is the computation as a sentence, ``source`` its article."""

    name: str
    on: date
    remaining: Remaining | None
    how: str
    source: str
    tentative: bool = False
    #: What stands instead of the remaining days.
    words: str = ""


def of_case(session: db.Session, case: Case, entry: Entry | None) -> list[Limit]:
    """The stage's first, then the case's, then those of the measures by their day."""
    rules = rulebook.of_court(session, case.court_id)
    found = [_of_stage(session, rules, case, entry)] if entry is not None else []
    if case.accepted_at is not None and case.closed_on is None:
        found.append(_of_whole_case(rules, case))
        found += _of_final_path(rules, case)
    measures = [
        limit for asset in assets.of_case(session, case.id) for limit in _of_asset(rules, asset)
    ]
    return found + sorted(measures, key=lambda limit: limit.on)


# ---------------------------------------------------------------- the stage


def _of_stage(session: db.Session, rules: Rules, case: Case, entry: Entry) -> Limit:
    paused = stages.pauses(session, entry.id)
    today = clock.today()
    spans = [Span(first, last or max(first, today)) for _, first, last in paused]
    if case.closing_path == rulebook.FINAL_PATH:
        rule = deadlines.named(rules, str(rules.stages.by_key[entry.stage].limit_final))
        found = deadlines.compute(rules, rule, entry.entered_on, filed=case.filed_on, pauses=spans)
        long = f"立案满三个月后另留{words(rule.length)}"
    else:
        length = lengths.parse(entry.length)
        rule = stage_rules.stage_limit(rules, entry.stage, is_return=entry.is_return)
        found = deadlines.compute(rules, deadlines.unnamed(length), entry.entered_on, pauses=spans)
        long = f"自次日起算{words(length)}"
    start = f"{entry.entered_on} 进入{labels.STAGES[entry.stage]}，{long}"
    return Limit(
        name=f"{labels.STAGES[entry.stage]}阶段期限",
        on=case.stage_due_on or _day(found),
        remaining=rulebook.remaining_by(rules, case),
        how="；".join([start, *_pauses(paused, found.pause_days), *_end(found)]),
        source=rule.source or "院内规则 阶段期限",
        tentative=case.stage_due_tentative,
    )


def _pauses(paused: Sequence[tuple[str, date, date | None]], given: int) -> Iterator[str]:
    if not paused:
        yield "没有暂停"
        return
    for cause, first, last in paused:
        yield f"{PAUSES.get(cause, cause)} {first} 至 {last or '现在'}"
    yield f"暂停期间不计入，共顺延{given}日"


def _end(found: Deadline) -> Iterator[str]:
    if found.rolled_from is not None:
        yield f"末日 {found.rolled_from} 为休息日，顺延至 {found.due}"
    elif found.due is not None:
        yield f"末日 {found.due}"
    if found.tentative:
        yield "该年节假日安排尚未公布，公布后自动重算"


# ---------------------------------------------------------------- the case and its measures


def _of_whole_case(rules: Rules, case: Case) -> Limit:
    rule = deadlines.named(rules, _CASE)
    found = deadlines.compute(rules, rule, case.filed_on)
    return Limit(
        name=rule.name,
        on=_day(found),
        remaining=stage_rules.remaining(rules, _day(found), clock.today()),
        how="；".join([_since(case.filed_on, rule), *_end(found)]),
        source=rule.source,
        tentative=found.tentative,
    )


def _of_final_path(rules: Rules, case: Case) -> list[Limit]:
    """While it has not come, so that nobody closes for want of assets too early."""
    rule = deadlines.named(rules, _FINAL)
    found = deadlines.compute(rules, rule, case.filed_on)
    earliest = found.earliest
    if not isinstance(earliest, date) or earliest <= clock.today():
        return []
    return [
        Limit(
            name="可以终本的最早之日",
            on=earliest,
            remaining=None,
            how=f"{_since(case.filed_on, rule)}，届满后方可终结本次执行程序",
            source=rule.source,
            words="待满三个月",
        )
    ]


def _of_asset(rules: Rules, asset: Asset) -> Iterator[Limit]:
    for measure in asset.measures:
        if measure.state == "live" and measure.ends_on is not None:
            kind = labels.MEASURES[measure.kind]
            yield Limit(
                name=f"{asset.name} {kind}届满",
                on=measure.ends_on,
                remaining=stage_rules.remaining(rules, measure.ends_on, clock.today()),
                how=f"{measure.starts_on} {kind}，至 {measure.ends_on} 届满；到期前须办理续行",
                source="民诉法解释第485条",
            )


def _since(filed_on: date, rule: Rule) -> str:
    return f"{filed_on} 立案，自次日起算{words(rule.length)}"


def words(length: Length) -> str:
    """30日, 6个月."""
    return f"{length.count}{_UNITS[length.unit]}"


def _day(found: Deadline) -> date:
    if not isinstance(found.due, date):
        raise TypeError(f"no day: {found.due!r}")
    return found.due
