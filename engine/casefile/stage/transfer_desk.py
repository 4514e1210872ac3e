"""The page 事项信息: what it shows beyond the sheet, and its acts bound to the stay they were filled in for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from engine import clock, db
from engine.casefile import labels
from engine.casefile.asset import assets
from engine.casefile.case import case_heads
from engine.casefile.case.case_heads import Head
from engine.casefile.case.cases import Case
from engine.casefile.people import access
from engine.casefile.people.users import USER, User
from engine.casefile.stage import stages, transfer_sheets, transfers
from engine.casefile.stage.stages import Entry
from engine.casefile.stage.transfer_sheets import SHEET, Form
from engine.casefile.stage.transfers import After, Page
from engine.errors import EngineError, NotFound


class AlreadyTransferred(EngineError):
    """本案已经流转，您填写的内容没有保存"""

    code = "already_transferred"


@dataclass(frozen=True)
class Desk:
    head: Head
    page: Page
    #: What the property records say to 是否有拍; None outside the first stage.
    auction_suggested: bool | None
    #: Last day on which the receiving team may refuse, and for which reasons; None: not any more.
    refusable_until: date | None
    refusal_reasons: Mapping[str, str]
    can_work: bool
    can_submit: bool

    @property
    def case(self) -> Case:
        return self.head.case

    @property
    def is_first_stage(self) -> bool:
        return self.page.entry.stage == stages.STAGES[0]

    @property
    def is_last_stage(self) -> bool:
        return self.page.entry.stage == stages.STAGES[-1]

    @property
    def found(self) -> int:
        """Documents collected from the dossier, over all matters."""
        return sum(len(note.found) for note in self.page.sheet.notes)


def desk(session: db.Session, viewer: User, case_id: UUID, form: Form | None = None) -> Desk:
    """As saved; with ``form`` as if it were submitted now. Makes the empty sheet at the first look."""
    case = access.case(session, viewer, case_id)
    page = transfers.page(session, viewer, case_id, form)
    is_mine = case.handler_id == viewer.id
    until = transfers.refusal_ends_on(session, case) if is_mine else None
    may_refuse = until is not None and clock.today() <= until
    return Desk(
        head=case_heads.of(session, viewer, case),
        page=page,
        auction_suggested=_auction_suggested(session, case),
        refusable_until=until if may_refuse else None,
        refusal_reasons=transfers.refusal_reasons(session, case.court_id) if may_refuse else {},
        can_work=access.can_work(viewer, case),
        can_submit=is_mine,
    )


def _auction_suggested(session: db.Session, case: Case) -> bool | None:
    if case.stage != stages.STAGES[0]:
        return None
    found = assets.of_case(session, case.id)
    return any(a.disposition == "auction" and a.state == "open" for a in found)


def save(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    entry_id: UUID,
    form: Form,
    *,
    seen_version: int,
) -> None:
    """暂存, if the case still is in the stay that the page was opened for."""
    _must_stay(session, viewer, case_id, entry_id)
    transfers.save(session, viewer, case_id, form, seen_version=seen_version)


def submit(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    entry_id: UUID,
    form: Form,
    *,
    seen_version: int,
) -> After:
    """提交, likewise; a second click on an old page never moves the case once more."""
    _must_stay(session, viewer, case_id, entry_id)
    return transfers.submit(session, viewer, case_id, form, seen_version=seen_version)


def _must_stay(session: db.Session, viewer: User, case_id: UUID, entry_id: UUID) -> None:
    entry = stages.get(session, entry_id)
    if entry.case_id != case_id:
        raise NotFound(str(entry_id))
    try:
        access.case(session, viewer, case_id, lock=True)
    except NotFound:
        # A clerk loses the case with his team: that it went on is no secret to him, and his text is kept.
        if not _was_of_team(session, viewer, entry):
            raise
    current = stages.current(session, case_id)
    if current is None or current.id != entry_id:
        to = current.stage if current else None
        raise AlreadyTransferred(_who_moved(session, entry_id, to))


def _was_of_team(session: db.Session, viewer: User, entry: Entry) -> bool:
    recused = access.is_recused(session, entry.case_id, viewer.id)
    return (entry.court_id, entry.stage) == (viewer.court_id, viewer.team) and not recused


def _who_moved(session: db.Session, entry_id: UUID, to: str | None) -> str:
    row = session.execute(
        select(USER.c.name, SHEET.c.submitted_at)
        .join(USER, USER.c.id == SHEET.c.submitted_by)
        .where(SHEET.c.stage_entry_id == entry_id)
    ).one_or_none()
    target = f"流转至{labels.STAGES[to]}" if to else "结案归档"
    if row is None:
        return target
    at = row.submitted_at.astimezone(clock.COURT_ZONE)
    return f"{row.name}于{at:%m-%d %H:%M}{target}"


def last_saved(session: db.Session, viewer: User, case_id: UUID) -> str:
    """Who saved the sheet of the present stay last, and when; for whoever lost the race."""
    case = access.case(session, viewer, case_id)
    entry = stages.current(session, case.id)
    if entry is None:
        return ""
    sheet = transfer_sheets.of_entry(session, entry)
    if sheet.saved_at is None:
        return ""
    return f"{sheet.saved_by}于{sheet.saved_at.astimezone(clock.COURT_ZONE):%m-%d %H:%M}暂存了本页"
