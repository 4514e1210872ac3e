"""传阅: a document is shown to others, who read it and may remark; never a decision, never the text changed.

sent --he opens it--> read       with the moment; a remark may follow, once

Nobody gets a second copy of the same version. Who is recused afterwards finds nothing any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    insert,
    select,
    text,
    update,
)

from engine import audit, clock, db
from engine.casefile import columns
from engine.casefile.case import desk
from engine.casefile.case.cases import Case
from engine.casefile.document import documents, dossier_access
from engine.casefile.document.documents import Document
from engine.casefile.people import access, notices, readers
from engine.casefile.people.users import USER, User
from engine.errors import EngineError, NotFound
from engine.ids import new_id
from engine.process import tasks

CIRCULATION = Table(
    "circulation",
    db.metadata,
    columns.id_(),
    columns.court_id(),
    columns.case_id(),
    Column("document_id", Uuid, ForeignKey("document.id"), nullable=False),
    Column("version", SmallInteger, nullable=False),
    columns.user_id("reader_id", nullable=False),
    columns.user_id("sent_by", nullable=False),
    #: 附言
    Column("words", Text, nullable=False),
    Column("sent_at", db.UtcDateTime, nullable=False),
    Column("read_at", db.UtcDateTime),
    Column("remark", Text, nullable=False, server_default=""),
    Column("remarked_at", db.UtcDateTime),
    UniqueConstraint("document_id", "version", "reader_id"),
    Index(None, "court_id", "document_id", "id"),
    Index(
        "ix_circulation_unread",
        "court_id",
        "reader_id",
        "id",
        postgresql_where=text("read_at IS NULL"),
    ),
)

LONGEST = 1000  #: characters of 附言 or remark


class CirculationIncomplete(EngineError):
    """还不能传阅，请按提示补充"""

    code = "circulation_incomplete"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__()
        #: Field -> what to do.
        self.problems = problems


class RemarkMissing(EngineError):
    """请填写阅示意见"""

    code = "circulation_remark_missing"


class RemarkTooLong(EngineError):
    """不能超过1000字，请精简后再提交"""

    code = "circulation_remark_too_long"


class RemarkMade(EngineError):
    """您已经写过意见，提交后不能修改"""

    code = "circulation_remark_made"


@dataclass(frozen=True)
class Circulation:
    id: UUID
    court_id: UUID
    case_id: UUID
    document_id: UUID
    version: int
    reader_id: UUID
    reader: str
    sent_by: UUID
    sender: str
    words: str
    sent_at: datetime
    read_at: datetime | None
    remark: str
    remarked_at: datetime | None


# ---------------------------------------------------------------- sending


def sendable(session: db.Session, viewer: User, document_id: UUID) -> tuple[Case, Document]:
    """The document if the viewer may circulate it: he works the case, or holds its approval."""
    document = documents.get(session, document_id)
    case = access.case(session, viewer, document.case_id)
    dossier_access.must_read(session, viewer, case, document.volume)
    if not may_send(session, viewer, case, document):
        raise access.Forbidden("传阅由承办人或者正在审批的人员进行")
    return case, document


def may_send(session: db.Session, viewer: User, case: Case, document: Document) -> bool:
    if access.can_work(viewer, case):
        return True
    open_ = tasks.open_of(session, instance_id=document.instance_id)
    return any(t.screen == "approval" and desk.is_mine(session, viewer, t.id) for t in open_)


def candidates(session: db.Session, viewer: User, document: Document) -> list[User]:
    """Who may read the document's case and volume and has no copy of this version yet."""
    having = {c.reader_id for c in of_document(session, document.id, document.version)}
    people = readers.of_document(session, document)
    return [user for user in people if user.id not in having | {viewer.id}]


def circulate(
    session: db.Session, viewer: User, document_id: UUID, reader_ids: Sequence[UUID], words: str
) -> None:
    """One copy of the present version to each; ``CirculationIncomplete`` names the field."""
    case, document = sendable(session, viewer, document_id)
    access.case(session, viewer, case.id, lock=True)
    may = {user.id: user for user in candidates(session, viewer, document)}
    problems = {}
    if not reader_ids:
        problems["person"] = "请选择传阅人员"
    elif not set(reader_ids) <= set(may):
        problems["person"] = "所选人员不能查看本案或者已经收到本稿，请重新选择"
    if len(words) > LONGEST:
        problems["words"] = f"不能超过{LONGEST}字，请精简"
    if problems:
        raise CirculationIncomplete(problems)
    for reader_id in dict.fromkeys(reader_ids):
        id_ = new_id()
        session.execute(
            insert(CIRCULATION).values(
                id=id_,
                court_id=case.court_id,
                case_id=case.id,
                document_id=document.id,
                version=document.version,
                reader_id=reader_id,
                sent_by=viewer.id,
                words=words.strip(),
                sent_at=clock.now(),
            )
        )
        detail = {"document": document.name, "reader": may[reader_id].name}
        _note(session, viewer, case.id, "document_circulated", **detail)
        said = notices.line(case.case_no, f"《{document.name}》", f"{viewer.name}传阅给您")
        link = f"/circulations/{id_}"
        told = [reader_id]
        notices.tell(session, case.court_id, told, "circulation", said, case_id=case.id, link=link)


# ---------------------------------------------------------------- reading and remarking


def open_(session: db.Session, viewer: User, circulation_id: UUID) -> Circulation:
    """已阅: the moment of the first opening is kept; for anybody but the reader ``NotFound``."""
    found = _mine(session, viewer, circulation_id)
    if found.read_at is None:
        stored = session.execute(
            update(CIRCULATION)
            .where(CIRCULATION.c.id == circulation_id, CIRCULATION.c.read_at.is_(None))
            .values(read_at=clock.now())
        )
        if stored.rowcount:
            name = documents.get(session, found.document_id).name
            _note(session, viewer, found.case_id, "circulation_read", document=name)
    return _mine(session, viewer, circulation_id)


def remark(session: db.Session, viewer: User, circulation_id: UUID, words: str) -> Circulation:
    """Once, beside the document; told to who sent it."""
    found = _mine(session, viewer, circulation_id)
    case = access.case(session, viewer, found.case_id, lock=True)
    found = _mine(session, viewer, circulation_id)
    if found.remarked_at is not None:
        raise RemarkMade
    if not words.strip():
        raise RemarkMissing
    if len(words) > LONGEST:
        raise RemarkTooLong
    now = clock.now()
    session.execute(
        update(CIRCULATION)
        .where(CIRCULATION.c.id == circulation_id)
        .values(remark=words.strip(), remarked_at=now, read_at=found.read_at or now)
    )
    name = documents.get(session, found.document_id).name
    _note(session, viewer, case.id, "circulation_remarked", document=name)
    said = notices.line(case.case_no, f"《{name}》", f"{viewer.name}写了传阅意见")
    link = f"/documents/{found.document_id}/circulation"
    told = [found.sent_by]
    notices.tell(session, case.court_id, told, "circulation", said, case_id=case.id, link=link)
    return _mine(session, viewer, circulation_id)


def _mine(session: db.Session, viewer: User, circulation_id: UUID) -> Circulation:
    """As long as the reader may open the case: recusal ends it at once."""
    found = _read(session, CIRCULATION.c.id == circulation_id)
    if not found or found[0].reader_id != viewer.id:
        raise NotFound(str(circulation_id))
    access.case(session, viewer, found[0].case_id)
    return found[0]


def _note(session: db.Session, viewer: User, case_id: UUID, action: str, **detail: str) -> None:
    audit.append(session, case_id, viewer.court_id, audit.Note(viewer.actor, action, detail))


# ---------------------------------------------------------------- lists

_READER, _SENDER = USER.alias("reader"), USER.alias("sender")
_NAMED = {"reader": _READER.c.name, "sender": _SENDER.c.name}


def of_document(
    session: db.Session, document_id: UUID, version: int | None = None
) -> list[Circulation]:
    """Copies of a document, the oldest first; with ``version`` of that one alone."""
    of = CIRCULATION.c.document_id == document_id
    return _read(session, of if version is None else of & (CIRCULATION.c.version == version))


def _read(session: db.Session, condition: object) -> list[Circulation]:
    shown = [
        _NAMED[f.name].label(f.name) if f.name in _NAMED else CIRCULATION.c[f.name]
        for f in fields(Circulation)
    ]
    rows = session.execute(
        select(*shown)
        .join(_READER, _READER.c.id == CIRCULATION.c.reader_id)
        .join(_SENDER, _SENDER.c.id == CIRCULATION.c.sent_by)
        .where(condition)  # type: ignore[arg-type]
        .order_by(CIRCULATION.c.id)
    ).mappings()
    return [Circulation(**row) for row in rows]
