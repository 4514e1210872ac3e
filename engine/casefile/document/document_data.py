"""What templates see of a case: Chinese field names, as ``workflows/documents/README.md`` lists them.

Amounts are ``Decimal`` yuan, days are dates; the template's filters write them out.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile.case.cases import Case
from engine.casefile.design import shared_files
from engine.casefile.labels import PARTY_KINDS
from engine.casefile.matter import matters
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import courts, users
from engine.casefile.people.courts import Court
from engine.casefile.people.users import User
from engine.documents import citations
from engine.errors import InstanceClosed
from engine.process import instances

CITATIONS = "rules/citations.toml"
PERIODS = "rules/periods.toml"


def collect(session: db.Session, case: Case, *, day: date | None = None) -> dict[str, Any]:
    """Everything a template may read; ``day`` is the date of the document (default today)."""
    day = day or clock.today()
    court = courts.get(session, case.court_id)
    by_role: dict[str, list[Party]] = {}
    for party in parties.of_case(session, case.id):
        # Who left the case stays in the documents that named him, and is in no new one.
        if not party.is_present:
            continue
        by_role.setdefault(party.role, []).append(party)
    handler = users.get(session, case.handler_id) if case.handler_id else None
    return {
        "法院": {
            "名称": court.name,
            "简称": court.short_name,
            "地址": court.address,
            "电话": court.phone,
        },
        "案号": case.case_no,
        "收案日期": case.filed_on,
        "案由": case.cause,
        "执行依据": {"文号": case.title_no, "名称": case.title_name},
        "申请执行人": [person(p) for p in by_role.get("applicant", [])],
        "被执行人": [person(p) for p in by_role.get("debtor", [])],
        "申请执行标的": case.amount,
        "承办人": _officer(handler),
        "法官助理": _of_team(session, case, "assistant"),
        "书记员": _of_team(session, case, "clerk"),
        "日期": day,
        "期限": tomllib.loads(shared_files.get(session, case.court_id, PERIODS, day).text),
        "法条": citations.on(
            citations.read(shared_files.get(session, case.court_id, CITATIONS, day).text), day
        ),
        "案款账户": {
            "户名": court.account_name,
            "开户行": court.account_bank,
            "账号": account_number(court, case),
        },
    }


def account_number(court: Court, case: Case) -> str:
    """One case, one account (一案一账号): the court's account and the case's own sub-number."""
    return f"{court.account_no}{case.year}{case.number:07d}"


def filled_in(session: db.Session, matter_id: UUID) -> Mapping[str, Any]:
    """The variables of the matter's process, as templates read them under ``事项``; of an ended one none."""
    instance_id = matters.get(session, matter_id).instance_id
    try:
        return instances.data(session, instance_id) if instance_id else {}
    except InstanceClosed:
        return {}


def person(party: Party) -> dict[str, str]:
    return {
        "名称": party.name,
        "类型": PARTY_KINDS[party.kind],
        "证件号码": party.id_number,
        "住所": party.address,
        "电话": party.phone,
        "法定代表人": party.legal_representative,
    }


def _officer(handler: User | None) -> dict[str, str]:
    if handler is None:
        return {"姓名": "", "职务": "", "电话": ""}
    # Rulings and notices name the office of the law, not the staff title.
    office = "审判员" if handler.has("handling_judge") else "执行员"
    return {"姓名": handler.name, "职务": office, "电话": handler.phone}


def _of_team(session: db.Session, case: Case, role: str) -> str:
    """The team's first assistant or clerk; empty where it has none, and the line is left out."""
    if case.stage is None:
        return ""
    found = users.of_team(session, case.court_id, case.stage, role)
    return found[0].name if found else ""
