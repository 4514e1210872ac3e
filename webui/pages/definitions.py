"""流程定义: what is deployed, and how many processes stand at each element of its diagram."""

from flask import Blueprint, Response, g, jsonify, make_response, render_template, request

from engine import db
from engine.casefile.oversight import definition_counts, supervision
from engine.casefile.oversight.definition_counts import Counts
from webui import navigation, security

blueprint = Blueprint("definitions", __name__, url_prefix="/definitions")

NAV = [navigation.Entry("definitions", "definitions.index")]
#: Who designs may look at the diagrams too, but not at the processes of cases.
_READERS = (*supervision.WATCHERS, "designer", "deployer")
_HOUR = 3600


@blueprint.get("")
@security.requires(*supervision.WATCHERS)
def index() -> str:
    found = db.read_only(definition_counts.listing, security.viewer())
    words = request.args.get("q", "").strip()
    shown = [d for d in found if words in d.name]
    return render_template("definitions/index.html", definitions=shown, all=found, asked=words)


@blueprint.get("/<key>")
@security.requires(*supervision.WATCHERS)
def show(key: str) -> str:
    g.place = "definitions"
    counts = _counts(key)
    return render_template(
        "definitions/show.html",
        counts=counts,
        key=key,
        chosen=request.args.get("version", type=int),
        can_move=security.viewer().has(supervision.OPERATOR),
    )


def _counts(key: str) -> Counts:
    version = request.args.get("version", type=int)
    return db.read_only(definition_counts.counts, security.viewer(), key, version)


@blueprint.get("/<key>/counts.json")
@security.requires(*supervision.WATCHERS)
def figures(key: str) -> Response:
    """What the diagram draws (templates/_diagram.html)."""
    return jsonify(
        nodes={
            line.node.id: {
                "active": line.count.active,
                "overdue": line.count.overdue,
                "hours": line.duration.seconds / _HOUR if line.duration else None,
                "done": line.duration.done if line.duration else 0,
            }
            for line in _counts(key).lines
            if line.count.active or line.duration
        }
    )


@blueprint.get("/<key>/v<int:version>.bpmn")
@security.requires(*_READERS)
def diagram(key: str, version: int) -> Response:
    text = db.read_only(definition_counts.diagram, security.viewer(), key, version)
    response = make_response(text)
    response.mimetype = "application/xml"
    # A deployed version never changes; signing out must take it away all the same.
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
