"""Characters as vector outlines: for what must be seen on a page but is no text of it (seal, watermark)."""

from functools import cache
from pathlib import Path
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from engine.errors import EngineError

_ASCENT, _DESCENT = 0.88, -0.12  #: of the em square of Chinese fonts


class OutlineMissing(EngineError):
    """印章字体中没有这个字"""

    code = "outline_missing"


@cache
def _font(path: Path) -> tuple[Any, dict[int, str], float]:
    font = TTFont(path, lazy=True)
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


def placed(character: str, font: Path, size: float, at: Transform, squeeze: float = 1.0) -> str:
    """SVG path data of one character of ``size``, its em square centred on the origin of ``at`` (y down)."""
    glyphs, names, em = _font(font)
    if ord(character) not in names:
        raise OutlineMissing(f"「{character}」")
    scale = size / em
    pen = SVGPathPen(glyphs, ntos=_short)
    placing = at.scale(scale * squeeze, -scale).translate(-em / 2, -em * (_ASCENT + _DESCENT) / 2)
    glyphs[names[ord(character)]].draw(TransformPen(pen, placing))
    return str(pen.getCommands())


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


@cache
def watermark(text: str, font: Path) -> str:
    """An A4 page as SVG with ``text`` across it in light grey; not text, so that no search meets it."""
    width, height = 210.0, 297.0
    size = min(52.0, 230.0 / max(1, len(text)))
    start = Transform().translate(width / 2, height / 2).rotate(-0.785)
    paths = " ".join(
        placed(one, font, size, start.translate((index - (len(text) - 1) / 2) * size * 1.25, 0))
        for index, one in enumerate(text)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}"><path d="{paths}" fill="#dedede"/></svg>'
    )
