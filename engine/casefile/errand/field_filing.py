"""办结 of an errand: its record as a document of the court, filed with the photos in the case's dossier.

``draft`` says what is to be laid out, outside the transaction; ``file`` ends the errand with exactly
that, or refuses when something has changed since. The record is signed by hand by those present.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile.case import cases
from engine.casefile.case.cases import Case
from engine.casefile.design import shared_files
from engine.casefile.document import document_data, documents, dossier
from engine.casefile.document.drafting import TEMPLATES, NoTemplate
from engine.casefile.errand import field_records, field_tasks
from engine.casefile.errand.field_photos import Photo
from engine.casefile.errand.field_records import RecordChanged, RecordIncomplete, Shown
from engine.casefile.people.users import User
from engine.documents import layout
from engine.documents import template as templates
from engine.documents.document import Document
from engine.documents.layout import Laid
from engine.errors import EngineError

CODE = "F001"
#: Catalogue number by kind; everything else is 11, records and what was found (DOMAIN D029, D044, §5.2).
_PLACES: Mapping[str, int] = {"deliver": 30, "seize": 15, "compel": 15, "search": 15, "escort": 15}
_USUAL_PLACE = 11
_SHORT_HASH = 16


class RecordUnprintable(EngineError):
    """记录中有无法印出的字，请改写"""

    code = "record_unprintable"


@dataclass(frozen=True)
class Draft:
    """The record as it will be issued at ``at``."""

    court_id: UUID
    content: Document
    hash: str
    at: datetime


@dataclass(frozen=True)
class Filed:
    """The pages of the record in the blob store, and the pressing of 办结 that asked for them."""

    blob: str
    pages: int
    submission_id: UUID | None


def is_done(session: db.Session, viewer: User, task_id: UUID, submission_id: UUID | None) -> bool:
    """Whether this very pressing of 办结 has been carried out already."""
    shown = field_records.of_officer(session, viewer, task_id)
    done = shown.task.state == "done" and submission_id is not None
    return done and shown.record.submission_id == submission_id


def draft(session: db.Session, viewer: User, task_id: UUID) -> Draft:
    """Raises ``RecordIncomplete`` with every field that must be mended."""
    shown = field_records.of_officer(session, viewer, task_id)
    field_tasks.must_be_open(shown.task)
    if shown.task.state == "assigned":
        raise field_tasks.ErrandNotBegun
    return _draft(session, viewer, shown, clock.now())


def _draft(session: db.Session, viewer: User, shown: Shown, at: datetime) -> Draft:
    if shown.problems:
        raise RecordIncomplete(shown.problems)
    case = cases.get(session, shown.task.case_id)
    path = f"{TEMPLATES}{CODE}.wen"
    file = shared_files.in_force(session, case.court_id, path).get(path)
    if file is None:
        raise NoTemplate(CODE)
    data = document_data.collect(session, case, day=clock.court_day(at))
    entries = _entries(viewer, shown)
    content = templates.render(templates.read(file.text), {**data, "事项": entries})
    return Draft(case.court_id, content, documents.hash_of(content), at)


def _entries(viewer: User, shown: Shown) -> dict[str, Any]:
    task, record = shown.task, shown.record
    typed = "（事后填写）" if record.arrival_typed else ""
    return {
        "外勤类别": task.word,
        "外勤地点": task.place,
        "外勤对象": task.target,
        "外勤要求": task.request,
        "外勤人员": viewer.name,
        "到场时间": f"{_moment(record.arrived_at)}{typed}",
        "到场位置": str(record.position or ""),
        "在场人": record.people,
        "外勤经过": record.course,
        "外勤结果": record.result,
        "现场照片": [
            {
                "时间": _moment(photo.chosen_at),
                "位置": str(photo.position or ""),
                "校验码": photo.blob[:_SHORT_HASH],
            }
            for photo in shown.photos
        ],
    }


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(clock.COURT_ZONE):%Y年%-m月%-d日%H:%M}" if at else ""


def lay_out(drafted: Draft) -> Laid:
    """The pages of the record, PDF/A; not inside a transaction."""
    try:
        return layout.to_pdf(drafted.content, issued_at=drafted.at)
    except layout.GlyphMissing as error:
        raise RecordUnprintable(str(error).partition("：")[2]) from None


def file(session: db.Session, viewer: User, task_id: UUID, drafted: Draft, filed: Filed) -> None:
    """办结: the errand is done, the record and its photos are in the dossier; the same pressing twice is once."""
    try:
        task = field_tasks.lock(session, viewer, task_id)
    except field_tasks.ErrandDone:
        if is_done(session, viewer, task_id, filed.submission_id):
            return
        raise
    shown = field_records.of_officer(session, viewer, task_id)
    if _draft(session, viewer, shown, drafted.at).hash != drafted.hash:
        raise RecordChanged
    case = cases.get(session, task.case_id)
    field_records.end(session, task_id, filed.blob, filed.submission_id)
    field_tasks.report(session, viewer, task_id, shown.record.result)
    _add(session, viewer, case, shown, filed)
    for number, photo in enumerate(shown.photos, 1):
        _add_photo(session, viewer, case, shown, number, photo)


def _add(session: db.Session, viewer: User, case: Case, shown: Shown, filed: Filed) -> None:
    dossier.add(
        session,
        case.court_id,
        case.id,
        volume="main",
        item=_PLACES.get(shown.task.kind, _USUAL_PLACE),
        title=f"外勤记录（{shown.task.word}）",
        source="record",
        blob=filed.blob,
        pages=filed.pages,
        matter_id=shown.task.matter_id,
        stage_entry_id=case.stage_entry_id,
        added_by=viewer.id,
    )


def _add_photo(
    session: db.Session, viewer: User, case: Case, shown: Shown, number: int, photo: Photo
) -> None:
    dossier.add(
        session,
        case.court_id,
        case.id,
        volume="main",
        item=_PLACES.get(shown.task.kind, _USUAL_PLACE),
        title=f"现场照片{number}（{shown.task.word}）",
        # As proof of the record it belongs to, so that 流转 lists the record and not every photo.
        source="proof",
        blob=photo.blob,
        pages=1,
        media_type=photo.media_type,
        matter_id=shown.task.matter_id,
        stage_entry_id=case.stage_entry_id,
        added_by=viewer.id,
    )
