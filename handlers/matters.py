"""The end of a matter."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile import matters
from engine.process import operations
from engine.process.operations import Context


@operations.inside("matters.finish", title="办结事项")
def finish(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Closes the row of the matter; its documents and deadlines stay."""
    matters.close(session, UUID(str(params["事项"])))
    return {}
