"""网络查控: one request for each debtor to the query gateway, its answer becomes property records."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile.asset import assets, property_queries
from engine.casefile.asset.property_queries import PropertyQuery
from engine.casefile.party import parties
from engine.process import operations
from engine.process.operations import Context, Parameter, PermanentError, Wait
from handlers.assets import case_of
from handlers.bank import exchange
from handlers.bank.freeze import content, signed_documents

_ITEM = Parameter("查询项", "查询清单中的一项", "context")


@operations.inside(
    "queries.begin",
    title="登记查询请求",
    params=[
        Parameter("事项", "事项编号", "text"),
        Parameter("当事人", "被查询的被执行人编号；不填为全部被执行人", "list", required=False),
    ],
    results=["查询清单"],
)
def begin(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """One row for each debtor; only debtors of the case may be queried (财产调查规定第十三条)."""
    case = case_of(session, context)
    debtors = parties.of_case(session, case.id, "debtor")
    wanted = {str(id_) for id_ in params.get("当事人") or [d.id for d in debtors]}
    if wanted - {str(d.id) for d in debtors}:
        raise PermanentError("只能查询本案被执行人的财产")
    matter_id = UUID(str(params["事项"]))
    listed = []
    for debtor in debtors:
        if str(debtor.id) in wanted:
            query_id = property_queries.ask(
                session, case.court_id, case.id, party_id=debtor.id, matter_id=matter_id
            )
            person = {"名称": debtor.name, "证件号码": debtor.id_number}
            listed.append({"查询": str(query_id), "被执行人": str(debtor.id), **person})
    return {"查询清单": listed}


def _read(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    item = params["查询项"]
    attached = signed_documents(session, UUID(str(params["事项"])), list(params["文书代码"]), "")
    return {
        "court_id": str(context.court_id),
        "case_no": case_of(session, context).case_no,
        "id_number": item["证件号码"],
        "name": item["名称"],
        "documents": [{"name": d.name, "blob": d.blob} for d in attached],
    }


@operations.outside(
    "bank.query",
    title="向查控网关发送查询",
    params=[
        Parameter("事项", "事项编号", "text"),
        _ITEM,
        Parameter("文书代码", "随附的已签章文书", "list"),
    ],
    results=["回执"],
    read=_read,
    timeout=timedelta(seconds=60),
)
def query(inputs: Mapping[str, Any], key: str) -> Wait:
    """``回执``: 编号, 账户 (开户行, 账号, 户名, 账户类型, 余额, 可用余额 each), 日期."""
    return exchange.ask_and_wait("/query", content(inputs), UUID(str(inputs["court_id"])), key)


@operations.inside(
    "queries.record",
    title="查询结果转为财产记录",
    params=[_ITEM, Parameter("回执", "查控网关的回执", "context")],
    results=(),
)
def record(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """An account that is on record gets its new balance; the others are added."""
    case, item, receipt = case_of(session, context), params["查询项"], params["回执"]
    owner_id = UUID(str(item["被执行人"]))
    known = {(a.owner_id, a.number): a for a in assets.of_case(session, case.id) if a.number}
    for account in receipt["账户"]:
        available = Decimal(str(account["可用余额"]))
        asset = known.get((owner_id, str(account["账号"])))
        if asset is not None:
            assets.change_value(session, asset.id, available)
            continue
        assets.add(
            session,
            case.court_id,
            case.id,
            owner_id=owner_id,
            kind="deposit",
            name=f"{account['开户行']}{account['账户类型']}（尾号{str(account['账号'])[-4:]}）",
            value=available,
            disposition="deduct",
            created_by=None,
            institution=str(account["开户行"]),
            number=str(account["账号"]),
        )
    found, reference = len(receipt["账户"]), str(receipt["编号"])
    property_queries.answer(session, UUID(str(item["查询"])), found=found, reference=reference)
    return {}


@operations.inside(
    "queries.override",
    title="登记不再等待反馈",
    params=[_ITEM, Parameter("理由", "不再等待反馈的理由", "text")],
    results=(),
)
def override(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    property_queries.override(
        session, UUID(str(params["查询项"]["查询"])), str(params["理由"]).strip()
    )
    return {}


@operations.inside(
    "queries.summarise",
    title="汇总查询结果",
    params=[Parameter("事项", "事项编号", "text")],
    results=["查询结果", "存款清单"],
)
def summarise(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What this matter asked and what is on record of the debtors' deposits, for the summary D051."""
    case, matter_id = case_of(session, context), UUID(str(params["事项"]))
    names = {p.id: p.name for p in parties.of_case(session, case.id)}
    asked = [q for q in property_queries.of_case(session, case.id) if q.matter_id == matter_id]
    deposits = [a for a in assets.of_case(session, case.id) if a.kind == "deposit"]
    return {
        "查询结果": [_line(names[q.party_id], q) for q in asked],
        "存款清单": [
            {
                "户名": names.get(a.owner_id, "") if a.owner_id else "",
                "开户行": a.institution,
                "账号": a.number,
                "名称": a.name,
                "价值": a.value,
            }
            for a in deposits
        ],
    }


def _line(name: str, one: PropertyQuery) -> dict[str, Any]:
    answered = one.state == "answered"
    return {
        "名称": name,
        "查询日期": one.asked_at,
        "反馈": f"发现存款账户{one.found}个" if answered else f"未反馈：{one.reason}",
        "编号": one.reference or "—",
    }
