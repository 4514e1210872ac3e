"""``docs/checks.md``, from the fixtures: ``python -m tests.checks.page``."""

from pathlib import Path

from tests.checks import Fixture
from tests.checks.everything import CHAPTERS, NET, findings_of

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"
_HEAD = """# 检查规则

`fenduan check` 和设计器的“检查”一次列出全部问题，每一条都写明在哪个元素、为什么、怎么改。错误不改正不能部署；提示可以部署，但多半不是本意。
规则编号不会改变。每条规则都有一份违反它的文件和改正后的文件，在 `tests/checks/`；本页由 `python -m tests.checks.page` 从中生成。
"""


def written() -> str:
    parts = [_HEAD]
    for chapter, fixtures in CHAPTERS.items():
        parts.append(f"## {chapter}\n\n| 规则 | 级别 | 含义 | 例子 |\n| --- | --- | --- | --- |")
        parts.append("\n".join(_line(fixture) for fixture in fixtures) + "\n")
    parts.append("## 最后一道\n")
    parts.append(
        "\n".join(f"`{rule}`（错误）：{sentence}" for rule, sentence in NET.items()) + "\n"
    )
    return "\n".join(parts)


def _line(fixture: Fixture) -> str:
    found = next(f for f in findings_of(fixture, fixture.failing) if f.rule == fixture.rule)
    level = "错误" if found.severity == "error" else "提示"
    cells = (f"`{fixture.rule}`", level, fixture.sentence, found.message)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
    print(f"written: {PAGE.name}")
