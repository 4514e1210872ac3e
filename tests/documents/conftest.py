"""A case with every field that the templates read, and a court with keys. Fonts: see engine/documents/fonts.py."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.casefile.matter import matter_samples
from engine.documents import citations, layout, pki, seal, signature, template

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "workflows" / "documents" / "templates"
COURT = "临江市人民法院"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

RULING = """+++
code = "D020"
name = "执行裁定书"
kind = "ruling"
volume = "main"
item = "19"
recipients = ["APP", "RES", "AST"]
approval = ["J"]
+++
== {{ 法院.名称 }}
== 执行裁定书
>> {{ 案号 }}
{% for 人 in 被执行人 %}
被执行人：{{ 人.名称 }}，证件号码{{ 人.证件号码 }}。
{% endfor %}
执行标的为人民币{{ 申请执行标的 | 大写金额 }}（￥{{ 申请执行标的 | 金额 }}）。依照<b>{{ 法条.查封扣押拍卖 }}</b>的规定，裁定如下：
|序号|财产名称|权证号码|期限|
{% for 物 in 财产 %}
|{{ forloop.index }}|{{ 物.名称 }}|{{ 物.权证 | 或: "—" }}|{{ 物.期限 }}|
{% endfor %}
本裁定立即执行。
~~ {{ 承办人.职务 }} | {{ 承办人.姓名 }}
@@ {{ 日期 | 中文日期 }}
%% 书记员 | {{ 书记员 }}
"""

HANDWRITING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20" width="60" height="20">'
    b'<path d="M2 15 C10 0 15 20 22 6 S34 18 40 5 S52 16 58 4" fill="none" stroke="#111"/></svg>'
)


def person(name: str, number: str = "990011197805120011") -> dict[str, Any]:
    return {
        "名称": name,
        "类型": "自然人",
        "证件号码": number,
        "住所": "临江市滨江区建设路1号",
        "电话": "13900000000",
        "法定代表人": "",
    }


@pytest.fixture
def case() -> dict[str, Any]:
    table = citations.read((ROOT / "workflows/rules/citations.toml").read_text("utf-8"))
    return {
        "法院": {
            "名称": COURT,
            "简称": "临江法院",
            "地址": "临江市滨江区法苑路1号",
            "电话": "0999-8880001",
        },
        "案号": "（2026）苏0199执1234号",
        "收案日期": date(2026, 11, 20),
        "案由": "买卖合同纠纷",
        "执行依据": {"文号": "（2025）苏0199民初500号", "名称": "民事判决书"},
        "申请执行人": [person("临江市恒达商贸有限公司", "91990100MA00000001")],
        "被执行人": [person("王㛃䶮"), person("临江市宏远建材有限公司", "91990100MA00000002")],
        "申请执行标的": Decimal("1230456.78"),
        "承办人": {"姓名": "张建军", "职务": "审判员", "电话": "0999-8880012"},
        "法官助理": "刘敏",
        "书记员": "周倩",
        "日期": date(2026, 11, 23),
        "期限": {"履行": 10, "报告": 5},
        "法条": citations.on(table, date(2026, 11, 23)),
        "案款账户": {
            "户名": "临江市人民法院执行案款专户",
            "开户行": "中国工商银行临江滨江支行",
            "账号": "9900001002003004005",
        },
        "事项": matter_samples.ENTRIES,
        "财产": [
            {
                "名称": "临江市滨江区丰和中大道1198号2栋901室",
                "权证": "苏（2021）临江市不动产权第9577766号",
                "期限": "三年",
            },
            {"名称": "小型汽车苏Z12345", "权证": None, "期限": "二年"},
        ],
    }


@pytest.fixture
def ruling() -> template.Template:
    return template.read(RULING)


@pytest.fixture
def laid(ruling: template.Template, case: dict[str, Any]) -> layout.Laid:
    return layout.to_pdf(template.render(ruling, case), issued_at=AT, handwritten=True)


@pytest.fixture
def authority(tmp_path: Path) -> pki.Authority:
    return pki.set_up(tmp_path / "pki", COURT, at=AT)


@pytest.fixture
def judge(authority: pki.Authority) -> signature.Signer:
    picture = seal.picture(HANDWRITING, 18, 6)
    return pki.judge(authority, "judge-1", "张建军", picture)


@pytest.fixture
def court(authority: pki.Authority) -> signature.Signer:
    return pki.court_seal(authority)


@pytest.fixture
def signed(laid: layout.Laid, judge: signature.Signer, court: signature.Signer) -> bytes:
    return signature.sign(laid.pdf, laid.anchors, judge, court, AT)
