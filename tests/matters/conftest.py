"""The court with the simulated bank beside it: both over HTTP, as in the product."""

import os
import socket
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from engine import db
from engine.casefile.people import users
from handlers.simulators.bank import Bank
from handlers.simulators.bank_books import Books
from tests.casefile.court import PASSWORD, Court, make
from webui.app import create_app


@pytest.fixture
def court(database: str) -> Court:
    """With an officer who goes out."""
    found = make()
    db.in_transaction(_hire, found)
    return found


def _hire(session: db.Session, found: Court) -> None:
    person = {"login": "jiang", "name": "蒋立", "title": "司法警察", "team": None, "phone": ""}
    users.add(session, found.id, roles=["field_officer"], password=PASSWORD, **person)
    found.people = {u.login: u for u in users.of_court(session, found.id)}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


#: One for all tests of a process: its templates are compiled once.
_application = cache(create_app)


@pytest.fixture
def bank(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    """Receipts are due at once; ``send_due`` sends them to the platform's own endpoint."""
    ports = {"BANK_URL": free_port(), "FENDUAN_BASE_URL": free_port()}
    for name, port in ports.items():
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    simulator = Bank(Books(tmp_path / "bank"), delay=0)
    assert Path(os.environ["DATA_DIR"]).exists()
    servers = [
        make_server("127.0.0.1", ports["BANK_URL"], simulator, threaded=True),
        make_server("127.0.0.1", ports["FENDUAN_BASE_URL"], _application(), threaded=True),
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield simulator
    for server in servers:
        server.shutdown()
        server.server_close()
