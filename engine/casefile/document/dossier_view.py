"""浏览总卷, 浏览分表, 上传材料, 文书打印: what of a dossier a viewer sees, and what he adds to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from engine import audit, blobs, db
from engine.casefile.case import case_heads
from engine.casefile.case.case_heads import Head
from engine.casefile.case.cases import Case
from engine.casefile.document import (
    catalogue,
    document_progress,
    documents,
    dossier,
    dossier_access,
    scans,
)
from engine.casefile.document.document_progress import Progress
from engine.casefile.document.documents import Document
from engine.casefile.document.dossier import Item
from engine.casefile.document.scans import Upload
from engine.casefile.matter import matters
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound

LONGEST_TITLE = 100


class UploadIncomplete(EngineError):
    """上传的材料还不能入卷"""

    code = "upload_incomplete"

    def __init__(self, problems: "dict[str, str]") -> None:
        super().__init__("；".join(problems.values()))
        #: Field -> what must be done about it.
        self.problems = problems


class NothingToPrint(EngineError):
    """请先勾选要打印的文书"""

    code = "nothing_to_print"


@dataclass(frozen=True)
class Entry:
    """One catalogue number with what lies under it."""

    number: int
    name: str
    items: Sequence[Item]

    @property
    def pages(self) -> int:
        return sum(item.pages for item in self.items)


@dataclass(frozen=True)
class Catalogue:
    head: Head
    #: Volume -> its numbers that hold something.
    volumes: Mapping[str, Sequence[Entry]]
    chosen: Item | None
    can_add: bool

    @property
    def pages(self) -> int:
        return sum(entry.pages for entries in self.volumes.values() for entry in entries)

    @property
    def reads_internal(self) -> bool:
        return "internal" in self.volumes


@dataclass(frozen=True)
class MatterView:
    """分表: exactly the documents that the matter page lists."""

    head: Head
    matter: matters.MatterType
    documents: Sequence[tuple[Document, Progress]]
    chosen: Document | None


def show(
    session: db.Session, viewer: User, case_id: UUID, item_id: UUID | None = None
) -> Catalogue:
    """浏览总卷; without ``item_id`` its first item."""
    head = case_heads.head(session, viewer, case_id)
    volumes = dossier_access.volumes(session, viewer, head.case)
    items = dossier.of_case(session, case_id, volumes=volumes)
    chosen = next((i for i in items if item_id in (None, i.id)), None)
    if item_id is not None and chosen is None:
        raise NotFound(str(item_id))
    return Catalogue(
        head=head,
        volumes={volume: _entries(volume, items) for volume in volumes},
        chosen=chosen,
        can_add=head.case.stage is not None and access.can_work(viewer, head.case),
    )


def _entries(volume: str, items: Sequence[Item]) -> list[Entry]:
    found: dict[int, list[Item]] = {}
    for item in items:
        if item.volume == volume:
            found.setdefault(item.item, []).append(item)
    names = catalogue.ITEMS[volume]
    return [Entry(number, names.get(number, ""), listed) for number, listed in found.items()]


def matter_view(
    session: db.Session, viewer: User, case_id: UUID, key: str, document_id: UUID | None = None
) -> MatterView:
    """浏览分表."""
    head = case_heads.head(session, viewer, case_id)
    kind = matters.type_of(session, head.case.court_id, key)
    listed = of_matter(session, viewer, head.case, key)
    progress = document_progress.of_documents(session, listed)
    chosen = next((d for d in listed if document_id in (None, d.id)), None)
    if document_id is not None and chosen is None:
        raise NotFound(str(document_id))
    return MatterView(head, kind, [(d, progress[d.id]) for d in listed], chosen)


def of_matter(session: db.Session, viewer: User, case: Case, key: str) -> list[Document]:
    """The documents of all matters of this type, in the order they were made."""
    ids = {m.id for m in matters.of_case(session, case.id) if m.type_key == key}
    volumes = dossier_access.volumes(session, viewer, case)
    return [
        d for d in documents.of_case(session, case.id) if d.matter_id in ids and d.volume in volumes
    ]


def item(session: db.Session, viewer: User, case_id: UUID, item_id: UUID) -> Item:
    """One item that the viewer may read, else ``NotFound``."""
    case = access.case(session, viewer, case_id)
    found = dossier.get(session, case_id, item_id)
    dossier_access.must_read(session, viewer, case, found.volume)
    return found


def items(session: db.Session, viewer: User, case_id: UUID) -> tuple[Case, list[Item]]:
    """Everything of the dossier that the viewer may read, in catalogue order."""
    case = access.case(session, viewer, case_id)
    volumes = dossier_access.volumes(session, viewer, case)
    return case, dossier.of_case(session, case_id, volumes=volumes)


def pages_of(found: Item) -> bytes:
    """The item as PDF; reads the store, so not inside a transaction."""
    return scans.as_pdf(blobs.get(found.court_id, found.blob), found.media_type)


# ---------------------------------------------------------------- 上传材料


def target(
    session: db.Session, viewer: User, case_id: UUID, typed: Mapping[str, str]
) -> tuple[Case, str, int, str]:
    """(case, volume, catalogue number, title) of an upload, checked; ``place`` is like ``main-12``."""
    case = access.case(session, viewer, case_id)
    access.must_work(viewer, case)
    problems = {}
    title = typed.get("title", "").strip()
    if not title:
        problems["title"] = "请填写材料名称"
    elif len(title) > LONGEST_TITLE:
        problems["title"] = f"材料名称不能超过{LONGEST_TITLE}字"
    volume, _, number = typed.get("place", "").partition("-")
    known = catalogue.ITEMS.get(volume, {})
    if not number.isdecimal() or int(number) not in known:
        problems["place"] = "请选择目录项"
    if problems:
        raise UploadIncomplete(problems)
    dossier_access.must_read(session, viewer, case, volume)
    return case, volume, int(number), title


def add(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    typed: Mapping[str, str],
    blob: str,
    upload: Upload,
) -> UUID:
    """The stored file as an item of the dossier; with ``matter`` it also counts for that matter."""
    case = access.case(session, viewer, case_id, lock=True)
    _, volume, number, title = target(session, viewer, case_id, typed)
    matter = matters.open_of_type(session, case_id, typed.get("matter", ""))
    item_id = dossier.add(
        session,
        case.court_id,
        case_id,
        volume=volume,
        item=number,
        title=title,
        source="upload",
        blob=blob,
        pages=upload.pages,
        media_type=upload.media_type,
        matter_id=matter.id if matter else None,
        stage_entry_id=case.stage_entry_id,
        added_by=viewer.id,
    )
    detail = {"item": str(item_id), "title": title, "blob": blob}
    note = audit.Note(viewer.actor, "dossier_item_uploaded", detail)
    audit.append(session, case_id, case.court_id, note)
    return item_id


# ---------------------------------------------------------------- 文书打印


def note_print(session: db.Session, viewer: User, case_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    """The documents among ``ids`` that the viewer may print, in their order; the audit says that he did."""
    case = access.case(session, viewer, case_id)
    chosen = [d for d, _ in printed(session, viewer, case_id, ids)]
    detail = {"documents": [str(d.id) for d in chosen]}
    note = audit.Note(viewer.actor, "documents_printed", detail)
    audit.append(session, case_id, case.court_id, note)
    return [d.id for d in chosen]


def printed(
    session: db.Session, viewer: User, case_id: UUID, ids: Sequence[UUID]
) -> list[tuple[Document, bytes]]:
    """(document, content as JSON; empty when it is signed) of each; ``NothingToPrint`` if there is none."""
    case = access.case(session, viewer, case_id)
    volumes = dossier_access.volumes(session, viewer, case)
    chosen = [d for d in documents.of_case(session, case_id) if d.id in ids and d.volume in volumes]
    if not chosen:
        raise NothingToPrint
    return [
        (
            d,
            b""
            if d.blob
            else orjson.dumps(documents.content(session, d), option=orjson.OPT_SORT_KEYS),
        )
        for d in chosen
    ]


def matter_choices(
    session: db.Session, viewer: User, case_id: UUID
) -> tuple[Head, list[tuple[str, str]], tuple[str, ...]]:
    """(head, matters that run as (key, name), volumes) for the upload form."""
    head = case_heads.head(session, viewer, case_id)
    access.must_work(viewer, head.case)
    running = {m.type_key for m in matters.of_case(session, case_id) if m.state == "open"}
    named = [
        (t.key, t.name) for t in matters.types(session, head.case.court_id) if t.key in running
    ]
    return head, named, dossier_access.volumes(session, viewer, head.case)
