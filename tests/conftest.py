"""A real PostgreSQL for every test that asks for it: a database of its own for each test process.

``database`` is the fixture: tables empty before each test, the clock where it belongs afterwards.
"""

import os
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from aiosmtpd.controller import Controller
from argon2 import PasswordHasher
from sqlalchemy import text

from engine import clock, db, embedded
from engine.casefile.people import users

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """URL of an empty database with all tables; dropped at the end."""
    folder = Path(os.environ.get("TEST_DATA_DIR", ROOT / "data" / "test"))
    base = os.environ.get("TEST_DATABASE_URL") or embedded.start(folder / "postgres")
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = base.replace("/postgres", f"/{name}", 1)
    os.environ["DATABASE_URL"] = url
    import handlers  # noqa: F401  registers the operations
    from engine import schema  # noqa: F401  knows every table

    # What makes a password hard to guess makes a hundred test courts slow.
    users._hasher = PasswordHasher(time_cost=1, memory_cost=1024)
    db.metadata.create_all(db.engine())
    yield url
    db.dispose()
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class PostOffice:
    """A mail server that keeps what it gets; ``refusal``: what it says to every addressee instead."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusal = ""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture(scope="session")
def outside_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    """A data folder of the test's own, and a mail server on a free port."""
    office = PostOffice()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
    }
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield office
    controller.stop()


@pytest.fixture
def post_office(outside_world: PostOffice) -> Iterator[PostOffice]:
    outside_world.mails.clear()
    yield outside_world
    outside_world.refusal = ""


@pytest.fixture
def database(server: str, outside_world: PostOffice) -> Iterator[str]:
    with db.engine().begin() as session:
        # Triggers keep the audit append-only; a test may start from nothing all the same.
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in db.metadata.sorted_tables:
            session.execute(text(f'DELETE FROM "{table.name}"'))
    clock.reset()
    yield server
    clock.reset()
