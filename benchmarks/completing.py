"""What completing a user task costs, everything included: ``python benchmarks/completing.py``.

runtime      lock, state, task rows, timers, audit, one commit
naive        plain SpiffWorkflow: load JSON, run, save JSON in one row, one commit; no lock, no list, no audit
bare         one update of 2 kB, one insert, one commit: what being durable costs at least

The case is worked round and round (拟稿, 审核, sent back), at the rounds named; then whole pipelines by one
process and by two. All on the same PostgreSQL; medians; only ratios within one run mean anything.
"""

import os
import statistics
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import psycopg
from process import DATA, STAGES, Plain, diagram
from sqlalchemy import event, text

warnings.simplefilter("ignore")

from engine import audit, db, embedded  # noqa: E402
from engine.process import definitions, instances, tasks  # noqa: E402

ROOT = Path(__file__).parent.parent
COURT, CLERK = uuid4(), audit.Actor(None, "测")
ROUND = ("拟稿", "审核")
ROUNDS = (1, 10, 50, 250)
#: Seconds that each process works when their number is compared.
SECONDS = 8.0


class Runtime:
    def __init__(self, names: Sequence[str], *, back: bool) -> None:
        self._names = names
        files = {definitions.DIAGRAM: diagram(back=back, names=names)}
        db.in_transaction(definitions.deploy, COURT, "p", files, author=CLERK, reason="测")
        self.begin()

    def begin(self) -> None:
        self.id = db.in_transaction(instances.start, COURT, "p", DATA, actor=CLERK)
        self.look()

    def look(self) -> None:
        """A person's list shows him the task, so finding it is not measured."""
        open_ = db.read_only(tasks.open_of, instance_id=self.id)
        self.task: UUID | None = next((t.id for t in open_ if t.element in self._names), None)

    def step(self, value: str) -> None:
        assert self.task is not None
        db.in_transaction(tasks.complete, self.task, {"v1": value}, actor=CLERK)


class Naive:
    def __init__(self, names: Sequence[str], *, back: bool) -> None:
        self._names, self._back = names, back
        self.begin()

    def begin(self) -> None:
        self._plain, self.id = Plain(back=self._back, names=self._names), uuid4()
        db.in_transaction(self._write, "INSERT INTO naive (id, state) VALUES (:i, :s)")

    def _write(self, session: db.Session, statement: str) -> None:
        session.execute(text(statement), {"i": self.id, "s": self._plain.blob})

    def look(self) -> None:
        """It has no list."""

    def step(self, value: str) -> None:
        def work(session: db.Session) -> None:
            self._plain.blob = session.scalar(
                text("SELECT state FROM naive WHERE id = :i"), {"i": self.id}
            )
            self._plain.step(value)
            self._write(session, "UPDATE naive SET state = :s WHERE id = :i")

        db.in_transaction(work)


class Bare:
    def __init__(self, _names: Sequence[str], *, back: bool) -> None:
        self.begin()

    def begin(self) -> None:
        self.id, self._blob = uuid4(), os.urandom(1000).hex()
        db.in_transaction(self._run, "INSERT INTO naive (id, state) VALUES (:i, :s)", self.id)

    def look(self) -> None:
        """It has no list."""

    def step(self, _value: str) -> None:
        def work(session: db.Session) -> None:
            self._run(session, "UPDATE naive SET state = :s WHERE id = :i", self.id)
            self._run(session, "INSERT INTO naive (id, state) VALUES (:i, :s)", uuid4())

        db.in_transaction(work)

    def _run(self, session: db.Session, statement: str, id_: UUID) -> None:
        session.execute(text(statement), {"i": id_, "s": self._blob})


HOSTS = {"runtime": Runtime, "naive": Naive, "bare": Bare}


# ---------------------------------------------------------------- rounds


def rounds(repeats: int = 3) -> dict[int, dict[str, float]]:
    """Round -> milliseconds of one completion by each. They take turns, so that whatever else the machine does hits all."""
    times: dict[int, dict[str, list[float]]] = {n: {name: [] for name in HOSTS} for n in ROUNDS}
    for _ in range(repeats):
        hosts = {name: make(ROUND, back=True) for name, make in HOSTS.items()}
        for number in range(1, ROUNDS[-1] + 1):
            for name, host in hosts.items():
                if name == "naive" and number >= _NAIVE_ENDS:
                    continue
                for each in ROUND:
                    took = _timed(host, f"{each}{number}")
                    near = next((n for n in ROUNDS if n <= number < n + _WIDTH), None)
                    if near is not None:
                        times[near][name].append(took)
    return {
        n: {name: statistics.median(took) * 1e3 for name, took in by.items() if took}
        for n, by in times.items()
    }


#: So many rounds from the named one on are measured.
_WIDTH = 3
#: Plain SpiffWorkflow keeps all that was ever done, looks no deeper than 1,000 tasks, and so takes the process for
#: ended after some 110 of these rounds.
_NAIVE_ENDS = 100


def _timed(host: Any, value: str) -> float:
    began = perf_counter()
    host.step(value)
    took = perf_counter() - began
    host.look()
    return took


def _warm() -> None:
    for make in HOSTS.values():
        host = make(ROUND, back=True)
        for _ in range(8):
            _timed(host, "热身")


# ---------------------------------------------------------------- processes


def throughput(processes: int) -> float:
    """Completions a second of whole pipelines, by so many processes at once."""
    command = [sys.executable, __file__, "--work"]
    working = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    for one in working:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in working:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    done = [int(one.communicate()[0]) for one in working]
    return sum(done) / SECONDS


def work() -> None:
    """One of those processes: ready, then pipelines until its time is over."""
    host = Runtime(STAGES, back=False)
    _timed(host, "热身")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    until, count = perf_counter() + SECONDS, 0
    while perf_counter() < until:
        host.begin()
        for number in range(len(STAGES) - 1):
            _timed(host, f"值{number}")
            count += 1
    sys.stdout.write(f"{count}\n")


# ---------------------------------------------------------------- statements


def statements() -> list[str]:
    """What one completion in the middle of the pipeline sends, begin and commit not counted."""
    host, seen = Runtime(STAGES, back=False), []
    _timed(host, "值")

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(" ".join(statement.split())[:60])

    event.listen(db.engine(), "before_cursor_execute", listen)
    host.step("值")
    event.remove(db.engine(), "before_cursor_execute", listen)
    return seen


@contextmanager
def database() -> Iterator[None]:
    """One of its own, dropped at the end."""
    base = embedded.start(ROOT / "data" / "test" / "postgres")
    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    os.environ["DATABASE_URL"] = base.replace("/postgres", f"/{name}", 1)
    db.metadata.create_all(db.engine())
    with db.engine().begin() as session:
        session.execute(text("CREATE TABLE naive (id uuid PRIMARY KEY, state text NOT NULL)"))
    try:
        yield
    finally:
        db.dispose()
        with psycopg.connect(base, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _print(number: int, by: dict[str, float], first: float) -> None:
    ours = by["runtime"]
    naive = f"{by['naive']:7.2f} ({ours / by['naive']:.2f}×)" if "naive" in by else "runs no more"
    bare = f"{by['bare']:5.2f} ({ours / by['bare']:.2f}×)"
    print(
        f"  round {number:>3}: ours {ours:6.2f}, {ours / first:.2f}× its round 1; naive {naive}; bare {bare}"
    )


def main() -> None:
    with database():
        print(f"one completion: {len(statements())} statements")
        _warm()
        found = rounds()
        first = found[ROUNDS[0]]
        print("completing a task, commit included, ms")
        for number, by in found.items():
            _print(number, by, first["runtime"])
        one, two = throughput(1), throughput(2)
        print(f"pipelines, completions a second: 1 process {one:.0f}, 2 processes {two:.0f}")
        print(f"  2 processes to one: {two / one:.2f}×")


if __name__ == "__main__":
    work() if "--work" in sys.argv else main()
