"""Content-addressed files of the court: written, flushed to disk and verified before a row may name them."""

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from engine import config
from engine.errors import NotFound


def put(court_id: UUID, content: bytes) -> str:
    """SHA-256 of the content, its name; on disk when this returns. A damaged file of that name is replaced."""
    name = hashlib.sha256(content).hexdigest()
    path = _path(court_id, name)
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == name:
        return name
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
    return name


def get(court_id: UUID, name: str) -> bytes:
    """The content; ``NotFound`` also when the file is damaged, so that nothing wrong is ever served."""
    try:
        content = _path(court_id, name).read_bytes()
    except FileNotFoundError:
        raise NotFound(name) from None
    if hashlib.sha256(content).hexdigest() != name:
        raise NotFound(name)
    return content


def _path(court_id: UUID, name: str) -> Path:
    return config.data_dir() / "blobs" / str(court_id) / name[:2] / name
