"""The page ``docs/bpmn-support.md``, from the examples that prove it."""

from pathlib import Path

from tests.process.proof.rows import Refused, Row, Runs
from tests.process.proof.rows.everything import CHAPTERS
from tests.process.proof.rows.judging import judge

PAGE = Path(__file__).parents[2] / "docs" / "bpmn-support.md"
_HEAD = """# 平台支持的 BPMN 2.0

流程图里的每种构造，要么照标准办理，要么在检查时拒绝，并指出是哪个元素、怎么改。没有列在这里的构造一律拒绝。
本页由 `python -m tests.conformance --write` 从例图生成：每一行的例图都按写明的步骤走过三遍（在内存中、每步存取、每步存取并修剪），
结果相同才算“照办”；“反例”是没有那个事件或条件不成立的同一张图，什么都不会启动。例图在 `tests/process/proof/rows/`。
拒绝的规则见 [检查规则](checks.md)。
"""


def written() -> str:
    """The whole page."""
    parts = [_HEAD]
    for chapter, rows in CHAPTERS.items():
        parts.append(f"## {chapter}\n")
        parts.append("| 构造 | 标准的规定 | 平台 | 例图 | 反例 |\n| --- | --- | --- | --: | :-: |")
        parts.append("\n".join(_line(row) for row in rows) + "\n")
    return "\n".join(parts)


def _line(row: Row) -> str:
    runs = [e for e in row.examples if isinstance(e, Runs)]
    refused = sorted({e.rule for e in row.examples if isinstance(e, Refused)})
    says = ["照办"] if runs and all(judge(e)[0] == "right" for e in runs) else []
    if refused and all(judge(e)[0] == "refused" for e in row.examples if isinstance(e, Refused)):
        rules = "、".join(f"`{rule}`" for rule in refused)
        says.append(f"{'误画时' if runs else ''}拒绝（{rules}）")
    twin = "有" if row.twin and judge(row.twin)[0] == "right" else ""
    cells = [row.construct, row.standard, "；".join(says) or "不可用", str(len(row.examples)), twin]
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"
