"""What 一键签章并送达, 一键签章 or 一键送达 of these ticks would do, before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from engine import db
from engine.casefile import rulebook
from engine.casefile.case.cases import Case
from engine.casefile.delivery import addressees
from engine.casefile.delivery.deliveries import LIVE
from engine.casefile.document import batches, document_progress, documents
from engine.casefile.document.documents import Document
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import access, courts
from engine.casefile.people.users import User


@dataclass(frozen=True)
class Taken:
    """A document that will be taken, and to whom it will go (person, channel)."""

    document: Document
    addressees: Sequence[tuple[Party, str]]


@dataclass(frozen=True)
class Preview:
    case: Case
    court: str
    kind: str
    taken: Sequence[Taken]
    #: Documents left out, each with its reason.
    refused: Sequence[tuple[Document, str]]
    #: Names of documents for which nobody is ticked: nothing can be confirmed before that is mended.
    without_addressee: Sequence[str]

    @property
    def people(self) -> int:
        return len({party.id for one in self.taken for party, _ in one.addressees})

    @property
    def may_confirm(self) -> bool:
        return bool(self.taken) and not self.without_addressee


def preview(
    session: db.Session,
    viewer: User,
    case_id: UUID,
    kind: str,
    picks: Mapping[UUID, Sequence[UUID]],
) -> Preview:
    """``picks``: document -> addressees ticked. Refused as a whole: nothing chosen, no right to do it."""
    case = access.case(session, viewer, case_id)
    if kind == "deliver":
        access.must_work(viewer, case)
    else:
        access.must_handle(viewer, case, "签章")
    chosen = [d for d in documents.of_case(session, case_id) if d.id in picks]
    if not chosen:
        raise batches.NothingChosen
    people = {p.id: p for p in parties.of_case(session, case_id)}
    progress = document_progress.of_documents(session, chosen)
    rules = rulebook.of_court(session, case.court_id)
    taken, refused, missing = [], [], []
    for document in chosen:
        live = {d.party_id for d in progress[document.id].deliveries if d.state in LIVE}
        wanted = [] if kind == "sign" else [people[p] for p in picks[document.id] if p in people]
        fresh = [party for party in wanted if party.id not in live]
        reason = _reason(kind, document, progress[document.id].code, wanted, fresh)
        if reason:
            refused.append((document, reason))
        elif kind != "sign" and not wanted:
            missing.append(document.name)
        else:
            ways = [(p, addressees.channel(rules, document.code, p)) for p in fresh]
            taken.append(Taken(document, ways))
    return Preview(case, courts.get(session, case.court_id).name, kind, taken, refused, missing)


def _reason(
    kind: str, document: Document, code: str, wanted: Sequence[Party], fresh: Sequence[Party]
) -> str:
    if code == "signing":
        return "正在签章"
    if kind == "deliver" and document.state == "signed" and wanted and not fresh:
        return "所选受送达人均已送达或者正在送达"
    return batches.refusal(kind, document)
