"""A dossier to browse: many files as one, with catalogue, outline and page numbers.

A signature covers one file, so merging ends it: the pages are flattened copies in which seals stay
visible, and the catalogue says that the single originals are what is verified.
"""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
import typst

from engine.documents import fonts
from engine.errors import EngineError

_FOLDER = Path(__file__).parent
#: Of a page: whatever acts by itself or hangs on the file it came from.
_DROPPED = ("/AA", "/Annots", "/StructParents", "/Tabs", "/B")

Item = tuple[str, bytes]


class NothingToMerge(EngineError):
    """没有可以浏览的文书"""

    code = "nothing_to_merge"


class FileUnreadable(EngineError):
    """卷宗中的文件打不开，可能已损坏或设有密码"""

    code = "file_unreadable"


def dossier(
    items: Sequence[Item], *, catalogue: bool = True, faces: fonts.Fonts | None = None
) -> bytes:
    """One PDF of all files in their order. Raises NothingToMerge, FileUnreadable (with the title)."""
    if not items:
        raise NothingToMerge
    faces = faces or fonts.check()
    with pikepdf.new() as merged:
        starts = [_append(merged, title, pdf) for title, pdf in items]
        pages = len(merged.pages)
        _number(merged, pages, faces)
        before = _put_catalogue(merged, items, starts, pages, faces) if catalogue else 0
        _outline(merged, items, starts, before)
        out = io.BytesIO()
        merged.save(
            out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
        return out.getvalue()


def flattened(pdf: bytes) -> bytes:
    """A copy whose signatures have become pictures and which holds no script, form or attachment."""
    return dossier([("", pdf)], catalogue=False)


def _append(merged: Any, title: str, pdf: bytes) -> int:
    """Adds the pages; returns the index of the first."""
    start = len(merged.pages)
    try:
        with pikepdf.open(io.BytesIO(pdf)) as one:
            if "/AcroForm" in one.Root:
                one.generate_appearance_streams()
            one.flatten_annotations("screen")
            for page in one.pages:
                for name in _DROPPED:
                    if name in page.obj:
                        del page.obj[name]
            merged.pages.extend(one.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise FileUnreadable(f"「{title}」") from error
    return start


def _number(merged: Any, pages: int, faces: fonts.Fonts) -> None:
    with _set(faces, kind="numbers", first=1, count=pages) as numbers:
        for page, number in zip(merged.pages, numbers.pages, strict=True):
            page.add_overlay(number)


def _put_catalogue(
    merged: Any, items: Sequence[Item], starts: list[int], pages: int, faces: fonts.Fonts
) -> int:
    ends = [*starts[1:], pages]
    listed = [
        {"title": title, "pages": _range(start + 1, end)}
        for (title, _), start, end in zip(items, starts, ends, strict=True)
    ]
    with _set(faces, kind="catalogue", items=listed) as set_pages:
        for index, page in enumerate(set_pages.pages):
            merged.pages.insert(index, page)
        return len(set_pages.pages)


def _range(first: int, last: int) -> str:
    return str(first) if last <= first else f"{first}—{last}"


def _outline(merged: Any, items: Sequence[Item], starts: list[int], before: int) -> None:
    with merged.open_outline() as outline:
        if before:
            outline.root.append(pikepdf.OutlineItem("卷内目录", 0))
        outline.root.extend(
            pikepdf.OutlineItem(title or "文书", start + before)
            for (title, _), start in zip(items, starts, strict=True)
        )


def _set(faces: fonts.Fonts, **given: Any) -> Any:
    given |= {"faces": faces.faces, "safe": fonts.safe_characters() if faces.uses_fandol else "x"}
    compiler = typst.Compiler(
        str(_FOLDER / "catalogue.typ"),
        root=str(_FOLDER),
        font_paths=faces.loaded,
        sys_inputs={"given": json.dumps(given, ensure_ascii=False)},
    )
    pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_tags=False, timestamp=0)
    if warnings or not isinstance(pdf, bytes):
        raise fonts.FontsMissing("；".join(warning.message for warning in warnings))
    return pikepdf.open(io.BytesIO(pdf))
