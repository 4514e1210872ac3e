"""A simulated bank inside this process, for making the demo's cases: nothing else need run yet.

Its books are those of ``fenduan bank``, so that what was paid in and frozen while the cases were made can be
paid out and released afterwards.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from waitress.server import create_server

from engine import config, db
from engine.process import receipts, webhooks
from handlers.bank import exchange
from handlers.simulators.bank import Bank
from handlers.simulators.bank_books import Books, Receipt


@contextmanager
def running() -> Iterator[Callable[[], int]]:
    """While it lasts, requests of this process go to it; the function hands over the receipts that are due."""
    before = os.environ.get("BANK_URL")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    bank = Bank(Books(config.data_dir() / "bank"), delay=0)
    server = create_server(bank, host="127.0.0.1", port=port)
    threading.Thread(target=server.run, daemon=True).start()
    os.environ["BANK_URL"] = f"http://127.0.0.1:{port}"
    try:
        yield lambda: _hand_over(bank)
    finally:
        server.close()
        if before is None:
            del os.environ["BANK_URL"]
        else:
            os.environ["BANK_URL"] = before


def _hand_over(bank: Bank) -> int:
    """How many; each as the platform's page for receipts stores it."""
    with bank.books.lock:
        receipts_ = bank.books.receipts.values()
        ours = [r for r in receipts_ if not r.sent and not r.of_another]
        due = [r for r in ours if r.due <= time.time()]
    for receipt in due:
        db.in_transaction(_store, receipt)
        with bank.books.together():
            bank.books.write("sent", reference=receipt.reference)
    return len(due)


def _store(session: db.Session, receipt: Receipt) -> None:
    body = receipt.body.encode()
    headers = webhooks.sign(exchange.secret(), receipt.reference, body)
    court_id = UUID(parse_qs(urlsplit(receipt.url).query)["court"][0])
    receipts.store(session, court_id, exchange.CHANNEL, webhooks.sealed(headers, body))
