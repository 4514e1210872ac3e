"""我的待办: what waits for the viewer, soonest due first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from engine import clock, db
from engine.casefile import rulebook
from engine.casefile.approval import beside_desk, opinions
from engine.casefile.approval.beside_desk import Request
from engine.casefile.case import cases, desk
from engine.casefile.case.cases import Case
from engine.casefile.case.desk import Todo
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people.users import User
from engine.casefile.rules import stages
from engine.casefile.rules.deployed import Rules
from engine.casefile.rules.stages import Remaining
from webui import keyset, navigation, security, task_pages

blueprint = Blueprint("todo", __name__)
SIZE = 50

#: Screen of a task -> its tab; "" is a form.
KINDS: Mapping[str, str] = {
    "transfer": "流转",
    "document": "文书",
    "approval": "审批",
    "field_task": "外勤",
    "": "登记",
}
#: Its name in the address, where "" cannot stand.
_FORM = "form"
#: What others ask beside the viewer's tasks -> its tab.
BESIDE: Mapping[str, str] = {"opinion": "征求意见", "extension": "延期申请", "circulation": "传阅"}


def _count(session: db.Session, viewer: User) -> int:
    return desk.count(session, viewer) + beside_desk.count(session, viewer)


NAV = [navigation.Entry("tasks", "todo.mine", count=_count)]


@dataclass(frozen=True)
class Shown:
    todos: list[Todo]
    #: On the first page alone.
    requests: list[Request]
    counts: Mapping[str, int]
    #: Tasks of the page that wait for opinions.
    awaited: set[UUID]
    cases: Mapping[UUID, Case]
    parties: Mapping[UUID, list[Party]]
    rules: Rules


@blueprint.get("/todo")
@security.requires()
def mine() -> str:
    viewer = security.viewer()
    after = keyset.unpack(request.args.get("after", ""), keyset.MOMENT, keyset.ID)
    kind = request.args.get("kind", "")
    screen = "" if kind == _FORM else kind if kind in KINDS or kind in BESIDE else ""
    chosen = screen if kind == _FORM or screen else None
    shown = db.read_only(_read, viewer, chosen, after)
    page = shown.todos[:SIZE]
    return render_template(
        "todo/mine.html",
        todos=page,
        requests=shown.requests,
        request_due=partial(_request_due, shown),
        request_url=_request_url,
        awaited=shown.awaited,
        BESIDE=BESIDE,
        due_of=partial(_due, shown),
        parties=shown.parties,
        counts=shown.counts,
        total=sum(shown.counts.values()),
        KINDS=KINDS,
        FORM=_FORM,
        chosen=chosen,
        url_of=_url,
        next_page=keyset.pack(page[-1].position) if len(shown.todos) > SIZE else "",
        is_first=after is None,
        updated_at=clock.now(),
    )


def _read(
    session: db.Session, viewer: User, screen: str | None, after: tuple[object, ...] | None
) -> Shown:
    todos = []
    if screen not in BESIDE:
        todos = desk.todos(session, viewer, screen=screen, after=after, limit=SIZE)
    requests = []
    if after is None and (screen is None or screen in BESIDE):
        requests = beside_desk.requests(session, viewer)
        requests = [one for one in requests if screen in (None, one.kind)]
    ids = {todo.case_id for todo in todos} | {one.case_id for one in requests}
    return Shown(
        todos=todos,
        requests=requests,
        counts=desk.counts(session, viewer) | beside_desk.counts(session, viewer),
        awaited=opinions.awaited(session, viewer.court_id, [todo.task_id for todo in todos]),
        cases=cases.many(session, ids),
        parties=parties.of_cases(session, ids),
        rules=rulebook.of_court(session, viewer.court_id),
    )


def _due(shown: Shown, todo: Todo) -> Remaining | None:
    """Of 流转 the stage's own, which may be paused; else the task's."""
    if todo.screen == "transfer":
        return rulebook.remaining_by(shown.rules, shown.cases[todo.case_id])
    if todo.due_on is None:
        return None
    if todo.is_late and todo.due_on == clock.today():
        return Remaining("overdue", "今日已超时")
    return stages.remaining(shown.rules, todo.due_on, clock.today())


def _request_due(shown: Shown, one: Request) -> Remaining | None:
    if one.due_on is None:
        return None
    return stages.remaining(shown.rules, one.due_on, clock.today())


def _request_url(one: Request) -> str:
    if one.kind == "opinion":
        return url_for("opinions.show", opinion_id=one.id)
    if one.kind == "extension":
        return url_for("level_extensions.show", extension_id=one.id)
    return url_for("circulations.show", circulation_id=one.id)


def _url(todo: Todo) -> str:
    return task_pages.url_of(
        todo.task_id, todo.screen, case_id=todo.case_id, matter=todo.matter_key
    )
