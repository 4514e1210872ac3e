"""The form editor: the list of fields with a live preview; every change is a draft at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from engine import db
from engine.casefile.design import design_drafts, form_editing
from engine.casefile.design.form_editing import FieldRefused, FormUnreadable
from engine.casefile.people.users import User
from engine.errors import EngineError
from engine.process import forms
from engine.process.forms import Choice, Field, Form, cleaning
from webui import design_frame, security

blueprint = Blueprint("design_forms", __name__, url_prefix="/designs")


@blueprint.get("/<path:subject>/form")
@security.requires("designer")
def show(subject: str) -> str:
    design_frame.place()
    return _page(subject, "designs/form.html")


def _page(subject: str, template: str, **more: Any) -> str:
    file = request.values.get("file", "")
    page = db.read_only(design_frame.opened, security.viewer(), subject, file)
    text = page.file.text
    try:
        rows = form_editing.rows(text)
    except FormUnreadable as unreadable:
        return render_template(
            template, page=page, rows=[], unreadable=str(unreadable), preview=None, **_words()
        )
    return render_template(
        template, page=page, rows=rows, unreadable="", preview=_preview(text), **_words(), **more
    )


def _words() -> dict[str, Any]:
    return {"KINDS": form_editing.KINDS, "OTHERS": form_editing.OTHERS}


# ---------------------------------------------------------------- one field


@blueprint.get("/<path:subject>/form/field")
@security.requires("designer")
def edit_field(subject: str) -> str:
    """The dialog of a field; without ``path`` of a new one."""
    file, path = request.args.get("file", ""), request.args.get("path", "")
    page = db.read_only(design_frame.opened, security.viewer(), subject, file)
    typed = form_editing.typed(page.file.text, path) if path else {"kind": "textfield"}
    return _dialog(subject, file, path, typed, page.file.version)


def _dialog(
    subject: str,
    file: str,
    path: str,
    typed: dict[str, str],
    seen: int,
    problems: dict[str, str] | None = None,
    told: str = "",
) -> str:
    return render_template(
        "designs/_field.html",
        subject=subject,
        file=file,
        path=path,
        typed=typed,
        seen=seen,
        problems=problems or {},
        told=told,
        CHOOSING=form_editing.CHOOSING,
        SHOWN_ONLY=form_editing.SHOWN_ONLY,
        **_words(),
    )


@blueprint.post("/<path:subject>/form/field")
@security.requires("designer")
def save_field(subject: str) -> Response | str:
    """The list with the changed field, or the dialog again with what is wrong."""
    file, path = request.values.get("file", ""), request.values.get("path", "")
    typed = request.form.to_dict()
    if "refresh" in typed:  # another kind of field was chosen: it has other settings
        seen = request.form.get("seen", type=int) or 0
        return _dialog(subject, file, path, typed, seen)

    def change(text: str) -> str:
        if path:
            return form_editing.change(text, path, typed)
        return form_editing.add(text, typed)

    try:
        _apply(subject, file, change)
    except FieldRefused as refused:
        return _again(subject, file, path, typed, 422, refused.problems)
    except EngineError as refused:
        changed = isinstance(refused, design_drafts.DraftChanged)
        return _again(subject, file, path, typed, 409 if changed else 422, {}, str(refused))
    return _page(subject, "designs/_form_editor.html")


def _again(
    subject: str,
    file: str,
    path: str,
    typed: dict[str, str],
    status: int,
    problems: dict[str, str],
    told: str = "",
) -> Response:
    page = db.read_only(design_frame.opened, security.viewer(), subject, file)
    dialog = _dialog(subject, file, path, typed, page.file.version, problems, told)
    answer = make_response(dialog, status)
    answer.headers["HX-Retarget"] = "#dialog-body"
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer


@blueprint.post("/<path:subject>/form/move")
@security.requires("designer")
def move(subject: str) -> str:
    path, step = request.values.get("path", ""), request.values.get("step", type=int) or 1
    _apply(subject, request.values.get("file", ""), lambda t: form_editing.move(t, path, step))
    return _page(subject, "designs/_form_editor.html")


@blueprint.post("/<path:subject>/form/remove")
@security.requires("designer")
def remove(subject: str) -> str:
    path = request.values.get("path", "")
    _apply(subject, request.values.get("file", ""), lambda t: form_editing.remove(t, path))
    return _page(subject, "designs/_form_editor.html")


def _apply(subject: str, file: str, change: Callable[[str], str]) -> None:
    seen = request.values.get("seen", type=int) or 0
    db.in_transaction(_store, security.viewer(), subject, file, change, seen)


def _store(
    session: db.Session,
    viewer: User,
    subject: str,
    file: str,
    change: Callable[[str], str],
    seen: int,
) -> None:
    held = design_frame.opened(session, viewer, subject, file).file
    design_drafts.save(session, viewer, subject, file, change(held.text), seen=seen)
    design_frame.checked(session, viewer, subject)


# ---------------------------------------------------------------- preview


@dataclass(frozen=True)
class _Task:
    """What the fields ask of the task that they belong to."""

    id: UUID


#: There is none.
_NO_TASK = _Task(UUID(int=0))
_NO_FORM = Form("", ())


@dataclass(frozen=True)
class Preview:
    """The form as the page of a task shows it (templates/tasks/_fields.html)."""

    #: Why it cannot be shown.
    faults: list[str] = field(default_factory=list)
    form: Form = _NO_FORM
    typed: Mapping[str, Any] = field(default_factory=dict)
    visible: frozenset[str] = frozenset()
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    #: It was submitted, and nothing was wrong.
    passed: bool = False
    is_mine: bool = True
    task: _Task = _NO_TASK


def _preview(text: str, *, judged: bool = False) -> Preview:
    """With what was typed into it; ``judged``: as if it were submitted."""
    try:
        form = forms.read(text)
    except forms.FormRefused as refused:
        return Preview([f"{f.reason}，{f.way_out}" for f in refused.faults])
    typed = {one.key: _typed(one) for one in form.fields}
    cleaned = forms.clean(form, typed)
    seen = cleaned.values
    return Preview(
        form=form,
        typed=typed,
        visible=frozenset(one.key for one in forms.visible(form, seen)),
        choices={one.key: cleaning.choices(one, seen) for one in form.fields},
        errors=cleaned.errors if judged else {},
        passed=judged and not cleaned.errors,
    )


def _typed(one: Field) -> Any:
    """As it was sent; before anything was, as the form begins."""
    if one.kind == "checklist":
        return request.form.getlist(one.key)
    sent = request.form.get(one.key)
    if one.kind == "checkbox":
        return sent is not None
    begins = "" if one.default is None or request.form else str(one.default)
    return begins if sent is None else sent


@blueprint.post("/<path:subject>/form/preview")
@security.requires("designer")
def preview(subject: str) -> str:
    file = request.args.get("file", "")
    page = db.read_only(design_frame.opened, security.viewer(), subject, file)
    shown = _preview(page.file.text, judged="_submit" in request.form)
    return render_template("designs/_form_preview.html", page=page, preview=shown)
