"""The deployed rules of a court, applied to its cases. Pages, steps and ``fenduan calc`` share the functions below it.

The rules' texts are shared files; parsed once for each set of versions in force.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine import clock, db
from engine.casefile.case.cases import Case
from engine.casefile.design import shared_files
from engine.casefile.rules import approval as approvals
from engine.casefile.rules import approval_times, deadlines, follow_ups, lengths, stages
from engine.casefile.rules import deployed as rules_
from engine.casefile.rules import gates as rule_gates
from engine.casefile.rules import route as routes
from engine.casefile.rules import served as delivery
from engine.casefile.rules.approval import Approval
from engine.casefile.rules.approval_times import Due as LevelDue
from engine.casefile.rules.deployed import Rules
from engine.casefile.rules.follow_ups import FollowUp
from engine.casefile.rules.gates import Checked
from engine.casefile.rules.spans import Span
from engine.casefile.rules.stages import Remaining
from engine.process import values

if TYPE_CHECKING:
    from engine.casefile.matter.facts import Facts

PREFIX = "rules/"
#: The limit of closing for want of assets, which also waits for three months (DL43).
FINAL_PATH = "终本"
#: Read by the documents, not by the rules.
_NOT_RULES = frozenset({"rules/citations.toml", "rules/periods.toml"})

#: 后续事项 -> what the judge states by it; the tables take it as a fact (DOMAIN §2.4).
_STATED: Mapping[str, str] = {
    "F14": "no_property",
    "F15": "obligation_met",
    "F16": "terminating_ground",
    "F22": "no_other_property",
    "F23": "performed",
    "F24": "new_clue",
    "F31": "fully_paid",
    "F33": "assets_left",
    "F34": "new_clue",
}
#: 后续事项 that keeps the stage -> the cause of the pause it opens, if any.
_OVERLAYS: Mapping[str, str] = {"F17": "suspension"}


@dataclass(frozen=True)
class Due:
    on: date
    tentative: bool
    earliest: date | None = None


@dataclass(frozen=True)
class Route:
    """Where a case goes, why, and the rows that decided."""

    #: enter, none, advance, return, stay, close, reject
    action: str
    to: str | None
    path: str | None
    sentence: str
    detail: Mapping[str, Any]


def of_court(session: db.Session, court_id: UUID, day: date | None = None) -> Rules:
    """The rules in force on that day (default today)."""
    files = shared_files.in_force(session, court_id, PREFIX, day)
    return _loaded(
        tuple(sorted((f.path, f.digest) for f in files.values() if f.path not in _NOT_RULES)),
        _Texts({path: f.text for path, f in files.items() if path not in _NOT_RULES}),
    )


class _Texts(dict[str, str]):
    """Texts beside their digests, which alone are the cache's key."""

    def __hash__(self) -> int:  # type: ignore[override]
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Texts)


@lru_cache(maxsize=32)
def _loaded(_key: tuple[tuple[str, str], ...], texts: _Texts) -> Rules:
    return rules_.load(texts)


# ---------------------------------------------------------------- time


def stage_limit(session: db.Session, court_id: UUID, stage: str, *, is_return: bool = False) -> str:
    """As it is written on the stay, e.g. ``30 d``."""
    length = stages.stage_limit(of_court(session, court_id), stage, is_return=is_return).length
    return f"{length.count} {length.unit}"


def due(
    session: db.Session, court_id: UUID, length: str, start: date, pauses: Sequence[Span]
) -> Due:
    """The last day of a pausable limit that starts the day after ``start``; rolled to a working day."""
    rules = of_court(session, court_id)
    rule = deadlines.unnamed(lengths.parse(length))
    found = deadlines.compute(rules, rule, start, pauses=pauses)
    return Due(_day(found.due), found.tentative)


def final_due(session: db.Session, case: Case, start: date, pauses: Sequence[Span]) -> Due:
    """Of the closing stage on the way to 终本: not before three months since filing and fifteen days."""
    rules = of_court(session, case.court_id)
    stage = rules.stages.by_key["closing_archiving"]
    found = stages.final_deadline(rules, start, case.filed_on, pauses=pauses)
    waits = deadlines.compute(rules, str(stage.wait_final), case.filed_on)
    return Due(_day(found.due), found.tentative, _day(waits.earliest))


def refusal_until(session: db.Session, court_id: UUID, received_on: date) -> date:
    """Last day on which a transfer may be refused (two working days)."""
    rules = of_court(session, court_id)
    return _day(deadlines.compute(rules, rules.stages.refuse_within, received_on).due)


def remaining(session: db.Session, case: Case) -> Remaining | None:
    """Light and words of 阶段期限; None where the case is in no stage."""
    return remaining_by(of_court(session, case.court_id), case)


def remaining_by(rules: Rules, case: Case) -> Remaining | None:
    """The same for many rows with rules read once."""
    if case.stage_due_on is None:
        return None
    left = case.stage_days_left if case.stage_paused_on is not None else None
    return stages.remaining(
        rules,
        case.stage_due_on,
        clock.today(),
        paused_left=left,
        waits_until=case.stage_earliest_on,
    )


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise TypeError(f"no day: {value!r}")
    return value


# ---------------------------------------------------------------- routes


def entry(session: db.Session, case: Case, known: "Facts") -> Route:
    """Whether and where an accepted case enters (table ``segment_eligibility``)."""
    rules = of_court(session, case.court_id)
    facts = {
        "court_switch": rules.stages.court_switch,
        "case_type": case.case_type,
        "excluded": stages.excluded(rules, frozenset(case.tags)),
        "funds_on_account": known["funds"] > 0,
        "disposable_asset": known["disposable_asset"],
    }
    found = routes.decide(rules, "entry", facts)
    return _route(rules, found, facts, f"第{found.rows[0]}行：{_entered(rules, found, case)}")


def _entered(rules: Rules, found: routes.Route, case: Case) -> str:
    if found.to is None:
        return routes.sentence(rules, str(found.reason))
    return f"{case.case_type}字案件，进入{rules.stages.by_key[found.to].name}"


def stage_route(session: db.Session, case: Case, sheet: Any, known: "Facts") -> Route:
    """What 提交 of this sheet would do, by the table of the case's stage."""
    rules = of_court(session, case.court_id)
    if case.stage not in routes.OF_STAGE:
        path = sheet.follow_up or case.closing_path
        return Route("close", None, path, "案件结案归档", {"rule": "closing"})
    if keeps_stage(session, case.court_id, sheet.follow_up):
        text = rules.follow_ups[sheet.follow_up].text
        return Route("stay", case.stage, None, text, {"follow_up": sheet.follow_up})
    table = routes.OF_STAGE[str(case.stage)]
    facts: dict[str, Any] = {
        name: known[name]
        for name in routes.TRUTHS[table]
        if name in known and name != "has_auction"
    }
    if table == "stage1":
        facts["has_auction"] = bool(sheet.has_auction)
    if table in ("stage1", "stage2"):
        facts["funds"] = known["funds"]
    stated = _STATED.get(sheet.follow_up or "")
    if stated is not None and stated in routes.TRUTHS[table]:
        facts[stated] = True
    found = routes.decide(rules, table, facts)
    words = routes.sentence(rules, found.reason) if found.reason else ""
    return _route(rules, found, facts, words)


def _route(rules: Rules, found: routes.Route, facts: Mapping[str, Any], words: str) -> Route:
    detail = {
        "rows": list(found.rows),
        "reason": found.reason,
        "facts": {name: _kept(value) for name, value in facts.items()},
        "rules": rules.digest,
    }
    return Route(found.action, found.to, found.path, words, detail)


def _kept(value: Any) -> bool | str | None:
    """As JSON keeps it for good: truths as such, numbers as their text, so that no digit is lost."""
    return value if value is None or isinstance(value, bool) else str(value)


# ---------------------------------------------------------------- 后续事项, gates, words


def options(session: db.Session, court_id: UUID, stage: str) -> list[FollowUp]:
    """后续事项 of the page, in its order."""
    return follow_ups.of_stage(of_court(session, court_id), stage)


def keeps_stage(session: db.Session, court_id: UUID, code: str | None) -> bool:
    found = of_court(session, court_id).follow_ups.get(code or "")
    return found is not None and found.kind == "stay"


def overlay(code: str | None) -> str | None:
    """The cause of the pause that this 后续事项 opens, None if it opens none."""
    return _OVERLAYS.get(code or "")


def disagreement(
    session: db.Session, court_id: UUID, code: str | None, route: Route, *, has_auction: bool | None
) -> str:
    """Why the chosen 后续事项 and the route do not go together, naming both; empty if they do."""
    rules = of_court(session, court_id)
    chosen = rules.follow_ups.get(code or "")
    if chosen is None or route.action not in ("advance", "return"):
        return ""
    asked = routes.Route(route.action, route.to, route.path, None, ())  # type: ignore[arg-type]
    if follow_ups.agrees(chosen, asked, has_auction=has_auction):
        return ""
    target = stage_name(rules, route.to) + (f"（{route.path}）" if route.path else "")
    return f"后续事项“{chosen.text}”与案件情况不一致：按案件情况应进入{target}，请核对后重新选择"


def checked_gates(
    session: db.Session,
    court_id: UUID,
    stage: str,
    known: "Facts",
    deployed: Sequence[str],
    path: str | None,
) -> list[Checked]:
    """Each gate of leaving the stage, with its state."""
    return rule_gates.check(of_court(session, court_id), stage, known, deployed, path=path)


def stage_name(rules: Rules, stage: str | None) -> str:
    return rules.stages.by_key[stage].name if stage else "结案"


# ---------------------------------------------------------------- documents


def approval(
    session: db.Session, court_id: UUID, code: str, facts: Mapping[str, Any] | None = None
) -> Approval:
    """Who must approve a document of this kind, given what the table asks for."""
    known = values.from_json(dict(facts or {}))
    return approvals.chain(of_court(session, court_id), code, known)


def served(
    session: db.Session, court_id: UUID, code: str, attempt: Mapping[str, Any]
) -> date | None:
    """The day on which the attempt counts as delivered, None if it does not (DOMAIN §5.1)."""
    given = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in attempt.items()
        if value is not None
    }
    return delivery.compute(of_court(session, court_id), [given], document=code).deemed_on


# ---------------------------------------------------------------- approval times


def approval_due(session: db.Session, case: Case, kind: str, opened_at: datetime) -> LevelDue:
    """When a level of this kind (vote, review, approve) that opens then is due, and its holder reminded."""
    rules = of_court(session, case.court_id)
    urgent = rules.approval_times.urgent_tag in case.tags
    return approval_times.due(rules, kind, opened_at, urgent=urgent)


def extended(session: db.Session, court_id: UUID, until: date) -> LevelDue:
    """The same when it was moved to the end of that day."""
    return approval_times.extended(of_court(session, court_id), until)


def urging_interval(session: db.Session, court_id: UUID) -> timedelta:
    """How long after a 催办 the next one may follow."""
    return of_court(session, court_id).approval_times.interval
