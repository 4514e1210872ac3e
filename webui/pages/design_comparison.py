"""比较: two versions of a design, in colour and in sentences."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.design import design_changes, design_drafts, design_lists, designs
from engine.casefile.design.design_changes import Changes
from engine.casefile.design.design_drafts import Draft
from engine.casefile.design.designs import Version
from engine.casefile.people.users import User
from engine.errors import NotFound
from engine.process.definitions import DIAGRAM
from webui import design_frame, security

blueprint = Blueprint("design_comparison", __name__, url_prefix="/designs")

#: In the address, beside the numbers of versions.
DRAFT = "draft"


@dataclass(frozen=True)
class Comparison:
    subject: str
    name: str
    versions: list[Version]
    draft: Draft | None
    old: str
    new: str
    changes: Changes
    #: Name -> the lines that differ, of files that are no diagram.
    lines: dict[str, list[tuple[str, str]]]

    @property
    def is_shared(self) -> bool:
        return designs.is_shared(self.subject)

    def title(self, which: str) -> str:
        if which == DRAFT:
            return f"v{self.newest + 1} 草稿"
        return f"v{which} 现行" if which == str(self.newest) else f"v{which}"

    @property
    def newest(self) -> int:
        return self.versions[0].number if self.versions else 0


@blueprint.get("/<path:subject>/compare")
@security.requires("designer", "deployer")
def show(subject: str) -> str:
    design_frame.place()
    viewer = security.viewer()
    comparison = db.read_only(_comparison, viewer, subject)
    return render_template(
        "designs/compare.html",
        comparison=comparison,
        has_diagram=not comparison.is_shared,
        may_design=viewer.has("designer"),
        facts=url_for(
            "design_comparison.facts", subject=subject, old=comparison.old, new=comparison.new
        ),
    )


def _comparison(session: db.Session, viewer: User, subject: str) -> Comparison:
    designs.must_look(viewer)
    court_id = viewer.court_id
    versions = designs.versions(session, court_id, subject)
    draft = design_drafts.find(session, court_id, subject)
    if not versions:
        raise NotFound(subject)
    newest = versions[0].number
    given_new, given_old = request.args.get("new", ""), request.args.get("old", "")
    new = given_new or (DRAFT if draft else str(newest))
    old = given_old or str(newest if new == DRAFT else max(newest - 1, 1))
    before, after = (_files(session, viewer, subject, which) for which in (old, new))
    changes = design_changes.between(before, after)
    lines = {
        file.name: design_changes.lines(before.get(file.name, ""), after.get(file.name, ""))
        for file in changes.files
        if not file.name.endswith((".form", ".dmn"))
    }
    name = design_lists.name(session, court_id, subject)
    return Comparison(subject, name, versions, draft, old, new, changes, lines)


def _files(session: db.Session, viewer: User, subject: str, which: str) -> dict[str, str]:
    """Of the draft, of a version, or of a request (its id)."""
    if which == DRAFT:
        return design_drafts.texts(session, viewer.court_id, subject)
    if not (which.isascii() and which.isdigit()):
        raise NotFound(which)
    return dict(designs.files(session, viewer.court_id, subject, int(which)))


@blueprint.get("/<path:subject>/compare.json")
@security.requires("designer", "deployer")
def facts(subject: str) -> Response:
    """Which elements are to be coloured, in the new picture and in the old one."""
    changes = db.read_only(_comparison, security.viewer(), subject).changes
    told: dict[str, Any] = {
        kind: changes.elements(kind) for kind in ("added", "changed", "removed", "moved")
    }
    return jsonify(told)


@blueprint.get("/<path:subject>/compare/diagram.bpmn")
@security.requires("designer", "deployer")
def diagram(subject: str) -> Response:
    """One of the two diagrams."""
    which = request.args.get("which", DRAFT)
    files = db.read_only(_of_version, security.viewer(), subject, which)
    return design_frame.plain(files.get(DIAGRAM, ""))


def _of_version(session: db.Session, viewer: User, subject: str, which: str) -> dict[str, str]:
    designs.must_look(viewer)
    return _files(session, viewer, subject, which)
