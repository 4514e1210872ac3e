"""流转: 暂存, what 提交 would do, 提交, refusal by the receiving team.

提交 completes the pipeline's user task of the stage; the diagram's operation ``transfers.decide``
evaluates the same route as the preview, in the same transaction.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile import rulebook
from engine.casefile.case import cases
from engine.casefile.case.cases import Case
from engine.casefile.intake import allocation
from engine.casefile.matter import facts, matters
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.casefile.stage import gates, stages, transfer_sheets
from engine.casefile.stage.stages import Entry
from engine.casefile.stage.transfer_sheets import Form, Sheet
from engine.errors import EngineError
from engine.process import tasks


class NotInStage(EngineError):
    """本案不在分段办理中"""

    code = "not_in_stage"


class CannotSubmit(EngineError):
    """还不能提交"""

    code = "cannot_submit"

    def __init__(self, problems: "list[Problem]") -> None:
        super().__init__("；".join(p.sentence for p in problems))
        self.problems = problems


class TransferRefusalTooLate(EngineError):
    """已超过退回期限，该案已视为接收；确需退回的，请按流转办理"""

    code = "refusal_too_late"


class RefusalNeedsReason(EngineError):
    """请选择退回原因并说明需要补充或者更正的内容"""

    code = "refusal_needs_reason"


@dataclass(frozen=True)
class Problem:
    """What stands in the way; ``field`` names the place on the page."""

    field: str
    sentence: str


@dataclass(frozen=True)
class After:
    """What 提交 will do."""

    #: leave, stay, close
    kind: str
    stage: str | None = None
    handler: str = ""
    handler_reason: str = ""
    due_on: date | None = None
    tentative: bool = False
    length: str = ""
    path: str | None = None
    sentence: str = ""


@dataclass(frozen=True)
class Page:
    """All that the page 事项信息 shows."""

    case: Case
    entry: Entry
    sheet: Sheet
    follow_ups: list[Any]
    gates: list[gates.Gate]
    problems: list[Problem]
    after: After | None
    open_matters: list[str]


def page(session: db.Session, viewer: User, case_id: UUID, form: Form | None = None) -> Page:
    """The sheet as saved; with ``form`` evaluated as if this were submitted now, without saving."""
    case = access.case(session, viewer, case_id)
    entry = _entry(session, case)
    sheet = transfer_sheets.of_entry(session, entry)
    if form is not None:
        sheet = _with(sheet, form)
    return _page(session, case, entry, sheet)


def _with(sheet: Sheet, form: Form) -> Sheet:
    notes = tuple(
        replace(note, typed=True, text=form.texts[note.matter_key].strip())
        if note.matter_key in form.texts
        else note
        for note in sheet.notes
    )
    return replace(
        sheet,
        other_text=form.other_text,
        follow_up=form.follow_up,
        follow_up_items=list(form.follow_up_items),
        has_auction=form.has_auction,
        notes=notes,
    )


def _entry(session: db.Session, case: Case) -> Entry:
    entry = stages.current(session, case.id)
    if entry is None:
        raise NotInStage
    return entry


def _page(session: db.Session, case: Case, entry: Entry, sheet: Sheet) -> Page:
    known = facts.Facts(session, case)
    route = rulebook.stage_route(session, case, sheet, known) if _is_answered(case, sheet) else None
    path = route.path if route else case.closing_path
    found = gates.of_stage(session, case, known, path)
    problems = _problems(session, case, sheet, found, route)
    kinds = {t.key: t.name for t in matters.types(session, case.court_id)}
    running = [kinds[m.type_key] for m in matters.of_case(session, case.id) if m.state == "open"]
    return Page(
        case=case,
        entry=entry,
        sheet=sheet,
        follow_ups=rulebook.options(session, case.court_id, entry.stage),
        gates=found,
        problems=problems,
        after=_after(session, case, sheet, route) if route else None,
        open_matters=running,
    )


def _is_answered(case: Case, sheet: Sheet) -> bool:
    if case.stage == stages.STAGES[-1]:
        return True
    if case.stage == stages.STAGES[0] and sheet.has_auction is None:
        return False
    return sheet.follow_up is not None


def _problems(
    session: db.Session,
    case: Case,
    sheet: Sheet,
    found: list[gates.Gate],
    route: "rulebook.Route | None",
) -> list[Problem]:
    problems = []
    if case.stage != stages.STAGES[-1] and sheet.follow_up is None:
        problems.append(Problem("follow_up", "请选择后续事项"))
    if case.stage == stages.STAGES[0] and sheet.has_auction is None:
        problems.append(Problem("has_auction", "请选择是否有拍"))
    keeps = rulebook.keeps_stage(session, case.court_id, sheet.follow_up)
    if not keeps:
        problems += [
            Problem(f"note-{note.matter_key}", f"“{note.matter_name}”没有抓取到文书，请录入说明")
            for note in sheet.notes
            if not note.is_written
        ]
        problems += [Problem("gates", gate.sentence) for gate in found if gate.blocks]
    if route is not None and route.action == "reject":
        problems.append(Problem("follow_up", route.sentence))
    elif route is not None:
        words = rulebook.disagreement(
            session, case.court_id, sheet.follow_up, route, has_auction=sheet.has_auction
        )
        problems += [Problem("follow_up", words)] if words else []
    return problems


def _after(session: db.Session, case: Case, sheet: Sheet, route: "rulebook.Route") -> After | None:
    if route.action == "reject":
        return None
    if route.action == "stay":
        return After("stay", case.stage, sentence=route.sentence)
    if route.action == "close":
        return After("close", path=route.path, sentence=route.sentence)
    is_return = route.action == "return"
    choice = allocation.choose(session, case, str(route.to))
    length = rulebook.stage_limit(session, case.court_id, str(route.to), is_return=is_return)
    if route.path == rulebook.FINAL_PATH:
        due = rulebook.final_due(session, case, clock.today(), [])
    else:
        due = rulebook.due(session, case.court_id, length, clock.today(), [])
    return After(
        "leave",
        route.to,
        handler=choice.user.name,
        handler_reason=choice.reason,
        due_on=due.on,
        tentative=due.tentative,
        length=length,
        path=route.path,
        sentence=route.sentence,
    )


# ---------------------------------------------------------------- 暂存, 提交


def save(
    session: db.Session, viewer: User, case_id: UUID, form: Form, *, seen_version: int
) -> Page:
    """暂存."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    entry = _entry(session, case)
    sheet = transfer_sheets.save(
        session, entry, form, seen_version=seen_version, saved_by=viewer.id
    )
    return _page(session, case, entry, sheet)


def submit(
    session: db.Session, viewer: User, case_id: UUID, form: Form, *, seen_version: int
) -> After:
    """提交: collects as 暂存 does, checks, freezes the sheet and moves the case, or ``CannotSubmit``."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_handle(viewer, case, "提交流转")
    entry = _entry(session, case)
    sheet = transfer_sheets.save(
        session, entry, form, seen_version=seen_version, saved_by=viewer.id
    )
    shown = _page(session, case, entry, sheet)
    if shown.problems or shown.after is None:
        raise CannotSubmit(shown.problems)
    if shown.after.kind == "stay":
        _stay(session, case, sheet)
        return shown.after
    decision = {
        "gates": [vars(g) for g in shown.gates],
        "to": shown.after.stage,
        "path": shown.after.path,
    }
    transfer_sheets.freeze(session, sheet, decision, viewer.id)
    task = tasks.find_open(session, case.id, f"transfer_{entry.stage}")
    tasks.complete(
        session,
        task.id,
        {"处理": "提交", "后续事项": sheet.follow_up, "是否有拍": bool(sheet.has_auction)},
        actor=viewer.actor,
    )
    return shown.after


def _stay(session: db.Session, case: Case, sheet: Sheet) -> None:
    """F17, F25, F35: the case keeps its stage; the overlay pauses its clock."""
    overlay = rulebook.overlay(sheet.follow_up)
    if overlay is not None:
        stages.pause(session, case, overlay)
        cases.change(session, case.id, status="suspended")


def resume(session: db.Session, viewer: User, case_id: UUID) -> None:
    """恢复办理: ends the overlay; the clock goes on with what was left."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_handle(viewer, case, "恢复办理")
    entry = _entry(session, case)
    for cause, _, to_on in stages.pauses(session, entry.id):
        if to_on is None:
            stages.resume(session, case, cause)
    cases.change(session, case.id, status="in_stage")


def decide(session: db.Session, case_id: UUID, *, refused: bool) -> dict[str, Any]:
    """What the pipeline's gateway reads after 提交 or a refusal: ``去向``, ``方式`` and ``结案方式``."""
    case = cases.get(session, case_id)
    if refused:
        return {"去向": _sender(session, case).stage, "方式": "reopen", "结案方式": None}
    sheet = transfer_sheets.of_entry(session, _entry(session, case))
    route = rulebook.stage_route(session, case, sheet, facts.Facts(session, case))
    return {"去向": route.to or "closed", "方式": route.action, "结案方式": route.path}


# ---------------------------------------------------------------- refusal


def refusal_ends_on(session: db.Session, case: Case) -> date | None:
    """Last day on which the receiving team may refuse (two working days); None where nothing was handed over."""
    received = stages.current(session, case.id)
    if received is None or received.is_return or received.number == 1:
        return None
    return rulebook.refusal_until(session, case.court_id, received.entered_on)


def refusal_reasons(session: db.Session, court_id: UUID) -> dict[str, str]:
    """Code -> words of the reasons for which a transfer may be refused."""
    reasons = rulebook.of_court(session, court_id).stages.return_reasons
    return {code: reasons[code] for code in _REFUSALS if code in reasons}


_REFUSALS = ("RET_MISSING_DOC", "RET_WRONG_ROUTE")


def refuse(session: db.Session, viewer: User, case_id: UUID, reason: str, words: str) -> Case:
    """退回: the transfer is undone, the case is back in the sender's stay, whose clock goes on (DOMAIN §2.6)."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_handle(viewer, case, "退回")
    until = refusal_ends_on(session, case)
    if until is None or clock.today() > until:
        raise TransferRefusalTooLate
    if reason not in refusal_reasons(session, case.court_id) or not words.strip():
        raise RefusalNeedsReason
    sender = _sender(session, case)
    transfer_sheets.thaw(session, sender.id)
    task = tasks.find_open(session, case.id, f"transfer_{case.stage}")
    tasks.complete(
        session,
        task.id,
        {"处理": "退回", "退回原因": reason, "退回说明": words.strip()},
        actor=viewer.actor,
    )
    return cases.get(session, case_id)


def _sender(session: db.Session, case: Case) -> Entry:
    """The stay from which the case was handed over."""
    left = [e for e in stages.of_case(session, case.id) if e.state == "left"]
    if not left:
        raise NotInStage
    return left[-1]
