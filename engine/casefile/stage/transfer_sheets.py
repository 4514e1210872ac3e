"""流转单: what is written on the page 事项信息 during one stay in a stage; frozen by 提交.

For each worked matter the sheet keeps two things apart: the documents found in the dossier, which
every 暂存 collects anew, and what was typed, which no collection ever touches. Editing the found
text makes it typed; from then on a later collection only offers what is new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from engine import clock, db
from engine.casefile import columns
from engine.casefile.document import dossier
from engine.casefile.matter import matters
from engine.casefile.people.users import USER
from engine.casefile.stage.stages import Entry
from engine.errors import EngineError
from engine.ids import new_id

SHEET = Table(
    "transfer_sheet",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("stage_entry_id", Uuid, ForeignKey("stage_entry.id"), nullable=False),
    Column("stage", Text, nullable=False),
    #: draft, submitted, refused
    Column("state", Text, nullable=False),
    #: Raised by every 暂存; two people on one sheet.
    Column("version", Integer, nullable=False),
    Column("other_text", Text, nullable=False),
    #: Code of 后续事项, F11 …
    Column("follow_up", Text),
    Column("follow_up_items", ARRAY(Text), nullable=False),
    Column("has_auction", Boolean),
    Column("saved_at", db.UtcDateTime),
    columns.user_id("saved_by"),
    Column("submitted_at", db.UtcDateTime),
    columns.user_id("submitted_by"),
    #: What 提交 decided and by which facts, gates and rule version.
    Column("decision", JSONB),
    UniqueConstraint("stage_entry_id"),
    CheckConstraint("state IN ('draft', 'submitted', 'refused')", name="state"),
    Index(None, "court_id", "case_id", "id"),
)

NOTE = Table(
    "transfer_note",
    db.metadata,
    Column("sheet_id", Uuid, ForeignKey("transfer_sheet.id"), primary_key=True),
    Column("matter_key", Text, primary_key=True),
    columns.court_id(),
    #: Documents found by the last 暂存, newest first: [{id, title, day, to}].
    Column("found", JSONB, nullable=False),
    #: Ids of the documents that stood there when the text was typed.
    Column("seen", JSONB, nullable=False),
    Column("typed", Boolean, nullable=False),
    Column("text", Text, nullable=False),
)


class SheetChanged(EngineError):
    """事项信息刚刚被他人保存，您填写的内容没有丢失，请核对后再保存"""

    code = "sheet_changed"


class SheetFrozen(EngineError):
    """本阶段已经流转，事项信息不能再修改"""

    code = "sheet_frozen"


@dataclass(frozen=True)
class Note:
    """One matter's row of the sheet."""

    matter_key: str
    matter_name: str
    group: str
    found: list[dict[str, Any]]
    typed: bool
    text: str
    #: Found since the text was typed; offered, not written.
    offered: list[dict[str, Any]]
    #: The matter still runs.
    is_open: bool

    @property
    def is_written(self) -> bool:
        return bool(self.text.strip()) if self.typed else bool(self.found)


@dataclass(frozen=True)
class Sheet:
    id: UUID
    court_id: UUID
    case_id: UUID
    stage_entry_id: UUID
    stage: str
    state: str
    version: int
    other_text: str
    follow_up: str | None
    follow_up_items: list[str]
    has_auction: bool | None
    saved_at: datetime | None
    saved_by: str | None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Form:
    """What the page submits. ``texts`` holds only fields that were typed in, by matter."""

    other_text: str = ""
    follow_up: str | None = None
    follow_up_items: Sequence[str] = ()
    has_auction: bool | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


def of_entry(session: db.Session, entry: Entry) -> Sheet:
    """The sheet of this stay; made empty when it is opened for the first time."""
    found = _read(session, entry)
    if found is None:
        session.execute(
            upsert(SHEET)
            .values(
                id=new_id(),
                court_id=entry.court_id,
                case_id=entry.case_id,
                stage_entry_id=entry.id,
                stage=entry.stage,
                state="draft",
                version=0,
                other_text="",
                follow_up_items=[],
            )
            .on_conflict_do_nothing()
        )
        found = _read(session, entry)
    if found is None:
        raise AssertionError("the sheet was just made")
    return found


def save(
    session: db.Session, entry: Entry, form: Form, *, seen_version: int, saved_by: UUID
) -> Sheet:
    """暂存: stores everything, then collects the dossier's documents anew. The case is locked."""
    sheet = of_entry(session, entry)
    if sheet.state != "draft":
        raise SheetFrozen
    if sheet.version != seen_version:
        raise SheetChanged(f"{sheet.saved_by or ''}已于本页打开之后保存")
    session.execute(
        update(SHEET)
        .where(SHEET.c.id == sheet.id)
        .values(
            version=sheet.version + 1,
            other_text=form.other_text,
            follow_up=form.follow_up,
            follow_up_items=list(form.follow_up_items),
            has_auction=form.has_auction,
            saved_at=clock.now(),
            saved_by=saved_by,
        )
    )
    _collect(session, entry, sheet, form.texts)
    return of_entry(session, entry)


def freeze(session: db.Session, sheet: Sheet, decision: Mapping[str, Any], by: UUID) -> None:
    session.execute(
        update(SHEET)
        .where(SHEET.c.id == sheet.id)
        .values(
            state="submitted", submitted_at=clock.now(), submitted_by=by, decision=dict(decision)
        )
    )


def thaw(session: db.Session, stage_entry_id: UUID) -> None:
    """The receiving team refused: the sender may write on."""
    session.execute(
        update(SHEET)
        .where(SHEET.c.stage_entry_id == stage_entry_id)
        .values(state="draft", submitted_at=None, submitted_by=None)
    )


# ---------------------------------------------------------------- collecting


def _collect(session: db.Session, entry: Entry, sheet: Sheet, texts: Mapping[str, str]) -> None:
    found = _documents_by_matter(session, entry)
    stored = {note.matter_key: note for note in sheet.notes}
    for key in _worked(session, entry, found):
        documents = found.get(key, [])
        before = stored.get(key)
        typed = key in texts or (before is not None and before.typed)
        text = texts.get(key, before.text if before and before.typed else "")
        if typed and not text.strip() and documents:
            typed, text = False, ""  # emptied again: back to what the dossier says
        seen = [d["id"] for d in documents] if key in texts else _seen(session, sheet.id, key)
        row = {
            "sheet_id": sheet.id,
            "matter_key": key,
            "court_id": entry.court_id,
            "found": documents,
            "seen": seen,
            "typed": typed,
            "text": text.strip(),
        }
        statement = upsert(NOTE).values(row)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["sheet_id", "matter_key"],
                set_={n: statement.excluded[n] for n in ("found", "seen", "typed", "text")},
            )
        )


def _seen(session: db.Session, sheet_id: UUID, key: str) -> list[str]:
    value = session.scalar(
        select(NOTE.c.seen).where(NOTE.c.sheet_id == sheet_id, NOTE.c.matter_key == key)
    )
    return list(value or [])


def _documents_by_matter(session: db.Session, entry: Entry) -> dict[str, list[dict[str, Any]]]:
    kinds = {m.id: m.type_key for m in matters.of_case(session, entry.case_id)}
    found: dict[str, list[dict[str, Any]]] = {}
    for item in dossier.of_stage_entry(session, entry.id):
        if item.matter_id in kinds and item.source != "proof":
            found.setdefault(kinds[item.matter_id], []).append(
                {
                    "id": str(item.id),
                    "document": str(item.document_id) if item.document_id else None,
                    "title": item.title,
                    "day": clock.court_day(item.added_at).isoformat(),
                }
            )
    return found


def _worked(session: db.Session, entry: Entry, found: Mapping[str, Any]) -> list[str]:
    """Matter types opened in this stay, still running, or with documents of this stay; in their order."""
    used = set(found)
    for matter in matters.of_case(session, entry.case_id):
        if matter.stage_entry_id == entry.id or matter.state == "open":
            used.add(matter.type_key)
    return [t.key for t in matters.types(session, entry.court_id) if t.key in used]


def _read(session: db.Session, entry: Entry) -> Sheet | None:
    names = [f.name for f in fields(Sheet) if f.name not in ("notes", "saved_by")]
    row = session.execute(
        select(*[SHEET.c[name] for name in names], USER.c.name.label("saved_by"))
        .outerjoin(USER, USER.c.id == SHEET.c.saved_by)
        .where(SHEET.c.stage_entry_id == entry.id)
    ).mappings()
    found = row.one_or_none()
    if found is None:
        return None
    return Sheet(**found, notes=tuple(_notes(session, entry, found["id"])))


def _notes(session: db.Session, entry: Entry, sheet_id: UUID) -> list[Note]:
    rows = {
        row["matter_key"]: row
        for row in session.execute(select(NOTE).where(NOTE.c.sheet_id == sheet_id)).mappings()
    }
    running = {m.type_key for m in matters.of_case(session, entry.case_id) if m.state == "open"}
    worked = set(_worked(session, entry, {})) | set(rows)
    return [
        _note(kind, rows.get(kind.key), is_open=kind.key in running)
        for kind in matters.types(session, entry.court_id)
        if kind.key in worked
    ]


def _note(kind: matters.MatterType, row: Any, *, is_open: bool) -> Note:
    found = list(row["found"]) if row else []
    typed = bool(row["typed"]) if row else False
    return Note(
        matter_key=kind.key,
        matter_name=kind.name,
        group=kind.group,
        found=found,
        typed=typed,
        text=row["text"] if row else "",
        offered=[d for d in found if d["id"] not in row["seen"]] if row and typed else [],
        is_open=is_open,
    )
