"""The page 事项交办: what it offers, giving an errand out as the judge filled it in, and 撤回."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from engine import clock, db
from engine.casefile.asset import assets
from engine.casefile.case import cases
from engine.casefile.errand import field_tasks
from engine.casefile.errand.field_tasks import (
    FIELD_TASK,
    KINDS,
    LONGEST,
    Errand,
    ErrandDone,
    FieldTask,
)
from engine.casefile.matter import matters
from engine.casefile.party import parties
from engine.casefile.people import access, notices
from engine.casefile.people.users import User
from engine.errors import EngineError


class ErrandIncomplete(EngineError):
    """交办内容还不完整"""

    code = "errand_incomplete"

    def __init__(self, problems: "dict[str, str]") -> None:
        super().__init__("；".join(problems.values()))
        #: Field -> what must be done about it.
        self.problems = problems


class WithdrawalRefused(EngineError):
    """不能撤回"""

    code = "withdrawal_refused"


@dataclass(frozen=True)
class Choices:
    """What the page offers."""

    #: (key, name) of the matters that run.
    matters: Sequence[tuple[str, str]]
    officers: Sequence[User]
    #: Names of parties and of property records, for the field 对象.
    targets: Sequence[str]
    errands: Sequence[FieldTask]


def choices(session: db.Session, viewer: User, case_id: UUID) -> Choices:
    case = access.case(session, viewer, case_id)
    access.must_work(viewer, case)
    running = {m.type_key for m in matters.of_case(session, case_id) if m.state == "open"}
    people = [p.name for p in parties.of_case(session, case_id)]
    return Choices(
        matters=[
            (t.key, t.name) for t in matters.types(session, case.court_id) if t.key in running
        ],
        officers=field_tasks.officers(session, case.court_id),
        targets=people + [asset.name for asset in assets.of_case(session, case_id)],
        errands=field_tasks.of_case(session, case_id),
    )


def assign(session: db.Session, viewer: User, case_id: UUID, errand: Errand) -> UUID:
    """Gives the errand out; ``ErrandIncomplete`` names every field that must be mended."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    matter = matters.open_of_type(session, case_id, errand.matter_key)
    problems = _problems(session, viewer, errand)
    if matter is None:
        problems["matter"] = "该事项还没有发起或者已经办结，请先发起事项"
    if problems or matter is None or errand.due_on is None:
        raise ErrandIncomplete(problems)
    id_ = field_tasks.give_out(session, case, matter.id, errand, errand.due_on, by=viewer.id)
    task = field_tasks.get(session, case_id, id_)
    field_tasks.note(session, viewer, task, "field_task_assigned", place=task.place)
    _tell_officer(session, task, "已交办给您")
    return id_


def _problems(session: db.Session, viewer: User, errand: Errand) -> dict[str, str]:
    problems = {}
    if errand.kind not in KINDS:
        problems["kind"] = "请选择交办事项"
    if not errand.place.strip():
        problems["place"] = "请填写地点"
    if not errand.target.strip():
        problems["target"] = "请填写对象"
    if errand.due_on is None:
        problems["due_on"] = "请填写办结期限，例如 2026-11-26"
    elif errand.due_on < clock.today():
        problems["due_on"] = "办结期限不能早于今天"
    for name in ("place", "target", "request"):
        if len(getattr(errand, name)) > LONGEST:
            problems[name] = f"不能超过{LONGEST}字，请精简后再交办"
    known = {user.id for user in field_tasks.officers(session, viewer.court_id)}
    if errand.assignee_id is not None and errand.assignee_id not in known:
        problems["assignee"] = "所选人员不是外勤人员，请重新选择"
    return problems


def withdraw(session: db.Session, viewer: User, case_id: UUID, task_id: UUID, reason: str) -> None:
    """撤回; what the officer has recorded stays. Not when the matter's process waits for the result."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    task = field_tasks.get(session, case_id, task_id)
    if task.state == "withdrawn":
        return
    if not task.is_open:
        raise ErrandDone
    if task.awaited:
        raise WithdrawalRefused("事项流程正在等待该外勤事项的结果")
    if not reason.strip() or len(reason) > LONGEST:
        raise WithdrawalRefused(f"请填写撤回原因，不超过{LONGEST}字")
    values = {"withdrawn_by": viewer.id, "withdrawal_reason": reason.strip()}
    session.execute(
        update(FIELD_TASK)
        .where(FIELD_TASK.c.id == task_id)
        .values(state="withdrawn", withdrawn_at=clock.now(), **values)
    )
    field_tasks.note(session, viewer, task, "field_task_withdrawn", reason=reason.strip())
    _tell_officer(session, task, "已撤回，不用再办理")


def _tell_officer(session: db.Session, task: FieldTask, what: str) -> None:
    """Whom it was given to by name. Not as news of a case, which officers cannot open."""
    if task.assignee_id is None or access.is_recused(session, task.case_id, task.assignee_id):
        return
    words = notices.line(task.case_no, task.place, f"{task.word}{what}")
    court_id = cases.get(session, task.case_id).court_id
    link = f"/field/{task.id}"
    notices.tell(session, court_id, [task.assignee_id], "field_task", words, link=link)
