"""Pictures that are put on a page: the round seal of a court, and images of handwriting.

A real seal comes from the court's seal authority as a file. The seal drawn here is for the software
keys and says 测试专用; in its centre stands a plain star, never the national emblem.
"""

import io
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pikepdf
import typst
from fontTools.misc.transform import Transform

from engine.documents import outlines
from engine.errors import EngineError

DIAMETER = 42.0  #: millimetres, of a basic court's seal
TEST_MARK = "测试专用"
_RED = "#d7000f"
_RING = 1.2
_HEIGHT = 6.0  #: of the characters on the arc, millimetres
_NARROWEST = 0.5  #: of their height


class PictureInvalid(EngineError):
    """印章或签名图片无法使用，请上传PNG、SVG或单页PDF文件"""

    code = "picture_invalid"


@dataclass(frozen=True)
class Picture:
    pdf: bytes  #: one page, of exactly this size
    width: float  #: millimetres
    height: float


@cache
def marked(court_name: str, font: Path, *, diameter: float = DIAMETER) -> Picture:
    """The seal that belongs to the software keys."""
    return picture(svg(court_name, font, lower=TEST_MARK, diameter=diameter), diameter, diameter)


def picture(data: bytes, width: float, height: float) -> Picture:
    """PNG, SVG or one-page PDF as a picture that multiplies with what is under it: words stay legible."""
    try:
        if data.startswith(b"%PDF-"):
            return Picture(_multiplied(data), width, height)
        kind = "png" if data.startswith(b"\x89PNG") else "svg"
        source = (
            f"#set page(width: {width}mm, height: {height}mm, margin: 0mm, fill: none)\n"
            f'#image(bytes(sys.inputs.image), format: "{kind}", width: {width}mm, '
            f'height: {height}mm, fit: "contain")'
        )
        if kind == "png":
            # sys.inputs hold text only.
            source = source.replace("bytes(sys.inputs.image)", f"bytes({_listed(data)})")
        # In this folder there is no picture that an SVG could reach for.
        compiler = typst.Compiler(root=str(Path(__file__).parent), ignore_system_fonts=True)
        drawn = compiler.compile(
            source.encode(),
            format="pdf",
            pdf_tags=False,
            timestamp=0,
            sys_inputs={"image": "" if kind == "png" else data.decode()},
        )
    except (typst.TypstError, UnicodeDecodeError, pikepdf.PdfError) as error:
        raise PictureInvalid from error
    if not isinstance(drawn, bytes):
        raise PictureInvalid
    return Picture(_multiplied(drawn), width, height)


def _listed(data: bytes) -> str:
    return "(" + ",".join(map(str, data)) + ",)"


def _multiplied(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        if len(opened.pages) != 1:
            raise PictureInvalid
        page = opened.pages[0]
        resources = page.obj.get("/Resources") or pikepdf.Dictionary()
        states = resources.get("/ExtGState") or pikepdf.Dictionary()
        states["/Multiply"] = opened.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Multiply)
        )
        resources["/ExtGState"] = states
        page.obj["/Resources"] = resources
        page.contents_coalesce()
        # One stream: pyHanko joins an array of them without a space in between.
        drawn = page.obj["/Contents"].read_bytes()
        page.obj["/Contents"] = opened.make_stream(b"q /Multiply gs q\n" + drawn + b"\nQ Q\n")
        out = io.BytesIO()
        opened.save(out, deterministic_id=True)
        return out.getvalue()


def svg(name: str, font: Path, *, lower: str = "", diameter: float = DIAMETER) -> bytes:
    """The seal as SVG with outlined characters: the name on the arc, a star, a straight lower line."""
    radius = diameter / 2
    scale = diameter / DIAMETER
    ring = (
        f'<circle r="{radius - _RING * scale / 2:.3f}" fill="none" stroke="{_RED}" '
        f'stroke-width="{_RING * scale:.3f}"/>'
        f'<polygon points="{_star(radius * 0.28, -0.06 * radius)}" fill="{_RED}"/>'
    )
    paths = _arc(name, font, radius, scale, wide=not lower)
    if lower:
        size = min(4.0 * scale, diameter * 0.45 / len(lower))
        for index, character in enumerate(lower):
            at = (index - (len(lower) - 1) / 2) * size * 1.12
            place = Transform().translate(at, radius * 0.42)
            paths.append(outlines.placed(character, font, size, place))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{diameter}mm" height="{diameter}mm" '
        f'viewBox="{-radius} {-radius} {diameter} {diameter}">{ring}'
        f'<path d="{" ".join(paths)}" fill="{_RED}"/></svg>'
    ).encode()


def _arc(name: str, font: Path, radius: float, scale: float, *, wide: bool) -> list[str]:
    """The name along the upper ring, each character narrowed so that no two meet at their feet."""
    gaps = max(1, len(name) - 1)
    height = _HEIGHT * scale
    middle = radius - _RING * scale - 0.9 * scale - height / 2
    # At most three quarters of the ring; a short name keeps a natural distance.
    span = min(math.radians(270 if wide else 226), gaps * height * 1.42 / middle)
    step = span / gaps
    narrow = min(1.0, step * (middle - height / 2) * 0.94 / height)
    if narrow < _NARROWEST:
        height *= narrow / _NARROWEST
        narrow = _NARROWEST
        middle = radius - _RING * scale - 0.9 * scale - height / 2
    paths = []
    for index, character in enumerate(name):
        angle = -math.pi / 2 + (index - (len(name) - 1) / 2) * step
        place = (
            Transform()
            .translate(middle * math.cos(angle), middle * math.sin(angle))
            .rotate(angle + math.pi / 2)
        )
        paths.append(outlines.placed(character, font, height, place, narrow))
    return paths


def _star(radius: float, down: float) -> str:
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for corner in range(10):
        reach = inner if corner % 2 else radius
        angle = -math.pi / 2 + corner * math.pi / 5
        points.append(f"{reach * math.cos(angle):.3f},{reach * math.sin(angle) + down:.3f}")
    return " ".join(points)
