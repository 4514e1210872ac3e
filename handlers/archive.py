"""卷宗整理: what the dossier still lacks, and its catalogue for the archives."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile.document import catalogue, documents, dossier
from engine.process import operations
from engine.process.operations import Context, Parameter
from handlers.assets import case_of


@operations.inside(
    "archive.check",
    title="核对卷宗目录",
    params=[
        Parameter("事项", "事项编号；它自己的文书不核对", "text"),
        Parameter("必备目录", "正卷必须有材料的目录号", "list"),
    ],
    results=["缺项", "卷宗目录"],
)
def check(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """``缺项``: sentences, [] if nothing is missing; ``卷宗目录``: every item in its order."""
    case = case_of(session, context)
    items = dossier.of_case(session, case.id)
    filled = {item.item for item in items if item.volume == "main"}
    missing = [
        f"缺少第{number}项：{catalogue.MAIN[int(number)]}"
        for number in params["必备目录"]
        if int(number) not in filled
    ]
    own = UUID(str(params["事项"]))
    missing += [
        f"《{d.name}》没有签章，请签章或者作废"
        for d in documents.of_case(session, case.id)
        if d.matter_id != own and d.state not in ("signed", "rejected")
    ]
    return {
        "缺项": missing,
        "卷宗目录": [
            {
                "卷别": catalogue.VOLUMES[item.volume],
                "目录号": item.item,
                "名称": item.title,
                "页数": item.pages,
            }
            for item in items
        ],
    }
