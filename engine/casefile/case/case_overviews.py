"""案件详情: all that is known of a case, as one who may open it reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import clock, db
from engine.casefile.asset import assets, case_funds
from engine.casefile.asset.assets import Asset
from engine.casefile.case import case_deadlines, case_heads, identity_numbers, queries, timeline
from engine.casefile.case.case_deadlines import Limit
from engine.casefile.case.case_heads import Head
from engine.casefile.case.cases import Case
from engine.casefile.case.timeline import Event
from engine.casefile.document import document_progress, documents, dossier_access
from engine.casefile.document.document_progress import Progress
from engine.casefile.document.documents import Document
from engine.casefile.matter import matters
from engine.casefile.matter.matters import Matter
from engine.casefile.party import parties, party_roster
from engine.casefile.party.parties import Party
from engine.casefile.party.party_roster import Outdated
from engine.casefile.people import access, recusals, users
from engine.casefile.people.recusals import Recusal
from engine.casefile.people.users import User
from engine.casefile.rulebook import FINAL_PATH
from engine.casefile.rules import lengths
from engine.casefile.stage import stages
from engine.casefile.stage.stages import ENTRY, Entry


@dataclass(frozen=True)
class Person:
    """A party as the viewer may see him: numbers in full for the handler only."""

    party: Party
    id_number: str
    phone: str


@dataclass(frozen=True)
class Stay:
    """One stay in a stage; ``days`` so far or until it was left."""

    entry: Entry
    handler: str
    days: int
    #: Days that the stay may last without pauses; None on the way to 终本, whose limit is no number of days.
    limit: int | None
    left_on: date | None


@dataclass(frozen=True)
class Worked:
    matter: Matter
    name: str
    group: str


@dataclass(frozen=True)
class Sent:
    """Deliveries by state; each document and addressee counts once, with its latest."""

    total: int
    delivered: int
    failed: int


@dataclass(frozen=True)
class Overview:
    head: Head
    handler: str
    people: list[Person]
    sees_all: bool
    #: Whether the viewer may enter addresses, and whether he may correct, add and take out parties.
    can_work: bool
    handles: bool
    #: None for who may not enter them.
    recusals: list[Recusal] | None
    #: Unsigned documents that still print what was corrected since.
    outdated: list[Outdated]
    stays: list[Stay]
    assets: list[Asset]
    #: Yuan under measures in force; queued ones do not count.
    controlled: Decimal
    funds: Decimal
    matters: list[Worked]
    documents: list[Document]
    progress: Mapping[UUID, Progress]
    sent: Sent
    limits: list[Limit]
    #: (cause, from, to or None) of the present stay.
    pauses: list[tuple[str, date, date | None]]
    can_resume: bool
    events: list[Event]
    has_more_events: bool

    @property
    def present(self) -> list[Person]:
        return [person for person in self.people if person.party.is_present]

    @property
    def owners(self) -> dict[UUID, str]:
        return {person.party.id: person.party.name for person in self.people}


def overview(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    *,
    after: tuple[Any, ...] | None = None,
    entries: int = timeline.PAGE,
) -> Overview:
    """``after`` and ``entries`` page through 办理过程. ``NotFound`` for who may not open the case."""
    head = case_heads.head(session, viewer, case_id)
    case = head.case
    stays = _stays(session, case)
    current = next((stay.entry for stay in stays if stay.entry.state == "open"), None)
    property_ = assets.of_case(session, case_id)
    volumes = dossier_access.volumes(session, viewer, case)
    papers = [d for d in documents.of_case(session, case_id) if d.volume in volumes]
    progress = document_progress.of_documents(session, papers)
    sees_all = queries.handles(viewer, case)
    events, more = timeline.of_case(session, case, after=after, limit=entries)
    return Overview(
        head=head,
        handler=users.name_of(session, case.handler_id),
        people=[_person(p, full=sees_all) for p in parties.of_case(session, case_id)],
        sees_all=sees_all,
        can_work=access.can_work(viewer, case),
        handles=case.handler_id == viewer.id,
        recusals=recusals.of_case(session, case_id) if recusals.may_enter(viewer, case) else None,
        outdated=party_roster.outdated(session, viewer, case),
        stays=stays,
        assets=property_,
        controlled=_controlled(property_),
        funds=case_funds.balance(session, case_id),
        matters=_worked(session, case.court_id, case_id),
        documents=papers,
        progress=progress,
        sent=_sent(progress),
        limits=case_deadlines.of_case(session, case, current),
        pauses=stages.pauses(session, current.id) if current else [],
        can_resume=case.stage_paused_on is not None
        and case.status == "suspended"
        and case.handler_id == viewer.id,
        events=events,
        has_more_events=more,
    )


def _person(party: Party, *, full: bool) -> Person:
    if full:
        return Person(party, party.id_number, party.phone)
    return Person(
        party, identity_numbers.mask(party.id_number), identity_numbers.mask_phone(party.phone)
    )


def _stays(session: db.Session, case: Case) -> list[Stay]:
    rows = session.execute(select(ENTRY.c.id, ENTRY.c.left_at).where(ENTRY.c.case_id == case.id))
    left = {row.id: row.left_at for row in rows}
    found = []
    for entry in stages.of_case(session, case.id):
        at = left[entry.id]
        left_on = clock.court_day(at) if at else None
        days = ((left_on or clock.today()) - entry.entered_on).days
        handler = users.name_of(session, entry.handler_id)
        limit = None if case.closing_path == FINAL_PATH else lengths.parse(entry.length).count
        found.append(Stay(entry, handler, days, limit, left_on))
    return found


def _controlled(property_: list[Asset]) -> Decimal:
    live = [(a, m) for a in property_ for m in a.measures if m.state == "live"]
    return sum(
        (m.amount if m.amount is not None else a.value or Decimal(0) for a, m in live), Decimal(0)
    )


def _worked(session: db.Session, court_id: UUID, case_id: UUID) -> list[Worked]:
    kinds = {kind.key: kind for kind in matters.types(session, court_id)}
    return [
        Worked(matter, kinds[matter.type_key].name, kinds[matter.type_key].group)
        for matter in matters.of_case(session, case_id)
    ]


def _sent(progress: Mapping[UUID, Progress]) -> Sent:
    states = [one.state for found in progress.values() for one in found.deliveries]
    failed = sum(
        one.state == "failed" or (one.state != "delivered" and bool(one.problem))
        for found in progress.values()
        for one in found.deliveries
    )
    return Sent(len(states), states.count("delivered"), failed)
