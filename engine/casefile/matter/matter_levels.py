"""文书审批级别说明: for each document of a matter who must approve it, from the table that also routes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine import db
from engine.casefile import rulebook
from engine.casefile.document import document_data, drafting
from engine.casefile.matter import matters
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.casefile.rules.faults import Refused


@dataclass(frozen=True)
class Level:
    """Documents with the same chain. ``chain`` empty: it depends on facts that the draft must state first."""

    mark: str
    chain: tuple[str, ...]
    documents: Sequence[str]


def of_matter(
    session: db.Session, viewer: User, case_id: UUID, key: str
) -> tuple[str, list[Level]]:
    """(name of the matter, its levels in the order of its documents); only documents that can be made."""
    case = access.case(session, viewer, case_id)
    kind = matters.type_of(session, case.court_id, key)
    running = matters.open_of_type(session, case_id, key)
    entries = document_data.filled_in(session, running.id) if running else {}
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for template in drafting.available(session, case.court_id, kind.documents):
        try:
            approval = rulebook.approval(
                session, case.court_id, template.header.code, entries.get(drafting.FACTS)
            )
            level = (approval.mark, tuple(approval.chain))
        except Refused:
            level = ("", ())
        found.setdefault(level, []).append(template.title)
    return kind.name, [Level(mark, chain, names) for (mark, chain), names in found.items()]
