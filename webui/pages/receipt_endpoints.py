"""Where providers report back. What comes is stored as it came; the worker reads it and checks its signature."""

from uuid import UUID

from flask import Blueprint, abort, request

from engine import db
from engine.casefile.people import courts
from engine.errors import NoOperation
from engine.process import operations, receipts, webhooks
from webui import security

blueprint = Blueprint("receipt_endpoints", __name__, url_prefix="/receipts")

#: Bytes; a receipt is a few hundred, one with a list of accounts a few thousand.
LARGEST = 256 << 10


@blueprint.post("/<channel>")
@security.signed
def receive(channel: str) -> tuple[str, int]:
    """204: stored, also when it came before. 404: nobody reads this channel, or no such court."""
    try:
        operations.reader(channel)
        court_id = UUID(request.args.get("court", ""))
    except (NoOperation, ValueError):
        abort(404)
    if (request.content_length or 0) > LARGEST:
        abort(413)
    headers = {name: request.headers.get(name, "") for name in webhooks.HEADERS}
    letter = webhooks.sealed(headers, request.get_data(cache=False))
    db.in_transaction(_store, court_id, channel, letter)
    return "", 204


def _store(session: db.Session, court_id: UUID, channel: str, letter: bytes) -> None:
    courts.get(session, court_id)
    receipts.store(session, court_id, channel, letter)
