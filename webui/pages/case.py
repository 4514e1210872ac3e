"""案件详情: who is in the case, where it stands, its property, documents and all that happened."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, render_template

from engine import clock, db
from engine.casefile import assets, case_heads, matter_progress, matters, timeline, users
from engine.casefile.case_heads import Head
from engine.casefile.matter_progress import Group
from engine.casefile.timeline import Event
from engine.casefile.users import User
from webui import case_pages, security

if TYPE_CHECKING:
    from engine.casefile.assets import Asset

blueprint = Blueprint("case", __name__, url_prefix="/cases")
blueprint.record_once(case_pages.register)

#: Of the drawer.
LATEST = 4


@blueprint.get("/<uuid:case_id>")
@security.requires()
def show(case_id: UUID) -> str:
    head = db.read_only(case_heads.head, security.viewer(), case_id)
    case_pages.stand_at(head.case)
    return render_template("case/show.html", head=head)


# ---------------------------------------------------------------- 速览


@dataclass(frozen=True)
class Peek:
    head: Head
    handler: str
    groups: list[Group]
    assets: "list[Asset]"
    events: list[Event]


@blueprint.get("/<uuid:case_id>/peek")
@security.requires()
def peek(case_id: UUID) -> str:
    """The drawer beside a list."""
    shown = db.read_only(_peek, security.viewer(), case_id)
    counted = Counter(asset.kind for asset in shown.assets)
    return render_template(
        "case/peek.html",
        head=shown.head,
        handler=shown.handler,
        groups=shown.groups,
        clues={kind: counted[kind] for kind in assets.KINDS if counted[kind]},
        events=shown.events[:LATEST],
        today=clock.today(),
    )


def _peek(session: db.Session, viewer: User, case_id: UUID) -> Peek:
    head = case_heads.head(session, viewer, case_id)
    case = head.case
    kinds = matters.types(session, case.court_id, case.stage) if case.stage else []
    return Peek(
        head=head,
        handler=users.name_of(session, case.handler_id),
        groups=matter_progress.of(kinds, matters.of_case(session, case_id)),
        assets=assets.of_case(session, case_id),
        events=timeline.of_case(session, case, limit=timeline.PAGE),
    )
