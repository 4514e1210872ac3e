"""Facts that matters bring: what their forms offer, and what gates and route tables ask about them.

Importing this module registers them with ``facts``.
"""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal

from engine import clock, db
from engine.casefile.asset import (
    assets,
    case_funds,
    coercive_measures,
    debt_sheets,
    fund_receipts,
    property_queries,
    terms,
)
from engine.casefile.asset.assets import Asset
from engine.casefile.case.cases import Case
from engine.casefile.delivery import deliveries
from engine.casefile.document import documents
from engine.casefile.matter.facts import fact
from engine.casefile.party import parties

#: Documents that close a case (DOMAIN §3.4).
_CLOSING = ("D163", "D164", "D165", "D168", "D169", "D170")

# ---------------------------------------------------------------- choices of forms


def _choice(asset: Asset) -> dict[str, str]:
    worth = "" if asset.value is None else f"（{asset.value:,.2f}元）"
    return {"value": str(asset.id), "label": f"{asset.name}{worth}"}


@fact("可冻结存款")
def deposits_to_freeze(session: db.Session, case: Case) -> list[Mapping[str, str]]:
    """尚未冻结、登记了开户行和账号的存款，供表单选择。"""
    return [
        _choice(a)
        for a in assets.of_case(session, case.id)
        if a.kind == "deposit" and a.state == "open" and a.institution and not a.has_live_measure
    ]


@fact("可查封财产")
def things_to_seize(session: db.Session, case: Case) -> list[Mapping[str, str]]:
    """尚未控制的不动产、动产、车辆和其他财产，供表单选择。"""
    return [
        _choice(a)
        for a in assets.of_case(session, case.id)
        if a.kind != "deposit" and a.state == "open" and not a.has_live_measure
    ]


@fact("已控制财产")
def controlled_assets(session: db.Session, case: Case) -> list[Mapping[str, str]]:
    """有生效或者轮候控制措施的财产，供表单选择。"""
    return [
        _choice(a)
        for a in assets.of_case(session, case.id)
        if any(m.state in ("live", "queued") for m in a.measures)
    ]


@fact("被执行人名单")
def debtors(session: db.Session, case: Case) -> list[Mapping[str, str]]:
    """被执行人，供表单选择。"""
    return [_party(p) for p in parties.of_case(session, case.id, "debtor")]


@fact("可拘留人员")
def detainable(session: db.Session, case: Case) -> list[Mapping[str, str]]:
    """自然人被执行人，以及单位被执行人的法定代表人，供表单选择。"""
    found: list[Mapping[str, str]] = []
    for party in parties.of_case(session, case.id, "debtor"):
        if party.kind in ("natural", "foreign"):
            found.append(_party(party))
        elif party.legal_representative:
            label = f"{party.legal_representative}（{party.name}法定代表人）"
            found.append({"value": str(party.id), "label": label})
    return found


@fact("申请执行人名单")
def applicants(session: db.Session, case: Case) -> list[Mapping[str, str]]:
    """申请执行人，供表单选择。"""
    return [_party(p) for p in parties.of_case(session, case.id, "applicant")]


def _party(party: parties.Party) -> dict[str, str]:
    return {"value": str(party.id), "label": f"{party.name} {party.id_number}".strip()}


@fact("未认领到账款")
def receipts_to_claim(session: db.Session, case: Case) -> list[Mapping[str, str]]:
    """已到账尚未认领的款项，供表单选择。"""
    return [
        {"value": str(r.id), "label": f"{r.arrived_on} {r.amount:,.2f}元 {r.payer} {r.purpose}"}
        for r in fund_receipts.of_case(session, case.id, "unclaimed")
    ]


# ---------------------------------------------------------------- control of property


@fact("网络查控均已反馈")
def all_debtors_queried(session: db.Session, case: Case) -> bool:
    """对每名被执行人都发起过网络查控，且均已反馈或者说明了不再等待的理由。"""
    found = property_queries.of_case(session, case.id)
    settled = {q.party_id for q in found if q.state != "asked"}
    everybody = {p.id for p in parties.of_case(session, case.id, "debtor")}
    return bool(everybody) and everybody <= settled and all(q.state != "asked" for q in found)


@fact("已决定是否限制消费")
def restriction_decided(session: db.Session, case: Case) -> bool:
    """对每名被执行人都决定了限制消费或者说明了不限制的理由；到账款项已足以清偿的不必决定。"""
    received = case_funds.received(session, case.id)
    if received >= case.amount:
        return True
    decided = {m.party_id for m in coercive_measures.of_case(session, case.id, "consumption")}
    return {p.id for p in parties.of_case(session, case.id, "debtor")} <= decided


@fact("已处置财产均已解除控制")
def sold_assets_released(session: db.Session, case: Case) -> bool:
    """已成交、抵债、退还、移送的财产上没有仍然生效或者轮候的控制措施。"""
    return all(
        m.state not in ("live", "queued")
        for a in assets.of_case(session, case.id)
        if a.state in ("sold", "set_off", "returned", "transferred")
        for m in a.measures
    )


# ---------------------------------------------------------------- money


@fact("累计到账")
def received(session: db.Session, case: Case) -> Decimal:
    """认领入账的款项合计，元。"""
    return case_funds.received(session, case.id)


@fact("累计发放")
def paid_out(session: db.Session, case: Case) -> Decimal:
    """发放给申请执行人和债权人的款项合计，元。"""
    return case_funds.paid_out(session, case.id)


@fact("到账款均已认领")
def receipts_claimed(session: db.Session, case: Case) -> bool:
    """没有未认领的到账款。"""
    return not fund_receipts.of_case(session, case.id, "unclaimed")


@fact("有未认领到账款")
def unclaimed_receipt(session: db.Session, case: Case) -> bool:
    """有到账款没有认领。"""
    return not receipts_claimed(session, case)


@fact("核算表已确定")
def debt_sheet_final(session: db.Session, case: Case) -> bool:
    """有已签章的执行款核算表。"""
    return debt_sheets.newest_final(session, case.id) is not None


@fact("有应付未付款")
def unsettled_payable(session: db.Session, case: Case) -> bool:
    """账上还有没有发放、提存的案款。"""
    return case_funds.balance(session, case.id) > 0


@fact("应付款均已办理")
def payables_settled(session: db.Session, case: Case) -> bool:
    """账上没有应当发放而没有发放的案款。"""
    return not unsettled_payable(session, case)


@fact("已全部受偿")
def fully_paid(session: db.Session, case: Case) -> bool:
    """发放给申请执行人的款项达到最后一份核算表确定的数额。"""
    sheet = debt_sheets.newest_final(session, case.id)
    return sheet is not None and case_funds.paid_out(session, case.id) >= sheet.due


@fact("应付未付数额")
def balance_due(session: db.Session, case: Case) -> Decimal:
    """最后一份核算表确定的数额减去已经发放的，元；没有核算表的为零。"""
    sheet = debt_sheets.newest_final(session, case.id)
    if sheet is None:
        return Decimal(0)
    return max(Decimal(0), sheet.due - case_funds.paid_out(session, case.id))


# ---------------------------------------------------------------- closing


@fact("终本最早时刻")
def earliest_final(session: db.Session, case: Case) -> datetime:
    """立案满三个月之后的第一个零时，此前不得裁定终结本次执行程序。"""
    day = terms.earliest_final(session, case)
    return datetime.combine(day, time(), clock.COURT_ZONE)


@fact("结案文书已送达")
def closing_document_served(session: db.Session, case: Case) -> bool:
    """有已签章的结案文书，且已送达全部申请执行人和被执行人。"""
    both = [p for role in ("applicant", "debtor") for p in parties.of_case(session, case.id, role)]
    wanted = {p.id for p in both}
    sent = deliveries.of_case(session, case.id)
    return any(
        wanted <= {d.party_id for d in sent.get(one.id, []) if d.state == "delivered"}
        for one in documents.of_case(session, case.id)
        if one.code in _CLOSING and one.state == "signed"
    )


@fact("卷宗目录齐全")
def catalogue_complete(session: db.Session, case: Case) -> bool:
    """电子卷宗归档移交清单已签章，此后没有再增加未签章的文书。"""
    found = documents.of_case(session, case.id)
    listed = any(d.code == "D177" and d.state == "signed" for d in found)
    return listed and all(d.state in ("signed", "rejected") for d in found)
