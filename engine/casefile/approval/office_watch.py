"""Once a minute beside the worker: open levels whose person may not act any more, because a day began or he left.

What is entered, revoked or decided moves its levels at once; days that pass and accounts that are closed do not.
"""

import logging
import threading

from engine import db
from engine.casefile.approval import approval_seats
from engine.casefile.people import courts

log = logging.getLogger(__name__)

EVERY = 60.0  #: seconds


def run(stop: threading.Event) -> None:
    """Until told to stop; any number of processes may do this beside each other."""
    while not stop.wait(EVERY):
        try:
            sweep()
        except Exception:  # the database is away; the next round will do it
            log.exception("office watch")


def sweep() -> int:
    """How many levels must open anew; each in a transaction of its own."""
    moved = 0
    for court in db.read_only(courts.all_):
        for approval_id in db.read_only(approval_seats.displaced, court.id):
            moved += db.in_transaction(approval_seats.refresh, approval_id)
    return moved
