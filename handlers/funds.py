"""Case funds (案款): claiming what arrived, computing what is owed, planning and recording payments."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile import rulebook
from engine.casefile.asset import case_funds, debt_sheets, fund_receipts
from engine.casefile.rules import fee as fees
from engine.casefile.rules import interest, money
from engine.casefile.rules.faults import Refused
from engine.casefile.rules.interest import Account
from engine.process import operations, values
from engine.process.operations import BpmnError, Context, Parameter
from handlers.assets import case_of

_NAMES = {"interest": "一般债务利息", "doubled": "加倍部分债务利息"}


@operations.inside(
    "funds.claim",
    title="认领到账款",
    params=[
        Parameter("到账款", "认领的到账款编号", "list"),
        Parameter("不属于本案", "不属于本案的到账款编号", "list", required=False),
        Parameter("款项性质", "voluntary、deduction、auction_balance、income_instalment", "text"),
    ],
    results=["认领清单", "认领金额"],
)
def claim(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Each claimed receipt is an entry of the ledger on its day; one decided before is left alone."""
    case = case_of(session, context)
    known = {str(r.id) for r in fund_receipts.of_case(session, case.id)}
    claimed = []
    for id_ in params["到账款"]:
        receipt = (
            fund_receipts.decide(session, UUID(str(id_)), claimed=True) if id_ in known else None
        )
        if receipt is None:
            continue
        case_funds.enter(
            session,
            case.court_id,
            case.id,
            kind=str(params["款项性质"]),
            amount=receipt.amount,
            on=receipt.arrived_on,
            reference=receipt.reference,
        )
        claimed.append(receipt)
    for id_ in set(params.get("不属于本案") or []) - set(params["到账款"]):
        if id_ in known:
            fund_receipts.decide(session, UUID(str(id_)), claimed=False)
    return {
        "认领清单": [
            {"日期": r.arrived_on, "金额": r.amount, "付款人": r.payer, "流水号": r.reference}
            for r in claimed
        ],
        "认领金额": money.total(r.amount for r in claimed),
    }


@operations.inside(
    "funds.compute_debt",
    title="核算执行款",
    params=[
        Parameter("事项", "事项编号", "text"),
        Parameter("本金", "生效法律文书确定的金钱债务，元", "number"),
        Parameter("费用", "应由被执行人向申请执行人支付的诉讼费等，元", "number", required=False),
        Parameter("履行届满日", "生效法律文书确定的履行期间届满日", "date"),
        Parameter("年利率", "一般债务利息的年利率，百分比；没有的不填", "number", required=False),
        Parameter("起息日", "一般债务利息的起算日", "date", required=False),
    ],
    results=["核算编号", "核算", "核算明细"],
)
def compute_debt(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Until today, on the receipts in the ledger (迟延利息解释); CALCULATION_REFUSED with 原因."""
    case, until = case_of(session, context), clock.today()
    rules = rulebook.of_court(session, case.court_id)
    received = [(on, sum_) for on, _, sum_, _ in case_funds.of_case(session, case.id) if sum_ > 0]
    rate, since = params.get("年利率"), params.get("起息日")
    general = [interest.Rate(since, None, _sum(rate), by_year=True)] if rate and since else []
    debt = interest.Debt(
        principal=_sum(params["本金"]),
        costs=_sum(params.get("费用")),
        expiry=params["履行届满日"],
        until=until,
        general=general,
        payments=received,
    )
    try:
        account = interest.compute(rules, debt)
    except Refused as refused:
        raise BpmnError("CALCULATION_REFUSED", {"原因": str(refused)}) from refused
    owed = money.total([account.total, *account.paid.values()])
    fee = fees.of_amount(rules, money.total(account.paid.values()))
    summary = _summary(debt, account, owed, fee)
    segments = _segments(account)
    sheet_id = debt_sheets.add(
        session,
        case.court_id,
        case.id,
        matter_id=UUID(str(params["事项"])),
        until=until,
        due=owed,
        fee=fee,
        detail=values.to_json({"核算": summary, "明细": segments}),
    )
    return {"核算编号": str(sheet_id), "核算": summary, "核算明细": segments}


def _sum(given: object) -> Decimal:
    return Decimal(str(given)) if given is not None else Decimal(0)


def _summary(debt: interest.Debt, account: Account, owed: Decimal, fee: Decimal) -> dict[str, Any]:
    return {
        "本金": debt.principal,
        "费用": debt.costs,
        "届满日": debt.expiry,
        "截止日": debt.until,
        "利息合计": account.accrued("interest"),
        "加倍合计": account.accrued("doubled"),
        "应付合计": owed,
        "已收合计": money.total(amount for _, amount in debt.payments),
        "未付合计": account.total,
        "余款": account.surplus,
        "执行费": fee,
    }


def _segments(account: Account) -> list[dict[str, Any]]:
    return [
        {
            "项目": _NAMES[part.kind],
            "起": part.first,
            "止": part.last,
            "天数": part.days,
            "基数": part.base,
            "数额": part.amount,
        }
        for part in account.segments
    ]


@operations.inside(
    "funds.finish_sheet",
    title="确定核算表",
    params=[Parameter("核算编号", "核算编号", "text")],
    results=(),
)
def finish_sheet(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """From now on payments go by it."""
    debt_sheets.finish(session, UUID(str(params["核算编号"])))
    return {}


@operations.inside(
    "funds.plan_payment",
    title="确定发放金额",
    params=[
        Parameter("没有争议", "对款项没有争议", "boolean"),
        Parameter("收款人为申请执行人", "收款人是申请执行人本人", "boolean"),
        Parameter("发放金额", "元；不填为应付未付的数额", "number", required=False),
        Parameter("退还余款", "true：清偿后的余款退还被执行人", "boolean", required=False),
    ],
    results=["发放", "审批事实"],
)
def plan_payment(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """No more than is owed and than is on the account; the fee comes out of what is left then.

    NOTHING_TO_PAY: no final sheet, nothing owed or nothing there; DISPUTED_FUNDS: settle or deposit it first.
    """
    case = case_of(session, context)
    sheet = debt_sheets.newest_final(session, case.id)
    if sheet is None:
        raise BpmnError("NOTHING_TO_PAY", {"原因": "执行款核算表没有确定，请先办理案款核算"})
    if params["没有争议"] is not True:
        raise BpmnError("NOTHING_TO_PAY", {"原因": "款项有争议的，应当先处理争议或者提存争议部分"})
    entries, balance = case_funds.of_case(session, case.id), case_funds.balance(session, case.id)
    open_ = money.minus(sheet.due, case_funds.paid_out(session, case.id))
    fee = money.minus(sheet.fee, money.total(-s for _, kind, s, _ in entries if kind == "fee"))
    if params.get("退还余款") is True:
        # Debt and fee come first; what other courts have seized is the judge's to check (执行规定第三十四条).
        most, fee = money.minus(balance, max(open_, money.ZERO), max(fee, money.ZERO)), money.ZERO
    else:
        most = min(open_, balance)
    asked = params.get("发放金额")
    amount = min(most, _sum(asked)) if asked is not None else most
    if amount <= 0:
        raise BpmnError("NOTHING_TO_PAY", {"原因": "没有可以发放的案款"})
    fee = max(money.ZERO, min(fee, money.minus(balance, amount)))
    return {
        "发放": {
            "类别": "refund" if params.get("退还余款") is True else "pay_out",
            "金额": amount,
            "执行费": fee,
            "应付未付": open_,
            "账户余额": balance,
            "发放后余额": money.minus(balance, amount, fee),
        },
        "审批事实": {
            "amount": amount,
            "undisputed": True,
            "payee_is_applicant": params["收款人为申请执行人"] is True,
        },
    }


@operations.inside(
    "funds.record_payment",
    title="登记付款",
    params=[
        Parameter("类别", "pay_out 发放、fee 执行费、refund 退款", "text"),
        Parameter("金额", "元", "number"),
        Parameter("回执", "银行回执", "context"),
    ],
    results=(),
)
def record_payment(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """A negative entry of the ledger with the bank's number, on the bank's day."""
    case, receipt = case_of(session, context), params["回执"]
    case_funds.enter(
        session,
        case.court_id,
        case.id,
        kind=str(params["类别"]),
        amount=-_sum(params["金额"]),
        on=date.fromisoformat(str(receipt["日期"])),
        reference=str(receipt["编号"]),
    )
    return {}
