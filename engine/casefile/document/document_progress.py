"""How far a document is on its way 制作·审批·签章·送达, read from its row, its deliveries and its processes.

``code`` says it in one word for ticking and for the page's sentence; ``kind`` is how it is drawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from engine import db
from engine.casefile.delivery import deliveries
from engine.casefile.delivery.deliveries import Delivery
from engine.casefile.document.batches import BATCH, ITEM
from engine.casefile.document.documents import SIGNABLE, Document
from engine.process.instances import INSTANCE

#: Code -> done, doing, todo, fail.
KINDS: Mapping[str, str] = {
    "void": "none",
    "needs_approval": "todo",
    "in_approval": "doing",
    "returned": "fail",
    "to_sign": "todo",
    "signing": "doing",
    "refused": "fail",
    "stopped": "fail",
    "signed": "todo",
    "filed": "done",
    "delivering": "doing",
    "undelivered": "fail",
    "delivered": "done",
}
_STANDS_STILL = frozenset({"incident", "suspended"})


@dataclass(frozen=True)
class Progress:
    """Of one document; ``steps`` in the order 制作, 审批, 签章, 送达, each done, doing, todo, skip or fail."""

    code: str
    steps: tuple[str, str, str, str]
    #: The latest to each addressee, in the order they were first asked for.
    deliveries: tuple[Delivery, ...]
    #: Deliveries whose process stands still.
    stopped: frozenset[UUID] = frozenset()

    @property
    def kind(self) -> str:
        return KINDS[self.code]


def of_documents(session: db.Session, documents: Sequence[Document]) -> dict[UUID, Progress]:
    sent = deliveries.of_documents(session, [d.id for d in documents])
    asked = _asked_to_sign(session, documents)
    instances = [d.instance_id for d in documents] + [
        one.instance_id for found in sent.values() for one in found
    ]
    halted = standing_still(session, [id_ for id_ in instances if id_])
    found = {}
    for document in documents:
        latest = latest_by_party(sent.get(document.id, ()))
        stopped = frozenset(one.id for one in latest if one.instance_id in halted)
        code = _code(document, latest, stopped, asked, halted)
        found[document.id] = Progress(code, _steps(document, code), latest, stopped)
    return found


def latest_by_party(found: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """One delivery for each addressee: the last that was asked for."""
    latest: dict[UUID, Delivery] = {}
    for one in found:
        latest[one.party_id] = one
    return tuple(latest.values())


def _asked_to_sign(session: db.Session, documents: Sequence[Document]) -> set[UUID]:
    """Documents whose signing was asked for and has neither happened nor been refused since."""
    waiting = {d.id: d.touched_at for d in documents if d.state in SIGNABLE}
    if not waiting:
        return set()
    rows = session.execute(
        select(ITEM.c.document_id, func.max(BATCH.c.requested_at).label("at"))
        .join(BATCH, BATCH.c.id == ITEM.c.batch_id)
        .where(
            ITEM.c.document_id.in_(list(waiting)), ITEM.c.refusal == "", BATCH.c.kind != "deliver"
        )
        .group_by(ITEM.c.document_id)
    )
    # A refusal and an edit both touch the document, which is then the drafter's again.
    return {row.document_id for row in rows if row.at >= waiting[row.document_id]}


def standing_still(session: db.Session, instance_ids: Sequence[UUID]) -> set[UUID]:
    """Processes that a failure or an operator holds."""
    if not instance_ids:
        return set()
    rows = session.scalars(
        select(INSTANCE.c.id).where(
            INSTANCE.c.id.in_(instance_ids), INSTANCE.c.state.in_(sorted(_STANDS_STILL))
        )
    )
    return set(rows)


def _code(
    document: Document,
    latest: Sequence[Delivery],
    stopped: frozenset[UUID],
    asked: set[UUID],
    halted: set[UUID],
) -> str:
    if document.state == "signed":
        return _delivery_code(document, latest, stopped)
    if document.state in ("void", "in_approval"):
        return document.state
    if document.instance_id in halted:
        return "stopped"
    if document.id in asked:
        return "signing"
    return _unsigned_code(document)


def _unsigned_code(document: Document) -> str:
    if document.state == "returned":
        return "returned"
    if document.problem:
        return "refused"
    return "to_sign" if document.may_be_signed else "needs_approval"


def _delivery_code(document: Document, latest: Sequence[Delivery], stopped: frozenset[UUID]) -> str:
    if not latest:
        return "signed" if document.recipients else "filed"
    if stopped or any(one.problem or one.state == "failed" for one in latest):
        return "undelivered"
    if all(one.state in ("delivered", "withdrawn") for one in latest):
        return "delivered"
    return "delivering"


def _steps(document: Document, code: str) -> tuple[str, str, str, str]:
    approval = _approval_step(document)
    if document.state == "signed":
        last = {"signed": "todo", "filed": "skip", "delivering": "doing", "delivered": "done"}
        return "done", approval, "done", last.get(code, "fail")
    signing = {"signing": "doing", "refused": "fail", "stopped": "fail"}.get(code, "todo")
    return "done", approval, signing, "todo" if document.recipients else "skip"


def _approval_step(document: Document) -> str:
    if not document.needs_approval:
        return "skip"
    return {"draft": "todo", "in_approval": "doing", "returned": "fail"}.get(document.state, "done")
