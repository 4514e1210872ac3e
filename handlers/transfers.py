"""Where a case goes after 提交."""

from collections.abc import Mapping
from typing import Any

from engine import db
from engine.casefile.stage import transfers
from engine.process import operations
from engine.process.operations import Context


@operations.inside("transfers.decide", title="判定去向")
def decide(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The route table of the present stage on the facts of the case, as the preview; or back to the sender."""
    if context.case_id is None:
        raise operations.PermanentError("这个流程没有关联案件")
    return transfers.decide(session, context.case_id, refused=params.get("处理") == "退回")
