"""案件管理—案件分配: receiving filed cases, and importing them from a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from engine import clock, db
from engine.casefile.case import queries
from engine.casefile.case.cases import Case
from engine.casefile.intake import acceptance, files, intake_desk, intake_runs
from engine.casefile.intake.cells import COLUMNS, FileRefused, Refusal
from engine.casefile.intake.intake_desk import Received, Step
from engine.casefile.intake.intake_runs import Run
from engine.casefile.party.parties import Party
from engine.casefile.people.users import User
from engine.errors import EngineError
from webui import keyset, navigation, security

blueprint = Blueprint("intake", __name__, url_prefix="/intake")

#: Who sees the cases that wait; only judges receive them.
DESKS = (
    "handling_judge",
    "team_leader",
    "filing_clerk",
    "bureau_director",
    "vice_president",
    "president",
)
IMPORTERS = ("filing_clerk", "handling_judge", "team_leader", "bureau_director")
SIZE = 100
REFUSED = 422

NAV = [navigation.Entry("intake", "intake.waiting", count=queries.pending_count)]


@dataclass(frozen=True)
class Desk:
    waiting: list[tuple[Case, list[Party]]]
    received: list[Received]
    waiting_count: int
    received_count: int
    #: Of cases just received that are not segmented: how the table decided.
    reasons: list[tuple[Case, list[Step]]]


# ---------------------------------------------------------------- 接收


@blueprint.get("")
@security.requires(*DESKS)
def waiting() -> str:
    """The cases that wait; with ``since`` also what the viewer received from then on, in the same list."""
    after = keyset.unpack(request.args.get("after", ""), keyset.DAY, keyset.ID)
    desk = db.read_only(_waiting, security.viewer(), after, _since())
    return _page("waiting", desk, desk.waiting, lambda row: (row[0].filed_on, row[0].id))


@blueprint.get("/received")
@security.requires(*DESKS)
def received() -> str:
    after = keyset.unpack(request.args.get("after", ""), keyset.MOMENT, keyset.ID)
    desk = db.read_only(_received, security.viewer(), after)
    return _page("received", desk, desk.received, lambda row: row.position)


@blueprint.post("/accept")
@security.requires("handling_judge")
def accept() -> Response:
    """Each ticked case in a transaction of its own, so that one refusal does not undo the others."""
    viewer, since = security.viewer(), clock.now()
    refused: list[str] = []
    for case_id in _ticked():
        try:
            db.in_transaction(acceptance.accept, viewer, case_id)
        except EngineError as error:
            refused.append(str(error))
    if refused:
        flash(f"有 {len(refused)} 件没有接收：{'；'.join(dict.fromkeys(refused))}")
    return redirect(url_for("intake.waiting", since=since.isoformat()), 303)


def _since() -> datetime | None:
    """When the viewer pressed 接收, from the address."""
    try:
        found = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _ticked() -> list[UUID]:
    try:
        return [UUID(value) for value in dict.fromkeys(request.form.getlist("row"))]
    except ValueError:
        abort(400)


def _waiting(
    session: db.Session, viewer: User, after: tuple[Any, ...] | None, since: datetime | None
) -> Desk:
    done = intake_desk.received(session, viewer, since=since, size=SIZE) if since else []
    return _desk(
        session, viewer, queries.pending(session, viewer, after=after, size=SIZE), done, since
    )


def _received(session: db.Session, viewer: User, after: tuple[Any, ...] | None) -> Desk:
    done = intake_desk.received(session, viewer, after=after, size=SIZE)
    return _desk(session, viewer, [], done, None)


def _desk(
    session: db.Session,
    viewer: User,
    waiting_: list[tuple[Case, list[Party]]],
    received_: list[Received],
    since: datetime | None,
) -> Desk:
    unsegmented = [row.case for row in received_ if row.case.stage is None] if since else []
    return Desk(
        waiting=waiting_,
        received=received_,
        waiting_count=queries.pending_count(session, viewer),
        received_count=intake_desk.received_count(session, viewer),
        reasons=[(case, intake_desk.eligibility(session, case)) for case in unsegmented],
    )


def _page(
    tab: str, desk: Desk, listed: Sequence[Any], position: Callable[[Any], tuple[Any, ...]]
) -> str:
    g.place = "intake"
    more = len(listed) > SIZE
    return render_template(
        "intake/desk.html",
        tab=tab,
        desk=desk,
        rows=listed[:SIZE],
        just_received=desk.received if tab == "waiting" else [],
        may_accept=security.viewer().has("handling_judge"),
        next_page=keyset.pack(position(listed[SIZE - 1])) if more else "",
        is_first="after" not in request.args,
    )


# ---------------------------------------------------------------- 导入


@blueprint.get("/import")
@security.requires(*IMPORTERS)
def import_form() -> str:
    return _import_page()


@blueprint.post("/import")
@security.requires(*IMPORTERS)
def import_file() -> Response | tuple[str, int]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _import_page(error="请选择要导入的文件"), REFUSED
    strict = "strict" in request.form
    try:
        run_id = db.in_transaction(
            intake_runs.run, security.viewer(), file.filename, file.read(), strict=strict
        )
    except FileRefused as refused:
        return _import_page(error=f"{file.filename}：{refused}", strict=strict), REFUSED
    return redirect(url_for("intake.imported", run_id=run_id), 303)


@blueprint.get("/import/<uuid:run_id>")
@security.requires(*IMPORTERS)
def imported(run_id: UUID) -> str:
    run, refusals = db.read_only(intake_runs.get, security.viewer(), run_id)
    return _import_page(run=run, refusals=refusals)


@blueprint.get("/import/<uuid:run_id>/refused.csv")
@security.requires(*IMPORTERS)
def refused_lines(run_id: UUID) -> Response:
    """The lines that were not imported, to be mended and imported again."""
    made = db.read_only(intake_runs.refused_lines, security.viewer(), run_id)
    return send_file(
        BytesIO(made), mimetype="text/csv", as_attachment=True, download_name="未导入的行.csv"
    )


def _import_page(
    *,
    run: Run | None = None,
    refusals: Sequence[Refusal] = (),
    error: str = "",
    strict: bool = False,
) -> str:
    g.place = "intake"
    return render_template(
        "intake/import.html",
        run=run,
        refusals=refusals[: intake_runs.SHOWN],
        hidden=max(0, len(refusals) - intake_runs.SHOWN),
        error=error,
        strict=strict,
        runs=db.read_only(intake_runs.latest, security.viewer()),
        columns=COLUMNS,
        largest=files.MAX_BYTES >> 20,
    )
