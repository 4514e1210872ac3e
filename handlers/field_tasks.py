"""事项交办 by a diagram: the field officers get an errand, the process waits for its result."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile.errand import field_tasks
from engine.casefile.errand.field_tasks import Errand
from engine.process import operations
from engine.process.operations import Context, Parameter, PermanentError
from handlers.assets import case_of

_DAYS = 7


@operations.inside(
    "field_tasks.assign",
    title="交办外勤",
    params=[
        Parameter("事项", "事项编号", "text"),
        Parameter(
            "类别", "investigate、post_notice、deliver、seize、compel、search、escort", "text"
        ),
        Parameter("地点", "地点", "text"),
        Parameter("对象", "人员或者财产", "text"),
        Parameter("要求", "到现场办什么", "text"),
        Parameter("办结期限", "日期；不填为七日内", required=False),
    ],
    results=(),
)
def assign(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """For whichever officer takes it first; ``field_task_done`` brings 外勤结果, 外勤人员, 外勤日期."""
    case = case_of(session, context)
    if case.handler_id is None:
        raise PermanentError("本案没有承办人，不能交办外勤")
    kind, due_on = str(params["类别"]), params.get("办结期限")
    if kind not in field_tasks.KINDS:
        raise PermanentError(f"没有“{kind}”这类外勤事项")
    errand = Errand(
        context.key, kind, str(params["地点"]), str(params["对象"]), str(params["要求"]), None
    )
    day = due_on if isinstance(due_on, date) else clock.today() + timedelta(days=_DAYS)
    matter_id = UUID(str(params["事项"]))
    field_tasks.give_out(session, case, matter_id, errand, day, by=case.handler_id, awaited=True)
    return {}
