"""The officers' own pages, made for a phone: errands, arrival, photos, record.

A page that lost its network keeps everything and sends it later (scripts/field.js); for it the same
views answer in JSON. What was sent twice was done once: each thing bears an id made in the browser.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from engine import blobs, clock, db
from engine.casefile.errand import (
    field_filing,
    field_photos,
    field_records,
    field_tasks,
    pictures,
    whereabouts,
)
from engine.casefile.errand.field_photos import Upload
from engine.casefile.errand.field_records import (
    Record,
    RecordChanged,
    RecordIncomplete,
    Shown,
    Typed,
)
from engine.casefile.errand.field_tasks import OFFICER
from engine.errors import EngineError
from engine.ids import new_id
from webui import error_pages, photo_files, security
from webui.navigation import Entry

blueprint = Blueprint("field_work", __name__, url_prefix="/field")

NAV = [Entry("field_tasks", "field_work.mine", count=field_tasks.count)]
ERRORS = {
    "errand_taken": 409,
    "errand_done": 409,
    "errand_withdrawn": 409,
    "errand_not_begun": 409,
    "record_changed": 409,
}
View = Callable[..., Response]


def _answers_scripts(view: View) -> View:
    """A refusal as JSON when the page's script asks; everybody else gets the usual page."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        try:
            return view(*args, **kwargs)
        except EngineError as error:
            status = error_pages.STATUS.get(error.code, 422)
            if not _is_script() or status >= error_pages.INTERNAL:
                raise
            problems = getattr(error, "problems", {})
            answer = jsonify(code=error.code, error=str(error), problems=problems)
            answer.status_code = status
            return answer

    return answered


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _id(name: str) -> UUID | None:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        return None


# ---------------------------------------------------------------- reading


@blueprint.get("")
@security.requires(OFFICER)
def mine() -> str:
    open_, ended = db.read_only(field_tasks.mine, security.viewer())
    return render_template("field_work/mine.html", open=open_, ended=ended)


@blueprint.get("/<uuid:task_id>")
@security.requires(OFFICER)
def show(task_id: UUID) -> str:
    return _page(db.read_only(field_records.of_officer, security.viewer(), task_id))


def _page(shown: Shown, **more: Any) -> str:
    g.place = "field_tasks"
    record = shown.record
    typed = {"people": record.people, "course": record.course, "result": record.result}
    typed["arrived_at"] = _minute(record.arrived_at)
    values = {"typed": typed, "errors": {}, "error": ""} | more
    return render_template(
        "field_work/show.html", shown=shown, task=shown.task, record=record, **values
    )


def _minute(at: datetime | None) -> str:
    """As the browser's field for a time writes it, in the court's time."""
    return f"{at.astimezone(clock.COURT_ZONE):%Y-%m-%dT%H:%M}" if at else ""


@blueprint.get("/<uuid:task_id>/photos/<uuid:photo_id>")
@security.requires(OFFICER)
def photo(task_id: UUID, photo_id: UUID) -> Response:
    """A small picture of the officer's own photo, or one as large as the screen."""
    found = db.read_only(field_photos.of_officer, security.viewer(), task_id, photo_id)
    return photo_files.send(found, request.args.get("size", "small"))


# ---------------------------------------------------------------- acting


@blueprint.post("/<uuid:task_id>/accept")
@security.requires(OFFICER)
def accept(task_id: UUID) -> Response:
    db.in_transaction(field_tasks.accept, security.viewer(), task_id)
    return redirect(url_for(".show", task_id=task_id), 303)


@blueprint.post("/<uuid:task_id>/arrive")
@security.requires(OFFICER)
@_answers_scripts
def arrive(task_id: UUID) -> Response:
    """到达."""
    at, position = whereabouts.happened_at(request.form), whereabouts.position(request.form)
    record = db.in_transaction(field_records.arrive, security.viewer(), task_id, at, position)
    return _recorded(task_id, record)


@blueprint.post("/<uuid:task_id>/record")
@security.requires(OFFICER)
@_answers_scripts
def save(task_id: UUID) -> Response:
    """暂存."""
    try:
        return _recorded(task_id, _save(task_id))
    except RecordChanged as error:
        shown = db.read_only(field_records.of_officer, security.viewer(), task_id)
        if not _is_script():
            typed = request.form.to_dict()
            return make_response(_page(shown, typed=typed, error=str(error)), 409)
        record = shown.record
        theirs = {name: getattr(record, name) for name in ("people", "course", "result")}
        answer = jsonify(code=error.code, error=str(error), version=record.version, theirs=theirs)
        answer.status_code = 409
        return answer


def _save(task_id: UUID) -> Record:
    version = request.form.get("version", "")
    return db.in_transaction(
        field_records.save,
        security.viewer(),
        task_id,
        _typed(),
        device_id=_id("device_id"),
        seen_version=int(version) if version.isdecimal() else 0,
    )


def _typed() -> Typed:
    text = request.form.get("arrived_at", "")
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise RecordIncomplete({"arrived_at": "到场时间请写成 2026-11-26T09:30 的样式"}) from None
    if at is not None:
        at = at.replace(tzinfo=clock.COURT_ZONE, second=0, microsecond=0)
    words = {name: request.form.get(name, "") for name in ("people", "course", "result")}
    # Browsers send line ends as two signs; one is kept, so that nothing seems changed.
    return Typed(at, **{name: text.replace("\r\n", "\n") for name, text in words.items()})


def _recorded(task_id: UUID, record: Record) -> Response:
    if not _is_script():
        flash("已暂存")
        return redirect(url_for(".show", task_id=task_id), 303)
    again = url_for(".arrive", task_id=task_id)
    return jsonify(
        version=record.version,
        arrived_at=_minute(record.arrived_at),
        arrival=render_template("field_work/_arrival.html", record=record, arrive_url=again),
    )


@blueprint.post("/<uuid:task_id>/photos")
@security.requires(OFFICER)
@_answers_scripts
def add_photo(task_id: UUID) -> Response:
    viewer = security.viewer()
    # Before anything is stored.
    db.read_only(field_tasks.of_officer, viewer, task_id)
    given = request.files.get("photo")
    content = given.read() if given else b""
    picture = pictures.examine(content)
    sent = request.form
    upload = Upload(
        _id("upload_id") or new_id(), whereabouts.happened_at(sent), whereabouts.position(sent)
    )
    # On disk before the row that names it commits.
    blob = blobs.put(viewer.court_id, content)
    found = db.in_transaction(
        field_photos.add, viewer, task_id, upload, picture, blob, len(content)
    )
    if not _is_script():
        return redirect(url_for(".show", task_id=task_id), 303)
    # One that was removed meanwhile does not come back because it was sent again.
    tile = {"photo": found, "task_id": task_id, "removable": True}
    html = "" if found.removed_at else render_template("field_work/_photo.html", **tile)
    return jsonify(id=str(found.id), html=html)


@blueprint.post("/<uuid:task_id>/photos/<uuid:photo_id>/remove")
@security.requires(OFFICER)
@_answers_scripts
def remove_photo(task_id: UUID, photo_id: UUID) -> Response:
    db.in_transaction(field_photos.remove, security.viewer(), task_id, photo_id)
    if _is_script():
        return jsonify(id=str(photo_id))
    return redirect(url_for(".show", task_id=task_id), 303)


@blueprint.post("/<uuid:task_id>")
@security.requires(OFFICER)
@_answers_scripts
def finish(task_id: UUID) -> Response:
    """办结: what was typed is kept first, whatever becomes of the rest."""
    viewer, submission_id = security.viewer(), _id("submission_id")
    if not db.read_only(field_filing.is_done, viewer, task_id, submission_id):
        try:
            _save(task_id)
            drafted = db.read_only(field_filing.draft, viewer, task_id)
        except (RecordIncomplete, RecordChanged) as error:
            if _is_script():
                raise
            return _refused(task_id, error)
        laid = field_filing.lay_out(drafted)
        blob = blobs.put(drafted.court_id, laid.pdf)
        filed = field_filing.Filed(blob, laid.pages, submission_id)
        db.in_transaction(field_filing.file, viewer, task_id, drafted, filed)
    flash("已办结，外勤记录和照片已入卷")
    return _leave()


def _refused(task_id: UUID, error: RecordIncomplete | RecordChanged) -> Response:
    shown = db.read_only(field_records.of_officer, security.viewer(), task_id)
    problems = getattr(error, "problems", {})
    status = 422 if problems else 409
    page = _page(
        shown, typed=request.form.to_dict(), errors=problems, error="" if problems else str(error)
    )
    return make_response(page, status)


def _leave() -> Response:
    if _is_script():
        return jsonify(location=url_for(".mine"))
    return redirect(url_for(".mine"), 303)
