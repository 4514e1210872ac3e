"""冻结、解除冻结存款 at a bank, with the signed documents; the bank's receipt says what was frozen."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine import blobs, clock, db
from engine.casefile.delivery import deliveries
from engine.casefile.document import documents
from engine.casefile.matter import matters
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.process import operations
from engine.process.operations import Context, Parameter, PermanentError, Wait
from handlers import matter_news
from handlers.assets import case_of
from handlers.bank import exchange

_MATTER = Parameter("事项", "事项编号", "text")
_CODES = Parameter("文书代码", "随附的已签章文书", "list")


def signed_documents(
    session: db.Session, matter_id: UUID, codes: list[str], institution: str
) -> list[documents.Document]:
    """The matter's signed documents of these kinds; notices only those that name the institution."""
    case_id = matters.get(session, matter_id).case_id
    found = [
        d
        for d in documents.of_case(session, case_id, matter_id)
        if d.code in codes
        and d.state == "signed"
        and (d.recipients != ["AST"] or institution in str(documents.content(session, d)))
    ]
    missing = set(codes) - {d.code for d in found}
    if missing:
        raise PermanentError(f"缺少已签章的文书：{'、'.join(sorted(missing))}")
    return found


def _read(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    case, account = case_of(session, context), params["账户"]
    attached = signed_documents(
        session, UUID(str(params["事项"])), list(params["文书代码"]), str(account["开户行"])
    )
    return {
        "court_id": str(context.court_id),
        "case_no": case.case_no,
        "account": account["账号"],
        "institution": account["开户行"],
        "id_number": account["证件号码"],
        "name": account["户名"],
        "amount": str(account["金额"]),
        "freeze": account.get("编号") or "",
        "documents": [{"name": d.name, "blob": d.blob} for d in attached],
    }


def content(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the bank gets: the inputs, the documents as files."""
    court_id = UUID(str(inputs["court_id"]))
    attached = [
        {
            "name": one["name"],
            "sha256": one["blob"],
            "pdf": b64encode(blobs.get(court_id, str(one["blob"]))).decode(),
        }
        for one in inputs["documents"]
    ]
    return {**{k: v for k, v in inputs.items() if k != "court_id"}, "documents": attached}


@operations.outside(
    "bank.freeze",
    title="向银行发送冻结请求",
    params=[
        _MATTER,
        Parameter("账户", "控制清单中的一项：账号、开户行、户名、证件号码、金额", "context"),
        _CODES,
    ],
    results=["回执"],
    read=_read,
    timeout=timedelta(seconds=60),
)
def freeze(inputs: Mapping[str, Any], key: str) -> Wait:
    """``回执``: 编号, 冻结金额, 不足金额, 顺位, 日期. ACCOUNT_NOT_FOUND, INSUFFICIENT_FUNDS with 原因."""
    court_id = UUID(str(inputs["court_id"]))
    return exchange.ask_and_wait("/freeze", content(inputs), court_id, key)


@operations.outside(
    "bank.release",
    title="向银行发送解除冻结请求",
    params=[
        _MATTER,
        Parameter("账户", "解除清单中的一项，编号为冻结时的回执编号", "context"),
        _CODES,
    ],
    results=["回执"],
    read=_read,
    timeout=timedelta(seconds=60),
)
def release(inputs: Mapping[str, Any], key: str) -> Wait:
    """``回执``: 编号, 解冻金额, 日期. FREEZE_NOT_FOUND if the bank holds no such freeze."""
    court_id = UUID(str(inputs["court_id"]))
    return exchange.ask_and_wait("/release", content(inputs), court_id, key)


@operations.inside(
    "bank.note_service",
    title="登记文书已由银行接收",
    params=[
        _MATTER,
        Parameter("开户行", "协助单位名称", "text"),
        _CODES,
        Parameter("回执", "银行回执", "context"),
    ],
    results=(),
)
def note_service(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The bank becomes an assisting unit of the case, and the documents count as delivered to it."""
    case, matter_id, name = case_of(session, context), UUID(str(params["事项"])), params["开户行"]
    bank = _assisting_unit(session, case.court_id, case.id, str(name))
    for document in signed_documents(session, matter_id, list(params["文书代码"]), str(name)):
        reference = str((params.get("回执") or {}).get("编号", ""))
        deliveries.record_network(session, document, bank, reference=reference, on=clock.today())
    matter_news.delivered(session, context, matter_id)
    return {}


def _assisting_unit(session: db.Session, court_id: UUID, case_id: UUID, name: str) -> Party:
    known = parties.of_case(session, case_id, "assisting_unit")
    found = next((one for one in known if one.name == name), None)
    if found is not None:
        return found
    id_ = parties.add(
        session,
        court_id,
        case_id,
        role="assisting_unit",
        position=len(known) + 1,
        name=name,
        kind="legal",
    )
    return parties.get(session, id_)
