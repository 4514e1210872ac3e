"""What people do to a case, in one line each; and what must hold whatever happened to it."""

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from engine import clock, db
from engine.casefile.asset import assets
from engine.casefile.case import cases
from engine.casefile.delivery import deliveries
from engine.casefile.document import batches, documents
from engine.casefile.oversight import audit_chains
from engine.casefile.party import parties
from engine.casefile.stage import stages, transfers
from engine.casefile.stage.transfer_sheets import Form
from engine.process import operations, spiff, steps
from tests.casefile.court import Court

AUCTION = Form(follow_up="F11", follow_up_items=["immovable"], has_auction=True)


def document(case_id: UUID, code: str) -> documents.Document:
    return next(d for d in db.read_only(documents.of_case, case_id) if d.code == code)


def debtors(case_id: UUID) -> list[UUID]:
    return [p.id for p in db.read_only(parties.of_case, case_id, "debtor")]


def ask(
    court: Court, case_id: UUID, *codes: str, kind: str = "sign_and_deliver", key: str = ""
) -> UUID:
    """The click; the worker does the rest."""
    people = [] if kind == "sign" else debtors(case_id)
    picks = {document(case_id, code).id: people for code in codes}
    handler = next(u for u in court.people.values() if u.id == court.case(case_id).handler_id)
    return db.in_transaction(
        batches.request, handler, case_id, kind, picks, key or f"{codes}{case_id}"
    )


def serve(court: Court, case_id: UUID) -> None:
    """All that a case needs to leave its first stage, its two notices first."""
    court.meet_first_gates(case_id)
    ask(court, case_id, "D002", "D003")
    court.work()
    clock.move(timedelta(days=3, minutes=1))
    court.work()


def find_house(court: Court, case_id: UUID) -> None:
    def find(session: db.Session) -> None:
        id_ = assets.add(
            session,
            court.id,
            case_id,
            owner_id=debtors_of(session, case_id)[0],
            kind="immovable",
            name="东湖镇望江路88号",
            value=Decimal(860000),
            disposition="auction",
            created_by=court.user("shen").id,
        )
        asset = assets.get(session, case_id, id_)
        ends_on = date(2031, 11, 9)
        today = clock.today()
        assets.control(
            session, asset, court.id, kind="seize", rank=1, starts_on=today, ends_on=ends_on
        )

    db.in_transaction(find)


def debtors_of(session: db.Session, case_id: UUID) -> list[UUID]:
    return [p.id for p in parties.of_case(session, case_id, "debtor")]


def seen(court: Court, case_id: UUID, login: str = "shen") -> int:
    """The version of the sheet that a page opened now would show."""
    return db.in_transaction(transfers.page, court.user(login), case_id).sheet.version


def submit(court: Court, case_id: UUID, form: Form, login: str = "shen") -> transfers.After:
    version = seen(court, case_id, login)
    return db.in_transaction(
        transfers.submit, court.user(login), case_id, form, seen_version=version
    )


def refuse(court: Court, case_id: UUID, login: str = "gu") -> cases.Case:
    return db.in_transaction(
        transfers.refuse, court.user(login), case_id, "RET_MISSING_DOC", "缺少查封回执"
    )


def rows(sql: str, **parameters: Any) -> list[dict[str, Any]]:
    def read(session: db.Session) -> list[dict[str, Any]]:
        return [dict(r) for r in session.execute(text(sql), parameters).mappings()]

    return db.read_only(read)


# ---------------------------------------------------------------- one after the other, and at once


def in_this_order(case_id: UUID, *acts: Callable[[], Any]) -> list[Any]:
    """What each returned or raised. All wait for the case together, and get it in this order."""
    results: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            results[number] = act()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    with db.engine().connect() as session, session.begin():
        cases.lock(session, case_id)
        for number, thread in enumerate(threads, 1):
            thread.start()
            _until_waiting(number)
    for thread in threads:
        thread.join()
    return results


def _until_waiting(count: int) -> None:
    """Until so many of our sessions wait for a lock."""
    waiting = (
        "SELECT count(*) AS n FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(250):
        if rows(waiting)[0]["n"] >= count:
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits for the case")


# ---------------------------------------------------------------- what must hold


def sound(case_id: UUID) -> None:
    """Of this case and of everything that runs for it."""
    _chains_hold()
    _one_stay_is_open(case_id)
    _the_day_is_what_the_rules_say(case_id)
    _each_signed_document_is_filed_once(case_id)
    _nobody_is_sent_a_document_twice(case_id)
    _finished_processes_left_nothing_open()
    for row in rows(
        "SELECT id FROM process_instance WHERE case_id = :case"
        " AND state IN ('running', 'incident', 'suspended')",
        case=case_id,
    ):
        _rows_are_what_it_waits_for(row["id"])


def _chains_hold() -> None:
    chains, faults = db.read_only(audit_chains.verify_all)
    assert chains > 0 and faults == []


def _one_stay_is_open(case_id: UUID) -> None:
    case = db.read_only(cases.get, case_id)
    stays = [e for e in db.read_only(stages.of_case, case_id) if e.state == "open"]
    if case.status in ("archived", "unsegmented"):
        assert stays == []
        return
    (stay,) = stays
    assert (case.stage, case.handler_id) == (stay.stage, stay.handler_id)
    waiting = rows(
        "SELECT element FROM user_task WHERE case_id = :case AND state = 'open' AND screen = 'transfer'",
        case=case_id,
    )
    assert waiting == [{"element": f"transfer_{stay.stage}"}]


def _the_day_is_what_the_rules_say(case_id: UUID) -> None:
    case = db.read_only(cases.get, case_id)
    db.in_transaction(stages.recompute, case)
    assert db.read_only(cases.get, case_id).stage_due_on == case.stage_due_on


def _each_signed_document_is_filed_once(case_id: UUID) -> None:
    signed = rows(
        "SELECT id, blob FROM document WHERE case_id = :c AND state = 'signed'", c=case_id
    )
    filed = rows(
        "SELECT document_id AS id, blob FROM dossier_item WHERE case_id = :c AND source = 'document'",
        c=case_id,
    )
    assert sorted(signed, key=str) == sorted(filed, key=str)


def _nobody_is_sent_a_document_twice(case_id: UUID) -> None:
    found = db.read_only(deliveries.of_case, case_id)
    for sent in found.values():
        live = [d.party_id for d in sent if d.state in deliveries.LIVE]
        assert len(live) == len(set(live))


def _finished_processes_left_nothing_open() -> None:
    for table, open_ in (
        ("user_task", "t.state = 'open'"),
        ("job", "true"),
        ("timer", "true"),
        ("incident", "t.closed_at IS NULL"),
        ("subscription", "true"),
    ):
        left = rows(
            f"SELECT 1 FROM {table} t JOIN process_instance i ON i.id = t.instance_id"
            f" WHERE {open_} AND i.state IN ('ended', 'cancelled')"
        )
        assert left == [], f"open {table} of a finished process"


def _rows_are_what_it_waits_for(instance_id: UUID) -> None:
    def read(session: db.Session) -> None:
        opened = steps.open_(session, instance_id)
        outcome = spiff.look(opened.fence)
        tokens = {str(t.id) for t in outcome.user_tasks}
        assert {r["token"] for r in opened.rows["tasks"]} == tokens
        parked = {str(p.id) for p in outcome.parked if not operations.is_inside(p.operation)}
        assert {r["token"] for r in opened.rows["jobs"]} == parked
        assert {r["key"] for r in opened.rows["timers"]} == set(spiff.due_times(opened.fence))

    db.in_transaction(read)
