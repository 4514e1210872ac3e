"""What changed between two versions of a document: its lines in pieces that went, came and stayed."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from engine.documents import layout
from engine.documents.document import Block, Document, texts

#: Lines more alike than this are one line that was changed, else one went and another came.
_ALIKE = 0.4
#: Characters that stayed between two changes are shown as changed too if there are fewer.
_ISLAND = 3
#: Characters of what stayed, shown at each side of a change.
_AROUND = 14
#: Beyond this many comparisons a line is shown as replaced whole.
_MOST = 4_000_000
#: Stand around new text while the page is made; both are private characters that no text keeps.
_BEGIN, _END = "\ue000", "\ue001"


@dataclass(frozen=True)
class Piece:
    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True)
class Change:
    """One line, as much of it as the change needs to be understood."""

    pieces: tuple[Piece, ...]


def between(old: Document, new: Document) -> list[Change]:
    """In the order of the new document."""
    pairs = _paired(list(texts(old)), list(texts(new)))
    return [Change(_shortened(_pieces(was, now))) for was, now in pairs if was != now]


def marked_html(old: Document, new: Document) -> str:
    """The new document as HTML (``layout.to_html``), what came since the old one in ``ins.inserted``."""
    flags = []
    for was, now in _paired(list(texts(old)), list(texts(new))):
        if now is not None:
            pieces = _pieces(was, now) if was != now else (Piece("same", now),)
            flags.append([p.kind == "new" for p in pieces if p.kind != "gone" for _ in p.text])
    html = layout.to_html(_Marker(flags).document(new))
    return html.replace(_BEGIN, '<ins class="inserted">').replace(_END, "</ins>")


# ---------------------------------------------------------------- lines


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """(before, after) of every line; None where it was not there before or is no longer."""
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(old[i:j], new[k:m], strict=True)
        else:
            yield from _replaced(list(old[i:j]), new[k:m])


def _replaced(old: list[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    for line in new:
        found = next((n for n, was in enumerate(old) if _alike(was, line)), None)
        if found is None:
            yield None, line
            continue
        yield from ((was, None) for was in old[:found])
        yield old[found], line
        del old[: found + 1]
    yield from ((was, None) for was in old)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).quick_ratio() > _ALIKE


# ---------------------------------------------------------------- pieces of a line


def _pieces(was: str | None, now: str | None) -> tuple[Piece, ...]:
    if was is None or now is None or len(was) * len(now) > _MOST:
        return tuple(_gone_and_new(was or "", now or ""))
    found: list[Piece] = []
    gone = new = ""
    for tag, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        is_edge = i == 0 or j == len(was)
        if tag == "equal" and (is_edge or j - i >= _ISLAND):
            found += [*_gone_and_new(gone, new), Piece("same", was[i:j])]
            gone = new = ""
        else:
            gone, new = gone + was[i:j], new + now[k:m]
    return (*found, *_gone_and_new(gone, new))


def _gone_and_new(gone: str, new: str) -> list[Piece]:
    return [p for p in (Piece("gone", gone), Piece("new", new)) if p.text]


def _shortened(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    last = len(pieces) - 1
    return tuple(
        _cut(piece, is_first=n == 0, is_last=n == last) if piece.kind == "same" else piece
        for n, piece in enumerate(pieces)
    )


def _cut(piece: Piece, *, is_first: bool, is_last: bool) -> Piece:
    text = piece.text
    if is_first and len(text) > _AROUND:
        text = "…" + text[-_AROUND:]
    elif is_last and len(text) > _AROUND:
        text = text[:_AROUND] + "…"
    elif len(text) > 2 * _AROUND:
        text = text[:_AROUND] + "…" + text[-_AROUND:]
    return Piece("same", text)


# ---------------------------------------------------------------- marks in the new text


class _Marker:
    """Puts the marks into a copy, in the order of ``document.texts``; each text takes the next line's flags."""

    def __init__(self, flags: Sequence[Sequence[bool]]) -> None:
        self.flags = iter(flags)

    def document(self, document: Document) -> Document:
        copy: Any = deepcopy(document)
        for name in ("court", "title", "number"):
            copy[name] = self.text(copy[name])
        self.blocks(copy["body"])
        self.people(copy["signatures"])
        copy["date"] = self.text(copy["date"])
        self.people(copy["clerks"])
        for annex in copy["annexes"]:
            annex["title"] = self.text(annex["title"])
            self.blocks(annex["body"])
        marked: Document = copy
        return marked

    def people(self, people: list[Any]) -> None:
        for person in people:
            person["role"], person["name"] = self.text(person["role"]), self.text(person["name"])

    def blocks(self, blocks: list[Block]) -> None:
        for block in blocks:
            if block["type"] == "heading":
                block["text"] = self.text(block["text"])
            elif block["type"] == "table":
                block["head"] = [self.text(cell) for cell in block["head"]]
                block["rows"] = [[self.text(cell) for cell in row] for row in block["rows"]]
            else:
                flags = next(self.flags)
                for run in block["runs"]:
                    length = len(run["text"])
                    run["text"], flags = _marked(run["text"], flags[:length]), flags[length:]

    def text(self, text: str) -> str:
        return _marked(text, next(self.flags))


def _marked(text: str, flags: Sequence[bool]) -> str:
    """Marks never cross the border of a run, so that the HTML stays well nested."""
    out, inside = [], False
    for character, is_new in zip(text, flags, strict=True):
        if is_new != inside:
            out.append(_BEGIN if is_new else _END)
            inside = is_new
        out.append("" if character in (_BEGIN, _END) else character)
    return "".join(out) + (_END if inside else "")
