"""Settings of one process, read from the environment once per call; nothing secret is kept in code.

DATA_DIR           folder of the embedded database, blobs and keys (default ``data``)
DATABASE_URL       any PostgreSQL ≥ 14; unset: the embedded server in DATA_DIR
FENDUAN_DEMO       ``1``: demo users, the demo clock and the mail catcher exist
FENDUAN_BASE_URL   how addressees reach us, for links in mails (default: this machine, FENDUAN_PORT)
SMTP_HOST, SMTP_PORT, SMTP_FROM   the court's mail server (demo: the local mail catcher)
"""

import os
from pathlib import Path

#: The folder that holds ``workflows/`` as delivered.
ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ROOT / "workflows"


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR", ROOT / "data"))


def is_demo() -> bool:
    return os.environ.get("FENDUAN_DEMO") == "1"


def base_url() -> str:
    """Without a slash at its end."""
    here = f"http://127.0.0.1:{os.environ.get('FENDUAN_PORT', '8000')}"
    return os.environ.get("FENDUAN_BASE_URL", here).rstrip("/")


def smtp() -> tuple[str, int, str]:
    """(host, port, sender address)."""
    host = os.environ.get("SMTP_HOST", "127.0.0.1")
    port = int(os.environ.get("SMTP_PORT", "8025"))
    return host, port, os.environ.get("SMTP_FROM", "delivery@court.invalid")
