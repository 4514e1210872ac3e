"""Opening a case to whoever holds an office, when its process needs him."""

from collections.abc import Mapping
from typing import Any

from engine import db
from engine.casefile.people import access, users
from engine.process import operations
from engine.process.operations import Context, Parameter
from handlers.assets import case_of


@operations.inside(
    "access.open_to_role",
    title="由岗位人员查看本案",
    params=[Parameter("岗位", "岗位编码，如 fund_controller", "text")],
    results=(),
)
def open_to_role(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Everybody of the role may read the case from now on; whoever was recused stays cut off."""
    case, role = case_of(session, context), str(params["岗位"])
    for user in users.with_role(session, case.court_id, role):
        access.involve(session, case, user.id, f"matter:{context.key}")
    return {}
