"""The decision table editor, and deciding a table for typed values."""

from flask import Blueprint, render_template, request

from engine import db
from engine.casefile.design import table_trials
from engine.casefile.design.table_trials import TrialRefused
from webui import design_frame, security

blueprint = Blueprint("design_tables", __name__, url_prefix="/designs")


@blueprint.get("/<path:subject>/table")
@security.styled_inline
@security.requires("designer")
def show(subject: str) -> str:
    design_frame.place()
    file = request.args.get("file", "")
    page = db.read_only(design_frame.opened, security.viewer(), subject, file)
    return render_template("designs/table.html", page=page, theme=design_frame.EDITOR_THEME)


@blueprint.route("/<path:subject>/table/try", methods=["GET", "POST"])
@security.requires("designer")
def decide(subject: str) -> tuple[str, int] | str:
    """The dialog with the values that the table reads; when sent, with what it decided."""
    file = request.values.get("file", "")
    page = db.read_only(design_frame.opened, security.viewer(), subject, file)
    answer, refusal = None, ""
    try:
        decisions = table_trials.decisions(page.file.text)
        asked = table_trials.asked(page.file.text)
        if request.method == "POST":
            chosen = request.form.get("decision", "")
            answer = table_trials.decide(page.file.text, chosen, request.form)
    except TrialRefused as refused:
        decisions, asked, refusal = [], [], str(refused)
        if request.method == "POST":
            decisions = table_trials.decisions(page.file.text)
            asked = table_trials.asked(page.file.text)
    text = render_template(
        "designs/_trial.html",
        page=page,
        decisions=decisions,
        asked=asked,
        typed=request.form,
        answer=answer,
        refusal=refusal,
    )
    return (text, 422) if refusal else text
