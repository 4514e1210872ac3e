"""What has become of one delivery, in one word; the times stay separate facts (DOMAIN §5.1)."""

from collections.abc import Mapping
from datetime import datetime

from engine.casefile.delivery.deliveries import Delivery

#: Code -> done, doing, todo, fail.
KINDS: Mapping[str, str] = {
    "sending": "doing",
    "to_hand_over": "todo",
    "sent": "done",
    "arrived": "done",
    "read": "done",
    "delivered": "done",
    "undelivered": "fail",
    "stopped": "fail",
    "withdrawn": "none",
}


def of(delivery: Delivery, *, stopped: bool) -> tuple[str, datetime | None]:
    """(code, when). ``to_hand_over``: the clerk posts it or hands it over and enters what came of it.

    ``stopped``: its process stands still and operators have been told.
    """
    if delivery.state == "delivered":
        return "delivered", delivery.signed_at or delivery.read_at or delivery.sent_at
    if delivery.state == "withdrawn":
        return "withdrawn", None
    if delivery.state == "failed" or delivery.problem:
        return "undelivered", None
    if stopped:
        return "stopped", None
    for code, at in (
        ("read", delivery.read_at),
        ("arrived", delivery.arrived_at),
        ("sent", delivery.sent_at),
    ):
        if at is not None:
            return code, at
    return ("sending" if delivery.channel == "electronic" else "to_hand_over"), None
