"""After signing: one delivery for each addressee that was ticked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile.delivery import deliveries
from engine.casefile.document import documents
from engine.casefile.party import parties
from engine.process import operations
from engine.process.operations import Context


@operations.inside("deliveries.request", title="发起送达")
def request(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Nothing to do where only signing was asked for."""
    document = documents.get(session, UUID(str(params["文书"])))
    wanted = {UUID(str(id_)) for id_ in params.get("受送达人") or []}
    chosen = [p for p in parties.of_case(session, document.case_id) if p.id in wanted]
    deliveries.request(
        session, document, chosen, actor=context.actor, requested_by=document.signed_by
    )
    return {}
