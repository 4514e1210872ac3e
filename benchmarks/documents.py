"""What a document costs: ``python benchmarks/documents.py``. Medians of one run; compare ratios, not machines."""

import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from uuid import uuid4

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from engine import blobs  # noqa: E402
from engine.documents import (  # noqa: E402
    citations,
    layout,
    merge,
    pki,
    render,
    signature,
    template,
    verification,
)
from engine.documents.docx import to_docx  # noqa: E402

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
COURT = "临江市人民法院"
MEMBERS = 300  #: files of the dossier that is merged


def milliseconds(work: Callable[[], object], times: int) -> float:
    work()
    taken = []
    for _ in range(times):
        begun = perf_counter()
        work()
        taken.append(perf_counter() - begun)
    return statistics.median(taken) * 1000


def case() -> dict[str, object]:
    law = citations.read((ROOT / "workflows/rules/citations.toml").read_text("utf-8"))
    party = {"类型": "自然人", "证件号码": "990011197805120011", "住所": "临江市", "电话": "1"}
    return {
        "法院": {"名称": COURT, "简称": "临江法院", "地址": "法苑路1号", "电话": "0999-8880001"},
        "案号": "（2026）苏0199执1234号",
        "收案日期": date(2026, 11, 20),
        "案由": "买卖合同纠纷",
        "执行依据": {"文号": "（2025）苏0199民初500号", "名称": "民事判决书"},
        "申请执行人": [{"名称": "临江市恒达商贸有限公司", **party}],
        "被执行人": [{"名称": "王㛃䶮", **party}],
        "申请执行标的": Decimal("1230456.78"),
        "承办人": {"姓名": "张建军", "职务": "审判员", "电话": "0999-8880012"},
        "法官助理": "刘敏",
        "书记员": "周倩",
        "日期": AT.date(),
        "期限": {"履行": 10, "报告": 5},
        "法条": citations.on(law, AT.date()),
        "案款账户": {"户名": COURT, "开户行": "中国工商银行", "账号": "9900001002003004005"},
    }


def main() -> None:
    text = (ROOT / "workflows/documents/templates/D002.wen").read_text("utf-8")
    data = case()
    read = template.read(text)
    document = template.render(read, data)
    laid = layout.to_pdf(document, issued_at=AT)
    with tempfile.TemporaryDirectory() as folder:
        authority = pki.set_up(Path(folder) / "pki", COURT, at=AT)
        judge, seal = pki.judge(authority, "judge", "张建军"), pki.court_seal(authority)
        signed = signature.sign(laid.pdf, laid.anchors, judge, seal, AT)
        figures = {
            "read a template": (lambda: template.read(text), 20),
            "render it": (lambda: template.render(read, data), 50),
            f"lay out {laid.pages} pages": (lambda: layout.to_pdf(document, issued_at=AT), 20),
            "DOCX": (lambda: to_docx(document), 10),
            "sign and seal, B-LTA": (
                lambda: signature.sign(laid.pdf, laid.anchors, judge, seal, AT),
                10,
            ),
            "verify": (lambda: verification.verify(signed, authority.trust, at=AT), 10),
            "draw a page": (lambda: render.png(signed, 1), 5),
            f"merge {MEMBERS} files": (
                lambda: merge.dossier([("执行通知书", signed)] * MEMBERS),
                1,
            ),
        }
        for name, (work, times) in figures.items():
            print(f"{name:<24} {milliseconds(work, times):9.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        blobs.root = lambda: Path(folder)
        court_id, count = uuid4(), iter(range(10**9))
        put = milliseconds(lambda: blobs.put(court_id, signed + str(next(count)).encode()), 50)
        digest = blobs.put(court_id, signed)
        got = milliseconds(lambda: blobs.get(court_id, digest), 50)
        print(f"{'store a blob':<24} {put:9.1f} ms, read it {got:.2f} ms, {len(signed) // 1000} kB")


if __name__ == "__main__":
    main()
