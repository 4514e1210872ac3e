"""The result of one click, per document and addressee, read from the documents and deliveries themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from engine import clock, db
from engine.casefile import rulebook
from engine.casefile.case import case_heads
from engine.casefile.case.case_heads import Head
from engine.casefile.delivery import addressees, delivery_progress
from engine.casefile.document import batches, document_progress, documents
from engine.casefile.document.batches import Batch, Item
from engine.casefile.document.document_progress import Progress
from engine.casefile.document.documents import Document
from engine.casefile.matter import matters
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import users
from engine.casefile.people.users import User
from engine.casefile.rules.deployed import Rules

#: After that without an end the page says that the work behind it stands still.
PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True)
class Addressee:
    """One addressee of one document."""

    name: str
    channel: str
    #: Codes of ``delivery_progress``, and waiting (for the signature) or dropped (it was refused).
    code: str
    at: datetime | None
    problem: str

    @property
    def kind(self) -> str:
        return {"waiting": "todo", "dropped": "none"}.get(
            self.code, delivery_progress.KINDS.get(self.code, "none")
        )


@dataclass(frozen=True)
class Result:
    """One document of the batch. ``code``: signing, signed, refused, stopped."""

    document: Document
    code: str
    addressees: Sequence[Addressee]

    @property
    def kind(self) -> str:
        return {"signed": "done", "signing": "doing"}.get(self.code, "fail")


@dataclass(frozen=True)
class BatchProgress:
    batch: Batch
    head: Head
    requested_by: str
    #: The matter whose documents these are, to go back to.
    matter_key: str
    results: Sequence[Result]
    #: Left out, with the reason.
    refused: Sequence[tuple[Document, str]]

    @property
    def _kinds(self) -> list[str]:
        signed = [r.kind for r in self.results if self.batch.kind != "deliver"]
        return signed + [a.kind for r in self.results for a in r.addressees]

    @property
    def total(self) -> int:
        return len(self._kinds)

    @property
    def done(self) -> int:
        return self._kinds.count("done")

    @property
    def failed(self) -> int:
        return self._kinds.count("fail") + self._kinds.count("none")

    @property
    def is_settled(self) -> bool:
        """Nothing happens by itself any more; what is left waits for people or for the law's days."""
        busy = {"sending", "waiting"}
        return all(
            r.code != "signing" and not any(a.code in busy for a in r.addressees)
            for r in self.results
        )

    @property
    def is_slow(self) -> bool:
        return not self.is_settled and clock.now() - self.batch.requested_at > PATIENCE


def progress(session: db.Session, viewer: User, batch_id: UUID) -> BatchProgress:
    """Of a batch whose case the viewer may open, else ``NotFound``."""
    batch = batches.get(session, batch_id)
    head = case_heads.head(session, viewer, batch.case_id)
    of_case = {d.id: d for d in documents.of_case(session, batch.case_id)}
    # A document voided since stays on the page of the click that took it.
    listed = {
        item.document_id: of_case.get(item.document_id) or documents.get(session, item.document_id)
        for item in batch.items
    }
    found = document_progress.of_documents(session, list(listed.values()))
    people = {p.id: p for p in parties.of_case(session, batch.case_id)}
    taken = [item for item in batch.items if not item.refusal]
    rules = rulebook.of_court(session, batch.court_id)
    return BatchProgress(
        batch=batch,
        head=head,
        requested_by=users.get(session, batch.requested_by).name,
        matter_key=_matter_key(session, list(listed.values())),
        results=[
            _result(listed[i.document_id], i, found[i.document_id], people, rules) for i in taken
        ],
        refused=[(listed[i.document_id], i.refusal) for i in batch.items if i.refusal],
    )


def _matter_key(session: db.Session, listed: Sequence[Document]) -> str:
    return matters.get(session, listed[0].matter_id).type_key if listed else ""


def _result(
    document: Document, item: Item, found: Progress, people: dict[UUID, Party], rules: Rules
) -> Result:
    code = _signing(document, found)
    sent = {d.party_id: d for d in found.deliveries}
    listed = []
    for party in (people[id_] for id_ in item.party_ids if id_ in people):
        delivery = sent.get(party.id)
        if delivery is None:
            waits = "waiting" if code in ("signing", "signed") else "dropped"
            channel = addressees.channel(rules, document.code, party)
            listed.append(Addressee(party.name, channel, waits, None, ""))
            continue
        reached, at = delivery_progress.of(delivery, stopped=delivery.id in found.stopped)
        listed.append(
            Addressee(delivery.addressee, delivery.channel, reached, at, delivery.problem)
        )
    return Result(document, code, listed)


def _signing(document: Document, found: Progress) -> str:
    if document.state == "signed":
        return "signed"
    return found.code if found.code in ("signing", "stopped") else "refused"
