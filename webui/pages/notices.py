"""消息: what happened to one's work, newest first; opening one marks it read and leads there."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.people import notices
from engine.casefile.people.notices import Notice
from engine.casefile.people.users import User
from webui import keyset, many, security

blueprint = Blueprint("notices", __name__, url_prefix="/notices")
SIZE = 50


@blueprint.get("")
@security.requires()
def mine() -> str:
    g.place = "notices"
    after = keyset.unpack(request.args.get("after", ""), keyset.ID)
    unread_only = request.args.get("show") == "unread"
    found, unread = db.read_only(_read, security.viewer(), after, unread_only=unread_only)
    page = found[:SIZE]
    return render_template(
        "notices/mine.html",
        notices=page,
        unread=unread,
        unread_only=unread_only,
        next_page=keyset.pack((page[-1].id,)) if len(found) > SIZE else "",
        is_first=after is None,
    )


def _read(
    session: db.Session, viewer: User, after: tuple[UUID] | None, *, unread_only: bool
) -> tuple[list[Notice], int]:
    found = notices.of_user(session, viewer, unread_only=unread_only, after=after, limit=SIZE)
    return found, notices.unread(session, viewer)


@blueprint.get("/<uuid:notice_id>")
@security.requires()
def open_(notice_id: UUID) -> Response:
    link = db.in_transaction(notices.open_, security.viewer(), notice_id)
    return redirect(link or url_for(".mine"))


@blueprint.post("/read")
@security.requires()
def read_all() -> Response:
    """全部标为已读."""
    until = many.one_id(request.form.get("until", ""))
    if until is not None:
        db.in_transaction(notices.mark_all_read, security.viewer(), until=until)
        flash("已全部标为已读")
    return redirect(url_for(".mine"), 303)
