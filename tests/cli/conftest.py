"""``fenduan`` as an operator calls it, in this process; a few tests start a process of their own."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
import pytest

from engine import db
from tests.casefile.court import Court, make
from webui import cli


@dataclass
class Ran:
    code: int
    out: str
    err: str

    def refuses(self) -> str:
        """The one line that says why not."""
        assert self.code in (1, 2), self
        assert self.out == "" and self.err.count("\n") == 1, self
        assert max(self.err) >= "\u4e00" and "Traceback" not in self.err
        return self.err.strip()


Fenduan = Callable[..., Ran]


@pytest.fixture
def fenduan(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fenduan:
    def run(*arguments: str, given: str = "") -> Ran:
        monkeypatch.setattr(sys, "argv", ["fenduan", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def own_database(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database without any table."""
    name = f"own_{os.urandom(4).hex()}"
    url = server.replace(urlsplit(server).path, f"/{name}", 1)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    monkeypatch.setenv("DATABASE_URL", url)
    yield url
    made = db._engines.pop(url, None)
    if made is not None:
        made.dispose()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def court(database: str) -> Court:
    return make()
