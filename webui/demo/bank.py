"""What people do on the simulated bank's own page: pay into a case's account, and order that it fails for a while."""

import os

import httpx

from engine import db
from engine.casefile.document import document_data
from engine.casefile.people import courts
from webui.demo.story import Story


def pay_in(story: Story, amount: object, payer: str, words: str = "履行款") -> None:
    """Yuan arrive on the case's own account; the court learns of it from its statement."""
    typed = {"account": _account(story), "amount": str(amount), "payer": payer, "text": words}
    _post("/deposits", typed)


def away(path: str, times: int) -> None:
    """The next ``times`` requests of this kind are answered with 503."""
    _post("/faults", {"path": path, "fault": "error", "value": "", "times": str(times)})


def _account(story: Story) -> str:
    def read(session: db.Session) -> str:
        case = story.case
        return document_data.account_number(courts.get(session, case.court_id), case)

    return db.read_only(read)


def _post(path: str, typed: dict[str, str]) -> None:
    address = os.environ.get("BANK_URL", "http://127.0.0.1:8026").rstrip("/")
    answer = httpx.post(f"{address}{path}", data=typed, timeout=10, follow_redirects=True)
    answer.raise_for_status()
