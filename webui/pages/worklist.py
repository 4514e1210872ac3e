"""执行实体化: the cases of a stage, mine or the team's, by deadline."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, make_response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from engine import clock, db
from engine.casefile import labels, rulebook
from engine.casefile.asset import assets
from engine.casefile.case import boards, exports, lights
from engine.casefile.case.boards import Board, Filters
from engine.casefile.matter import matter_progress, matters
from engine.casefile.matter.matters import MatterType
from engine.casefile.people import access, users
from engine.casefile.people.users import User
from engine.casefile.rules.deployed import Rules
from engine.casefile.stage import stages
from webui import case_pages, keyset, navigation, security

blueprint = Blueprint("worklist", __name__, url_prefix="/stages")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Who works stages or leads those who do.
WORKERS = (
    "handling_judge",
    "assistant",
    "clerk",
    "team_leader",
    "bureau_director",
    "vice_president",
    "president",
)
#: Columns that can be left out, with their heads. The last three show by themselves on wide screens only.
COLUMNS: Mapping[str, str] = {
    "cause": "案由",
    "applicant": "申请执行人",
    "debtor": "被执行人",
    "amount": "执行标的（元）",
    "clues": "财产线索",
    "progress": "事项进度",
    "touched": "最近办理",
    "handler": "承办人",
    "filed": "收案日期",
}
WIDE = frozenset({"touched", "handler", "filed"})
#: How the position of each sort order is read from the address.
_POSITIONS: Mapping[str, keyset.Reader] = {
    "due": keyset.DAY,
    "no": keyset.NUMBER,
    "amount": keyset.AMOUNT,
}


def _count(stage: str, session: db.Session, viewer: User) -> int:
    """My cases in the stage; counted once for the four entries of a page."""
    if "stage_counts" not in g:
        g.stage_counts = boards.stage_counts(session, viewer)
    return int(g.stage_counts.get(stage, 0))


NAV = [
    navigation.Entry(place, "worklist.board", {"stage": stage}, count=partial(_count, stage))
    for stage, place in case_pages.PLACES.items()
]


@dataclass(frozen=True)
class Shown:
    board: Board
    rules: Rules
    types: list[MatterType]
    handlers: list[User]


@blueprint.get("/<stage>")
@security.requires(*WORKERS)
def board(stage: str) -> Response:
    viewer = security.viewer()
    filters = _filters(stage, viewer)
    shown = db.read_only(_read, viewer, filters)
    link = partial(_link, viewer, filters)
    page = render_template(
        "worklist/board.html",
        stage=stage,
        filters=filters,
        board=shown.board,
        handlers=shown.handlers,
        remaining=partial(rulebook.remaining_by, shown.rules),
        progress=partial(matter_progress.of, shown.types),
        can_work=partial(access.can_work, viewer),
        link=link,
        columns=_columns(),
        COLUMNS=COLUMNS,
        SIZES=boards.SIZES,
        updated_at=clock.now(),
        next_page=_next_page(shown.board),
    )
    response = make_response(page)
    if request.headers.get("HX-Request"):
        # A form sends its empty fields too; the address keeps what is set.
        response.headers["HX-Push-Url"] = link()
    return response


@blueprint.route("/<stage>/export", methods=["GET", "POST"])
@security.requires(*WORKERS)
def export(stage: str) -> Response:
    """The rows that the filters let through; with ticked rows (POST) only these."""
    viewer = security.viewer()
    filters = replace(_filters(stage, viewer), ids=_ticked())
    made = db.read_only(exports.of_board, viewer, filters)
    name = f"{labels.STAGES[stage]}_{clock.today():%Y-%m-%d}.xlsx"
    return send_file(BytesIO(made), mimetype=XLSX, as_attachment=True, download_name=name)


def _read(session: db.Session, viewer: User, filters: Filters) -> Shown:
    return Shown(
        board=boards.board(session, viewer, filters),
        rules=rulebook.of_court(session, viewer.court_id),
        types=matters.types(session, viewer.court_id, filters.stage),
        handlers=users.of_team(session, viewer.court_id, filters.stage, "handling_judge"),
    )


# ---------------------------------------------------------------- the address


def _filters(stage: str, viewer: User) -> Filters:
    """From the address; what is unknown there counts as not given."""
    if stage not in stages.STAGES:
        abort(404)
    given = request.args.get
    sort = _one_of(given("sort"), boards.SORTS) or boards.SORTS[0]
    return Filters(
        stage=stage,
        scope=_one_of(given("scope"), ("mine", "team")) or _usual_scope(viewer),
        light=_one_of(given("light"), lights.LIGHTS),
        words=given("q", "").strip(),
        cause=given("cause", ""),
        asset_kind=_one_of(given("asset"), assets.KINDS),
        handler_id=given("handler", type=UUID),
        sort=sort,
        size=given("size", type=int) if given("size", type=int) in boards.SIZES else 50,  # type: ignore[arg-type]
        after=keyset.unpack(given("after", ""), _POSITIONS[sort], keyset.ID),
    )


def _one_of(value: str | None, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else ""


def _usual_scope(viewer: User) -> str:
    """Only judges handle cases; everybody else comes for the team's."""
    return "mine" if viewer.has("handling_judge") else "team"


def _link(
    viewer: User, filters: Filters, *, endpoint: str = "worklist.board", **changes: Any
) -> str:
    """Address of the list with some filters changed; without ``after`` it begins on the first page."""
    named = {
        "scope": filters.scope if filters.scope != _usual_scope(viewer) else "",
        "light": filters.light,
        "q": filters.words,
        "cause": filters.cause,
        "asset": filters.asset_kind,
        "handler": filters.handler_id,
        "sort": filters.sort if filters.sort != boards.SORTS[0] else "",
        "size": filters.size if filters.size != boards.SIZES[0] else "",
    }
    chosen = {name: value for name, value in (named | changes).items() if value}
    return url_for(endpoint, stage=filters.stage, **chosen)


def _next_page(found: Board) -> str:
    return keyset.pack(found.rows[-1].position) if found.more else ""


def _ticked() -> tuple[UUID, ...]:
    if request.method == "GET":
        return ()
    try:
        return tuple(UUID(value) for value in request.form.getlist("row"))
    except ValueError:
        abort(400)


def _columns() -> Mapping[str, str]:
    """Column -> class of its cells. Chosen ones always show; without a choice the screen's width decides."""
    chosen = request.cookies.get("worklist_columns")
    if chosen is None:
        return {name: "wide" if name in WIDE else "" for name in COLUMNS}
    return {name: "" for name in COLUMNS if name in chosen.split(".")}
