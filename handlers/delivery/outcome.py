"""What came of a delivery: the day on which it counts as delivered, or that it failed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile import rulebook
from engine.casefile.case import cases
from engine.casefile.delivery import deliveries
from engine.casefile.delivery.deliveries import Delivery
from engine.casefile.document import documents
from engine.casefile.people import notices
from engine.process import operations
from engine.process.operations import Context
from handlers import matter_news


@operations.inside("deliveries.settle_electronic", title="认定电子送达日")
def settle_electronic(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """With consent the day it was sent successfully; without, the day it was read (民事诉讼法第九十条)."""
    delivery = deliveries.get(session, UUID(str(params["送达"])))
    attempt = {
        "channel": "electronic",
        "consent": delivery.e_consent,
        "sent_on": _day(delivery.sent_at),
        "read_on": _day(delivery.read_at),
    }
    return _settle(session, context, delivery, attempt)


#: Outcome of the form -> fields of the attempt (CALC_CONTRACT §9).
_RETURNS = {"returned": "unreported_change", "not_found": "not_found", "refused": "refused"}


@operations.inside("deliveries.settle_paper", title="登记送达结果")
def settle_paper(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What the clerk entered: signed for, left, or returned, with its day."""
    delivery = deliveries.get(session, UUID(str(params["送达"])))
    channel, outcome = str(params["送达方式"]), str(params["结果"])
    day = str(params["日期"])
    attempt = _attempt(channel, outcome, day)
    deliveries.change(
        session, delivery.id, channel=channel, reference=str(params.get("说明") or "")
    )
    settled = _settle(session, context, delivery, attempt)
    # What did not arrive at all was told by ``_settle``.
    if settled["已送达"] and channel == "post" and outcome != "received":
        _tell_handler(session, delivery, "的邮件退回，视为送达")
    return settled


def _attempt(channel: str, outcome: str, day: str) -> dict[str, str | None]:
    """The form's answers as the rules understand them."""
    if channel == "post" and outcome != "received":
        return {"channel": "post", "returned_on": day, "reason": _RETURNS[outcome]}
    if channel == "post":
        return {"channel": "post", "received_on": day}
    if channel == "leave":
        return {"channel": "leave", "left_on": day, "proof": "witness"}
    if channel == "at_court" and outcome == "refused":
        return {"channel": "at_court", "refused_on": day}
    return {"channel": "direct", "signed_on": day if outcome == "received" else None}


def _settle(
    session: db.Session, context: Context, delivery: Delivery, attempt: Mapping[str, Any]
) -> Mapping[str, Any]:
    document = documents.get(session, delivery.document_id)
    served = rulebook.served(session, delivery.court_id, document.code, attempt)
    if served is None:
        deliveries.change(session, delivery.id, state="requested", problem=deliveries.IN_VAIN)
        _tell_handler(session, delivery, "未能送达，需改用其他方式")
        return {"已送达": False}
    deliveries.change(session, delivery.id, state="delivered", deemed_on=served, problem="")
    matter_news.delivered(session, context, document.matter_id)
    return {"已送达": True}


def _tell_handler(session: db.Session, delivery: Delivery, happened: str) -> None:
    case = cases.get(session, delivery.case_id)
    document = documents.get(session, delivery.document_id)
    notices.tell(
        session,
        case.court_id,
        [case.handler_id],
        "delivery",
        notices.line(case.case_no, f"《{document.name}》", f"{delivery.addressee}{happened}"),
        case_id=case.id,
        link=f"/cases/{case.id}/deliveries",
    )


def _day(moment: Any) -> date | None:
    return clock.court_day(moment) if moment else None
