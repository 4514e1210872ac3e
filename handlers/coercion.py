"""Coercive measures on persons: who is detained and until when, whose consumption is restricted."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile.asset import coercive_measures, terms
from engine.casefile.document import document_data
from engine.casefile.party import parties
from engine.process import operations
from engine.process.operations import Context, Parameter, PermanentError
from handlers.assets import case_of


@operations.inside(
    "coercion.persons",
    title="读取当事人",
    params=[
        Parameter("当事人", "当事人编号的列表", "list"),
        Parameter("本人", "true：单位由其法定代表人本人承担", "boolean", required=False),
    ],
    results=["人员"],
)
def persons(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """``人员``: for each of them what documents write: 名称, 类型, 证件号码, 住所 …, and 编号."""
    case = case_of(session, context)
    known = {str(p.id): p for p in parties.of_case(session, case.id)}
    found = []
    for id_ in params["当事人"]:
        if str(id_) not in known:
            raise PermanentError("本案没有这名当事人")
        person = document_data.person(known[str(id_)])
        if params.get("本人") is True and person["法定代表人"]:
            person = _representative(person)
        found.append({"编号": str(id_), **person})
    return {"人员": found}


def _representative(unit: Mapping[str, str]) -> dict[str, str]:
    """The natural person behind a unit; what the file does not say of him stays empty."""
    return {
        "名称": unit["法定代表人"],
        "类型": f"{unit['名称']}法定代表人",
        "证件号码": "",
        "住所": "",
        "电话": "",
        "法定代表人": "",
    }


@operations.inside(
    "coercion.begin_detention",
    title="登记执行拘留",
    params=[
        Parameter("事项", "事项编号", "text"),
        Parameter("当事人", "被拘留的被执行人", "text"),
        Parameter("执行时间", "交付看管的时间", "moment"),
        Parameter("天数", "拘留天数，1 至 15", "number"),
        Parameter("事由", "拘留事由", "text"),
    ],
    results=["拘留编号", "拘留起始日", "拘留届满日", "拘留期满时刻"],
)
def begin_detention(
    session: db.Session, context: Context, params: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The term of DL31, counted from the day after; it is never rolled and never lengthened."""
    case, begins = case_of(session, context), params["执行时间"]
    day = clock.court_day(begins) if isinstance(begins, datetime) else begins
    ends_on = terms.detention_end(session, case.court_id, day, int(params["天数"]))
    id_ = coercive_measures.enter(
        session,
        case.court_id,
        case.id,
        party_id=UUID(str(params["当事人"])),
        matter_id=UUID(str(params["事项"])),
        kind="detention",
        reason=str(params["事由"]),
        starts_on=day,
        ends_on=ends_on,
    )
    midnight = datetime.combine(ends_on + timedelta(days=1), time(), clock.COURT_ZONE)
    return {
        "拘留编号": str(id_),
        "拘留起始日": day,
        "拘留届满日": ends_on,
        "拘留期满时刻": midnight,
    }


@operations.inside(
    "coercion.end",
    title="登记强制措施结束",
    params=[Parameter("编号", "强制措施编号", "text")],
    results=(),
)
def end(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ended on its last day, or today if it had none."""
    case, wanted = case_of(session, context), UUID(str(params["编号"]))
    found = next((m for m in coercive_measures.of_case(session, case.id) if m.id == wanted), None)
    if found is None:
        raise PermanentError("本案没有这项强制措施")
    coercive_measures.end(session, wanted, min(found.ends_on or clock.today(), clock.today()))
    return {}


@operations.inside(
    "coercion.enter",
    title="登记强制措施的决定",
    params=[
        Parameter("事项", "事项编号", "text"),
        Parameter("当事人", "当事人编号的列表", "list"),
        Parameter("类别", "consumption 限制消费、dishonest_list 失信", "text"),
        Parameter("采取", "true 采取，false 不采取", "boolean"),
        Parameter("理由", "事由，或者不采取的理由", "text"),
    ],
    results=(),
)
def enter(session: db.Session, context: Context, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """One row for each person, from today; also the decision not to take the measure, with its reason."""
    case, kind = case_of(session, context), str(params["类别"])
    if kind not in coercive_measures.KINDS:
        raise PermanentError(f"没有“{kind}”这类强制措施")
    for id_ in params["当事人"]:
        coercive_measures.enter(
            session,
            case.court_id,
            case.id,
            party_id=UUID(str(id_)),
            matter_id=UUID(str(params["事项"])),
            kind=kind,
            reason=str(params["理由"]),
            taken=params["采取"] is True,
        )
    return {}
