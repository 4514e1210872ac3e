"""Twenty threads on one case: submitting, sending back, saving, drafting, approving, signing, settling, cancelling.

No deadlock, no error but sentences for people, and afterwards everything holds that must hold.
"""

import logging
import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from engine import db
from engine.casefile.approval import approvals
from engine.casefile.case import cases
from engine.casefile.document import batches, documents, drafting
from engine.casefile.matter import matters
from engine.casefile.oversight import interventions
from engine.casefile.stage import stages, transfer_desk, transfers
from engine.casefile.stage.transfer_sheets import Form
from engine.errors import EngineError
from engine.process import endings, jobs, worker
from tests.casefile.test_approvals import draft, submit, task_of
from tests.durability import acts
from tests.process.runtime.host import at_once

WAITING = Form(follow_up="F17", has_auction=False)
#: Sentences that people may get here: somebody was first, or the case is elsewhere by now.
EXPECTED = {
    "already_cancelled", "already_decided", "already_ended", "already_paused", "already_resumed",
    "already_suspended", "already_transferred", "busy", "cannot_submit", "document_changed",
    "document_at_the_seal", "document_frozen", "forbidden", "instance_closed", "instance_suspended", "not_found",
    "not_submittable", "nothing_chosen", "nothing_possible", "refusal_too_late", "sheet_changed",
    "sheet_frozen", "task_closed",
}  # fmt: skip


class Crowd:
    """Everybody who is at the case; each act does one thing with one case and may be refused."""

    def __init__(self, court, case_id, document_id, seconds):
        self.court, self.case_id, self.document_id = court, case_id, document_id
        self.done, self.refused = Counter(), Counter()
        self.end = time.monotonic() + seconds
        self.latest = self.end + 30

    def goes_home(self):
        """When the time is over; on a slow machine when each of the chief acts was done twice."""
        now, chief = time.monotonic(), ("submits", "sends_back", "works")
        return now > self.end and (now > self.latest or min(self.done[a] for a in chief) > 1)

    def again_and_again(self, act, rest=0.0):
        """What breaks is raised, what is refused is counted."""

        def run():
            while not self.goes_home():
                try:
                    if act() is not False:
                        self.done[act.__name__] += 1
                except EngineError as error:
                    self.refused[error.code] += 1
                time.sleep(rest * random.random())

        return run

    def _send(self, act, login, form):
        viewer = self.court.user(login)
        page = db.in_transaction(transfers.page, viewer, self.case_id)
        return db.in_transaction(
            act, viewer, self.case_id, page.entry.id, form, seen_version=page.sheet.version
        )

    def submits(self):
        self._send(transfer_desk.submit, "shen", acts.AUCTION)

    def sends_back(self):
        acts.refuse(self.court, self.case_id)

    def saves(self):
        login = random.choice(["xu", "tan", "gu"])
        self._send(transfer_desk.save, login, Form(other_text=f"{login}写的"))

    def waits(self):
        self._send(transfer_desk.submit, "shen", WAITING)

    def goes_on(self):
        db.in_transaction(transfers.resume, self.court.user("shen"), self.case_id)

    def drafts(self):
        def make(session):
            case = cases.lock(session, self.case_id)
            matter = matters.of_case(session, case.id)[0]
            shen = self.court.user("shen")
            drafting.draft(session, case, matter.id, "D001", actor=shen.actor, author_id=shen.id)

        db.in_transaction(make)

    def edits(self):
        found = self._any(documents.EDITABLE)
        if found is None:
            return False
        login = random.choice(["shen", "xu"])
        db.in_transaction(
            drafting.edit,
            self.court.user(login),
            found.id,
            f"{login}改的。",
            seen_version=found.version,
        )
        return True

    def signs_and_sends(self):
        found = self._any(documents.SIGNABLE)
        if found is None:
            return False
        login = random.choice(["shen", "gu"])
        kind = random.choice(["sign_and_deliver", "sign"])
        picks = {found.id: acts.debtors(self.case_id) if kind != "sign" else []}
        key = f"{found.id}{random.random()}"
        db.in_transaction(batches.request, self.court.user(login), self.case_id, kind, picks, key)
        return True

    def _any(self, states):
        found = [
            d
            for d in db.read_only(documents.of_case, self.case_id)
            if d.state in states and d.code == "D001"
        ]
        return random.choice(found) if found else None

    def reports(self):
        submit(self.court, self.document_id)

    def withdraws(self):
        found = db.read_only(approvals.of_document, self.document_id)
        if not found:
            return False
        db.in_transaction(approvals.withdraw, self.court.user("shen"), found[0].id)
        return True

    def decides(self):
        task_id = task_of(self.court, "luo")
        if task_id is None:
            return False
        db.in_transaction(
            approvals.decide, self.court.user("luo"), task_id, "return", opinion="请补充"
        )
        return True

    def cancels(self):
        self._intervene(interventions.cancel)

    def suspends(self):
        self._intervene(interventions.suspend)

    def resumes(self):
        self._intervene(interventions.resume)

    def _intervene(self, act):
        running = acts.rows(
            "SELECT id FROM process_instance WHERE case_id = :c AND key IN ('document_flow', 'delivery')"
            " AND id <> (SELECT instance_id FROM document WHERE id = :d)"
            " ORDER BY random() LIMIT 1",
            c=self.case_id,
            d=self.document_id,
        )
        db.in_transaction(act, self.court.user("luo"), running[0]["id"], "试")

    def works(self):
        return worker.run_once()

    def works_too_slowly(self):
        """Its lease is over before it begins: another worker may do the same work meanwhile."""
        job = db.in_transaction(jobs.claim, lease=timedelta(seconds=-1))
        if job is None:
            return False
        db.in_transaction(endings.settle, job, worker._end(job))
        return True


@pytest.fixture
def deadlocks(monkeypatch):
    found, real = [], db.repeatable

    def watched(error):
        if isinstance(error, DBAPIError) and error.orig.sqlstate == "40P01":
            found.append(str(error))
        return real(error)

    monkeypatch.setattr(db, "repeatable", watched)
    return found


@pytest.mark.parametrize("seconds", [5, pytest.param(30, marks=pytest.mark.soak)])
def test_twenty_people_and_workers_on_one_case(court, post_office, deadlocks, caplog, seconds):
    caplog.set_level(logging.ERROR)
    case_id, document_id = draft(court, "D043", "搜查令")
    acts.serve(court, case_id)
    acts.find_house(court, case_id)
    crowd = Crowd(court, case_id, document_id, seconds)
    often = [crowd.submits] * 2 + [crowd.sends_back] * 2
    now_and_then = [
        crowd.saves, crowd.waits, crowd.goes_on, crowd.drafts, crowd.edits, crowd.signs_and_sends,
        crowd.reports, crowd.withdraws, crowd.decides, crowd.cancels, crowd.suspends, crowd.resumes,
    ]  # fmt: skip
    threads = [crowd.again_and_again(act, 0.05) for act in often]
    threads += [crowd.again_and_again(act, 0.3) for act in now_and_then]
    threads += [crowd.again_and_again(crowd.works) for _ in range(3)]
    threads += [crowd.again_and_again(crowd.works_too_slowly, 0.5)]
    assert len(threads) == 20
    broken = [r for r in at_once(*threads) if isinstance(r, Exception)]
    print(dict(crowd.done), dict(crowd.refused))
    assert broken == []
    assert set(crowd.refused) <= EXPECTED
    settles(crowd)
    assert deadlocks == []
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []
    assert acts.rows("SELECT element, message FROM incident") == []
    acts.sound(case_id)
    what_was_done_is_there(crowd)


def settles(crowd):
    """The day ends: what an operator held goes on, and the workers come to rest."""
    for row in acts.rows("SELECT id FROM process_instance WHERE state = 'suspended'"):
        db.in_transaction(interventions.resume, crowd.court.user("luo"), row["id"], "试毕")
    crowd.court.work()


def what_was_done_is_there(crowd):
    """Each act that was not refused has left its one trace, and nothing else has."""
    done, case_id = crowd.done, crowd.case_id
    assert min(done["submits"], done["sends_back"], done["works"]) >= 1
    stays = db.read_only(stages.of_case, case_id)
    assert len(stays) == 1 + done["submits"]
    assert sum(s.state == "undone" for s in stays) == done["sends_back"]
    counted = {
        r["action"]: r["n"]
        for r in acts.rows(
            "SELECT action, count(*) AS n FROM audit_entry WHERE chain_id = :c GROUP BY action",
            c=case_id,
        )
    }
    for act, action in (("cancels", "process_cancelled"), ("suspends", "process_suspended")):
        assert done[act] == counted.get(action, 0)
    decided = acts.rows("SELECT count(*) AS n FROM approval_decision")[0]["n"]
    assert decided == done["decides"]
    submitted = Counter(r["state"] for r in acts.rows("SELECT state FROM approval"))
    assert submitted.total() == done["reports"]
    assert submitted["withdrawn"] == done["withdraws"]
    made = acts.rows("SELECT count(*) AS n FROM document WHERE case_id = :c", c=case_id)[0]["n"]
    assert made == 7 + done["drafts"]
