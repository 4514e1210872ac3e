"""Rules on what belongs to no process: templates, the court's rules, files that are no text."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.process.check import Finding
from tests.checks import CLEAN, Fixture
from webui.cli import checking

_RULES = Path(__file__).parents[2] / "workflows" / "rules"
_DELIVERED = {f"rules/{p.relative_to(_RULES).as_posix()}": p.read_text("utf-8") for p in sorted(_RULES.rglob("*")) if p.is_file()}  # fmt: skip
_TEMPLATE = '+++\ncode = "D001"\nname = "受理案件通知书"\nkind = "notice"\nvolume = "main"\nitem = "1"\nrecipients = ["APP"]\napproval = ["J"]\n+++\n== {{ 法院.名称 }}\n== 受理案件通知书\n>> {{ 案号 }}\n正文。\n@@ {{ 日期 | 中文日期 }}\n'

FIXTURES = (
    Fixture("template", "文书模板的说明部分、版式或者取值写错了。", {"D001.wen": "没有说明部分"}, {"D001.wen": _TEMPLATE}),
    Fixture("rules", "期限、审批、门槛等规则文件读不懂，或者互相对不上。", {**_DELIVERED, "rules/stages.toml": "[[stage]]\n"}, _DELIVERED),
    Fixture("encoding", "文件不是 UTF-8 编码的文本。", {"process.bpmn": CLEAN, "a.md": "\udcff"}, {"process.bpmn": CLEAN, "a.md": ""}),
)  # fmt: skip


def findings_of(files: Mapping[str, str]) -> Iterator[Finding]:
    """As ``fenduan check`` finds them in a folder of these files."""
    given = {name: text.encode("utf-8", "surrogateescape") for name, text in files.items()}
    return checking.findings(given)
