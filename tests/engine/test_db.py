"""Transactions that repeat, types that refuse, a server that is found again."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Column, MetaData, Table, Uuid, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from engine import db, embedded
from engine.errors import Busy, CommitUnknown, DatabaseAway
from engine.ids import new_id

table = Table(
    "probe",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("money", db.Fen),
    Column("at", db.UtcDateTime),
)


@pytest.fixture
def probe(database):
    table.drop(db.engine(), checkfirst=True)
    table.create(db.engine())
    yield
    db.dispose()  # some connections of the pool may have been killed
    table.drop(db.engine())


def put(session, **row):
    session.execute(insert(table).values(id=new_id(), **row))


def test_money_and_moments(probe):
    at = datetime(2027, 1, 1, 8, tzinfo=UTC)
    db.in_transaction(put, money=Decimal("1234567890.12"), at=at)
    row = db.read_only(lambda s: s.execute(select(table.c.money, table.c.at)).one())
    assert tuple(row) == (Decimal("1234567890.12"), at) and row.at.tzinfo is UTC
    assert db.read_only(lambda s: s.scalar(text("SELECT money FROM probe"))) == 123456789012
    for bad in (
        {"money": 1.5},
        {"money": Decimal("0.001")},
        {"money": 3},
        {"at": datetime(2027, 1, 1)},
    ):
        with pytest.raises((StatementError, TypeError, ValueError)):
            db.in_transaction(put, **bad)


def _kill(own=None):
    """Ends connections as a restarting server does: one of them, or all that the pool keeps."""
    with psycopg.connect(db.url(), autocommit=True) as outside:
        outside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND (%s::int IS NULL OR pid = %s)",
            [own, own],
        )


def _own(session):
    return session.scalar(text("SELECT pg_backend_pid()"))


def _count(session):
    return session.scalar(text("SELECT count(*) FROM probe"))


def test_a_restarted_server_is_found_again(probe):
    db.in_transaction(put)
    _kill()
    db.in_transaction(put)
    _kill()
    assert db.read_only(_count) == 2


def test_a_connection_that_breaks_on_the_way_is_repeated_and_done_once(probe):
    tries = []

    def work(session):
        put(session)
        tries.append(None)
        if len(tries) == 1:
            _kill(_own(session))
        put(session)

    db.in_transaction(work)
    assert (len(tries), db.read_only(_count)) == (2, 2)


def test_a_connection_that_breaks_at_the_commit_is_not_repeated(probe):
    tries = []

    def work(session):
        put(session)
        tries.append(None)
        _kill(_own(session))

    with pytest.raises(CommitUnknown):
        db.in_transaction(work)
    assert len(tries) == 1


def test_a_server_that_stays_away_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    monkeypatch.setattr(db, "_PATIENCE", 0.3)
    for ask in (db.in_transaction, db.read_only):
        with pytest.raises(DatabaseAway, match="没有丢失"):
            ask(_count)


def test_a_deadlock_is_repeated_and_done_once(probe):
    one, two = new_id(), new_id()
    db.in_transaction(
        lambda s: s.execute(
            insert(table), [{"id": one, "money": Decimal(0)}, {"id": two, "money": Decimal(0)}]
        )
    )
    met, runs = threading.Barrier(2), []

    def add(session, first, second):
        runs.append(first)
        session.execute(text("UPDATE probe SET money = money + 1 WHERE id = :i"), {"i": first})
        if len(runs) <= 2:
            met.wait()
        session.execute(text("UPDATE probe SET money = money + 1 WHERE id = :i"), {"i": second})

    threads = [
        threading.Thread(target=db.in_transaction, args=(add, *pair))
        for pair in ((one, two), (two, one))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 3, "one of the two ran again"
    assert db.read_only(lambda s: s.scalars(text("SELECT money FROM probe")).all()) == [2, 2]


def test_a_lock_that_is_never_free_is_busy_within_five_seconds_or_so(probe):
    import time

    db.in_transaction(put)
    with db.engine().connect() as holder:
        holder.execute(text("SELECT 1 FROM probe FOR UPDATE"))
        began = time.monotonic()
        with pytest.raises(Busy, match="没有丢失"):
            db.in_transaction(lambda s: s.execute(text("UPDATE probe SET money = 1")))
        assert 3 <= time.monotonic() - began < 7
        holder.rollback()


def test_other_errors_are_not_repeated_and_nothing_is_kept(probe):
    runs = []

    def fails(session):
        runs.append(1)
        put(session)
        session.execute(text("SELECT 1/0"))

    with pytest.raises(DBAPIError):
        db.in_transaction(fails)
    assert runs == [1] and db.read_only(lambda s: s.scalar(text("SELECT count(*) FROM probe"))) == 0


def test_read_only_refuses_to_write_and_transactions_do_not_nest(probe):
    with pytest.raises(DBAPIError, match="read-only"):
        db.read_only(put)
    with pytest.raises(RuntimeError, match="inside"):
        db.in_transaction(lambda s: db.in_transaction(put))


def test_a_killed_starter_leaves_a_server_that_the_next_one_finds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pg", numbered=True)
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    script = f"from engine import embedded; from pathlib import Path; print(embedded.start(Path({str(folder / 'postgres')!r})), flush=True); input()"
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=root,
            text=True,
        )
        for _ in range(2)
    ]
    urls = {p.stdout.readline() for p in started}
    assert len(urls) == 1, "both found one server"
    for process in started:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stdout.close()
    assert embedded.start(folder / "postgres") == urls.pop().strip()
    assert embedded.stop(folder / "postgres") is True
    assert embedded.stop(folder / "postgres") is False
