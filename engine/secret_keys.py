"""Secrets that are made at the first start and kept in files that only the platform's user reads."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from engine import config


def of_platform() -> str:
    """``SECRET_KEY``, or one made at the first start and kept in the data folder.

    Several servers need the same: give them the variable.
    """
    given = os.environ.get("SECRET_KEY")
    return given or kept(config.data_dir() / "secret_key", lambda: secrets.token_urlsafe(48))


def kept(path: Path, new: Callable[[], str]) -> str:
    """What the file holds; the first who asks writes ``new()`` into it (mode 0600)."""
    if not path.exists():
        _make(path, new())
    return path.read_text("ascii").strip()


def _make(path: Path, text: str) -> None:
    """Two may come first at once; the link fails for the second, whose secret is dropped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
