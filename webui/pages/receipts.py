"""What an addressee sees by the link in his mail. Opening the link is not reading: scanners of mail
open links too. Only the button counts, and only after it the document is shown.
"""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engine import blobs, db
from engine.casefile.delivery import reading_receipts
from engine.errors import NotFound
from webui import security, stored_files

blueprint = Blueprint("receipts", __name__, url_prefix="/r")


@blueprint.get("/<token>")
@security.public
def show(token: str) -> str:
    receipt = db.read_only(reading_receipts.of_token, token)
    return render_template("receipts/show.html", receipt=receipt, token=token)


@blueprint.post("/<token>")
@security.public
def confirm(token: str) -> Response:
    """确认阅读."""
    db.in_transaction(reading_receipts.confirm, token)
    return redirect(url_for(".show", token=token), 303)


@blueprint.get("/<token>/file.pdf")
@security.public
def file_pdf(token: str) -> Response:
    receipt = db.read_only(reading_receipts.of_token, token)
    document = receipt.document
    if receipt.delivery.read_at is None or document.blob is None:
        raise NotFound(document.name)
    content = blobs.get(document.court_id, document.blob)
    return stored_files.send(content, f"{document.name}.pdf", etag=document.blob)
