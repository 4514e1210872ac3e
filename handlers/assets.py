"""Property records and the measures on them: what to control, what was controlled, what is released."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile.asset import assets, terms
from engine.casefile.asset.assets import Asset
from engine.casefile.case import cases, remarks
from engine.casefile.case.cases import Case
from engine.casefile.party import parties
from engine.casefile.people import users
from engine.process import operations
from engine.process.operations import BpmnError, Context, Parameter, PermanentError


def case_of(session: db.Session, context: Context) -> Case:
    if context.case_id is None:
        raise PermanentError("这个流程没有关联案件")
    return cases.get(session, context.case_id)


def shown(session: db.Session, case: Case, asset: Asset) -> dict[str, Any]:
    """The record as diagrams and documents read it."""
    owner = parties.get(session, asset.owner_id) if asset.owner_id else None
    return {
        "财产": str(asset.id),
        "名称": asset.name,
        "户名": owner.name if owner else "",
        "证件号码": owner.id_number if owner else "",
        "开户行": asset.institution,
        "账号": asset.number,
        "价值": asset.value,
        "期限": terms.control_words(session, case.court_id, asset.kind),
    }


@operations.inside(
    "assets.plan_control",
    title="确定控制的财产和限额",
    params=[
        Parameter("财产", "财产编号的列表", "list"),
        Parameter("限额", "控制的总额，元；不填按财产价值", "number", required=False),
    ],
    results=["控制清单", "控制金额", "协助单位清单", "审批事实"],
)
def plan_control(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Allots the limit to the property in its order, each up to its known value; the last takes the rest.

    No more than the limit is controlled in all (查扣冻规定第十九条). ``审批事实`` is the whole sum.
    """
    case = case_of(session, context)
    chosen = [assets.get(session, case.id, UUID(str(id_))) for id_ in params["财产"]]
    limit = None if params.get("限额") is None else Decimal(str(params["限额"]))
    planned = []
    for asset, amount in allotted(chosen, limit):
        planned.append({**shown(session, case, asset), "金额": amount})
    total = sum((one["金额"] for one in planned), Decimal(0))
    institutions = list(dict.fromkeys(one["开户行"] for one in planned if one["开户行"]))
    return {
        "控制清单": planned,
        "控制金额": total,
        "协助单位清单": [
            {"名称": name, "清单": [one for one in planned if one["开户行"] == name]}
            for name in institutions
        ],
        "审批事实": {"amount": total},
    }


def allotted(chosen: list[Asset], limit: Decimal | None) -> list[tuple[Asset, Decimal]]:
    """Each with its share; what gets nothing is left out. Without a limit each at its value."""
    if limit is None:
        return [(asset, asset.value or Decimal(0)) for asset in chosen]
    left, found = limit, []
    for number, asset in enumerate(chosen, 1):
        is_last = number == len(chosen)
        share = left if is_last or asset.value is None else min(asset.value, left)
        if share > 0:
            found.append((asset, share))
            left -= share
    return found


@operations.inside(
    "assets.record_measure",
    title="登记控制措施",
    params=[
        Parameter("财产", "财产编号", "text"),
        Parameter("措施", "seize 查封、impound 扣押、freeze 冻结", "text"),
        Parameter("金额", "实际控制的金额，元", "number", required=False),
        Parameter("顺位", "1 为首封，2 以上为轮候", "number", required=False),
        Parameter("起始日", "措施生效的日期，不填为今天", required=False),
        Parameter("编号", "协助单位回执的编号", "text", required=False),
    ],
    results=(),
)
def record_measure(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The end follows from the kind of property by rule DL40."""
    case = case_of(session, context)
    asset = assets.get(session, case.id, UUID(str(params["财产"])))
    starts_on = _day(params.get("起始日"))
    amount = params.get("金额")
    assets.control(
        session,
        asset,
        case.court_id,
        kind=str(params["措施"]),
        rank=int(params.get("顺位") or 1),
        starts_on=starts_on,
        ends_on=terms.control_end(session, case.court_id, asset.kind, starts_on),
        amount=None if amount is None else Decimal(str(amount)),
        reference=str(params.get("编号") or ""),
    )
    return {}


def _day(given: object) -> date:
    if isinstance(given, date):
        return given
    return date.fromisoformat(str(given)) if given else clock.today()


@operations.inside(
    "assets.plan_release",
    title="确定解除的控制措施",
    params=[Parameter("财产", "财产编号的列表", "list")],
    results=["解除清单", "联网单位清单"],
)
def plan_release(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Every live or queued measure on the chosen property; NOTHING_TO_RELEASE if there is none."""
    case = case_of(session, context)
    planned = [
        {
            **shown(session, case, asset),
            "措施编号": str(measure.id),
            "措施": measure.kind,
            "金额": measure.amount,
            "编号": measure.reference,
            "起始日": measure.starts_on,
            "联网": asset.kind == "deposit" and bool(measure.reference),
        }
        for asset in (assets.get(session, case.id, UUID(str(id_))) for id_ in params["财产"])
        for measure in asset.measures
        if measure.state in ("live", "queued")
    ]
    if not planned:
        raise BpmnError("NOTHING_TO_RELEASE", {"原因": "所选财产没有需要解除的控制措施"})
    online = [one for one in planned if one["联网"]]
    institutions = list(dict.fromkeys(one["开户行"] for one in online))
    return {
        "解除清单": planned,
        "联网单位清单": [
            {"名称": name, "清单": [one for one in online if one["开户行"] == name]}
            for name in institutions
        ],
    }


@operations.inside(
    "assets.release_measure",
    title="登记解除控制",
    params=[Parameter("措施编号", "控制措施的编号", "text")],
    results=(),
)
def release_measure(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The measure ends today."""
    case = case_of(session, context)
    wanted = UUID(str(params["措施编号"]))
    known = {m.id for asset in assets.of_case(session, case.id) for m in asset.measures}
    if wanted not in known:
        raise PermanentError("本案没有这项控制措施")
    assets.release(session, wanted)
    return {}


@operations.inside(
    "assets.remark",
    title="在财产上记备注",
    params=[Parameter("财产", "财产编号", "text"), Parameter("内容", "备注内容", "text")],
    results=(),
)
def remark(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """In the name of the handler, who answers for the matter."""
    case = case_of(session, context)
    asset = assets.get(session, case.id, UUID(str(params["财产"])))
    if case.handler_id is not None:
        handler = users.get(session, case.handler_id)
        words = str(params["内容"])[: remarks.LONGEST]
        remarks.add(session, handler, case.id, "asset", asset.id, words)
    return {}
