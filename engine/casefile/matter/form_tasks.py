"""User tasks with a form: what their page shows, and taking in what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import db
from engine.casefile.case import case_heads, desk
from engine.casefile.case.case_heads import Head
from engine.casefile.delivery.deliveries import DELIVERY, Delivery
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.matter import facts
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError, InstanceClosed, NotFound, TaskClosed
from engine.process import definitions, forms, instances, tasks
from engine.process.forms import Choice, Cleaned, Field, Form, cleaning
from engine.process.forms.reading import CHOOSING
from engine.process.tasks import Task


class FormInvalid(EngineError):
    """还不能提交，请按提示补充"""

    code = "form_invalid"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class Page:
    task: Task
    head: Head
    #: Without fields the task only has to be confirmed.
    form: Form
    #: Field -> what stands in it, as a browser would send it.
    typed: Mapping[str, Any]
    #: Fields that are seen with these values.
    visible: frozenset[str]
    #: Field -> what can be chosen.
    choices: Mapping[str, tuple[Choice, ...]]
    #: The delivery that the task belongs to, and the name of its document.
    delivery: Delivery | None
    document: str
    #: The task is open and stands in the viewer's list.
    is_mine: bool


def page(
    session: db.Session, viewer: User, task_id: UUID, typed: Mapping[str, Any] | None = None
) -> Page:
    """Of a task whose case the viewer may open, also a closed one; else ``NotFound``.

    ``typed``: what was filled in just now; otherwise the draft.
    """
    task, head = _seen(session, viewer, task_id)
    form, context = form_of(session, task), _context(session, task)
    given = (task.draft or {}) if typed is None else typed
    texts = {field.key: _text(field, given) for field in form.fields}
    seen = context | forms.clean(form, texts, context).values
    delivery, document = _delivery(session, task)
    return Page(
        task=task,
        head=head,
        form=form,
        typed=texts,
        visible=frozenset(field.key for field in forms.visible(form, seen)),
        choices={f.key: cleaning.choices(f, seen) for f in form.fields if f.kind in CHOOSING},
        delivery=delivery,
        document=document,
        is_mine=desk.is_mine(session, viewer, task_id),
    )


def _text(field: Field, given: Mapping[str, Any]) -> Any:
    value = given.get(field.key, field.default)
    if field.kind == "checklist":
        return [str(one) for one in value] if isinstance(value, list) else [value] if value else []
    if field.kind == "checkbox":
        return value in (True, "on", "true", "1")
    return "" if value is None else str(value)


def submit(session: db.Session, viewer: User, task_id: UUID, submitted: Mapping[str, Any]) -> Task:
    """提交: moves the process; ``FormInvalid``, or ``TaskClosed``, ``TaskTaken`` when somebody was first."""
    task = _mine(session, viewer, task_id)
    cleaned = clean(session, task, submitted)
    if cleaned.errors:
        raise FormInvalid(cleaned.errors)
    tasks.complete(session, task_id, cleaned.values, actor=viewer.actor)
    return task


def save(session: db.Session, viewer: User, task_id: UUID, typed: Mapping[str, Any]) -> None:
    """暂存: keeps what was typed as it is; only declared fields."""
    task = _mine(session, viewer, task_id)
    keys = {field.key for field in form_of(session, task).fields}
    kept = {key: value for key, value in typed.items() if key in keys}
    tasks.save_draft(session, task_id, kept, actor=viewer.actor)


def claim(session: db.Session, viewer: User, task_id: UUID) -> None:
    """认领: from now on the task is for the viewer alone."""
    _mine(session, viewer, task_id)
    tasks.claim(session, task_id, actor=viewer.actor)


def release(session: db.Session, viewer: User, task_id: UUID) -> None:
    """退回待认领: for anybody of the role again."""
    _mine(session, viewer, task_id)
    tasks.release(session, task_id, actor=viewer.actor)


def clean(session: db.Session, task: Task, submitted: Mapping[str, Any]) -> Cleaned:
    return forms.clean(form_of(session, task), submitted, _context(session, task))


def form_of(session: db.Session, task: Task) -> Form:
    """As it stands in the version that the task's process runs by."""
    if task.form is None:
        return Form(task.element, ())
    return forms.read(definitions.files(session, task.definition_id)[task.form])


def _seen(session: db.Session, viewer: User, task_id: UUID) -> tuple[Task, Head]:
    task = tasks.get(session, task_id)
    if task.case_id is None or task.court_id != viewer.court_id:
        raise NotFound(str(task_id))
    return task, case_heads.head(session, viewer, task.case_id)


def _mine(session: db.Session, viewer: User, task_id: UUID) -> Task:
    """The task if the viewer may act; what has been closed meanwhile is left to ``tasks`` to explain."""
    task, _ = _seen(session, viewer, task_id)
    if task.state == "open" and not desk.is_mine(session, viewer, task_id):
        raise access.Forbidden(f"“{task.name}”由{task.role or '承办人'}办理")
    return task


def _context(session: db.Session, task: Task) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if task.state == "open":
        try:
            known = instances.data(session, task.instance_id)
        except (InstanceClosed, TaskClosed):
            known = {}
    if task.case_id is not None:
        known["案件"] = facts.of_case(session, task.case_id)
    return known | dict(task.local)


def _delivery(session: db.Session, task: Task) -> tuple[Delivery | None, str]:
    row = session.execute(
        select(*[DELIVERY.c[name] for name in Delivery.__dataclass_fields__], DOCUMENT.c.name)
        .join(DOCUMENT, DOCUMENT.c.id == DELIVERY.c.document_id)
        .where(
            DELIVERY.c.court_id == task.court_id,
            DELIVERY.c.case_id == task.case_id,
            DELIVERY.c.instance_id == task.instance_id,
        )
    ).mappings()
    found = row.one_or_none()
    if found is None:
        return None, ""
    values = dict(found)
    document = values.pop("name")
    return Delivery(**values), document
