"""What the acts and lists of a court cost with 1,200 and with 12,000 cases: ``python benchmarks/casefile.py``.

acts    接收, 暂存, 提交, 退回: commit included, each on the case file of the whole court
lists   a team's board of 50 rows, mine, 案件查询 and 全院案件 by name, by number, the newest

Medians; only ratios within one run mean anything. Every statement of a list is explained with the
values it was sent with: a sequential scan over the cases is named and makes the run fail.
"""

import os
import random
import statistics
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import event, func, insert, select, text

warnings.simplefilter("ignore")
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from engine import clock, db, embedded, schema  # noqa: E402
from engine.casefile.case import bigrams, boards, queries  # noqa: E402
from engine.casefile.case.cases import CASE  # noqa: E402
from engine.casefile.delivery import deliveries  # noqa: E402
from engine.casefile.document import documents  # noqa: E402
from engine.casefile.intake import acceptance  # noqa: E402
from engine.casefile.party import parties as parties_  # noqa: E402
from engine.casefile.party.parties import PARTY  # noqa: E402
from engine.casefile.stage import transfers as transfers_  # noqa: E402
from engine.ids import new_id  # noqa: E402
from engine.process import operations  # noqa: E402
from tests.casefile.court import Court, make  # noqa: E402
from tests.durability import acts  # noqa: E402

SMALL, LARGE = 1_200, 12_000
ROUNDS = 15
#: Stage -> its share of a court's open cases and who handles them.
STAGES: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "asset_control": (0.35, ("shen", "lu", "fang")),
    "asset_disposal": (0.15, ("gu",)),
    "fund_distribution": (0.05, ("liang",)),
    "closing_archiving": (0.15, ("cheng",)),
}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
GIVEN = "建国志强立新海波玉兰雪梅明亮卫东宏伟慧敏晓燕永强振华文静天佑"


# ---------------------------------------------------------------- a court full of cases


def fill(session: db.Session, court: Court, first: int, count: int) -> None:
    """Cases numbered from ``first`` at every stage, each with two parties. Rows only: nothing runs for them."""
    chance = random.Random(first)
    made = [_case(court, chance, first + number) for number in range(count)]
    session.execute(insert(CASE), [case for case, _ in made])
    session.execute(insert(PARTY), [party for _, people in made for party in people])


def _case(
    court: Court, chance: random.Random, number: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    case_id, filed = new_id(), date(2026, 1, 5) + timedelta(days=chance.randrange(300))
    names = [chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)) for _ in range(2)]
    stage, handler = _place(court, chance)
    case = {
        "id": case_id,
        "court_id": court.id,
        "case_no": f"（2026）苏0199执{10_000 + number}号",
        "year": 2026,
        "case_type": "执",
        "number": 10_000 + number,
        "filed_on": filed,
        "cause": chance.choice(("民间借贷纠纷", "买卖合同纠纷", "追偿权纠纷")),
        "title_no": "（2025）苏0199民初1号",
        "title_name": "民事判决书",
        "amount": Decimal(chance.randrange(1_000, 9_000_000)),
        "remark": "",
        "status": "in_stage" if stage else "archived",
        "stage": stage,
        "handler_id": handler,
        "stage_entered_on": filed if stage else None,
        "stage_due_on": filed + timedelta(days=chance.randrange(20, 120)) if stage else None,
        "touched_at": clock.now(),
        "name_bigrams": bigrams.of_all(names),
    }
    people = [
        _party(court, case_id, role, name)
        for role, name in zip(("applicant", "debtor"), names, strict=True)
    ]
    return case, people


def _place(court: Court, chance: random.Random) -> tuple[str | None, UUID | None]:
    """Its stage and handler; the rest are archived."""
    left = chance.random()
    for stage, (share, logins) in STAGES.items():
        left -= share
        if left < 0:
            return stage, court.user(chance.choice(logins)).id
    return None, None


def _party(court: Court, case_id: UUID, role: str, name: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "court_id": court.id,
        "case_id": case_id,
        "role": role,
        "position": 1,
        "name": name,
        "kind": "natural",
        "id_number": f"990000{random.randrange(10**11):011d}X",
        "phone": "",
        "e_address": "",
        "e_consent": False,
        "address": "",
    }


# ---------------------------------------------------------------- acts


def _handed_over(court: Court) -> UUID:
    """A case that may leave its first stage; what came of the notices is entered, not waited for."""
    case_id = court.accept()
    court.meet_first_gates(case_id)
    acts.ask(court, case_id, "D002", "D003", kind="sign")
    court.work()

    def deliver(session: db.Session) -> None:
        (debtor,) = parties_.of_case(session, case_id, "debtor")
        for document in documents.of_case(session, case_id):
            if document.state == "signed":
                deliveries.record_network(
                    session, document, debtor, reference=document.code, on=clock.today()
                )

    db.in_transaction(deliver)
    acts.find_house(court, case_id)
    return case_id


def time_acts(court: Court) -> dict[str, list[float]]:
    """Each act so many times; the case goes to and fro between two teams."""
    case_id, waiting = _handed_over(court), [court.file() for _ in range(ROUNDS)]
    took: dict[str, list[float]] = {name: [] for name in ("接收", "暂存", "提交", "退回")}

    def timed(name: str, act: Callable[[], Any]) -> None:
        began = perf_counter()
        act()
        took[name].append(perf_counter() - began)

    shen = court.user("shen")
    for filed in waiting:
        timed("接收", lambda filed=filed: db.in_transaction(acceptance.accept, shen, filed))
        for name, act in (("暂存", transfers_.save), ("提交", transfers_.submit)):
            version = acts.seen(court, case_id)
            timed(
                name,
                lambda act=act, version=version: db.in_transaction(
                    act, shen, case_id, acts.AUCTION, seen_version=version
                ),
            )
        timed("退回", lambda: acts.refuse(court, case_id))
    return took


# ---------------------------------------------------------------- lists


def lists(court: Court) -> dict[str, Callable[[db.Session], Any]]:
    shen, luo = court.user("shen"), court.user("luo")
    mine = boards.Filters("asset_control")
    team = boards.Filters("asset_control", scope="team")
    named, numbered = queries.Conditions(party="志强"), queries.Conditions(case_no="10777")
    return {
        "我的案件": lambda session: boards.board(session, shen, mine),
        "团队案件": lambda session: boards.board(session, shen, team),
        "案件查询 姓名": lambda session: queries.cases_of_viewer(session, shen, named),
        "全院案件 姓名": lambda session: queries.cases_of_court(session, luo, named),
        "全院案件 案号": lambda session: queries.cases_of_court(session, luo, numbered),
        "全院案件": lambda session: queries.cases_of_court(session, luo, queries.Conditions()),
    }


def time_lists(court: Court) -> dict[str, list[float]]:
    """They take turns, so that whatever else the machine does hits all of them."""
    took: dict[str, list[float]] = {name: [] for name in lists(court)}
    for _ in range(ROUNDS):
        for name, read in lists(court).items():
            began = perf_counter()
            db.read_only(read)
            took[name].append(perf_counter() - began)
    return took


def scans(read: Callable[[db.Session], Any]) -> list[str]:
    """Statements of a list whose plan reads every case."""
    sent: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        sent.append((statement, given))

    event.listen(db.engine(), "before_cursor_execute", listen)
    db.read_only(read)
    event.remove(db.engine(), "before_cursor_execute", listen)
    with db.engine().connect() as session:
        plans = [
            (statement, session.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", given))
            for statement, given in sent
            if statement.lstrip().startswith(("SELECT", "WITH"))
        ]
        return [
            " ".join(statement.split())
            for statement, plan in plans
            if _reads_every_case(plan.scalar()[0]["Plan"])
        ]


def _reads_every_case(plan: Mapping[str, Any]) -> bool:
    here = plan["Node Type"] == "Seq Scan" and plan.get("Relation Name") == CASE.name
    return here or any(_reads_every_case(below) for below in plan.get("Plans", ()))


# ---------------------------------------------------------------- the run


@contextmanager
def database() -> Iterator[None]:
    """One of its own, dropped at the end; files go into a folder that is dropped too."""
    base = embedded.start(ROOT / "data" / "test" / "postgres")
    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATABASE_URL": base.replace("/postgres", f"/{name}", 1), "DATA_DIR": folder}
        operations.load()
        assert schema.NOUNS
        db.metadata.create_all(db.engine())
        try:
            yield
        finally:
            db.dispose()
            with psycopg.connect(base, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def analyse() -> None:
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        session.execute(text("VACUUM ANALYZE"))


def measured(court: Court) -> dict[str, float]:
    """Name -> median, ms."""
    analyse()
    took = time_acts(court) | time_lists(court)
    return {name: statistics.median(times) * 1e3 for name, times in took.items()}


def main() -> None:
    with database():
        court = make()
        db.in_transaction(fill, court, 0, SMALL)
        small = measured(court)
        rows = db.read_only(queries.count_of_court, court.id)
        db.in_transaction(fill, court, SMALL, LARGE - rows)
        large = measured(court)
        print(f"{'':14}{SMALL:>8,}{LARGE:>10,} cases, ms")
        for name, slow in large.items():
            print(f"{name:　<9}{small[name]:8.1f}{slow:10.1f}   {slow / small[name]:.2f}×")
        # What has no index must be found, or finding nothing says nothing.
        assert scans(lambda session: session.scalar(select(func.max(CASE.c.amount))))
        bad = {name: found for name, read in lists(court).items() if (found := scans(read))}
    for name, found in bad.items():
        print(f"{name} reads every case:", *found, sep="\n  ")
    if bad:
        sys.exit(1)
    print("no list reads every case")


if __name__ == "__main__":
    main()
