"""流程设计: the list of what designers may change, its versions, new processes, folders as ZIP."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile import labels
from engine.casefile.design import (
    deploy_decisions,
    deploy_requests,
    design_beginnings,
    design_drafts,
    design_folders,
    design_lists,
    designs,
)
from engine.casefile.design.deploy_requests import Request
from engine.casefile.design.design_beginnings import Matter
from engine.casefile.design.design_drafts import Draft
from engine.casefile.design.design_lists import Line
from engine.casefile.design.designs import Version
from engine.casefile.oversight import supervision
from engine.casefile.people.users import User
from engine.errors import EngineError
from webui import design_frame, navigation, security

blueprint = Blueprint("designs", __name__, url_prefix="/designs")

LOOKERS = ("designer", "deployer")
NAV = [navigation.Entry("designs", "designs.index", count=deploy_requests.count_for)]
ERRORS = {
    design_drafts.DraftChanged.code: 409,
    deploy_decisions.RequestClosed.code: 409,
    deploy_requests.AlreadyRequested.code: 409,
    deploy_decisions.Overtaken.code: 409,
}
KINDS = {"processes": "流程", "tables": "决策表", "templates": "文书模板", "rules": "规则"}


# ---------------------------------------------------------------- list


@dataclass(frozen=True)
class _Listed:
    lines: list[Line]
    drafts: int
    waiting: int


@blueprint.get("")
@security.requires(*LOOKERS)
def index() -> str:
    kind = request.args.get("kind", "processes")
    kind = kind if kind in KINDS else "processes"
    words = request.args.get("q", "").strip()
    viewer = security.viewer()
    listed = db.read_only(_listed, viewer, kind, words)
    return render_template(
        "designs/index.html",
        kind=kind,
        KINDS=KINDS,
        words=words,
        listed=listed,
        may_design=viewer.has("designer"),
        may_watch=viewer.has(*supervision.WATCHERS),
        may_confirm=deploy_requests.may_confirm,
    )


def _listed(session: db.Session, viewer: User, kind: str, words: str) -> _Listed:
    found = design_lists.lines(session, viewer, kind, words)
    return _Listed(
        found,
        sum(line.draft is not None for line in found),
        deploy_requests.count_for(session, viewer),
    )


# ---------------------------------------------------------------- versions


@dataclass(frozen=True)
class _History:
    subject: str
    name: str
    versions: list[Version]
    draft: Draft | None
    requests: list[Request]
    running: dict[UUID, int]
    people: dict[UUID, str]

    @property
    def open_request(self) -> Request | None:
        return next((r for r in self.requests if r.state == "open"), None)

    def seconds(self) -> dict[int, str]:
        """Version -> who confirmed it."""
        return {
            r.version: self.people.get(r.decided_by, "")
            for r in self.requests
            if r.version is not None and r.decided_by is not None
        }


@blueprint.get("/<path:subject>/versions")
@security.requires(*LOOKERS)
def versions(subject: str) -> str:
    design_frame.place()
    history = db.read_only(_history, security.viewer(), subject)
    return render_template(
        "designs/versions.html",
        history=history,
        kind=design_lists.kind_of(subject),
        is_shared=designs.is_shared(subject),
        may_design=security.viewer().has("designer"),
    )


def _history(session: db.Session, viewer: User, subject: str) -> _History:
    designs.must_look(viewer)
    court_id = viewer.court_id
    found = designs.versions(session, court_id, subject)
    draft = design_drafts.find(session, court_id, subject)
    if not found and draft is None:
        designs.files(session, court_id, subject)  # raises NotFound
    counts = designs.running(session, court_id)
    return _History(
        subject,
        design_lists.name(session, court_id, subject),
        found,
        draft,
        deploy_requests.of_subject(session, court_id, subject),
        {id_: count for (key, id_), count in counts.items() if key == subject},
        deploy_requests.people(session, court_id),
    )


@blueprint.post("/<path:subject>/discard")
@security.requires("designer")
def discard(subject: str) -> Response:
    db.in_transaction(design_drafts.discard, security.viewer(), subject)
    flash("草稿已放弃，现行版本没有改动")
    return redirect(url_for("designs.index", kind=design_lists.kind_of(subject)), 303)


# ---------------------------------------------------------------- new


@blueprint.get("/new")
@security.requires("designer")
def new() -> str:
    return _new_page()


@blueprint.post("/new")
@security.requires("designer")
def create() -> Response | tuple[str, int]:
    given = request.form
    key = given.get("key", "").strip()
    try:
        matter = None
        if given.get("sort") == "matter":
            matter = Matter(
                given.get("code", ""), given.get("group", ""), tuple(given.getlist("stages"))
            )
        files = design_beginnings.folder(key, given.get("name", ""), matter)
        db.in_transaction(design_drafts.begin_new, security.viewer(), key, files)
    except EngineError as refused:
        return _new_page(str(refused)), 422
    return redirect(url_for("design_editing.open_", subject=key), 303)


def _new_page(refusal: str = "") -> str:
    design_frame.place()
    return render_template(
        "designs/new.html",
        refusal=refusal,
        given=request.form,
        groups=labels.MATTER_GROUPS,
        stages=labels.STAGES,
    )


# ---------------------------------------------------------------- folders


@blueprint.get("/<path:subject>/folder.zip")
@security.requires(*LOOKERS)
def download(subject: str) -> Response:
    """The draft's folder, or that of ``?version=``."""
    number = request.args.get("version", type=int)
    files = db.read_only(_folder, security.viewer(), subject, number)
    stem = PurePosixPath(subject).stem
    name = f"{stem}_v{number}.zip" if number else f"{stem}.zip"
    packed = BytesIO(design_folders.pack(files))
    return send_file(packed, mimetype="application/zip", as_attachment=True, download_name=name)


def _folder(session: db.Session, viewer: User, subject: str, number: int | None) -> dict[str, str]:
    designs.must_look(viewer)
    if number is not None:
        return dict(designs.files(session, viewer.court_id, subject, number))
    return design_drafts.texts(session, viewer.court_id, subject)


@blueprint.get("/<path:subject>/upload")
@security.requires("designer")
def upload_dialog(subject: str) -> str:
    draft = db.read_only(_draft, security.viewer(), subject)
    return render_template("designs/_upload.html", subject=subject, draft=draft, refusal="")


def _draft(session: db.Session, viewer: User, subject: str) -> Draft | None:
    return design_drafts.find(session, viewer.court_id, subject)


@blueprint.post("/<path:subject>/upload")
@security.requires("designer")
def upload(subject: str) -> Response | tuple[str, int]:
    """Replaces the draft's folder by that of the ZIP file."""
    viewer = security.viewer()
    seen = request.form.get("seen", type=int) or 0
    given = request.files.get("folder")
    try:
        files = design_folders.unpack(given.read() if given else b"", subject)
        db.in_transaction(design_drafts.replace, viewer, subject, files, seen=seen)
    except EngineError as refused:
        draft = db.read_only(_draft, viewer, subject)
        page = render_template(
            "designs/_upload.html", subject=subject, draft=draft, refusal=str(refused)
        )
        return page, 409 if isinstance(refused, design_drafts.DraftChanged) else 422
    flash(f"已上传 {len(files)} 个文件")
    return redirect(url_for("design_editing.open_", subject=subject), 303)
