"""A worker is killed at every point between the click and the mailbox: each effect is there once, and the case goes on."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from engine import blobs, clock, config, db
from engine.casefile.delivery import deliveries
from engine.casefile.document import batch_progress, documents, dossier
from engine.documents import pki, verification
from tests.durability import acts

SIGN, MAIL = "documents.sign", "deliveries.send_mail"


def run(operation, point):
    """The exit code of a worker process that is killed there, or else comes to rest."""
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONPATH": str(root)}
    script = Path(__file__).with_name("killed_worker.py")
    return subprocess.run(
        [sys.executable, script, operation, point], env=environment, check=False, cwd=root
    ).returncode


def attempts(operation):
    return [
        r["attempt"]
        for r in acts.rows(
            "SELECT attempt FROM job_history WHERE operation = :o AND state = 'done'", o=operation
        )
    ]


def sent(document_id):
    (delivery,) = db.read_only(deliveries.of_document, document_id)
    return delivery


def is_signed_once(court, case_id):
    document = acts.document(case_id, "D002")
    assert document.state == "signed"
    assert [i.title for i in db.read_only(dossier.of_case, case_id)] == ["执行通知书"]
    trust = pki.load(config.data_dir() / "pki" / str(court.id)).trust
    return verification.verify(blobs.get(court.id, document.blob), trust).valid


@pytest.mark.parametrize(
    "point",
    ["after the claim", "after the signature", "after the file was written", "in the settlement"],
)
def test_a_worker_killed_while_signing_leaves_one_signed_document(court, post_office, point):
    case_id = court.accept()
    batch = acts.ask(court, case_id, "D002")
    assert run(SIGN, point) == -9
    document = acts.document(case_id, "D002")
    assert (document.state, db.read_only(dossier.of_case, case_id)) == ("draft", [])
    shown = db.read_only(batch_progress.progress, court.user("shen"), batch)
    assert ([r.code for r in shown.results], shown.is_settled) == (["signing"], False)
    court.work()
    assert acts.document(case_id, "D002").state == "draft", "the dead worker's lease still runs"
    clock.move(timedelta(minutes=20))
    court.work()
    assert is_signed_once(court, case_id)
    assert (attempts(SIGN), attempts(MAIL), len(post_office.mails)) == ([2], [1], 1)
    goes_on(court, case_id, batch)


def test_a_worker_killed_after_the_mail_was_handed_over_settles_one_delivery(court, post_office):
    case_id = court.accept()
    batch = acts.ask(court, case_id, "D002")
    assert run(MAIL, "after the mail was handed over") == -9
    assert is_signed_once(court, case_id)
    delivery = sent(acts.document(case_id, "D002").id)
    assert (delivery.state, len(post_office.mails)) == ("requested", 1)
    clock.move(timedelta(minutes=20))
    court.work()
    delivery = sent(acts.document(case_id, "D002").id)
    assert (delivery.state, attempts(SIGN), attempts(MAIL)) == ("sent", [1], [2])
    # A mail cannot be taken back; it is the same one: its number, and the link that either copy carries.
    first, second = post_office.mails
    assert first["Message-ID"] == second["Message-ID"] == delivery.reference
    assert link(first) == link(second)
    assert db.read_only(deliveries.of_token, link(first)).id == delivery.id
    goes_on(court, case_id, batch)


def link(mail):
    return re.search(r"/r/([\w-]+)", mail.get_body(("plain",)).get_content())[1]


def goes_on(court, case_id, batch):
    """What came after the crash is as if there had been none."""
    shown = db.read_only(batch_progress.progress, court.user("shen"), batch)
    assert (shown.done, shown.failed, shown.is_settled) == (2, 0, True)
    clock.move(timedelta(days=3, minutes=1))
    court.work()
    assert sent(acts.document(case_id, "D002").id).state == "delivered"
    assert acts.rows("SELECT 1 FROM incident") == []
    assert acts.rows("SELECT 1 FROM job") == []
    acts.sound(case_id)
    assert db.read_only(documents.of_case, case_id)[0].state == "draft"
