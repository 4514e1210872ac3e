"""Whoever changes, deletes or moves an entry is found."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine import audit, db
from engine.process import instances
from tests.process.draw import end, flow, process, start, user

XML = process(start(), user("甲"), user("乙"), end(), flow("s", "甲", "乙", "e"))


def forge(sql, **parameters):
    """As a database administrator could."""
    with db.engine().begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(sql), parameters)


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE audit_entry SET actor = '别人' WHERE number = 2", audit.Fault(2, "changed")),
        ("UPDATE audit_entry SET detail = '{}' WHERE number = 3", audit.Fault(3, "changed")),
        (
            "UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE number = 1",
            audit.Fault(1, "changed"),
        ),
        ("DELETE FROM audit_entry WHERE number = 2", audit.Fault(2, "gap")),
        (
            "DELETE FROM audit_entry WHERE number = (SELECT max(number) FROM audit_entry)",
            audit.Fault(3, "head"),
        ),
        ("DELETE FROM audit_entry", audit.Fault(0, "head")),
        (
            "UPDATE audit_entry SET number = 5 - number WHERE number IN (2, 3)",
            audit.Fault(2, "changed"),
        ),
    ],
)
def test_a_forged_chain_is_found(host, sql, fault):
    instance = host.start(XML)
    host.do("甲")
    assert db.read_only(instances.verify_audit, instance) is None
    saved = host.rows("SELECT * FROM audit_entry")
    if "5 - number" in sql:
        forge("UPDATE audit_entry SET number = number + 100")
        forge(
            "UPDATE audit_entry SET number = CASE number WHEN 102 THEN 3 WHEN 103 THEN 2 ELSE number - 100 END"
        )
    else:
        forge(sql)
    assert db.read_only(instances.verify_audit, instance) == fault
    forge("DELETE FROM audit_entry")
    with db.engine().begin() as session:
        session.execute(audit.ENTRY.insert(), saved)


def test_entries_cannot_be_changed_by_a_mistake(host):
    host.start(XML)
    for sql in (
        "UPDATE audit_entry SET actor = ''",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ):
        with pytest.raises(DBAPIError, match="append-only"), db.engine().begin() as session:
            session.execute(text(sql))


def test_the_chain_of_a_case(host):
    from tests.process.runtime.host import at_once

    case = uuid4()

    def write(number):
        db.in_transaction(
            audit.append,
            case,
            host.court,
            audit.Note(audit.Actor(None, "甲"), "seal", {"n": number}),
            audit.Note(audit.Actor(None, "甲"), "send", {"n": number}),
        )

    at_once(*(lambda n=n: write(n) for n in range(8)))
    assert db.read_only(audit.verify, case) is None
    assert host.rows("SELECT number FROM audit_head") == [{"number": 16}]
    forge("DELETE FROM audit_entry WHERE number = 16")
    assert db.read_only(audit.verify, case) == audit.Fault(15, "head")
