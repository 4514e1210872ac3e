"""The fonts of the pages: where they are, whether they are whole, which face each part of a page takes.

Always there: Noto Serif SC (npm ``@expo-google-fonts/noto-serif-sc``, OFL-1.1), in the folder that
``FENDUAN_FONTS`` names, else where npm puts it. Used where found, never fetched: the court's own
licensed faces (方正小标宋, 仿宋_GB2312 …) in the same folders, and Fandol where the system has it.
"""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from engine.errors import EngineError

_ROOT = Path(__file__).parents[2]
DEFAULT = _ROOT / "node_modules/@expo-google-fonts/noto-serif-sc"

SERIF = "Noto Serif SC"
_WEIGHTS = frozenset((300, 400, 700))  #: of Noto Serif SC, that the layout sets
_FANDOL = tuple(
    Path("/usr/share") / folder
    for folder in (
        "texlive/texmf-dist/fonts/opentype/public/fandol",
        "texmf/fonts/opentype/public/fandol",
        "fonts/opentype/fandol",
        "fonts/fandol",
    )
)
#: Faces for each part of the page, best first. Noto Serif SC follows them all.
_WANTED = {
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05"),
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FandolFang R"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "FandolKai"),
    "heading": ("SimHei", "黑体", "FandolHei"),
}


class FontsMissing(EngineError):
    """文书字体不完整，不能生成文书，请重新运行安装步骤"""

    code = "fonts_missing"


@dataclass(frozen=True)
class Fonts:
    folders: tuple[Path, ...]
    loaded: Any  #: typst.Fonts
    faces: dict[str, list[dict[str, Any]]]  #: part of the page → families for typst, best first
    bold: Path  #: the file of Noto Serif SC Bold, for seals

    @property
    def has_fangsong(self) -> bool:
        """Whether the body is set in 仿宋; otherwise it is in 宋体."""
        return len(self.faces["body"]) > 1

    @property
    def uses_fandol(self) -> bool:
        return any(face.get("safe") for part in self.faces.values() for face in part)


def folders() -> tuple[Path, ...]:
    """``FENDUAN_FONTS`` (several separated as in PATH), else npm's folder."""
    given = os.environ.get("FENDUAN_FONTS")
    return tuple(Path(one) for one in given.split(os.pathsep)) if given else (DEFAULT,)


def check(folder: Path | None = None) -> Fonts:
    """The fonts of a folder, or FontsMissing: without them typst would write blank pages and not say so."""
    return _checked((folder,) if folder else folders())


@cache
def _checked(where: tuple[Path, ...]) -> Fonts:
    fandol = tuple(path for path in _FANDOL if path.is_dir())
    loaded: Any = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path) for path in (*where, *fandol) if path.is_dir()],
    )
    serif = {round(font.weight, -2): font.path for font in loaded.fonts() if font.family == SERIF}
    if not serif.keys() >= _WEIGHTS:
        places = "、".join(str(path) for path in where)
        raise FontsMissing(f"在{places}中没有找到{SERIF}的全部字重")
    present = set(loaded.families())
    return Fonts(where, loaded, {part: _faces(part, present) for part in _WANTED}, Path(serif[700]))


def _faces(part: str, present: set[str]) -> list[dict[str, Any]]:
    found = next((name for name in _WANTED[part] if name in present), None)
    if found is None:
        return [{"name": SERIF}]
    return [{"name": found, "safe": found.startswith("Fandol")}, {"name": SERIF}]


@cache
def safe_characters() -> str:
    """A regular expression for the characters that Fandol draws right.

    The 6,763 of GB 2312 and Chinese punctuation. Beyond them Fandol has wrong glyphs: ￥ as $,
    醜 as 丑, so that a party of that name would be printed as somebody else.
    """
    marks = "〇，。、；：？！（）〔〕《》〈〉【】「」『』"
    hanzi = [
        bytes((row, cell)).decode("gb2312")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
        if not (row == 0xD7 and cell > 0xF9)  # noqa: PLR2004  the five unused places of GB 2312
    ]
    return f"[{''.join(hanzi)}{marks}]"
