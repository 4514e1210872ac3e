"""流程设计: what designers may change, by *subject*, and the versions of it that were deployed.

A subject is the key of a process definition (``notify``), whose folder is changed as a whole, or the
path of a shared file (``documents/templates/D001.wen``), which is a folder of one file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import func, select

from engine import db
from engine.casefile.design import shared_files
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound
from engine.process import definitions
from engine.process.definitions import DIAGRAM
from engine.process.instances import INSTANCE
from engine.process.steps import OPEN

KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
#: Letters, figures, Chinese; a file stands in the folder itself or among its scenarios.
_IN_FOLDER = re.compile(r"process\.bpmn|[\w\-]{1,80}\.(form|dmn)|scenarios/[\w\-]{1,80}\.toml")
LARGEST = 2_000_000  #: characters of one file
MOST = 60  #: files of a folder


class BadName(EngineError):
    """文件名只能用文字、数字、下划线和短横，后缀为 form、dmn，场景放在 scenarios 文件夹、后缀为 toml"""

    code = "bad_name"


class BadText(EngineError):
    """文件内容不是可以保存的文字，请另存为 UTF-8 编码的文本后再试"""

    code = "bad_text"


class TooLarge(EngineError):
    """文件太大，请精简后再保存"""

    code = "design_too_large"


@dataclass(frozen=True)
class Version:
    subject: str
    number: int
    author: str
    reason: str
    deployed_at: datetime
    #: First day of a shared file; None for a definition, which holds for what is started from now on.
    valid_from: date | None = None
    #: Of the definition.
    id: UUID | None = None


def is_shared(subject: str) -> bool:
    return "/" in subject


def file_of(subject: str) -> str:
    """The file that one opens first: the diagram, or the shared file itself."""
    return PurePosixPath(subject).name if is_shared(subject) else DIAGRAM


def must_design(viewer: User) -> None:
    if not viewer.has("designer"):
        raise access.Forbidden("修改流程、表单、决策表和模板需要流程设计权限")


def must_look(viewer: User) -> None:
    if not viewer.has("designer", "deployer"):
        raise access.Forbidden("查看流程设计需要流程设计或者流程部署权限")


def must_be_file(subject: str, name: str, text: str) -> None:
    """Refuses a name that has no place in the subject's folder, and a text that cannot be stored."""
    fits = name == file_of(subject) if is_shared(subject) else _IN_FOLDER.fullmatch(name)
    if not fits:
        raise BadName
    if len(text) > LARGEST:
        raise TooLarge
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise BadText


# ---------------------------------------------------------------- versions


def versions(session: db.Session, court_id: UUID, subject: str) -> list[Version]:
    """Newest first; [] if nothing of it was ever deployed."""
    if is_shared(subject):
        return [_of_file(v) for v in shared_files.versions(session, court_id, subject)]
    return [_of_definition(v) for v in definitions.versions(session, court_id, subject)]


def newest(session: db.Session, court_id: UUID) -> list[Version]:
    """The newest version of everything: definitions by key, then shared files by path."""
    return [
        *(_of_definition(v) for v in definitions.newest(session, court_id)),
        *(_of_file(v) for v in shared_files.newest(session, court_id)),
    ]


def _of_definition(found: definitions.Version) -> Version:
    return Version(
        found.key, found.version, found.author, found.reason, found.deployed_at, id=found.id
    )


def _of_file(found: shared_files.Version) -> Version:
    return Version(
        found.path,
        found.version,
        found.author,
        found.reason,
        found.deployed_at,
        valid_from=found.valid_from,
    )


def newest_number(session: db.Session, court_id: UUID, subject: str) -> int:
    """0 if nothing of it was ever deployed."""
    found = versions(session, court_id, subject)
    return found[0].number if found else 0


def files(
    session: db.Session, court_id: UUID, subject: str, number: int | None = None
) -> Mapping[str, str]:
    """Name -> text of one version (default: the newest); ``NotFound`` if there is none."""
    found = versions(session, court_id, subject)
    version = next((v for v in found if number is None or v.number == number), None)
    if version is None:
        raise NotFound(subject)
    if version.id is not None:
        return definitions.files(session, version.id)
    text = shared_files.text_of(session, court_id, subject, version.number)
    return MappingProxyType({file_of(subject): text})


def running(session: db.Session, court_id: UUID) -> dict[tuple[str, UUID], int]:
    """(key, definition version) -> instances that have not ended."""
    rows = session.execute(
        select(INSTANCE.c.key, INSTANCE.c.definition_id, func.count())
        .where(INSTANCE.c.court_id == court_id, INSTANCE.c.state.in_(OPEN))
        .group_by(INSTANCE.c.key, INSTANCE.c.definition_id)
    )
    return {(key, definition_id): count for key, definition_id, count in rows}
