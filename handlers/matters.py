"""The end of a matter."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import db
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
    """It was begun and comes to nothing: its document was refused, or there was nothing to do."""
    matters.close(session, UUID(str(params["事项"])), state="cancelled")
    return {}
