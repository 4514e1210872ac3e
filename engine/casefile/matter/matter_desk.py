"""The matter page (查控文书 …): matters and property at left, the documents of the chosen matter at right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from engine import db
from engine.casefile.approval import approvals, reminders
from engine.casefile.approval.reminders import Reminded
from engine.casefile.asset import assets
from engine.casefile.asset.assets import Asset
from engine.casefile.case import case_heads, remarks
from engine.casefile.case.case_heads import Head
from engine.casefile.case.cases import Case
from engine.casefile.case.remarks import Remark
from engine.casefile.delivery import addressees
from engine.casefile.delivery.deliveries import LIVE, Delivery
from engine.casefile.document import document_progress, documents
from engine.casefile.document.document_progress import Progress
from engine.casefile.document.documents import Document
from engine.casefile.errand import field_tasks
from engine.casefile.errand.field_tasks import FieldTask
from engine.casefile.matter import matters
from engine.casefile.matter.matters import Matter, MatterType
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import NotFound
from engine.process import tasks
from engine.process.tasks import Task


@dataclass(frozen=True)
class Line:
    """One matter type at left."""

    kind: MatterType
    #: The one that runs, else the latest; None: not opened yet.
    matter: Matter | None
    documents: int
    #: Newest first.
    remarks: Sequence[Remark]

    @property
    def state(self) -> str:
        """none, doing or done."""
        if self.matter is None:
            return "none"
        return "doing" if self.matter.state == "open" else "done"


@dataclass(frozen=True)
class Record:
    """One property record at left."""

    asset: Asset
    owner: str
    remarks: Sequence[Remark]


@dataclass(frozen=True)
class Choice:
    """One person a document may go to."""

    party: Party
    ticked: bool
    #: Under way or done already; it is not sent again.
    delivery: Delivery | None


@dataclass(frozen=True)
class Row:
    """One document at right."""

    document: Document
    progress: Progress
    choices: Sequence[Choice]
    #: The latest submission for approval, if there was any.
    approval_id: UUID | None


@dataclass(frozen=True)
class Desk:
    head: Head
    #: Group -> its matters, in their order; all four groups, also empty ones.
    groups: Mapping[str, list[Line]]
    group: str
    #: None where the group has no deployed matter.
    chosen: Line | None
    rows: Sequence[Row]
    records: Sequence[Record]
    field_tasks: Sequence[FieldTask]
    #: Open user tasks of the chosen matter itself: where it stands.
    tasks: Sequence[Task]
    #: Task -> how often its holder was urged; and whose tasks the viewer may urge.
    reminded: Mapping[UUID, Reminded]
    remindable: frozenset[UUID]
    #: The matter's process stands still; operators have been told.
    stands_still: bool
    can_work: bool
    can_sign: bool

    @property
    def case(self) -> Case:
        return self.head.case

    @property
    def can_open(self) -> bool:
        """Whether the chosen matter can be started here and now by the viewer."""
        return (
            self.can_work
            and self.chosen is not None
            and self.chosen.state != "doing"
            and self.case.stage in self.chosen.kind.stages
        )


def desk(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    *,
    group: str = "",
    key: str = "",
    picks: Mapping[UUID, Sequence[UUID]] | None = None,
) -> Desk:
    """The page; without ``key`` the first matter of the group that was opened, without either of the case."""
    head = case_heads.head(session, viewer, case_id)
    case = head.case
    found = matters.of_case(session, case_id)
    types_of = {m.id: m.type_key for m in found}
    of_case = documents.of_case(session, case_id)
    property_ = assets.of_case(session, case_id)
    subjects = [m.id for m in found] + [asset.id for asset in property_]
    said = remarks.of_subjects(session, case_id, subjects)
    lines = _lines(session, case, found, [types_of[d.matter_id] for d in of_case], said)
    chosen = _chosen(lines, group, key)
    people = parties.of_case(session, case_id)
    names = {p.id: p.name for p in people}
    listed = [d for d in of_case if chosen and types_of[d.matter_id] == chosen.kind.key]
    waiting = _tasks(session, chosen)
    return Desk(
        head=head,
        groups={g: [x for x in lines if x.kind.group == g] for g in matters.GROUPS},
        group=chosen.kind.group if chosen else group or matters.GROUPS[0],
        chosen=chosen,
        rows=rows(session, listed, people, picks),
        records=[
            Record(a, names.get(a.owner_id, "") if a.owner_id else "", said.get(a.id, ()))
            for a in property_
        ],
        field_tasks=_field_tasks(session, case_id, chosen),
        tasks=waiting,
        reminded=reminders.of_tasks(session, case.court_id, [task.id for task in waiting]),
        remindable=reminders.remindable(session, viewer, case, waiting),
        stands_still=_stands_still(session, chosen),
        can_work=case.stage is not None and access.can_work(viewer, case),
        can_sign=case.stage is not None and case.handler_id == viewer.id,
    )


def rows(
    session: db.Session,
    listed: Sequence[Document],
    people: Sequence[Party],
    picks: Mapping[UUID, Sequence[UUID]] | None = None,
) -> list[Row]:
    """Each document with its progress and with whom it may go to.

    Ticked as its recipient list says, or as it was in ``picks``, which a refusal gives back.
    """
    progress = document_progress.of_documents(session, listed)
    found = []
    for document in listed:
        live = {d.party_id: d for d in progress[document.id].deliveries if d.state in LIVE}
        ticked = set((picks or {}).get(document.id, ()))
        if document.id not in (picks or {}):
            ticked = {p.id for p in addressees.suggested(people, document.recipients)}
        choices = [
            Choice(p, p.id in ticked and p.id not in live, live.get(p.id))
            for p in people
            if p.is_present or p.id in live
        ]
        submitted = approvals.of_document(session, document.id) if document.needs_approval else []
        approval_id = submitted[0].id if submitted else None
        found.append(Row(document, progress[document.id], choices, approval_id))
    return found


def _lines(
    session: db.Session,
    case: Case,
    found: Sequence[Matter],
    documented: Iterable[str],
    said: Mapping[UUID, Sequence[Remark]],
) -> list[Line]:
    """The stage's deployed matters, and those still open that another stage began.

    Of a case that left its last stage: all that were ever opened.
    """
    latest: dict[str, Matter] = {}
    for matter in found:
        if matter.type_key not in latest or latest[matter.type_key].state != "open":
            latest[matter.type_key] = matter
    counts: dict[str, int] = {}
    for key in documented:
        counts[key] = counts.get(key, 0) + 1
    lines = []
    for kind in matters.types(session, case.court_id):
        newest = latest.get(kind.key)
        is_open = newest is not None and newest.state == "open"
        if case.stage in kind.stages or is_open or (case.stage is None and newest is not None):
            notes = [note for m in found if m.type_key == kind.key for note in said.get(m.id, ())]
            notes.sort(key=lambda note: note.at, reverse=True)
            lines.append(Line(kind, newest, counts.get(kind.key, 0), notes))
    return lines


def _chosen(lines: Sequence[Line], group: str, key: str) -> Line | None:
    if key:
        found = next((line for line in lines if line.kind.key == key), None)
        if found is None:
            raise NotFound(key)
        return found
    within = [line for line in lines if not group or line.kind.group == group]
    opened = [line for line in within if line.matter is not None]
    return next(iter(opened or within), None)


def _field_tasks(session: db.Session, case_id: UUID, chosen: Line | None) -> list[FieldTask]:
    if chosen is None:
        return []
    return field_tasks.of_case(session, case_id, chosen.kind.key)


def _tasks(session: db.Session, chosen: Line | None) -> list[Task]:
    if chosen is None or chosen.matter is None or chosen.matter.instance_id is None:
        return []
    return tasks.open_of(session, instance_id=chosen.matter.instance_id)


def _stands_still(session: db.Session, chosen: Line | None) -> bool:
    if chosen is None or chosen.matter is None or chosen.matter.instance_id is None:
        return False
    return bool(document_progress.standing_still(session, [chosen.matter.instance_id]))


# ---------------------------------------------------------------- acts


def open_matter(session: db.Session, viewer: User, case_id: UUID, key: str) -> UUID:
    """发起: starts the matter in the case's stage."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    return matters.open_(session, case, key, actor=viewer.actor, opened_by=viewer.id)


def finish(session: db.Session, viewer: User, case_id: UUID, task_id: UUID) -> None:
    """完成: completes a task of the matter that is done on this page and carries nothing but that it is."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    task = tasks.get(session, task_id)
    if task.case_id != case_id or task.screen != "document":
        raise NotFound(str(task_id))
    tasks.complete(session, task_id, {}, actor=viewer.actor)


def remark(
    session: db.Session, viewer: User, case_id: UUID, subject: str, subject_id: UUID, words: str
) -> Remark:
    """备注 on an asset or a matter of this case, by whoever may open the case; the remark as stored."""
    _subject(session, viewer, case_id, subject, subject_id)
    remarks.add(session, viewer, case_id, subject, subject_id, words)
    return remarks.of_subjects(session, case_id, [subject_id])[subject_id][0]


def remarked(
    session: db.Session, viewer: User, case_id: UUID, subject: str, subject_id: UUID
) -> tuple[str, list[Remark]]:
    """Name of the subject and its remarks, newest first."""
    name = _subject(session, viewer, case_id, subject, subject_id)
    return name, remarks.of_subjects(session, case_id, [subject_id]).get(subject_id, [])


def _subject(
    session: db.Session, viewer: User, case_id: UUID, subject: str, subject_id: UUID
) -> str:
    case = access.case(session, viewer, case_id)
    if subject == "asset":
        return assets.get(session, case_id, subject_id).name
    matter = matters.get(session, subject_id)
    if subject != "matter" or matter.case_id != case_id:
        raise NotFound(str(subject_id))
    return matters.type_of(session, case.court_id, matter.type_key).name
