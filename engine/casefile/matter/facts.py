"""Facts of a case: one documented function each, read lazily in the transaction of the step.

Conditions of diagrams see them as ``案件.<Chinese name>``; decision tables and gates by their
identifier. Preview and reality evaluate the same functions.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints
from uuid import UUID

from sqlalchemy import func, select

from engine import clock, db
from engine.casefile.asset import assets, case_funds
from engine.casefile.case import cases
from engine.casefile.case.cases import Case
from engine.casefile.delivery.deliveries import DELIVERY
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.matter import matters
from engine.casefile.party import parties
from engine.process import facts as process_facts

Read = Callable[[db.Session, Case], Any]

_facts: dict[str, Read] = {}
_chinese: dict[str, str] = {}


def fact(name: str) -> Callable[[Read], Read]:
    """Registers a fact under its function's name and the Chinese ``name``."""

    def register(read: Read) -> Read:
        _facts[read.__name__] = read
        _chinese[name] = read.__name__
        return read

    return register


class Facts(Mapping[str, Any]):
    """The facts of one case, each computed when first asked for; ``read`` keeps what was asked."""

    def __init__(self, session: db.Session, case: Case) -> None:
        self._session = session
        self._case = case
        self.read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.read:
            self.read[name] = _facts[_chinese.get(name, name)](self._session, self._case)
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_chinese)

    def __len__(self) -> int:
        return len(_chinese)

    def __contains__(self, name: object) -> bool:
        return name in _chinese or name in _facts


def of_case(session: db.Session, case_id: UUID) -> Facts:
    return Facts(session, cases.get(session, case_id))


def names() -> dict[str, str]:
    """Chinese name -> what the fact is, for the designer's panel and the check of names."""
    return {name: (_facts[key].__doc__ or "").strip() for name, key in _chinese.items()}


def types() -> dict[str, Any]:
    """Chinese name -> the type its function declares, for who invents a case."""
    return {name: get_type_hints(_facts[key])["return"] for name, key in _chinese.items()}


# ---------------------------------------------------------------- the case itself


@fact("案号")
def case_no(session: db.Session, case: Case) -> str:
    """案号全文。"""
    return case.case_no


@fact("案件类型")
def case_type(session: db.Session, case: Case) -> str:
    """类型代字：执、执恢……"""
    return case.case_type


@fact("申请执行标的")
def amount(session: db.Session, case: Case) -> Decimal:
    """申请执行标的额，元。"""
    return case.amount


@fact("收案日期")
def filed_on(session: db.Session, case: Case) -> date:
    """立案日期。"""
    return case.filed_on


@fact("当前阶段")
def stage(session: db.Session, case: Case) -> str | None:
    """当前阶段的编码，未分段的为空。"""
    return case.stage


@fact("结案方式")
def closing_path(session: db.Session, case: Case) -> str | None:
    """进入结案归档时去向表给出的结案方式：执行完毕、终本、终结执行；尚未确定的为空。"""
    return case.closing_path


@fact("被执行人数")
def debtor_count(session: db.Session, case: Case) -> int:
    """被执行人的人数。"""
    return len(parties.of_case(session, case.id, "debtor"))


# ---------------------------------------------------------------- property


@fact("有待拍卖财产")
def auctionable_asset(session: db.Session, case: Case) -> bool:
    """有处置方式为拍卖、尚未处置的财产。"""
    return any(
        a.disposition == "auction" and a.state == "open" for a in assets.of_case(session, case.id)
    )


@fact("待拍卖财产已首封")
def seized_auction_asset(session: db.Session, case: Case) -> bool:
    """待拍卖的财产中有已生效的查封、扣押、冻结（民诉法解释第四百八十四条）；轮候的不算。"""
    return any(
        a.disposition == "auction" and a.state == "open" and a.has_live_measure
        for a in assets.of_case(session, case.id)
    )


@fact("有可处置财产")
def disposable_asset(session: db.Session, case: Case) -> bool:
    """有已生效控制措施、可以变价的财产。"""
    return bool(seized_auction_asset(session, case))


@fact("有待交付财产")
def act_pending(session: db.Session, case: Case) -> bool:
    """有处置方式为交付、尚未处置的财产。"""
    return any(
        a.disposition == "handover" and a.state == "open" for a in assets.of_case(session, case.id)
    )


@fact("处置阶段有未了结财产")
def unsettled_asset(session: db.Session, case: Case) -> bool:
    """有须拍卖或者交付而未成交、抵债、交付、退还、移送、中止的财产。"""
    return bool(auctionable_asset(session, case)) or bool(act_pending(session, case))


@fact("已以物抵债")
def set_off_done(session: db.Session, case: Case) -> bool:
    """有财产已抵债。"""
    return any(a.state == "set_off" for a in assets.of_case(session, case.id))


@fact("有财产已交付")
def performed(session: db.Session, case: Case) -> bool:
    """须交付的财产都已交付。"""
    found = [a for a in assets.of_case(session, case.id) if a.disposition == "handover"]
    return bool(found) and all(a.state != "open" for a in found)


@fact("控制措施均有届满日")
def control_terms_entered(session: db.Session, case: Case) -> bool:
    """每项已生效的控制措施都填了届满日；轮候的在生效前没有期限。"""
    return all(
        m.ends_on is not None
        for a in assets.of_case(session, case.id)
        for m in a.measures
        if m.state == "live"
    )


@fact("有控制措施三十日内届满")
def control_gap(session: db.Session, case: Case) -> bool:
    """有已生效的控制措施在三十日内届满或者已经届满，须先续行。"""
    today = clock.today()
    return any(
        m.ends_on is not None and (m.ends_on - today).days < 0
        for a in assets.of_case(session, case.id)
        for m in a.measures
        if m.state == "live" and a.state == "open"
    )


@fact("财产均已处置")
def assets_settled(session: db.Session, case: Case) -> bool:
    """处置阶段没有未了结的财产。"""
    return not unsettled_asset(session, case)


@fact("控制措施均已解除")
def measures_released(session: db.Session, case: Case) -> bool:
    """没有仍然生效或者轮候的控制措施。"""
    return all(
        m.state not in ("live", "queued")
        for a in assets.of_case(session, case.id)
        for m in a.measures
    )


@fact("有财产待处置")
def assets_left(session: db.Session, case: Case) -> bool:
    """有待拍卖、交付而未处置的财产。"""
    return bool(unsettled_asset(session, case))


@fact("在账案款")
def funds(session: db.Session, case: Case) -> Decimal:
    """已到账尚未发放的案款，元。"""
    return case_funds.balance(session, case.id)


# ---------------------------------------------------------------- documents


def _delivered_to_all_debtors(session: db.Session, case: Case, code: str) -> bool:
    reached = set(
        session.scalars(
            select(DELIVERY.c.party_id)
            .join(DOCUMENT, DOCUMENT.c.id == DELIVERY.c.document_id)
            .where(
                DOCUMENT.c.case_id == case.id,
                DOCUMENT.c.code == code,
                DELIVERY.c.state == "delivered",
            )
        )
    )
    debtors = {p.id for p in parties.of_case(session, case.id, "debtor")}
    return bool(debtors) and debtors <= reached


@fact("执行通知书和报告财产令已送达")
def notices_served(session: db.Session, case: Case) -> bool:
    """执行通知书（D002）、报告财产令（D003）已送达全部被执行人。"""
    return _delivered_to_all_debtors(session, case, "D002") and _delivered_to_all_debtors(
        session, case, "D003"
    )


@fact("已签章文书数")
def signed_documents(session: db.Session, case: Case) -> int:
    """本案已签章的文书份数。"""
    return int(
        session.scalar(
            select(func.count())
            .select_from(DOCUMENT)
            .where(DOCUMENT.c.case_id == case.id, DOCUMENT.c.state == "signed")
        )
        or 0
    )


@fact("未办结事项数")
def open_matters(session: db.Session, case: Case) -> int:
    """本案尚未办结的事项数。"""
    return sum(m.state == "open" for m in matters.of_case(session, case.id))


# ---------------------------------------------------------------- what diagrams see


def _of_subject(session: db.Session, subject: process_facts.Subject) -> Mapping[str, Any]:
    """``案件`` in a diagram: the facts of the instance's case; of no case, none."""
    return of_case(session, subject.case_id) if subject.case_id is not None else {}


process_facts.provide("案件", _of_subject, entries=names)
