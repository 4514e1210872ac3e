"""Files by their content: a local directory in which a file's name is the SHA-256 of its bytes.

Written whole and fsynced before ``put`` returns, so the row that names a blob may commit after it.
Each court has a folder of its own. ``DATA_DIR`` (default ``data``) holds the folder ``blobs``.
"""

import hashlib
import os
import re
import secrets
from pathlib import Path
from uuid import UUID

from engine.errors import EngineError

_HASH = re.compile(r"[0-9a-f]{64}")


class BlobMissing(EngineError):
    """文件不存在"""

    code = "blob_missing"


class BlobDamaged(EngineError):
    """文件已损坏，请从备份恢复"""

    code = "blob_damaged"


def root() -> Path:
    return Path(os.environ.get("DATA_DIR", "data")) / "blobs"


def put(court_id: UUID, data: bytes) -> str:
    """Stores the bytes and returns their SHA-256 in hexadecimal. Storing the same again is harmless.

    A file that is there already is read and compared: one that has been damaged is written anew.
    """
    digest = hashlib.sha256(data).hexdigest()
    path = _path(court_id, digest)
    if _whole(path, digest):
        return digest
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{digest}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o400)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _fsync_folder(folder)
    return digest


def get(court_id: UUID, digest: str) -> bytes:
    """The bytes, verified. Raises BlobMissing, BlobDamaged."""
    try:
        data = _path(court_id, digest).read_bytes()
    except FileNotFoundError as error:
        raise BlobMissing(digest) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise BlobDamaged(digest)
    return data


def _path(court_id: UUID, digest: str) -> Path:
    if not _HASH.fullmatch(digest):
        raise BlobMissing(digest[:64])
    return root() / str(UUID(str(court_id))) / digest[:2] / digest


def _whole(path: Path, digest: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except FileNotFoundError:
        return False


def _fsync_folder(folder: Path) -> None:
    # A name is on disk only when its folder is.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
