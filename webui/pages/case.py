"""案件详情: who is in the case, where it stands, its property, documents and all that happened."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from engine import clock, db
from engine.casefile.asset import assets
from engine.casefile.asset.assets import Asset
from engine.casefile.case import case_heads, case_overviews, timeline
from engine.casefile.case.case_heads import Head
from engine.casefile.case.case_overviews import Overview
from engine.casefile.case.cases import Case
from engine.casefile.case.timeline import Event
from engine.casefile.matter import matter_progress, matters
from engine.casefile.matter.matter_progress import Group
from engine.casefile.people import users
from engine.casefile.people.users import User
from webui import case_pages, keyset, moments, security

blueprint = Blueprint("case", __name__, url_prefix="/cases")
blueprint.record_once(case_pages.register)

#: Of the drawer.
LATEST = 4


#: Tabs of the page: key in the address -> words.
TABS: Mapping[str, str] = {
    "": "概况",
    "parties": "当事人",
    "assets": "财产与措施",
    "matters": "事项",
    "documents": "文书",
    "limits": "期限",
    "events": "办理过程",
}


@blueprint.get("/<uuid:case_id>")
@security.requires()
def show(case_id: UUID) -> str:
    viewer, tab = security.viewer(), request.args.get("tab", "")
    after = keyset.unpack(request.args.get("after", ""), keyset.MOMENT, keyset.ID, keyset.NUMBER)
    found = db.read_only(case_overviews.overview, viewer, case_id, after=after)
    case_pages.stand_at(found.head.case)
    return render_template(
        "case/show.html",
        file=found,
        tab=tab if tab in TABS else "",
        tabs=_tabs(found),
        today=clock.today(),
        when=moments.when,
        instance_url=_instance_url(viewer, found.head.case),
        next_events=keyset.pack(found.events[-1].position) if found.has_more_events else "",
        is_first=after is None,
    )


def _tabs(found: Overview) -> list[tuple[str, str, int]]:
    counts = {
        "parties": len(found.present),
        "assets": len(found.assets),
        "matters": len(found.matters),
        "documents": len(found.documents),
        "limits": len(found.limits),
    }
    return [(key, text, counts.get(key, 0)) for key, text in TABS.items()]


def _instance_url(viewer: User, case: Case) -> str:
    """For supervisors: where the case stands in the diagram."""
    rule = security.rule_of("instance.show")
    if case.instance_id is None or rule is None or not rule.allows(viewer):
        return ""
    return url_for("instance.show", instance_id=case.instance_id)


# ---------------------------------------------------------------- 速览


@dataclass(frozen=True)
class Peek:
    head: Head
    handler: str
    groups: list[Group]
    assets: list[Asset]
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
        events=timeline.of_case(session, case)[0],
    )
