"""A real PostgreSQL for every test that asks for it: a database of its own for each test process.

``database`` is the fixture: tables empty before each test, the clock where it belongs afterwards.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from engine import clock, db, embedded

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

    db.metadata.create_all(db.engine())
    yield url
    db.dispose()
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database(server: str) -> Iterator[str]:
    with db.engine().begin() as session:
        # Triggers keep the audit append-only; a test may start from nothing all the same.
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in db.metadata.sorted_tables:
            session.execute(text(f'DELETE FROM "{table.name}"'))
    clock.reset()
    yield server
    clock.reset()
