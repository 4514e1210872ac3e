"""The end of a matter."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile.document import document_desk
from engine.casefile.matter import matters
from engine.process import operations
from engine.process.operations import Context, Parameter


@operations.inside(
    "matters.finish", title="办结事项", params=[Parameter("事项", "事项编号", "text")], results=()
)
def finish(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Closes the row of the matter; its documents and deadlines stay."""
    matters.close(session, UUID(str(params["事项"])))
    return {}


@operations.inside(
    "matters.cancel", title="事项终止", params=[Parameter("事项", "事项编号", "text")], results=()
)
def cancel(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """It was begun and comes to nothing: its document was refused, or there was nothing to do.

    What is still a draft of it is void.
    """
    matter = matters.get(session, UUID(str(params["事项"])))
    document_desk.void_drafts(session, matter.case_id, matter.id, actor=context.actor)
    matters.close(session, matter.id, state="cancelled")
    return {}
