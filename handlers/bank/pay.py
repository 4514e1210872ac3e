"""The court's account at the bank: what arrived on a case's sub-account, and payments out of it."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import db
from engine.casefile.asset import fund_receipts
from engine.casefile.document import document_data
from engine.casefile.people import courts
from engine.process import operations
from engine.process.operations import Context, Parameter, Wait
from handlers.assets import case_of
from handlers.bank import exchange


def _account(session: db.Session, context: Context) -> str:
    case = case_of(session, context)
    return document_data.account_number(courts.get(session, case.court_id), case)


def _read_statement(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    return {"account": _account(session, context)}


def _note_arrivals(session: db.Session, context: Context, result: Mapping[str, Any]) -> None:
    """Each entry of the statement once; what is known stays as it was decided."""
    case = case_of(session, context)
    for entry in result["流水"]:
        fund_receipts.note(
            session,
            case.court_id,
            case.id,
            reference=str(entry["流水号"]),
            amount=Decimal(str(entry["金额"])),
            arrived_on=date.fromisoformat(str(entry["日期"])),
            payer=str(entry["付款人"]),
            purpose=str(entry["摘要"]),
        )


@operations.outside(
    "bank.statement",
    title="查询案款账户流水",
    params=[],
    results=["流水"],
    read=_read_statement,
    record=_note_arrivals,
    timeout=timedelta(seconds=60),
)
def statement(inputs: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """``流水``: 流水号, 金额, 日期, 付款人, 摘要 of what came in. Asked anew each time."""
    found: Mapping[str, Any] = exchange.typed(exchange.ask("/statement", inputs, key))
    return found


def _read_payment(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    payment = params["付款"]
    return {
        "court_id": str(context.court_id),
        "case_no": case_of(session, context).case_no,
        "from": _account(session, context),
        "to": payment["收款账号"],
        "payee": payment["收款人"],
        "institution": payment["收款开户行"],
        "amount": str(payment["金额"]),
        "purpose": payment["用途"],
    }


@operations.outside(
    "bank.pay",
    title="从案款账户付款",
    params=[Parameter("付款", "收款人、收款账号、收款开户行、金额、用途", "context")],
    results=["回执"],
    read=_read_payment,
    timeout=timedelta(seconds=60),
)
def pay(inputs: Mapping[str, Any], key: str) -> Wait:
    """``回执``: 编号, 付款金额, 日期. INSUFFICIENT_FUNDS if the account does not hold it."""
    content = {name: value for name, value in inputs.items() if name != "court_id"}
    return exchange.ask_and_wait("/transfer", content, UUID(str(inputs["court_id"])), key)
