"""A corrected address and the deliveries under way: what still waits goes to the new one; what went is not touched."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import exists, or_, select

from engine import db
from engine.casefile import rulebook
from engine.casefile.delivery import addressees, deliveries
from engine.casefile.delivery.deliveries import Delivery
from engine.casefile.document import documents
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.casefile.rules.deployed import Rules
from engine.errors import EngineError, NotFound
from engine.process import instances
from engine.process.jobs import JOB

_MAIL = "electronic"
_SEND = "deliveries.send_mail"


class NothingToSendAgain(EngineError):
    """这次送达不能改发电子邮件，请刷新页面查看最新的送达情况"""

    code = "nothing_to_send_again"


def readdress(session: db.Session, party: Party) -> int:
    """How many deliveries that still waited have the party's present addresses now.

    A mail that went out, or is going out now, stays as it is; one that can no longer go by mail is
    left to the clerk. Paper stays paper: who prefers a mail now starts it anew (``send_again``).
    """
    rules = rulebook.of_court(session, party.court_id)
    changed = 0
    for one in _waiting(session, party):
        by_mail = one.channel == _MAIL
        if by_mail and (not party.takes_mail or _is_going_out(session, one)):
            continue
        code = documents.get(session, one.document_id).code
        choice = addressees.choose(rules, code, party)
        channel = choice.channel or "direct"
        values = {
            "channel": one.channel if _MAIL in (one.channel, channel) else channel,
            "address": addressees.address(party, one.channel),
            "problem": one.problem if one.problem == deliveries.IN_VAIN else choice.note or "",
        }
        if any(getattr(one, name) != value for name, value in values.items()):
            deliveries.change(session, one.id, **values)
            changed += 1
    return changed


def _waiting(session: db.Session, party: Party) -> Iterator[Delivery]:
    for listed in deliveries.of_case(session, party.case_id).values():
        for one in listed:
            if one.party_id == party.id and one.state == "requested":
                yield one


def _is_going_out(session: db.Session, one: Delivery) -> bool:
    """A worker has taken the mail; until it has settled, the address it read must stay."""
    begun = select(JOB.c.id).where(
        JOB.c.instance_id == one.instance_id,
        JOB.c.operation == _SEND,
        or_(JOB.c.state.in_(("running", "held")), JOB.c.ending.is_not(None)),
    )
    return bool(session.scalar(select(exists(begun))))


# ---------------------------------------------------------------- again, to the new address


def may_be_sent_again(rules: Rules, one: Delivery, document_code: str, party: Party) -> bool:
    """Nothing came of it so far, and the party can be reached by a mail that it was not sent by."""
    if one.state not in ("requested", "failed") or not party.is_present:
        return False
    if addressees.channel(rules, document_code, party) != _MAIL:
        return False
    return (one.channel, one.address) != (_MAIL, party.e_address)


def send_again(session: db.Session, viewer: User, case_id: UUID, delivery_id: UUID) -> str:
    """改发电子邮件: withdraws the delivery and starts another; the name of the addressee."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    one = deliveries.get(session, delivery_id)
    if one.case_id != case_id:
        raise NotFound(str(delivery_id))
    document = documents.get(session, one.document_id)
    party = parties.get(session, one.party_id)
    rules = rulebook.of_court(session, case.court_id)
    if not may_be_sent_again(rules, one, document.code, party):
        raise NothingToSendAgain
    if one.instance_id is not None:
        reason = f"改用新的送达地址，另行发送给{party.name}"
        instances.cancel(session, one.instance_id, actor=viewer.actor, reason=reason)
    deliveries.change(session, one.id, state="withdrawn", problem="")
    deliveries.request(session, document, [party], actor=viewer.actor, requested_by=viewer.id)
    return party.name
