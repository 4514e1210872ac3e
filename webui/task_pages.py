"""Which page opens a user task: one of the platform's screens, or the page of its form."""

from typing import Any
from uuid import UUID

from flask import current_app, url_for

#: Screen -> view and what it is told. A screen whose page is not there opens the task's own page.
_VIEWS = {
    "transfer": ("transfer.show", ("case_id",)),
    "document": ("matters.show", ("case_id", "matter")),
    "approval": ("approvals.show", ("task_id",)),
}


def url_of(task_id: UUID, screen: str, *, case_id: UUID, matter: str = "") -> str:
    known: dict[str, Any] = {"task_id": task_id, "case_id": case_id, "matter": matter or None}
    endpoint, names = _VIEWS.get(screen, ("", ()))
    if endpoint not in current_app.view_functions:
        return url_for("tasks.show", task_id=task_id)
    return url_for(endpoint, **{name: known[name] for name in names if known[name]})
