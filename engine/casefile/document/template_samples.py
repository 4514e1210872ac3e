"""The invented case that previews of templates are written for: every field a template may read, filled."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import clock, db
from engine.casefile.design import shared_files
from engine.casefile.document import document_data
from engine.casefile.matter import matter_samples
from engine.casefile.people import courts
from engine.casefile.people.courts import Court
from engine.documents import citations


def data(session: db.Session, court_id: UUID) -> Mapping[str, Any]:
    """What ``document_data.collect`` gives of a case, for one that does not exist."""
    day, court = clock.today(), courts.get(session, court_id)
    texts = shared_files.in_force(session, court_id, "rules/", day)
    articles = citations.read(texts[document_data.CITATIONS].text)
    return {
        "法院": _court(court),
        "案号": f"（{day.year}）{court.code}执1234号",
        "收案日期": day,
        "案由": "民间借贷纠纷",
        "执行依据": {"文号": f"（{day.year - 1}）{court.code}民初567号", "名称": "民事判决书"},
        "申请执行人": [
            _person("周立新", "自然人", "990000196208254605", "江州省临江市青石路196号")
        ],
        "被执行人": [
            _person("陈志强", "自然人", "990000198601271237", "江州省临江市柳荫街8号"),
            _person(
                "临江市宏远建材有限公司（虚构）",
                "法人",
                "91990000MA00000007",
                "江州省临江市工业路21号",
                representative="陈志强",
            ),
        ],
        "申请执行标的": Decimal("538726.55"),
        "承办人": {"姓名": "沈若川", "职务": "审判员", "电话": court.phone},
        "法官助理": "谭清越",
        "书记员": "许佳宁",
        "日期": day,
        "期限": tomllib.loads(texts[document_data.PERIODS].text),
        "法条": citations.on(articles, day),
        "案款账户": {
            "户名": court.account_name,
            "开户行": court.account_bank,
            "账号": f"{court.account_no}{day.year}0001234",
        },
        "事项": matter_samples.ENTRIES,
    }


def _court(court: Court) -> dict[str, str]:
    return {
        "名称": court.name,
        "简称": court.short_name,
        "地址": court.address,
        "电话": court.phone,
    }


def _person(
    name: str, kind: str, id_number: str, address: str, *, representative: str = ""
) -> dict[str, str]:
    return {
        "名称": name,
        "类型": kind,
        "证件号码": id_number,
        "住所": address,
        "电话": "19900000365",
        "法定代表人": representative,
    }
